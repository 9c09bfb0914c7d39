//! What is read of real errors: each is provoked, and what the compiler says of it is read.

use std::process::Command;

use assert_fs::TempDir;
use pdd_hooks::proof::cause::{Cause, read};

use super::compiler::Compiled;

const SOURCE: &str = "
#![allow(unused)]
mod money {
    pub struct Money { pub amount: u8 }
    impl Money { pub fn new(amount: u8) -> Self { Self { amount } } pub fn add(&self, b: u8) -> u8 { b } fn hidden(&self) {} }
    pub enum Kind { A { x: u8 }, B }
    pub trait Shape { fn area(&self) -> u8; }
    pub struct Wrapped<T>(pub T);
    pub struct Secret { inner: u8 }
    fn private() {}
}
fn add(a: u8) -> u8 { a }
";

#[track_caller]
fn rust_names(test: &str, expected: &[&str]) {
    let compiled = Compiled::library("2024", &format!("{SOURCE}{test}"));
    assert!(!compiled.is_ok, "{test}");
    names(&compiled.said, expected);
}

#[track_caller]
fn names(said: &str, expected: &[&str]) {
    let expected = expected.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(read(said), Cause::Names(expected), "{said}");
}

#[track_caller]
fn in_body(statement: &str, expected: &[&str]) {
    rust_names(&format!("use money::*; fn t() {{ {statement} }}"), expected);
}

#[test]
fn names_that_are_missing_in_rust_are_read() {
    in_body("sub(1);", &["sub"]);
    in_body("money::sub(1);", &["sub"]);
    in_body("let _ = money::LIMIT;", &["LIMIT"]);
    in_body("let _: Nope;", &["Nope"]);
    in_body("Nope::new();", &["Nope"]);
    in_body("money::deep::f();", &["deep"]);
    in_body("nope!();", &["nope"]);
    in_body("let Nope(_) = 1;", &["Nope"]);
    in_body("let _ = Nope { a: 1 };", &["Nope"]);
    in_body("Kind::C;", &["C"]);
    in_body("Money::make(); Money::new(1).sub();", &["make", "sub"]);
    rust_names(
        "use money::{Money, Nope}; use money::deep::X;",
        &["money::Nope", "money::deep"],
    );
    rust_names("mod nofile;", &["nofile"]);
    rust_names("#[derive(Nope)] struct A;", &["Nope"]);
    rust_names("struct A; impl Nope for A {}", &["Nope"]);
    rust_names(
        "struct A; impl money::Shape for A { fn area(&self) -> u8 { 1 } fn sides(&self) {} }",
        &["sides"],
    );
    rust_names("struct A; impl money::Shape for A {}", &["area"]);
}

#[test]
fn fields_that_are_missing_or_new_in_rust_are_read() {
    in_body("Money::new(1).currency;", &["currency"]);
    in_body("let _ = Money { amount: 1, currency: 2 };", &["currency"]);
    in_body("let _ = Kind::A { x: 1, y: 2 };", &["y"]);
    in_body("let _ = Money {};", &["amount"]);
    in_body("let Money { amount, other } = Money::new(1);", &["other"]);
    in_body("let Money {} = Money::new(1);", &["amount"]);
}

#[test]
fn names_of_another_form_in_rust_are_read() {
    in_body("add(1, 2);", &["add"]);
    in_body("crate::add();", &["add"]);
    in_body("Money::new(1).add(1, 2, 3);", &["add"]);
    in_body("add(\"one\");", &["add"]);
    in_body("let _: Option<u8> = add(1);", &["add"]);
    in_body("assert_eq!(add(1), Some(2));", &["add"]);
    in_body("let _: Wrapped<u8, u8>;", &["Wrapped"]);
    in_body("let _ = Money(1);", &["Money"]);
    in_body("money::private();", &["private"]);
    in_body("Money::new(1).hidden();", &["hidden"]);
    in_body("|it: Secret| it.inner;", &["inner"]);
    rust_names(
        "struct A; impl money::Shape for A { fn area(&self, of: u8) -> u8 { 1 } }",
        &["area"],
    );
    rust_names(
        "struct A; impl money::Shape for A { fn area(&self) -> u16 { 1 } }",
        &["area"],
    );
}

#[test]
fn other_errors_of_rust_are_no_names() {
    for statement in [
        "let _ = ;",
        "let a = vec![1]; drop(a); drop(a);",
        "let _: u8 = \"a\";",
    ] {
        let text = format!("{SOURCE}use money::*; fn t() {{ {statement} }}");
        let compiled = Compiled::library("2024", &text);
        assert!(!compiled.is_ok, "{statement}");
        assert_eq!(read(&compiled.said), Cause::Other, "{}", compiled.said);
    }
}

#[test]
fn a_type_that_lacks_a_trait_is_named() {
    let text =
        format!("{SOURCE}use money::*; fn t() {{ assert_eq!(Money::new(1), Money::new(1)); }}");
    let compiled = Compiled::library("2024", &text);
    assert!(!compiled.is_ok);
    assert_eq!(
        read(&compiled.said),
        Cause::Names(vec!["money::Money".into()]),
        "{}",
        compiled.said
    );
}

/// Runs a program on `file` beside a module `money`, and returns what it says.
fn said(program: &str, module: (&str, &str), file: (&str, &str)) -> String {
    let temp = TempDir::new().unwrap();
    for (name, text) in [module, file] {
        std::fs::write(temp.path().join(name), text).unwrap();
    }
    let output = Command::new(program)
        .arg(file.0)
        .current_dir(&temp)
        .output()
        .unwrap();
    assert!(!output.status.success(), "{}", file.1);
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn names_that_python_misses_are_read() {
    let python = |text: &str| {
        let module = "def add(a): return a\nclass Money: pass\n";
        said("python3", ("money.py", module), ("test_money.py", text))
    };
    names(&python("from money import sub"), &["sub"]);
    names(&python("import money.deep"), &["money.deep"]);
    names(&python("import money\nmoney.sub()"), &["sub"]);
    names(&python("from money import Money\nMoney.make()"), &["make"]);
    names(
        &python("from money import Money\nMoney().make()"),
        &["make"],
    );
    names(&python("sub(1)"), &["sub"]);
    names(&python("from money import add\nadd(1, 2)"), &["add"]);
    names(&python("from money import add\nadd()"), &["add"]);
    names(&python("from money import add\nadd(b=1)"), &["b"]);
    assert_eq!(read(&python("def f(:")), Cause::Other);
    assert_eq!(
        read(&python("class Boom(BaseException): pass\nraise Boom('x')")),
        Cause::Other
    );
}

#[test]
fn names_that_node_misses_are_read() {
    let node = |text: &str| {
        let module = "export const add = (a) => a;";
        said("node", ("money.mjs", module), ("test.mjs", text))
    };
    names(&node("import { sub } from './money.mjs';"), &["sub"]);
    names(
        &node("import * as money from './money.mjs'; money.sub(1);"),
        &["sub"],
    );
    names(
        &node("import * as money from './money.mjs'; new money.Money();"),
        &["Money"],
    );
    names(&node("sub(1);"), &["sub"]);
    let Cause::Names(missing) = read(&node("import { sub } from './none.mjs';")) else {
        panic!("a module that is missing has a name");
    };
    assert!(
        missing.len() == 1 && missing[0].ends_with("/none.mjs"),
        "{missing:?}"
    );
    assert_eq!(read(&node("const = 1;")), Cause::Other);
}

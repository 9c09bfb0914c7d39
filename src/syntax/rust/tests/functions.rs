//! Functions, and the stubs that replace their bodies.

use super::super::super::Stub;
use super::read;

fn names(text: &str) -> Vec<String> {
    let functions = read(text).functions();
    functions.into_iter().map(|it| it.name).collect()
}

fn digest(text: &str) -> String {
    read(text).functions().remove(0).digest
}

fn stubbed(stub: Stub, text: &str) -> (String, Vec<String>) {
    let stubbed = read(text).stubbed(stub, &|_| true);
    (stubbed.text, stubbed.throwing)
}

#[test]
fn functions_are_named_by_module_and_type() {
    let text = "
        fn free() { fn inner() {} }
        mod x { pub async fn f() {} mod y { const fn g() {} } }
        impl Money { fn add(&self) {} fn sub(&self) {} }
        impl Display for crate::Money<'_, T> { fn fmt() {} }
        impl From<A> for Money { fn from() {} }
        impl From<B> for Money { fn from() {} }
        impl T for &[u8] { unsafe fn f() {} }
        trait Shape { fn area(&self); fn twice(&self) {} }
        extern \"C\" { fn foreign(); }
        extern \"C\" fn ours<T>() {}";
    assert_eq!(
        names(text),
        [
            "free",
            "x::f",
            "x::y::g",
            "Money::add",
            "Money::sub",
            "Money::fmt",
            "Money::from",
            "Money::from#2",
            "u8::f",
            "Shape::twice",
            "ours",
        ]
    );
}

#[test]
fn what_only_tests_have_and_what_macros_make_is_no_function() {
    let text = "
        #[cfg(test)] mod tests { fn helper() {} }
        #[cfg(test)] fn one() {}
        impl A { #[cfg(test)] fn two() {} }
        macro_rules! three { () => { fn three() {} } }
        make! { fn four() {} }
        #[cfg(any(test, feature = \"x\"))] fn five() {}
        #[cfg(not(test))] fn six() {}";
    assert_eq!(names(text), ["five", "six"]);
}

#[test]
fn a_function_reaches_from_its_attributes_to_its_brace() {
    let text = "// apart\n\n/// Says.\n#[inline]\npub fn f() -> u8 {\n    1\n}\n";
    let function = read(text).functions().remove(0);
    assert_eq!(
        &text[function.range],
        "/// Says.\n#[inline]\npub fn f() -> u8 {\n    1\n}"
    );
    assert_eq!(&text[function.body], "\n    1\n");
    assert_eq!(function.line, 5);
}

#[test]
fn attributes_are_part_of_what_a_function_says_and_comments_are_not() {
    let plain = digest("fn f(a: u8) { g(a) }");
    assert_eq!(
        plain,
        digest("/// Says.\nfn f(\n  a: u8,\n) { /* why */ g(a) }")
    );
    assert_ne!(plain, digest("#[inline] fn f(a: u8) { g(a) }"));
    assert_ne!(plain, digest("fn f(a: u16) { g(a) }"));
}

#[test]
fn a_stub_stands_before_the_body_and_after_its_attributes() {
    let text = "impl A { fn f(&self) -> impl Sized {\n #![allow(x)]\n 1 // one\n } }";
    let (thrown, _) = stubbed(Stub::Throw, text);
    assert_eq!(
        thrown,
        "impl A { fn f(&self) -> impl Sized {\n #![allow(x)] if true { panic!(\"pdd-hooks stub [A::f]\"); }\n 1 // one\n } }"
    );
}

#[test]
fn an_empty_body_returns_a_default() {
    let value = |kind: &str| {
        let text = format!("#[derive(Debug, Default)] struct D; struct N; fn f() -> {kind} {{}}");
        let (text, throwing) = stubbed(Stub::Empty, &text);
        let value = text
            .split("return ")
            .nth(1)
            .and_then(|it| it.split("; }").next());
        assert_eq!(value.is_none(), throwing == ["f"], "{kind}");
        value.map(str::to_owned)
    };
    for (kind, expected) in [
        ("()", "()"),
        ("bool", "false"),
        ("u64", "0"),
        ("f32", "0.0"),
        ("char", "'\\0'"),
        ("String", "Default::default()"),
        ("std::collections::HashMap<K, V>", "Default::default()"),
        ("&'static str", "\"\""),
        ("&[u8]", "&[]"),
        ("Option<N>", "None"),
        ("Result<(u8, String), N>", "Ok((0, Default::default(),))"),
        ("io::Result<()>", "Ok(())"),
        ("fmt::Result", "Ok(())"),
        ("[u8; 4]", "[0; 4]"),
        ("Box<D>", "Default::default()"),
        ("D", "Default::default()"),
    ] {
        assert_eq!(value(kind).as_deref(), Some(expected), "{kind}");
    }
    for kind in [
        "N",
        "T",
        "impl Sized",
        "!",
        "&u8",
        "Box<dyn A>",
        "Result<N, D>",
        "[String; 2]",
        "Self",
    ] {
        assert_eq!(value(kind), None, "{kind}");
    }
    assert_eq!(
        stubbed(Stub::Empty, "fn f() {}").0,
        "fn f() { if true { return; }}"
    );
}

#[test]
fn self_has_the_default_of_its_type() {
    let of = |derive: &str| {
        stubbed(
            Stub::Empty,
            &format!("{derive} struct A; impl A {{ fn new() -> Self {{ A }} }}"),
        )
        .1
    };
    assert_eq!(of("#[derive(Default)]"), [""; 0]);
    assert_eq!(of(""), ["A::new"]);
    let by_hand = "struct A; impl Default for A { fn default() -> Self { A } }";
    assert_eq!(stubbed(Stub::Empty, by_hand).1, ["A::default"]);
}

#[test]
fn a_method_that_returns_its_receiver_does_so_empty() {
    let of = |signature: &str| {
        let text = format!("impl A {{ fn f({signature} {{ g() }} }}");
        stubbed(Stub::Empty, &text).0.contains("return self;")
    };
    assert!(of("&mut self, a: u8) -> &mut Self"));
    assert!(of("mut self) -> Self"));
    assert!(!of("&self) -> Self"));
    assert!(!of("a: u8) -> Self"));
}

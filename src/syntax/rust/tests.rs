//! What is read of Rust text, on text alone; whether stubs compile is asked of the compiler elsewhere.

use proptest::prelude::*;

use super::super::{Language, Mark, Source, Stub, Test};

fn read(text: &str) -> Source<'_> {
    Source::parse(Language::Rust, text).expect("the grammar is there")
}

fn names(text: &str) -> Vec<String> {
    let functions = read(text).functions();
    functions.into_iter().map(|it| it.name).collect()
}

fn digest(text: &str) -> String {
    read(text).functions().remove(0).digest
}

fn only_test(text: &str) -> Test {
    let mut tests = read(text).tests();
    assert_eq!(tests.len(), 1, "{text}");
    tests.remove(0)
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
fn tests_are_found_by_their_attribute() {
    let text = "
        #[cfg(test)] mod tests { mod deep { #[test] fn adds() {} } #[tokio::test(flavor = \"x\")] async fn waits() {} fn helper() {} }
        #[test] fn outer() {}
        #[rstest] fn plain() {}
        #[rstest] #[case(1)] #[case(2)] fn cases(#[case] n: u8) {}
        #[test_case(1; \"one\")] fn named(n: u8) {}";
    let tests = read(text).tests();
    let found: Vec<(String, bool)> = tests
        .iter()
        .map(|it| (it.path.join("::"), it.is_exact))
        .collect();
    let expected = [
        ("tests::deep::adds", true),
        ("tests::waits", true),
        ("outer", true),
        ("plain", true),
        ("cases", false),
        ("named", false),
    ];
    assert_eq!(
        found,
        expected.map(|(path, exact)| (path.to_owned(), exact))
    );
}

#[test]
fn tests_are_found_in_the_tokens_of_a_macro() {
    let text = "mod m { proptest! {\n #![config(x)]\n /// Says.\n #[test]\n fn adds(a in 0..9) { prop_assert!(a < 9); }\n fn helper() {}\n #[test] #[ignore] fn other(b: u8) {} } }";
    let tests = read(text).tests();
    assert_eq!(tests.len(), 2);
    assert_eq!(tests[0].path, ["m", "adds"]);
    assert_eq!(
        (tests[0].line, tests[0].assertions, tests[0].mark),
        (5, 1, Mark::None)
    );
    assert_eq!(
        (tests[1].path.join("::"), tests[1].mark),
        ("m::other".into(), Mark::Skipped)
    );
}

#[test]
fn a_test_says_the_same_under_another_name() {
    let one = only_test("#[test]\nfn a() { assert!(f()); }");
    let moved = only_test("mod x {\n  #[test] fn b() {\n // why\n assert!( f() ); } }");
    let other = only_test("#[test]\nfn a() { assert!(g()); }");
    assert_eq!(one.digest, moved.digest);
    assert_ne!(one.digest, other.digest);
}

#[test]
fn marks_and_panics_are_read_from_attributes() {
    let mark = |attribute: &str| only_test(&format!("#[test] {attribute} fn a() {{}}")).mark;
    assert_eq!(mark(""), Mark::None);
    assert_eq!(mark("#[ignore]"), Mark::Skipped);
    assert_eq!(mark("#[ignore = \"slow\"]"), Mark::Skipped);
    assert_eq!(mark("#[cfg_attr(windows, ignore)]"), Mark::Skipped);
    assert_eq!(mark("#[cfg_attr(miri, ignore)]"), Mark::None);
    let throws =
        |attribute: &str| only_test(&format!("#[test] {attribute} fn a() {{}}")).expects_throw;
    assert!(throws("#[should_panic]"));
    assert!(!throws("#[should_panic(expected = \"x\")]"));
    assert!(!throws(""));
}

#[test]
fn assertions_are_counted_in_code_and_in_tokens() {
    let count = |body: &str| only_test(&format!("#[test] fn a() {{ {body} }}")).assertions;
    assert_eq!(
        count("assert_eq!(a, b); insta::assert_snapshot!(x); assert2::check!(x);"),
        3
    );
    assert_eq!(
        count("check_money(&a); support::assert_money(a); a.expect_err(\"x\"); b.unwrap_err();"),
        4
    );
    assert_eq!(count("select! { a => assert!(b) }"), 1);
    assert_eq!(
        count("a.unwrap(); b.expect(\"x\"); f()?; fn check() {} // assert!(x)\n"),
        0
    );
}

#[test]
fn test_items_are_those_under_exactly_that() {
    let text = "
        /// Says.
        #[cfg(test)]
        #[path = \"x.rs\"] mod a;
        #[cfg(test)] mod tests { #[cfg(test)] fn inner() {} }
        #[cfg(any(test, x))] mod b {}
        #[cfg(not(test))] mod c {}
        #[cfg(test)] use d;
        mod e { impl F { #[cfg(test)] const G: u8 = 1; } }";
    let source = read(text);
    let items: Vec<&str> = source
        .test_items()
        .into_iter()
        .map(|range| text[range].trim())
        .collect();
    assert_eq!(items.len(), 4);
    assert!(items[0].starts_with("/// Says.") && items[0].ends_with("mod a;"));
    assert!(items[1].ends_with("{ #[cfg(test)] fn inner() {} }"));
    assert_eq!(
        items[2..],
        ["#[cfg(test)] use d;", "#[cfg(test)] const G: u8 = 1;"]
    );
    let whole = read("#![cfg(test)] fn f() {}").test_items();
    assert_eq!(whole.first(), Some(&(0..23)));
}

#[test]
fn definitions_are_the_names_that_others_may_use() {
    let text = "
        mod a; mod b { fn f() { fn hidden() {} } } struct S { x: u8 } enum E { V, W { y: u8 } } trait T { type U; const C: u8; fn g(); }
        type A = u8; static Z: u8 = 1; macro_rules! m { () => {} } pub use q::{r, s as t}; use unseen; extern \"C\" { fn h(); }
        #[cfg(test)] mod tests {}";
    let names: Vec<String> = read(text).definitions().into_iter().collect();
    let expected = "A C E S T U V W Z a b f g h m r t x y";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn imports_are_flattened() {
    let text = "use a::{b::{self, c as d}, *, /* why */ e}; mod x; mod y { use super::z; } #[path = \"p.rs\"] mod w; extern crate q; fn f() { use ::g::h; }";
    let expected = "a::b a::b::c a::* a::e self::x super::z p.rs q ::g::h";
    assert_eq!(read(text).imports().join(" "), expected);
}

#[test]
fn what_is_outside_changes_only_with_what_no_stub_reaches() {
    let outside = |text: &str| read(text).outside();
    let base = outside("struct A { x: u8 } impl A { const C: u8 = 1; }");
    for same in [
        "use b; mod c; struct A { x: u8 } impl A { const C: u8 = 1; }",
        "/// Says.\nstruct A {\n x: u8,\n }\nimpl A { const C: u8 = 1; }\n fn f() {}",
        "struct A { x: u8 } impl A { const C: u8 = 1; } impl D for A { #[inline] fn e() {} } #[cfg(test)] mod tests { const D: u8 = 1; }",
    ] {
        assert_eq!(outside(same), base, "{same}");
    }
    for other in [
        "struct A { x: u16 } impl A { const C: u8 = 1; }",
        "struct A { x: u8 } impl A { const C: u8 = 2; }",
        "#![no_std] struct A { x: u8 } impl A { const C: u8 = 1; }",
        "#[derive(Debug)] struct A { x: u8 } impl A { const C: u8 = 1; }",
        "struct A { x: u8 } impl A { const C: u8 = 1; } impl Marker for A {}",
        "struct A { x: u8 } impl A { const C: u8 = 1; } make!(b);",
        "struct A { x: u8 } impl A { const C: u8 = 1; } mod n { static X: u8 = 1; }",
    ] {
        assert_ne!(outside(other), base, "{other}");
    }
    let of_trait = |body: &str| outside(&format!("trait T {{ fn a(); {body} }}"));
    assert_eq!(of_trait(""), of_trait("#[inline] fn b() {}"));
    assert_ne!(of_trait(""), of_trait("fn b();"));
}

#[test]
fn a_constant_beside_functions_is_outside() {
    let of =
        |value: u8| read(&format!("impl A {{ fn f() {{}} const C: u8 = {value}; }}")).outside();
    assert_ne!(of(1), of(2));
}

#[test]
fn nesting_of_any_depth_is_survived() {
    for (open, close) in [
        ("mod a { ", " }"),
        ("fn f() { ", " }"),
        ("(", ")"),
        ("impl A { ", "}"),
        ("use a::{", "};"),
    ] {
        read_all(&format!("{}{}", open.repeat(3_000), close.repeat(3_000)));
    }
    let kind = format!(
        "fn f() -> {}u8{} {{}}",
        "Option<".repeat(3_000),
        ">".repeat(3_000)
    );
    read_all(&kind);
}

/// Asks everything of a text, and holds a stubbed one against it.
fn read_all(text: &str) {
    let source = read(text);
    let (tests, items) = (source.tests(), source.test_items());
    let ranges = tests.into_iter().map(|it| it.range).chain(items);
    assert!(ranges.into_iter().all(|range| text.get(range).is_some()));
    let _ = (source.definitions(), source.imports(), source.outside());
    for stub in [Stub::Throw, Stub::Empty] {
        let stubbed = source.stubbed(stub, &|_| true).text;
        let mut rest = stubbed.as_str();
        let mut at = 0;
        for function in source.functions() {
            let kept = &text[at..function.body.start];
            rest = rest.strip_prefix(kept).expect("what is not a body stays");
            let added = rest.find(" }").expect("a stub ends") + 2;
            rest = &rest[added..];
            at = function.body.start;
        }
        assert_eq!(rest, &text[at..]);
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,60}") {
        read_all(&text);
    }

    #[test]
    fn any_row_of_tokens_is_read(tokens in prop::collection::vec(prop::sample::select(vec![
        "fn", "f", "(", ")", "{", "}", "->", "impl", "A", "for", "mod", "#[cfg(test)]", "#[test]", "use", "::", "<", ">",
        "Result", "Self", ";", "//!x\n", "\n", "#![a]", "const", "async", "trait", "[", "]", ",", "u8", "é", "m!", "\"",
    ]), 0..40)) {
        read_all(&tokens.join(" "));
    }
}

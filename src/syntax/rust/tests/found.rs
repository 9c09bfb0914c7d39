//! Tests that are found in a text.

use super::super::super::{Mark, Test};
use super::read;

fn only_test(text: &str) -> Test {
    let mut tests = read(text).tests();
    assert_eq!(tests.len(), 1, "{text}");
    tests.remove(0)
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

//! The test items of one text in another.

use super::read;

/// The text of one with the test items of the other, without layout; and the items left out.
fn join(source: &str, tests: &str) -> (String, Vec<String>) {
    let (source, other) = (read(source), read(tests));
    let joined = source.joined(&other);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let left_out = joined.left_out.into_iter();
    (
        words(&joined.text),
        left_out.map(|range| words(&tests[range])).collect(),
    )
}

#[test]
fn an_item_at_the_top_takes_the_place_of_the_one_that_was_there() {
    let old = "#[cfg(test)] mod tests { fn a() {} } fn f() {}";
    let new = "fn g() {} #[cfg(test)] mod tests { fn b() {} }";
    let joined = "fn f() {} #[cfg(test)] mod tests { fn b() {} }";
    assert_eq!(join(old, new), (joined.to_owned(), vec![]));
}

#[test]
fn an_item_within_others_goes_where_it_stood() {
    for (old, new, joined) in [
        (
            "mod a { mod b { fn f() {} } } fn g() {}",
            "mod a { mod b { fn h() {} #[cfg(test)] mod tests {} } }",
            "mod a { mod b { fn f() {} #[cfg(test)] mod tests {} } } fn g() {}",
        ),
        (
            "impl<T> A<T> { fn f() {} } impl B for A { fn g() {} }",
            "impl B for A { fn g() {} }\npub impl<T>\nA<T> { #[cfg(test)] fn raw(&self) {} fn f() {} }",
            "impl<T> A<T> { fn f() {} #[cfg(test)] fn raw(&self) {} } impl B for A { fn g() {} }",
        ),
        (
            "pub(crate) mod a { #[cfg(test)] mod tests { fn a() {} } #[cfg(test)] mod more {} }",
            "mod a { #[cfg(test)] mod tests { fn b() {} } #[cfg(test)] mod others {} }",
            "pub(crate) mod a { #[cfg(test)] mod tests { fn b() {} } #[cfg(test)] mod others {} }",
        ),
        (
            "#[cfg(unix)] mod a { fn f() {} } #[cfg(windows)] mod a { fn g() {} }",
            "#[cfg(windows)] mod a { #[cfg(test)] mod tests {} }",
            "#[cfg(unix)] mod a { fn f() {} } #[cfg(windows)] mod a { fn g() {} #[cfg(test)] mod tests {} }",
        ),
    ] {
        assert_eq!(join(old, new), (joined.to_owned(), vec![]), "{new}");
    }
}

#[test]
fn an_item_whose_container_is_missing_is_left_out() {
    let (text, left_out) = join(
        "mod a { fn f() {} } mod c; #[cfg(test)] mod d {}",
        "mod b { #[cfg(test)] mod tests {} } mod c { #[cfg(test)] fn g() {} } mod d { #[cfg(test)] fn h() {} }",
    );
    assert_eq!(text, "mod a { fn f() {} } mod c;");
    assert_eq!(
        left_out,
        [
            "#[cfg(test)] mod tests {}",
            "#[cfg(test)] fn g() {}",
            "#[cfg(test)] fn h() {}"
        ]
    );
}

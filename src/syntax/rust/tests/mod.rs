//! What is read of Rust text, on text alone; whether stubs compile is asked of the compiler elsewhere.

mod found;
mod functions;
mod joined;
mod names;

use proptest::prelude::*;

use super::super::{Language, Source, Stub};

fn read(text: &str) -> Source<'_> {
    Source::parse(Language::Rust, text).expect("the grammar is there")
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
    assert!(source.joined(&source).left_out.is_empty());
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

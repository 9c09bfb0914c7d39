//! What holds for any text at all, that of broken files and hostile ones included.

use proptest::prelude::*;

use super::{Language, Source, Stub};

const LANGUAGES: [Language; 4] = [
    Language::JavaScript,
    Language::Python,
    Language::TypeScript,
    Language::Tsx,
];

const PIECES: [&str; 56] = [
    "def f",
    "async ",
    "(",
    ")",
    ":",
    "\n",
    "\r\n",
    "    ",
    "\t",
    "lambda a",
    "yield",
    "return 1",
    "'",
    "\"\"\"",
    "é",
    "{",
    "}",
    "=>",
    "class A",
    "const f",
    " = ",
    "it('a', ",
    "describe(`b${c}`, ",
    "`",
    "${",
    "function",
    "*",
    "f",
    "[",
    "]",
    ",",
    ";",
    "@d",
    "export default ",
    "exports.g",
    ".",
    "pass",
    "if a",
    "else",
    "import b",
    "/*",
    "*/",
    "//",
    "#",
    "<p>",
    "</p>",
    "super()",
    "constructor",
    "extends B",
    "get ",
    "static ",
    "pytest.skip()",
    "assert ",
    "namespace N",
    "require('a')",
    "\\",
];

/// Looks at all that is read of a text, and compares what stands between the bodies before and after.
fn holds(language: Language, text: &str) {
    let source = Source::parse(language, text).expect("the grammar is there");
    let functions = source.functions();
    for test in source.tests() {
        assert!(text.get(test.range).is_some(), "{text:?}");
    }
    for name in source.definitions() {
        assert!(!name.is_empty(), "{text:?}");
    }
    source.imports();
    source.outside();
    let mut kept = Vec::new();
    let mut at = 0;
    for function in &functions {
        let body = &function.body;
        assert!(function.range.start <= body.start && body.end <= function.range.end);
        assert!(at <= body.start, "{text:?}");
        kept.push(&text[at..body.start]);
        at = body.end;
    }
    let last = &text[at..];
    for stub in [Stub::Throw, Stub::Empty] {
        let stubbed = source.stubbed(stub, &|_| true);
        assert_eq!(stubbed.replaced.len(), functions.len());
        let mut rest = &stubbed.text[..];
        for (at, piece) in kept.iter().enumerate() {
            let found = rest.find(piece).expect("what stands before a body is kept");
            assert!(at > 0 || found == 0, "{text:?}");
            rest = &rest[found + piece.len()..];
        }
        assert!(rest.ends_with(last), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        for language in LANGUAGES {
            holds(language, &text);
        }
    }

    #[test]
    fn pieces_of_programs_in_any_order_are_read(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        for language in LANGUAGES {
            holds(language, &pieces.concat());
        }
    }
}

#[test]
fn a_text_of_any_depth_is_read() {
    let deep = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{ a: ", "1", " }"),
        ("x(() => ", "1", ")"),
        ("describe('a', () => { ", "", " });"),
        ("class A { static { ", "", " } }"),
        ("-", "1", ""),
        ("a.", "b", ""),
        ("if (a) ", "b", ""),
        ("lambda: ", "1", ""),
    ];
    for (open, inner, close) in deep {
        let text = format!("{}{inner}{}", open.repeat(800), close.repeat(800));
        for language in LANGUAGES {
            holds(language, &text);
            holds(language, &format!("f = {text}"));
        }
    }
}

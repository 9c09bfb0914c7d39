//! The chains of each language, read from text.

use super::*;
use proptest::prelude::*;

/// The chains of a text as `line text depth`, those of at least `least` names.
fn said(language: Language, text: &str, least: usize) -> Vec<String> {
    let source = Source::parse(language, text).unwrap();
    let chains = source.chains().into_iter();
    let deep = chains.filter(|chain| chain.names.len() >= least);
    deep.map(|chain| {
        let (first, last) = (chain.lines.start(), chain.lines.end());
        let lines = match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        };
        format!("{lines} {} {}", chain.text, chain.names.len())
    })
    .collect()
}

fn none(language: Language, text: &str) {
    assert_eq!(said(language, text, 4), [""; 0], "{text}");
}

fn found(language: Language, text: &str, expected: &[&str]) {
    assert_eq!(said(language, text, 4), expected, "{text}");
}

const LANGUAGES: [Language; 5] = [
    Language::JavaScript,
    Language::Python,
    Language::Rust,
    Language::TypeScript,
    Language::Tsx,
];

/// What all of them write alike.
fn everywhere(text: &str, expected: &[&str]) {
    for language in LANGUAGES {
        let text = match language {
            Language::Rust => format!("fn f() {{ {text}; }}"),
            _ => text.to_owned(),
        };
        found(language, &text, expected);
    }
}

#[test]
fn names_are_counted_in_every_language() {
    assert_eq!(said(Language::Python, "x = a.b.c", 2), ["1 a.b.c 3"]);
    everywhere("x = a.b.c", &[]);
    everywhere("x = a.b.c.d", &["1 a.b.c.d 4"]);
    everywhere("a.b.c.d.e = x", &["1 a.b.c.d.e 5"]);
    everywhere("f(a.b.c.d, [e.f.g.h])", &["1 a.b.c.d 4", "1 e.f.g.h 4"]);
}

#[test]
fn what_is_called_does_not_count_and_a_call_begins_anew() {
    everywhere("a.b.c.d()", &[]);
    everywhere("a.b.c.d.e()", &["1 a.b.c.d 4"]);
    everywhere("a.f().g().h().i().j(k)", &[]);
    everywhere("a.b().c.d", &[]);
    everywhere("a.b().c.d.e", &["1 a.b().c.d.e 4"]);
    everywhere(
        "a.b.c.d.e().f.g.h",
        &["1 a.b.c.d.e().f.g.h 4", "1 a.b.c.d 4"],
    );
}

#[test]
fn numbers_and_parentheses_lead_on() {
    everywhere("x = a.b[0].c.d", &["1 a.b[0].c.d 4"]);
    everywhere("x = (a.b.c).d", &["1 a.b.c.d 4"]);
    everywhere("x = a[b.c.d.e][1][2].f", &["1 b.c.d.e 4"]);
    let long = format!("x = a[{}].b.c.d", "1 + ".repeat(20) + "1");
    everywhere(&long, &["1 a[…].b.c.d 4"]);
}

#[test]
fn a_chain_over_several_lines_has_all_of_them() {
    everywhere("x = (a\n  .b.c\n  .d)", &["1-3 a.b.c.d 4"]);
    // What it begins with has lines of its own.
    everywhere("x = f(\n1,\n2).a.b.c", &["3 ….a.b.c 4"]);
}

#[test]
fn python_leaves_imports_types_and_what_a_class_is_made_of_alone() {
    for text in [
        "import a.b.c.d\nfrom a.b.c.d import e",
        "import a.b.c.d\nx = a.b.c.d.e.f\ny = a.b.c.d.e.f.g()",
        "def f(x: a.b.c.d, *y: list[a.b.c.d]) -> a.b.c.d: pass",
        "x: a.b.c.d = 1",
        "@a.b.c.d\ndef f(): pass",
        "@a.b.c.d.e(1)\nclass A(a.b.c.d): pass",
        "match x:\n  case a.b.c.d: pass",
        "x = 'a.b.c.d' # a.b.c.d",
        "x = a['b']['c']['d']",
    ] {
        none(Language::Python, text);
    }
}

#[test]
fn python_is_read_wherever_an_expression_stands() {
    let python = |text, expected: &[&str]| found(Language::Python, text, expected);
    python("x = f'{a.b.c.d}'", &["1 a.b.c.d 4"]);
    python("@f(a.b.c.d)\nclass A(metaclass=x): pass", &["1 a.b.c.d 4"]);
    python("def f(x=a.b.c.d): pass", &["1 a.b.c.d 4"]);
    python("x = (await a.b.c).d.e", &[]);
    python("x = (await a.b.c).d.e.f", &["1 await a.b.c.d.e.f 4"]);
    python("import a.b\nx = a.b.c.d.e", &["2 a.b.c.d.e 4"]);
    python("import a.b\nx = a.c.d.e", &["2 a.c.d.e 4"]);
    python("del self.a.b.c", &["1 self.a.b.c 4"]);
}

#[test]
fn javascript_leaves_types_elements_and_optional_steps_alone() {
    for text in [
        "import { a } from 'a.b.c.d'; // a.b.c.d",
        "x = order?.customer?.account?.subscription?.status ?? 'INACTIVE'",
        "x = a.b.c?.d.e",
        "x = a?.b.c.d?.e",
        "x = a.b.c?.d()",
        "class A extends a.b.c.d {}",
        "new a.b.c.D()",
        "`a.b.c.d`",
    ] {
        for language in [Language::JavaScript, Language::TypeScript, Language::Tsx] {
            none(language, text);
        }
    }
    for text in ["x = <a.b.c.d e={1}></a.b.c.d>", "x = <a.b.c.d />"] {
        none(Language::JavaScript, text);
        none(Language::Tsx, text);
    }
    for text in [
        "let x: a.b.c.d = f<a.b.c.D>()",
        "type A = typeof a.b.c.d",
        "interface A extends a.b.c.d { e: f.g.h.i }",
        "class A implements a.b.c.d {}",
        "import x = a.b.c.d",
        "@a.b.c.d() class A {}",
    ] {
        none(Language::TypeScript, text);
    }
}

#[test]
fn javascript_is_read_wherever_an_expression_stands() {
    for language in [Language::JavaScript, Language::TypeScript, Language::Tsx] {
        let found = |text, expected: &[&str]| found(language, text, expected);
        found("x = this.a.b.c", &["1 this.a.b.c 4"]);
        found("x = this.#a.b.c", &["1 this.#a.b.c 4"]);
        found("x = `${a.b.c.d}`", &["1 a.b.c.d 4"]);
        found("x = a?.b.c.d.e", &["1 …?.b.c.d.e 4"]);
        found("x = a.b.c.d?.e", &["1 a.b.c.d 4"]);
        found("x = import.meta.env.MODE", &[]);
        found("class A extends f(a.b.c.d) {}", &["1 a.b.c.d 4"]);
    }
    let typescript = |text| said(Language::TypeScript, text, 4);
    assert_eq!(typescript("x = a!.b!.c!.d"), ["1 a.b.c.d 4"]);
    assert_eq!(typescript("x = (a.b.c as D).e"), ["1 a.b.c.e 4"]);
    let element = "x = <p a={a.b.c.d}>{e.f.g.h}</p>";
    let expected = ["1 a.b.c.d 4", "1 e.f.g.h 4"];
    assert_eq!(said(Language::Tsx, element, 4), expected);
}

#[test]
fn rust_counts_fields_and_neither_paths_nor_macros_nor_attributes() {
    for text in [
        "use a::b::c::d; fn f() { a::b::c::d(); a::b::C::D }",
        "fn f(x: a::b::c::D) -> a::b::c::D { x.0.1.2.3 }",
        "#[a(b.c.d.e)] fn f() { a::b::c::d!(x) }",
        "macro_rules! m { ($a:expr) => { $a.b.c.d.e.f } }",
        "fn f() { self.a.b.iter().map(|x| x.y.z).collect::<Vec<_>>() }",
        "fn f() { a.b.c.parse::<u8>() }",
        "fn f() { a.b?.c?.d.e }",
        "#[cfg(test)] mod tests { fn f() { a.b.c.d } }",
    ] {
        none(Language::Rust, text);
    }
    let rust = |text, expected: &[&str]| found(Language::Rust, text, expected);
    rust("fn f() { &self.a.b.c }", &["1 self.a.b.c 4"]);
    rust("fn f() { self.0.a.b.c }", &["1 self.0.a.b.c 4"]);
    rust("fn f() { (*(&a.b)).c.d }", &["1 a.b.c.d 4"]);
    rust("fn f() { a::b::C.d.e.f }", &["1 a::b::C.d.e.f 4"]);
    rust("fn f() { a.b?.c.d.e }", &["1 a.b?.c.d.e 4"]);
    rust("fn f() { a.b.await.c.d.e }", &["1 a.b.await.c.d.e 4"]);
}

#[test]
fn rust_is_read_within_macros() {
    for text in [
        "fn f() { println!(\"{}\", a.b.c.iter()) }",
        "fn f() { vec![a.b, c.d, e::f::g::h, 1..2, i.j.k.l(), m.n.o.p::<Q>()] }",
        "fn f() { x!(a.b()?.c.d, a.b.c.await.e) }",
    ] {
        none(Language::Rust, text);
    }
    let rust = |text, expected: &[&str]| found(Language::Rust, text, expected);
    rust("fn f() { x!(\"\", self.a.b.c) }", &["1 self.a.b.c 4"]);
    rust(
        "fn f() { x!(y(a.b[0].c.d), e::f.g.0.h.i) }",
        &["1 a.b[0].c.d 4", "1 e::f.g.0.h.i 4"],
    );
    rust("fn f() { x!(a.b(1).c.d.e == 1) }", &["1 ….c.d.e 4"]);
    rust("fn f() { x!(a.b?.c.d.e) }", &["1 …?.c.d.e 4"]);
}

#[test]
fn go_is_left_alone() {
    none(Language::Go, "package a\nfunc f() { a.b.c.d = 1 }");
}

#[test]
fn a_chain_of_any_length_is_read_and_cut_short() {
    for language in LANGUAGES {
        let text = format!("{}b", "a.".repeat(20_000));
        let text = match language {
            Language::Rust => format!("fn f() {{ {text} }} fn g() {{ x!({text}) }}"),
            _ => text,
        };
        let source = Source::parse(language, &text).unwrap();
        let chains = source.chains();
        assert!(!chains.is_empty());
        for chain in chains {
            assert_eq!(chain.names.len(), 20_001);
            assert_eq!(chain.text.chars().count(), LONGEST + 1);
        }
    }
}

const PIECES: [&str; 40] = [
    "a", ".", "b.c", "?.", "?", "!", "(", ")", "[", "]", "{", "}", "0", ".1", "::", "<", ">", "é",
    "\n", "'", "\"", "`", "${", "fn f() ", "def f():", "x!(", "#[", "@", "class A", "import ",
    "await ", "self", "this", "new ", " as ", "*", "&", ",", ";", ":",
];

fn holds(text: &str) {
    let lines = u32::try_from(text.split('\n').count()).unwrap();
    for language in LANGUAGES {
        let source = Source::parse(language, text).unwrap();
        for chain in source.chains() {
            assert!(chain.names.len() > 1, "{text:?}");
            assert!(
                *chain.lines.start() >= 1 && *chain.lines.end() <= lines,
                "{text:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn pieces_of_programs_in_any_order_are_read(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        holds(&pieces.concat());
    }
}

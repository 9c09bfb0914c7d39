//! Stubs: a text in which the bodies of some functions are replaced, by text edits alone (PROOF.md, section 7).

use super::{Function, Language, Source, go, javascript, python, rust};

/// What stands in the place of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stub {
    /// A throw: it shows whether a test calls the function at all.
    Throw,
    /// Nothing, or the zero value: it shows whether a test looks at what comes of the call.
    Empty,
}

/// What every throw says, followed by the function's name and a closing bracket: `pdd-hooks stub [Money.add]`. It is
/// looked for in what a failed test says, to tell which functions it reached.
pub const MARKER: &str = "pdd-hooks stub [";

/// A text with stubs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stubbed {
    /// The text.
    pub text: String,
    /// The names of the functions whose bodies were replaced.
    pub replaced: Vec<String>,
    /// The names of those for which no empty body is known, and which throw in its place: there the throwing stub alone
    /// decides.
    pub throwing: Vec<String>,
}

/// One body and what takes its place; `None` where the language has no empty body for it.
pub(super) struct Edit {
    pub(super) function: Function,
    pub(super) throw: String,
    pub(super) empty: Option<String>,
}

pub(super) fn apply(
    source: &Source<'_>,
    stub: Stub,
    tag: &str,
    which: &dyn Fn(&Function) -> bool,
) -> Stubbed {
    let edits = match source.language() {
        Language::Python => python::edits(source),
        Language::JavaScript | Language::TypeScript | Language::Tsx => javascript::edits(source),
        Language::Rust => rust::edits(source),
        Language::Go => go::edits(source),
    };
    let mut stubbed = Stubbed::default();
    let mut at = 0;
    for edit in edits.into_iter().filter(|edit| which(&edit.function)) {
        let Function { name, body, .. } = edit.function;
        let throw = edit
            .throw
            .replacen(&format!("[{name}]"), &format!("[{tag}{name}]"), 1);
        let text = match (stub, edit.empty) {
            (Stub::Throw, _) => throw,
            (Stub::Empty, Some(empty)) => empty,
            (Stub::Empty, None) => {
                stubbed.throwing.push(name.clone());
                throw
            }
        };
        stubbed.text.push_str(&source.text()[at..body.start]);
        stubbed.text.push_str(&text);
        at = body.end;
        stubbed.replaced.push(name);
    }
    stubbed.text.push_str(&source.text()[at..]);
    stubbed
}

//! What the Rust compiler says (<https://doc.rust-lang.org/error_codes/>). Names stand in backticks within an error's first
//! line; where it says only how many arguments there are, the name is underlined in what it quotes.

use std::sync::LazyLock;

use regex::Regex;

use super::snippet::{Snippet, word};
use super::{Named, pattern};

/// Ends of a run: they repeat that there were errors, and are none of their own.
const ENDS: &[&str] = &[
    "aborting due to",
    "build failed",
    "command `",
    "could not compile",
    "could not document",
    "test failed",
    "test run failed",
    "doctest failed",
];

/// Reads the errors among the lines; warnings are none.
pub(super) fn errors(lines: &[&str]) -> Vec<Named> {
    let begins = |line: &str| line.starts_with("error") || line.starts_with("warning");
    let mut errors = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((code, message)) = error(line) else {
            continue;
        };
        if ENDS.iter().any(|end| message.starts_with(end)) || message.ends_with("failed:") {
            continue;
        }
        let rest = &lines[at + 1..];
        let end = rest.iter().position(|line| begins(line));
        let details = &rest[..end.unwrap_or(rest.len())];
        errors.push(named(code, message, details));
    }
    errors
}

/// Splits an error's first line into its code, if it has one, and its message.
fn error(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("error")?;
    match rest.strip_prefix('[') {
        Some(rest) => rest.split_once("]: "),
        None => Some(("", rest.strip_prefix(": ")?)),
    }
}

fn named(code: &str, message: &str, details: &[&str]) -> Named {
    let mut quoted = quoted(message);
    match code {
        // A program of the package that is not there yet.
        "" if message.contains("`CARGO_BIN_EXE_") => vec!["CARGO_BIN_EXE".into()],
        "" if message.starts_with("cannot find ") => quoted.into_iter().take(1).collect(),
        "E0046" | "E0432" => quoted,
        "E0050" | "E0053" | "E0185" | "E0186" | "E0405" | "E0407" | "E0412" | "E0422" | "E0425"
        | "E0433" | "E0437" | "E0438" | "E0531" | "E0583" | "E0599" | "E0603" | "E0609"
        | "E0616" | "E0624" => quoted.into_iter().take(1).collect(),
        "E0423" | "E0532" | "E0573" | "E0574" | "E0618" => quoted.pop().into_iter().collect(),
        // The type's name comes first, and then the fields'.
        "E0026" | "E0559" | "E0560" => quoted.into_iter().skip(1).collect(),
        "E0027" => quoted,
        // And here last.
        "E0063" => {
            quoted.pop();
            quoted
        }
        // A type lacks a trait: what is to be written is an `impl` of it.
        "E0277" => quoted
            .first()
            .map(|bound| steps(bound))
            .into_iter()
            .collect(),
        "E0369" => quoted.last().map(|of| steps(of)).into_iter().collect(),
        "E0061" | "E0107" => defined(details)
            .or_else(|| underlined(details))
            .into_iter()
            .collect(),
        "E0308" => defined(details)
            .or_else(|| only_call(details))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Lists what stands in backticks.
fn quoted(message: &str) -> Vec<String> {
    let parts = message.split('`').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

/// The names of a type, as one: `&[Money]` and `Money: Display` are `Money` and more.
fn steps(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("::")
}

/// Returns the name of what is called, where the compiler shows its definition.
fn defined(details: &[&str]) -> Option<String> {
    let note = details
        .iter()
        .position(|line| line.starts_with("note: ") && line.contains(" defined here"))?;
    underlined(&details[note..])
}

fn underlined(details: &[&str]) -> Option<String> {
    word(&Snippet::find(details, '^')?.underlined())
}

static CALL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(fn\s+)?\b([\w]+)\s*\("));

/// Returns the name of the one function that is called on the quoted line: what it returns does not fit. Macros and the
/// variants that wrap a value are no functions of the change.
fn only_call(details: &[&str]) -> Option<String> {
    let line = Snippet::find(details, '^')?.line();
    let mut names: Vec<&str> = CALL
        .captures_iter(&line)
        .filter(|groups| groups.get(1).is_none())
        .filter_map(|groups| groups.get(2))
        .map(|name| name.as_str())
        .filter(|name| {
            !matches!(
                *name,
                "Some" | "Ok" | "Err" | "if" | "match" | "while" | "in"
            )
        })
        .collect();
    names.dedup();
    match names[..] {
        [name] => Some(name.to_owned()),
        _ => None,
    }
}

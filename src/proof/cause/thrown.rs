//! What Python and JavaScript throw when a file is loaded, alone or as pytest, unittest, node, vitest and jest print it.

use std::sync::LazyLock;

use regex::Regex;

use super::snippet::word;
use super::{Named, captured, first, pattern, patterns};

/// Messages about a name, the name in the first group that takes part.
const NAMING: &[&str] = &[
    // Python
    r"cannot import name '([^']+)'",
    r"No module named '?([\w.]+)'?",
    r"has no attribute '([^']+)'",
    r"^name '([^']+)' is not defined",
    r"got an unexpected keyword argument '([^']+)'",
    r"^([\w.]+)\(\) (?:missing \d|takes |got multiple values)",
    r"^fixture '([^']+)' not found",
    // JavaScript
    r"does not provide an export named '([^']+)'",
    r"^Named export '([^']+)' not found",
    r"^Cannot find (?:module|package) '([^']+)'",
    r#"Failed to resolve import "([^"]+)""#,
    r"^Failed to load url (\S+)",
    r"^([\w$]+) is not defined",
];

/// Errors that only announce the one that follows.
const ANNOUNCING: &str = "Failed to import test module: ";

/// An error with its name.
static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:E   |# )?\s*(?:Caused by: |\[cause\]: |Uncaught )?(?:[\w$]+\.)*[\w$]*(?:Error|Exception)(?: \[\w+\])?(?:: (.*)|:?)$",
    )
});
/// One that pytest marks, whatever its name.
static MARKED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^E   (?:[\w$]+\.)*[\w$]+: (.*)$"));
/// One that is printed without a name.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:E|#)?\s*(fixture '[^']+' not found|Cannot find module '[^']+' from .*)$")
});
static CALLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:\(0\s*,\s*)?([\w$.#]+)\)? is not a (?:function|constructor)"));
static NAMES: LazyLock<Vec<Regex>> = LazyLock::new(|| patterns(NAMING));

/// Reads the errors among the lines.
pub(super) fn errors(lines: &[&str]) -> Vec<Named> {
    let mut errors = Vec::new();
    let mut is_traceback = false;
    for line in lines {
        if line.trim_start() == "Traceback (most recent call last):" {
            is_traceback = true;
        } else if let Some(message) = message(line) {
            is_traceback = false;
            if !message.starts_with(ANNOUNCING) {
                errors.push(named(message));
            }
        } else if is_traceback && !line.starts_with([' ', '\t']) && !line.is_empty() {
            // An exception whose name does not say that it is one.
            is_traceback = false;
            errors.push(Vec::new());
        }
    }
    errors
}

/// Returns what a line says is wrong, if it says that something is; nothing may follow an error's name.
fn message(line: &str) -> Option<&str> {
    [&ERROR, &MARKED, &BARE]
        .into_iter()
        .find_map(|pattern| pattern.captures(line))
        .map(|groups| groups.get(1).map_or("", |group| group.as_str()))
}

fn named(message: &str) -> Named {
    let called = || word(&captured(&CALLED, message)?);
    first(&NAMES, message).or_else(called).into_iter().collect()
}

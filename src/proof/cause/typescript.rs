//! What the TypeScript compiler says: `a.ts(1,10): error TS2305: …`, or `a.ts:1:10 - error TS2305: …` with the line in
//! question below it. Only the second tells what is called with too many arguments or too few.

use std::sync::LazyLock;

use regex::Regex;

use super::snippet::Snippet;
use super::{Named, first, pattern, patterns};

/// Messages about a name, the name in the first group.
const NAMING: &[&str] = &[
    r"^Cannot find (?:name|namespace|module) '([^']+)'",
    r"has no exported member (?:named )?'([^']+)'",
    r"declares '([^']+)' locally, but it is not exported",
    r"^Property '([^']+)' (?:does not exist|is missing in type)",
    r"'([^']+)' does not exist in type",
];

static ERROR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:\S.*\(\d+,\d+\): |\S.*:\d+:\d+ - )?error TS(\d+): (.*)$"));
static NAMES: LazyLock<Vec<Regex>> = LazyLock::new(|| patterns(NAMING));

/// Reads the errors among the lines.
pub(super) fn errors(lines: &[&str]) -> Vec<Named> {
    let mut errors = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(groups) = ERROR.captures(line) else {
            continue;
        };
        let (code, message) = (&groups[1], &groups[2]);
        let rest = &lines[at + 1..];
        let end = rest.iter().position(|line| ERROR.is_match(line));
        let details = &rest[..end.unwrap_or(rest.len())];
        let is_about_arguments = matches!(code, "2554" | "2555" | "2345");
        let called = || {
            Snippet::find(details, '~')
                .filter(|_| is_about_arguments)?
                .called()
        };
        errors.push(first(&NAMES, message).or_else(called).into_iter().collect());
    }
    errors
}

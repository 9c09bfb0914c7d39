//! What the Go compiler says: `./money_test.go:5:2: undefined: Sub`. What a test says of itself looks the same, but is
//! indented.

use std::sync::LazyLock;

use regex::Regex;

use super::{Named, captured, first, pattern, patterns};

/// Messages about a name, the name in the first group.
const NAMING: &[&str] = &[
    r"^undefined: (\S+)",
    r"^name (\S+) not exported by package",
    r"\.(\w+) undefined \(",
    r"^(?:not enough|too many) arguments in call to (\S+)",
    r"^unknown field (\w+) in struct literal",
    r"^too (?:few|many) values in struct literal of type (\S+)",
    r"^assignment mismatch: .* but (\S+) returns ",
    r"^cannot use .* in argument to (\S+)",
    r"\(missing method (\w+)\)",
    r"^(\S+) (?:is not a type|\(type\) is not an expression)",
];

static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:vet: )?\S+\.go:\d+(?::\d+)?: (.*)"));
static NAMES: LazyLock<Vec<Regex>> = LazyLock::new(|| patterns(NAMING));

/// Reads the errors among the lines.
pub(super) fn errors(lines: &[&str]) -> Vec<Named> {
    lines
        .iter()
        .filter_map(|line| captured(&PLACE, line))
        .filter(|message| message != "too many errors")
        .map(|message| first(&NAMES, &message).into_iter().collect())
        .collect()
}

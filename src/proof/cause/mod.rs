//! Why something could not be loaded or compiled: a name that is missing, or something that has nothing to do with the
//! change. Pure: it reads what compilers and interpreters say.

mod go;
mod rust;
mod snippet;
#[cfg(test)]
mod tests;
mod thrown;
mod typescript;

use regex::Regex;

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A name is missing or has another form: a function, method, field, parameter, type, module. All that are named, as
    /// they are named, each once: `new`, `app.money`, `crate::money`, `./money.js`.
    Names(Vec<String>),
    /// Anything else: a syntax error, a program that is not there, a fault that names nothing.
    Other,
}

/// The names that one error is about; none where it is about something else.
type Named = Vec<String>;

/// Reads what a compiler or interpreter said, in any of the languages whose runners are known: all errors must be about
/// names for the cause to be names.
pub fn read(said: &str) -> Cause {
    let plain = anstream::adapter::strip_str(said).to_string();
    let lines: Vec<&str> = plain.lines().collect();
    let errors = [
        rust::errors(&lines),
        go::errors(&lines),
        thrown::errors(&lines),
        typescript::errors(&lines),
    ]
    .concat();
    if errors.is_empty() || errors.iter().any(Vec::is_empty) {
        return Cause::Other;
    }
    let mut names = Vec::new();
    for name in errors.concat() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Cause::Names(names)
}

/// Returns what the first group holds that took part in a match.
fn captured(pattern: &Regex, text: &str) -> Option<String> {
    let groups = pattern.captures(text)?;
    let group = groups.iter().skip(1).flatten().next()?;
    Some(group.as_str().to_owned())
}

/// Returns what the first pattern captures that matches.
fn first(patterns: &[Regex], text: &str) -> Option<String> {
    patterns.iter().find_map(|pattern| captured(pattern, text))
}

fn patterns(texts: &[&str]) -> Vec<Regex> {
    texts.iter().map(|text| pattern(text)).collect()
}

/// Reads a pattern that is part of this program.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant that the tests read")
}

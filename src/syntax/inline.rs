//! Tests that share a file with source: items that are test and nothing else, such as Rust's `#[cfg(test)]` modules.

use super::{Language, Source};

/// What begins such an item in the one language that has them.
const BEGINNING: &str = "#[cfg(test)]";

/// Says whether two texts differ in nothing but such items.
pub fn differ_in_tests_alone(language: Language, old: &str, new: &str) -> bool {
    // To parse takes longer than to see that the first difference stands before any test.
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b);
    let same = same.count();
    let begins = |text: &str| text.find(BEGINNING);
    let is_behind = |text: &str| begins(text).is_some_and(|at| at <= same + BEGINNING.len());
    if !is_behind(old) && !is_behind(new) {
        return false;
    }
    let ((old_rest, old_items), (new_rest, new_items)) =
        (split(language, old), split(language, new));
    let has_items = !old_items.is_empty() || !new_items.is_empty();
    has_items && written(&old_rest).eq(written(&new_rest))
}

/// Takes the test items out of a text: what is left, and the items, in the order of the text.
fn split(language: Language, text: &str) -> (String, Vec<String>) {
    let source = Source::parse(language, text);
    let items = source.map(|source| source.test_items()).unwrap_or_default();
    let (mut rest, mut taken, mut at) = (String::new(), Vec::new(), 0);
    for range in items {
        rest.push_str(&text[at..range.start]);
        taken.push(text[range.clone()].to_owned());
        at = range.end;
    }
    rest.push_str(&text[at..]);
    (rest, taken)
}

/// The lines of a text that say something, without the blanks at their ends.
fn written(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
}

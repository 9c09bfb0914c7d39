//! Ids of tasks among words.

use std::collections::HashSet;

use crate::id::TaskId;

/// Says whether a letter may stand in an id.
pub(super) fn is_of_id(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-' || letter == '_'
}

/// Lists the ids that a text names, in brackets or not, each once.
pub(super) fn ids(text: &str, is_id: &dyn Fn(&str) -> bool) -> Vec<TaskId> {
    let mut seen = HashSet::new();
    let words = text.split(|letter| !is_of_id(letter));
    let named = words.filter(|word| is_id(word) && seen.insert(*word));
    named.map(TaskId::new).collect()
}

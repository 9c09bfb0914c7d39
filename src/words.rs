//! Words of people and words of ours: which known word a misspelt one was probably meant to be. Pure.

/// Returns the known word that `text` was probably meant to be: at most a third of its letters differ, case, `_` and `-`
/// aside.
pub fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let same_form = |word: &str| word.to_lowercase().replace('_', "-");
    let wanted = same_form(text);
    let allowed = (wanted.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|word| (strsim::osa_distance(&wanted, &same_form(word)), word))
        .filter(|&(distance, word)| distance <= allowed && distance < word.chars().count())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_keyboard_finds_its_word_and_nonsense_finds_none() {
        let known = ["task-id", "persona", "branch"];
        assert_eq!(nearest("taskid", known), Some("task-id"));
        assert_eq!(nearest("PERSONNA", known), Some("persona"));
        assert_eq!(nearest("xyzzy", known), None);
    }
}

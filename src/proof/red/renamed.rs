//! Source files that a change gave another name: what the tests that were there import is gone by its name alone.

use super::parts::{Part, Parts};
use crate::git::Placed;
use crate::syntax::{Language, Source};

/// Each renamed source file where it stood, with what it holds now. Only where a file that nothing names is not loaded:
/// in Go it would define everything twice.
pub(super) fn under_old_names(parts: &Parts) -> Vec<Placed> {
    let sources = || parts.files.iter().filter(|part| part.is_source());
    let gone = sources().filter(|part| part.delta.new.is_none());
    let new: Vec<&Part> = sources()
        .filter(|part| part.delta.old.is_none() && part.delta.new.is_some())
        .collect();
    gone.filter_map(|old| {
        let now = new.iter().find(|new| is_renamed(old, new))?;
        Some((old.delta.path.clone(), now.delta.new))
    })
    .collect()
}

fn is_renamed(old: &Part, new: &Part) -> bool {
    let (Some(language), Some(before), Some(now)) = (old.language, &old.old, &new.new) else {
        return false;
    };
    let is_loaded_by_name = !matches!(language, Language::Rust | Language::Go);
    // What it imports from beside it is beside it only there.
    let is_at_home = || {
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let imports = new.parsed(now, |source| source.imports());
        folder(&old.path) == folder(&new.path) || !imports.iter().any(|it| it.starts_with('.'))
    };
    is_loaded_by_name
        && new.language == Some(language)
        && holds_most(language, before, now)
        && is_at_home()
}

/// Says whether a text has most functions of another, by their names or by what they say; all of it where it has none.
fn holds_most(language: Language, before: &str, now: &str) -> bool {
    let functions = |text: &str| {
        let source = Source::parse(language, text);
        source.map(|source| source.functions()).unwrap_or_default()
    };
    let (old, new) = (functions(before), functions(now));
    let is_kept = |name: &str, digest: &str| {
        let mut new = new.iter();
        new.any(|one| one.name == name || one.digest == digest)
    };
    let kept = old.iter().filter(|one| is_kept(&one.name, &one.digest));
    match old.len() {
        0 => before == now,
        count => 2 * kept.count() > count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(before: &str, now: &str) -> bool {
        holds_most(Language::Python, before, now)
    }

    #[test]
    fn a_file_is_renamed_where_most_functions_are_kept() {
        let (one, two, three) = (
            "def a():\n    return 1\n",
            "def b():\n    return 2\n",
            "def c():\n    return 3\n",
        );
        let old = [one, two, three].concat();
        assert!(holds(&old, &[one, three].concat()));
        assert!(holds(&old, &old.replace("return", "return 1 +")));
        assert!(!holds(&old, &[one, "def d():\n    pass\n"].concat()));
    }

    #[test]
    fn a_file_without_functions_is_renamed_where_all_of_it_is_kept() {
        assert!(holds("A = 1\n", "A = 1\n"));
        assert!(!holds("A = 1\n", "A = 2\n"));
    }
}

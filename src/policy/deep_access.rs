//! What `deep-access.allow` leaves alone: paths by globs, and what chains may begin with.

use super::pattern::Globs;
use super::sections::DeepAccess;

impl DeepAccess {
    /// Returns the globs of paths that are left alone.
    pub fn paths(&self) -> Globs {
        let globs = self.allow.iter().filter(|entry| !is_prefix(entry));
        Globs::of(globs.cloned().collect())
    }

    /// Returns the allowed prefix that takes most names off the beginning of a chain, and how many; `self.` takes one, and
    /// so does `std::` where the chain begins with a path of that crate.
    pub fn prefix_of(&self, names: &[String]) -> Option<(&str, usize)> {
        let prefixes = self.allow.iter().filter(|entry| is_prefix(entry));
        prefixes
            .map(|prefix| (prefix.as_str(), names_within(names, prefix)))
            .filter(|(_, count)| *count > 0)
            .max_by_key(|(prefix, count)| (*count, prefix.len()))
    }
}

/// Says whether an entry names what chains begin with, and no path.
pub(super) fn is_prefix(entry: &str) -> bool {
    entry.ends_with('.') || entry.ends_with("::")
}

/// Says whether a prefix could be the beginning of a chain.
pub(super) fn is_sound(prefix: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
    let names = prefix.strip_suffix('.').or(prefix.strip_suffix("::"));
    names.is_some_and(|names| {
        let mut names = names.split("::").flat_map(|part| part.split('.'));
        names.all(|name| !name.is_empty() && name.chars().all(is_letter))
    })
}

/// Counts the names that a prefix covers, one that it ends within included.
fn names_within(names: &[String], prefix: &str) -> usize {
    let mut rest = prefix;
    for (count, name) in names.iter().enumerate() {
        if rest.is_empty() {
            return count;
        }
        let after = rest.strip_prefix(name.as_str());
        match after.and_then(|after| after.strip_prefix('.')) {
            Some(after) => rest = after,
            // `std::` of `std::env::VAR`, `os.` of the module `os.path`.
            None if name.starts_with(rest) => return count + 1,
            None => return 0,
        }
    }
    match rest {
        "" => names.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(allow: &[&str], names: &[&str]) -> Option<(String, usize)> {
        let access = DeepAccess {
            max: 3,
            allow: allow.iter().map(|entry| (*entry).into()).collect(),
        };
        let names: Vec<String> = names.iter().map(|name| (*name).into()).collect();
        let found = access.prefix_of(&names);
        found.map(|(prefix, count)| (prefix.to_owned(), count))
    }

    #[test]
    fn a_prefix_takes_the_names_off_that_it_covers() {
        let one = |prefix: &str, count| Some((prefix.to_owned(), count));
        assert_eq!(taken(&["self."], &["self", "a"]), one("self.", 1));
        assert_eq!(
            taken(&["self.", "self.a."], &["self", "a", "b"]),
            one("self.a.", 2)
        );
        assert_eq!(taken(&["std::"], &["std::env::VAR", "a"]), one("std::", 1));
        assert_eq!(taken(&["os."], &["os.path", "a"]), one("os.", 1));
        assert_eq!(taken(&["a.b."], &["a", "b"]), one("a.b.", 2));
        for (prefix, names) in [
            ("self.", &["selfish", "a"][..]),
            ("self.", &["a", "self"]),
            ("a.b.", &["a", "c"]),
            ("a.b.", &["a"]),
            ("std::", &["std", "a"]),
            ("self", &["self", "a"]),
            ("**/a.py", &["a", "py"]),
        ] {
            assert_eq!(taken(&[prefix], names), None, "{prefix}");
        }
    }

    #[test]
    fn what_ends_in_no_dot_is_a_glob() {
        let allow = ["self.", "std::", "gen/**"].map(String::from).to_vec();
        let paths = DeepAccess { max: 3, allow }.paths();
        assert_eq!(paths.as_slice(), ["gen/**"]);
        assert!(paths.matches(b"gen/a.py") && !paths.matches(b"self."));
    }

    #[test]
    fn a_prefix_is_names_with_what_joins_them() {
        for good in ["self.", "std::", "self.a.", "a::b::", "$el.", "this.#a."] {
            assert!(is_prefix(good) && is_sound(good), "{good}");
        }
        for bad in [".", "::", "a b.", "a..", "*.", "a::.", "src/a."] {
            assert!(is_prefix(bad) && !is_sound(bad), "{bad}");
        }
    }
}

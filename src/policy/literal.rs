//! Which paths a glob cannot match, told without compiling it: those that lack a text that stands in the glob as it is.
//! Most paths of a commit match no glob of most lists, and to compile these takes longer than all other rules together.

/// Says whether a path may match a glob; false is certain, true is not.
pub(super) fn may_match(glob: &str, path: &[u8]) -> bool {
    // In classes and alternatives no text need stand in the path, and after a backslash another one.
    if glob.contains(['[', ']', '{', '}', '\\']) {
        return true;
    }
    // `**/a` matches `a` too: a slash beside a wildcard need not be there.
    let mut texts = glob.split(['*', '?']).map(|text| text.trim_matches('/'));
    texts.all(|text| holds(path, text.as_bytes()))
}

fn holds(path: &[u8], text: &[u8]) -> bool {
    text.is_empty() || path.windows(text.len()).any(|part| part == text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Policy, pattern::Globs};
    use super::*;

    #[test]
    fn a_path_that_lacks_a_text_of_the_glob_cannot_match() {
        for (glob, path, expected) in [
            ("**/test_*.py", "src/app.py", false),
            ("**/test_*.py", "test_a.py", true),
            ("**/tests/**", "tests/a", true),
            ("**/tests/**", "src/a", false),
            ("docs/**", "src/a", false),
            ("LICENSE*", "LICENSE", true),
            ("a?c", "abd", false),
            ("**", "a", true),
            ("*.{md,rst}", "a.c", true),
            ("[a]b", "c", true),
            (r"a\*", "b", true),
        ] {
            assert_eq!(may_match(glob, path.as_bytes()), expected, "{glob} {path}");
        }
    }

    #[test]
    fn a_source_file_compiles_none_of_the_default_globs() {
        let paths = Policy::default().paths;
        let lists = [
            &paths.policy,
            &paths.harness,
            &paths.record,
            &paths.test,
            &paths.support,
            &paths.manifest,
            &paths.docs,
        ];
        for list in lists {
            assert!(!list.matches(b"src/app/search.rs"));
            assert!(!list.is_compiled(), "{:?}", list.as_slice());
        }
    }

    proptest! {
        #[test]
        fn what_a_glob_matches_is_never_ruled_out(
            glob in "(\\*\\*/|\\*\\*|\\*|\\?|/|a|b|\\.|é|\\[ab\\]|\\{a,b\\}|\\\\\\*){1,6}",
            path in "(a|b|/|\\.|é|\\*){1,8}",
        ) {
            if let Ok(is_match) = Globs::matches_compiled(&glob, path.as_bytes()) {
                prop_assert!(!is_match || may_match(&glob, path.as_bytes()));
            }
        }
    }
}

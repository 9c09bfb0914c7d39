//! Which failures of a check do not refuse: those that the base has too (`baseline`), and, in a change of tests alone,
//! those of the tests that it brings, which are sealed until source turns them green.

use super::report::{State, TestCase};

/// What is known of the base's failures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Base {
    /// The tests that fail there.
    pub(super) failing: Vec<String>,
    /// Those of them that are sealed.
    pub(super) sealed: Vec<String>,
}

/// What a change of tests alone has to do with a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// It brings or changes it.
    Brought,
    /// It leaves it alone.
    Untouched,
    /// Its runner does not say where it stands.
    Unknown,
}

/// What a change has to do with sealed tests.
#[derive(Clone, Copy)]
pub(super) enum Seals<'s> {
    /// A change of tests alone may bring some; this says which.
    Brings(&'s dyn Fn(&TestCase) -> Share),
    /// A merge keeps those of its first parent: what it brings is not their source.
    Keeps,
    /// Source must turn them green.
    Ends,
}

/// The failures of a run, told apart; ids in the report's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    /// Those that fail in the base as well, and have long.
    pub(super) old: Vec<String>,
    /// Those that are sealed, by this change or before.
    pub(super) sealed: Vec<String>,
    /// Those that refuse.
    pub(super) refused: Vec<String>,
}

impl Split {
    /// Tells the failures of `tests` apart.
    pub(super) fn of(
        tests: &[TestCase],
        base: &Base,
        has_baseline: bool,
        seals: Seals<'_>,
    ) -> Self {
        let mut split = Self::default();
        for test in failing(tests) {
            let was_sealed = base.sealed.contains(&test.id);
            let is_old = base.failing.contains(&test.id) && !was_sealed;
            let side = match seals {
                Seals::Brings(_) | Seals::Keeps if was_sealed => &mut split.sealed,
                _ if is_old && has_baseline => &mut split.old,
                Seals::Brings(share) if is_brought(share(test), is_old) => &mut split.sealed,
                _ => &mut split.refused,
            };
            side.push(test.id.clone());
        }
        split
    }

    /// All that does not refuse.
    pub(super) fn forgiven(&self) -> Vec<String> {
        [self.old.as_slice(), &self.sealed].concat()
    }
}

/// Whether a change of tests alone brought this failure; of a test that nobody knows the place of, one that does not fail
/// in the base.
fn is_brought(share: Share, is_old: bool) -> bool {
    match share {
        Share::Brought => true,
        Share::Untouched => false,
        Share::Unknown => !is_old,
    }
}

/// Says whether the failures can be told apart only by those of the base.
pub(super) fn needs_base(tests: &[TestCase], has_baseline: bool, seals: Seals<'_>) -> bool {
    has_baseline
        || match seals {
            Seals::Brings(share) => failing(tests).any(|test| share(test) != Share::Brought),
            Seals::Keeps => true,
            Seals::Ends => false,
        }
}

/// The tests that failed, in the report's order.
pub(super) fn failing(tests: &[TestCase]) -> impl Iterator<Item = &TestCase> {
    tests.iter().filter(|test| test.state == State::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tests that failed, `id` or `id@file`.
    fn failed(names: &[&str]) -> Vec<TestCase> {
        let one = |name: &&str| {
            let (id, file) = name.split_once('@').unwrap_or((name, ""));
            TestCase {
                id: id.into(),
                state: State::Failed,
                kind: None,
                ms: 0,
                message: None,
                file: (!file.is_empty()).then(|| file.into()),
            }
        };
        names.iter().map(one).collect()
    }

    /// What a change of `tests/a.py` has to do with a test.
    fn share(test: &TestCase) -> Share {
        match test.file.as_deref() {
            Some("tests/a.py") => Share::Brought,
            Some(_) => Share::Untouched,
            None => Share::Unknown,
        }
    }

    fn base(failing: &[&str], sealed: &[&str]) -> Base {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Base {
            failing: owned(failing),
            sealed: owned(sealed),
        }
    }

    /// Old, sealed and refused, each in one line.
    fn split(names: &[&str], base: &Base, baseline: bool, seals: Seals<'_>) -> [String; 3] {
        let split = Split::of(&failed(names), base, baseline, seals);
        [split.old, split.sealed, split.refused].map(|names| names.join(" "))
    }

    #[test]
    fn source_is_forgiven_nothing_but_what_is_old() {
        let known = base(&["old", "sealed"], &["sealed"]);
        let names = ["old", "sealed", "new"];
        assert_eq!(
            split(&names, &known, false, Seals::Ends),
            ["", "", "old sealed new"]
        );
        assert_eq!(
            split(&names, &known, true, Seals::Ends),
            ["old", "", "sealed new"]
        );
    }

    #[test]
    fn a_merge_keeps_what_was_sealed_and_brings_nothing() {
        let known = base(&["old", "sealed"], &["sealed"]);
        let names = ["old", "sealed", "new"];
        assert_eq!(
            split(&names, &known, false, Seals::Keeps),
            ["", "sealed", "old new"]
        );
        assert!(needs_base(&failed(&names), false, Seals::Keeps));
    }

    #[test]
    fn tests_alone_seal_what_they_bring_and_keep_what_was_sealed() {
        let known = base(&["old", "sealed"], &["sealed"]);
        let names = [
            "sealed@tests/b.py",
            "mine@tests/a.py",
            "other@tests/b.py",
            "nowhere",
            "old",
        ];
        assert_eq!(
            split(&names, &known, false, Seals::Brings(&share)),
            ["", "sealed mine nowhere", "other old"]
        );
        assert_eq!(
            split(&names, &known, true, Seals::Brings(&share)),
            ["old", "sealed mine nowhere", "other"]
        );
    }

    #[test]
    fn the_base_is_asked_only_where_it_decides() {
        let needs = |names: &[&str], baseline, seals| needs_base(&failed(names), baseline, seals);
        assert!(!needs(&["x@tests/a.py"], false, Seals::Brings(&share)));
        assert!(needs(&["x@tests/a.py"], true, Seals::Brings(&share)));
        assert!(needs(&["x@tests/b.py"], false, Seals::Brings(&share)));
        assert!(needs(&["x"], false, Seals::Brings(&share)));
        assert!(!needs(&["x"], false, Seals::Ends));
        assert!(needs(&["x"], true, Seals::Ends));
    }
}

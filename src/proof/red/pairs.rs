//! Which tests of a change's one side are those of its other side. It is handed items alone and knows no tree and no run.

use std::collections::{BTreeSet, HashMap};

use super::parts::Item;

/// The tests of both sides, told apart; each is in one list, and once.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Those that say what they said: as they stood, as they stand.
    pub(super) kept: Vec<(Item, Item)>,
    /// Those that say what another one said that is still there.
    pub(super) copied: Vec<Item>,
    /// Those that say something else in their place: as they were, as they are.
    pub(super) edited: Vec<(Item, Item)>,
    /// Those that are new.
    pub(super) brought: Vec<Item>,
    /// Those that are gone.
    pub(super) deleted: Vec<Item>,
}

impl Pairs {
    /// Pairs tests. Of several that say the same, each is one: those of one place belong together first, then those of
    /// one name, of one file, and the rest.
    pub(super) fn of(old: Vec<Item>, new: Vec<Item>) -> Self {
        let digests = old.iter().filter_map(Item::digest).map(str::to_owned);
        let said: BTreeSet<String> = digests.collect();
        let says_the_same: [Sameness; 4] = [
            |item| Some(key(item.digest()?, &item.target.file, &item.target.path)),
            |item| Some(key(item.digest()?, "", &item.target.path)),
            |item| Some(key(item.digest()?, &item.target.file, &[])),
            |item| Some(key(item.digest()?, "", &[])),
        ];
        let stands_there: [Sameness; 2] = [
            |item| Some(key("", &item.target.file, &item.target.path)),
            // A test of a file that was renamed has its name alone in common with the one that was.
            |item| (!item.target.path.is_empty()).then(|| key("", "", &item.target.path)),
        ];
        let mut rest = Rest { old, new };
        let kept = says_the_same.into_iter().flat_map(|same| rest.pair(same));
        let kept = kept.collect();
        let mut edited = rest.pair(stands_there[0]);
        let is_copy = |item: &Item| item.digest().is_some_and(|digest| said.contains(digest));
        let (copied, new) = rest.new.into_iter().partition(is_copy);
        rest.new = new;
        edited.extend(rest.pair(stands_there[1]));
        Self {
            kept,
            copied,
            edited,
            brought: rest.new,
            deleted: rest.old,
        }
    }
}

/// What two tests have in common that belong together: digest, file and path, as far as each counts.
type Key = (String, String, Vec<String>);

/// Says what a test must have in common with another one; none where it has none.
type Sameness = fn(&Item) -> Option<Key>;

fn key(digest: &str, file: &str, path: &[String]) -> Key {
    (digest.to_owned(), file.to_owned(), path.to_owned())
}

/// The tests that belong to no other yet.
struct Rest {
    old: Vec<Item>,
    new: Vec<Item>,
}

impl Rest {
    /// Takes out those that belong together, each with the first that is left.
    fn pair(&mut self, same: Sameness) -> Vec<(Item, Item)> {
        let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
        for (at, item) in self.old.iter().enumerate().rev() {
            if let Some(key) = same(item) {
                places.entry(key).or_default().push(at);
            }
        }
        let mut old: Vec<Option<Item>> = self.old.drain(..).map(Some).collect();
        let (mut paired, mut left) = (Vec::new(), Vec::new());
        for item in self.new.drain(..) {
            let place = same(&item).and_then(|key| places.get_mut(&key)?.pop());
            match place.and_then(|at| old[at].take()) {
                Some(was) => paired.push((was, item)),
                None => left.push(item),
            }
        }
        self.old = old.into_iter().flatten().collect();
        self.new = left;
        paired
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::target::Target;
    use crate::syntax::{Language, Source};

    /// The tests of Python files, each `path: text`.
    fn items(files: &[(&str, &str)]) -> Vec<Item> {
        let of_file = |(path, text): &(&str, &str)| -> Vec<Item> {
            let source = Source::parse(Language::Python, text).unwrap();
            let item = |test: crate::syntax::Test| Item {
                target: Target {
                    file: (*path).to_owned(),
                    path: test.path.clone(),
                    is_exact: test.is_exact,
                    ids: Vec::new(),
                },
                test: Some(test),
            };
            source.tests().into_iter().map(item).collect()
        };
        files.iter().flat_map(of_file).collect()
    }

    /// What becomes of tests: `a=b` for one that is kept, `a~b` for one that is edited, `+a`, `-a`, and `*a` for a copy.
    fn told(old: &[(&str, &str)], new: &[(&str, &str)]) -> String {
        let pairs = Pairs::of(items(old), items(new));
        let name = |item: &Item| format!("{}{}", item.target.file, item.target.path.join("."));
        let both = |sign: &'static str| {
            move |(was, is): &(Item, Item)| format!("{}{sign}{}", name(was), name(is))
        };
        let one = |sign: &'static str| move |item: &Item| format!("{sign}{}", name(item));
        let mut words: Vec<String> = pairs.kept.iter().map(both("=")).collect();
        words.extend(pairs.edited.iter().map(both("~")));
        words.extend(pairs.copied.iter().map(one("*")));
        words.extend(pairs.brought.iter().map(one("+")));
        words.extend(pairs.deleted.iter().map(one("-")));
        words.join(" ")
    }

    const A: &str = "def test_a():\n    assert one() == 1\n";
    const B: &str = "def test_b():\n    assert one() == 1\n";
    const OTHER_A: &str = "def test_a():\n    assert one() == 2\n";

    #[test]
    fn of_two_tests_that_say_the_same_one_can_go() {
        let both = format!("{A}\n\n{B}");
        assert_eq!(
            told(&[("x/", &both)], &[("x/", A)]),
            "x/test_a=x/test_a -x/test_b"
        );
        assert_eq!(
            told(&[("x/", &both)], &[("x/", B)]),
            "x/test_b=x/test_b -x/test_a"
        );
        assert_eq!(
            told(&[("x/", &both)], &[("y/", &both)]),
            "x/test_a=y/test_a x/test_b=y/test_b"
        );
    }

    #[test]
    fn one_more_that_says_the_same_is_not_new() {
        let both = format!("{A}\n\n{B}");
        assert_eq!(
            told(&[("x/", A)], &[("x/", &both)]),
            "x/test_a=x/test_a *x/test_b"
        );
    }

    #[test]
    fn a_test_in_whose_place_a_copy_of_another_stands_is_edited() {
        let (old, new) = (format!("{OTHER_A}\n\n{B}"), format!("{A}\n\n{B}"));
        assert_eq!(
            told(&[("x/", &old)], &[("x/", &new)]),
            "x/test_b=x/test_b x/test_a~x/test_a"
        );
    }

    #[test]
    fn a_test_that_was_moved_and_edited_is_known_by_its_name() {
        assert_eq!(told(&[("x/", A)], &[("y/", OTHER_A)]), "x/test_a~y/test_a");
        assert_eq!(told(&[("x/", A)], &[("y/", B)]), "x/test_a=y/test_b");
        assert_eq!(told(&[], &[("y/", B)]), "+y/test_b");
    }
}

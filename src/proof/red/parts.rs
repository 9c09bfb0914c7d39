//! What a change is made of: its files by class, the tests that it brings, edits and takes away, the functions and names
//! that its source adds, changes and removes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::hidden;
use super::pairs::Pairs;
use crate::git::{Delta, Entry, Error, Oid, Repository};
use crate::id::BlobId;
use crate::policy::{Class, Policy};
use crate::proof::target::Target;
use crate::syntax::{Function, Language, Mark, Source, Test, differ_in_tests_alone};

/// The longest text that is parsed, in bytes: what is longer was not written by hand.
const LONGEST: usize = 1 << 20;

/// A change of one tree into another.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The files that differ, in the order of their paths.
    pub(super) files: Vec<Part>,
    /// The tests whose own text is new.
    pub(super) brought: Vec<Item>,
    /// The tests whose text changed in place: as they were, as they are.
    pub(super) edited: Vec<(Item, Item)>,
    /// The tests that are gone.
    pub(super) deleted: Vec<Item>,
    /// The tests of changed files that say what one of them said.
    pub(super) unchanged: Vec<Item>,
    /// Each of them with itself as it stood; not those that say what another one said.
    pub(super) kept: Vec<(Item, Item)>,
    /// What source and support define now and did not before.
    pub(super) added_names: BTreeSet<String>,
    /// What they defined before and do not now.
    pub(super) removed_names: BTreeSet<String>,
}

/// One file of a change.
#[derive(Debug)]
pub(super) struct Part {
    /// Both sides.
    pub(super) delta: Delta,
    /// Its path, lossily decoded.
    pub(super) path: String,
    /// Its class; source where source loads it, test where nothing but test items changed.
    pub(super) class: Class,
    /// Whether it stands among tests or fixtures, and source loads it.
    pub(super) is_hidden: bool,
    /// Whether its place is one of source, though nothing but test items of it changed.
    pub(super) shares_source: bool,
    /// Its language, where its grammar is known.
    pub(super) language: Option<Language>,
    /// Its text before, where it can be parsed.
    pub(super) old: Option<String>,
    /// Its text after, where it can be parsed.
    pub(super) new: Option<String>,
    /// The functions that the change added or changed, of a source file.
    pub(super) functions: Vec<Function>,
    /// Whether something changed outside functions and tests.
    pub(super) beyond_stubs: bool,
}

/// A test of one side.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Where it stands.
    pub(super) target: Target,
    /// What its text says; none for a file in a language without a grammar.
    pub(super) test: Option<Test>,
}

impl Item {
    /// Says what its text comes to, where that is known.
    pub(super) fn digest(&self) -> Option<&str> {
        self.test.as_ref().map(|test| test.digest.as_str())
    }

    /// Says whether it keeps the others of its file from running.
    pub(super) fn is_focused(&self) -> bool {
        self.test
            .as_ref()
            .is_some_and(|test| test.mark == Mark::Focused)
    }
}

impl Parts {
    /// Takes apart what differs between `base` (none: the empty tree) and `tree`.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn of(
        repository: &Repository,
        policy: &Policy,
        base: Option<Oid>,
        tree: Oid,
    ) -> Result<Self, Error> {
        let mut parts = Self::default();
        for delta in repository.diff(base, Some(tree))? {
            parts.files.push(Part::of(repository, policy, delta)?);
        }
        hidden::mark(repository, policy, tree, &mut parts.files)?;
        parts.compare_names();
        parts.compare_tests();
        for part in parts.files.iter_mut().filter(|part| part.is_source()) {
            part.compare_source();
        }
        parts.forget_moved_functions();
        Ok(parts)
    }

    /// The test and support files of the change, each with what it holds; not those that hold source too.
    pub(super) fn sealed_files(&self) -> BTreeMap<String, Option<BlobId>> {
        let files = self.files.iter().filter(|part| {
            matches!(part.class, Class::Test | Class::Support) && !part.shares_source
        });
        let blob = |entry: Entry| BlobId::new(entry.oid.to_string());
        files
            .map(|part| (part.path.clone(), part.delta.new.map(blob)))
            .collect()
    }

    /// Says whether it changes source.
    pub(super) fn has_source(&self) -> bool {
        self.files.iter().any(Part::is_source)
    }

    fn compare_names(&mut self) {
        let names = |of: fn(&Part) -> Option<&String>| {
            let mut names = BTreeSet::new();
            for part in self.files.iter().filter(|part| part.class != Class::Test) {
                if let Some(text) = of(part) {
                    names.extend(part.parsed(text, |source| source.definitions()));
                    // The file itself is a name too: a module.
                    names.insert(module_of(&part.path));
                }
            }
            names
        };
        let old = names(|part| part.old.as_ref());
        let new = names(|part| part.new.as_ref());
        self.added_names = new.difference(&old).cloned().collect();
        self.removed_names = old.difference(&new).cloned().collect();
    }

    fn compare_tests(&mut self) {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for part in &self.files {
            old.extend(part.items(part.old.as_deref(), part.delta.old.is_some()));
            new.extend(part.items(part.new.as_deref(), part.delta.new.is_some()));
        }
        let pairs = Pairs::of(old, new);
        let still = pairs.kept.iter().map(|(_, now)| now.clone());
        self.unchanged = still.chain(pairs.copied).collect();
        self.kept = pairs.kept;
        self.edited = pairs.edited;
        self.brought = pairs.brought;
        self.deleted = pairs.deleted;
    }

    /// A function that was moved to another file and says what it said is none that the change added.
    fn forget_moved_functions(&mut self) {
        let mut before = BTreeSet::new();
        for part in self.files.iter().filter(|part| part.is_source()) {
            if let Some(text) = &part.old {
                for function in part.parsed(text, |source| source.functions()) {
                    before.insert(function.digest);
                }
            }
        }
        for part in &mut self.files {
            part.functions
                .retain(|function| !before.contains(&function.digest));
        }
    }
}

impl Part {
    fn of(repository: &Repository, policy: &Policy, delta: Delta) -> Result<Self, Error> {
        let path = String::from_utf8_lossy(&delta.path).into_owned();
        let mut part = Self {
            class: delta.class(policy),
            is_hidden: false,
            shares_source: false,
            language: Language::of(&path),
            old: None,
            new: None,
            functions: Vec::new(),
            beyond_stubs: false,
            path,
            delta,
        };
        if part.language.is_some() {
            let text = |entry: Option<Entry>| match entry {
                Some(entry) if entry.mode & 0o170_000 == 0o100_000 => {
                    let bytes = repository.blob(entry.oid)?;
                    let text = String::from_utf8(bytes).ok();
                    Ok::<_, Error>(text.filter(|text| text.len() <= LONGEST))
                }
                _ => Ok(None),
            };
            part.old = text(part.delta.old)?;
            part.new = text(part.delta.new)?;
        }
        if part.class == Class::Source && part.changes_tests_alone() {
            part.class = Class::Test;
            part.shares_source = true;
        }
        Ok(part)
    }

    /// Says whether a test file changed in what its tests share: constants, parameters, functions that are no tests.
    pub(super) fn changes_what_tests_share(&self) -> bool {
        let shared = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default();
            self.parsed(text, |source| {
                let helpers = without_tests(source);
                let helpers: Vec<String> = helpers.into_iter().map(|one| one.digest).collect();
                (source.outside(), helpers)
            })
        };
        self.class == Class::Test && shared(&self.old) != shared(&self.new)
    }

    /// Says whether what its tests say may mean something else now: what they share changed, or a name that they use comes
    /// from elsewhere.
    pub(super) fn changes_what_tests_mean(&self) -> bool {
        let imports = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default();
            self.parsed(text, |source| source.imports())
        };
        let last = |import: &str| {
            let steps = import.rsplit(['.', '/', ':']);
            steps.into_iter().next().unwrap_or_default().to_owned()
        };
        let (old, new) = (imports(&self.old), imports(&self.new));
        let is_gone = old.iter().any(|import| !new.contains(import));
        let mut added = new.iter().filter(|import| !old.contains(import));
        let hides = |import: &String| {
            let name = last(import);
            name == "*" || old.iter().any(|import| last(import) == name)
        };
        self.changes_what_tests_share()
            || self.class == Class::Test && (is_gone || added.any(hides))
    }

    /// Says whether it counts as source.
    pub(super) fn is_source(&self) -> bool {
        self.class == Class::Source
    }

    /// Says whether R takes it from the tree under test.
    pub(super) fn is_carried(&self) -> bool {
        matches!(
            self.class,
            Class::Test | Class::Support | Class::Harness | Class::Manifest
        )
    }

    /// Parses one of its texts and asks it.
    pub(super) fn parsed<T: Default>(&self, text: &str, ask: impl Fn(&Source<'_>) -> T) -> T {
        let language = self.language.into_iter();
        let mut found = language.filter_map(|language| Source::parse(language, text));
        found.next().map(|source| ask(&source)).unwrap_or_default()
    }

    /// Says whether a source file changed in nothing but items that are test and nothing else.
    fn changes_tests_alone(&self) -> bool {
        match (self.language, &self.old, &self.new) {
            (Some(language), Some(old), Some(new)) => differ_in_tests_alone(language, old, new),
            _ => false,
        }
    }

    /// Lists the tests of one side; a test file in a language without a grammar is one test.
    fn items(&self, text: Option<&str>, is_there: bool) -> Vec<Item> {
        let target = |path: Vec<String>, is_exact| Target {
            file: self.path.clone(),
            path,
            is_exact,
            ids: Vec::new(),
        };
        match text {
            Some(text) => {
                let mut tests = self.parsed(text, |source| source.tests());
                if self.language == Some(Language::Python) {
                    // Of two functions of one name the later is the one that runs.
                    let last: HashMap<Vec<String>, usize> = tests
                        .iter()
                        .map(|test| (test.path.clone(), test.range.start))
                        .collect();
                    tests.retain(|test| last.get(&test.path) == Some(&test.range.start));
                }
                let items = tests.into_iter().map(|test| Item {
                    target: target(test.path.clone(), test.is_exact),
                    test: Some(test),
                });
                items.collect()
            }
            None if is_there && self.class == Class::Test => vec![Item {
                target: target(Vec::new(), false),
                test: None,
            }],
            None => Vec::new(),
        }
    }

    /// Finds the functions of a source file that are new or say something else, and whether the rest does.
    fn compare_source(&mut self) {
        let functions = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default();
            self.parsed(text, |source| (without_tests(source), source.outside()))
        };
        let (before, outside_before) = functions(&self.old);
        let (now, outside) = functions(&self.new);
        let said: HashMap<&str, &str> = before
            .iter()
            .map(|function| (function.name.as_str(), function.digest.as_str()))
            .collect();
        let has_grammar = self.new.is_some() || self.delta.new.is_none() && self.old.is_some();
        let is_changed = |function: &Function| {
            said.get(function.name.as_str()) != Some(&function.digest.as_str())
        };
        self.functions = now.into_iter().filter(is_changed).collect();
        self.beyond_stubs = !has_grammar || outside_before != outside;
    }
}

/// The functions of a text that are no tests and stand in none: no stub may replace what asks.
fn without_tests(source: &Source<'_>) -> Vec<Function> {
    let tests = source.tests();
    let is_inside = |function: &Function, test: &Test| {
        test.range.start <= function.range.start && function.range.end <= test.range.end
    };
    let mut functions = source.functions();
    functions.retain(|function| !tests.iter().any(|test| is_inside(function, test)));
    functions
}

/// Names the module that a file is: its name without its ending; that of its folder where it stands for the folder.
fn module_of(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    match stem {
        "__init__" | "index" | "mod" => parts.next().unwrap_or(stem).to_owned(),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_test_is_among_the_functions_that_a_stub_may_replace() {
        let names = |language, text| -> Vec<String> {
            let source = Source::parse(language, text).unwrap();
            let functions = without_tests(&source).into_iter();
            functions.map(|function| function.name).collect()
        };
        let python = "def add(a):\n    return a\n\n\ndef test_add():\n    assert add(1) == 1\n\n\nclass TestAdd:\n    def test_more(self):\n        assert add(2) == 2\n";
        assert_eq!(names(Language::Python, python), ["add"]);
        let rust = "fn add() {}\n\n#[test]\nfn adds() {\n    add();\n}\n";
        assert_eq!(names(Language::Rust, rust), ["add"]);
    }
}

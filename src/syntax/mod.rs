//! Source text as the red proof and the rules see it: functions and their bodies, tests and what they say, the names that
//! a file defines, chains of attributes. Pure: text in, data out, by tree-sitter's grammars
//! (<https://tree-sitter.github.io>). It knows no repository, no runner and no policy; what it cannot read it says nothing
//! about.

mod chains;
mod go;
mod inline;
mod javascript;
mod language;
mod normal;
#[cfg(test)]
mod properties;
mod python;
mod rust;
mod stub;
mod tree;

use std::collections::BTreeSet;
use std::ops::Range;

pub use chains::Chain;
pub use inline::differ_in_tests_alone;
pub use language::Language;
pub use stub::{MARKER, Stub, Stubbed};

/// A file's text, parsed. Text that the grammar does not know is passed over: a parse never fails as a whole.
#[derive(Debug)]
pub struct Source<'t> {
    language: Language,
    text: &'t str,
    tree: tree_sitter::Tree,
}

/// A function or method that has a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name within the file, groups first: `Money.add` in Python, JavaScript and Go, `Money::add` in Rust. A second
    /// one of the same name is told apart by `#2`.
    pub name: String,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// All of it, decorators and attributes included, in bytes of the text.
    pub range: Range<usize>,
    /// What a stub replaces, in bytes of the text: the body without what begins and ends it.
    pub body: Range<usize>,
    /// What it says, layout and comments left out; the same for two functions that differ in nothing else.
    pub digest: String,
}

/// A test as its file writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// How a runner names it, groups first: `["TestMoney", "test_add"]`, `["money", "adds"]`, `["tests", "adds"]`. What a
    /// program puts together stands there as it is written: `adds ${a}`, `adds %i`.
    pub path: Vec<String>,
    /// Whether `path` is exactly what the runner will say; false where a program puts it together.
    pub is_exact: bool,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// All of it, decorators and attributes included, in bytes of the text.
    pub range: Range<usize>,
    /// What it says, without its name, layout and comments: the same for a test that was moved, renamed or reformatted.
    pub digest: String,
    /// How many assertions it makes, calls of helpers whose name begins like one included.
    pub assertions: usize,
    /// Whether its text keeps it from counting.
    pub mark: Mark,
    /// Whether it passes because something is thrown, whatever is thrown: `#[should_panic]`, `pytest.raises(Exception)`,
    /// `assert.throws` without an error to match.
    pub expects_throw: bool,
}

/// What a test's text says of whether it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// It runs.
    #[default]
    None,
    /// It is skipped, to do, ignored or expected to fail: `@pytest.mark.skip`, `it.skip`, `#[ignore]`, `t.Skip()`.
    Skipped,
    /// It keeps the others of its file from running: `it.only`.
    Focused,
}

/// A text with the test items of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// The text.
    pub text: String,
    /// The items of the other that have no place in it, in bytes of the other: what they stand in is not there.
    pub left_out: Vec<Range<usize>>,
}

impl<'t> Source<'t> {
    /// Parses a text; none where the grammar cannot be used.
    pub fn parse(language: Language, text: &'t str) -> Option<Self> {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&language.grammar()).ok()?;
        let tree = parser.parse(text, None)?;
        Some(Self {
            language,
            text,
            tree,
        })
    }

    /// Returns its language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Returns its text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Lists the outermost functions with a body, in the order of the text; tests among them, functions within functions
    /// not.
    pub fn functions(&self) -> Vec<Function> {
        match self.language {
            Language::Python => python::functions(self),
            Language::JavaScript | Language::TypeScript | Language::Tsx => {
                javascript::functions(self)
            }
            Language::Rust => rust::functions(self),
            Language::Go => go::functions(self),
        }
    }

    /// Lists the tests, in the order of the text.
    pub fn tests(&self) -> Vec<Test> {
        match self.language {
            Language::Python => python::tests(self),
            Language::JavaScript | Language::TypeScript | Language::Tsx => javascript::tests(self),
            Language::Rust => rust::tests(self),
            Language::Go => go::tests(self),
        }
    }

    /// Collects the names that the text defines and others may use: functions, methods, parameters, types, fields,
    /// constants, exports, modules.
    pub fn definitions(&self) -> BTreeSet<String> {
        match self.language {
            Language::Python => python::definitions(self),
            Language::JavaScript | Language::TypeScript | Language::Tsx => {
                javascript::definitions(self)
            }
            Language::Rust => rust::definitions(self),
            Language::Go => go::definitions(self),
        }
    }

    /// Lists what the text imports, as it is written: `app.money`, `.money`, `./money.js`, `crate::money`.
    pub fn imports(&self) -> Vec<String> {
        match self.language {
            Language::Python => python::imports(self),
            Language::JavaScript | Language::TypeScript | Language::Tsx => {
                javascript::imports(self)
            }
            Language::Rust => rust::imports(self),
            Language::Go => go::imports(self),
        }
    }

    /// Returns what stands outside functions and tests, layout and comments left out: constants, what a module does when
    /// it is loaded, types, macros. Two texts that differ there differ in something that no stub reaches.
    pub fn outside(&self) -> String {
        match self.language {
            Language::Python => python::outside(self),
            Language::JavaScript | Language::TypeScript | Language::Tsx => {
                javascript::outside(self)
            }
            Language::Rust => rust::outside(self),
            Language::Go => go::outside(self),
        }
    }

    /// Lists the chains of attributes, of two names and more, in the order of the text; those in test items left out, and in
    /// Go all.
    pub fn chains(&self) -> Vec<Chain> {
        chains::chains(self)
    }

    /// Lists the items of a source file that are test and nothing else: in Rust those under exactly `#[cfg(test)]`; in
    /// the other languages none.
    pub fn test_items(&self) -> Vec<Range<usize>> {
        match self.language {
            Language::Rust => rust::test_items(self),
            _ => Vec::new(),
        }
    }

    /// Returns the text with the test items of another one instead of its own: those at the top at its end, those within
    /// modules, impl blocks and traits in the same ones of this text.
    pub fn joined(&self, tests: &Source<'_>) -> Joined {
        match (self.language, tests.language) {
            (Language::Rust, Language::Rust) => rust::joined(self, tests),
            _ => Joined {
                text: self.text.to_owned(),
                left_out: Vec::new(),
            },
        }
    }

    /// Replaces the bodies of the functions that `which` picks; the rest of the text stays as it is, to the byte, but
    /// that a language may need a line of its own at the top or end.
    pub fn stubbed(&self, stub: Stub, which: &dyn Fn(&Function) -> bool) -> Stubbed {
        self.stubbed_as(stub, "", which)
    }

    /// Replaces them as [`Self::stubbed`] does; what throws says `tag` before its name, which tells functions of several
    /// files apart. The tag is letters, digits and colons.
    pub fn stubbed_as(&self, stub: Stub, tag: &str, which: &dyn Fn(&Function) -> bool) -> Stubbed {
        stub::apply(self, stub, tag, which)
    }
}

//! The trees of the proof beside the base and the one to commit: the tests without their source, the source with its
//! bodies replaced, the old tests on the new source. All are composed from objects.

use std::collections::BTreeSet;
use std::ops::Range;

use super::functions;
use super::parts::{Item, Part, Parts};
use super::renamed;
use crate::git::{Entry, Error, Oid, Placed, Repository};
use crate::syntax::{Joined, Source, Stub, Stubbed};

/// What a stub replaces: the functions of one file, by name.
pub(super) type Reach<'a> = dyn Fn(&Part, &str) -> bool + 'a;

/// A tree with stubs.
#[derive(Debug, Default)]
pub(super) struct StubbedTree {
    /// The tree; none where there was nothing to replace.
    pub(super) tree: Option<Oid>,
    /// The functions that were replaced: file and name.
    pub(super) replaced: Vec<(String, String)>,
}

/// Composes R: the base with the tests, support, harness and manifests of the tree under test. `files` picks among the
/// test files; all else that is carried comes along.
///
/// # Errors
/// An object is missing or cannot be written.
pub(super) fn without_source(
    repository: &Repository,
    base: Option<Oid>,
    parts: &Parts,
    files: &dyn Fn(&str) -> bool,
) -> Result<Oid, Error> {
    let mut placed = Vec::new();
    for part in &parts.files {
        if part.is_carried() && (files(&part.path) || !holds_tests(part)) {
            if part.delta.old.is_some() && part.delta.new.is_some() && is_inline(part) {
                placed.extend(with_items_of_new(repository, part)?);
            } else {
                placed.push((part.delta.path.clone(), part.delta.new));
            }
        } else if part.is_source() && files(&part.path) {
            placed.extend(with_items_of_new(repository, part)?);
        }
    }
    repository.compose(base, &placed)
}

/// Composes S0 or S1: the tree under test with the bodies of its changed functions replaced, as far as `reach` goes.
///
/// # Errors
/// An object is missing or cannot be written.
pub(super) fn stubbed(
    repository: &Repository,
    tree: Oid,
    parts: &Parts,
    stub: Stub,
    reach: &Reach<'_>,
) -> Result<StubbedTree, Error> {
    let mut placed = Vec::new();
    let mut replaced = Vec::new();
    for part in parts.files.iter().filter(|part| part.is_source()) {
        let (Some(text), Some(entry), Some(language)) = (&part.new, part.delta.new, part.language)
        else {
            continue;
        };
        let names: BTreeSet<&str> = part
            .functions
            .iter()
            .map(|function| function.name.as_str())
            .filter(|name| reach(part, name))
            .collect();
        let Some(source) = Source::parse(language, text).filter(|_| !names.is_empty()) else {
            continue;
        };
        let Stubbed {
            text,
            replaced: done,
            ..
        } = source.stubbed_as(stub, &functions::tag(&part.path), &|function| {
            names.contains(function.name.as_str())
        });
        placed.push(blob(repository, part, entry, &text)?);
        replaced.extend(done.into_iter().map(|name| (part.path.clone(), name)));
    }
    let tree = match placed.as_slice() {
        [] => None,
        placed => Some(repository.compose(Some(tree), placed)?),
    };
    Ok(StubbedTree { tree, replaced })
}

/// Composes Q: the tree under test with the base's files of these tests; of a source file, with its test items. A source
/// file that has another name now stands under its old one too.
///
/// # Errors
/// An object is missing or cannot be written.
pub(super) fn with_old_tests(
    repository: &Repository,
    tree: Oid,
    parts: &Parts,
    old: &[&Item],
) -> Result<Oid, Error> {
    let is_old = |part: &&Part| old.iter().any(|item| item.target.file == part.path);
    let old_parts: Vec<&Part> = parts.files.iter().filter(is_old).collect();
    let tree = as_before(repository, tree, &old_parts)?;
    match renamed::under_old_names(parts).as_slice() {
        [] => Ok(tree),
        placed => repository.compose(Some(tree), placed),
    }
}

/// Composes the tree under test with the base's versions of these files; of a source file, with its test items.
///
/// # Errors
/// An object is missing or cannot be written.
pub(super) fn as_before(repository: &Repository, tree: Oid, parts: &[&Part]) -> Result<Oid, Error> {
    let mut placed = Vec::new();
    for part in parts {
        match (&part.old, &part.new, part.delta.new) {
            (Some(old), Some(new), Some(entry)) if is_inline(part) => {
                let text = joined(part, new, old).text;
                placed.push(blob(repository, part, entry, &text)?);
            }
            _ => placed.push((part.delta.path.clone(), part.delta.old)),
        }
    }
    repository.compose(Some(tree), &placed)
}

/// Whether tests and source share the file.
fn is_inline(part: &Part) -> bool {
    let has_items = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        !part.parsed(text, |source| source.test_items()).is_empty()
    };
    (part.is_source() || part.shares_source) && (has_items(&part.old) || has_items(&part.new))
}

fn holds_tests(part: &Part) -> bool {
    part.class == crate::policy::Class::Test
}

/// The base's source with the test items of the tree under test; nothing where the base has no such file.
fn with_items_of_new(repository: &Repository, part: &Part) -> Result<Option<Placed>, Error> {
    let (Some(old), Some(new), Some(entry)) = (&part.old, &part.new, part.delta.old) else {
        return Ok(None);
    };
    if !is_inline(part) {
        return Ok(None);
    }
    Ok(Some(blob(
        repository,
        part,
        entry,
        &joined(part, old, new).text,
    )?))
}

/// For want of what R has no place for a test that shares its file with source: the file, or the module in which the test
/// stands; none where it has one.
pub(super) fn wanting_before(part: &Part, path: &[String]) -> Option<String> {
    match (&part.old, &part.new) {
        (Some(old), Some(new)) => wanting(part, old, new, path),
        _ => part.delta.old.is_none().then(|| part.path.clone()),
    }
}

/// For want of what Q has no place for a test that shared its file with source: the module in which it stood; none where
/// it has one.
pub(super) fn wanting_now(part: &Part, path: &[String]) -> Option<String> {
    match (&part.old, &part.new) {
        (Some(old), Some(new)) if is_inline(part) => wanting(part, new, old, path),
        _ => None,
    }
}

/// The module of a test that stands in one text, and has no place in another.
fn wanting(part: &Part, source: &str, tests: &str, path: &[String]) -> Option<String> {
    let left_out = joined(part, source, tests).left_out;
    let tests = part.parsed(tests, |source| source.tests());
    let mut tests = tests.into_iter().filter(|test| test.path == path);
    let is_out = tests.any(|test| {
        let holds = |out: &Range<usize>| out.start <= test.range.start && test.range.end <= out.end;
        left_out.iter().any(holds)
    });
    is_out.then(|| path[..path.len().saturating_sub(1)].join("::"))
}

/// The source of one text with the test items of another.
fn joined(part: &Part, source: &str, tests: &str) -> Joined {
    part.parsed(source, |source| {
        part.parsed(tests, |tests| source.joined(tests))
    })
}

fn blob(repository: &Repository, part: &Part, entry: Entry, text: &str) -> Result<Placed, Error> {
    let oid = repository.write_blob(text.as_bytes())?;
    Ok((part.delta.path.clone(), Some(Entry { oid, ..entry })))
}

//! Seals: tests that QA left red, which the next source of their task must turn green as they are.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::below::Below;
use super::parts::Parts;
use crate::change::BrokenSeal;
use crate::evidence::statement::{RedGreen, SealedTest};
use crate::git::{Oid, Repository};
use crate::id::{BlobId, TaskId};
use crate::proof::Error;
use crate::proof::known::{Known, Sealed};
use crate::proof::request::Request;
use crate::proof::target::Target;

/// What is sealed for a change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open {
    /// The records, oldest first.
    pub(super) records: Vec<Named>,
    /// The sealed files, each with what the newest seal says it holds.
    pub(super) files: BTreeMap<String, Option<BlobId>>,
    /// The sealed tests.
    pub(super) tests: Vec<SealedTest>,
    /// What other tasks below have sealed, and the base holds so: it stays as it is until they turn it green.
    pub(super) of_others: BTreeMap<String, Option<BlobId>>,
}

/// The record of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Its name in the store.
    pub(super) name: String,
    /// When it was made.
    time: Option<Timestamp>,
}

impl Named {
    /// Says whether it was made before that proof.
    pub(super) fn is_before(&self, proof: &RedGreen) -> bool {
        self.time <= proof.time.parse().ok()
    }
}

impl Open {
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

/// Finds the seals that bind a change: those of its task that no commit below has spent, and that belong to what it
/// builds on: made on its branch, on its history or beside it, or of files that it touches or has as they were sealed. Of
/// two seals of one file the newer one counts. What other tasks have sealed below is to be left alone.
///
/// # Errors
/// The repository cannot be asked.
pub(crate) fn open(
    repository: &Repository,
    known: &Known,
    floor: Option<Oid>,
    request: &Request,
) -> Result<Open, Error> {
    if known.seals().is_empty() {
        return Ok(Open::default());
    }
    let below = Below::of(repository, known, floor, request)?;
    let mut seals: Vec<&Sealed> = known.seals().iter().collect();
    seals.sort_by_key(|sealed| (made_at(sealed), sealed.record.clone()));
    let mut own = Vec::new();
    let mut others: BTreeMap<&TaskId, Vec<&Sealed>> = BTreeMap::new();
    for sealed in seals {
        if request.task.as_ref() == Some(&sealed.seal.task) {
            if belongs(repository, sealed, &below, request)? {
                own.push(sealed);
            }
        } else if is_below(sealed, &below) {
            others.entry(&sealed.seal.task).or_default().push(sealed);
        }
    }
    let mut open = united(&own, &below);
    if let Some(base) = below.base {
        for seals in others.values() {
            let files = united(seals, &below).files;
            let changed = differing(repository, base, &files)?;
            let is_there = |path: &str| changed.iter().all(|broken| broken.path != path);
            open.of_others
                .extend(files.into_iter().filter(|(path, _)| is_there(path)));
        }
    }
    Ok(open)
}

fn made_at(sealed: &Sealed) -> Option<Timestamp> {
    sealed.seal.time.parse().ok()
}

/// The newest seal of each file and the tests that it holds, without what is spent.
fn united(seals: &[&Sealed], below: &Below) -> Open {
    let mut files: BTreeMap<&String, &Sealed> = BTreeMap::new();
    let mut tests: Vec<(&Sealed, &SealedTest)> = Vec::new();
    for &sealed in seals {
        let seal = &sealed.seal;
        tests.retain(|(_, test)| {
            let is_there_again = test.file.as_ref().is_some_and(|file| {
                seal.files.contains_key(file)
                    || seal.tests.iter().any(|new| new.file.as_ref() == Some(file))
            });
            !is_there_again && seal.tests.iter().all(|new| new.id != test.id)
        });
        tests.extend(seal.tests.iter().map(|test| (sealed, test)));
        files.extend(seal.files.keys().map(|path| (path, sealed)));
    }
    let is_open =
        |sealed: &Sealed, test: &SealedTest| !below.has_spent(&sealed.record, &test.check);
    let binds = |path: &String, sealed: &Sealed| {
        let tests = sealed.seal.tests.iter();
        let mut own = tests
            .filter(|test| test.file.as_ref() == Some(path))
            .peekable();
        match own.peek() {
            Some(_) => own.any(|test| is_open(sealed, test)),
            None => !below.has_spent_all(&sealed.record, &sealed.seal),
        }
    };
    Open {
        records: seals
            .iter()
            .filter(|sealed| !below.has_spent_all(&sealed.record, &sealed.seal))
            .map(|sealed| Named {
                name: sealed.record.clone(),
                time: made_at(sealed),
            })
            .collect(),
        tests: tests
            .into_iter()
            .filter(|(sealed, test)| is_open(sealed, test))
            .map(|(_, test)| test.clone())
            .collect(),
        files: files
            .into_iter()
            .filter(|(path, sealed)| binds(path, sealed))
            .map(|(path, sealed)| (path.clone(), sealed.seal.files[path].clone()))
            .collect(),
        of_others: BTreeMap::new(),
    }
}

fn belongs(
    repository: &Repository,
    sealed: &Sealed,
    below: &Below,
    request: &Request,
) -> Result<bool, Error> {
    let is_on_branch = sealed.seal.branch.is_some() && sealed.seal.branch == request.branch;
    if is_on_branch || is_below(sealed, below) {
        return Ok(true);
    }
    for tree in below.base.into_iter().chain([request.tree]) {
        if !sealed.seal.files.is_empty()
            && differing(repository, tree, &sealed.seal.files)?.is_empty()
        {
            return Ok(true);
        }
    }
    touches(repository, below.base, request.tree, &sealed.seal.files)
}

/// Says whether it was made on what stands below, or beside what stands on it.
fn is_below(sealed: &Sealed, below: &Below) -> bool {
    let base = sealed.seal.base.as_ref();
    below.holds(&sealed.tree) || base.is_some_and(|base| below.holds(base))
}

/// Says whether a change of `base` into `tree` changes one of these files.
fn touches(
    repository: &Repository,
    base: Option<Oid>,
    tree: Oid,
    files: &BTreeMap<String, Option<BlobId>>,
) -> Result<bool, Error> {
    for path in files.keys() {
        let found = |tree: Oid| repository.entry(tree, path.as_bytes());
        let before = base.map(found).transpose()?.flatten();
        if before.map(|entry| entry.oid) != found(tree)?.map(|entry| entry.oid) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The sealed files that a tree holds otherwise.
///
/// # Errors
/// An object is missing.
pub(super) fn broken(
    repository: &Repository,
    tree: Oid,
    open: &Open,
) -> Result<Vec<BrokenSeal>, Error> {
    let others = open.of_others.iter();
    let others = others.filter(|(path, _)| !open.files.contains_key(*path));
    let others = others.map(|(path, blob)| (path.clone(), blob.clone()));
    let mut broken = differing(repository, tree, &open.files)?;
    broken.extend(differing(repository, tree, &others.collect())?);
    Ok(broken)
}

/// The files that a tree holds otherwise than these say.
///
/// # Errors
/// An object is missing.
pub(super) fn differing(
    repository: &Repository,
    tree: Oid,
    files: &BTreeMap<String, Option<BlobId>>,
) -> Result<Vec<BrokenSeal>, Error> {
    let mut broken = Vec::new();
    for (path, sealed) in files {
        let entry = repository.entry(tree, path.as_bytes())?;
        let found = entry.map(|entry| BlobId::new(entry.oid.to_string()));
        if found != *sealed {
            broken.push(BrokenSeal {
                path: path.clone(),
                sealed: sealed.clone(),
                found,
                test: None,
            });
        }
    }
    Ok(broken)
}

/// The sealed tests of changed files that share them with source, and whose text is nowhere in the change.
pub(super) fn reworded<'o>(parts: &Parts, open: &'o Open) -> impl Iterator<Item = &'o SealedTest> {
    let edited = parts.edited.iter().map(|(_, new)| new);
    let items = parts.brought.iter().chain(&parts.unchanged).chain(edited);
    let says: BTreeSet<String> = items
        .filter_map(|item| item.digest().map(str::to_owned))
        .collect();
    let files: BTreeSet<String> = parts.files.iter().map(|part| part.path.clone()).collect();
    open.tests.iter().filter(move |test| {
        // A file that is left alone holds what it held.
        let is_touched = test.file.as_ref().is_some_and(|file| files.contains(file));
        let mut digest = test.digest.iter();
        is_touched && digest.any(|digest| !says.contains(digest))
    })
}

/// A sealed test as it is looked for.
pub(super) fn target(sealed: &SealedTest) -> Target {
    Target {
        file: sealed.file.clone().unwrap_or_default(),
        path: sealed.path.clone(),
        is_exact: true,
        ids: BTreeSet::from([sealed.id.clone()]).into_iter().collect(),
    }
}

//! Seals: tests that QA left red, which the next source of their task must turn green as they are.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;

use super::parts::{Item, Parts};
use super::prove::base_tree;
use crate::change::BrokenSeal;
use crate::evidence::envelope::Envelope;
use crate::evidence::statement::{Red, RedGreen, Seal, SealedTest, Statement};
use crate::git::{Oid, Repository};
use crate::id::{BlobId, TreeId};
use crate::policy::CheckBlock;
use crate::proof::known::{Known, Sealed};
use crate::proof::report::{FailureKind, TestCase};
use crate::proof::request::Request;
use crate::proof::target::Target;
use crate::proof::validation::Validator;
use crate::proof::{Error, seals, selection};

/// What is sealed for a change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open {
    /// The records, oldest first.
    pub(super) records: Vec<Named>,
    /// The sealed files, each with what the newest seal says it holds.
    pub(super) files: BTreeMap<String, Option<BlobId>>,
    /// The sealed tests.
    pub(super) tests: Vec<SealedTest>,
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
/// builds on: made on its branch, on a tree of its history, or of files that are there as they were sealed. Of two seals
/// of one file the newer one counts.
///
/// # Errors
/// The repository cannot be asked.
pub(crate) fn open(
    repository: &Repository,
    known: &Known,
    floor: Option<Oid>,
    request: &Request,
) -> Result<Open, Error> {
    let Some(task) = &request.task else {
        return Ok(Open::default());
    };
    let mut of_task: Vec<&Sealed> = known
        .seals()
        .iter()
        .filter(|sealed| sealed.seal.task == *task)
        .collect();
    if of_task.is_empty() {
        return Ok(Open::default());
    }
    let below = Below::of(repository, known, floor, request)?;
    let mut found = Vec::new();
    of_task.sort_by_key(|sealed| {
        (
            sealed.seal.time.parse::<Timestamp>().ok(),
            sealed.record.clone(),
        )
    });
    for sealed in of_task {
        if !below.spent.contains(&sealed.record) && belongs(repository, sealed, &below, request)? {
            found.push(sealed);
        }
    }
    Ok(united(&found))
}

/// The newest seal of each file, and the tests that it holds.
fn united(seals: &[&Sealed]) -> Open {
    let mut open = Open::default();
    for sealed in seals {
        let seal = &sealed.seal;
        open.tests.retain(|test| {
            let is_there_again = test.file.as_ref().is_some_and(|file| {
                seal.files.contains_key(file)
                    || seal.tests.iter().any(|new| new.file.as_ref() == Some(file))
            });
            !is_there_again && seal.tests.iter().all(|new| new.id != test.id)
        });
        open.tests.extend(seal.tests.iter().cloned());
        open.files.extend(seal.files.clone());
        open.records.push(Named {
            name: sealed.record.clone(),
            time: sealed.seal.time.parse().ok(),
        });
    }
    open
}

/// What stands below a change, down to what has landed.
struct Below {
    trees: HashSet<TreeId>,
    spent: HashSet<String>,
    base: Option<Oid>,
}

impl Below {
    fn of(
        repository: &Repository,
        known: &Known,
        floor: Option<Oid>,
        request: &Request,
    ) -> Result<Self, Error> {
        let mut below = Self {
            trees: HashSet::new(),
            spent: HashSet::new(),
            base: base_tree(repository, request)?,
        };
        let originals = seals::originals(repository);
        for oid in repository.commits_between(&request.parents, floor.as_slice())? {
            let mut seen = HashSet::new();
            let mut speaker = Some(oid);
            // A replayed commit is what its original was: its tree may be another one.
            while let Some(of) = speaker.filter(|&of| seen.insert(of) && repository.has_object(of))
            {
                below.take(repository, known, of)?;
                speaker = originals.get(&of).copied();
            }
        }
        Ok(below)
    }

    fn take(&mut self, repository: &Repository, known: &Known, oid: Oid) -> Result<(), Error> {
        let commit = repository.commit(oid)?;
        let tree = TreeId::new(commit.tree.to_string());
        let base = match commit.parents.first() {
            Some(&parent) if repository.has_object(parent) => {
                Some(TreeId::new(repository.commit(parent)?.tree.to_string()))
            }
            _ => None,
        };
        let proofs = known.proofs(&tree, base.as_ref());
        // The first commit with source that keeps a seal spends it; one that breaks it was refused or went round.
        let spending = proofs
            .filter(|record| record.proof.broken.is_empty() && !record.proof.sources.is_empty());
        self.spent
            .extend(spending.flat_map(|record| record.seals.iter().cloned()));
        self.trees.insert(tree);
        Ok(())
    }
}

fn belongs(
    repository: &Repository,
    sealed: &Sealed,
    below: &Below,
    request: &Request,
) -> Result<bool, Error> {
    let is_on_branch = sealed.seal.branch.is_some() && sealed.seal.branch == request.branch;
    if is_on_branch || below.trees.contains(&sealed.tree) {
        return Ok(true);
    }
    for tree in below.base.into_iter().chain([request.tree]) {
        if !sealed.seal.files.is_empty()
            && differing(repository, tree, &sealed.seal.files)?.is_empty()
        {
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
    differing(repository, tree, &open.files)
}

fn differing(
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

/// A sealed test as it is looked for.
pub(super) fn target(sealed: &SealedTest) -> Target {
    Target {
        file: sealed.file.clone().unwrap_or_default(),
        path: sealed.path.clone(),
        is_exact: true,
        ids: BTreeSet::from([sealed.id.clone()]).into_iter().collect(),
    }
}

/// Seals what fails in a change of tests alone, and lets go what an earlier seal of its task held in the same files. The
/// tree has passed its checks but for those tests. Nothing is written where there is nothing to seal or to let go.
///
/// # Errors
/// The record cannot be written.
pub fn seal(validator: &Validator<'_>, request: &Request) -> Result<Vec<SealedTest>, Error> {
    let (repository, force) = (validator.repository(), validator.force());
    let Some(task) = request.task.clone() else {
        return Ok(Vec::new());
    };
    let base = base_tree(repository, request)?;
    let parts = Parts::of(repository, &force.policy, base, request.tree)?;
    let mut tests = Vec::new();
    for check in request.scope.checks(&force.policy) {
        if let Some((_, pass)) = validator.find_keyed(request.tree, base, check)? {
            let ran = validator.results(request, check)?.unwrap_or_default().tests;
            let of = |id: &String| sealed(check, id, &ran, &parts);
            tests.extend(pass.sealed.iter().flat_map(of));
        }
    }
    let known = Known::read(repository, None)?;
    let open = open(repository, &known, Some(force.tip), request)?;
    let files = parts.sealed_files();
    let lets_go = files.keys().any(|path| open.files.contains_key(path));
    let is_kept = open
        .files
        .iter()
        .filter(|(path, _)| files.contains_key(*path))
        .count()
        == files.len()
        && differing(repository, request.tree, &open.files)?.is_empty()
        && tests
            .iter()
            .all(|test| open.tests.iter().any(|old| old.id == test.id));
    if (tests.is_empty() && !lets_go) || (is_kept && !tests.is_empty()) {
        return Ok(tests);
    }
    let seal = Seal {
        tool: concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")).to_owned(),
        time: Timestamp::now().to_string(),
        task,
        persona: request.persona.clone(),
        branch: request.branch.clone(),
        base: base.map(|base| TreeId::new(base.to_string())),
        policy: force.policy.number,
        blob: force.blob.clone(),
        files,
        tests: tests.clone(),
    };
    let tree = TreeId::new(request.tree.to_string());
    let statement = Statement::seal(&tree, seal);
    repository.add_records(&[Envelope::unsigned(&statement)?.to_line()?])?;
    Ok(tests)
}

/// The tests that an id stands for: one that fails, or all of a file or program that cannot be loaded; `ran` is what the
/// run reported.
fn sealed(check: &CheckBlock, id: &str, ran: &[TestCase], parts: &Parts) -> Vec<SealedTest> {
    let edited = parts.edited.iter().map(|(_, new)| new);
    let changed: Vec<&Item> = parts.brought.iter().chain(edited).collect();
    let all = || changed.iter().copied().chain(&parts.unchanged);
    let reported = ran.iter().find(|case| case.id == id);
    if let Some(case) = reported.filter(|case| case.kind != Some(FailureKind::Load)) {
        let one = std::slice::from_ref(case);
        let is_it = |item: &&Item| !selection::find(check, &item.target, one, None).is_empty();
        if let Some(item) = all().find(is_it) {
            return vec![as_sealed(check, id, item, parts, Red::Failed)];
        }
    }
    if let Some(item) = all().find(|item| item.target.name() == id) {
        // What no report names could not be built.
        let state = reported.map_or(Red::DoesNotCompile, |_| Red::Failed);
        return vec![as_sealed(check, id, item, parts, state)];
    }
    let load = TestCase {
        file: reported.and_then(|case| case.file.clone()),
        ..TestCase::failed(id, FailureKind::Load, "")
    };
    let load = std::slice::from_ref(&load);
    let is_in = |item: &&Item| selection::loading(check, &item.target, load, None).is_some();
    let waits = |item: &Item, state| as_sealed(check, &item.target.name(), item, parts, state);
    let own = changed.iter().copied().filter(is_in);
    let others = parts.unchanged.iter().filter(is_in);
    let found: Vec<SealedTest> = own
        .map(|item| waits(item, Red::DoesNotCompile))
        .chain(others.map(|item| waits(item, Red::Pending)))
        .collect();
    if !found.is_empty() {
        return found;
    }
    vec![SealedTest {
        check: check.name.clone(),
        id: id.to_owned(),
        file: None,
        path: Vec::new(),
        digest: None,
        state: Red::Failed,
        said: None,
    }]
}

fn as_sealed(check: &CheckBlock, id: &str, item: &Item, parts: &Parts, state: Red) -> SealedTest {
    let mut files = parts.files.iter();
    let part = files.find(|part| part.path == item.target.file);
    // A file with source in it will change: there the test's own text is sealed.
    let shares = part.is_some_and(|part| part.shares_source);
    let digest = item.test.as_ref().map(|test| test.digest.clone());
    SealedTest {
        check: check.name.clone(),
        id: id.to_owned(),
        file: Some(item.target.file.clone()),
        path: item.target.path.clone(),
        digest: digest.filter(|_| shares),
        state,
        said: None,
    }
}

//! Sealing: what QA leaves red is written down, with the files that make it so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::parts::{Item, Parts};
use super::prove::base_tree;
use super::seal::{Open, differing, open, reworded};
use crate::evidence::statement::{Red, Seal, SealedTest, Statement};
use crate::id::{BlobId, TreeId};
use crate::policy::CheckBlock;
use crate::proof::report::{FailureKind, TestCase};
use crate::proof::request::Request;
use crate::proof::validation::Validator;
use crate::proof::{Error, selection};

/// Who seals tests, and takes seals back; where nobody has spoken for a task yet, anybody does.
const SEALING: &str = "QA";

/// What sealing came to.
#[derive(Clone, Debug, Default)]
pub struct Sealing {
    /// The tests that are sealed.
    pub tests: Vec<SealedTest>,
    /// The sealed files that the change leaves otherwise, and whose seal stands: another than QA speaks for the task.
    pub standing: Vec<String>,
}

/// Returns the persona that speaks for the task of a request and that seals no tests.
pub fn other_than_qa(request: &Request) -> Option<&str> {
    let persona = request.persona.as_deref();
    persona.filter(|&persona| persona != SEALING)
}

/// Seals what fails in a change of tests alone, and lets go what an earlier seal of its task held in the same files: that
/// only as QA. The tree has passed its checks but for those tests. Nothing is written where there is nothing to seal or to
/// let go.
///
/// # Errors
/// The record cannot be written.
pub fn seal(validator: &Validator<'_>, request: &Request) -> Result<Sealing, Error> {
    let (repository, force) = (validator.repository(), validator.force());
    if request.task.is_none() {
        return Ok(Sealing::default());
    }
    let base = base_tree(repository, request)?;
    let parts = Parts::of(repository, &force.policy, base, request.tree)?;
    let known = validator.known()?;
    let open = open(repository, &known, Some(force.tip), request)?;
    let files = parts.sealed_files();
    if other_than_qa(request).is_some() {
        let standing = changed(validator, request, &parts, &open)?;
        if !standing.is_empty() {
            return Ok(Sealing {
                tests: Vec::new(),
                standing,
            });
        }
    }
    let mut tests = Vec::new();
    for check in request.scope.checks(&force.policy) {
        if let Some((_, pass)) = validator.find_keyed(request.tree, base, check)? {
            let ran = validator.results(request, check)?.unwrap_or_default().tests;
            let of = |id: &String| sealed(check, id, &ran, &parts, &open);
            tests.extend(pass.sealed.iter().flat_map(of));
        }
    }
    let lets_go = files.keys().any(|path| open.files.contains_key(path));
    let is_kept = files.keys().all(|path| open.files.contains_key(path))
        && differing(repository, request.tree, &open.files)?.is_empty()
        && tests
            .iter()
            .all(|test| open.tests.iter().any(|old| old.id == test.id));
    let is_nothing = tests.is_empty() && !lets_go;
    if !is_nothing && (!is_kept || tests.is_empty()) {
        write(validator, request, files, tests.clone())?;
    }
    Ok(Sealing {
        tests,
        standing: Vec::new(),
    })
}

/// Takes back what is sealed in files that the tree holds otherwise, or not at all, and that its change does not touch.
/// Returns those files.
///
/// # Errors
/// The record cannot be written.
pub fn take_back(validator: &Validator<'_>, request: &Request) -> Result<Vec<String>, Error> {
    let (repository, force) = (validator.repository(), validator.force());
    let base = base_tree(repository, request)?;
    let parts = Parts::of(repository, &force.policy, base, request.tree)?;
    let known = validator.known()?;
    let open = open(repository, &known, Some(force.tip), request)?;
    let anew = parts.sealed_files();
    let files: BTreeMap<String, Option<BlobId>> = differing(repository, request.tree, &open.files)?
        .into_iter()
        .filter(|seal| !anew.contains_key(&seal.path))
        .map(|seal| (seal.path, seal.found))
        .collect();
    if !files.is_empty() {
        write(validator, request, files.clone(), Vec::new())?;
    }
    Ok(files.into_keys().collect())
}

/// The sealed files, and the files of sealed tests, that a change leaves otherwise.
fn changed(
    validator: &Validator<'_>,
    request: &Request,
    parts: &Parts,
    open: &Open,
) -> Result<Vec<String>, Error> {
    let touched = parts.sealed_files();
    let differing = differing(validator.repository(), request.tree, &open.files)?;
    let files = differing.into_iter().map(|seal| seal.path);
    let mut found: BTreeSet<String> = files.filter(|path| touched.contains_key(path)).collect();
    found.extend(reworded(parts, open).filter_map(|test| test.file.clone()));
    Ok(found.into_iter().collect())
}

/// Writes the record of a seal.
fn write(
    validator: &Validator<'_>,
    request: &Request,
    files: BTreeMap<String, Option<BlobId>>,
    tests: Vec<SealedTest>,
) -> Result<(), Error> {
    let (repository, force) = (validator.repository(), validator.force());
    let Some(task) = request.task.clone() else {
        return Ok(());
    };
    let base = base_tree(repository, request)?;
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
        tests,
    };
    let tree = TreeId::new(request.tree.to_string());
    let statement = Statement::seal(&tree, seal);
    validator.record(statement)?;
    Ok(())
}

/// The tests that an id stands for: one that fails, or all of a file or program that cannot be loaded; `ran` is what the
/// run reported.
fn sealed(
    check: &CheckBlock,
    id: &str,
    ran: &[TestCase],
    parts: &Parts,
    open: &Open,
) -> Vec<SealedTest> {
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
    // A file that this change leaves alone is sealed by the commit that brought it, and so are its tests.
    let is_load = reported.is_some_and(|case| case.kind == Some(FailureKind::Load));
    if !found.is_empty() || is_load || open.tests.iter().any(|test| test.id == id) {
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

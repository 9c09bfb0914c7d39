//! Which tests are sealed on a commit on which the check did not run: those of the newest commit below that is recorded.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::known::Known;
use crate::evidence::ledger::{self, Class};
use crate::git::{InForce, Oid, Repository};
use crate::id::{CommitId, TreeId};
use crate::policy::{CheckBlock, CheckKind};

/// Lists the tests of a check that are sealed at `start`. A commit that the check leaves alone, and one that nobody
/// validated, turn no sealed test green; what `floor` reaches has landed, and nothing lands sealed. For a replayed commit
/// its original speaks.
///
/// # Errors
/// An object is missing.
pub(super) fn at(
    repository: &Repository,
    known: &Known,
    floor: Oid,
    start: Oid,
    check: &CheckBlock,
) -> Result<Vec<String>, Error> {
    let open: HashSet<Oid> = repository
        .commits_between(&[start], &[floor])?
        .into_iter()
        .collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let originals = known.originals(repository);
    let mut next = Some(start);
    while let Some(oid) = next.filter(|oid| open.contains(oid)) {
        let mut seen = HashSet::new();
        let mut speaker = Some(oid);
        while let Some(of) = speaker.filter(|&of| seen.insert(of) && repository.has_object(of)) {
            if let Some(sealed) = recorded(repository, known, of, check)? {
                return Ok(sealed);
            }
            speaker = originals.get(&of).copied();
        }
        next = repository.commit(oid)?.parents.first().copied();
    }
    Ok(Vec::new())
}

/// Lists the tests that wait at a commit for the source that turns them green: those sealed there, by any test check, each
/// once, in the reports' order.
///
/// # Errors
/// The records cannot be read, or an object is missing.
pub fn waiting(
    repository: &Repository,
    force: &InForce,
    commit: Oid,
) -> Result<Vec<String>, Error> {
    let known = Known::read_for(repository, &force.policy, None)?;
    let mut waiting: Vec<String> = Vec::new();
    let checks = force.policy.check.iter();
    for check in checks.filter(|check| check.kind == CheckKind::Test) {
        for test in at(repository, &known, force.tip, commit, check)? {
            if !waiting.contains(&test) {
                waiting.push(test);
            }
        }
    }
    Ok(waiting)
}

fn recorded(
    repository: &Repository,
    known: &Known,
    oid: Oid,
    check: &CheckBlock,
) -> Result<Option<Vec<String>>, Error> {
    let tree = |oid: Oid| Ok::<_, Error>(TreeId::new(repository.tree_of(oid)?.to_string()));
    let base = match repository.commit(oid)?.parents.first() {
        Some(&parent) if repository.has_object(parent) => Some(tree(parent)?),
        _ => None,
    };
    let sealed = known.sealed(&tree(oid)?, check, base.as_ref());
    Ok(sealed.map(<[String]>::to_vec))
}

/// What the ledger knows to be replayed, each with its original; a ledger that cannot be read knows nothing.
pub(super) fn originals(repository: &Repository) -> HashMap<Oid, Oid> {
    let Ok(ledger) = ledger::read(&repository.pdd_folder()) else {
        return HashMap::new();
    };
    let oid = |id: &CommitId| repository.oid(id.as_str()).ok();
    let replays = ledger.lines.iter().map(|line| &line.entry);
    replays
        .filter(|entry| entry.class == Some(Class::Replayed))
        .filter_map(|entry| Some((oid(entry.commit.as_ref()?)?, oid(entry.of.as_ref()?)?)))
        .collect()
}

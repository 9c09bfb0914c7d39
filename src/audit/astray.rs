//! What stands on the integration branches beside merges and workflow documents (PDD007), as far as this repository has
//! them.

use std::collections::HashMap;

use super::landing::{chain_commit, tracking_tips};
use crate::change::{Landing, Moment};
use crate::error::Error;
use crate::evidence::ledger::Ledger;
use crate::finding::Finding;
use crate::git::graph::{Graph, Place};
use crate::git::{Oid, Repository};
use crate::id::CommitId;
use crate::policy::Policy;
use crate::rules;

/// Judges the first-parent chains of the integration branches from the adoption on, as [`findings`] does, where nobody has
/// history in memory.
///
/// # Errors
/// An object is missing, or git cannot be asked.
pub(super) fn read(
    repository: &Repository,
    policy: &Policy,
    ledger: &Ledger,
    adoption: Option<Oid>,
) -> Result<HashMap<Oid, Vec<Finding>>, Error> {
    let branch = &policy.branch;
    let mut tips = tips(repository, &branch.integration)?;
    if policy.level("branch").is_none() || tips.is_empty() {
        return Ok(HashMap::new());
    }
    tips.extend(known_tips(repository, ledger, &branch.protected)?);
    tips.extend(adoption);
    let graph = repository.graph(&tips)?;
    let adoption = adoption.and_then(|oid| graph.find(oid));
    findings(repository, &graph, policy, ledger, adoption)
}

/// Judges the first-parent chains of the integration branches from the adoption on; by commit.
///
/// # Errors
/// An object is missing, or git cannot be asked.
pub(super) fn findings(
    repository: &Repository,
    graph: &Graph,
    policy: &Policy,
    ledger: &Ledger,
    adoption: Option<Place>,
) -> Result<HashMap<Oid, Vec<Finding>>, Error> {
    let mut found = HashMap::new();
    let branches = &policy.branch;
    if policy.level("branch").is_none() || branches.integration.is_empty() {
        return Ok(found);
    }
    let protected = known_tips(repository, ledger, &branches.protected)?;
    let protected = protected.into_iter().filter_map(|tip| graph.find(tip));
    let contained = graph.reach(protected.chain(adoption));
    for branch in &branches.integration {
        let reference = format!("refs/heads/{branch}");
        for tip in tips(repository, std::slice::from_ref(branch))? {
            let chain = graph.find(tip).into_iter();
            let chain = chain.flat_map(|tip| graph.first_parents(tip));
            for place in chain.take_while(|&place| !contained.holds(place)) {
                if graph.count_parents(place) > 1 || found.contains_key(&graph.id(place)) {
                    continue;
                }
                let commit = repository.commit(graph.id(place))?;
                let alone = Landing {
                    to: Some(CommitId::new(commit.id.to_string())),
                    chain: vec![chain_commit(repository, policy, &commit)?],
                    ..Landing::bare(&reference, Moment::Audit)
                };
                found.insert(commit.id, rules::run_landing(&alone, policy));
            }
        }
    }
    Ok(found)
}

/// Where branches stand, here and at their remotes.
fn tips(repository: &Repository, branches: &[String]) -> Result<Vec<Oid>, Error> {
    let mut found = Vec::new();
    for branch in branches {
        let mut names = repository.tracking_names(branch)?;
        names.push(format!("refs/heads/{branch}"));
        for name in names {
            found.extend(repository.find_commit_at(&name)?);
        }
    }
    Ok(found)
}

/// Where branches stand, less the remote-tracking ones that somebody moved by hand: they excuse nothing.
fn known_tips(
    repository: &Repository,
    ledger: &Ledger,
    branches: &[String],
) -> Result<Vec<Oid>, Error> {
    let mut found = Vec::new();
    for branch in branches {
        found.extend(repository.find_commit_at(&format!("refs/heads/{branch}"))?);
        found.extend(tracking_tips(repository, ledger, branch)?);
    }
    Ok(found)
}

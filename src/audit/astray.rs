//! What stands on the integration branches beside merges and workflow documents (PDD007), as far as this repository has
//! them.

use std::collections::HashMap;

use super::landing::chain_commit;
use crate::change::{Landing, Moment};
use crate::error::Error;
use crate::finding::Finding;
use crate::git::graph::{Graph, Place};
use crate::git::{Oid, Repository};
use crate::id::CommitId;
use crate::policy::Policy;
use crate::rules;

/// Judges the first-parent chains of the integration branches from the adoption on; by commit.
///
/// # Errors
/// An object is missing, or git cannot be asked.
pub(super) fn findings(
    repository: &Repository,
    graph: &Graph,
    policy: &Policy,
    adoption: Option<Place>,
) -> Result<HashMap<Oid, Vec<Finding>>, Error> {
    let mut found = HashMap::new();
    if policy.level("branch").is_none() || policy.branch.integration.is_empty() {
        return Ok(found);
    }
    let mut contained: Vec<Place> = adoption.into_iter().collect();
    for branch in &policy.branch.protected {
        contained.extend(tips(repository, graph, branch)?);
    }
    let contained = graph.reach(contained);
    for branch in &policy.branch.integration {
        let reference = format!("refs/heads/{branch}");
        for tip in tips(repository, graph, branch)? {
            let chain = graph.first_parents(tip);
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

/// Where a branch stands, here and at its remotes.
fn tips(repository: &Repository, graph: &Graph, branch: &str) -> Result<Vec<Place>, Error> {
    let mut names = repository.tracking_names(branch)?;
    names.push(format!("refs/heads/{branch}"));
    let mut found = Vec::new();
    for name in names {
        let tip = repository.find_commit_at(&name)?;
        found.extend(tip.and_then(|tip| graph.find(tip)));
    }
    Ok(found)
}

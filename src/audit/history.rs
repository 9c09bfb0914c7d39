//! A range of history judged: each commit by the policy that was in force for it.

use std::collections::HashMap;

use super::class::{self, Made};
use super::judge::Judge;
use super::report::{PolicyName, Report, Row};
use crate::change::Branch;
use crate::error::Error;
use crate::evidence::ledger;
use crate::git::{Error as GitError, InForce, Oid, Repository};
use crate::policy::Policy;

/// What to judge.
#[derive(Debug)]
pub struct Request<'a> {
    /// The commits, parents before children.
    pub commits: Vec<Oid>,
    /// What was asked for, for the report.
    pub range: Option<String>,
    /// The policy in force now.
    pub force: &'a InForce,
    /// A policy that judges everything as if it had been in force.
    pub assumed: Option<&'a Policy>,
}

/// Judges the commits.
///
/// # Errors
/// An object is missing, or a policy is bad.
pub fn judge(repository: &Repository, request: Request<'_>) -> Result<Report, Error> {
    let ledger = ledger::read(&repository.pdd_folder())?;
    let adoption = match request.assumed {
        Some(_) => None,
        None => repository.adoption(request.force.tip)?,
    };
    if let Some(adoption) = adoption
        && let Some(oid) = repository.hidden_beyond_edge(&request.commits, adoption)?
    {
        return Err(GitError::Shallow {
            oid: oid.to_string(),
        }
        .into());
    }
    let judge = Judge::new(repository, &ledger, adoption, &request.commits)?;
    let made = Made::read(repository)?;
    let landed = match request.assumed {
        Some(_) => HashMap::new(),
        None => landed(repository, request.force, adoption, &request.commits)?,
    };
    let mut policies: HashMap<Oid, Policy> = HashMap::new();
    let mut rows = Vec::new();
    for &oid in &request.commits {
        let policy = match (request.assumed, landed.get(&oid)) {
            (Some(policy), _) => policy,
            (None, Some(&before)) => match policies.entry(before) {
                std::collections::hash_map::Entry::Occupied(found) => found.into_mut(),
                std::collections::hash_map::Entry::Vacant(slot) => {
                    let found = match repository.policy_at(before, &request.force.branch) {
                        // It has been mended since; until then nothing could be judged by it.
                        Err(GitError::Policy(_)) => None,
                        found => found?,
                    };
                    slot.insert(
                        found.map_or_else(|| request.force.policy.clone(), |found| found.policy),
                    )
                }
            },
            (None, None) => &request.force.policy,
        };
        let judged = judge.judge(oid, policy, Branch::Unknown)?;
        let line = judge.line(&crate::id::CommitId::new(oid.to_string()));
        let (class, how) = class::of(&judged, line, &made);
        let personas = line
            .map(|line| line.entry.personas.clone())
            .unwrap_or_default();
        rows.push(Row::of(judged, class, how, personas));
    }
    let policy = match request.assumed {
        Some(policy) => PolicyName {
            number: policy.number,
            blob: None,
        },
        None => PolicyName::of(request.force),
    };
    Ok(Report::new(request.range, policy, rows, ledger.faults))
}

/// For each landed commit the old tip of the landing that brought it: the step of the protected branch's first-parent
/// chain at which it appears.
fn landed(
    repository: &Repository,
    force: &InForce,
    adoption: Option<Oid>,
    commits: &[Oid],
) -> Result<HashMap<Oid, Oid>, Error> {
    let mut open: std::collections::HashSet<Oid> = commits.iter().copied().collect();
    let mut landed = HashMap::new();
    let mut chain = Vec::new();
    for commit in repository.first_parents(force.tip) {
        let commit = commit?;
        let is_adoption = adoption == Some(commit.id);
        chain.push(commit);
        if is_adoption {
            break;
        }
    }
    for step in chain.windows(2) {
        let [now, before] = step else { continue };
        if open.is_empty() {
            break;
        }
        let side: Vec<Oid> = now.parents.iter().skip(1).copied().collect();
        if open.remove(&now.id) {
            landed.insert(now.id, before.id);
        }
        if side.is_empty() {
            continue;
        }
        for oid in repository.commits_between(&side, &[before.id])? {
            if open.remove(&oid) {
                landed.insert(oid, before.id);
            }
        }
    }
    Ok(landed)
}

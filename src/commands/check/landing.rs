//! The range as a landing: from where to where, and what the server would say to it.

use std::collections::HashSet;

use crate::audit::arrival::{Arrival, Seat};
use crate::audit::landing::Move;
use crate::audit::recompute::Recompute;
use crate::change::Moment;
use crate::error::{CommandError, Error};
use crate::evidence::ledger::Ledger;
use crate::git::{Error as GitError, InForce, Oid, Repository};
use crate::id::CommitId;
use crate::policy::Policy;

/// What lands, and from where.
pub(super) struct Line {
    /// Where the branch stands, or stood.
    from: Oid,
    /// Where it goes, or went.
    pub(super) to: Oid,
    /// All that this brings, parents before children.
    brought: Vec<Oid>,
}

impl Line {
    /// Lands the end of the range on the branch as it stands; what has landed already lands from where the range begins.
    /// All of history must be there: what is cut off could be anything.
    pub(super) fn of(
        repository: &Repository,
        force: &InForce,
        range: &str,
        commits: &[Oid],
        to: Oid,
    ) -> Result<Self, Error> {
        if range.contains("...") {
            let range = range.to_owned();
            return Err(CommandError::ReadLanding { range }.into());
        }
        let seen: Vec<Oid> = commits.iter().copied().chain([force.tip]).collect();
        if let Some(oid) = repository.cut_below(&seen, &[])? {
            let oid = oid.to_string();
            return Err(GitError::Shallow { oid }.into());
        }
        let from = match repository.is_ancestor(to, force.tip)? {
            true => landed_from(repository, force, range, to)?,
            false => force.tip,
        };
        Ok(Self {
            from,
            to,
            brought: repository.commits_between(&[to], &[from])?,
        })
    }

    /// The commits of the range and all others that the landing brings: a server judges the whole of it.
    pub(super) fn whole(&self, commits: &[Oid]) -> Vec<Oid> {
        let brought: HashSet<&Oid> = self.brought.iter().collect();
        let others = commits.iter().filter(|oid| !brought.contains(oid));
        others.chain(&self.brought).copied().collect()
    }

    /// Asks what the server would say.
    pub(super) fn arrival<'a>(
        &self,
        repository: &'a Repository,
        force: &InForce,
        ledger: &'a Ledger,
        recompute: Option<&'a Recompute<'a>>,
        commits: &[Oid],
    ) -> Result<Arrival<'a>, Error> {
        if let Some(recompute) = recompute {
            // What the landing brings is run when it is known by which policy.
            let brought: HashSet<&Oid> = self.brought.iter().collect();
            let others = commits.iter().filter(|oid| !brought.contains(oid));
            let others: Vec<Oid> = others.copied().collect();
            recompute.run(force, &others, None)?;
        }
        let reference = format!("refs/heads/{}", force.branch);
        let movement = Move {
            reference: &reference,
            from: Some(self.from),
            to: Some(self.to),
            also_known: &[],
            replaced_by: None,
        };
        let mut seat = Seat::new(repository, ledger, Moment::Receive);
        seat.recompute = recompute;
        seat.arrival(force, &movement)
    }
}

/// From where a landing that has been judged began: both its ends were tips of the branch, or nobody can say by which
/// policy it was judged.
fn landed_from(
    repository: &Repository,
    force: &InForce,
    range: &str,
    to: Oid,
) -> Result<Oid, Error> {
    let from = match range.split_once("..") {
        Some(("", _)) => repository.resolve("HEAD")?,
        Some((begin, _)) => repository.resolve(begin)?,
        None => match repository.commit(to)?.parents.first() {
            Some(&parent) => parent,
            None => to,
        },
    };
    let mut missing = vec![from, to];
    for commit in repository.first_parents(force.tip) {
        let commit = commit?;
        missing.retain(|oid| *oid != commit.id);
        if missing.is_empty() {
            return Ok(from);
        }
    }
    let never = missing.first().copied().unwrap_or(to);
    Err(CommandError::FindTip {
        commit: CommitId::new(never.to_string()),
        branch: force.branch.clone(),
    }
    .into())
}

/// Says that a clone brings no records, where the policy asks for some and this repository, which has a remote, has none.
pub(super) fn nothing_recorded(
    repository: &Repository,
    policy: &Policy,
) -> Result<Option<String>, Error> {
    let mut rules = ["validation", "red-first", "approval"].into_iter();
    let asks = rules.any(|rule| policy.level(rule).is_some());
    let is_empty = asks
        && !repository.commits_below("refs/remotes/")?.is_empty()
        && repository.list_records(None)?.is_empty();
    Ok(is_empty.then(|| {
        "nothing is recorded in this clone; `pdd-hooks evidence fetch` brings what the remote has"
            .to_owned()
    }))
}

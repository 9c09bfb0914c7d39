//! The step of a protected branch that is spoken of: where the branch stands, what lands, and the tree that it will have.

use crate::audit::landing::tracking_tips;
use crate::change::Role;
use crate::error::{Error, LandingError};
use crate::evidence::ledger::Ledger;
use crate::git::{InForce, Oid, Repository};
use crate::id::CommitId;

/// One step of one protected branch.
#[derive(Debug)]
pub(in crate::commands) struct Step {
    /// The branch, without `refs/heads/`.
    pub(in crate::commands) branch: String,
    /// Its full name.
    pub(in crate::commands) reference: String,
    /// The policy at `from`: it judges.
    pub(in crate::commands) force: InForce,
    /// The tip that the branch moves from.
    pub(in crate::commands) from: Oid,
    /// The commit that lands.
    pub(in crate::commands) head: Oid,
    /// The tree that the branch will have.
    pub(in crate::commands) to: Oid,
    /// Whether the branch simply moves on to `head`.
    pub(in crate::commands) is_fast_forward: bool,
    /// Whether the local branch stands at `from` and not behind it.
    pub(in crate::commands) is_local: bool,
    /// Whether what lands was given as the name of a branch.
    pub(in crate::commands) is_branch: bool,
}

/// What becomes of a step whose merge has to be settled by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Conflicts {
    /// It is an error: nobody knows what would land.
    Refuse,
    /// The tree of the commit that lands stands for it.
    TakeHead,
}

/// Where a protected branch stands.
#[derive(Debug)]
pub(in crate::commands) struct Stand {
    /// The branch, without `refs/heads/`.
    pub(in crate::commands) branch: String,
    /// The policy there.
    pub(in crate::commands) force: InForce,
    /// The tip.
    pub(in crate::commands) tip: Oid,
    /// Whether the local branch stands there.
    pub(in crate::commands) is_local: bool,
}

impl Stand {
    /// Finds where a protected branch stands: of the local branch and its remote-tracking branches the tip that contains
    /// the others.
    ///
    /// # Errors
    /// There is no such branch, it has diverged, or no policy protects it.
    pub(in crate::commands) fn find(
        repository: &Repository,
        ledger: &Ledger,
        branch: &str,
    ) -> Result<Self, Error> {
        let branch = branch.strip_prefix("refs/heads/").unwrap_or(branch);
        let local = format!("refs/heads/{branch}");
        let mut tips = Vec::new();
        let own = repository.find_commit_at(&local)?;
        tips.extend(own.map(|tip| (local, tip)));
        let believed = tracking_tips(repository, ledger, branch)?;
        for name in repository.tracking_names(branch)? {
            let tip = repository.find_commit_at(&name)?;
            tips.extend(
                tip.filter(|tip| believed.contains(tip))
                    .map(|tip| (name, tip)),
            );
        }
        let tip = newest(repository, branch, &tips)?;
        let force = repository.policy_at(tip, branch)?.ok_or(Error::NoPolicy)?;
        if force.policy.role(branch, &[]) != Role::Protected {
            return Err(LandingError::Protect {
                branch: branch.into(),
                protected: force.policy.branch.protected,
            }
            .into());
        }
        Ok(Self {
            branch: branch.into(),
            force,
            tip,
            is_local: own == Some(tip),
        })
    }
}

/// The tip that contains the others.
fn newest(repository: &Repository, branch: &str, tips: &[(String, Oid)]) -> Result<Oid, Error> {
    let branch = || branch.to_owned();
    for &(_, tip) in tips {
        let mut contains_all = true;
        for &(_, other) in tips {
            contains_all &= repository.is_ancestor(other, tip)?;
        }
        if contains_all {
            return Ok(tip);
        }
    }
    let names: Vec<String> = tips.iter().map(|(name, _)| name.clone()).collect();
    Err(match names.is_empty() {
        true => LandingError::FindBranch { branch: branch() },
        false => LandingError::Diverge {
            branch: branch(),
            names,
        },
    }
    .into())
}

impl Step {
    /// Finds the step by which a revision lands on a branch.
    ///
    /// # Errors
    /// As [`Stand::find`]; the branch contains the revision, or, where conflicts are refused, the merge has some.
    pub(in crate::commands) fn find(
        repository: &Repository,
        ledger: &Ledger,
        branch: &str,
        revision: &str,
        conflicts: Conflicts,
    ) -> Result<Self, Error> {
        let stand = Stand::find(repository, ledger, branch)?;
        let (from, branch) = (stand.tip, stand.branch);
        let head = repository.resolve(revision)?;
        let named = repository.find_commit_at(&format!("refs/heads/{revision}"))?;
        let is_branch = named == Some(head);
        let revision = revision.to_owned();
        if repository.is_ancestor(head, from)? {
            return Err(LandingError::Contain { branch, revision }.into());
        }
        let is_fast_forward = repository.is_ancestor(from, head)?;
        let mut to = repository.tree_of(head)?;
        if !is_fast_forward {
            let merged = repository.merged(from, head)?;
            if merged.conflicts.is_empty() {
                to = merged.tree;
            } else if conflicts == Conflicts::Refuse {
                let path = |path: &Vec<u8>| String::from_utf8_lossy(path).into_owned();
                let paths = merged.conflicts.iter().map(path).collect();
                return Err(LandingError::Conflict {
                    branch,
                    revision,
                    paths,
                }
                .into());
            }
        }
        Ok(Self {
            reference: format!("refs/heads/{branch}"),
            branch,
            force: stand.force,
            from,
            head,
            to,
            is_fast_forward,
            is_local: stand.is_local,
            is_branch,
        })
    }

    /// Returns the command that lands `revision`, which is what was approved.
    pub(in crate::commands) fn landing(&self, revision: &str) -> String {
        let pull = if self.is_local { "" } else { "git pull && " };
        let (branch, merge) = (&self.branch, self.name(revision));
        format!("git switch {branch} && {pull}git merge {merge}")
    }

    /// Names what lands so that it is the same wherever `HEAD` goes.
    pub(in crate::commands) fn name(&self, revision: &str) -> String {
        match self.is_branch {
            true => revision.to_owned(),
            false => CommitId::new(self.head.to_string()).short().to_owned(),
        }
    }
}

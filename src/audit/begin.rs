//! Where a landing begins, and by whose policy: the old tip, the adoption that comes with it, or the branch that a new one is
//! made beside; and the first signers of a server.

use super::approval::SignersAt;
use super::arrival::{Seat, branch_of};
use super::landing::{Move, tracking_tips};
use crate::change::{ApprovalState, Landing, Moment, Role};
use crate::error::Error;
use crate::evidence::signers::Namespace;
use crate::git::{Error as GitError, InForce, Oid};
use crate::policy::Policy;

/// The commit from which on a landing is judged, and its policy.
pub(super) struct Begin {
    pub(super) commit: Oid,
    pub(super) force: InForce,
    pub(super) is_adoption: bool,
}

impl Begin {
    /// Protects what the policy in force does, too: an older one may not know of it yet.
    fn protecting(mut self, policy: &Policy) -> Self {
        let protected = &mut self.force.policy.branch.protected;
        for name in &policy.branch.protected {
            if !protected.contains(name) {
                protected.push(name.clone());
            }
        }
        self
    }
}

impl Seat<'_> {
    /// Where the landing begins: the old tip, or the adoption that comes with it; none where it is no protected branch that
    /// moves on.
    pub(super) fn begin(
        &self,
        force: &InForce,
        movement: &Move<'_>,
    ) -> Result<Option<Begin>, Error> {
        let branch = movement.reference.strip_prefix("refs/heads/");
        let (Some(branch), Some(to)) = (branch, movement.to) else {
            return Ok(None);
        };
        let repository = self.repository;
        let known = |from: &Oid| matches!(repository.peel(*from), Ok(Some(_)));
        let from = movement.from.filter(known);
        let begin = match self.found(force, branch, from)? {
            Some(found) => Begin {
                commit: found.tip,
                force: found,
                is_adoption: false,
            },
            None => match self.adopted(force, branch, from, to)? {
                Some(begin) => begin,
                None => return Ok(None),
            },
        };
        let is_protected = |policy: &Policy| policy.role(branch, &[]) == Role::Protected;
        if !is_protected(&begin.force.policy) && !is_protected(&force.policy) {
            return Ok(None);
        }
        Ok(Some(begin.protecting(&force.policy)))
    }

    /// The policy at an old tip. One that cannot be read is no reason to refuse the pull that mends it; a server created a
    /// branch beside one that has a policy from that one's tip.
    fn found(
        &self,
        force: &InForce,
        branch: &str,
        from: Option<Oid>,
    ) -> Result<Option<InForce>, Error> {
        let Some(from) = from else {
            let is_beside = self.moment == Moment::Receive && self.was_in_force;
            return Ok(is_beside.then(|| force.clone()));
        };
        match self.repository.policy_at(from, branch) {
            Err(GitError::Policy(_)) if self.moment == Moment::Commit => Ok(Some(InForce {
                tip: from,
                ..force.clone()
            })),
            found => Ok(found?),
        }
    }

    /// What a branch without a policy begins with: the adoption that it is brought.
    fn adopted(
        &self,
        force: &InForce,
        branch: &str,
        from: Option<Oid>,
        to: Oid,
    ) -> Result<Option<Begin>, Error> {
        let repository = self.repository;
        let adoption = match repository.adoption(to)? {
            Some(adoption) => repository.policy_at(adoption, branch)?,
            None => None,
        };
        Ok(match (adoption, from) {
            // A branch that is created is what it is; one that adopts is judged from there on.
            (Some(found), from) => Some(Begin {
                commit: if from.is_some() { found.tip } else { to },
                force: found,
                is_adoption: true,
            }),
            // It has no policy and is brought none: the one of another branch protects it, and lists nobody here.
            (None, Some(from)) => Some(Begin {
                commit: from,
                force: force.clone(),
                is_adoption: false,
            }),
            (None, None) => None,
        })
    }

    /// Whether the branch itself, elsewhere, or the one that a new branch is made beside, holds what moves.
    pub(super) fn has_landed(
        &self,
        landing: &Landing,
        begin: &Begin,
        to: Oid,
    ) -> Result<bool, Error> {
        let repository = self.repository;
        if self.moment == Moment::Push {
            for tip in tracking_tips(repository, self.ledger, branch_of(landing))? {
                if repository.is_ancestor(to, tip)? {
                    return Ok(true);
                }
            }
        }
        if landing.from.is_some() || begin.is_adoption {
            return Ok(false);
        }
        for commit in repository.first_parents(begin.commit) {
            if commit?.id == to {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The first signers on a server, against those it was told of.
    pub(super) fn begun(&self, begin: &Begin, to: Oid) -> Result<ApprovalState, Error> {
        let is_asked = begin.is_adoption && begin.force.policy.level("approval").is_some();
        let Some(pins) = self.pins.as_ref().filter(|_| is_asked) else {
            return Ok(ApprovalState::Undecided);
        };
        let policy = self.repository.policy_at(to, &begin.force.branch)?;
        let policy = policy.map_or_else(|| begin.force.policy.clone(), |found| found.policy);
        Ok(match SignersAt::commit(self.repository, &policy, to)? {
            SignersAt::Missing => ApprovalState::Undecided,
            SignersAt::Unreadable(why) => ApprovalState::BegunUnreadable(why),
            SignersAt::Listed(signers) => {
                let mut keys = signers.keys(Namespace::Approval);
                keys.retain(|key| !pins.contains(key));
                match keys.is_empty() {
                    true => ApprovalState::Undecided,
                    false => ApprovalState::Begun(keys),
                }
            }
        })
    }
}

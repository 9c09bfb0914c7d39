//! The policy in force: the one at the tip of the protected branch, never the one of the change itself (DESIGN.md,
//! section 3).

use git2::Oid;

use super::tree::FOLDER;
use super::{Error, Repository};
use crate::evidence::ledger;
use crate::id::BlobId;
use crate::policy::Policy;

/// The name of the policy file, at the top of the repository.
pub const POLICY_FILE: &str = ".pdd.toml";

/// A policy and where it stands.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The policy; its protected branches hold `pdd.protected` too.
    pub policy: Policy,
    /// The blob it was read from.
    pub blob: BlobId,
    /// The branch it was found by, without `refs/heads/`.
    pub branch: String,
    /// The commit that holds it.
    pub tip: Oid,
}

impl Repository {
    /// Finds the policy in force; none where no protected branch holds one.
    ///
    /// The first of the [`Self::protected_candidates`] that holds a policy decides, so that a branch made up later under
    /// one of the other names cannot outbid it; of that branch and its remote-tracking branches the higher number
    /// counts.
    ///
    /// # Errors
    /// The policy is bad, git cannot be asked, or there was a policy and no such branch holds it: `HEAD` does while
    /// none of them exists, or the ledger says that commits were judged here.
    pub fn policy_in_force(&self) -> Result<Option<InForce>, Error> {
        let names = self.protected_candidates()?;
        let mut exists = false;
        for name in &names {
            let (found, any) = self.policy_of_branch(name)?;
            exists |= any;
            if found.is_some() {
                return Ok(found);
            }
        }
        let names = names.join(", ");
        if !exists && (self.head_holds_policy()? || self.was_in_force()) {
            return Err(Error::NoProtectedBranch { names });
        }
        if self.was_in_force() {
            return Err(Error::LostPolicy { names });
        }
        Ok(None)
    }

    fn head_holds_policy(&self) -> Result<bool, Error> {
        let Some(head) = self.head()?.commit else {
            return Ok(false);
        };
        let tree = self.tree_of(head)?;
        Ok(self.entry(tree, POLICY_FILE.as_bytes())?.is_some())
    }

    /// Whether the hooks judged something here: then a policy that is gone was not put aside by its own rules.
    fn was_in_force(&self) -> bool {
        ledger::read(&self.pdd_folder()).is_ok_and(|ledger| {
            let mut lines = ledger.lines.iter();
            lines.any(|line| line.entry.policy.is_some())
        })
    }

    /// Returns the names under which a protected branch is looked for, in the order in which they are.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn protected_candidates(&self) -> Result<Vec<String>, Error> {
        let mut names = vec!["main".to_owned(), "master".to_owned()];
        // `git remote set-head` is lightly done: it comes after what `install` wrote down.
        names.extend(self.config_values("pdd.protected")?);
        if self.is_bare() {
            let head = self.symbolic_target("HEAD")?;
            let head = head.and_then(|name| name.strip_prefix("refs/heads/").map(str::to_owned));
            names.extend(head);
        } else if let Some(target) = self.symbolic_target("refs/remotes/origin/HEAD")?
            && let Some(name) = target.strip_prefix("refs/remotes/origin/")
        {
            names.push(name.to_owned());
        }
        let mut seen = Vec::new();
        names.retain(|name| {
            let is_new = !seen.contains(name);
            seen.push(name.clone());
            is_new
        });
        Ok(names)
    }

    /// Returns the policy in force, with the names under which one would be found before it among the protected ones: a
    /// branch made up under such a name would bring a policy of its own.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn guarding(&self, force: &InForce) -> Result<Policy, Error> {
        let names = self.protected_candidates()?;
        let earlier = names.into_iter().take_while(|name| name != &force.branch);
        let mut policy = force.policy.clone();
        for name in earlier {
            if !policy.branch.protected.contains(&name) {
                policy.branch.protected.push(name);
            }
        }
        Ok(policy)
    }

    /// Finds the policy at the tip of one branch or of its remote-tracking branches; also says whether any exists.
    ///
    /// # Errors
    /// The policy is bad, or git cannot be asked.
    pub fn policy_of_branch(&self, branch: &str) -> Result<(Option<InForce>, bool), Error> {
        let local = format!("refs/heads/{branch}");
        let mut references = vec![local.clone()];
        references.extend(self.tracking_names(branch)?);
        let mut best: Option<InForce> = None;
        let mut exists = false;
        for reference in references {
            // Another name of some branch: where that one is protected it is asked for by its own.
            let is_alias = reference == local && self.symbolic_target(&local)?.is_some();
            let Some(tip) = self.find_commit_at(&reference)?.filter(|_| !is_alias) else {
                continue;
            };
            exists = true;
            if best.as_ref().is_some_and(|best| best.tip == tip) {
                continue;
            }
            if let Some(found) = self.policy_at(tip, branch)?
                && best
                    .as_ref()
                    .is_none_or(|best| best.policy.number < found.policy.number)
                && (reference == local || !self.is_made_up(&reference, tip))
            {
                best = Some(found);
            }
        }
        Ok((best, exists))
    }

    /// Whether the ledger saw a remote-tracking branch moved to where it stands by something else than a transfer.
    fn is_made_up(&self, reference: &str, tip: Oid) -> bool {
        ledger::read(&self.pdd_folder())
            .is_ok_and(|ledger| ledger.moved_by_hand(reference, &tip.to_string()))
    }

    /// Reads the policy that a commit holds; `branch` names it in errors.
    ///
    /// # Errors
    /// The policy is bad, or git cannot be asked.
    pub fn policy_at(&self, commit: Oid, branch: &str) -> Result<Option<InForce>, Error> {
        let tree = self.tree_of(commit)?;
        let Some(entry) = self
            .entry(tree, POLICY_FILE.as_bytes())?
            .filter(|entry| entry.mode != FOLDER)
        else {
            return Ok(None);
        };
        let bytes = self.blob(entry.oid)?;
        let mut policy = Policy::parse_bytes(&bytes, &format!("{branch}:{POLICY_FILE}"))?;
        for name in self.config_values("pdd.protected")? {
            if !policy.branch.protected.contains(&name) {
                policy.branch.protected.push(name);
            }
        }
        Ok(Some(InForce {
            policy,
            blob: BlobId::new(entry.oid.to_string()),
            branch: branch.into(),
            tip: commit,
        }))
    }
}

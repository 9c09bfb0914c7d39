//! The signers file of a commit, found by the policy that the commit holds.

use crate::error::Error;
use crate::evidence::signers::Signers;
use crate::git::{Oid, Repository};
use crate::policy::Policy;

/// What stands at the place of the signers file.
#[derive(Clone, Debug)]
pub enum SignersAt {
    /// Nothing.
    Missing,
    /// What cannot be read as one; why, one line.
    Unreadable(String),
    /// A signers file.
    Listed(Signers),
}

impl SignersAt {
    /// Reads the file that `policy` names from the tree of a commit.
    ///
    /// # Errors
    /// An object is missing.
    pub fn commit(repository: &Repository, policy: &Policy, commit: Oid) -> Result<Self, Error> {
        Self::tree(repository, policy, repository.tree_of(commit)?)
    }

    /// Reads the file that `policy` names from a tree.
    ///
    /// # Errors
    /// An object is missing.
    pub fn tree(repository: &Repository, policy: &Policy, tree: Oid) -> Result<Self, Error> {
        let path = &policy.approval.signers;
        let Some(text) = repository.text_at(tree, path)? else {
            return Ok(Self::Missing);
        };
        Ok(match Signers::parse(&text) {
            Ok(signers) => Self::Listed(signers),
            Err(error) => Self::Unreadable(format!("{path}, {error}")),
        })
    }

    /// Reads the file that a landing brings: the one that the policy in this tree names, else `policy`.
    ///
    /// # Errors
    /// An object is missing.
    pub fn brought(repository: &Repository, policy: &Policy, tree: Oid) -> Result<Self, Error> {
        match repository.policy_in(tree) {
            Some(brought) => Self::tree(repository, &brought, tree),
            None => Self::tree(repository, policy, tree),
        }
    }

    /// Returns the signers, where there are any.
    pub fn listed(&self) -> Option<&Signers> {
        match self {
            Self::Listed(signers) => Some(signers),
            Self::Missing | Self::Unreadable(_) => None,
        }
    }
}

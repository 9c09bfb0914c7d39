//! What every hook begins with: the repository as git hands it over, the git that calls, the policy in force.

use std::path::PathBuf;

use super::caller::Caller;
use crate::error::Error;
use crate::evidence::attempt::Attempt;
use crate::git::{InForce, Repository};

/// A repository and its folder of local state.
#[derive(Debug)]
pub struct State {
    /// The repository.
    pub repository: Repository,
    /// `<git common dir>/pdd`.
    pub pdd: PathBuf,
}

impl State {
    /// Opens the repository of this process.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn find() -> Result<Self, Error> {
        let repository = Repository::open()?;
        let pdd = repository.pdd_folder();
        Ok(Self { repository, pdd })
    }
}

/// A state under a policy.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) repository: Repository,
    pub(super) pdd: PathBuf,
    pub(super) force: InForce,
    pub(super) caller: Caller,
}

impl Session {
    /// Finds the policy in force; none where there is none, and every hook passes silently.
    pub(super) fn open(state: State) -> Result<Option<Self>, Error> {
        let State { repository, pdd } = state;
        Ok(repository.policy_in_force()?.map(|force| Self {
            repository,
            pdd,
            force,
            caller: Caller::find(),
        }))
    }

    pub(super) fn attempt_path(&self) -> PathBuf {
        Attempt::path(&self.pdd, &self.repository.worktree_name())
    }

    /// Returns the attempt of this very git; one of an earlier git, and whether it left a receipt, is told apart.
    pub(super) fn attempt(&self) -> (Option<Attempt>, bool) {
        match Attempt::find(&self.attempt_path()) {
            Some(attempt) if attempt.caller == self.caller.process => (Some(attempt), false),
            Some(other) => (None, other.receipt.is_some()),
            None => (None, false),
        }
    }
}

//! What is to be validated, and for whom.

use super::Error;
use super::scope::Scope;
use crate::change::{Branch, Role};
use crate::git::{Oid, Repository};
use crate::id::TaskId;
use crate::policy::Policy;
use crate::workflow::personalog;

/// What is to be validated.
#[derive(Clone, Debug)]
pub struct Request {
    /// The tree.
    pub tree: Oid,
    /// The commits that it builds on, first parent first.
    pub parents: Vec<Oid>,
    /// The checks that it needs.
    pub scope: Scope,
    /// The task that it is for, where it is known.
    pub task: Option<TaskId>,
    /// Who speaks for that task now.
    pub persona: Option<String>,
    /// The branch that it is made on, where there is one.
    pub branch: Option<String>,
}

impl Request {
    /// Asks for the checks that a change to `tree` on these parents brings into scope.
    ///
    /// # Errors
    /// An object is missing.
    pub fn of(
        repository: &Repository,
        policy: &Policy,
        tree: Oid,
        parents: &[Oid],
    ) -> Result<Self, Error> {
        let base = match parents.first() {
            Some(&parent) => Some(repository.tree_of(parent)?),
            None => None,
        };
        Ok(Self {
            tree,
            parents: parents.to_vec(),
            scope: Scope::of(repository, policy, base, tree)?,
            task: None,
            persona: None,
            branch: None,
        })
    }

    /// Says whether tests may stay red in it: a change of tests alone brings them, a merge keeps those of its first parent.
    pub fn may_hold_sealed(&self) -> bool {
        self.scope.is_tests_only || self.parents.len() > 1
    }

    /// Notes for whom it is: the task of the branch that it is made on, and who of its log speaks now.
    ///
    /// # Errors
    /// An object is missing.
    pub fn spoken_for(
        self,
        repository: &Repository,
        policy: &Policy,
        branch: &Branch,
    ) -> Result<Self, Error> {
        let Branch::Named(name) = branch else {
            return Ok(self);
        };
        let on_branch = Self {
            branch: Some(name.clone()),
            ..self
        };
        match policy.role(name, &[]) {
            Role::Work(task) => on_branch.of_task(repository, policy, task),
            _ => Ok(on_branch),
        }
    }

    /// Notes the task that it is for, and who of its log speaks now.
    ///
    /// # Errors
    /// An object is missing.
    pub fn of_task(
        self,
        repository: &Repository,
        policy: &Policy,
        task: TaskId,
    ) -> Result<Self, Error> {
        let log = repository.text_at(self.tree, &policy.log_of(&task))?;
        Ok(Self {
            persona: personalog::newest(&log.unwrap_or_default(), &task),
            task: Some(task),
            ..self
        })
    }
}

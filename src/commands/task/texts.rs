//! The documents where a task begins: those of the work tree, or those that a new branch will have.

use super::Desk;
use super::branch::Base;
use crate::change::Role;
use crate::commands::worktree;
use crate::error::{Error, TaskError};
use crate::id::TaskId;
use crate::workflow::board::Board;

/// The documents that a start is about, as they stand where the work begins.
pub(super) struct Texts {
    pub(super) tasklist: Option<String>,
    pub(super) changelog: Option<String>,
    pub(super) log: Option<String>,
}

impl Texts {
    /// Reads the documents of the work tree.
    pub(super) fn here(desk: &Desk, task: &TaskId) -> Result<Self, Error> {
        let read = |path: &str| worktree::document(&desk.git, path);
        Ok(Self {
            tasklist: read(&desk.policy.task.tasklist)?,
            changelog: read(&desk.policy.task.changelog)?,
            log: read(&desk.policy.log_of(task))?,
        })
    }

    /// Says how the documents will stand on a branch that is cut from `base`: what nobody has touched is as there.
    pub(super) fn carried(desk: &Desk, base: &Base, task: Option<&TaskId>) -> Result<Self, Error> {
        let repository = &desk.repository;
        let there = repository.tree_of(base.commit)?;
        let head = repository.head()?.commit;
        let head = head.map(|head| repository.tree_of(head)).transpose()?;
        let carried = |path: &str, here: Option<String>| -> Result<Option<String>, Error> {
            let committed = match head {
                Some(head) => repository.text_at(head, path)?,
                None => None,
            };
            match here == committed {
                true => Ok(repository.text_at(there, path)?),
                false => Ok(here),
            }
        };
        let log = match task.map(|task| desk.policy.log_of(task)) {
            Some(log) => carried(&log, worktree::document(&desk.git, &log)?)?,
            None => None,
        };
        let paths = &desk.policy.task;
        Ok(Self {
            tasklist: carried(&paths.tasklist, desk.tasklist.clone())?,
            changelog: carried(&paths.changelog, desk.changelog.clone())?,
            log,
        })
    }

    /// Finds out that a task, or where none is given the next one, stands in the work tree's Tasklist alone, and in no document
    /// where a branch begins, which are `there`.
    pub(super) fn here_alone(
        desk: &Desk,
        base: &Base,
        there: &Board<'_>,
        task: Option<&TaskId>,
    ) -> Option<TaskError> {
        let here = Self {
            tasklist: desk.tasklist.clone(),
            changelog: desk.changelog.clone(),
            log: None,
        };
        let board = here.board(desk);
        let task = match task {
            Some(task) => task.clone(),
            None => board.next()?.task.id.clone(),
        };
        let is_there = !there.find(&task).is_empty() || there.entry(&task).is_some();
        if board.find(&task).is_empty() || is_there {
            return None;
        }
        let name = &base.branch;
        let way = match (&desk.branch, desk.policy.role(name, &[])) {
            (None, _) => "git switch -c <branch>, then land it".to_owned(),
            (Some(branch), Role::Protected) => {
                format!("it lands first: pdd-hooks approve {branch} --into {name}")
            }
            (Some(branch), _) => format!("git switch {name} && git merge --no-ff {branch}"),
        };
        Some(TaskError::FindThere {
            task,
            base: base.name.clone(),
            way,
        })
    }

    pub(super) fn board(&self, desk: &Desk) -> Board<'_> {
        Board::read(
            self.tasklist.as_deref().unwrap_or_default(),
            self.changelog.as_deref().unwrap_or_default(),
            &desk.is_id(),
        )
    }
}

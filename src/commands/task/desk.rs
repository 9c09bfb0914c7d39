//! What every subcommand works on: the policy, the branch, and the documents as they stand in the work tree.

use super::lack::Lack;
use crate::change::Role;
use crate::commands::{suggest, worktree};
use crate::error::{CommandError, Error, TaskError};
use crate::git::Repository;
use crate::git::command::Git;
use crate::id::TaskId;
use crate::policy::Policy;
use crate::scaffold::documents::documents;
use crate::workflow::board::{Board, Row};
use crate::workflow::tasklist::steps::Step;

/// The repository as somebody who plans sees it.
pub(super) struct Desk {
    pub(super) git: Git,
    pub(super) repository: Repository,
    pub(super) policy: Policy,
    /// The branch that is checked out; none where HEAD is detached.
    pub(super) branch: Option<String>,
    /// The Tasklist; none where there is no file.
    pub(super) tasklist: Option<String>,
    /// The Changelog; none where there is no file.
    pub(super) changelog: Option<String>,
}

impl Desk {
    /// Opens the repository that this folder lies in.
    ///
    /// # Errors
    /// There is none, it has no policy, or a document cannot be used.
    pub(super) fn open() -> Result<Self, Error> {
        let git = worktree::top()?;
        let repository = Repository::open()?;
        let policy = worktree::rules(&git, &repository)?;
        Ok(Self {
            branch: worktree::branch(&git)?,
            tasklist: worktree::document(&git, &policy.task.tasklist)?,
            changelog: worktree::document(&git, &policy.task.changelog)?,
            git,
            repository,
            policy,
        })
    }

    /// Says whether a word is a task's id.
    pub(super) fn is_id(&self) -> impl Fn(&str) -> bool {
        |word| self.policy.is_task(word)
    }

    /// Reads the documents.
    pub(super) fn board(&self) -> Board<'_> {
        Board::read(
            self.tasklist.as_deref().unwrap_or_default(),
            self.changelog.as_deref().unwrap_or_default(),
            &self.is_id(),
        )
    }

    /// Returns the text of a document as `init` would write it: what a missing one begins with.
    pub(super) fn empty(&self, path: &str) -> String {
        let documents = documents(&self.policy).into_iter();
        let mut texts = documents.filter(|document| document.path == path);
        texts
            .next()
            .map_or_else(String::new, |it| it.text.to_owned())
    }

    /// Reads a task as it was given, in brackets or not.
    ///
    /// # Errors
    /// It is none by the policy.
    pub(super) fn read(&self, word: &str) -> Result<TaskId, Error> {
        let id = worktree::unbracketed(word);
        if self.policy.is_task(id) {
            return Ok(TaskId::new(id));
        }
        Err(CommandError::ReadTask {
            word: id.to_owned(),
            pattern: self.policy.task.id.as_str().to_owned(),
        }
        .into())
    }

    /// Returns the task that was given, else that of the branch.
    ///
    /// # Errors
    /// It is none by the policy, or there is none.
    pub(super) fn task(&self, given: Option<&str>, command: &str) -> Result<TaskId, Error> {
        if let Some(word) = given {
            return self.read(word);
        }
        if let Some(task) = self.branchs() {
            return Ok(task);
        }
        let place = self.branch.as_ref();
        Err(CommandError::FindTask {
            place: place.map_or_else(|| "a detached HEAD".into(), |name| format!("`{name}`")),
            command: format!("pdd-hooks task {command} TASK-007"),
        }
        .into())
    }

    /// Returns the task that the branch is named after.
    pub(super) fn branchs(&self) -> Option<TaskId> {
        match self.policy.role(self.branch.as_deref()?, &[]) {
            Role::Work(task) => Some(task),
            _ => None,
        }
    }

    /// Finds the row of an open task.
    ///
    /// # Errors
    /// There is none, or more than one.
    pub(super) fn row<'b>(&self, board: &'b Board<'_>, task: &TaskId) -> Result<&'b Row, Error> {
        let rows = board.find(task);
        let (path, task) = (self.policy.task.tasklist.clone(), task.clone());
        match rows.as_slice() {
            [row] => Ok(row),
            [] if board.entry(&task).is_some() => {
                let path = self.policy.task.changelog.clone();
                Err(TaskError::FindOpen { task, path }.into())
            }
            [] if self.policy.is_standing(&task) => Err(TaskError::UseStanding { task }.into()),
            [] => Err(TaskError::FindEntry { task, path }.into()),
            rows => {
                let lines = rows.iter().map(|row| row.task.line).collect();
                Err(TaskError::TellApart { task, path, lines }.into())
            }
        }
    }

    /// Makes a step of a task in the Tasklist.
    ///
    /// # Errors
    /// A reader would not find there what was meant.
    pub(super) fn step<T>(
        &self,
        text: &str,
        task: &TaskId,
        step: impl FnOnce(Step<'_>) -> Option<T>,
    ) -> Result<T, Error> {
        let is_id = &self.is_id();
        step(Step { text, task, is_id }).ok_or_else(|| {
            let path = self.policy.task.tasklist.clone();
            let task = task.clone();
            TaskError::WriteEntry { task, path }.into()
        })
    }

    /// Says that a task has no status that can be read.
    pub(super) fn no_status(&self, row: &Row) -> Lack {
        let (path, line) = (&self.policy.task.tasklist, row.task.line);
        Lack::new(
            "it has no status that can be read",
            format!("write `- **Status**: PENDING` below {path}:{line}"),
        )
    }

    /// Lists the local branches that are named after a task.
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) fn branches_of(&self, task: &TaskId) -> Result<Vec<String>, Error> {
        let all = self.work_branches()?.into_iter();
        let found = all.filter(|(name, of)| of == task && !name.starts_with("refs/remotes/"));
        Ok(found.map(|(name, _)| name).collect())
    }

    /// Lists the branches that are named after tasks, local ones without `refs/heads/`, those of remotes in full.
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) fn work_branches(&self) -> Result<Vec<(String, TaskId)>, Error> {
        let mut found = Vec::new();
        let mut take = |name: String, branch: &str| {
            if let Role::Work(task) = self.policy.role(branch, &[]) {
                found.push((name, task));
            }
        };
        for (name, _) in self.repository.commits_below("refs/heads/")? {
            let short = name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned();
            take(short.clone(), &short);
        }
        for (name, _) in self.repository.commits_below("refs/remotes/")? {
            let short = name.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
            take(name, &short);
        }
        Ok(found)
    }

    /// Writes the command that commits what was staged for a task.
    pub(super) fn commit(&self, words: &str, task: &TaskId) -> String {
        suggest::commit_on(&self.policy, self.branch.as_deref(), words, task)
    }
}

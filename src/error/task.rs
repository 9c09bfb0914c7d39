//! What keeps a task from being found or written, with the next step.

use crate::id::TaskId;

/// Says why nothing can be said of a task, or done to it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The task stands in no document.
    #[error("`{task}` does not stand in `{path}`")]
    FindEntry {
        /// The task.
        task: TaskId,
        /// The Tasklist.
        path: String,
    },
    /// The task stands here, and not where its work branch would begin.
    #[error(
        "`{task}` stands here alone: `{base}`, from which its branch is cut, has not got it yet"
    )]
    FindThere {
        /// The task.
        task: TaskId,
        /// The branch that has not got it.
        base: String,
        /// How it gets there.
        way: String,
    },
    /// The task is done: the Tasklist no longer has it.
    #[error("`{task}` is done: it stands in `{path}`")]
    FindOpen {
        /// The task.
        task: TaskId,
        /// The Changelog.
        path: String,
    },
    /// Standing tasks have no entry.
    #[error("`{task}` is a standing task: it has no entry and never closes")]
    UseStanding {
        /// The task.
        task: TaskId,
    },
    /// The task is written more than once.
    #[error("`{task}` stands {} times in `{path}`, at lines {}", lines.len(), listed(lines))]
    TellApart {
        /// The task.
        task: TaskId,
        /// The Tasklist.
        path: String,
        /// The lines of its titles.
        lines: Vec<u32>,
    },
    /// No title, or no reason, was given.
    #[error("no {what} was given")]
    FindWords {
        /// What is missing.
        what: &'static str,
        /// The command that gives it.
        command: String,
    },
    /// A task is to have a Type that the policy does not know.
    #[error("the policy knows no type `{word}`")]
    FindType {
        /// What was asked for.
        word: String,
        /// Those that it names.
        known: Vec<String>,
    },
    /// What follows the ids in use is no id by the policy.
    #[error(
        "no id can be made up for the task: `{word}` is none by the policy's pattern `{pattern}`"
    )]
    NumberTask {
        /// What would have been next.
        word: String,
        /// `task.id`.
        pattern: String,
    },
    /// The document would not say what it is to say: the place is inside of something else.
    #[error(
        "could not write `{task}` into `{path}`: a reader would not find it there as it is meant"
    )]
    WriteEntry {
        /// The task.
        task: TaskId,
        /// The document.
        path: String,
    },
    /// There is no branch that a work branch could begin at.
    #[error("a work branch begins at the integration branch, and there is none of {}", names.join(", "))]
    FindBase {
        /// Those that the policy names.
        names: Vec<String>,
    },
    /// git cut no branch.
    #[error("git did not cut `{branch}` from `{base}`, and nothing was changed; it said: {words}")]
    CutBranch {
        /// The branch that was to be.
        branch: String,
        /// Where it was to begin.
        base: String,
        /// What git said, one line.
        words: String,
    },
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::FindEntry { .. } => Some(
                "`pdd-hooks task list` lists those that do; `pdd-hooks task new` adds one".into(),
            ),
            Self::FindThere { way, .. } => Some(way.clone()),
            Self::FindOpen { task, .. } => Some(format!("pdd-hooks task show {task}")),
            Self::UseStanding { .. } => None,
            Self::TellApart { .. } => Some("give one of them another id".into()),
            Self::FindWords { command, .. } => Some(command.clone()),
            Self::FindType { known, .. } => Some(format!("it names {}", known.join(", "))),
            Self::NumberTask { .. } => {
                Some("name one: `pdd-hooks task new --id <ID> \"<title>\"`".into())
            }
            Self::WriteEntry { path, .. } => Some(format!(
                "look for a code block or a comment in `{path}` that is never closed"
            )),
            Self::FindBase { names } => Some(format!(
                "git branch {}",
                names.first().map_or("<branch>", String::as_str)
            )),
            Self::CutBranch { .. } => {
                Some("commit or stash what is in the way, and start again".into())
            }
        }
    }
}

fn listed(lines: &[u32]) -> String {
    let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
    lines.join(", ")
}

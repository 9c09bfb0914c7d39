//! What was decided, as entries of the Devlog.

use crate::commands::worktree::{self, Written};
use crate::error::{Error, TaskError};
use crate::git::command::Git;
use crate::id::TaskId;
use crate::policy::Policy;
use crate::rules;
use crate::scaffold::documents::documents;
use crate::workflow::devlog;
use crate::workflow::edit::apply;

/// Says whether one of those that the hand-over declares writes the Devlog.
pub(super) fn may_write(from: &str, to: &str) -> bool {
    [from, to].into_iter().any(rules::writes_devlog)
}

/// The Devlog with an entry for each decision at its top, the last one first; none where nothing was decided.
///
/// # Errors
/// It cannot be used, or a reader would not find them there.
pub(super) fn written(
    git: &Git,
    policy: &Policy,
    task: &TaskId,
    (date, persona): (&str, &str),
    said: &[String],
) -> Result<Option<Written>, Error> {
    let said: Vec<String> = said
        .iter()
        .map(|it| worktree::one_line(std::slice::from_ref(it)))
        .filter(|it| !it.is_empty())
        .collect();
    if said.is_empty() {
        return Ok(None);
    }
    let path = policy.task.devlog.clone();
    let before = worktree::document(git, &path)?;
    let empty = || {
        let mut all = documents(policy).into_iter();
        let found = all.find(|document| document.path == path);
        found.map_or_else(String::new, |it| it.text.to_owned())
    };
    let begun = before.clone().unwrap_or_else(empty);
    let count = devlog::decisions(&begun).len();
    let after = said.iter().fold(begun, |text, title| {
        let number = devlog::next(&text);
        let entry = devlog::entry(number, title, date, persona, task, "");
        let edit = devlog::at_top(&text, &entry);
        apply(&text, vec![edit])
    });
    match devlog::decisions(&after).len() == count + said.len() {
        true => Ok(Some(Written {
            path,
            before,
            after,
        })),
        false => Err(TaskError::WriteEntry {
            task: task.clone(),
            path,
        }
        .into()),
    }
}

//! Whether a Tasklist that was written anew says of all but one task what it said before.

use super::{Task, as_read, outside, tasks};
use crate::id::TaskId;

/// Says whether a reader finds every other task as it was, and every line outside of the one, in its order; lines may have
/// come. Markdown may read a line that nobody touched as another thing below a new one.
pub(super) fn is_alone(
    before: &str,
    after: &str,
    task: &TaskId,
    is_id: &dyn Fn(&str) -> bool,
) -> bool {
    let (old, new) = (tasks(before, is_id), tasks(after, is_id));
    let others = |all: &[Task], text: &str| {
        let others = all.iter().filter(|it| it.id != *task);
        others.map(|it| said(text, it)).collect::<Vec<_>>()
    };
    let mut came = outside(after, &of(&new, task)).into_iter();
    let stays = |line: &str| came.any(|(_, other)| other == line);
    others(&old, before) == others(&new, after)
        && outside(before, &of(&old, task))
            .into_iter()
            .map(|(_, line)| line)
            .all(stays)
}

fn of<'t>(all: &'t [Task], id: &TaskId) -> Vec<&'t Task> {
    all.iter().filter(|task| task.id == *id).collect()
}

/// All that a reader finds of a task, and its words, wherever it stands.
fn said(text: &str, task: &Task) -> (Vec<String>, Vec<String>) {
    let words = text[task.bytes.clone()].split_whitespace();
    let words = words.map(str::to_owned).collect();
    (as_read(text, task, &|_| false), words)
}

//! What is said of a task that nothing is to change under.

use super::super::boundary::ticked_by;
use super::RULE;
use crate::finding::Finding;
use crate::id::TaskId;
use crate::words::nearest;
use crate::workflow::outline::line_of;
use crate::workflow::tasklist::{Checkpoint, Point, Status, Task};

pub(super) fn unlisted(task: &TaskId, path: &str) -> Finding {
    RULE.finding(format!("the Tasklist has no task `{task}`"))
        .at(path, None)
        .help(format!(
            "PM adds it: `pdd-hooks task new \"<title>\" --id {task}`, then `pdd-hooks task start {task}`"
        ))
}

pub(super) fn idle(text: &str, task: &Task, path: &str) -> Finding {
    let id = &task.id;
    let (is, help) = match task.standing(text) {
        Some(Status::Blocked) => ("BLOCKED".to_owned(), format!("pdd-hooks task unblock {id}")),
        Some(Status::Completed) => (
            "COMPLETED".to_owned(),
            "name the task that this change is for; PM adds new ones: `pdd-hooks task new \"<title>\"`".to_owned(),
        ),
        Some(status) => (status.to_string(), format!("pdd-hooks task start {id}")),
        None => unknown(text, task),
    };
    RULE.finding(format!(
        "`{id}` is {is}: source and tests change under a task that is IN_PROGRESS or READY_FOR_VALIDATION"
    ))
    .at(path, Some(task.line))
    .help(help)
}

/// A task whose status is none, or that says none.
fn unknown(text: &str, task: &Task) -> (String, String) {
    let Some(Err(said)) = task.status(text) else {
        let help = format!(
            "PM writes `- **Status**: PENDING` below the title of `{}`",
            task.id
        );
        return ("of no status".to_owned(), help);
    };
    let names = Status::ALL.map(Status::name);
    let help = match nearest(&said.to_uppercase(), names) {
        Some(name) => format!("did you mean {name}? QA or PM mends it"),
        None => format!("QA or PM mends it: a task is {}", names.join(", ")),
    };
    (format!("`{said}`, which is no status"), help)
}

pub(super) fn waiting(
    text: &str,
    task: &Task,
    dependency: &TaskId,
    state: &str,
    path: &str,
) -> Finding {
    let field = task.field(&["dependencies", "depends on"]);
    let line = field.map_or(task.line, |field| line_of(text, field.value.start));
    RULE.finding(format!(
        "`{}` depends on `{dependency}`, which {state}",
        task.id
    ))
    .at(path, Some(line))
    .help(format!(
        "finish `{dependency}` first, or PM takes it out of the Dependencies"
    ))
}

pub(super) fn unvalidated(
    text: &str,
    task: &TaskId,
    checkpoint: &Checkpoint,
    path: &str,
) -> Finding {
    let open = checkpoint
        .points
        .iter()
        .filter(|point| Point::is_open(point))
        .count();
    let what = match (open, checkpoint.mark) {
        (0, _) => "is marked ❌".to_owned(),
        (1, _) => "has an open box".to_owned(),
        (count, _) => format!("has {count} open boxes"),
    };
    let name = &checkpoint.name;
    let owner = ticked_by(name);
    RULE.finding(format!("`{name}` of `{task}` {what}"))
        .at(path, Some(checkpoint.line(text)))
        .help(format!(
            "do what it lists, tick it (`- [x]`, and ✅ behind its name) and stage `{path}`; {owner} ticks it: `pdd-hooks handoff {owner}` where another speaks"
        ))
}

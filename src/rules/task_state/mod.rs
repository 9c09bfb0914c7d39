//! PDD003 task-state: source and tests change under a task that is being worked on.

mod findings;
#[cfg(test)]
mod tests;

use super::{Check, Rule, is_standing, task_of};
use crate::change::{Change, DocumentChange, Kind, PathChange};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::{Class, Policy};
use crate::workflow::changelog;
use crate::workflow::tasklist::{Checkpoint, Status, Task, tasks};
use findings::{idle, unlisted, unvalidated, waiting};

/// PDD003.
pub(super) const RULE: Rule = Rule {
    code: "PDD003",
    name: "task-state",
    summary: "source or tests under a task that is not in progress, waits for another, or has an open context checkpoint",
    explain: "\
## Requires
Where source or tests change, the Tasklist has the message's task as IN_PROGRESS or READY_FOR_VALIDATION, before the change
or after it; each task in its Dependencies is COMPLETED, in the Tasklist or the Changelog; and no context checkpoint that
the task lists is marked ❌ or has an open box. The checkpoint of DEV, and one of all validations, is asked for where
source changes: it says among other things that the tests have been read, which have to come first.

## Why
Code for a task that nobody has begun, or that waits for something, is code without a plan. The checkpoints are where PM,
QA and DEV say that they know what they are about to change.

## Passes
- a commit that begins the task and changes its first test
- a task that lists no checkpoints
- changes of documents alone: they may add, block, unblock and complete tasks
- merges that change nothing by hand, exact reverts, the adopting commit, standing tasks

## Refused
- a task that is PENDING, BLOCKED or COMPLETED, or that the Tasklist does not have
- a dependency that is not COMPLETED, or that neither document knows
- `PM Context Validation ❌`, or a box `- [ ]` below it

## Settings
`task.tasklist` and `task.changelog` name the documents; `rules.task-state` is `error`, `warn` or `off`.

## How to fix
`pdd-hooks task start <TASK>` begins a task, `pdd-hooks task unblock <TASK>` takes it up again, `pdd-hooks task show <TASK>`
shows what it waits for. Tick a checkpoint's boxes in the Tasklist and stage it.
",
    checks: &[Check::Message(check)],
};

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let is_exempt = matches!(
        change.kind,
        Kind::Adoption | Kind::Squash | Kind::Revert { .. }
    );
    let touches = |class: Class| change.paths.iter().any(|path| path.class == class);
    if is_exempt
        || !(touches(Class::Source) || touches(Class::Test))
        || is_standing(change, message, policy)
    {
        return Vec::new();
    }
    let (Some(task), Some(list)) = (task_of(change, message, policy), &change.documents.tasklist)
    else {
        return Vec::new();
    };
    // PDD004 says what standing tasks are not for.
    if policy.is_standing(&task) {
        return Vec::new();
    }
    judge(change, &task, list, policy)
}

fn judge(change: &Change, task: &TaskId, list: &DocumentChange, policy: &Policy) -> Vec<Finding> {
    let is_source = |path: &PathChange| path.class == Class::Source && !path.is_test_within;
    let has_source = change.paths.iter().any(is_source);
    let is_id = |id: &str| policy.is_task(id);
    let after = list.after();
    let now = tasks(after, &is_id);
    let mine = now.iter().find(|it| it.id == *task);
    let before: Vec<(&str, Vec<Task>)> = list
        .bases
        .iter()
        .filter(|base| base.as_str() != after)
        .map(|base| (base.as_str(), tasks(base, &is_id)))
        .collect();
    let earlier = || {
        let mut bases = before.iter();
        bases.find_map(|(text, all)| Some((*text, all, all.iter().find(|it| it.id == *task)?)))
    };
    let Some((text, all, mine)) = mine.map(|mine| (after, &now, mine)).or_else(earlier) else {
        return vec![unlisted(task, &list.path)];
    };
    let is_worked_on = |text: &str, task: &Task| {
        matches!(
            task.standing(text),
            Some(Status::InProgress | Status::ReadyForValidation)
        )
    };
    let was_worked_on = before.iter().any(|(text, all)| {
        let mut same = all.iter().filter(|it| it.id == *task);
        same.any(|it| is_worked_on(text, it))
    });
    let mut findings = Vec::new();
    if !is_worked_on(text, mine) && !was_worked_on {
        findings.push(idle(text, mine, &list.path));
    }
    let done = Done::of(change);
    for dependency in mine.dependencies(text, &is_id) {
        if let Some(state) = waits(&dependency, text, all, &done, &is_id) {
            findings.push(waiting(text, mine, &dependency, &state, &list.path));
        }
    }
    let is_asked =
        |checkpoint: &&Checkpoint| checkpoint.is_open() && (has_source || !of_source(checkpoint));
    let open = mine.checkpoints.iter().filter(is_asked);
    findings.extend(open.map(|checkpoint| unvalidated(text, task, checkpoint, &list.path)));
    findings
}

/// Where it is looked for what is done.
struct Done<'c>(Option<&'c str>);

impl<'c> Done<'c> {
    fn of(change: &'c Change) -> Self {
        Self(
            change
                .documents
                .changelog
                .as_ref()
                .map(DocumentChange::after),
        )
    }

    fn holds(&self, task: &TaskId, is_id: &dyn Fn(&str) -> bool) -> bool {
        let Some(text) = self.0 else {
            return false;
        };
        // Logs grow for years, and most tasks depend on none.
        text.contains(task.as_str())
            && changelog::done(text, is_id)
                .iter()
                .any(|done| done.task.as_ref() == Some(task))
    }
}

/// Says what keeps a dependency from being done; nothing where it is.
fn waits(
    dependency: &TaskId,
    text: &str,
    all: &[Task],
    done: &Done<'_>,
    is_id: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let listed = all.iter().find(|it| it.id == *dependency);
    let status = listed.and_then(|it| it.standing(text));
    if status == Some(Status::Completed) || done.holds(dependency, is_id) {
        return None;
    }
    Some(match (listed, status) {
        (Some(_), Some(status)) => format!("is {status}"),
        (Some(_), None) => "has no status that is one".to_owned(),
        (None, _) => "stands in neither the Tasklist nor the Changelog".to_owned(),
    })
}

/// Whether a checkpoint can be ticked only when there are tests: that of DEV, and that of all validations together.
fn of_source(checkpoint: &Checkpoint) -> bool {
    let first = checkpoint.name.split_whitespace().next();
    first.is_some_and(|word| {
        ["DEV", "All"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    })
}

//! PDD003 task-state: source and tests change under a task that is being worked on.

use super::{Check, Rule, is_standing, task_of};
use crate::change::{Change, DocumentChange, Kind, PathChange};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::{Class, Policy};
use crate::workflow::changelog;
use crate::workflow::tasklist::{Checkpoint, Point, Status, Task, tasks};

/// PDD003.
pub(super) const RULE: Rule = Rule {
    code: "PDD003",
    name: "task-state",
    summary: "source or tests under a task that is not in progress, waits for another, or has an open context checkpoint",
    explain: "\
## Requires
Where source or tests change, the Tasklist has the message's task as IN_PROGRESS or READY_FOR_VALIDATION, before the change
or after it; each task in its Dependencies is COMPLETED, in the Tasklist or the Changelog; and no context checkpoint that
the task lists is marked ❌ or has an open box. The checkpoint of DEV is asked for where source changes: it says among
other things that the tests have been read, which have to come first.

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
    let is_asked = |checkpoint: &&Checkpoint| {
        checkpoint.is_open() && (has_source || !is_of(checkpoint, "DEV"))
    };
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

/// Whether a checkpoint is that of a persona: its name begins with the persona's.
fn is_of(checkpoint: &Checkpoint, persona: &str) -> bool {
    let mut words = checkpoint.name.split_whitespace();
    words
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case(persona))
}

fn unlisted(task: &TaskId, path: &str) -> Finding {
    RULE.finding(format!("the Tasklist has no task `{task}`"))
        .at(path, None)
        .help(format!(
            "PM adds it: `pdd-hooks task new \"<title>\" --id {task}`, then `pdd-hooks task start {task}`"
        ))
}

fn idle(text: &str, task: &Task, path: &str) -> Finding {
    let id = &task.id;
    let (is, help) = match task.standing(text) {
        Some(Status::Blocked) => ("BLOCKED".to_owned(), format!("pdd-hooks task unblock {id}")),
        Some(Status::Completed) => (
            "COMPLETED".to_owned(),
            "name the task that this change is for; PM adds new ones: `pdd-hooks task new \"<title>\"`".to_owned(),
        ),
        Some(status) => (status.to_string(), format!("pdd-hooks task start {id}")),
        None => (
            "of no known status".to_owned(),
            format!("write `- **Status**: IN_PROGRESS` below the title of `{id}`"),
        ),
    };
    RULE.finding(format!(
        "`{id}` is {is}: source and tests change under a task that is IN_PROGRESS or READY_FOR_VALIDATION"
    ))
    .at(path, Some(task.line))
    .help(help)
}

fn waiting(text: &str, task: &Task, dependency: &TaskId, state: &str, path: &str) -> Finding {
    let field = task.field(&["dependencies", "depends on"]);
    let line = field.map_or(task.line, |field| {
        crate::workflow::outline::line_of(text, field.value.start)
    });
    RULE.finding(format!(
        "`{}` depends on `{dependency}`, which {state}",
        task.id
    ))
    .at(path, Some(line))
    .help(format!(
        "finish `{dependency}` first, or PM takes it out of the Dependencies"
    ))
}

fn unvalidated(text: &str, task: &TaskId, checkpoint: &Checkpoint, path: &str) -> Finding {
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
    RULE.finding(format!("`{name}` of `{task}` {what}"))
        .at(path, Some(checkpoint.line(text)))
        .help(format!(
            "do what it lists, tick it (`- [x]`, and ✅ behind its name) and stage `{path}`"
        ))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{change, merge, message, path, revert, said};
    use super::*;
    use crate::change::Status as PathStatus;

    const LIST: &str = "# Tasklist\n\n### TASK-007: Search\n- **Status**: IN_PROGRESS\n- **Dependencies**: TASK-005 (Schema)\n\n#### PM Context Validation ✅\n- [x] read\n\n#### DEV Context Validation ❌\n- [ ] read\n\n### TASK-005: Schema\n- **Status**: COMPLETED\n";

    fn listed(before: &str, after: &str, class: Class) -> Change {
        let mut change = change();
        change.paths = vec![path("a", class, PathStatus::Modified)];
        change.documents.tasklist = Some(DocumentChange {
            path: "Tasklist.md".into(),
            is_touched: false,
            is_plain: true,
            bases: vec![before.into()],
            text: Some(after.into()),
        });
        change.documents.changelog = Some(DocumentChange {
            path: "Changelog.md".into(),
            is_touched: false,
            is_plain: true,
            bases: vec![String::new()],
            text: Some("### TASK-004: Old\n".into()),
        });
        change
    }

    fn judged(change: &Change) -> Vec<String> {
        let message = message("feat: rank [TASK-007]");
        said(&check(change, &message, &Policy::default()))
    }

    fn of(text: &str) -> Vec<String> {
        judged(&listed(text, text, Class::Test))
    }

    #[test]
    fn a_task_is_worked_on_before_the_change_or_after_it() {
        assert_eq!(of(LIST), [""; 0]);
        let pending = LIST.replace("IN_PROGRESS", "PENDING");
        assert_eq!(judged(&listed(&pending, LIST, Class::Test)), [""; 0]);
        let blocked = LIST.replace("IN_PROGRESS", "BLOCKED");
        assert_eq!(judged(&listed(LIST, &blocked, Class::Test)), [""; 0]);
        assert_eq!(judged(&listed(LIST, "# Tasklist\n", Class::Test)), [""; 0]);
        assert_eq!(
            of(&pending),
            [
                "`TASK-007` is PENDING: source and tests change under a task that is IN_PROGRESS or READY_FOR_VALIDATION (Tasklist.md:3); pdd-hooks task start TASK-007"
            ]
        );
        assert!(of(&blocked)[0].ends_with("; pdd-hooks task unblock TASK-007"));
        assert_eq!(
            of("# Tasklist\n"),
            [
                "the Tasklist has no task `TASK-007` (Tasklist.md); PM adds it: `pdd-hooks task new \"<title>\" --id TASK-007`, then `pdd-hooks task start TASK-007`"
            ]
        );
    }

    #[test]
    fn each_dependency_is_done_in_either_document() {
        let on = |text: &str| of(&LIST.replace("TASK-005 (Schema)", text));
        assert_eq!(on("TASK-004"), [""; 0]);
        assert_eq!(on("None"), [""; 0]);
        assert_eq!(
            on("TASK-009"),
            [
                "`TASK-007` depends on `TASK-009`, which stands in neither the Tasklist nor the Changelog (Tasklist.md:5); finish `TASK-009` first, or PM takes it out of the Dependencies"
            ]
        );
        let open = LIST.replace("COMPLETED", "PENDING");
        assert!(
            of(&open)[0]
                .starts_with("`TASK-007` depends on `TASK-005`, which is PENDING (Tasklist.md:5)")
        );
    }

    #[test]
    fn open_checkpoints_stop_source_and_those_of_pm_and_qa_tests_too() {
        assert_eq!(
            judged(&listed(LIST, LIST, Class::Source)),
            [
                "`DEV Context Validation` of `TASK-007` has an open box (Tasklist.md:10); do what it lists, tick it (`- [x]`, and ✅ behind its name) and stage `Tasklist.md`"
            ]
        );
        let mut within = listed(LIST, LIST, Class::Source);
        within.paths[0].is_test_within = true;
        assert_eq!(judged(&within), [""; 0]);
        let marked = LIST.replace("PM Context Validation ✅", "PM Context Validation ❌");
        assert!(
            of(&marked)[0]
                .starts_with("`PM Context Validation` of `TASK-007` is marked ❌ (Tasklist.md:7)")
        );
        let ticked = LIST.replace('❌', "✅").replace("[ ]", "[x]");
        assert_eq!(judged(&listed(LIST, &ticked, Class::Source)), [""; 0]);
    }

    #[test]
    fn documents_reverts_adoptions_and_what_merging_gives_pass() {
        let none = "# Tasklist\n";
        for class in [Class::Record, Class::Docs, Class::Manifest, Class::Policy] {
            assert_eq!(judged(&listed(none, none, class)), [""; 0]);
        }
        let bare = listed(none, none, Class::Source);
        for kind in [
            Kind::Adoption,
            Kind::Squash,
            revert("feat: x [TASK-007]").kind,
        ] {
            assert_eq!(
                judged(&Change {
                    kind,
                    ..bare.clone()
                }),
                [""; 0]
            );
        }
        let mut merged = bare.clone();
        merged.kind = merge(&[]).kind;
        assert_eq!(judged(&merged).len(), 1);
        merged.paths.clear();
        assert_eq!(judged(&merged), [""; 0]);
    }
}

//! Whatever a Tasklist holds: a step or a draft changes the lines of one task, and nothing else.

use std::ops::Range;

use proptest::prelude::*;

use super::draft::{self, Draft};
use super::steps::Step;
use super::*;

fn is_id(word: &str) -> bool {
    let number = word
        .strip_prefix("TASK-")
        .or_else(|| word.strip_prefix("BUG-"));
    number.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a reader finds of a task, wherever it stands.
fn seen(text: &str, task: &Task) -> String {
    let fields = task.fields.iter();
    let fields: Vec<_> = fields
        .map(|field| (&field.name, &text[field.value.clone()]))
        .collect();
    let points = |points: &[Point]| -> Vec<_> {
        let said = points.iter();
        said.map(|point| (text[point.text.clone()].to_owned(), point.is_open()))
            .collect()
    };
    let checkpoints = task.checkpoints.iter();
    let checkpoints: Vec<_> = checkpoints
        .map(|it| (&it.name, it.mark, points(&it.points)))
        .collect();
    format!(
        "{} {:?} {:?} {fields:?} {:?} {checkpoints:?}",
        task.id,
        task.title,
        task.section,
        points(&task.criteria)
    )
}

/// All tasks but one.
fn others(text: &str, id: &TaskId) -> Vec<String> {
    let all = tasks(text, &is_id).into_iter();
    let others = all.filter(|task| task.id != *id);
    others.map(|task| seen(text, &task)).collect()
}

/// The lines of a document without those of a task, and without blank ones, to the byte.
fn rest<'t>(text: &'t str, id: &TaskId) -> Vec<&'t str> {
    let own: Vec<Range<usize>> = tasks(text, &is_id)
        .into_iter()
        .filter(|task| task.id == *id)
        .map(|task| task.bytes)
        .collect();
    let mut at = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let is_own = own.iter().any(|bytes| bytes.contains(&at));
        at += line.len();
        if !is_own && !line.trim().is_empty() {
            lines.push(line);
        }
    }
    lines
}

/// Nothing but the task has changed; a last line may have got its end.
fn only(before: &str, after: &str, id: &TaskId) -> Result<(), TestCaseError> {
    prop_assert_eq!(others(before, id), others(after, id), "{}", after);
    let bare = |text: &str| -> Vec<String> {
        let lines = rest(text, id).into_iter();
        let mut lines: Vec<String> = lines.map(str::to_owned).collect();
        if let Some(last) = lines.last_mut() {
            *last = last.trim_end_matches(['\r', '\n']).to_owned();
        }
        lines
    };
    prop_assert_eq!(bare(before), bare(after));
    Ok(())
}

/// Parts that a Tasklist is made of, in any order: sections, tasks of both forms, fields, boxes, nested lists, code, prose.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => Just("# Tasklist\n\n".to_owned()),
        2 => "## (PENDING|IN_PROGRESS|BLOCKED|Notes)\n\n",
        4 => "### TASK-[1-5]: [a-z🚀é ]{0,9}\n\n",
        4 => "- \\[[ x]\\] \\*\\*\\[TASK-[1-5]\\]\\*\\* - [a-z🔍]{0,5}\n",
        4 => "[ \t]{0,3}- \\*\\*(Status|Started|Current Owner|Assigned|Notes|Priority)\\*\\*: ?(PENDING|IN_PROGRESS|BLOCKED|x 🚀)?\n",
        2 => "[ \t]{0,3}[-*] \\*\\*Notes\\*\\*: BLOCKED - [a-z]{1,3} \\(was (PENDING|IN_PROGRESS)\\)(; m)?\n",
        2 => "[ \t]{0,4}- \\*\\*Acceptance Criteria\\*\\*:\n[ \t]{0,6}- \\[[ x]\\] [a-z]{1,5}\n",
        1 => "#### (PM|QA) Context Validation [✅❌]\n\n- \\[[ x]\\] [a-z]{1,5}\n",
        2 => "```\n(### TASK-9: no\n- \\*\\*Status\\*\\*: PENDING\n)?[a-z ]{0,9}\n```\n",
        1 => "- [a-z]{1,4}\n  - [a-z]{1,4}\n\t\t- [a-z]{1,4}\n",
        1 => "> [a-zé]{0,6}\n",
        2 => "[ \t]{0,5}[a-z|<&🚀é]{0,12}\n",
        2 => Just("\n".to_owned()),
        1 => Just("---\n".to_owned()),
    ]
}

fn document() -> impl Strategy<Value = String> {
    let parts = proptest::collection::vec(part(), 0..14);
    (parts, any::<bool>(), any::<bool>()).prop_map(|(parts, is_windows, is_open)| {
        let text = parts.concat();
        let text = match is_open {
            true => text.trim_end().to_owned(),
            false => text,
        };
        match is_windows {
            true => text.replace('\n', "\r\n"),
            false => text,
        }
    })
}

proptest! {
    #[test]
    fn a_step_changes_the_lines_of_its_task_alone(text in document()) {
        let all = tasks(&text, &is_id);
        for task in &all {
            let step = Step { text: &text, task: &task.id, is_id: &is_id };
            let steps = [
                step.start("2026-01-15 10:00", "Ann"),
                step.block("no key 🔑"),
                step.unblock().map(|(_, after)| after),
                step.to(Status::ReadyForValidation, &[]),
            ];
            for after in steps.into_iter().flatten() {
                only(&text, &after, &task.id)?;
            }
        }
    }

    #[test]
    fn what_is_blocked_and_unblocked_reads_as_before(text in document()) {
        for task in &tasks(&text, &is_id) {
            let step = Step { text: &text, task: &task.id, is_id: &is_id };
            let was = task.standing(&text).filter(|status| *status != Status::Blocked);
            let Some((was, blocked)) = was.zip(step.block("no key")) else { continue };
            let step = Step { text: &blocked, ..step };
            let Some((status, after)) = step.unblock() else { continue };
            prop_assert_eq!(status, was);
            only(&text, &after, &task.id)?;
        }
    }

    #[test]
    fn a_draft_adds_its_task_and_changes_no_other(text in document(), may_make_section: bool) {
        let id = TaskId::new("TASK-8");
        let criteria = ["finds".to_owned()];
        let draft = Draft {
            id: &id,
            title: "Search",
            status: Status::Pending,
            priority: Priority::Low,
            kind: "feat",
            dependencies: &[],
            criteria: &criteria,
            may_make_section,
        };
        // A document may swallow what is written behind it: then nothing is.
        let Some(after) = draft::added(&text, &draft, &is_id) else { return Ok(()) };
        prop_assert_eq!(others(&text, &id), others(&after, &id), "{}", after);
        let lines = |text: &str| -> Vec<String> {
            let lines = text.split_inclusive('\n').map(str::trim_end);
            lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        // Every line that was there is there still, in its order.
        let new = lines(&after);
        let mut new = new.iter();
        for line in lines(&text) {
            prop_assert!(new.any(|it| *it == line), "{}", line);
        }
    }
}

/// One task as people write them: in one form, as the document has them, with or without fields, lists, code and prose of its own.
fn ordinary(place: usize, is_item: bool) -> impl Strategy<Value = String> {
    let fields = "(- \\*\\*Status\\*\\*: (PENDING|IN_PROGRESS)\n)(- \\*\\*Current Owner\\*\\*: None\n)?(- \\*\\*Notes\\*\\*: [a-z🚀]{1,9}\n)?";
    let lists = "(- \\*\\*Acceptance Criteria\\*\\*:\n(  - \\[[ x]\\] [a-zé]{1,9}\n){0,3})?(- \\*\\*Technical Notes\\*\\*:\n  - [a-z]{1,9}\n\t- [a-z]{1,9}\n)?";
    let code = "(\n```sh\n### TASK-9: no\n- \\*\\*Status\\*\\*: PENDING\n```\n)?(\n#### QA Context Validation ❌\n\n- \\[ \\] read\n)?(\n[a-z]{1,9} [a-z]{1,9}\n)?";
    let parts = ("[a-zé🔍]{1,9}", fields, lists, code);
    parts.prop_map(move |(title, fields, lists, code)| match is_item {
        true => {
            let inner = format!("{fields}{lists}").replace('\t', "    ");
            let inner = inner.lines().map(|line| format!("  {line}\n"));
            format!(
                "- [ ] **[TASK-{place}]** - {title}\n{}\n",
                inner.collect::<String>()
            )
        }
        false => format!("### TASK-{place}: {title}\n\n{fields}{lists}{code}\n"),
    })
}

fn ordinary_document() -> impl Strategy<Value = String> {
    let all = any::<bool>()
        .prop_flat_map(|form| (ordinary(1, form), ordinary(2, form), ordinary(3, form)));
    (all, 0_usize..3, any::<bool>()).prop_map(|((one, two, three), sections, is_windows)| {
        let text = match sections {
            0 => format!("# Tasklist\n\n{one}{two}{three}"),
            1 => format!("# Tasklist\n\n## PENDING\n\n{one}{two}## IN_PROGRESS\n\n{three}"),
            _ => format!(
                "## IN_PROGRESS\n\n{one}\n---\n\n## PENDING\n\n{two}{three}\n## BLOCKED\n\nProse.\n"
            ),
        };
        match is_windows {
            true => text.replace('\n', "\r\n"),
            false => text,
        }
    })
}

proptest! {
    #[test]
    fn an_ordinary_document_takes_every_step(text in ordinary_document()) {
        let all = tasks(&text, &is_id);
        prop_assert_eq!(all.len(), 3, "{}", text);
        for task in &all {
            let step = Step { text: &text, task: &task.id, is_id: &is_id };
            let started = step.start("2026-01-15 10:00", "Ann");
            prop_assert!(started.is_some(), "{} {}", task.id, text);
            let blocked = step.block("no key 🔑");
            prop_assert!(blocked.is_some(), "{} {}", task.id, text);
            for after in [&started, &blocked].into_iter().flatten() {
                only(&text, after, &task.id)?;
            }
            let blocked = blocked.unwrap_or_default();
            let (status, after) = Step { text: &blocked, ..step }.unblock().unwrap_or((Status::Blocked, String::new()));
            prop_assert_eq!(Some(status), task.standing(&text), "{}", &blocked);
            only(&text, &after, &task.id)?;
        }
        let id = TaskId::new("TASK-8");
        let criteria = ["finds".to_owned()];
        let (status, priority) = (Status::Pending, Priority::Low);
        let draft = Draft { id: &id, title: "Search", status, priority, kind: "feat", dependencies: &[], criteria: &criteria, may_make_section: true };
        prop_assert!(draft::added(&text, &draft, &is_id).is_some(), "{}", text);
    }
}

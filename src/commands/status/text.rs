//! The status for people.

use std::fmt::Write as _;

use super::{Approval, CheckLine, Checkpoint, Status};
use crate::finding::{Level, printable};
use crate::id::TaskId;

pub(super) fn text(status: &Status) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".into());
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<9}{}", printable(value));
    };
    let branch = status.branch.as_deref();
    line("branch", branch.unwrap_or("none: HEAD is detached"));
    line("task", &task(status));
    if let Some(boxes) = &status.criteria {
        line(
            "criteria",
            &format!("{} of {} ticked", boxes.ticked, boxes.of),
        );
    }
    if !status.checkpoints.is_empty() {
        line("context", &checkpoints(&status.checkpoints));
    }
    if !status.waits_for.is_empty() {
        line("waits for", &format!(" {}", status.waits_for.join(", ")));
    }
    line("persona", &or_none(&status.persona));
    line(
        "policy",
        &format!("{} of {}", status.policy, status.policy_branch),
    );
    let paths = match status.staged_paths {
        1 => "path",
        _ => "paths",
    };
    line("staged", &format!("{} {paths}", status.staged_paths));
    if !status.validation.is_empty() {
        let all: Vec<String> = status.validation.iter().map(check).collect();
        line("checks", &all.join(", "));
    }
    if let Some(red) = status.red {
        line("red", red);
    }
    if !status.waiting.is_empty() {
        line(
            "waiting",
            &format!("for source: {}", status.waiting.join(", ")),
        );
    }
    if let Some(found) = &status.approval {
        line("approval", &approval(found));
    }
    for finding in &status.lacks {
        let word = match finding.level {
            Level::Waived => "waived",
            Level::Error | Level::Warn => "lacks",
        };
        line(word, &format!("{}: {}", finding.code, finding.message));
    }
    line("next", &status.next);
    text
}

/// `TASK-007 Search (IN_PROGRESS, HIGH)`.
fn task(status: &Status) -> String {
    let Some(task) = &status.task else {
        return "none: the branch's name holds no task".to_owned();
    };
    let title = status
        .title
        .as_deref()
        .map_or(String::new(), |title| format!(" {title}"));
    let facts: Vec<&str> = status.status.into_iter().chain(status.priority).collect();
    match facts.is_empty() {
        true => format!("{}{title}", TaskId::as_str(task)),
        false => format!("{task}{title} ({})", facts.join(", ")),
    }
}

fn checkpoints(all: &[Checkpoint]) -> String {
    let one = |checkpoint: &Checkpoint| {
        let name = checkpoint.name.replace(" Context Validation", "");
        let state = if checkpoint.is_open { "open" } else { "done" };
        format!("{name} {state}")
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn check(line: &CheckLine) -> String {
    let state = if line.passed { "passed" } else { "not yet" };
    format!("{} {state}", line.check)
}

fn approval(found: &Approval) -> String {
    let (branch, by) = (&found.branch, found.by.join(", "));
    match (found.is_approved, found.by.is_empty()) {
        (true, _) => format!("approved for {branch} by {by}"),
        (false, true) => format!("not approved for {branch}"),
        (false, false) => format!(
            "{} of {} for {branch}: {by}",
            found.by.len(),
            found.required
        ),
    }
}

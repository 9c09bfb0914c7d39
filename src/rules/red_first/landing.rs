//! A landing: each task whose source it changes has been seen red at least once.

use super::RULE;
use crate::change::{Landing, TaskWork};
use crate::finding::Finding;
use crate::policy::Policy;

pub(super) fn check(landing: &Landing, _: &Policy) -> Vec<Finding> {
    landing
        .tasks
        .iter()
        .filter(|work| !work.is_proven && !work.is_red_free && !work.source.is_empty())
        .map(never_red)
        .collect()
}

fn never_red(work: &TaskWork) -> Finding {
    let task = &work.task;
    let commits = match work.source.len() {
        1 => "1 commit".to_owned(),
        count => format!("{count} commits"),
    };
    let first = work.source.first().map_or("", |id| id.short());
    RULE.finding(format!(
        "`{task}` changes source in {commits} (the first is {first}), none of which has a red proof"
    ))
    .help(format!(
        "add the test that fails without it, as `feat` or `fix`; a task that needs none has another Type in the Tasklist before its source begins: `- **Type**: refactor` under {task}"
    ))
}

//! The next command: where a task stands, and who speaks for it, say what comes next. Pure.

use crate::id::TaskId;
use crate::workflow::tasklist::Status;

/// Where somebody stands, with nothing staged and nothing lacking.
#[derive(Clone, Debug, Default)]
pub(super) struct Situation<'a> {
    /// The branch; none where HEAD is detached.
    pub(super) branch: Option<&'a str>,
    /// The task that it is named after.
    pub(super) task: Option<&'a TaskId>,
    /// The status that the Tasklist has for it; none where it has not the task.
    pub(super) standing: Option<Status>,
    /// Whether the Changelog has it.
    pub(super) is_done: bool,
    /// Who speaks for it.
    pub(super) persona: Option<&'a str>,
    /// Who did before, if another.
    pub(super) before: Option<&'a str>,
    /// How many sealed tests wait for their source.
    pub(super) waiting: usize,
    /// Whether acceptance criteria are open.
    pub(super) has_open_criteria: bool,
    /// The task that comes next in the Tasklist.
    pub(super) next_task: Option<&'a TaskId>,
    /// The integration branch, where there is one.
    pub(super) integration: Option<&'a str>,
    /// The protected branch whose policy rules.
    pub(super) protected: &'a str,
    /// Where the Devlog stands.
    pub(super) devlog: &'a str,
}

/// Returns what comes next: a command, or what is to be done before one.
pub(super) fn next(at: &Situation<'_>) -> String {
    let Some(task) = at.task else {
        return match at.next_task {
            Some(task) => format!("pdd-hooks task start {task}"),
            None => "pdd-hooks task new \"<title>\", then pdd-hooks task start".to_owned(),
        };
    };
    if at.is_done {
        return landing(at);
    }
    let Some(standing) = at.standing else {
        return format!("pdd-hooks task new \"<title>\" --id {task}");
    };
    match standing {
        Status::Pending => return format!("pdd-hooks task start {task}"),
        Status::Blocked => return format!("pdd-hooks task unblock {task}"),
        Status::Completed => return format!("pdd-hooks task complete {task}"),
        Status::InProgress | Status::ReadyForValidation => {}
    }
    let is_ready = standing == Status::ReadyForValidation;
    match at.persona {
        None => "pdd-hooks persona PM \"<action>\"".to_owned(),
        Some("PM") if is_ready => format!("pdd-hooks task complete {task}"),
        Some("PM") => "specify the task, tick PM's checkpoint, then: pdd-hooks handoff QA".to_owned(),
        Some("QA") if is_ready && at.has_open_criteria => {
            "tick the acceptance criteria that are met and commit; or send it back: pdd-hooks handoff DEV".to_owned()
        }
        Some("QA") if is_ready => "pdd-hooks handoff PM".to_owned(),
        Some("QA") if at.waiting > 0 => "pdd-hooks handoff DEV".to_owned(),
        Some("QA") if at.before == Some("DEV") => format!("pdd-hooks task ready {task}"),
        Some("QA") => "write tests that fail, stage and commit them, then: pdd-hooks handoff DEV".to_owned(),
        Some("DEV") if at.waiting > 0 => {
            let tests = match at.waiting {
                1 => "the sealed test".to_owned(),
                count => format!("the {count} sealed tests"),
            };
            format!("write the source that turns {tests} green, stage it, then: pdd-hooks handoff QA")
        }
        Some("DEV") => "pdd-hooks handoff QA".to_owned(),
        Some("TROUBLESHOOT") => format!(
            "write the cause and its evidence into {}, commit it, then: pdd-hooks handoff DEV",
            at.devlog
        ),
        Some(_) => "git add what the next commit is to hold".to_owned(),
    }
}

/// How a task that is done goes on.
fn landing(at: &Situation<'_>) -> String {
    match (at.integration, at.branch) {
        (Some(integration), Some(branch)) => {
            format!("git switch {integration} && git merge --no-ff {branch}")
        }
        _ => format!("pdd-hooks approve HEAD --into {}", at.protected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_of_a_task_is_told_step_by_step() {
        let task = TaskId::new("TASK-7");
        let other = TaskId::new("TASK-8");
        let at = Situation {
            branch: Some("feat/TASK-7-x"),
            task: Some(&task),
            standing: Some(Status::InProgress),
            protected: "main",
            devlog: "Devlog.md",
            ..Situation::default()
        };
        let by = |persona: &'static str, before: Option<&'static str>| Situation {
            persona: Some(persona),
            before,
            ..at.clone()
        };
        let in_state = |standing: Status, at: Situation<'_>| {
            next(&Situation {
                standing: Some(standing),
                ..at
            })
        };
        let ready = Status::ReadyForValidation;
        for (said, expected) in [
            (
                next(&Situation {
                    task: None,
                    next_task: Some(&other),
                    ..at.clone()
                }),
                "pdd-hooks task start TASK-8",
            ),
            (
                next(&Situation {
                    task: None,
                    ..at.clone()
                }),
                "pdd-hooks task new \"<title>\", then pdd-hooks task start",
            ),
            (
                next(&Situation {
                    standing: None,
                    ..at.clone()
                }),
                "pdd-hooks task new \"<title>\" --id TASK-7",
            ),
            (
                in_state(Status::Pending, at.clone()),
                "pdd-hooks task start TASK-7",
            ),
            (
                in_state(Status::Blocked, at.clone()),
                "pdd-hooks task unblock TASK-7",
            ),
            (next(&at), "pdd-hooks persona PM \"<action>\""),
            (
                next(&by("PM", None)),
                "specify the task, tick PM's checkpoint, then: pdd-hooks handoff QA",
            ),
            (
                next(&by("QA", Some("PM"))),
                "write tests that fail, stage and commit them, then: pdd-hooks handoff DEV",
            ),
            (
                next(&Situation {
                    waiting: 2,
                    ..by("QA", Some("PM"))
                }),
                "pdd-hooks handoff DEV",
            ),
            (
                next(&Situation {
                    waiting: 2,
                    ..by("DEV", Some("QA"))
                }),
                "write the source that turns the 2 sealed tests green, stage it, then: pdd-hooks handoff QA",
            ),
            (next(&by("DEV", Some("QA"))), "pdd-hooks handoff QA"),
            (next(&by("QA", Some("DEV"))), "pdd-hooks task ready TASK-7"),
            (
                in_state(
                    ready,
                    Situation {
                        has_open_criteria: true,
                        ..by("QA", Some("DEV"))
                    },
                ),
                "tick the acceptance criteria that are met and commit; or send it back: pdd-hooks handoff DEV",
            ),
            (
                in_state(ready, by("QA", Some("DEV"))),
                "pdd-hooks handoff PM",
            ),
            (
                in_state(ready, by("PM", Some("QA"))),
                "pdd-hooks task complete TASK-7",
            ),
            (
                next(&Situation {
                    is_done: true,
                    ..at.clone()
                }),
                "pdd-hooks approve HEAD --into main",
            ),
            (
                next(&Situation {
                    is_done: true,
                    integration: Some("dev"),
                    ..at.clone()
                }),
                "git switch dev && git merge --no-ff feat/TASK-7-x",
            ),
            (
                next(&by("TROUBLESHOOT", None)),
                "write the cause and its evidence into Devlog.md, commit it, then: pdd-hooks handoff DEV",
            ),
        ] {
            assert_eq!(said, expected);
        }
    }
}

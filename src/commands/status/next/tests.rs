//! The way of a task, step by step.

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
        has_criteria: true,
        asks_for_red: true,
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
                task: None,
                is_protected: true,
                integration: Some("dev"),
                ..at.clone()
            }),
            "git switch dev && pdd-hooks task new \"<title>\", then pdd-hooks task start",
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
            in_state(
                ready,
                Situation {
                    has_open_criteria: true,
                    ..by("PM", Some("QA"))
                },
            ),
            "tick the acceptance criteria that are met and commit, then: pdd-hooks task complete TASK-7",
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
                approved: Some("git switch main && git merge 0123abc"),
                ..at.clone()
            }),
            "git switch main && git merge 0123abc",
        ),
        (
            next(&Situation {
                approved: Some("git switch main && git merge 0123abc"),
                ..by("QA", Some("DEV"))
            }),
            "pdd-hooks task ready TASK-7",
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
            next(&Situation {
                asks_for_red: false,
                ..by("QA", Some("PM"))
            }),
            "pdd-hooks handoff DEV, whose work needs no test that fails first; if all is there: pdd-hooks task ready TASK-7",
        ),
        (
            next(&Situation {
                has_criteria: false,
                ..by("QA", Some("DEV"))
            }),
            "write the acceptance criteria of TASK-7 into the Tasklist and commit them, then: pdd-hooks task ready TASK-7",
        ),
        (
            in_state(
                ready,
                Situation {
                    has_criteria: false,
                    ..by("QA", Some("DEV"))
                },
            ),
            "write the acceptance criteria of TASK-7 into the Tasklist, tick what is met and commit; then: pdd-hooks handoff PM",
        ),
        (
            in_state(
                ready,
                Situation {
                    unstaged: Some("Tasklist.md"),
                    ..by("PM", Some("QA"))
                },
            ),
            "git add Tasklist.md",
        ),
        (
            next(&Situation {
                standing: None,
                to_pm: Some("pdd-hooks handoff PM"),
                ..by("QA", None)
            }),
            "pdd-hooks handoff PM && pdd-hooks task new \"<title>\" --id TASK-7",
        ),
        (
            in_state(
                Status::Blocked,
                Situation {
                    to_pm: Some("pdd-hooks handoff PM"),
                    ..by("QA", None)
                },
            ),
            "pdd-hooks handoff PM && pdd-hooks task unblock TASK-7",
        ),
        (
            next(&Situation {
                standing: None,
                is_standing: true,
                integration: Some("dev"),
                ..at.clone()
            }),
            "change docs or manifests and commit them with [TASK-7], then: git switch dev && git merge --no-ff feat/TASK-7-x",
        ),
        (
            next(&Situation {
                is_done: true,
                is_merged: true,
                integration: Some("dev"),
                ..at.clone()
            }),
            "pdd-hooks approve dev --into main",
        ),
        (
            next(&Situation {
                is_done: true,
                is_merged: true,
                is_landed: true,
                integration: Some("dev"),
                ..at.clone()
            }),
            "git switch dev",
        ),
        (
            next(&by("TROUBLESHOOT", None)),
            "write the cause and its evidence into Devlog.md, commit it, then: pdd-hooks handoff DEV",
        ),
    ] {
        assert_eq!(said, expected);
    }
}

//! PDD012 with real git: what is written into the documents.

use crate::support::Repo;
use crate::tasked::{LIST, TASKS, refused};

/// What is said where PM changes the Tasklist so.
fn edited(tasks: &str, from: &str, to: &str) -> Vec<String> {
    let repo = Repo::tasked(tasks, &["PM"]);
    repo.replace(LIST, from, to);
    refused(&repo.commit("docs: plan [TASK-001]"))
}

#[test]
fn moves_of_a_status_are_judged_between_base_and_change() {
    let all = ["PENDING", "IN_PROGRESS", "BLOCKED", "READY_FOR_VALIDATION"];
    let repo = Repo::tasked(TASKS, &["PM"]);
    for from in all {
        for to in all.into_iter().filter(|to| *to != from) {
            let tasks = TASKS.replacen("IN_PROGRESS", from, 1);
            repo.stage(LIST, &tasks);
            let _ = repo
                .git(&[
                    "commit",
                    "-q",
                    "-n",
                    "--allow-empty",
                    "-m",
                    "docs: set the scene [TASK-001]",
                ])
                .ok();
            repo.stage(LIST, &tasks.replacen(from, to, 1));
            let said = refused(&repo.commit("docs: plan [TASK-001]"));
            let is_allowed = !matches!(
                (from, to),
                ("PENDING", "READY_FOR_VALIDATION")
                    | ("IN_PROGRESS" | "READY_FOR_VALIDATION", "PENDING")
            );
            match is_allowed {
                true => assert_eq!(said, [""; 0], "{from} -> {to}"),
                false => assert_eq!(
                    said,
                    [format!(
                        "PDD012: `TASK-001` goes from {from} to {to} ({LIST}:5)"
                    )]
                ),
            }
        }
    }
}

#[test]
fn faults_of_the_form_are_refused_with_path_and_line() {
    for (from, to, expected) in [
        (
            "IN_PROGRESS",
            "DOING",
            "PDD012: `TASK-001` has the status `DOING`, which is none (context/Tasklist.md:5)",
        ),
        (
            "- **Status**: PENDING\n",
            "",
            "PDD012: `TASK-002` has no status (context/Tasklist.md:12)",
        ),
        (
            "TASK-002: Rank",
            "TASK-001: Rank",
            "PDD012: `TASK-001` stands here and in line 3 (context/Tasklist.md:12)",
        ),
        (
            "PENDING",
            "COMPLETED",
            "PDD012: `TASK-002` is COMPLETED and still in the Tasklist (context/Tasklist.md:14)",
        ),
    ] {
        let said = edited(TASKS, from, to);
        assert!(said.contains(&expected.to_owned()), "{said:?}");
    }
}

#[test]
fn a_task_is_completed_in_one_commit_with_its_criteria_ticked() {
    let ready = TASKS.replacen("IN_PROGRESS", "READY_FOR_VALIDATION", 1);
    let complete = |tasks: &str| {
        let repo = Repo::tasked(tasks, &["PM"]);
        let end = tasks.find("### TASK-002").unwrap();
        repo.stage(LIST, &format!("# Tasklist\n\n{}", &tasks[end..]));
        repo.stage(
            "context/Changelog.md",
            "# Changelog\n\n### TASK-001: Search\n\n- **Type**: feat\n",
        );
        refused(&repo.commit("docs: complete it [TASK-001]"))
    };
    assert_eq!(complete(&ready.replace("[ ]", "[x]")), [""; 0]);
    assert_eq!(
        complete(&ready),
        [format!(
            "PDD012: `TASK-001` is COMPLETED with an open acceptance criterion: `fast` ({LIST})"
        )]
    );
    assert_eq!(
        complete(&TASKS.replace("[ ]", "[x]")),
        [format!(
            "PDD012: `TASK-001` goes from IN_PROGRESS to the Changelog ({LIST})"
        )]
    );
}

#[test]
fn a_new_entry_stands_on_top() {
    let repo = Repo::tasked(TASKS, &["PM"]);
    let first = "# Devlog\n\n## [DEVLOG-0001] - One\n\nwords\n";
    repo.stage("context/Devlog.md", first);
    let _ = repo.commit("docs: decide [TASK-001]").ok();
    repo.stage(
        "context/Devlog.md",
        &format!("{first}\n## [DEVLOG-0002] - Two\n"),
    );
    assert_eq!(
        refused(&repo.commit("docs: decide [TASK-001]")),
        [
            "PDD012: the new entry `DEVLOG-0002` does not stand above the earlier ones (context/Devlog.md:7)"
        ]
    );
    repo.stage(
        "context/Devlog.md",
        &first.replace("## [", "## [DEVLOG-0001] - Two\n\n## ["),
    );
    assert_eq!(
        refused(&repo.commit("docs: decide [TASK-001]")),
        ["PDD012: `DEVLOG-0001` stands here and in line 5 (context/Devlog.md:3)"]
    );
    repo.stage(
        "context/Devlog.md",
        &first.replace("## [", "## [DEVLOG-0002] - Two\n\n## ["),
    );
    let _ = repo.commit("docs: decide [TASK-001]").ok();
}

#[test]
fn a_backlog_may_be_planned_under_another_task() {
    let repo = Repo::tasked(TASKS, &["PM"]);
    let text = repo.read(LIST);
    repo.stage(LIST, &format!("{text}\n### TASK-003: Page\n\n- **Status**: PENDING\n\n### TASK-004: Sort\n\n- **Status**: PENDING\n"));
    let _ = repo.commit("docs: plan the backlog [TASK-001]").ok();
}

#[test]
fn what_is_done_does_not_begin_anew() {
    let repo = Repo::tasked(TASKS, &["PM"]);
    let done = "# Changelog\n\n### TASK-000: Schema\n\n- **Type**: feat\n";
    repo.stage("context/Changelog.md", done);
    let _ = repo.commit("docs: what was done [TASK-001]").ok();
    repo.stage(
        LIST,
        &format!("{TASKS}\n### TASK-000: Schema\n\n- **Status**: IN_PROGRESS\n"),
    );
    assert_eq!(
        refused(&repo.commit("docs: again [TASK-001]")),
        [format!(
            "PDD012: `TASK-000` is COMPLETED in the Changelog, and begins anew ({LIST}:20)"
        )]
    );
}

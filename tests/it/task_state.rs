//! PDD003 with real git: source and tests under tasks in every state.

use crate::support::Repo;
use crate::tasked::{LIST, TASKS, refused};

/// A change of a test in a repository with this Tasklist.
fn tests_under(tasks: &str) -> Vec<String> {
    let repo = Repo::tasked(tasks, &["PM", "QA"]);
    repo.stage("tests/app.txt", "more\n");
    refused(&repo.try_commit())
}

#[test]
fn each_state_lets_tests_be_changed_or_refuses_with_path_and_line() {
    for (status, is_allowed) in [
        ("IN_PROGRESS", true),
        ("READY_FOR_VALIDATION", true),
        ("PENDING", false),
        ("BLOCKED", false),
        ("COMPLETED", false),
    ] {
        let said = tests_under(&TASKS.replace("IN_PROGRESS", status));
        match is_allowed {
            true => assert_eq!(said, [""; 0], "{status}"),
            false => assert_eq!(
                said,
                [format!(
                    "PDD003: `TASK-001` is {status}: source and tests change under a task that is IN_PROGRESS or READY_FOR_VALIDATION ({LIST}:3)"
                )]
            ),
        }
    }
    assert_eq!(
        tests_under("# Tasklist\n"),
        [format!(
            "PDD003: the Tasklist has no task `TASK-001` ({LIST})"
        )]
    );
}

#[test]
fn a_task_in_the_form_of_items_is_asked_too() {
    let item = "# Tasks\r\n\r\n- [ ] **[TASK-001]** - Search\r\n  - **Status**: PENDING\r\n";
    assert!(tests_under(item)[0].starts_with("PDD003: `TASK-001` is PENDING"));
    assert_eq!(
        tests_under(&item.replace("PENDING", "IN_PROGRESS")),
        [""; 0]
    );
}

#[test]
fn a_dependency_that_is_open_and_a_checkpoint_that_is_refuse() {
    let waits = TASKS.replacen("Dependencies**: None", "Dependencies**: TASK-002", 1);
    assert_eq!(
        tests_under(&waits),
        [format!(
            "PDD003: `TASK-001` depends on `TASK-002`, which is PENDING ({LIST}:7)"
        )]
    );
    let open = TASKS.replace(
        "### TASK-002",
        "#### QA Context Validation ❌\n- [ ] interfaces read\n\n### TASK-002",
    );
    assert_eq!(
        tests_under(&open),
        [format!(
            "PDD003: `QA Context Validation` of `TASK-001` has an open box ({LIST}:12)"
        )]
    );
    let done = open
        .replace('❌', "✅")
        .replace("[ ] interfaces", "[x] interfaces");
    assert_eq!(tests_under(&done), [""; 0]);
}

/// The tests of DEV's checkpoint say that QA's have been read: they must exist before.
#[test]
fn devs_checkpoint_is_asked_for_where_source_changes() {
    let open = TASKS.replace(
        "### TASK-002",
        "#### DEV Context Validation ❌\n- [ ] tests read\n\n### TASK-002",
    );
    assert_eq!(tests_under(&open), [""; 0]);
    let repo = Repo::tasked(&open, &["PM", "QA", "DEV"]);
    repo.stage("src/app.txt", "more\n");
    let said = refused(&repo.try_commit());
    assert!(
        said[0].starts_with("PDD003: `DEV Context Validation` of `TASK-001` has an open box"),
        "{said:?}"
    );
    repo.replace(
        LIST,
        "DEV Context Validation ❌\n- [ ]",
        "DEV Context Validation ✅\n- [x]",
    );
    let _ = repo.try_commit().ok();
}

#[test]
fn a_task_begins_with_its_first_test_and_is_blocked_by_pm_in_records_alone() {
    let repo = Repo::tasked(&TASKS.replace("IN_PROGRESS", "PENDING"), &["PM"]);
    repo.declare("QA");
    repo.replace(LIST, "PENDING", "IN_PROGRESS");
    repo.stage("tests/app.txt", "more\n");
    let _ = repo.try_commit().ok();
    repo.declare("PM");
    repo.replace(LIST, "IN_PROGRESS", "BLOCKED");
    let _ = repo.commit("docs: block it [TASK-001]").ok();
    repo.declare("PM");
    repo.replace(LIST, "BLOCKED", "IN_PROGRESS");
    let _ = repo.commit("docs: take it up again [TASK-001]").ok();
}

//! `pdd-hooks status`: the one place to look.

use crate::enrolled::WORK;
use crate::red::scene::{SUB, SUB_PATH, TEST_SUB, package};
use crate::support::Repo;
use crate::tasked::{LIST, LOG, TASKS};

fn line(repo: &Repo, name: &str) -> String {
    let said = repo.pdd(&["status"]).ok().stdout;
    let found = said
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name:<9}")));
    found
        .unwrap_or_else(|| panic!("no {name}: {said}"))
        .to_owned()
}

#[test]
fn a_task_is_shown_with_what_stands_in_the_documents() {
    let tasks = TASKS.replace(
        "### TASK-002",
        "#### PM Context Validation ✅\n- [x] read\n\n#### DEV Context Validation ❌\n- [ ] read\n\n### TASK-002",
    );
    let tasks = tasks.replacen("Dependencies**: None", "Dependencies**: TASK-002", 1);
    let repo = Repo::tasked(&tasks, &["PM", "QA"]);
    assert_eq!(
        repo.pdd(&["status"]).ok().stdout,
        format!(
            "branch   {WORK}\n\
             task     TASK-001 Search (IN_PROGRESS, HIGH)\n\
             criteria 0 of 1 ticked\n\
             context  PM done, DEV open\n\
             waits for TASK-002 (PENDING)\n\
             persona  QA\n\
             policy   1 of main\n\
             staged   0 paths\n\
             approval not approved for main\n\
             next     write tests that fail, stage and commit them, then: pdd-hooks handoff DEV\n"
        )
    );
    let json = repo.pdd(&["status", "--format", "json"]).ok().stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let expected = serde_json::json!({
        "branch": WORK, "task": "TASK-001", "title": "Search", "status": "IN_PROGRESS", "priority": "HIGH",
        "waits_for": ["TASK-002 (PENDING)"], "criteria": {"ticked": 0, "of": 1},
        "checkpoints": [
            {"name": "PM Context Validation", "is_open": false},
            {"name": "DEV Context Validation", "is_open": true}
        ],
        "persona": "QA", "log": LOG, "policy": 1, "policy_branch": "main", "staged_paths": 0, "validation": [],
        "red": null, "waiting": [],
        "approval": {"branch": "main", "is_approved": false, "required": 1, "by": []},
        "lacks": [], "next": "write tests that fail, stage and commit them, then: pdd-hooks handoff DEV"
    });
    assert_eq!(json, expected);
}

#[test]
fn the_proofs_of_what_is_staged_and_the_tests_that_wait_are_told() {
    let repo = package();
    let _ = repo
        .put(SUB_PATH, TEST_SUB, "test: ask for it [TASK-001]")
        .ok();
    assert_eq!(
        line(&repo, "waiting"),
        "for source: tests/test_sub.py::test_subtracts"
    );
    repo.stage("app.py", SUB);
    assert_eq!(line(&repo, "checks"), "tests not yet");
    assert_eq!(line(&repo, "red"), "not yet");
    assert_eq!(
        line(&repo, "next"),
        "git commit -m \"feat(scope): description [TASK-001]\""
    );
    let _ = repo.pdd(&["validate"]).ok();
    let _ = repo.pdd(&["red"]).ok();
    assert_eq!(line(&repo, "checks"), "tests passed");
    assert_eq!(line(&repo, "red"), "proven");
}

#[test]
fn the_next_command_mends_what_is_lacking_first() {
    let repo = Repo::tasked(TASKS, &["PM", "QA"]);
    repo.stage("src/app.txt", "more\n");
    assert_eq!(
        line(&repo, "lacks"),
        "PDD006: `src/app.txt` is source, which DEV changes; QA speaks for `TASK-001`"
    );
    assert_eq!(
        line(&repo, "next"),
        "declare it: `pdd-hooks persona DEV TASK-001 \"<action>\"`"
    );
    let _ = repo.git(&["reset", "-q", "--hard"]).ok();
    repo.stage("tests/app.txt", "more\n");
    assert_eq!(
        line(&repo, "next"),
        "git commit -m \"test(scope): description [TASK-001]\""
    );
    let _ = repo.try_commit().ok();
    repo.replace(LIST, "[ ] fast", "[x] fast");
    assert_eq!(
        line(&repo, "next"),
        "git commit -m \"docs(scope): description [TASK-001]\""
    );
    let _ = repo.git(&["stash", "-q"]).ok();
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    assert_eq!(line(&repo, "task"), "none: the branch's name holds no task");
}

#[test]
fn a_prompt_gets_one_line_and_nothing_where_there_is_no_task() {
    let repo = Repo::tasked(TASKS, &["PM", "QA"]);
    let said = |repo: &Repo| repo.pdd(&["status", "--oneline"]).ok().stdout;
    assert_eq!(said(&repo), "TASK-001 QA IN_PROGRESS 0/1\n");
    // What is written counts, staged or not: a prompt tells what the user sees.
    repo.write(LIST, TASKS.replace("[ ] fast", "[x] fast"));
    assert_eq!(said(&repo), "TASK-001 QA IN_PROGRESS 1/1\n");
    std::fs::remove_file(repo.at(LIST)).unwrap();
    assert_eq!(said(&repo), "TASK-001 QA\n");
    let _ = repo.git(&["switch", "-q", "-f", "main"]).ok();
    assert_eq!(said(&repo), "");
    assert_eq!(said(&Repo::new()), "");
}

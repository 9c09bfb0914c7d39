//! `pdd-hooks status`: the one place to look.

use crate::enrolled::WORK;
use crate::red::scene::{SUB, SUB_PATH, TEST_SUB, package};
use crate::support::Repo;
use crate::task::follow;
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

#[test]
fn a_task_whose_type_asks_for_no_red_is_sent_to_its_work_and_to_ready() {
    let tasks = TASKS.replacen("HIGH\n", "HIGH\n- **Type**: docs\n", 1);
    let repo = Repo::tasked(&tasks, &["PM", "QA"]);
    assert_eq!(
        line(&repo, "next"),
        "pdd-hooks handoff DEV, whose work needs no test that fails first; if all is there: pdd-hooks task ready TASK-001"
    );
    let _ = follow(&repo, &repo.pdd(&["task", "ready", "TASK-001"]).ok()).ok();
}

#[test]
fn a_task_that_is_not_listed_is_added_by_who_may() {
    for (speakers, way) in [
        (&["PM"][..], ""),
        (&["TROUBLESHOOT"], ""),
        (&["PM", "QA"], "pdd-hooks handoff PM && "),
        (
            &["PM", "QA", "DEV"],
            "pdd-hooks handoff QA && pdd-hooks handoff PM && ",
        ),
    ] {
        let repo = Repo::tasked("# Tasklist\n", speakers);
        let new = "pdd-hooks task new \"<title>\" --id TASK-001";
        assert_eq!(line(&repo, "next"), format!("{way}{new}"));
        for command in way.split(" && ").filter(|it| !it.is_empty()) {
            let words: Vec<&str> = command.split(' ').skip(1).collect();
            let _ = repo.pdd(&words).ok();
        }
        let added = repo
            .pdd(&["task", "new", "Search", "--id", "TASK-001"])
            .ok();
        let _ = follow(&repo, &added).ok();
    }
}

#[test]
fn what_has_been_merged_is_not_merged_again() {
    let ready = TASKS.replacen("IN_PROGRESS", "READY_FOR_VALIDATION", 1);
    let ready = ready.replacen("[ ] fast", "[x] fast", 1);
    let repo = Repo::tasked(&ready, &["PM", "QA", "DEV", "QA", "PM"]);
    let _ = repo.git(&["branch", "dev", "main"]).ok();
    let _ = follow(&repo, &repo.pdd(&["task", "complete"]).ok()).ok();
    let merge = format!("git switch dev && git merge --no-ff {WORK}");
    assert_eq!(line(&repo, "next"), merge);
    let _ = repo.git(&["switch", "-q", "dev"]).ok();
    let args = ["merge", "-q", "--no-ff", "-m", "Merge it [TASK-001]", WORK];
    let _ = repo.git(&args).ok();
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    assert_eq!(line(&repo, "next"), "pdd-hooks approve dev --into main");
}

#[test]
fn a_standing_task_is_told_what_it_is_for() {
    let repo = Repo::tasked(TASKS, &[]);
    let _ = repo.git(&["branch", "dev", "main"]).ok();
    let _ = repo.git(&["switch", "-q", "-c", "docs/MAINT-1"]).ok();
    assert_eq!(
        line(&repo, "next"),
        "change docs or manifests and commit them with [MAINT-1], then: git switch dev && git merge --no-ff docs/MAINT-1"
    );
    repo.stage("notes.md", "more\n");
    assert_eq!(line(&repo, "staged"), "1 path");
    assert_eq!(
        line(&repo, "next"),
        "git commit -m \"docs(scope): description [MAINT-1]\""
    );
}

#[test]
fn what_is_ticked_is_added_and_what_has_no_criterion_gets_one() {
    let ready = TASKS.replacen("IN_PROGRESS", "READY_FOR_VALIDATION", 1);
    let repo = Repo::tasked(&ready, &["PM", "QA", "DEV", "QA", "PM"]);
    repo.write(LIST, ready.replace("[ ] fast", "[x] fast"));
    assert_eq!(line(&repo, "next"), format!("git add {LIST}"));
    let _ = repo.git(&["add", LIST]).ok();
    assert_eq!(
        line(&repo, "next"),
        "git commit -m \"docs(scope): description [TASK-001]\""
    );
    let bare = ready.replace("  - [ ] fast\n", "");
    let repo = Repo::tasked(&bare, &["PM", "QA", "DEV", "QA"]);
    assert_eq!(
        line(&repo, "next"),
        "write the acceptance criteria of TASK-001 into the Tasklist, tick what is met and commit; then: pdd-hooks handoff PM"
    );
    let refused = repo.pdd(&["task", "complete"]);
    let place = format!("under its Acceptance Criteria: {LIST}:9\n");
    assert!(refused.stderr.contains(&place), "{}", refused.stderr);
}

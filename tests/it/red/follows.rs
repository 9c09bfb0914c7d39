//! A seal follows its tests through what git does to commits, and binds nobody else.

use super::scene::{ASK, DO, PROVEN, SUB, SUB_PATH, TEST_SUB, package, refused, told};
use crate::enrolled::WORK;
use crate::support::Repo;

/// The branch of another task.
const OTHER: &str = "feat/TASK-002-other";

/// A change of the sealed file, which turns it green with source that is wrong.
fn stage_a_lie(repo: &Repo) {
    repo.stage(SUB_PATH, &TEST_SUB.replace("== 2", "== 4"));
    repo.stage("app.py", &SUB.replace("a - b", "a + b"));
}

/// Source that changes the sealed file is refused here, and source that does not is proven by it.
#[track_caller]
fn is_bound(repo: &Repo, message: &str) {
    stage_a_lie(repo);
    let found = refused(&repo.commit(message));
    assert!(
        found.len() == 1 && found[0].starts_with(&format!("`{SUB_PATH}` is not as QA sealed it; ")),
        "{found:?}"
    );
    repo.stage(SUB_PATH, TEST_SUB);
    let green = repo.put("app.py", SUB, message);
    assert_eq!(told(&green).pop().unwrap(), PROVEN);
}

#[test]
fn an_amended_message_keeps_it() {
    let repo = package();
    repo.ask_for_sub();
    let other = "test: ask for it in other words [TASK-001]";
    let _ = repo.git(&["commit", "-q", "--amend", "-m", other]).ok();
    is_bound(&repo, DO);
}

#[test]
fn a_rebase_onto_what_moved_keeps_it() {
    let repo = package();
    repo.ask_for_sub();
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    repo.begin_other("docs/TASK-002-other", "TASK-002");
    let _ = repo
        .git(&["rebase", "-q", "docs/TASK-002-other", WORK])
        .ok();
    assert_eq!(repo.class_of("HEAD"), "replayed (rebase)");
    // A name that the seal does not know either.
    let _ = repo
        .git(&["branch", "-q", "-m", "feat/TASK-001-again"])
        .ok();
    is_bound(&repo, DO);
}

#[test]
fn a_merge_into_another_branch_of_its_task_in_another_worktree_brings_it() {
    let repo = package();
    let _ = repo
        .git(&[
            "worktree",
            "add",
            "-q",
            "-b",
            "feat/TASK-001-source",
            "../second",
        ])
        .ok();
    repo.ask_for_sub();
    let second = repo.at("../second");
    let _ = repo
        .git_in(
            &second,
            &[
                "merge",
                "-q",
                "--no-ff",
                "-m",
                "merge: tests [TASK-001]",
                WORK,
            ],
        )
        .ok();
    std::fs::write(second.join(SUB_PATH), TEST_SUB.replace("== 2", "== 4")).unwrap();
    std::fs::write(second.join("app.py"), SUB.replace("a - b", "a + b")).unwrap();
    let _ = repo.git_in(&second, &["add", "-A"]).ok();
    let found = refused(&repo.git_in(&second, &["commit", "-q", "-m", DO]));
    assert!(
        found[0].starts_with(&format!("`{SUB_PATH}` is not as QA sealed it; ")),
        "{found:?}"
    );
}

#[test]
fn a_pick_onto_another_branch_of_its_task_brings_it() {
    let repo = package();
    let _ = repo.git(&["branch", "-q", "feat/TASK-001-source"]).ok();
    repo.ask_for_sub();
    let _ = repo.git(&["switch", "-q", "feat/TASK-001-source"]).ok();
    let _ = repo
        .put("notes.md", "Notes.\n", "docs: take notes [TASK-001]")
        .ok();
    let _ = repo.git(&["cherry-pick", WORK]).ok();
    is_bound(&repo, DO);
}

#[test]
fn another_task_on_the_same_base_is_not_bound() {
    let repo = package();
    repo.ask_for_sub();
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    repo.begin_other(OTHER, "TASK-002");
    stage_a_lie(&repo);
    let other = repo.commit("feat: something else [TASK-002]");
    assert_eq!(told(&other).pop().unwrap(), PROVEN);
}

#[test]
fn a_seal_whose_source_was_taken_back_is_open_again() {
    let repo = package();
    repo.ask_for_sub();
    let _ = repo.put("app.py", SUB, DO).ok();
    let _ = repo.git(&["reset", "-q", "--hard", "HEAD~1"]).ok();
    is_bound(&repo, DO);
}

#[test]
fn an_amended_test_is_sealed_anew() {
    let repo = package();
    repo.ask_for_sub();
    repo.stage(
        SUB_PATH,
        &TEST_SUB.replace("sub(3, 1) == 2", "sub(3, 2) == 1"),
    );
    let _ = repo.git(&["commit", "-q", "--amend", "-m", ASK]).ok();
    let seals = repo.seals();
    let newest = seals.last().unwrap().files[SUB_PATH].as_ref().unwrap();
    assert_eq!(newest.as_str(), repo.blob("HEAD", SUB_PATH));
    let green = repo.put("app.py", SUB, DO);
    assert_eq!(told(&green).pop().unwrap(), PROVEN);
}

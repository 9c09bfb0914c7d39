//! A landing asks once for each task: was its source ever seen red, or did its Type say before it began that it need not be.

use super::scene::{ADD, DO, SUB, SUB_PATH, TEST_SUB, package, package_with};
use crate::enrolled::WORK;
use crate::keys::{APPROVAL, EVIDENCE, SIGNERS};
use crate::support::Repo;

const TASKLIST: &str = "context/Tasklist.md";
const REFACTOR: &str = "refactor: turn it [TASK-001]";

fn tasklist(kind: &str) -> String {
    format!("# Tasklist\n\n### TASK-001: Steps\n- **Status**: IN_PROGRESS\n- **Type**: {kind}\n")
}

/// What PDD009 says of the work branch landing on `main`.
fn landing(repo: &Repo) -> Vec<String> {
    let output = repo.pdd(&["check", "--into", "main", "main..HEAD"]);
    let mut found = crate::validation::scene::findings(&output);
    found.retain(|finding| finding.starts_with("PDD009"));
    found
}

/// Commits a refactoring; its hooks let it through.
fn refactor(repo: &Repo) {
    let turned = ADD.replace("a + b", "b + a");
    let _ = repo.put("app.py", &turned, REFACTOR).ok();
}

fn never_red(repo: &Repo, first: &str, commits: &str) -> String {
    let first = &repo.ask(&["rev-parse", first])[..12];
    format!(
        "PDD009: `TASK-001` changes source in {commits} (the first is {first}), none of which has a red proof"
    )
}

#[test]
fn a_task_of_refactorings_alone_does_not_land() {
    let repo = package();
    refactor(&repo);
    assert_eq!(landing(&repo), [never_red(&repo, "HEAD", "1 commit")]);
    let _ = repo
        .put("app.py", &ADD.replace("a + b", "b + a + 0"), REFACTOR)
        .ok();
    assert_eq!(landing(&repo), [never_red(&repo, "HEAD~1", "2 commits")]);
    // One proof is enough for all of it.
    repo.stage(SUB_PATH, TEST_SUB);
    let _ = repo.put("app.py", SUB, DO).ok();
    assert_eq!(landing(&repo), [""; 0]);
}

#[test]
fn a_push_of_it_to_the_protected_branch_is_refused_in_the_same_words() {
    let repo = package();
    crate::moments::with_server(&repo);
    refactor(&repo);
    let push = repo.git(&["push", "-q", "origin", "HEAD:main"]);
    let mut found = crate::validation::scene::findings(&push);
    found.retain(|finding| finding.starts_with("PDD009"));
    assert_eq!(found, [never_red(&repo, "HEAD", "1 commit")]);
}

#[test]
fn a_type_that_was_given_before_its_source_needs_no_red() {
    let repo = package();
    repo.declare("PM");
    let _ = repo
        .put(
            TASKLIST,
            &tasklist("refactor"),
            "docs: say what it is [TASK-001]",
        )
        .ok();
    repo.declare("QA");
    let _ = repo.commit("docs: hand over [TASK-001]").ok();
    refactor(&repo);
    assert_eq!(landing(&repo), [""; 0]);
}

#[test]
fn a_type_that_is_changed_with_its_source_or_later_comes_too_late() {
    let repo = package();
    let _ = repo
        .put(
            TASKLIST,
            &tasklist("feat"),
            "docs: say what it is [TASK-001]",
        )
        .ok();
    repo.stage(TASKLIST, &tasklist("refactor"));
    refactor(&repo);
    let expected = never_red(&repo, "HEAD", "1 commit");
    assert_eq!(landing(&repo), [expected.as_str()]);
    let _ = repo
        .put(
            TASKLIST,
            &tasklist("chore"),
            "docs: say it again [TASK-001]",
        )
        .ok();
    assert_eq!(landing(&repo), [expected]);
}

#[test]
fn a_task_without_source_lands_without_a_proof() {
    let repo = package();
    let _ = repo
        .put("notes.md", "Notes.\n", "docs: take notes [TASK-001]")
        .ok();
    assert_eq!(landing(&repo), [""; 0]);
}

#[test]
fn the_proof_of_a_commit_counts_after_a_rebase_too() {
    let repo = package();
    repo.stage(SUB_PATH, TEST_SUB);
    let _ = repo.put("app.py", SUB, DO).ok();
    let work = repo.ask(&["symbolic-ref", "--short", "HEAD"]);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    repo.begin_other("docs/TASK-002-base", "TASK-002");
    let _ = repo
        .put("notes.md", "Notes.\n", "docs: take notes [TASK-002]")
        .ok();
    let _ = repo
        .git(&["rebase", "-q", "docs/TASK-002-base", &work])
        .ok();
    let turned = SUB.replace("a - b", "-b + a");
    let _ = repo.put("app.py", &turned, REFACTOR).ok();
    assert_eq!(landing(&repo), [""; 0]);
}

#[test]
fn who_approves_is_shown_it_too() {
    let repo = package();
    refactor(&repo);
    let said = landing(&repo)
        .remove(0)
        .replacen("PDD009: ", "error[PDD009]: ", 1);
    let shown = repo.pdd(&["approve", WORK, "--into", "main", "--dry-run"]);
    assert!(
        shown.stdout.contains("\nfindings    1: WHILE THEY STAND")
            && shown
                .stdout
                .contains(&format!("\n{said}\n --> refs/heads/main\n")),
        "{}",
        shown.stdout
    );
}

/// A seal that is signed later has another name, which its proof is to say.
#[test]
fn what_was_made_before_there_was_a_key_counts_once_it_is_validated_once_more() {
    let keys = Repo::new();
    let ann = keys.key("ann");
    let lines = ann.line("ann@example.org", &[APPROVAL, EVIDENCE]);
    let repo = package_with(&[(SIGNERS, &lines)]);
    repo.ask_for_sub();
    let _ = repo.put("app.py", SUB, DO).ok();
    assert_ne!(landing(&repo), [""; 0]);
    repo.sign_with(&ann);
    let _ = repo.pdd(&["validate", "main..HEAD"]).ok();
    assert_eq!(landing(&repo), [""; 0]);
}

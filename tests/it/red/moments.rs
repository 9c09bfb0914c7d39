//! The same change gets the same words from pre-push, pre-receive, `check` and the audit; what was proven stays proven.

use super::scene::{DO, PROVEN, SUB, SUB_PATH, TEST_SUB, package, told};
use crate::enrolled::WORK;
use crate::moments::{at_push, at_receive, with_server};
use crate::support::Repo;

const UNKNOWN: &str =
    "PDD009: source changes, and nothing is recorded of what its tests say without it";
const UNTESTED: &str = "PDD008: this tree has no passing validation: `tests` has not passed on it";
const NO_TEST: &str = "PDD009: no test failed before this change: the change brings no test";

/// What every moment says of the work branch; the records go to the server first.
#[track_caller]
fn everywhere(repo: &Repo, expected: &[&str]) {
    let records = ["push", "-q", "--no-verify", "origin", "refs/pdd/evidence"];
    // There may be none yet.
    let _ = repo.git(&records);
    let check = repo.pdd(&["check", "main..HEAD"]);
    assert_eq!(
        crate::validation::scene::findings(&check),
        expected,
        "check"
    );
    let row = repo.audited(repo.folder(), "HEAD");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let found = row["findings"].as_array().unwrap().iter();
    let found: Vec<String> = found
        .map(|finding| format!("{}: {}", text(&finding["code"]), text(&finding["message"])))
        .collect();
    assert_eq!(found, expected, "audit");
    let push = ["-f", "origin", WORK];
    assert_eq!(at_push(repo, &push), expected, "pre-push");
    if !expected.is_empty() {
        assert_eq!(at_receive(repo, &push), expected, "pre-receive");
    }
}

fn force(repo: &Repo, message: &str) {
    let _ = repo.git(&["commit", "-q", "-n", "-m", message]).ok();
}

#[test]
fn source_that_went_round_the_proof_is_refused_everywhere_until_it_is_proven() {
    let repo = package();
    with_server(&repo);
    repo.stage(SUB_PATH, TEST_SUB);
    repo.stage("app.py", SUB);
    force(&repo, DO);
    everywhere(&repo, &[UNTESTED, UNKNOWN]);
    let commit = &repo.ask(&["rev-parse", "HEAD"])[..12];
    let validated = repo.pdd(&["validate", commit]).ok();
    assert!(
        validated.stdout.contains(PROVEN) || validated.stderr.contains(PROVEN),
        "{}",
        validated.text()
    );
    everywhere(&repo, &[]);
}

#[test]
fn source_without_a_test_stays_refused_when_it_is_validated() {
    let repo = package();
    with_server(&repo);
    repo.stage("app.py", SUB);
    force(&repo, DO);
    let validated = repo.pdd(&["validate", "HEAD"]);
    assert_eq!(validated.code(), 1, "{}", validated.text());
    everywhere(&repo, &[NO_TEST]);
    // Another type is another claim: the message alone is amended, and nothing runs again.
    let other = "refactor: prepare it [TASK-001]";
    let _ = repo
        .git(&["commit", "-q", "--amend", "-n", "-m", other])
        .ok();
    everywhere(&repo, &[]);
}

#[test]
fn a_proof_holds_over_an_amended_message_and_a_rebase() {
    let repo = package();
    with_server(&repo);
    repo.stage(SUB_PATH, TEST_SUB);
    let green = repo.put("app.py", SUB, DO);
    assert_eq!(told(&green).pop().unwrap(), PROVEN);
    let proofs = repo.proofs().len();
    let other = "fix: do it in other words [TASK-001]";
    let amended = repo.git(&["commit", "-q", "--amend", "-m", other]);
    assert_eq!(told(&amended).pop().unwrap(), PROVEN);
    assert_eq!(repo.proofs().len(), proofs);
    everywhere(&repo, &[]);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    repo.stage("notes.md", "Notes.\n");
    let off = ["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m"];
    let _ = repo
        .git(&[&off[..], &["docs: take notes [MAINT-1]"]].concat())
        .ok();
    // As another server hands it on: nobody lands it here.
    let server = repo.root().join("server.git");
    let _ = repo
        .git_in(&server, &["fetch", "-q", "../repo", "main:main"])
        .ok();
    let _ = repo.git(&["fetch", "-q"]).ok();
    let _ = repo.git(&["rebase", "-q", "main", WORK]).ok();
    assert_eq!(repo.class_of("HEAD"), "replayed (rebase)");
    // The tree is another one, which no check has passed; nothing is asked of its red.
    assert_eq!(repo.codes_of("HEAD"), ["PDD008"]);
    let _ = repo.pdd(&["validate", "main..HEAD"]).ok();
    everywhere(&repo, &[]);
}

/// What waits for its source binds source, and not the documents that are committed meanwhile.
#[test]
fn documents_under_a_seal_need_no_proof_whatever_their_type() {
    let repo = package();
    with_server(&repo);
    repo.ask_for_sub();
    repo.declare("QA");
    let _ = repo.commit("feat: hand over [TASK-001]").ok();
    repo.stage("context/notes.md", "notes\n");
    let _ = repo.commit("docs: note it [TASK-001]").ok();
    everywhere(&repo, &[]);
}

/// Git asks no hook about a revert: the one that runs afterwards says what push and audit will.
#[test]
fn a_revert_that_takes_documents_back_says_so_at_once_and_passes_as_it_says() {
    let repo = package();
    with_server(&repo);
    repo.declare("DEV");
    repo.declare("QA");
    repo.stage(SUB_PATH, TEST_SUB);
    repo.stage("app.py", SUB);
    let _ = repo.commit(DO).ok();
    let revert = repo.git(&["revert", "--no-edit", "HEAD"]).ok().stderr;
    let mend = revert
        .lines()
        .find_map(|line| line.strip_prefix("  = help: git "));
    let mend = mend.unwrap_or_else(|| panic!("{revert}"));
    assert_eq!(
        mend,
        "restore --source=HEAD~1 --staged --worktree -- :/context/personalog/TASK-001.md && git commit --amend --no-edit"
    );
    let script = format!("git {mend}");
    let mended = repo.run(repo.command("sh", repo.folder()).args(["-c", &script]), b"");
    let _ = mended.ok();
    everywhere(&repo, &[]);
}

#[test]
fn a_revert_of_documents_alone_is_taken_back_as_a_whole_from_a_subfolder_too() {
    let repo = package();
    repo.declare("DEV");
    let _ = repo.commit("docs: hand over [TASK-001]").ok();
    let tip = repo.ask(&["rev-parse", "HEAD"]);
    let folder = repo.folder().join("tests");
    let revert = repo.run(
        repo.command("git", &folder)
            .args(["revert", "--no-edit", "HEAD"]),
        b"",
    );
    let said = revert.ok().stderr;
    let mend = said
        .lines()
        .find_map(|line| line.strip_prefix("  = help: "));
    let mend = mend.unwrap_or_else(|| panic!("{said}"));
    assert_eq!(mend, "git reset --keep HEAD~1");
    let _ = repo
        .run(repo.command("sh", &folder).args(["-c", mend]), b"")
        .ok();
    assert_eq!(repo.ask(&["rev-parse", "HEAD"]), tip);
}

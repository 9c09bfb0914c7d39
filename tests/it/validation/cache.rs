//! What passed once is not run again, on this tree, in this environment; what failed always is.

use super::scene::MESSAGE;
use crate::enrolled::WORK;
use crate::support::Repo;

#[test]
fn an_amended_message_runs_nothing_and_says_how_old_the_pass_is() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    let runs = repo.runs();
    let told = repo
        .git(&[
            "commit",
            "--amend",
            "-q",
            "-m",
            "feat(app): other words [TASK-001]",
        ])
        .ok();
    assert_eq!(repo.runs(), runs);
    assert!(
        told.stderr.starts_with("pdd-hooks: tests passed (cached, "),
        "{}",
        told.text()
    );
}

#[test]
fn what_was_validated_before_is_committed_without_a_run() {
    let repo = Repo::checked("");
    repo.stage_step("one");
    let _ = repo.pdd(&["validate"]).ok();
    let runs = repo.runs();
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.runs(), runs);
}

#[test]
fn a_second_worktree_knows_what_the_first_has_run() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    let runs = repo.runs();
    let linked = repo.root().join("linked");
    let path = linked.to_str().unwrap();
    let _ = repo
        .git(&[
            "worktree",
            "add",
            "-q",
            "-b",
            "fix/TASK-001-b",
            path,
            "HEAD~1",
        ])
        .ok();
    let _ = repo
        .git_in(
            &linked,
            &["restore", "--source", WORK, "--staged", "--worktree", "."],
        )
        .ok();
    let _ = repo.git_in(&linked, &["commit", "-q", "-m", MESSAGE]).ok();
    assert_eq!(repo.runs(), runs);
}

#[test]
fn a_failure_is_never_remembered() {
    let repo = Repo::checked("");
    repo.stage("app.txt", "broken\n");
    let runs = repo.runs();
    for _ in 0..2 {
        assert_eq!(repo.commit(MESSAGE).code(), 1);
    }
    assert_eq!(repo.runs(), runs + 2);
}

#[test]
fn a_pass_whose_record_is_gone_is_none() {
    let repo = Repo::checked("");
    repo.stage_step("one");
    let _ = repo.pdd(&["validate"]).ok();
    let _ = repo.git(&["update-ref", "-d", "refs/pdd/evidence"]).ok();
    let runs = repo.runs();
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.runs(), runs + 1);
}

#[test]
fn another_environment_or_another_check_runs_again() {
    let repo = Repo::checked("");
    repo.stage_step("one");
    let _ = repo.pdd(&["validate"]).ok();
    let runs = repo.runs();
    let _ = repo
        .pdd_with(&[("PYTHONHASHSEED", "7")], &["validate"])
        .ok();
    assert_eq!(repo.runs(), runs + 1);
    // What has nothing to do with the tests does not.
    let _ = repo
        .pdd_with(&[("SSH_AUTH_SOCK", "/x")], &["validate"])
        .ok();
    assert_eq!(repo.runs(), runs + 1);
}

#[test]
fn where_evidence_is_required_the_hook_runs_nothing() {
    let repo = Repo::checked("\n[validation]\non-commit = \"require\"\n");
    repo.stage_step("one");
    let runs = repo.runs();
    let refused = repo.commit(MESSAGE);
    assert_eq!(refused.code(), 1);
    assert_eq!(
        super::scene::findings(&refused),
        ["PDD008: this tree has no passing validation: `tests` has not passed on it"]
    );
    assert_eq!(repo.runs(), runs);
    let _ = repo.pdd(&["validate"]).ok();
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.runs(), runs + 1);
}

#[test]
fn again_runs_what_has_passed_and_records_it_once_more() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    let counts = || {
        let records = repo.ask(&["ls-tree", "-r", "--name-only", "refs/pdd/evidence"]);
        (repo.runs(), records.lines().count())
    };
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    let (runs, records) = counts();
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    assert_eq!(counts(), (runs, records));
    let _ = repo.pdd(&["validate", "--again", "HEAD"]).ok();
    assert_eq!(counts(), (runs + 1, records + 1));
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    assert_eq!(counts(), (runs + 1, records + 1));
}

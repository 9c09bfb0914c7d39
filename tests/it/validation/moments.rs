//! The same change gets the same words from pre-push, pre-receive, `check` and `audit`; and nothing of the user's runs
//! at a push.

use super::scene::{MESSAGE, findings};
use crate::enrolled::WORK;
use crate::moments::with_server;
use crate::support::Repo;

const MISSING: &str = "PDD008: this tree has no passing validation: `tests` has not passed on it";

fn audited(repo: &Repo) -> Vec<String> {
    let row = repo.audited(repo.folder(), "HEAD");
    let all = row["findings"].as_array().unwrap().clone();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    all.iter()
        .map(|finding| format!("{}: {}", text(&finding["code"]), text(&finding["message"])))
        .collect()
}

#[test]
fn a_tree_without_validation_is_refused_everywhere_in_the_same_words() {
    let repo = Repo::checked("");
    with_server(&repo);
    repo.stage("app.txt", "base\nnever tested\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", MESSAGE]).ok();
    let runs = repo.runs();
    let push = repo.git(&["push", "-q", "origin", WORK]);
    let receive = repo.git(&["push", "-q", "--no-verify", "origin", WORK]);
    let received = receive.stderr.replace("remote: ", "");
    assert_eq!((push.code(), receive.code()), (1, 1));
    assert_eq!(findings(&push), [MISSING]);
    assert!(
        received.contains(&MISSING.replace("PDD008", "error[PDD008]")),
        "{received}"
    );
    assert_eq!(findings(&repo.pdd(&["check", "main..HEAD"])), [MISSING]);
    assert_eq!(audited(&repo), [MISSING]);
    let commit = &repo.ask(&["rev-parse", "HEAD"])[..12];
    assert!(
        push.stderr
            .contains(&format!("= help: pdd-hooks validate {commit}")),
        "{}",
        push.text()
    );
    assert_eq!(repo.runs(), runs, "a push runs nothing");
    let _ = repo.pdd(&["validate", commit]).ok();
    assert_eq!(repo.runs(), runs + 1);
    assert_eq!(audited(&repo), [""; 0]);
    let _ = repo
        .git(&["push", "-q", "origin", "refs/pdd/evidence", WORK])
        .ok();
}

#[test]
fn a_validated_branch_is_pushed_and_nothing_runs() {
    let repo = Repo::checked("");
    with_server(&repo);
    repo.validated_step("one");
    let runs = repo.runs();
    let pushed = repo
        .git(&["push", "-q", "origin", "refs/pdd/evidence", WORK])
        .ok();
    assert_eq!(pushed.stderr, "", "{}", pushed.text());
    assert_eq!(repo.runs(), runs);
}

#[test]
fn a_landing_whose_tip_was_not_tested_is_refused_until_it_is() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    repo.stage("README.md", "docs\n");
    let _ = repo.commit("docs: explain [TASK-001]").ok();
    let tip = repo.ask(&["rev-parse", "HEAD"])[..12].to_owned();
    let expected = format!("PDD008: {tip} would land without `tests` on exactly its tree");
    let check = ["check", "--into", "main", "main..HEAD"];
    assert!(findings(&repo.pdd(&check)).contains(&expected));
    let _ = repo.pdd(&["validate", "main..HEAD"]).ok();
    assert!(!findings(&repo.pdd(&check)).contains(&expected));
}

#[test]
fn qa_has_the_last_word_before_source_is_committed() {
    let repo = Repo::checked("");
    repo.stage_step("one");
    repo.declare("DEV");
    let refused = repo.commit(MESSAGE);
    assert_eq!(refused.code(), 1);
    assert_eq!(
        findings(&refused),
        ["PDD008: source changes under `TASK-001`, and QA has not spoken since the last DEV"]
    );
    let runs = repo.runs();
    repo.declare("QA");
    // Only the log was added: the tests run on the new tree once more.
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.runs(), runs + 1);
    let _ = repo
        .git(&[
            "commit",
            "-q",
            "--amend",
            "-n",
            "-m",
            "feat: other words [TASK-001]",
        ])
        .ok();
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
}

#[test]
fn source_without_a_test_check_is_refused() {
    let repo =
        Repo::new().check_with("[[check]]\nname = 'types'\nkind = 'quality'\nrun = ['true']\n");
    repo.stage("app.txt", "changed\n");
    assert_eq!(
        findings(&repo.commit(MESSAGE)),
        ["PDD008: source changes, and no test check is in scope"]
    );
}

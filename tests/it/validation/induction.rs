//! A tree that was left out of a check is validated only as far as what it builds on is.

use super::scene::{MESSAGE, findings};
use crate::support::Repo;

#[test]
fn a_documents_commit_on_a_bypassed_one_does_not_count() {
    let repo = Repo::checked("");
    let runs = repo.runs();
    repo.stage("app.txt", "evil\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", MESSAGE]).ok();
    repo.stage("README.md", "docs\n");
    // Documents run no test, and cost nothing.
    let _ = repo.commit("docs: explain [TASK-001]").ok();
    assert_eq!(repo.runs(), runs);
    let evil = &repo.ask(&["rev-parse", "HEAD~1"])[..12];
    let check = repo.pdd(&["check", "main..HEAD"]);
    assert_eq!(
        findings(&check),
        [
            "PDD008: this tree has no passing validation: `tests` has not passed on it".to_owned(),
            format!("PDD008: this tree builds on {evil}, on which `tests` has not passed"),
        ]
    );
    let validate = repo.pdd(&["validate", "HEAD"]);
    assert_eq!(
        findings(&validate),
        ["PDD008: the check `tests` fails: `base`"]
    );
}

#[test]
fn the_mend_of_a_bypassed_commit_validates_the_tip_alone() {
    let repo = Repo::checked("");
    repo.stage("app.txt", "evil\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", MESSAGE]).ok();
    repo.stage("app.txt", "base\nmended\n");
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
    assert_eq!(repo.codes_of("HEAD~1"), ["PDD008"]);
}

#[test]
fn a_rebase_of_twenty_validated_commits_needs_one_run() {
    let repo = Repo::checked("");
    for step in 0..20 {
        repo.validated_step(&format!("step-{step}"));
    }
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-002-base", "main"])
        .ok();
    for persona in ["PM", "QA"] {
        let _ = repo.pdd(&["persona", persona, "TASK-002", "next"]).ok();
    }
    repo.stage("other.txt", "so that every tree differs\n");
    let _ = repo.commit("feat: other [TASK-002]").ok();
    let _ = repo
        .git(&["rebase", "-q", "feat/TASK-002-base", crate::enrolled::WORK])
        .ok();
    let runs = repo.runs();
    let check = repo.pdd(&["check", "feat/TASK-002-base..HEAD"]);
    assert!(!findings(&check).is_empty(), "{}", check.text());
    let open = repo.pdd(&["audit", "--fail-on", "error", "feat/TASK-002-base..HEAD"]);
    assert_eq!(open.code(), 1, "{}", open.text());
    let validate = repo.pdd(&["validate", "feat/TASK-002-base..HEAD"]).ok();
    assert_eq!(repo.runs(), runs + 1, "{}", validate.text());
    let _ = repo.pdd(&["check", "feat/TASK-002-base..HEAD"]).ok();
    // The audit says the same, as often as it is asked.
    let audit = ["audit", "--fail-on", "error", "feat/TASK-002-base..HEAD"];
    let audited = repo.pdd(&audit);
    assert_eq!(audited.code(), 0, "{}", audited.text());
    // Resumed, nothing is left to run.
    let _ = repo.pdd(&["validate", "feat/TASK-002-base..HEAD"]).ok();
    assert_eq!(repo.runs(), runs + 1);
}

//! A sealed test stays sealed until source turns it green: over documents, without the cache, and through a rebase.

use super::scene::{MESSAGE, TESTS, findings};
use crate::enrolled::WORK;
use crate::support::Repo;

const STILL_RED: &str = "PDD008: the check `tests` fails: `new`";

/// A project with a baseline and one old failure, whose last commit seals the test `new`.
fn sealing() -> Repo {
    let repo = Repo::new();
    repo.write("tests/old.case", "old\n");
    let repo = repo.check_with(&format!("{TESTS}baseline = true\n"));
    seal(&repo, "new");
    repo
}

fn seal(repo: &Repo, name: &str) {
    repo.stage(&format!("tests/{name}.case"), &format!("{name}\n"));
    let _ = repo.commit("test: ask for more [TASK-001]").ok();
}

/// Commits what the next one in a handoff does: a line of the log, which no check looks at.
fn hand_over(repo: &Repo) {
    repo.declare("QA");
    let _ = repo.commit("docs: hand over [TASK-001]").ok();
}

/// Source that leaves `new` red is refused, and source that turns it green is not.
fn source_must_turn_it_green(repo: &Repo) {
    repo.stage("app.txt", "base\nother\n");
    assert_eq!(findings(&repo.commit(MESSAGE)), [STILL_RED]);
    repo.stage("app.txt", "base\nnew\n");
    let _ = repo.commit(MESSAGE).ok();
}

#[test]
fn a_baseline_does_not_forgive_it_after_a_handoff() {
    let repo = sealing();
    hand_over(&repo);
    source_must_turn_it_green(&repo);
}

#[test]
fn a_baseline_does_not_forgive_it_where_the_cache_is_gone() {
    let repo = sealing();
    std::fs::remove_dir_all(repo.at(".git/pdd/validated")).unwrap();
    source_must_turn_it_green(&repo);
}

#[test]
fn a_baseline_does_not_forgive_it_after_a_bypassed_commit() {
    let repo = sealing();
    repo.stage("app.txt", "base\nother\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", MESSAGE]).ok();
    repo.stage("app.txt", "base\nanother\n");
    assert_eq!(findings(&repo.commit(MESSAGE)), [STILL_RED]);
}

#[test]
fn a_baseline_does_not_forgive_it_after_a_rebase() {
    let repo = sealing();
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-002-base", "main"])
        .ok();
    for persona in ["PM", "QA"] {
        let _ = repo.pdd(&["persona", persona, "TASK-002", "next"]).ok();
    }
    repo.stage("other.txt", "so that every tree differs\n");
    let _ = repo.commit("feat: other [TASK-002]").ok();
    let _ = repo.git(&["rebase", "-q", "feat/TASK-002-base", WORK]).ok();
    assert_eq!(repo.class_of("HEAD"), "replayed (rebase)");
    source_must_turn_it_green(&repo);
}

#[test]
fn further_tests_are_sealed_after_a_handoff() {
    let repo = Repo::checked("");
    seal(&repo, "new");
    hand_over(&repo);
    seal(&repo, "newer");
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
}

#[test]
fn what_waits_for_it_keeps_no_commit_back_where_evidence_is_required() {
    let types = "[[check]]\nname = 'types'\nkind = 'quality'\nrun = ['grep', '-q', 'new', 'app.txt']\ncompiles = true\n";
    let repo = Repo::checked(&format!("{types}[validation]\non-commit = 'require'\n"));
    repo.stage("tests/new.case", "new\n");
    let _ = repo.pdd(&["validate"]).ok();
    let told = repo.commit("test: ask for more [TASK-001]").ok();
    assert!(
        told.stderr.contains("types waits for the sealed tests"),
        "{}",
        told.text()
    );
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
}

#[test]
fn a_merge_keeps_the_seal_of_its_first_parent_and_breaks_nothing_else() {
    let repo = Repo::checked("");
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-other"])
        .ok();
    repo.stage("other.txt", "source of somebody else\n");
    let _ = repo.commit(MESSAGE).ok();
    let _ = repo.git(&["switch", "-q", "-"]).ok();
    repo.stage("tests/new.case", "new\n");
    let _ = repo.commit("test: ask for more [TASK-001]").ok();
    let merged = repo.git(&["merge", "-q", "--no-ff", "-m", "merge [TASK-001]", "@{-1}"]);
    assert!(
        merged
            .stderr
            .contains("new is sealed until source turns it green"),
        "{}",
        merged.text()
    );
    assert_eq!(merged.code(), 0);
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
    repo.stage("app.txt", "base\nother\n");
    assert_eq!(
        findings(&repo.commit(MESSAGE)),
        ["PDD008: the check `tests` fails: `new`"]
    );
}

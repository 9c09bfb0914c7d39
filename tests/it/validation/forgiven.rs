//! Failures that do not refuse: those of an old project's baseline, and tests that wait for their source.

use super::scene::{MESSAGE, TESTS, findings};
use crate::support::Repo;

fn old_project() -> Repo {
    let repo = Repo::new();
    for name in ["old-1", "old-2", "old-3"] {
        repo.write(&format!("tests/{name}.case"), format!("{name}\n"));
    }
    repo.check_with(&format!("{TESTS}baseline = true\n"))
}

#[test]
fn an_old_project_commits_with_its_three_failures_and_not_with_a_fourth() {
    let repo = old_project();
    repo.validated_step("one");
    repo.validated_step("two");
    repo.stage("app.txt", "one\ntwo\n");
    let refused = repo.commit(MESSAGE);
    assert_eq!(refused.code(), 1);
    assert_eq!(
        findings(&refused),
        ["PDD008: the check `tests` fails: `base`"]
    );
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
    assert_eq!(repo.codes_of("HEAD~1"), [""; 0]);
}

#[test]
fn a_baseline_forgives_what_is_old_and_not_what_is_sealed() {
    let repo = old_project();
    repo.stage("tests/new.case", "new\n");
    let told = repo.commit("test: ask for more [TASK-001]").ok();
    assert!(
        told.stderr.contains(", 3 old failures; new is sealed"),
        "{}",
        told.text()
    );
    repo.stage("app.txt", "base\nother\n");
    assert_eq!(
        findings(&repo.commit(MESSAGE)),
        ["PDD008: the check `tests` fails: `new`"]
    );
    repo.stage("app.txt", "base\nnew\n");
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
}

#[test]
fn without_a_baseline_the_old_failures_refuse() {
    let repo = Repo::new();
    repo.write("tests/old.case", "old\n");
    let repo = repo.check_with(TESTS);
    repo.stage_step("one");
    let refused = repo.commit(MESSAGE);
    assert_eq!(
        findings(&refused),
        ["PDD008: the check `tests` fails: `old`"]
    );
}

#[test]
fn tests_alone_may_fail_until_their_source_is_written() {
    let types = "[[check]]\nname = 'types'\nkind = 'quality'\nrun = ['grep', '-q', 'new', 'app.txt']\ncompiles = true\n";
    let repo = Repo::checked(types);
    repo.stage("tests/new.case", "new\n");
    let told = repo.commit("test: ask for more [TASK-001]").ok();
    assert!(
        told.stderr
            .contains("; new is sealed until source turns it green)")
            && told.stderr.contains("types waits for the sealed tests"),
        "{}",
        told.text()
    );
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
    // Documents ride on.
    repo.stage("README.md", "docs\n");
    let _ = repo.commit("docs: explain [TASK-001]").ok();
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
    // The next source must turn them green.
    repo.stage("app.txt", "base\nother\n");
    let refused = repo.commit(MESSAGE);
    assert_eq!(
        findings(&refused),
        [
            "PDD008: the check `tests` fails: `new`",
            "PDD008: the check `types` fails: exit code 1"
        ]
    );
    repo.stage("app.txt", "base\nnew\n");
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.codes_of("HEAD"), [""; 0]);
}

#[test]
fn tests_alone_may_not_break_another_test() {
    let repo = Repo::checked("");
    // The runner is no file of the failing test's own.
    repo.stage(
        "tests/run.sh",
        &super::scene::RUNNER.replace("-qxf", "-qvxf"),
    );
    let refused = repo.commit("test: break the runner [TASK-001]");
    assert_eq!(
        findings(&refused),
        ["PDD008: the check `tests` fails: `base`"]
    );
}

#[test]
fn a_branch_with_sealed_tests_does_not_land() {
    let repo = Repo::checked("");
    repo.stage("tests/new.case", "new\n");
    let _ = repo.commit("test: ask for more [TASK-001]").ok();
    let check = repo.pdd(&["check", "--into", "main", "main..HEAD"]);
    let tip = &repo.ask(&["rev-parse", "HEAD"])[..12];
    assert!(
        findings(&check).contains(&format!(
            "PDD008: {tip} would land with sealed tests that fail in `tests`"
        )),
        "{}",
        check.text()
    );
}

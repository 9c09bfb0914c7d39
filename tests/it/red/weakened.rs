//! A test that was there and is lost on the way: by its own text, by its runner's options, by its name.

use super::scene::{
    ADD, DO, SUB, SUB_PATH, TEST_ADD, TEST_SUB, package, package_with, refused, told,
};
use crate::support::{Output, Repo};

const OLD: &str = "tests/test_app.py::test_adds";

/// Brings `sub` with its test, and what is staged besides.
fn commit_sub(repo: &Repo) -> Output {
    repo.stage(SUB_PATH, TEST_SUB);
    repo.put("app.py", SUB, DO)
}

/// What is said when an old test is not reported any more.
fn gone() -> [String; 1] {
    [format!(
        "`{OLD}` passed before, and no run reports it any more; look for what leaves it out: the runner's options, a name, a file that is not collected"
    )]
}

#[test]
fn a_test_that_is_deleted_skipped_or_emptied_with_source_is_refused() {
    let repo = package_with(&[(
        "tests/test_zero.py",
        "import app\n\n\ndef test_zero():\n    assert app.add(0, 0) == 0\n\n\ndef test_one():\n    assert app.add(0, 1) == 1\n",
    )]);
    let _ = repo.git(&["rm", "-q", "tests/test_app.py"]).ok();
    repo.stage(
        "tests/test_zero.py",
        "import pytest\n\nimport app\n\n\n@pytest.mark.skip\ndef test_zero():\n    assert app.add(0, 0) == 0\n\n\ndef test_one():\n    app.add(0, 1)\n",
    );
    assert_eq!(
        refused(&commit_sub(&repo)),
        [
            format!(
                "`{OLD}` is deleted, and still passes on the new source; leave it; a test that is not wanted any more goes in a commit of tests alone"
            ),
            "`tests/test_zero.py::test_zero` is skipped now, and still passes on the new source; let it run".to_owned(),
            "`tests/test_zero.py::test_one` asserts nothing any more; leave its assertions, or change what they expect".to_owned(),
        ]
    );
}

#[test]
fn what_tests_alone_take_away_is_named() {
    let repo = package_with(&[(SUB_PATH, "def test_true():\n    assert True\n")]);
    repo.stage(
        "tests/test_app.py",
        &TEST_ADD
            .replace("def ", "@pytest.mark.skip\ndef ")
            .replace("import app", "import pytest\n\nimport app"),
    );
    let _ = repo.git(&["rm", "-q", SUB_PATH]).ok();
    // One is left, or no test would run.
    let other = TEST_ADD.replace("== 4", "== 4.0");
    let output = repo.put("tests/test_more.py", &other, "test: tidy [TASK-001]");
    assert_eq!(
        told(&output).pop().unwrap(),
        format!("tests alone; deleted: `{SUB_PATH}::test_true`; skipped: `{OLD}`")
    );
}

#[test]
fn a_test_that_the_runner_s_options_leave_out_is_gone() {
    for (path, text) in [
        (
            "pytest.ini",
            format!("[pytest]\npythonpath = .\naddopts = --deselect={OLD}\n"),
        ),
        (
            "conftest.py",
            "collect_ignore = ['tests/test_app.py']\n".to_owned(),
        ),
    ] {
        let repo = package();
        repo.stage(path, &text);
        assert_eq!(refused(&commit_sub(&repo)), gone(), "{path}");
    }
}

#[test]
fn a_test_that_is_left_out_is_gone_whatever_changed_beside_it() {
    let repo = package();
    let ini = format!("[pytest]\npythonpath = .\naddopts = --deselect={OLD}\n");
    repo.stage("pytest.ini", &ini);
    repo.stage(
        "tests/test_app.py",
        &format!("\"\"\"Sums.\"\"\"\n\n{TEST_ADD}"),
    );
    assert_eq!(refused(&commit_sub(&repo)), gone());
}

#[test]
fn a_test_whose_whole_file_is_skipped_is_refused_though_it_says_what_it_said() {
    let repo = package();
    let marked = TEST_ADD.replace(
        "import app\n",
        "import pytest\n\nimport app\n\npytestmark = pytest.mark.skip\n",
    );
    repo.stage("tests/test_app.py", &marked);
    assert_eq!(
        refused(&commit_sub(&repo)),
        [format!(
            "`{OLD}` is skipped now, and still passes on the new source; let it run"
        )]
    );
}

#[test]
fn a_test_that_is_left_out_is_not_made_up_for_by_one_of_another_number() {
    let numbered = TEST_ADD.replace("adds", "adds_1");
    let repo = package_with(&[("tests/test_app.py", &numbered)]);
    let more = format!("{numbered}\n\ndef test_adds_2():\n    assert app.sub(2, 2) == 0\n");
    repo.stage("tests/test_app.py", &more);
    let ini = format!("[pytest]\npythonpath = .\naddopts = --deselect={OLD}_1\n");
    repo.stage("pytest.ini", &ini);
    assert_eq!(
        refused(&commit_sub(&repo)),
        gone().map(|words| words.replace("test_adds", "test_adds_1"))
    );
}

#[test]
fn a_base_that_cannot_be_run_excuses_no_test_that_goes_with_source() {
    let repo = package_with(&[("pytest.ini", "[pytest]\naddopts = --no-such-option\n")]);
    repo.stage("pytest.ini", "[pytest]\npythonpath = .\n");
    let _ = repo.git(&["rm", "-q", "tests/test_app.py"]).ok();
    assert_eq!(
        refused(&commit_sub(&repo)),
        [format!(
            "`{OLD}` is deleted, and still passes on the new source; leave it; a test that is not wanted any more goes in a commit of tests alone"
        )]
    );
    repo.stage("tests/test_app.py", TEST_ADD);
    let summary = told(&commit_sub(&repo)).pop().unwrap();
    assert!(
        summary.contains("; what the tests said before is not known: "),
        "{summary}"
    );
}

#[test]
fn a_test_whose_file_is_renamed_to_what_nobody_collects_is_gone() {
    let repo = package();
    let _ = repo
        .git(&["mv", "tests/test_app.py", "tests/app_checks.py"])
        .ok();
    assert_eq!(refused(&commit_sub(&repo)), gone());
}

#[test]
fn a_test_that_is_moved_to_another_file_is_not_gone() {
    let repo = package();
    let _ = repo
        .git(&["mv", "tests/test_app.py", "tests/test_sums.py"])
        .ok();
    assert_eq!(
        told(&commit_sub(&repo)),
        [
            "tests passed (2 tests)",
            "red: proven (1 test failed before)"
        ]
    );
}

#[test]
fn a_refactoring_loses_no_test_either() {
    let repo = package_with(&[(SUB_PATH, "def test_true():\n    assert True\n")]);
    let _ = repo.git(&["rm", "-q", "tests/test_app.py"]).ok();
    let turned = ADD.replace("a + b", "b + a");
    let output = repo.put("app.py", &turned, "refactor: turn it [TASK-001]");
    let found = refused(&output);
    assert!(
        found.len() == 1
            && found[0].starts_with(&format!(
                "`{OLD}` is deleted, and still passes on the new source; "
            )),
        "{found:?}"
    );
}

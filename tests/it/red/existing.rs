//! Tests that were there: what a change may do to them, and what it may not.

use super::{ADD_AND_SUB, FEATURE, PYTEST, TEST_ADD, TEST_SUB, package, said, told};
use crate::validation::scene::findings;

const BROKEN: &str = "def add(a, b):\n    return a + b + 1\n\n\ndef sub(a, b):\n    return a - b\n";

/// Whatever is proven beside it: the test of the broken function is deleted, skipped, emptied or loosened.
#[test]
fn a_test_that_the_change_breaks_cannot_be_put_out_of_the_way() {
    for (old, expected) in [
        (
            None,
            &[
                "PDD009: `tests/test_app.py::test_adds` is deleted, and fails on the new source: assert 5 == 4",
            ][..],
        ),
        (
            Some(
                TEST_ADD
                    .replace("import app", "import pytest\n\nimport app")
                    .replace("def", "@pytest.mark.skip\ndef"),
            ),
            &[
                "PDD009: `tests/test_app.py::test_adds` is skipped now, and fails on the new source: assert 5 == 4",
            ][..],
        ),
        (
            Some(TEST_ADD.replace("assert app.add(2, 2) == 4", "pass")),
            &["PDD009: `tests/test_app.py::test_adds` asserts nothing any more"][..],
        ),
        (
            Some(TEST_ADD.replace("== 4", ">= 4")),
            &[
                "PDD009: `tests/test_app.py::test_adds` was changed; as it was it fails on the new source: assert 5 == 4, and its new text proves nothing",
            ][..],
        ),
    ] {
        let repo = package().proving(PYTEST);
        match old {
            Some(text) => repo.stage("tests/test_app.py", &text),
            None => {
                let _ = repo.git(&["rm", "-q", "tests/test_app.py"]).ok();
            }
        }
        let output = repo.commit_files(
            FEATURE,
            &[("app.py", BROKEN), ("tests/test_sub.py", TEST_SUB)],
        );
        assert_eq!(findings(&output), expected, "{}", output.text());
    }
}

#[test]
fn a_test_that_still_passes_is_not_deleted_with_source() {
    let repo = package().proving(PYTEST);
    let _ = repo.git(&["rm", "-q", "tests/test_app.py"]).ok();
    let files = [("app.py", ADD_AND_SUB), ("tests/test_sub.py", TEST_SUB)];
    insta::assert_snapshot!(said(&repo.commit_files(FEATURE, &files)), @r#"
    exit: 1
    --- stdout
    --- stderr
    pdd-hooks: tests passed (1 test)
    error[PDD009]: `tests/test_app.py::test_adds` is deleted, and still passes on the new source
     --> tests/test_app.py in staged change on feat/TASK-001-steps
      = help: leave it; a test that is not wanted any more goes in a commit of tests alone
      = note: pdd-hooks explain PDD009
    keep the message: git commit -e -F "$(git rev-parse --git-path COMMIT_EDITMSG)"
    "#);
}

#[test]
fn an_expectation_that_changes_with_the_requirement_is_proven_anew_and_named() {
    let repo = package().proving(PYTEST);
    let rounded = "def add(a, b):\n    return round(a + b, 1) * 10\n";
    let files = [
        ("app.py", rounded),
        ("tests/test_app.py", &TEST_ADD.replace("== 4", "== 40")),
    ];
    insta::assert_snapshot!(told(repo.commit_files("fix(app): count tenths [TASK-001]", &files)), @r"
    pdd-hooks: tests passed (1 test)
    pdd-hooks: red: proven (1 test failed before); expectation changed: `tests/test_app.py::test_adds`
    ");
}

/// Renames the source and breaks one of its functions, whose test goes.
#[test]
fn a_test_cannot_be_put_out_of_the_way_by_another_name_for_what_it_imports() {
    let repo = package().proving(PYTEST);
    let _ = repo.git(&["rm", "-q", "app.py", "tests/test_app.py"]).ok();
    let test = TEST_SUB.replace("app", "sums");
    let output = repo.commit_files(
        FEATURE,
        &[("sums.py", BROKEN), ("tests/test_sub.py", &test)],
    );
    assert_eq!(
        findings(&output),
        [
            "PDD009: `tests/test_app.py::test_adds` is deleted, and fails on the new source: assert 5 == 4"
        ],
        "{}",
        output.text()
    );
}

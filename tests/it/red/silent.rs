//! Right work that needs no proof passes with one line or none.

use super::{ADD, ADD_AND_SUB, PYTEST, TEST_ADD, TEST_SUB, package, told};
use crate::support::Repo;

fn project() -> Repo {
    let repo = package();
    repo.write("app.py", ADD_AND_SUB);
    repo.write("tests/test_sub.py", TEST_SUB);
    repo.proving(PYTEST)
}

#[test]
fn documents_alone() {
    let output = project().commit_files("docs: explain [TASK-001]", &[("README.md", "# Sums\n")]);
    assert_eq!(told(output), "");
}

#[test]
fn a_format_alone() {
    let spaced = ADD_AND_SUB.replace("a - b", "(\n        a - b\n    )");
    let output = project().commit_files("style(app): format [TASK-001]", &[("app.py", &spaced)]);
    insta::assert_snapshot!(told(output), @r"
    pdd-hooks: tests passed (2 tests)
    pdd-hooks: style: no red asked for, no test lost
    ");
}

#[test]
fn a_test_that_is_renamed() {
    let repo = project();
    let _ = repo
        .git(&["mv", "tests/test_app.py", "tests/test_sums.py"])
        .ok();
    let renamed = TEST_ADD.replace("test_adds", "test_two_and_two_are_four");
    let output = repo.commit_files(
        "test(app): say what is claimed [TASK-001]",
        &[("tests/test_sums.py", &renamed)],
    );
    insta::assert_snapshot!(told(output), @"pdd-hooks: tests passed (2 tests)");
}

#[test]
fn a_refactoring_under_green() {
    let other = ADD_AND_SUB.replace("a - b", "add(a, -b)");
    let output = project().commit_files(
        "refactor(app): subtract by adding [TASK-001]",
        &[("app.py", &other)],
    );
    insta::assert_snapshot!(told(output), @r"
    pdd-hooks: tests passed (2 tests)
    pdd-hooks: refactor: no red asked for, no test lost
    ");
}

#[test]
fn dead_code_and_its_tests() {
    let repo = project();
    let _ = repo.git(&["rm", "-q", "tests/test_sub.py"]).ok();
    let output = repo.commit_files(
        "refactor(app): drop subtraction [TASK-001]",
        &[("app.py", ADD)],
    );
    insta::assert_snapshot!(told(output), @r"
    pdd-hooks: tests passed (1 test)
    pdd-hooks: refactor: no red asked for, no test lost; gone with what it used: `tests/test_sub.py::test_subtracts`
    ");
}

#[test]
fn a_dependency_and_its_lock() {
    let files = [
        ("requirements.txt", "attrs>=25\n"),
        ("uv.lock", "version = 1\n"),
    ];
    let output = project().commit_files("build(deps): raise attrs [TASK-001]", &files);
    insta::assert_snapshot!(told(output), @"pdd-hooks: tests passed (2 tests)");
}

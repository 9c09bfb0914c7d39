//! A proof for each test: which are red without the change, and which one is not.

use super::{ADD_AND_SUB, FEATURE, PYTEST, TEST_SUB, package, said, told};

const MORE: &str =
    "\n\ndef test_subtracts_to_less_than_nothing():\n    assert app.sub(1, 3) == -2\n";
const TAUTOLOGY: &str = "\n\ndef test_all_is_well():\n    assert True\n";

#[test]
fn of_three_tests_the_tautology_alone_is_named_and_without_it_two_are_proven() {
    let repo = package().proving(PYTEST);
    let three = format!("{TEST_SUB}{MORE}{TAUTOLOGY}");
    let files = [("app.py", ADD_AND_SUB), ("tests/test_sub.py", &three)];
    insta::assert_snapshot!(said(&repo.commit_files(FEATURE, &files)), @r#"
    exit: 1
    --- stdout
    --- stderr
    pdd-hooks: tests passed (4 tests)
    error[PDD009]: `tests/test_sub.py::test_all_is_well` passes without this change as well as with it
     --> tests/test_sub.py:12 in staged change on feat/TASK-001-steps
      = help: let it ask for what the change does, or commit it apart, as `test`; its output: pdd-hooks red --show 'tests/test_sub.py::test_all_is_well'
      = note: pdd-hooks explain PDD009
    keep the message: git commit -e -F "$(git rev-parse --git-path COMMIT_EDITMSG)"
    "#);
    let two = format!("{TEST_SUB}{MORE}");
    let green = repo.commit_files(FEATURE, &[("tests/test_sub.py", &two)]);
    insta::assert_snapshot!(told(green), @r"
    pdd-hooks: tests passed (3 tests)
    pdd-hooks: red: proven (2 tests failed before)
    ");
}

#[test]
fn tests_of_their_own_commit_are_sealed_and_turned_green_by_the_next() {
    let repo = package().proving(PYTEST);
    let ask = "test(app): ask for subtraction [TASK-001]";
    let sealed = repo.commit_files(ask, &[("tests/test_sub.py", TEST_SUB)]);
    insta::assert_snapshot!(told(sealed), @"pdd-hooks: tests passed (2 tests; tests/test_sub.py::test_subtracts is sealed until source turns it green)");
    let other = TEST_SUB.replace("== 2", "== -2");
    let wrong = ADD_AND_SUB.replace("a - b", "b - a");
    let files = [("app.py", wrong.as_str()), ("tests/test_sub.py", &other)];
    insta::assert_snapshot!(said(&repo.commit_files(FEATURE, &files)), @r#"
    exit: 1
    --- stdout
    --- stderr
    pdd-hooks: tests passed (2 tests)
    error[PDD009]: `tests/test_sub.py` is not as QA sealed it
     --> tests/test_sub.py in staged change on feat/TASK-001-steps
      = help: leave it as it was: git cat-file blob 8d00aedcc4b685e65e20f81fe81c66e8867e5dab > tests/test_sub.py; or have QA seal it anew, by `pdd-hooks red` or a commit of tests alone
      = note: pdd-hooks explain PDD009
    keep the message: git commit -e -F "$(git rev-parse --git-path COMMIT_EDITMSG)"
    "#);
    let files = [("app.py", ADD_AND_SUB), ("tests/test_sub.py", TEST_SUB)];
    insta::assert_snapshot!(told(repo.commit_files(FEATURE, &files)), @r"
    pdd-hooks: tests passed (2 tests)
    pdd-hooks: red: proven (1 test failed before)
    ");
}

#[test]
fn a_function_that_no_test_reaches_is_named() {
    let repo = package().proving(PYTEST);
    let two = format!("{ADD_AND_SUB}\n\ndef mul(a, b):\n    return a * b\n");
    let files = [("app.py", two.as_str()), ("tests/test_sub.py", TEST_SUB)];
    insta::assert_snapshot!(told(repo.commit_files(FEATURE, &files)), @r"
    pdd-hooks: tests passed (2 tests)
    pdd-hooks: red: partial (proven 1 of 2 changed functions, not `mul`; 1 test failed before)
    ");
}

#[test]
fn a_test_that_shows_a_call_alone_is_weak() {
    let repo = package().proving(PYTEST);
    let call = TEST_SUB.replace("assert app.sub(3, 1) == 2", "app.sub(3, 1)");
    let files = [("app.py", ADD_AND_SUB), ("tests/test_sub.py", &call)];
    insta::assert_snapshot!(told(repo.commit_files(FEATURE, &files)), @r"
    pdd-hooks: tests passed (2 tests)
    pdd-hooks: red: weak (1 test failed before; no result was shown to depend on the change)
    ");
}

//! What looks red and proves nothing: each in words of its own.

use super::{ADD_AND_SUB, FEATURE, PYTEST, TEST_SUB, package};
use crate::support::Repo;
use crate::validation::scene::findings;

/// Commits the feature with this test and these files besides; returns what is found against it.
fn found(repo: &Repo, test: &str, more: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![("app.py", ADD_AND_SUB), ("tests/test_sub.py", test)];
    files.extend(more);
    let output = repo.commit_files(FEATURE, &files);
    assert_eq!(output.code(), 1, "{}", output.text());
    findings(&output)
}

fn alone(test: &str) -> Vec<String> {
    found(&package().proving(PYTEST), test, &[])
}

#[test]
fn a_dependency_that_is_missing() {
    let test = format!("import nobody_has_this\n{TEST_SUB}");
    assert_eq!(
        alone(&test),
        [
            "PDD008: the check `tests` fails: `tests/test_sub.py`: ModuleNotFoundError: No module named 'nobody_has_this'"
        ]
    );
}

#[test]
fn a_test_that_cannot_be_read() {
    let test = TEST_SUB.replace("():", "()");
    let found = alone(&test);
    let fails = "PDD008: the check `tests` fails: `tests/test_sub.py`: ";
    assert!(
        matches!(&found[..], [one] if one.starts_with(fails)),
        "{found:?}"
    );
}

#[test]
fn a_test_that_no_run_collects() {
    let test = "import app\n\n\nclass TestSub:\n    def __init__(self):\n        self.one = 1\n\n    def test_subtracts(self):\n        assert app.sub(3, 1) == 2\n";
    assert_eq!(
        alone(test),
        ["PDD009: no test failed before this change: the change brings no test"]
    );
}

#[test]
fn a_test_that_is_skipped_without_the_source() {
    let test = "import pytest\n\nimport app\n\n\ndef test_subtracts():\n    if not hasattr(app, 'sub'):\n        pytest.skip('no subtraction')\n    assert app.sub(3, 1) == 2\n";
    assert_eq!(
        alone(test),
        [
            "PDD009: no test failed before this change: `tests/test_sub.py::test_subtracts` is skipped before, passes after"
        ]
    );
}

#[test]
fn a_test_that_is_expected_to_fail() {
    let test = TEST_SUB.replace(
        "import app\n\n\n",
        "import pytest\n\nimport app\n\n\n@pytest.mark.xfail\n",
    );
    assert_eq!(
        alone(&test),
        [
            "PDD009: no test failed before this change: `tests/test_sub.py::test_subtracts` is skipped before, passes after"
        ]
    );
}

#[test]
fn a_runner_that_fails_although_no_test_does() {
    let conftest = "import app\n\n\ndef pytest_sessionfinish(session):\n    if not hasattr(app, 'sub'):\n        session.exitstatus = 3\n";
    let test = "def test_subtracts():\n    assert 3 - 1 == 2\n";
    let repo = package().proving(PYTEST);
    assert_eq!(
        found(&repo, test, &[("conftest.py", conftest)]),
        [
            "PDD009: no test failed before this change: `tests/test_sub.py::test_subtracts` cannot be run (environment-error: it ended with exit code 3 although no test failed) before, passes after"
        ]
    );
}

#[test]
fn a_report_that_the_test_forges() {
    let test = "import atexit
import os
import sys

import app

FORGED = '<testsuites><testsuite name=\"pytest\" tests=\"1\" failures=\"1\"><testcase classname=\"tests.test_sub\" name=\"test_subtracts\"><failure message=\"red\"/></testcase></testsuite></testsuites>'


def forge():
    prefix = '--junitxml='
    path = next(arg for arg in sys.argv if arg.startswith(prefix))
    with open(path.removeprefix(prefix), 'w') as report:
        report.write(FORGED)
    os._exit(0)


if not hasattr(app, 'sub'):
    atexit.register(forge)


def test_subtracts():
    assert True
";
    assert_eq!(
        alone(test),
        [
            "PDD009: no test failed before this change: `tests/test_sub.py::test_subtracts` cannot be run (environment-error: it ended with exit code 0 although `tests/test_sub.py::test_subtracts` failed) before, passes after"
        ]
    );
}

#[test]
fn a_test_that_waits_for_the_source() {
    let test = "import time\n\nimport app\n\n\ndef test_subtracts():\n    while not hasattr(app, 'sub'):\n        time.sleep(0.1)\n";
    let repo = package().proving(&format!("{PYTEST}timeout = '4s'\n"));
    assert_eq!(
        found(&repo, test, &[]),
        [
            "PDD009: `tests/test_sub.py::test_subtracts` passes although every changed function throws: hangs before, passes after"
        ]
    );
}

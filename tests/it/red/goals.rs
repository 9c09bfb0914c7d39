//! Sealed tests stay as they are, and so does what they compare with.

use super::scene::{ASK, DO, PROVEN, SUB, SUB_PATH, TEST_ADD, package_with, refused, told};
use crate::support::Repo;

const EXPECTED: &str = "tests/expected.py";
const TEST_SUB: &str = "import app\nfrom tests.expected import TWO\n\n\ndef test_subtracts():\n    assert app.sub(3, 1) == TWO\n";
const WRONG: &str = "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return b - a\n";

/// A package where a sealed test compares with a constant of a file beside it.
fn sealed() -> Repo {
    let repo = package_with(&[(EXPECTED, "TWO = 2\n")]);
    let _ = repo.put(SUB_PATH, TEST_SUB, ASK).ok();
    repo
}

#[test]
fn a_sealed_test_that_passes_only_with_another_constant_is_refused() {
    let repo = sealed();
    repo.stage("tests/test_app.py", &format!("{TEST_ADD}\n# It adds.\n"));
    repo.stage(EXPECTED, "TWO = -2\n");
    assert_eq!(
        refused(&repo.put("app.py", WRONG, DO)),
        [
            "the sealed test `tests/test_sub.py::test_subtracts` passes only with what the change did to the tests around it; without it: assert -2 == 2; leave `tests/expected.py` as it was, or have QA seal anew"
        ]
    );
}

#[test]
fn what_a_sealed_test_does_not_need_may_change_with_the_source() {
    let repo = sealed();
    repo.stage(EXPECTED, "TWO = 2\nTHREE = 3\n");
    let green = repo.put("app.py", SUB, DO);
    assert_eq!(told(&green), ["tests passed (2 tests)", PROVEN]);
}

#[test]
fn what_is_around_a_sealed_test_may_follow_a_name_that_goes() {
    let two = "import app\n\n\ndef two():\n    return app.add(1, 1)\n";
    let repo = package_with(&[(EXPECTED, two)]);
    let _ = repo
        .put(
            SUB_PATH,
            &TEST_SUB
                .replace("import TWO", "import two")
                .replace("TWO", "two() == 2"),
            ASK,
        )
        .ok();
    repo.stage(EXPECTED, &two.replace("app.add", "app.plus"));
    repo.stage(
        "tests/test_app.py",
        &TEST_ADD.replace("app.add", "app.plus"),
    );
    let green = repo.put("app.py", &SUB.replace("def add", "def plus"), DO);
    assert_eq!(
        told(&green),
        [
            "tests passed (2 tests)",
            "red: proven (2 tests failed before); expectation changed: `tests/test_app.py::test_adds`"
        ]
    );
}

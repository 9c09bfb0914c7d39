//! What can be sealed: tests that fail for want of what source is to add, and nothing else.

use pdd_hooks::evidence::statement::Red;

use super::inline::crate_of;
use super::scene::{ADD, ASK, DO, SUB, SUB_PATH, findings, package, package_with, told};
use crate::support::Repo;

/// The sealed tests, each with its state: `test_halves: pending`.
fn sealed(repo: &Repo) -> Vec<String> {
    let seals = repo.seals();
    let [seal] = &seals[..] else {
        panic!("{seals:?}");
    };
    let mut tests: Vec<String> = seal
        .tests
        .iter()
        .map(|test| {
            let state = match test.state {
                Red::Failed => "failed",
                Red::DoesNotCompile => "does-not-compile",
                Red::Pending => "pending",
            };
            format!("{}: {state}", test.path.join("::"))
        })
        .collect();
    tests.sort();
    tests
}

#[test]
fn a_file_that_cannot_import_a_name_yet_keeps_its_other_tests_waiting() {
    let old = "from app import add\n\n\ndef test_adds_up():\n    assert add(1, 2) == 3\n";
    let repo = package_with(&[(SUB_PATH, old)]);
    let text = "from app import add, sub\n\n\ndef test_adds_up():\n    assert add(1, 2) == 3\n\n\ndef test_subtracts():\n    assert sub(3, 1) == 2\n";
    let asked = repo.put(SUB_PATH, text, ASK);
    assert_eq!(
        told(&asked),
        ["tests passed (2 tests; tests/test_sub.py is sealed until source turns it green)"]
    );
    assert_eq!(
        sealed(&repo),
        ["test_adds_up: pending", "test_subtracts: does-not-compile"]
    );
    let green = repo.put("app.py", SUB, DO);
    assert_eq!(
        told(&green),
        [
            "tests passed (3 tests)",
            "red: proven (1 test failed before)"
        ]
    );
}

#[test]
fn what_fails_for_another_reason_is_no_red() {
    for (text, said) in [
        (
            "def test_subtracts(:\n    assert False\n",
            "SyntaxError: invalid syntax",
        ),
        (
            "raise RuntimeError('not now')\n\n\ndef test_subtracts():\n    assert False\n",
            "RuntimeError: not now",
        ),
    ] {
        let repo = package();
        let output = repo.put(SUB_PATH, text, ASK);
        assert_eq!(
            findings(&output),
            [format!(
                "PDD008: the check `tests` fails: `tests/test_sub.py`: {said}"
            )]
        );
        assert_eq!(repo.seals().len(), 0);
    }
}

/// Nobody can tell a package that is missing from a module that is yet to be written: it is source that would have to
/// turn the test green.
#[test]
fn a_test_that_misses_a_package_is_not_turned_green_by_source() {
    let repo = package();
    let text = "import nosuchpackage\nimport app\n\n\ndef test_subtracts():\n    assert app.sub(3, 1) == 2\n";
    let _ = repo.put(SUB_PATH, text, ASK);
    let output = repo.put("app.py", SUB, DO);
    assert_eq!(
        findings(&output),
        [
            "PDD008: the check `tests` fails: `tests/test_sub.py`: ModuleNotFoundError: No module named 'nosuchpackage'"
        ]
    );
}

/// A crate of one function under this check.
fn sums(run: &str, only: &str, report: &str) -> Repo {
    let check = format!(
        "\n[[check]]\nname = \"tests\"\nkind = \"test\"\nrun = {run}\nonly = {only}\nreport = \"{report}\"\n"
    );
    crate_of(RUST_ADD, &check)
}

const RUST_ADD: &str = "pub fn add(a: i64, b: i64) -> i64 {\n    a + b\n}\n";
const RUST_SUB: &str = "pub fn add(a: i64, b: i64) -> i64 {\n    a + b\n}\n\npub fn sub(a: i64, b: i64) -> i64 {\n    a - b\n}\n";
const RUST_TEST: &str = "#[test]\nfn subtracts() {\n    assert_eq!(sums::sub(3, 1), 2);\n}\n\n#[test]\nfn subtracts_nothing() {\n    assert_eq!(sums::sub(3, 0), 3);\n}\n";

#[track_caller]
fn goes_from_red_to_green(repo: &Repo) {
    let _ = repo.put("tests/sub.rs", RUST_TEST, ASK).ok();
    assert_eq!(
        sealed(repo),
        [
            "subtracts: does-not-compile",
            "subtracts_nothing: does-not-compile"
        ]
    );
    let green = repo.put("src/lib.rs", RUST_SUB, DO);
    assert_eq!(
        told(&green),
        [
            "tests passed (2 tests)",
            "red: proven (2 tests failed before)"
        ]
    );
}

#[test]
fn a_program_of_tests_that_cargo_cannot_build_yet_is_sealed_test_by_test() {
    goes_from_red_to_green(&sums(
        "[\"cargo\", \"test\"]",
        "[\"--\", \"--exact\", \"{tests}\"]",
        "libtest",
    ));
}

#[test]
fn a_program_of_tests_that_nextest_cannot_build_yet_is_sealed_test_by_test() {
    goes_from_red_to_green(&sums(
        "[\"cargo\", \"nextest\", \"run\"]",
        "[\"{tests}\"]",
        "junit",
    ));
}

#[test]
fn source_alone_asks_for_a_test() {
    let repo = package();
    let output = repo.put("app.py", SUB, DO);
    assert_eq!(
        findings(&output),
        ["PDD009: no test failed before this change: the change brings no test"]
    );
    let same = repo.put("app.py", &format!("{ADD}\n"), "style: a line [TASK-001]");
    assert_eq!(
        told(&same),
        [
            "tests passed (1 test)",
            "style: no red asked for, no test lost"
        ]
    );
}

//! A Python package: pytest, mypy, ruff and black as `init` writes them, from an environment whose programs are on PATH.

use super::{assert_fails, fails, refused, told};
use crate::reports::real::runner;
use crate::support::Repo;

const MANIFEST: &str = "[project]
name = \"sums\"
version = \"0.1.0\"

[dependency-groups]
dev = [\"pytest\", \"mypy\", \"ruff\", \"black\"]

[tool.pytest.ini_options]
pythonpath = [\"src\"]

[tool.mypy]
mypy_path = \"src\"
strict = true
";
const ADD: &str = "def add(a: int, b: int) -> int:\n    return a + b\n";
const TEST_ADD: &str =
    "from sums.add import add\n\n\ndef test_adds() -> None:\n    assert add(2, 2) == 4\n";
const TEST_HALF: &str =
    "from sums.half import half\n\n\ndef test_halves() -> None:\n    assert half(8) == 4\n";

/// A package in `src`, one test beside it; the programs of the environment are on PATH.
fn package(manifest: &str) -> Repo {
    let mut repo = Repo::new();
    let programs = runner("venv/bin/python");
    repo.prepend_path(programs.parent().unwrap());
    write_package(&repo, "", manifest);
    repo
}

/// Writes the package into a folder, named with its slash.
pub(super) fn write_package(repo: &Repo, folder: &str, manifest: &str) {
    repo.write(".gitignore", "__pycache__/\n.venv/\n");
    for (path, text) in [
        ("pyproject.toml", manifest),
        ("src/sums/__init__.py", ""),
        ("src/sums/py.typed", ""),
        ("src/sums/add.py", ADD),
        ("tests/test_add.py", TEST_ADD),
    ] {
        repo.write(&format!("{folder}{path}"), text);
    }
}

#[test]
fn a_package_goes_from_red_tests_to_green_source() {
    let repo = package(MANIFEST).adopted_as_found();
    // The module that the tests import is not there; the others are tested all the same.
    let sealed = repo.commit_tests("tests/test_half.py", TEST_HALF).ok();
    assert_eq!(
        told(&sealed),
        "tests passed (2 tests; tests/test_half.py is sealed until source turns it green), mypy waits for the sealed tests, ruff passed, black passed"
    );
    let half = "def half(a: int) -> int:\n    return a // 2\n";
    let green = repo.commit_code("src/sums/half.py", half).ok();
    assert_eq!(
        told(&green),
        "tests passed (2 tests), mypy passed, ruff passed, black passed"
    );
    repo.stage("README.md", "# Sums\n");
    repo.declare("PM");
    let docs = repo.commit("docs: explain [TASK-001]").ok();
    assert_eq!(told(&docs), "nothing");
    assert_eq!(repo.ask(&["status", "--short", "--ignored"]), "");
}

#[test]
fn a_package_s_faults_are_refused_by_their_own_checks() {
    let repo = package(MANIFEST).adopted_as_found();
    let _ = repo.commit_tests("tests/test_half.py", TEST_HALF).ok();
    for (source, check, how, shown) in [
        (
            "def half(a: int) -> int:\n    return a // 3\n",
            "tests",
            "`tests/test_half.py::test_halves`: assert 2 == 4",
            "FAILED tests/test_half.py::test_halves",
        ),
        (
            "def half(a: int) -> int:\n    return a / 2\n",
            "mypy",
            "Found 1 error in 1 file (checked 5 source files)",
            "src/sums/half.py:2: error: Incompatible return value type",
        ),
        (
            "import os\n\n\ndef half(a: int) -> int:\n    return a // 2\n",
            "ruff",
            "",
            "`os` imported but unused",
        ),
        (
            "def half(a: int) -> int:\n    return a//2\n",
            "black",
            "1 file would be reformatted, 4 files would be left unchanged.",
            "would reformat ",
        ),
    ] {
        let output = repo.commit_code_as("refactor", "src/sums/half.py", source);
        assert_fails(&output, check, how, shown);
    }
}

#[test]
fn tests_that_cannot_be_imported_hide_no_other_failure() {
    let manifest = "[tool.pytest.ini_options]\npythonpath = [\"src\"]\n";
    let repo = package(manifest).adopted_as_found();
    repo.declare("QA");
    repo.stage("tests/test_half.py", TEST_HALF);
    let broken = "import sums.add\n\nsums.add.add = lambda a, b: 5\n";
    repo.stage("tests/fixtures/__init__.py", "");
    repo.stage("tests/fixtures/broken.py", broken);
    repo.stage("tests/__init__.py", "import tests.fixtures.broken\n");
    let output = repo.commit("test: break another one [TASK-001]");
    assert_eq!(
        refused(&output),
        [fails(
            "tests",
            ": `tests/test_add.py::test_adds`: assert 5 == 4"
        )],
        "{}",
        output.text()
    );
}

#[test]
fn a_package_that_is_not_installed_is_named_in_the_refusal() {
    let manifest = "[project]\nname = \"sums\"\n";
    let repo = package(manifest).adopted_as_found();
    let half = "def half(a: int) -> int:\n    return a // 2\n";
    let output = repo.commit_code_as("refactor", "src/sums/half.py", half);
    assert_eq!(
        refused(&output),
        [fails(
            "tests",
            ": `tests/test_add.py`: ModuleNotFoundError: No module named 'sums'"
        )],
        "{}",
        output.text()
    );
}

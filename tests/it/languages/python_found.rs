//! Where `init` finds Python's tools, and what is said where the check does not find them.

use std::path::{Path, PathBuf};

use super::python::write_package;
use super::{refused, told};
use crate::reports::real::runner;
use crate::support::Repo;

const MANIFEST: &str = "[project]
name = \"sums\"
version = \"0.1.0\"

[tool.pytest.ini_options]
pythonpath = [\"src\"]
";
const HALF: &str = "def half(a: int) -> int:\n    return a // 2\n";

/// A package, and no pytest on PATH.
fn package_without_pytest() -> Repo {
    let mut repo = Repo::new();
    repo.hide("pytest");
    write_package(&repo, "", MANIFEST);
    repo
}

/// Makes an environment in the work tree that holds pytest and a module `marker`.
fn make_environment(repo: &Repo) -> PathBuf {
    let (home, venv) = (runner("venv/bin/python"), repo.at(".venv"));
    let program = home.canonicalize().unwrap();
    let made = ["-m", "venv", "--without-pip", venv.to_str().unwrap()];
    let _ = repo
        .run(repo.command(program, repo.folder()).args(made), b"")
        .ok();
    let (from, to) = (packages(home.ancestors().nth(2).unwrap()), packages(&venv));
    for name in [
        "_pytest",
        "iniconfig",
        "packaging",
        "pluggy",
        "py.py",
        "pygments",
        "pytest",
    ] {
        std::os::unix::fs::symlink(from.join(name), to.join(name)).unwrap();
    }
    std::fs::write(to.join("marker.py"), "").unwrap();
    let python = venv.join("bin/python");
    let script = format!(
        "#!{}\nimport pytest\n\nraise SystemExit(pytest.console_main())\n",
        python.display()
    );
    repo.write_program(".venv/bin/pytest", &script);
    venv
}

/// Returns the folder of an environment's packages.
fn packages(venv: &Path) -> PathBuf {
    let entries = std::fs::read_dir(venv.join("lib")).unwrap();
    let mut found = entries.map(|entry| entry.unwrap().path().join("site-packages"));
    found.find(|folder| folder.is_dir()).unwrap()
}

/// A test that passes where `marker` comes from a place that holds this text.
fn marker_from(place: &str) -> String {
    format!(
        "import marker\n\n\ndef test_which_copy() -> None:\n    assert \"{place}\" in marker.__file__\n"
    )
}

#[test]
fn an_environment_in_the_work_tree_is_carried_where_path_has_no_pytest() {
    let repo = package_without_pytest();
    let venv = make_environment(&repo);
    repo.write("tests/test_marker.py", marker_from("/slots/"));
    let repo = repo.adopted_as_found();
    assert_eq!(
        repo.written_checks(),
        "[validation]
# Untracked, and needed by the checks: copied to where they run.
carry = [\".venv\"]

# A file that cannot be imported does not keep the others from being tested.
[[check]]
name = \"tests\"
kind = \"test\"
run = [\".venv/bin/python\", \"-m\", \"pytest\", \"-q\", \"--continue-on-collection-errors\", \"--junitxml={report}\"]
only = [\"{tests}\"]
report = \"junit\"
"
    );
    let green = repo
        .commit_code_as("refactor", "src/sums/half.py", HALF)
        .ok();
    assert_eq!(told(&green), "tests passed (2 tests)");
    std::fs::remove_dir_all(venv).unwrap();
    let gone = repo.commit_code_as("refactor", "src/sums/half.py", &HALF.replace('2', "3"));
    assert_eq!(
        refused(&gone),
        [
            "environment-error: the check `tests` proves nothing: `.venv` of `validation.carry` could not be copied: it is not there; make it (install the project's dependencies), or take it out of `validation.carry`"
        ]
    );
}

#[test]
fn an_active_environment_in_the_work_tree_is_used_where_it_is() {
    let mut repo = package_without_pytest();
    let venv = make_environment(&repo);
    repo.prepend_path(&venv.join("bin"));
    repo.write("tests/test_marker.py", marker_from("/repo/.venv/"));
    let repo = repo.adopted_as_found();
    assert!(!repo.read(".pdd.toml").contains("carry"));
    let green = repo
        .commit_code_as("refactor", "src/sums/half.py", HALF)
        .ok();
    assert_eq!(told(&green), "tests passed (2 tests)");
}

#[test]
fn a_pytest_that_is_not_there_is_named_with_the_mend() {
    let repo = package_without_pytest().adopted_as_found();
    let output = repo.commit_code_as("refactor", "src/sums/half.py", HALF);
    assert_eq!(
        refused(&output),
        [
            "environment-error: the check `tests` proves nothing: there is no program `pytest`; install `pytest`, or activate the environment that holds it: it is looked for on PATH"
        ]
    );
}

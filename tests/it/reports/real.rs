//! The runners themselves, on the same projects: what they write today is read like what they wrote for the fixtures.
//! `tests/setup-runners.sh` makes them available.

use std::path::{Path, PathBuf};

use pdd_hooks::policy::ReportForm::{Junit, Libtest};

use super::{expected, here, node_without_files, tests_of};
use crate::support::Repo;

/// Returns a runner's program, or fails with what makes it available.
pub(crate) fn runner(path: &str) -> PathBuf {
    let folder = std::env::var_os("PDD_TEST_RUNNERS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/runners"),
        PathBuf::from,
    );
    let file = folder.join(path);
    assert!(
        file.exists(),
        "{} is missing: run tests/setup-runners.sh",
        file.display()
    );
    file
}

/// Copies a project to where it may be run.
fn project(name: &str) -> Repo {
    let repo = Repo::bare_folder();
    copy(&here("projects").join(name), repo.folder());
    repo
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Runs a program at the top of a project; returns its exit code and the report that it wrote to `$TMP/report`.
fn run(repo: &Repo, program: &Path, args: &[&str]) -> (i32, Vec<u8>) {
    let report = repo.root().join("report");
    let args = args
        .iter()
        .map(|arg| arg.replace("{report}", report.to_str().unwrap()));
    let mut command = repo.command(program, repo.folder());
    command.args(args).env("CI", "1");
    command.env("JEST_JUNIT_OUTPUT_FILE", &report);
    let output = repo.run(&mut command, b"");
    let bytes = std::fs::read(&report).unwrap_or_else(|_| panic!("{}", output.text()));
    (output.code(), bytes)
}

/// Runs cargo at the top of a project, both streams as one text.
fn cargo(repo: &Repo, args: &str) -> (i32, String) {
    let home = PathBuf::from(std::env::var_os("HOME").unwrap());
    let folder = |variable, default| {
        std::env::var_os(variable).map_or_else(|| home.join(default), PathBuf::from)
    };
    let mut command = repo.command("sh", repo.folder());
    command
        .args(["-c", &format!("cargo {args} 2>&1")])
        // The compiler is the user's; the home folder of tests has none.
        .env("CARGO_HOME", folder("CARGO_HOME", ".cargo"))
        .env("RUSTUP_HOME", folder("RUSTUP_HOME", ".rustup"));
    let output = repo.run(&mut command, b"");
    (output.code(), output.stdout)
}

#[test]
fn pytest_is_read() {
    let repo = project("pytest");
    let args = ["-m", "pytest", "-q", "--junitxml={report}"];
    let (code, report) = run(&repo, &runner("venv/bin/python"), &args);
    assert_eq!(
        (code, tests_of(Junit, &report)),
        (1, expected::PYTEST.into())
    );
}

#[test]
fn pytest_with_a_module_that_cannot_be_imported_is_read() {
    let repo = project("pytest-broken");
    let args = ["-m", "pytest", "-q", "--junitxml={report}"];
    let (code, report) = run(&repo, &runner("venv/bin/python"), &args);
    let expected = expected::PYTEST_BROKEN.into();
    assert_eq!((code, tests_of(Junit, &report)), (2, expected));
}

#[test]
fn node_is_read() {
    let repo = project("node");
    let args = [
        "--test",
        "--test-reporter=junit",
        "--test-reporter-destination={report}",
    ];
    let (code, report) = run(&repo, Path::new("node"), &args);
    let tests = node_without_files(&report, repo.folder().to_str().unwrap());
    let expected = expected::NODE.replace("/project/", "");
    assert_eq!((code, tests), (1, expected));
}

#[test]
fn vitest_is_read() {
    let repo = project("vitest");
    std::os::unix::fs::symlink(runner("node_modules"), repo.at("node_modules")).unwrap();
    let args = ["run", "--reporter=junit", "--outputFile={report}"];
    let (code, report) = run(&repo, &runner("node_modules/.bin/vitest"), &args);
    assert_eq!(
        (code, tests_of(Junit, &report)),
        (1, expected::VITEST.into())
    );
}

#[test]
fn jest_is_read() {
    let repo = project("jest");
    std::os::unix::fs::symlink(runner("node_modules"), repo.at("node_modules")).unwrap();
    let program = runner("node_modules/.bin/jest");
    let (code, report) = run(&repo, &program, &["--reporters=jest-junit"]);
    assert_eq!((code, tests_of(Junit, &report)), (1, expected::JEST.into()));
}

#[test]
fn nextest_is_read() {
    let repo = project("rust");
    let (code, output) = cargo(&repo, "nextest run");
    assert_eq!(code, 100, "{output}");
    let report = repo.read("target/nextest/default/junit.xml");
    assert_eq!(tests_of(Junit, report.as_bytes()), expected::NEXTEST);
}

#[test]
fn cargo_test_is_read() {
    let repo = project("rust");
    let (code, output) = cargo(&repo, "test --no-fail-fast");
    let tests = tests_of(Libtest, output.as_bytes());
    assert_eq!((code, tests), (101, expected::CARGO.into()));
}

#[test]
fn cargo_test_of_what_does_not_compile_is_read() {
    let repo = project("rust-broken");
    let (code, output) = cargo(&repo, "test --no-fail-fast");
    let tests = tests_of(Libtest, output.as_bytes());
    assert_eq!((code, tests), (101, expected::CARGO_BROKEN.into()));
}

#[test]
fn cargo_test_of_what_crashes_is_read() {
    let repo = project("rust-crash");
    let (code, output) = cargo(&repo, "test --no-fail-fast");
    let tests = tests_of(Libtest, output.as_bytes());
    assert_eq!((code, tests), (101, expected::CARGO_CRASH.into()));
}

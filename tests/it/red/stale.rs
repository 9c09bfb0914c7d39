//! Old builds, old time stamps, old reports and installs that point into the work tree neither make a proof nor spoil one.

use std::path::PathBuf;

use super::{CARGO, FEATURE, PYTEST, TEST_SUB, crate_of_one, said, told};
use crate::support::Repo;
use crate::validation::projects::install;
use crate::whole::Whole;

const SUB: &str = "pub fn add(a: i64, b: i64) -> i64 {\n    a + b\n}\n\npub fn sub(a: i64, b: i64) -> i64 {\n    a - b\n}\n";
const SUBTRACTS: &str = "#[test]\nfn subtracts() {\n    assert_eq!(sums::sub(3, 1), 2);\n}\n";
/// Passes without the source; of the same length and age as the other.
const PASSES: &str = "#[test]\nfn subtracts() {\n    assert_eq!(sums::add(3, 1), 4);\n}\n";

/// Runs a shell line at the top of the work tree; it must succeed.
fn sh(repo: &Repo, line: &str) {
    let mut command = repo.command("sh", repo.folder());
    let _ = repo.run(command.args(["-c", line]), b"").ok();
}

#[test]
fn an_exported_target_folder_and_sources_of_2020_decide_nothing() {
    let repo = crate_of_one().proving(CARGO);
    let folders: [PathBuf; 1] = [repo.root().join("exported")];
    let exported = [("CARGO_TARGET_DIR", folders[0].to_str().unwrap())];
    let age = "find . -path ./.git -prune -o -type f -exec touch -d 2020-01-01 {} +";
    // What the user built holds the new function and its test, newer than any file.
    repo.stage("src/lib.rs", SUB);
    repo.stage("tests/sub.rs", SUBTRACTS);
    let build = format!(
        "CARGO_TARGET_DIR='{}' cargo build -q --offline --tests",
        exported[0].1
    );
    sh(&repo, &format!("{age}; {build}"));
    let built = Whole::of(&folders);
    repo.stage("tests/sub.rs", PASSES);
    sh(&repo, age);
    let refused = repo.git_with(&exported, &["commit", "-q", "-m", FEATURE]);
    insta::assert_snapshot!(said(&refused), @r#"
    exit: 1
    --- stdout
    --- stderr
    pdd-hooks: tests passed (2 tests)
    error[PDD009]: `sub tests/sub.rs::subtracts` passes without this change as well as with it
     --> tests/sub.rs:2 in staged change on feat/TASK-001-steps
      = help: let it ask for what the change does, or commit it apart, as `test`; its output: pdd-hooks red --show 'sub tests/sub.rs::subtracts'
      = note: pdd-hooks explain PDD009
    keep the message: git commit -e -F "$(git rev-parse --git-path COMMIT_EDITMSG)"
    "#);
    repo.stage("tests/sub.rs", SUBTRACTS);
    sh(&repo, age);
    let green = repo.git_with(&exported, &["commit", "-q", "-m", FEATURE]);
    insta::assert_snapshot!(told(green), @r"
    pdd-hooks: tests passed (2 tests)
    pdd-hooks: red: proven (1 test failed before)
    ");
    built.assert_same(&Whole::of(&folders));
}

#[test]
fn the_green_report_of_the_run_before_is_not_taken_for_one_of_a_build_that_fails() {
    let repo = crate_of_one();
    repo.write(
        ".config/nextest.toml",
        "[profile.default.junit]\npath = \"junit.xml\"\n",
    );
    let check = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['cargo', 'nextest', 'run', '--locked']\nreport = 'junit'\n";
    let repo = repo.proving(check);
    let files = [("src/lib.rs", SUB), ("tests/sub.rs", SUBTRACTS)];
    insta::assert_snapshot!(told(repo.commit_files(FEATURE, &files)), @r"
    pdd-hooks: tests passed (2 tests)
    pdd-hooks: red: proven (1 test failed before)
    ");
}

/// The package is installed from the work tree, which has the new function all the time.
#[test]
fn an_editable_install_does_not_make_the_source_visible_where_it_is_left_out() {
    let mut repo = Repo::new();
    repo.write(
        "pyproject.toml",
        "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n[project]\nname = \"app\"\nversion = \"0.1\"\n[tool.setuptools]\npackage-dir = { \"\" = \"src\" }\npackages = [\"app\"]\n",
    );
    repo.write("src/app/__init__.py", super::ADD);
    repo.write("tests/test_app.py", super::TEST_ADD);
    repo.write(".gitignore", "*.egg-info/\n__pycache__/\n");
    let environment = install(&repo);
    repo.prepend_path(&environment.join("bin"));
    let repo = repo.proving(PYTEST);
    let variable = [("VIRTUAL_ENV", environment.to_str().unwrap())];
    repo.stage("src/app/__init__.py", super::ADD_AND_SUB);
    repo.stage("tests/test_sub.py", TEST_SUB);
    let green = repo.git_with(&variable, &["commit", "-q", "-m", FEATURE]);
    insta::assert_snapshot!(told(green), @r"
    pdd-hooks: tests passed (2 tests)
    pdd-hooks: red: proven (1 test failed before)
    ");
}

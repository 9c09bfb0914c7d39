//! What the shell of whoever commits cannot decide: which code runs inside the runner.

use super::scene::{MESSAGE, findings};
use crate::support::Repo;

/// Commits a break under these variables.
fn refused(env: &[(&str, &str)], repo: &Repo) -> Vec<String> {
    repo.stage("app.txt", "broken\n");
    findings(&repo.git_with(env, &["commit", "-q", "-m", MESSAGE]))
}

const FAILS: &str = "PDD008: the check `tests` fails: `base`";

#[test]
fn a_runner_beside_the_tests_is_not_found_by_a_relative_path() {
    let checks = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['runner', 'tests/run.sh', '{report}']\nreport = 'ndjson'\n";
    let repo = Repo::new();
    repo.write_program("../bin/runner", "#!/bin/sh\nexec sh \"$@\"\n");
    repo.write_program(
        "stub/runner",
        "#!/bin/sh\necho '{\"id\":\"a\",\"state\":\"passed\"}' >\"$2\"\n",
    );
    let repo = repo.check_with(checks);
    let bin = repo.root().join("bin");
    let path = std::env::var("PATH").unwrap();
    let path = format!("./stub:stub::{}:{path}", bin.display());
    assert_eq!(refused(&[("PATH", &path)], &repo), [FAILS]);
}

#[test]
fn code_that_the_shell_would_load_is_left_out() {
    let repo = Repo::checked("");
    repo.write("../evil.sh", "grep() { return 0; }\n");
    let evil = repo.root().join("evil.sh");
    let evil = evil.to_str().unwrap();
    assert_eq!(
        refused(&[("BASH_ENV", evil), ("ENV", evil)], &repo),
        [FAILS]
    );
}

#[test]
fn code_that_node_would_load_is_left_out() {
    let checks = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['node', 'app.test.js']\n";
    let repo = Repo::new();
    repo.write("app.test.js", "require('assert').equal(1, 1);\n");
    let repo = repo.check_with(checks);
    repo.write("../evil.cjs", "require('assert').equal = () => {};\n");
    repo.stage("app.test.js", "require('assert').equal(1, 2);\n");
    repo.stage("app.txt", "base\nchanged\n");
    let evil = format!("--require {}", repo.root().join("evil.cjs").display());
    let output = repo.git_with(&[("NODE_OPTIONS", &evil)], &["commit", "-q", "-m", MESSAGE]);
    assert_eq!(output.code(), 1, "{}", output.text());
}

#[test]
fn code_that_python_would_load_is_left_out() {
    let checks = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['python3', 'check.py']\n";
    let repo = Repo::new();
    repo.write("check.py", "assert open('app.txt').read() == 'base\\n'\n");
    let repo = repo.check_with(checks);
    repo.write("../evil/sitecustomize.py", "import os\nos._exit(0)\n");
    let evil = repo.root().join("evil");
    repo.stage("app.txt", "broken\n");
    let evil = evil.to_str().unwrap();
    let output = repo.git_with(&[("PYTHONPATH", evil)], &["commit", "-q", "-m", MESSAGE]);
    assert_eq!(output.code(), 1, "{}", output.text());
}

#[test]
fn a_fixup_that_is_folded_needs_the_word_of_qa_that_it_was_spared() {
    let repo = Repo::checked("");
    repo.declare("DEV");
    let _ = repo.commit("docs: more of the plan [TASK-001]").ok();
    repo.stage_step("one");
    assert_eq!(
        findings(&repo.commit(MESSAGE)),
        ["PDD008: source changes under `TASK-001`, and QA has not spoken since the last DEV"]
    );
    let _ = repo.commit("fixup! docs: more of the plan [TASK-001]").ok();
    let _ = repo
        .git_with(
            &[("GIT_SEQUENCE_EDITOR", ":")],
            &["rebase", "-q", "-i", "--autosquash", "main"],
        )
        .ok();
    assert_eq!(repo.class_of("HEAD"), "bypassed (edited rebase)");
    assert_eq!(repo.codes_of("HEAD"), ["PDD008"]);
}

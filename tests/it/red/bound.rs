//! Whom a seal binds, until when, and who may take it back.

use super::scene::{ADD, ASK, DO, PROVEN, SUB, SUB_PATH, TEST_SUB, package, refused, told};
use crate::enrolled::WORK;
use crate::reports::real::runner;
use crate::support::Repo;

/// Two packages, each with its check.
const CHECKS: &str = r#"
[[check]]
name = "one"
kind = "test"
run = ["env", "-C", "one", "pytest", "-q", "--junitxml={report}"]
only = ["{tests}"]
report = "junit"
paths = ["one/**"]

[[check]]
name = "two"
kind = "test"
run = ["env", "-C", "two", "pytest", "-q", "--junitxml={report}"]
only = ["{tests}"]
report = "junit"
paths = ["two/**"]
"#;

/// What is said of source that the sealed test is not beside.
const NOT_HERE: [&str; 2] = [
    "`tests/test_sub.py` is sealed, and is not in this change",
    "the sealed test `tests/test_sub.py::test_subtracts` must pass, and is in no report",
];

fn packages() -> Repo {
    let mut repo = Repo::new();
    repo.prepend_path(runner("venv/bin/python").parent().unwrap());
    repo.write(".gitignore", "__pycache__/\n");
    for package in ["one", "two"] {
        repo.write(
            &format!("{package}/pytest.ini"),
            "[pytest]\npythonpath = .\n",
        );
        repo.write(&format!("{package}/app.py"), ADD);
        repo.write(
            &format!("{package}/tests/test_app.py"),
            super::scene::TEST_ADD,
        );
    }
    repo.adopt_red(CHECKS)
}

/// What the findings say, up to their help.
fn refusals(output: &crate::support::Output) -> Vec<String> {
    let found = refused(output).into_iter();
    found
        .map(|one| one.split("; ").next().unwrap().to_owned())
        .collect()
}

#[test]
fn source_that_another_check_tests_spends_no_seal() {
    let repo = packages();
    repo.stage("one/tests/test_sub.py", TEST_SUB);
    let _ = repo.put("two/tests/test_sub.py", TEST_SUB, ASK).ok();
    assert_eq!(
        told(&repo.put("one/app.py", SUB, DO)).pop().unwrap(),
        PROVEN
    );
    // What was turned green is a test like others; what was not is sealed still.
    let turned = SUB.replace("a + b", "b + a");
    let _ = repo
        .put("one/app.py", &turned, "refactor: turn it [TASK-001]")
        .ok();
    repo.stage("two/tests/test_sub.py", &TEST_SUB.replace("== 2", "== 4"));
    let lie = repo.put("two/app.py", &SUB.replace("a - b", "a + b"), DO);
    assert_eq!(
        refusals(&lie),
        ["`two/tests/test_sub.py` is not as QA sealed it"]
    );
    repo.stage("two/tests/test_sub.py", TEST_SUB);
    assert_eq!(
        told(&repo.put("two/app.py", SUB, DO)).pop().unwrap(),
        PROVEN
    );
}

#[test]
fn source_beside_the_tests_of_its_task_is_bound() {
    let repo = package();
    let _ = repo.git(&["branch", "-q", "feat/TASK-001-beside"]).ok();
    repo.ask_for_sub();
    let _ = repo.git(&["switch", "-q", "feat/TASK-001-beside"]).ok();
    let _ = repo
        .put("notes.md", "Notes.\n", "docs: note [TASK-001]")
        .ok();
    assert_eq!(refusals(&repo.put("app.py", SUB, DO)), NOT_HERE);
}

#[test]
fn another_task_on_top_leaves_a_sealed_file_alone_and_turns_nothing_green() {
    let repo = package();
    repo.ask_for_sub();
    repo.begin_other("feat/TASK-002-other", "TASK-002");
    repo.stage(SUB_PATH, &TEST_SUB.replace("== 2", "== 4"));
    let message = "feat: something else [TASK-002]";
    let other = repo.put("app.py", &SUB.replace("a - b", "a + b"), message);
    assert_eq!(
        refusals(&other),
        [format!("`{SUB_PATH}` is not as QA sealed it")]
    );
}

#[test]
fn tests_alone_by_another_than_qa_leave_a_seal_as_it_is() {
    let repo = package();
    repo.ask_for_sub();
    repo.declare("DEV");
    let other = TEST_SUB.replace("sub(3, 1) == 2", "sub(3, 1) == 4");
    let moved = repo.put(SUB_PATH, &other, ASK);
    assert_eq!(
        told(&moved).pop().unwrap(),
        format!("`{SUB_PATH}` stays as QA sealed it: DEV speaks for TASK-001, and QA seals tests")
    );
    assert_eq!(repo.seals().len(), 1);
    repo.declare("QA");
    let lie = repo.put("app.py", &SUB.replace("a - b", "a + b"), DO);
    assert_eq!(
        refusals(&lie),
        [format!("`{SUB_PATH}` is not as QA sealed it")]
    );
}

#[test]
fn qa_takes_back_a_seal_whose_file_is_not_there() {
    let repo = package();
    repo.ask_for_sub();
    let _ = repo.git(&["switch", "-q", "-C", WORK, "HEAD~1"]).ok();
    let turned = ADD.replace("a + b", "b + a");
    let tidy = repo.put("app.py", &turned, "refactor: turn it [TASK-001]");
    assert_eq!(refusals(&tidy), NOT_HERE);
    let _ = repo.git(&["reset", "-q", "--hard"]).ok();
    let taken = repo.pdd(&["red"]);
    assert_eq!(
        taken.stdout,
        format!("taken back: `{SUB_PATH}` is sealed no more\n"),
        "{}",
        taken.text()
    );
    let nothing = repo.pdd(&["red"]);
    assert_eq!(nothing.code(), 1);
    assert!(
        nothing
            .stdout
            .starts_with("nothing to seal or to prove: stage the tests")
    );
    let tidy = repo.put("app.py", &turned, "refactor: turn it [TASK-001]");
    assert_eq!(
        told(&tidy).pop().unwrap(),
        "refactor: no red asked for, no test lost"
    );
}

//! `pdd-hooks handoff`: who takes over, and with what.

use crate::red::scene::{SUB_PATH, TEST_SUB, package};
use crate::support::Repo;
use crate::tasked::{LIST, LOG, TASKS};

#[test]
fn a_task_is_handed_on_with_what_git_and_the_documents_know() {
    let repo = Repo::tasked(TASKS, &["PM", "QA"]);
    repo.stage("tests/app.txt", "more\n");
    let _ = repo.commit("test: ask for more [TASK-001]").ok();
    repo.stage("context/Devlog.md", "# Devlog\n\n## [DEVLOG-0001] - One file\n\n**Task**: TASK-001\n\n## [DEVLOG-0000] - Other\n\n**Task**: TASK-0011\n");
    let output = repo
        .pdd(&[
            "handoff",
            "dev",
            "--question",
            "how fast?",
            "--decision",
            "no cache",
        ])
        .ok();
    let id = &repo.ask(&["rev-parse", "HEAD"])[..12];
    let first = &repo.ask(&["rev-parse", "HEAD~1"])[..12];
    let block = format!(
        "=== QA → DEV HANDOFF ===\n\n\
         - **Task status**: IN_PROGRESS\n\
         - **Acceptance criteria**: 0 of 1 ticked\n\
         - **Commits**:\n  - {id} test: ask for more [TASK-001]\n  - {first} docs: hand over [TASK-001]\n\
         - **Decisions**:\n  - no cache\n  - DEVLOG-0001 - One file\n\
         - **Tests written**: tests/app.txt\n\
         - **Tests failing**: none\n\
         - **Checks**: none\n\
         - **Open questions**: how fast?\n\
         - **Next steps**: write the source, with a test that fails without it\n"
    );
    assert_eq!(
        output.stdout,
        format!("QA hands TASK-001 over to DEV, staged: {LOG}\n\n{block}")
    );
    let log = repo.read(LOG);
    let entry = "## [PERSONA: DEV] - [TASK-001] - Implementation\n\n**Date**: ";
    assert!(
        log.contains(entry)
            && log.contains(&format!(
                "**By**: Ann Example <ann@example.org>\n\n{block}\n## [PERSONA: QA]"
            )),
        "{log}"
    );
    assert_eq!(
        repo.ask(&["diff", "--cached", "--name-only"]),
        format!("context/Devlog.md\n{LOG}")
    );
    let _ = repo.commit("docs: decide [TASK-001]").ok();
}

#[test]
fn each_forbidden_step_is_refused_and_nothing_is_written() {
    for (steps, to, said) in [
        (&["PM"][..], "DEV", "goes from PM to DEV"),
        (&["PM", "QA", "DEV"], "PM", "goes from DEV to PM"),
        (&["TROUBLESHOOT"], "QA", "goes from TROUBLESHOOT to QA"),
    ] {
        let repo = Repo::tasked(TASKS, steps);
        let before = repo.read(LOG);
        let output = repo.pdd(&["handoff", to]);
        assert_eq!(output.code(), 1);
        assert!(
            output.stderr.starts_with(&format!(
                "error[PDD005]: `TASK-001` {said}, which is forbidden"
            )),
            "{}",
            output.text()
        );
        assert_eq!(repo.read(LOG), before);
        assert_eq!(repo.ask(&["status", "--porcelain"]), "");
    }
}

#[test]
fn nobody_hands_over_what_nobody_speaks_for() {
    let repo = Repo::tasked(TASKS, &[]);
    assert_eq!(
        repo.pdd(&["handoff", "QA"]).text(),
        "exit: 2\n--- stdout\n--- stderr\nerror: nobody speaks for `TASK-001` who could hand it over\n  \
         = help: a task begins with PM or TROUBLESHOOT: `pdd-hooks persona <ROLE> TASK-001 \"<action>\"`\n"
    );
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let output = repo.pdd(&["handoff", "QA"]);
    assert_eq!(output.code(), 2);
    assert!(
        output
            .stderr
            .contains("pdd-hooks handoff QA --task TASK-007"),
        "{}",
        output.text()
    );
}

#[test]
fn a_validation_that_fails_sends_the_task_back_to_dev() {
    let ready = TASKS.replacen("IN_PROGRESS", "READY_FOR_VALIDATION", 1);
    let repo = Repo::tasked(&ready, &["PM", "QA", "DEV", "QA"]);
    let output = repo
        .pdd(&["handoff", "DEV", "--question", "why is it slow?"])
        .ok();
    assert!(
        output.stdout.starts_with(&format!(
            "QA hands TASK-001 over to DEV, staged: {LOG}, {LIST}\n"
        )),
        "{}",
        output.stdout
    );
    assert_eq!(repo.read(LIST), TASKS);
    assert!(
        repo.read(LOG)
            .contains("## [PERSONA: DEV] - [TASK-001] - Rework\n")
    );
    let _ = repo.commit("docs: send it back [TASK-001]").ok();
}

#[test]
fn sealed_tests_are_handed_over_as_failing() {
    let repo = package();
    let _ = repo
        .put(SUB_PATH, TEST_SUB, "test: ask for it [TASK-001]")
        .ok();
    repo.stage("tests/test_more.py", "def test_more():\n    assert True\n");
    let output = repo.pdd(&["handoff", "DEV"]).ok();
    for line in [
        "- **Tests written**:\n  - tests/test_more.py\n  - tests/test_sub.py\n",
        "- **Tests failing**: tests/test_sub.py::test_subtracts\n",
        "- **Next steps**: write the source that turns the failing tests green\n",
        "\nnote: `tests/test_more.py` is staged: QA commits tests before the hand-over, so that they are sealed until the source comes: `git restore --staged context/personalog/TASK-001.md` and `git commit -m \"test: … [TASK-001]\"` first\n",
    ] {
        assert!(output.stdout.contains(line), "{line}\n{}", output.stdout);
    }
}

//! `pdd-hooks handoff`: who takes over, and with what.

use crate::red::scene::{SUB_PATH, TEST_SUB, package};
use crate::support::Repo;
use crate::task::follow;
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
         - **Decisions**:\n  - DEVLOG-0002 - no cache (TASK-001)\n  - DEVLOG-0001 - One file\n\
         - **Tests written**: tests/app.txt\n\
         - **Tests failing**: none\n\
         - **Checks**: none\n\
         - **Open questions**: how fast?\n\
         - **Next steps**: write the source, with a test that fails without it\n"
    );
    assert_eq!(
        output.stdout,
        format!(
            "QA hands TASK-001 over to DEV, staged: {LOG}, context/Devlog.md\n\n{block}\n\
             git commit -m \"docs(tasks): hand Search over to DEV [TASK-001]\"\n"
        )
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
    let devlog = repo.read("context/Devlog.md");
    let entry = "# Devlog\n\n## [DEVLOG-0002] - no cache (TASK-001)\n- **Date**: ";
    assert!(devlog.starts_with(entry), "{devlog}");
    assert!(
        devlog
            .contains("\n- **Persona**: QA\n- **Task**: TASK-001\n\n## [DEVLOG-0001] - One file\n"),
        "{devlog}"
    );
    let _ = follow(&repo, &output).ok();
}

#[test]
fn each_hand_over_can_be_committed_as_it_is_suggested_with_what_was_decided() {
    let repo = Repo::tasked(TASKS, &["PM"]);
    for to in ["QA", "QA", "DEV", "QA", "TROUBLESHOOT", "DEV", "QA", "PM"] {
        let output = repo.pdd(&["handoff", to, "--decision", "no", "--decision", "cache"]);
        let _ = follow(&repo, &output.ok()).ok();
        assert_eq!(repo.ask(&["status", "--porcelain"]), "", "{to}");
    }
    // Source that is staged makes another commit of it.
    let _ = repo.pdd(&["handoff", "qa"]).ok();
    repo.stage("src/app.txt", "more\n");
    let output = repo.pdd(&["handoff", "dev"]).ok();
    let commit = "\ngit commit -m \"feat(scope): description [TASK-001]\"\n";
    assert!(output.stdout.ends_with(commit), "{}", output.stdout);
    // Nobody on `dev` speaks for a work branch.
    let _ = repo.git(&["reset", "-q", "--hard"]).ok();
    let _ = repo.git(&["switch", "-q", "-c", "dev"]).ok();
    let output = repo.pdd(&["handoff", "QA", "--task", "TASK-001"]).ok();
    let commit = "docs(tasks): hand Search over to QA [MAINT-1]";
    assert!(output.stdout.contains(commit), "{}", output.stdout);
    let _ = follow(&repo, &output).ok();
}

#[test]
fn decisions_of_two_branches_stay_whole_in_a_union_merge() {
    let repo = Repo::tasked(TASKS, &["PM"]);
    let _ = repo.git(&["branch", "dev", "main"]).ok();
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-002-rank", "main"])
        .ok();
    let _ = repo.pdd(&["persona", "PM", "plan"]).ok();
    let _ = repo.commit("docs: plan [TASK-002]").ok();
    for branch in ["feat/TASK-002-rank", crate::enrolled::WORK] {
        let _ = repo.git(&["switch", "-q", branch]).ok();
        let output = repo.pdd(&["handoff", "QA", "--decision", "no cache"]).ok();
        let _ = follow(&repo, &output).ok();
    }
    repo.write(".git/info/attributes", "context/Devlog.md merge=union\n");
    // Both took one number: PDD012 stops the merge, and `doctor --fix` mends it.
    let message = ["-m", "Merge it [TASK-001]"];
    let merge = ["merge", "-q", "feat/TASK-002-rank"];
    assert_eq!(repo.git(&[&merge[..], &message].concat()).code(), 1);
    let devlog = repo.read("context/Devlog.md");
    for task in ["TASK-001", "TASK-002"] {
        let heading = format!("### [DEVLOG-0001] - no cache ({task})\n- **Date**: ");
        assert!(devlog.contains(&heading), "{devlog}");
        let rest = format!("\n- **Persona**: PM\n- **Task**: {task}\n");
        assert!(devlog.contains(&rest), "{devlog}");
    }
    let _ = repo.pdd(&["doctor", "--fix"]);
    let _ = repo.git(&["add", "."]).ok();
    let _ = repo.git(&["commit", "-q", "--no-edit"]).ok();
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
        "\nnote: `tests/test_more.py` is staged: QA commits tests before the hand-over, so that they are sealed until the source comes: `git restore --staged context/personalog/TASK-001.md` and `git commit -m \"test: … [TASK-001]\"` first, then `git add context/personalog/TASK-001.md`\n",
    ] {
        assert!(output.stdout.contains(line), "{line}\n{}", output.stdout);
    }
}

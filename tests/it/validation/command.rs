//! `pdd-hooks validate`: what it says, what it leaves to an earlier run, and what programs read.

use super::scene::MESSAGE;
use crate::support::{Output, Repo};

/// The output with what differs from run to run made steady.
fn steady(output: &Output) -> String {
    let text = output.text();
    let mut steady = text;
    for (pattern, word) in [
        (r"\d+\.\d s", "0.1 s"),
        (r"slots/[0-9a-f]{16}", "slots/1a2b3c4d"),
        (r"\b[0-9a-f]{12}\b", "1a2b3c4d5e6f"),
        (r"cached, [^)]*\)", "cached, just now)"),
    ] {
        let pattern = regex::Regex::new(pattern).unwrap();
        steady = pattern.replace_all(&steady, word).into_owned();
    }
    steady
}

#[test]
fn what_is_staged_is_validated_and_told_in_a_line_a_check() {
    let repo = Repo::checked("");
    repo.stage_step("one");
    insta::assert_snapshot!(steady(&repo.pdd(&["validate"])), @r"
    exit: 0
    --- stdout
    staged change on feat/TASK-001-steps: validated
      tests passed (2 tests, 0.1 s)
    --- stderr
    ");
    insta::assert_snapshot!(steady(&repo.pdd(&["validate"])), @r"
    exit: 0
    --- stdout
    staged change on feat/TASK-001-steps: validated
      tests passed (cached, just now)
    --- stderr
    ");
}

#[test]
fn a_failure_shows_its_last_lines_and_where_the_rest_is() {
    let repo = Repo::checked("");
    repo.stage("app.txt", "broken\n");
    repo.stage(
        "tests/run.sh",
        &format!(
            "exec 2>&1; echo one line; echo another >&2\n{}",
            super::scene::RUNNER
        ),
    );
    insta::assert_snapshot!(steady(&repo.pdd(&["validate"])), @r#"
    exit: 1
    --- stdout
    staged change on feat/TASK-001-steps: not validated
      tests failed
    --- the last lines of tests (0.1 s), all of them in $TMP/home/.cache/pdd-hooks/slots/1a2b3c4d/logs/tests.log
    one line
    another
    ---
    error[PDD008]: the check `tests` fails: `base`
     --> staged change on feat/TASK-001-steps
      = help: mend it and stage the mend: what is staged was tested, not what lies in the work tree
      = note: pdd-hooks explain PDD008
    --- stderr
    "#);
}

#[test]
fn a_change_without_checks_says_so_and_all_runs_them_anyway() {
    let repo = Repo::checked("");
    let runs = repo.runs();
    insta::assert_snapshot!(steady(&repo.pdd(&["validate", "HEAD"])), @r"
    exit: 0
    --- stdout
    commit 1a2b3c4d5e6f (docs: plan [TASK-001]): validated
      no check is in scope (`--all` runs every one)
    --- stderr
    ");
    assert_eq!(repo.runs(), runs);
    insta::assert_snapshot!(steady(&repo.pdd(&["validate", "--all", "main"])), @r"
    exit: 0
    --- stdout
    commit 1a2b3c4d5e6f (chore(pdd): adopt the workflow [MAINT-1]): validated
      tests passed (1 test, 0.1 s)
    --- stderr
    ");
}

#[test]
fn a_range_goes_on_where_it_was_stopped() {
    let repo = Repo::checked("");
    for step in ["one", "two", "three"] {
        repo.stage_step(step);
        let _ = repo.git(&["commit", "-q", "-n", "-m", MESSAGE]).ok();
    }
    let runs = repo.runs();
    let _ = repo.pdd(&["validate", "main..HEAD~1"]).ok();
    assert_eq!(repo.runs(), runs + 2);
    let told = repo.pdd(&["validate", "main..HEAD"]);
    assert_eq!(repo.runs(), runs + 3);
    insta::assert_snapshot!(steady(&told), @r"
    exit: 0
    --- stdout
    commit 1a2b3c4d5e6f (docs: plan [TASK-001]): validated
      no check is in scope (`--all` runs every one)
    commit 1a2b3c4d5e6f (feat(app): one step [TASK-001]): validated
      tests passed (cached, just now)
    commit 1a2b3c4d5e6f (feat(app): one step [TASK-001]): validated
      tests passed (cached, just now)
    commit 1a2b3c4d5e6f (feat(app): one step [TASK-001]): validated
      tests passed (4 tests, 0.1 s)
    4 of 4 commits validated
    --- stderr
    ");
    let _ = repo.pdd(&["check", "main..HEAD"]).ok();
}

#[test]
fn programs_read_each_test_that_failed() {
    let repo = Repo::checked("");
    repo.stage("app.txt", "broken\n");
    let output = repo.pdd(&["validate", "--format", "json"]);
    assert_eq!(output.code(), 1);
    let mut report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    let tree = repo.ask(&["write-tree"]);
    let check = &mut report["trees"][0]["checks"][0];
    assert!(check["ms"].is_u64());
    assert!(check["log"].as_str().unwrap().ends_with("/logs/tests.log"));
    check["ms"] = 7.into();
    check["log"] = "tests.log".into();
    assert_eq!(report["trees"][0]["findings"][0]["code"], "PDD008");
    report["trees"][0]["findings"] = serde_json::json!([]);
    assert_eq!(
        report,
        serde_json::json!({
            "schema": "pdd-hooks/validation/1",
            "range": null,
            "trees": [{
                "commit": null,
                "tree": tree,
                "subject": null,
                "state": "failed",
                "checks": [{
                    "name": "tests", "kind": "test", "state": "failed", "cached": false, "time": null, "ms": 7,
                    "passed": 0, "failed": 1, "skipped": 0,
                    "failures": [{"id": "base", "message": null}],
                    "forgiven": [], "log": "tests.log"
                }],
                "red": null,
                "findings": []
            }],
            "summary": {"trees": 1, "validated": 0, "failed": 1}
        })
    );
}

#[test]
fn replays_are_named_and_fall_with_the_last_commit() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    repo.validated_step("two");
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-b", "main"])
        .ok();
    for persona in ["PM", "QA"] {
        let _ = repo.pdd(&["persona", persona, "TASK-001", "other"]).ok();
    }
    let _ = repo.git(&["restore", "--staged", "--worktree", "."]);
    let _ = repo.git(&["clean", "-fdq"]).ok();
    // This one breaks what comes after it.
    repo.stage("tests/run.sh", "exit 1\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", MESSAGE]).ok();
    let _ = repo
        .git(&["rebase", "-q", "feat/TASK-001-b", crate::enrolled::WORK])
        .ok();
    let told = repo.pdd(&["validate", "feat/TASK-001-b..HEAD"]);
    assert_eq!(told.code(), 1, "{}", told.text());
    assert!(
        told.stdout.contains("is to stand for it\n")
            && told.stdout.ends_with(
                "the last commit does not stand for the 2 replayed\n0 of 3 commits validated\n"
            ),
        "{}",
        told.text()
    );
}

#[test]
fn a_pass_that_a_new_run_does_not_confirm_is_named() {
    let repo = Repo::checked("");
    let unsteady = "[ -z \"$PYTHONHASHSEED\" ] || { code=1; echo '{\"id\":\"seed\",\"state\":\"failed\"}' >>\"$1\"; }\nexit $code\n";
    let runner = super::scene::RUNNER.replace("exit $code\n", unsteady);
    repo.stage("tests/run.sh", &runner);
    repo.stage("app.txt", "base\nchanged\n");
    let _ = repo.commit(MESSAGE).ok();
    let told = repo.pdd_with(&[("PYTHONHASHSEED", "7")], &["validate", "HEAD"]);
    assert_eq!(told.code(), 1, "{}", told.text());
    let note = "  note: tests is recorded as passed on this tree, by a run in another environment or of tests that are not steady; push and audit believe that record\n";
    assert!(told.stdout.contains(note), "{}", told.text());
}

/// A terminal for a program that draws only on one: script(1) of util-linux or of BSD.
#[test]
fn a_terminal_shows_the_check_its_time_and_the_tests_so_far_and_keeps_nothing() {
    let checks = "[[check]]\nname = 'slow'\nkind = 'test'\nreport = 'ndjson'\nrun = ['sh', 'tests/slow.sh']\n";
    let repo = Repo::new();
    repo.write(
        "tests/slow.sh",
        "for id in a b c; do echo \"{\\\"id\\\":\\\"$id\\\",\\\"state\\\":\\\"passed\\\"}\"; sleep 0.4; done\n",
    );
    let repo = repo.check_with(checks);
    repo.stage("app.txt", "base\nchanged\n");
    let program = crate::support::pdd_hooks().display().to_string();
    let mut command = repo.command("script", repo.folder());
    command
        .env("TERM", "xterm")
        .args(["-qec", &format!("{program} validate"), "/dev/null"]);
    let output = repo.run(&mut command, b"");
    assert_eq!(output.code(), 0, "{}", output.text());
    for part in ["slow", "2 tests so far", "\u{1b}[2K"] {
        assert!(output.stdout.contains(part), "{part}: {:?}", output.stdout);
    }
    let last = output.stdout.rsplit("\u{1b}[2K").next().unwrap();
    assert!(
        last.contains("validated") && !last.contains("so far"),
        "{last:?}"
    );
}

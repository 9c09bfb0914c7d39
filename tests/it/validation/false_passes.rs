//! Runs that look like passes and prove nothing: each is refused at the commit, in words of its own.

use super::projects::Project;
use super::scene::{MESSAGE, findings};
use crate::support::{Output, Repo};

/// A check of a shell script that gets the path of its report as `$1`.
fn script(script: &str, more: &str) -> String {
    format!(
        "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['sh', '-c', '''{script}''', 'sh', '{{report}}']\nreport = 'ndjson'\n{more}\n"
    )
}

fn change(repo: &Repo) -> Output {
    let before = repo.ask(&["rev-parse", "HEAD"]);
    let output = repo.commit_source("base\nchanged\n");
    assert_eq!(output.code(), 1, "{}", output.text());
    assert_eq!(repo.ask(&["rev-parse", "HEAD"]), before);
    output
}

/// A change of source under this policy is refused with one finding, which says that the check proves nothing: why.
#[track_caller]
fn proves_nothing(repo: &Repo, why: &str) -> Output {
    let output = change(repo);
    let expected = format!("PDD008: environment-error: the check `tests` proves nothing: {why}");
    assert_eq!(findings(&output), [expected], "{}", output.text());
    output
}

#[track_caller]
fn fails(repo: &Repo, what: &str) {
    let output = change(repo);
    let expected = format!("PDD008: the check `tests` fails: {what}");
    assert_eq!(findings(&output), [expected], "{}", output.text());
}

fn under(checks: &str) -> Repo {
    Repo::new().check_with(checks)
}

const PASSED: &str = r#"echo "{\"id\":\"a\",\"state\":\"passed\"}""#;
const FAILED: &str = r#"echo "{\"id\":\"a\",\"state\":\"failed\"}""#;
const SKIPPED: &str = r#"echo "{\"id\":\"a\",\"state\":\"skipped\"}""#;

#[test]
fn no_test_that_ran() {
    let repo = under(&script(": >\"$1\"", ""));
    let _ = proves_nothing(&repo, "no test ran");
    // One that is skipped did not run either.
    let repo = under(&script(&format!("{SKIPPED} >\"$1\""), ""));
    let _ = proves_nothing(&repo, "no test ran");
}

#[test]
fn a_report_that_is_missing() {
    let repo = under(&script("echo all well", ""));
    let output = proves_nothing(&repo, "it ended with exit code 0 and wrote no report");
    let help =
        "= help: look at its output; where it ends well, `run` must write the report to `{report}`";
    assert!(output.stderr.contains(help), "{}", output.text());
}

#[test]
fn a_report_that_is_older_than_the_run() {
    let repo = Repo::new();
    repo.write("tests/green.json", "{\"id\":\"a\",\"state\":\"passed\"}\n");
    let repo = repo.check_with(&script("cp -p tests/green.json \"$1\"", ""));
    let _ = proves_nothing(&repo, "its report is older than the run");
}

#[test]
fn a_failure_with_exit_code_0() {
    let repo = under(&script(&format!("{FAILED} >\"$1\""), ""));
    let _ = proves_nothing(&repo, "it ended with exit code 0 although `a` failed");
}

#[test]
fn an_exit_code_that_is_not_0_without_a_failure() {
    let repo = under(&script(&format!("{PASSED} >\"$1\"; exit 3"), ""));
    let _ = proves_nothing(&repo, "it ended with exit code 3 although no test failed");
}

#[test]
fn a_run_beyond_its_limit_which_is_ended_with_all_it_started() {
    let hiding = format!(
        "setsid sh -c 'trap \"\" TERM HUP; sleep 1000; :' & sleep 1000 & {PASSED} >\"$1\"; sleep 1000"
    );
    let repo = under(&script(&hiding.replace('\'', "\""), "timeout = '1s'"));
    let _ = proves_nothing(&repo, "it ran longer than `1s` and was ended");
    assert_eq!(repo.checks_running(), [0; 0]);
}

#[test]
fn a_forged_report_on_stdout_where_a_file_is_asked_for() {
    let repo = under(&script(PASSED, ""));
    let _ = proves_nothing(&repo, "it ended with exit code 0 and wrote no report");
    let junit = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['echo', '<testsuite tests=\"1\"><testcase name=\"a\"/></testsuite>']\nreport = 'junit'\n";
    let _ = proves_nothing(
        &under(junit),
        "it ended with exit code 0 and wrote no report",
    );
}

#[test]
fn a_forged_line_on_stdout_where_stdout_is_the_report() {
    let checks = format!(
        "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['sh', '-c', '''{FAILED}; {PASSED}; exit 1''']\nreport = 'ndjson'\n"
    );
    fails(&under(&checks), "`a`");
}

/// What a test program writes when all is well.
const FORGED: &str = "\\nrunning 1 test\\ntest the_answer ... ok\\n\\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\\n\\n";

/// A crate with a second test, which writes a forged report past the harness and goes on to do this.
fn forging(then: &str) -> Output {
    let check = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['cargo', 'test', '--offline', '--test', 'answer']\nreport = 'libtest'\n";
    let project = Project::cargo(check, |repo| {
        let forge = format!(
            "use std::io::Write as _;\n\n#[test]\nfn forges() {{\n    std::io::stdout().write_all(b\"{FORGED}\").unwrap();\n    {then}\n}}\n"
        );
        repo.write("tests/answer.rs", repo.read("tests/answer.rs") + &forge);
    });
    project.stage_note("one test forges\n");
    let output = project.commit();
    assert_eq!(output.code(), 1, "{}", output.text());
    output
}

#[test]
fn a_real_test_that_writes_a_forged_report_and_fails() {
    let output = forging("panic!(\"it fails all the same\");");
    let expected = "PDD008: environment-error: the check `tests` proves nothing: its report cannot be read: a result stands outside its block: a test wrote lines like those of the harness";
    assert_eq!(findings(&output), [expected], "{}", output.text());
}

#[test]
fn a_real_test_that_writes_a_forged_report_and_ends_all_of_them_with_exit_code_0() {
    let output = forging("std::process::exit(0);");
    // How far the harness's other threads came before the end decides which contradiction is met first.
    let proves_nothing = "PDD008: environment-error: the check `tests` proves nothing: ";
    let found = findings(&output);
    assert!(
        matches!(&found[..], [one] if one.starts_with(proves_nothing)),
        "{}",
        output.text()
    );
    assert_eq!(output.code(), 1, "{}", output.text());
}

#[test]
fn a_program_that_is_missing() {
    let repo = under("[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['no-such-runner', '-q']\n");
    let output = proves_nothing(&repo, "there is no program `no-such-runner`");
    let help = "= help: install `no-such-runner`, or activate the environment that holds it: it is looked for on PATH";
    assert!(output.stderr.contains(help), "{}", output.text());
}

#[test]
fn a_program_that_a_shell_does_not_find() {
    let repo = under(&script("no-such-runner \"$1\"", ""));
    let _ = proves_nothing(&repo, "`sh` did not find the program that it was to start");
}

#[test]
fn a_program_that_cannot_be_started() {
    let repo = under("[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['./tests/run.sh']\n");
    let why = "`./tests/run.sh` could not be started: Permission denied (os error 13)";
    let _ = proves_nothing(&repo, why);
}

#[test]
fn a_file_in_the_place_of_the_runner() {
    let repo = under(
        "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['python3', '-m', 'pytest', '-q']\n",
    );
    repo.stage("pytest.py", "print('1 passed')\n");
    let _ = proves_nothing(&repo, "`pytest.py` takes the place of a module of `pytest`");
}

#[test]
fn a_tracked_file_that_the_run_changed() {
    let repo = under(&script(
        &format!("echo base >app.txt; {PASSED} >\"$1\""),
        "",
    ));
    let why = "tracked files were changed while it ran: `app.txt`";
    let _ = proves_nothing(&repo, why);
}

#[test]
fn a_flood_of_output_is_bounded_on_disk_and_in_memory() {
    let flood = "yes 0123456789 | head -c 200000000; sed -n 's/^VmHWM: *//p' /proc/$PPID/status >\"$HOME/peak\"; exit 1";
    let repo = under(&script(&flood.replace('\'', "\""), ""));
    let begin = std::time::Instant::now();
    let output = proves_nothing(&repo, "it ended with exit code 1 and wrote no report");
    let elapsed = begin.elapsed();
    assert!(elapsed.as_secs() < 20, "{elapsed:?}");
    assert!(output.stderr.len() < 100_000, "{}", output.stderr.len());
    let peak = repo.read("../home/peak");
    let kilobytes: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < 256 << 10, "{peak}");
    let slots = repo.at("../home/.cache/pdd-hooks/slots");
    let slot = std::fs::read_dir(slots).unwrap().next().unwrap().unwrap();
    let log = slot.path().join("logs/tests.log");
    let length = std::fs::metadata(log).unwrap().len();
    assert!((16 << 20..17 << 20).contains(&length), "{length}");
}

#[test]
fn a_quality_tool_that_fails_and_reports_no_failure() {
    let style = script(
        r#"echo "{\"id\":\"a\",\"state\":\"passed\"}" >"$1"; exit 3"#,
        "",
    )
    .replace("name = 'tests'", "name = 'style'")
    .replace("'test'", "'quality'");
    let repo = Repo::checked(&style);
    repo.stage_step("one");
    assert_eq!(
        findings(&repo.commit(MESSAGE)),
        ["PDD008: the check `style` fails: exit code 3"]
    );
}

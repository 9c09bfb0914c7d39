//! The ways in which nothing looks like success, on data: each has its own fault, and none is a pass.

use std::path::PathBuf;
use std::time::Duration;

use super::{Found, judge};
use crate::policy::{CheckBlock, CheckKind, ReportForm};
use crate::proof::outcome::{Fault, Verdict};
use crate::proof::process::{End, Ended};
use crate::proof::report::{FailureKind, State, TestCase};

const PASSED: &str = r#"{"id":"a","state":"passed"}"#;
const FAILED: &str = r#"{"id":"b","state":"failed","kind":"assert"}"#;
const SKIPPED: &str = r#"{"id":"c","state":"skipped"}"#;

fn check(report: ReportForm) -> CheckBlock {
    let text = "name = 'tests'\nkind = 'test'\nrun = ['runner', '-q']\ntimeout = '90s'";
    let block: CheckBlock = toml::from_str(text).unwrap();
    CheckBlock { report, ..block }
}

fn quality() -> CheckBlock {
    CheckBlock {
        kind: CheckKind::Quality,
        name: "lint".into(),
        ..check(ReportForm::ExitCode)
    }
}

fn ended(end: End) -> Ended {
    Ended {
        end,
        elapsed: Duration::from_millis(1200),
        stdout: Vec::new(),
        cut: false,
        tail: "the last line\n".into(),
        log: PathBuf::from("log"),
    }
}

fn lines(lines: &[&str]) -> Found {
    Found::Bytes(lines.join("\n").into_bytes())
}

/// Judges a test check that reports in lines.
fn verdict(end: End, report: &Found) -> Verdict {
    judge(&check(ReportForm::Ndjson), &ended(end), report).0
}

fn fault(end: End, report: &Found) -> Fault {
    match verdict(end, report) {
        Verdict::EnvironmentError(fault) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn exit_code_and_report_that_agree_are_a_verdict() {
    let passed = verdict(End::Exit(0), &lines(&[PASSED, SKIPPED]));
    assert_eq!(passed, Verdict::Passed);
    let failed = verdict(End::Exit(1), &lines(&[PASSED, FAILED]));
    assert_eq!(failed, Verdict::Failed);
}

#[test]
fn the_tests_of_the_report_are_handed_on() {
    let (_, tests) = judge(
        &check(ReportForm::Ndjson),
        &ended(End::Exit(1)),
        &lines(&[PASSED, FAILED, SKIPPED]),
    );
    let failed = TestCase::failed("b", FailureKind::Assert, "");
    let expected = [
        TestCase::new("a", State::Passed),
        failed,
        TestCase::new("c", State::Skipped),
    ];
    assert_eq!(tests, expected);
}

#[test]
fn a_run_in_which_no_test_ran_proves_nothing() {
    for code in [0, 4, 5] {
        assert_eq!(fault(End::Exit(code), &lines(&[])), Fault::NoTestRan);
        assert_eq!(fault(End::Exit(code), &lines(&[SKIPPED])), Fault::NoTestRan);
    }
    let empty = "\nrunning 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.00s\n";
    let report = Found::Bytes(empty.into());
    let (verdict, _) = judge(&check(ReportForm::Libtest), &ended(End::Exit(0)), &report);
    assert_eq!(verdict, Verdict::EnvironmentError(Fault::NoTestRan));
}

#[test]
fn a_report_that_is_missing_proves_nothing() {
    for code in [0, 101] {
        let expected = Fault::ReportMissing { code };
        assert_eq!(fault(End::Exit(code), &Found::Missing), expected);
    }
}

#[test]
fn a_report_older_than_the_run_proves_nothing() {
    assert_eq!(fault(End::Exit(0), &Found::Old), Fault::ReportOld);
}

#[test]
fn a_report_too_large_to_be_read_proves_nothing() {
    assert_eq!(fault(End::Exit(0), &Found::TooLarge), Fault::ReportTooLarge);
}

#[test]
fn success_with_a_failed_test_proves_nothing() {
    let expected = Fault::FailuresButSuccess {
        first: "b".into(),
        count: 1,
    };
    assert_eq!(fault(End::Exit(0), &lines(&[PASSED, FAILED])), expected);
}

#[test]
fn an_error_without_a_failed_test_proves_nothing() {
    let expected = Fault::NothingFailed { code: 3 };
    assert_eq!(fault(End::Exit(3), &lines(&[PASSED])), expected);
}

#[test]
fn a_run_past_its_limit_proves_nothing_whatever_its_report_says() {
    let found = [lines(&[PASSED]), lines(&[FAILED]), Found::Missing];
    for found in found {
        let expected = Fault::TimedOut {
            limit: "90s".into(),
        };
        assert_eq!(fault(End::TimedOut, &found), expected);
    }
    let (_, tests) = judge(
        &check(ReportForm::Ndjson),
        &ended(End::TimedOut),
        &lines(&[PASSED]),
    );
    assert_eq!(tests, [TestCase::new("a", State::Passed)]);
}

#[test]
fn a_result_forged_on_stdout_proves_nothing() {
    let forged = "running 2 tests\ntest a ... ok\ntest b ... ok\ntest c ... ok\n\n\
        test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
    let report = Found::Bytes(forged.into());
    let (verdict, tests) = judge(&check(ReportForm::Libtest), &ended(End::Exit(0)), &report);
    assert_eq!(tests, []);
    let Verdict::EnvironmentError(Fault::ReportUnreadable { reason }) = verdict else {
        panic!("{verdict:?}");
    };
    assert!(reason.starts_with("3 results and the summary"), "{reason}");
}

#[test]
fn a_report_written_to_stdout_is_not_looked_for_there() {
    let stdout =
        br#"<testsuites><testsuite name="a"><testcase name="b"/></testsuite></testsuites>"#;
    let ended = Ended {
        stdout: stdout.to_vec(),
        ..ended(End::Exit(0))
    };
    let (verdict, tests) = judge(&check(ReportForm::Junit), &ended, &Found::Missing);
    let expected = Verdict::EnvironmentError(Fault::ReportMissing { code: 0 });
    assert_eq!((verdict, tests), (expected, Vec::new()));
}

#[test]
fn what_did_not_start_or_crashed_is_named_before_its_report() {
    let program = || "runner".to_owned();
    let not_found = fault(End::NotFound, &Found::Missing);
    assert_eq!(not_found, Fault::NotFound { program: program() });
    let denied = fault(End::CannotStart("denied".into()), &Found::Old);
    let expected = Fault::CannotStart {
        program: program(),
        reason: "denied".into(),
    };
    assert_eq!(denied, expected);
    assert_eq!(fault(End::Signal(11), &Found::Missing), Fault::Signal(11));
}

#[test]
fn a_shell_without_its_program_is_told_from_a_failed_test() {
    for code in [126, 127] {
        let expected = Fault::InnerNotFound {
            program: "runner".into(),
            code,
        };
        assert_eq!(fault(End::Exit(code), &Found::Missing), expected);
        let (verdict, tests) = judge(&quality(), &ended(End::Exit(code)), &Found::Missing);
        assert_eq!(verdict, Verdict::EnvironmentError(expected));
        assert_eq!(tests, []);
    }
    // A runner that counts its failures in the exit code may come to 127 as well.
    assert_eq!(verdict(End::Exit(127), &lines(&[FAILED])), Verdict::Failed);
}

#[test]
fn the_exit_code_alone_is_one_test_named_after_the_check() {
    for check in [check(ReportForm::ExitCode), quality()] {
        let (verdict, tests) = judge(&check, &ended(End::Exit(0)), &Found::Missing);
        let passed = TestCase {
            ms: 1200,
            ..TestCase::new(&check.name, State::Passed)
        };
        assert_eq!((verdict, tests), (Verdict::Passed, vec![passed]));
        let (verdict, tests) = judge(&check, &ended(End::Exit(2)), &Found::Missing);
        let failed = TestCase {
            ms: 1200,
            ..TestCase::failed(&check.name, FailureKind::Error, "the last line")
        };
        assert_eq!((verdict, tests), (Verdict::Failed, vec![failed]));
    }
}

#[test]
fn a_quality_check_is_judged_by_its_exit_code_and_tells_its_report() {
    let check = CheckBlock {
        report: ReportForm::Ndjson,
        ..quality()
    };
    let (verdict, tests) = judge(&check, &ended(End::Exit(0)), &lines(&[FAILED]));
    assert_eq!(verdict, Verdict::Passed);
    assert_eq!(tests[0].id, "b");
    let (verdict, tests) = judge(&check, &ended(End::Exit(1)), &Found::Missing);
    assert_eq!(verdict, Verdict::Failed);
    assert_eq!(tests[0].id, "lint");
}

#[test]
fn every_fault_says_what_happened_and_what_to_do() {
    let text = |it: &str| it.to_owned();
    let faults = [
        Fault::NotFound { program: text("p") },
        Fault::CannotStart {
            program: text("p"),
            reason: text("permission denied"),
        },
        Fault::InnerNotFound {
            program: text("sh"),
            code: 127,
        },
        Fault::InnerNotFound {
            program: text("sh"),
            code: 126,
        },
        Fault::TimedOut { limit: text("10m") },
        Fault::Signal(9),
        Fault::NoTestRan,
        Fault::ReportMissing { code: 2 },
        Fault::ReportOld,
        Fault::ReportTooLarge,
        Fault::ReportUnreadable {
            reason: text("it is empty"),
        },
        Fault::FailuresButSuccess {
            first: text("a"),
            count: 2,
        },
        Fault::NothingFailed { code: 1 },
        Fault::Shadowed {
            path: text("pytest.py"),
            runner: text("pytest"),
        },
        Fault::TreeChanged {
            paths: vec![text("a"), text("b")],
        },
        Fault::Foreign { path: text("/x") },
        Fault::Unguarded { option: text("-I") },
        Fault::Carry {
            path: text(".venv"),
            reason: text("no such file"),
        },
    ];
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let expected = [
        "there is no program `p`",
        "`p` could not be started: permission denied",
        "`sh` did not find the program that it was to start",
        "`sh` could not start what it was to start: exit code 126",
        "it ran longer than `10m` and was ended",
        "it was ended by signal 9",
        "no test ran",
        "it ended with exit code 2 and wrote no report",
        "its report is older than the run",
        "its report is too large to be read",
        "its report cannot be read: it is empty",
        "it ended with exit code 0 although `a` and 1 more failed",
        "it ended with exit code 1 although no test failed",
        "`pytest.py` takes the place of a module of `pytest`",
        "tracked files were changed while it ran: `a`, `b`",
        "`/x` was loaded, which is not in the tree under test",
        "with `-I` Python cannot be kept from what is installed from the work tree",
        "`.venv` of `validation.carry` could not be copied: no such file",
    ];
    assert_eq!(told, expected);
    assert!(faults.iter().all(|fault| fault.help().is_some()));
}

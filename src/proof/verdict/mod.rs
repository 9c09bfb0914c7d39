//! What a run proves: exit code and report must agree, and whatever else happened proves nothing (PROOF.md, section 6).
//! It is handed data alone.

use super::Found;
use super::outcome::{Fault, Verdict};
use super::process::{End, Ended};
use super::report::{self, FailureKind, State, TestCase};
use crate::policy::{CheckBlock, CheckKind, ReportForm};

/// Judges how a run ended together with its report, and returns the report's tests, as far as there are any.
///
/// Under `report = "exit-code"` the report is not looked at, and the one test is named after the check. Under
/// `libtest` the bytes are what [`report::read`] asks for: stdout and stderr as one text.
pub fn judge(check: &CheckBlock, ended: &Ended, report: &Found) -> (Verdict, Vec<TestCase>) {
    let fault = |fault| Verdict::EnvironmentError(fault);
    let program = || check.run.first().cloned().unwrap_or_default();
    let code = match &ended.end {
        End::NotFound => return (fault(Fault::NotFound { program: program() }), Vec::new()),
        End::CannotStart(reason) => {
            let (program, reason) = (program(), reason.clone());
            return (fault(Fault::CannotStart { program, reason }), Vec::new());
        }
        // What ran before the end is worth telling, and proves nothing.
        End::TimedOut => {
            let limit = check.timeout.clone();
            return (fault(Fault::TimedOut { limit }), so_far(check, report));
        }
        End::Signal(signal) => return (fault(Fault::Signal(*signal)), so_far(check, report)),
        End::Exit(code) => *code,
    };
    let inner = || Fault::InnerNotFound {
        program: program(),
        code,
    };
    if check.report == ReportForm::ExitCode || check.kind == CheckKind::Quality {
        if is_inner(code) {
            return (fault(inner()), Vec::new());
        }
        return by_exit_code(check, ended, code, report);
    }
    match tests(check, report, code) {
        Ok(tests) => (agreement(code, &tests), tests),
        // A shell that did not find the runner has written no report either; the first cause is the clearer word.
        Err(_) if is_inner(code) => (fault(inner()), Vec::new()),
        Err(missing) => (fault(missing), Vec::new()),
    }
}

/// Says whether a shell or `env` ends with this code where it cannot start its program (POSIX, 2.8.2).
fn is_inner(code: i32) -> bool {
    matches!(code, 126 | 127)
}

fn by_exit_code(
    check: &CheckBlock,
    ended: &Ended,
    code: i32,
    report: &Found,
) -> (Verdict, Vec<TestCase>) {
    let (verdict, one) = if code == 0 {
        let one = TestCase::new(&check.name, State::Passed);
        (Verdict::Passed, one)
    } else {
        let said = match ended.tail.trim() {
            "" => format!("exit code {code}"),
            tail => tail.to_owned(),
        };
        let one = TestCase::failed(&check.name, FailureKind::Error, &said);
        (Verdict::Failed, one)
    };
    let ms = u64::try_from(ended.elapsed.as_millis()).unwrap_or(u64::MAX);
    let told = so_far(check, report);
    // Whatever a report says, a failure needs one that failed: what forgives asks for the tests alone.
    let is_told = match verdict {
        Verdict::Failed => told.iter().any(|test| test.state == State::Failed),
        _ => !told.is_empty(),
    };
    let tests = if is_told {
        told
    } else {
        vec![TestCase { ms, ..one }]
    };
    (verdict, tests)
}

/// Returns the tests of a report that is not needed for the verdict.
fn so_far(check: &CheckBlock, found: &Found) -> Vec<TestCase> {
    match found {
        Found::Bytes(bytes) => report::read(check.report, bytes).unwrap_or_default(),
        Found::Missing | Found::Old | Found::TooLarge => Vec::new(),
    }
}

fn tests(check: &CheckBlock, found: &Found, code: i32) -> Result<Vec<TestCase>, Fault> {
    match found {
        Found::Missing => Err(Fault::ReportMissing { code }),
        Found::Old => Err(Fault::ReportOld),
        Found::TooLarge => Err(Fault::ReportTooLarge),
        Found::Bytes(bytes) => report::read(check.report, bytes).map_err(|error| {
            let reason = error.to_string();
            Fault::ReportUnreadable { reason }
        }),
    }
}

/// Compares the exit code with the tests: only where both say the same is anything proven.
fn agreement(code: i32, tests: &[TestCase]) -> Verdict {
    if tests.iter().all(|test| test.state == State::Skipped) {
        return Verdict::EnvironmentError(Fault::NoTestRan);
    }
    let failed = || tests.iter().filter(|test| test.state == State::Failed);
    match (code, failed().next()) {
        (0, None) => Verdict::Passed,
        (_, None) => Verdict::EnvironmentError(Fault::NothingFailed { code }),
        (0, Some(first)) => Verdict::EnvironmentError(Fault::FailuresButSuccess {
            first: first.id.clone(),
            count: failed().count(),
        }),
        (_, Some(_)) => Verdict::Failed,
    }
}

#[cfg(test)]
mod tests;

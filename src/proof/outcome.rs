//! What became of one check on one tree: passed, failed, or an environment error that proves nothing.

use std::path::PathBuf;
use std::time::Duration;

use super::report::TestCase;

/// One run of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The check's name.
    pub check: String,
    /// What it is worth.
    pub verdict: Verdict,
    /// The tests of the report, in its order; under `report = "exit-code"` one, named after the check.
    pub tests: Vec<TestCase>,
    /// How long it ran.
    pub elapsed: Duration,
    /// The last lines that it wrote, for a refusal.
    pub tail: String,
    /// All that it wrote, as far as the bound allows.
    pub log: PathBuf,
}

/// What a run is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Exit code and report agree: all is well.
    Passed,
    /// Exit code and report agree: something failed.
    Failed,
    /// Nothing is proven, for this reason.
    EnvironmentError(Fault),
}

/// Why a run proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The program is not there.
    NotFound {
        /// As the check names it.
        program: String,
    },
    /// The program is there and cannot be started.
    CannotStart {
        /// As the check names it.
        program: String,
        /// What the system said.
        reason: String,
    },
    /// It ran longer than the check allows, and its process group was ended.
    TimedOut {
        /// As the policy writes it: `10m`.
        limit: String,
    },
    /// A signal ended it.
    Signal(i32),
    /// No test ran; a skipped one did not.
    NoTestRan,
    /// There is no report.
    ReportMissing,
    /// The report is older than the run.
    ReportOld,
    /// The report is no such report.
    ReportUnreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// The exit code is 0 and the report has failures.
    FailuresButSuccess {
        /// The first test that failed.
        first: String,
        /// How many failed.
        count: usize,
    },
    /// The exit code is not 0 and the report has no failure.
    NothingFailed {
        /// The exit code.
        code: i32,
    },
    /// A file at the top takes the place of the runner's own modules.
    Shadowed {
        /// The file.
        path: String,
        /// The runner.
        runner: String,
    },
    /// Tracked files were changed while it ran, so that nobody knows which content was tested.
    TreeChanged {
        /// The paths, the first few.
        paths: Vec<String>,
    },
    /// Code was loaded from the user's work tree and not from the tree under test.
    Foreign {
        /// What was loaded from there.
        path: String,
    },
    /// A path of `validation.carry` is not there or could not be copied.
    Carry {
        /// As the policy names it.
        path: String,
        /// Why.
        reason: String,
    },
}

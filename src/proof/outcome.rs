//! What became of one check on one tree: passed, failed, or an environment error that proves nothing.

use std::fmt;
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
    /// A shell or `env` was started, and did not find or could not start what it was to start: exit code 127 or 126.
    InnerNotFound {
        /// As the check names what was started.
        program: String,
        /// The exit code.
        code: i32,
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
    ReportMissing {
        /// The exit code.
        code: i32,
    },
    /// The report is older than the run.
    ReportOld,
    /// The report is larger than any that is read.
    ReportTooLarge,
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
    /// Python is told to ignore the variables that keep it from the user's work tree.
    Unguarded {
        /// By which option.
        option: String,
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

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { program } => write!(f, "there is no program `{program}`"),
            Self::CannotStart { program, reason } => {
                write!(f, "`{program}` could not be started: {reason}")
            }
            Self::InnerNotFound { program, code: 127 } => {
                write!(
                    f,
                    "`{program}` did not find the program that it was to start"
                )
            }
            Self::InnerNotFound { program, code } => {
                write!(
                    f,
                    "`{program}` could not start what it was to start: exit code {code}"
                )
            }
            Self::TimedOut { limit } => write!(f, "it ran longer than `{limit}` and was ended"),
            Self::Signal(signal) => write!(f, "it was ended by signal {signal}"),
            Self::NoTestRan => write!(f, "no test ran"),
            Self::ReportMissing { code } => {
                write!(f, "it ended with exit code {code} and wrote no report")
            }
            Self::ReportOld => write!(f, "its report is older than the run"),
            Self::ReportTooLarge => write!(f, "its report is too large to be read"),
            Self::ReportUnreadable { reason } => write!(f, "its report cannot be read: {reason}"),
            Self::FailuresButSuccess {
                first,
                count: 0 | 1,
            } => {
                write!(f, "it ended with exit code 0 although `{first}` failed")
            }
            Self::FailuresButSuccess { first, count } => {
                let more = count - 1;
                write!(
                    f,
                    "it ended with exit code 0 although `{first}` and {more} more failed"
                )
            }
            Self::NothingFailed { code } => {
                write!(f, "it ended with exit code {code} although no test failed")
            }
            Self::Shadowed { path, runner } => {
                write!(f, "`{path}` takes the place of a module of `{runner}`")
            }
            Self::Unguarded { option } => {
                write!(
                    f,
                    "with `{option}` Python cannot be kept from what is installed from the work tree"
                )
            }
            Self::TreeChanged { paths } => {
                write!(
                    f,
                    "tracked files were changed while it ran: {}",
                    listed(paths)
                )
            }
            Self::Foreign { path } => {
                write!(
                    f,
                    "`{path}` was loaded, which is not in the tree under test"
                )
            }
            Self::Carry { path, reason } => {
                write!(
                    f,
                    "`{path}` of `validation.carry` could not be copied: {reason}"
                )
            }
        }
    }
}

impl Fault {
    /// Returns what to do next, where anything can be said.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::NotFound { program } if program.contains('/') => {
                return Some(format!(
                    "make `{program}`, and name the folder that git ignores in `validation.carry`"
                ));
            }
            Self::NotFound { program } => {
                return Some(format!(
                    "install `{program}`, or activate the environment that holds it: it is looked for on PATH"
                ));
            }
            Self::CannotStart { .. } => "make the file executable, and look at its first line",
            Self::InnerNotFound { .. } => {
                "look at its output for the name, and install it or correct `run`"
            }
            Self::TimedOut { .. } => {
                "find the test that hangs, or raise the check's `timeout` in .pdd.toml"
            }
            Self::Signal(9) => "was it short of memory? run the check's command by hand",
            Self::Signal(_) => "run the check's command by hand, and look at where it crashes",
            Self::NoTestRan => {
                "look whether `run` selects any test, and whether all of them are skipped"
            }
            Self::ReportMissing { .. } => {
                "look at its output; where it ends well, `run` must write the report to `{report}`"
            }
            Self::ReportOld => {
                "have `run` write the report to `{report}`, which is new in each run"
            }
            Self::ReportTooLarge => {
                "have the runner leave the output of passed tests out of the report"
            }
            Self::ReportUnreadable { .. } => {
                "look whether `report` in .pdd.toml is the form that `run` writes"
            }
            Self::FailuresButSuccess { .. } => {
                "let the failure reach the exit code: no `|| true`, and no retries, for a flaky test is none that passed"
            }
            Self::NothingFailed { .. } => "look at its output: something beside the tests failed",
            Self::Shadowed { path, .. } => {
                return Some(format!("rename `{path}`: the runner must be the real one"));
            }
            Self::Unguarded { option } => {
                return Some(format!("take `{option}` out of `run`"));
            }
            Self::TreeChanged { .. } => "have the tests write to a temporary folder",
            Self::Foreign { .. } => {
                "install the project in the environment of the check anew, not as editable"
            }
            Self::Carry { .. } => {
                "make it (install the project's dependencies), or take it out of `validation.carry`"
            }
        };
        Some(help.into())
    }
}

/// Writes paths as literals, with commas between.
fn listed(paths: &[String]) -> String {
    let literals: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    literals.join(", ")
}

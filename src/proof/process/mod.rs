//! One process of the user's: argv without a shell, a group of its own, a limit, bounded output.

use std::path::PathBuf;
use std::time::Duration;

/// How a run ended, with what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub end: End,
    /// How long it ran.
    pub elapsed: Duration,
    /// Its stdout, as far as the bound allows: some report formats stand there.
    pub stdout: Vec<u8>,
    /// Whether stdout was longer than the bound.
    pub cut: bool,
    /// The last lines of stdout and stderr together, in the order in which they came, lossily decoded.
    pub tail: String,
    /// The file that holds both, as far as the bound allows.
    pub log: PathBuf,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Exit(i32),
    /// By this signal.
    Signal(i32),
    /// By the time limit.
    TimedOut,
    /// It never began: no such program.
    NotFound,
    /// It never began: what the system said.
    CannotStart(String),
}

//! The exit codes, the same in every program (DESIGN.md, section 10).

use std::process::ExitCode;

/// How a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: passed.
    Passed,
    /// 1: there are findings.
    Findings,
    /// 2: could not decide, or bad usage.
    Undecided,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// Returns the number.
    pub fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Findings => 1,
            Self::Undecided => 2,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

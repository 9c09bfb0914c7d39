//! "Could not decide": the errors of every room in one type, and how one is printed.

use std::error::Error as _;

use crate::{commands, git, policy};

/// Why a program could not decide; exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy cannot be read.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// The repository cannot be asked.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// A command could not do its work.
    #[error(transparent)]
    Command(#[from] commands::Error),
    /// The output cannot be written.
    #[error("could not write the output")]
    Print(#[source] std::io::Error),
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Policy(error) => error.help(),
            Self::Git(error) => error.help(),
            Self::Command(error) => error.help(),
            Self::Print(_) => None,
        }
    }

    /// Writes the error, its causes one a line, and the help.
    pub fn render(&self) -> String {
        let mut text = format!("error: {self}\n");
        let mut source = self.source();
        while let Some(cause) = source {
            text.push_str(&format!("  caused by: {cause}\n"));
            source = cause.source();
        }
        if let Some(help) = self.help() {
            text.push_str(&format!("  = help: {help}\n"));
        }
        text
    }
}

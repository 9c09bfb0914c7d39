//! "Could not decide": the errors of every room in one type, and how one is printed.

mod command;
mod landing;
mod task;
mod waiver;

use std::error::Error as _;
use std::path::PathBuf;

use crate::exit::Exit;
use crate::{evidence, git, install, policy, proof, signing};

pub use command::Error as CommandError;
pub use landing::{Error as LandingError, NO_KEY};
pub use task::Error as TaskError;
pub use waiver::Error as WaiverError;

/// Why a program could not decide; exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy cannot be read.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// The repository cannot be asked.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// Local state cannot be kept.
    #[error(transparent)]
    Evidence(#[from] evidence::Error),
    /// Something cannot be signed.
    #[error(transparent)]
    Signing(#[from] signing::Error),
    /// A check cannot be run, or what came of it not kept.
    #[error(transparent)]
    Proof(#[from] proof::Error),
    /// The hook that stood there before could not be started.
    #[error("could not start the hook that stood here before, `{}`", program.display())]
    RunChained {
        /// Where it is.
        program: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file that names the folder of kept hooks could not be read.
    #[error("could not tell from `{}` which hooks stood here before", path.display())]
    ReadChain {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What git writes to the hook could not be read: nothing of it may pass unjudged.
    #[error("could not read what git wrote to the hook's stdin")]
    ReadInput(#[source] std::io::Error),
    /// The message file could not be read.
    #[error("could not read the message `{}`", path.display())]
    ReadMessage {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The message file could not be written; it is as it was.
    #[error("could not add the trailers to the message `{}`", path.display())]
    WriteMessage {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The guard file could not be written.
    #[error("could not write the guard file in `{}`", path.display())]
    WriteGuard {
        /// The folder of local state.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The moves of this server's branches could not be written down.
    #[error("could not lock `{}`", path.display())]
    LockTransitions {
        /// The file of the lock.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The hooks cannot be installed, removed or examined.
    #[error(transparent)]
    Install(#[from] install::Error),
    /// A command could not do its work.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// Nobody can speak of a landing.
    #[error(transparent)]
    Landing(#[from] LandingError),
    /// Nothing can be said of a task, or done to it.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// Nothing can be waived.
    #[error(transparent)]
    Waiver(#[from] WaiverError),
    /// No protected branch holds a policy.
    #[error("no policy is in force: no protected branch holds a `.pdd.toml`")]
    NoPolicy,
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
            Self::Evidence(error) => error.help(),
            Self::Signing(error) => error.help(),
            Self::Proof(error) => error.help(),
            Self::RunChained { .. } => Some("make it executable with a good first line, or remove it".into()),
            Self::ReadChain { .. } => Some("pdd-hooks install".into()),
            Self::ReadInput(_) => Some("repeat the git command".into()),
            Self::ReadMessage { .. } => Some("make the file readable and commit again".into()),
            Self::WriteMessage { .. }
            | Self::WriteGuard { .. }
            | Self::LockTransitions { .. } => {
                Some("make room on the disk, or the folder writable, and try again".into())
            }
            Self::Install(error) => error.help(),
            Self::Command(error) => error.help(),
            Self::Landing(error) => error.help(),
            Self::Task(error) => error.help(),
            Self::Waiver(error) => error.help(),
            Self::NoPolicy => Some(
                "pdd-hooks init writes one; it is in force once it is committed on the protected branch".into(),
            ),
            Self::Print(_) => None,
        }
    }

    /// Returns how a program ends on it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Proof(proof::Error::Interrupted) => Exit::Interrupted,
            Self::Landing(LandingError::FindWord { .. }) => Exit::Findings,
            _ => Exit::Undecided,
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

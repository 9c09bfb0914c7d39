//! What can go wrong with local state.

use std::path::PathBuf;

/// Says which file of the local state failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ledger could not be read.
    #[error("could not read the ledger `{}`", path.display())]
    ReadLedger {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line could not be added to the ledger; what stood there is as it was.
    #[error("could not add a line to the ledger `{}`", path.display())]
    AppendLedger {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The attempt could not be kept or cleared.
    #[error("could not keep `{}`", path.display())]
    KeepAttempt {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Error {
    /// Returns the next step.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::ReadLedger { .. } => "make the file readable; nothing was changed",
            Self::AppendLedger { .. } => {
                "make room on the disk, or the file writable; the next commit adds what is missing here"
            }
            Self::KeepAttempt { .. } => {
                "make room on the disk, or the folder writable, and commit again"
            }
        };
        Some(help.into())
    }
}

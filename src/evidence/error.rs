//! What can go wrong with local state and with records.

use std::path::PathBuf;

use super::envelope::LARGEST;

/// Says which file of the local state failed, or what is wrong with a record.
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
    /// A record is no DSSE envelope.
    #[error("could not read a record's envelope")]
    ReadEnvelope {
        /// Why.
        source: serde_json::Error,
    },
    /// A record is longer than any that is kept.
    #[error("a record's envelope has {size} bytes; {LARGEST} are read")]
    ReadLargeEnvelope {
        /// Its length in bytes.
        size: usize,
    },
    /// A record holds something else than a statement.
    #[error("a record holds `{found}` and no in-toto statement")]
    KnowPayload {
        /// What its envelope says that it holds.
        found: String,
    },
    /// A record's payload is no statement of a known form.
    #[error("could not read a record's statement")]
    ReadStatement {
        /// Why.
        source: serde_json::Error,
    },
    /// A record's statement is of another type or version.
    #[error("a record's statement is of the type `{found}`, which is not known here")]
    KnowStatement {
        /// Its `_type`.
        found: String,
    },
    /// A record cannot be put into JSON.
    #[error("could not write a record as JSON")]
    WriteRecord {
        /// Why.
        source: serde_json::Error,
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
            Self::KnowStatement { .. } => "a later version of pdd-hooks may know it",
            Self::ReadEnvelope { .. }
            | Self::ReadLargeEnvelope { .. }
            | Self::KnowPayload { .. }
            | Self::ReadStatement { .. }
            | Self::WriteRecord { .. } => return None,
        };
        Some(help.into())
    }
}

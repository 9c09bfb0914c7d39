//! Why a check could not be run or its outcome not be kept.

use std::path::PathBuf;

use crate::{evidence, git, signing};

/// "Could not decide", said by the proof room; what a check itself does wrong is an
/// [`outcome::Fault`](super::outcome::Fault).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The repository cannot be asked.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// A record cannot be kept.
    #[error(transparent)]
    Evidence(#[from] evidence::Error),
    /// A record cannot be signed or kept.
    #[error(transparent)]
    Signing(#[from] signing::Error),
    /// A file or folder that the slot needs could not be made, read or removed.
    #[error("could not {action} `{}` for the slot", path.display())]
    Slot {
        /// `write`, `read`, `remove`, `copy`, `lock`, `make`, `find`, `follow`.
        action: &'static str,
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A pass could not be kept or removed; nothing is half-written.
    #[error("could not keep `{}`", path.display())]
    KeepPass {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Git could not bring the slot to the tree.
    #[error("git could not bring the slot to the tree {tree}: {stderr}")]
    FillSlot {
        /// The tree.
        tree: String,
        /// What git said.
        stderr: String,
    },
    /// Neither `XDG_CACHE_HOME` nor `HOME` says where the user's cache is.
    #[error("there is no place for the slot: neither `XDG_CACHE_HOME` nor `HOME` is set")]
    NoCacheFolder,
    /// The user or the system asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Git(error) => error.help(),
            Self::Evidence(error) => error.help(),
            Self::Signing(error) => error.help(),
            Self::Slot { .. } => Some(
                "make room where slots stand, or the folder writable; XDG_CACHE_HOME names another place (default: ~/.cache)".into(),
            ),
            Self::KeepPass { .. } => {
                Some("make room on the disk, or the folder writable, and try again".into())
            }
            Self::FillSlot { .. } => Some(
                "make room where slots stand (`~/.cache/pdd-hooks`, or where XDG_CACHE_HOME points); where there is room: git fsck".into(),
            ),
            Self::NoCacheFolder => Some("set HOME or XDG_CACHE_HOME to a folder of yours".into()),
            Self::Interrupted => None,
        }
    }
}

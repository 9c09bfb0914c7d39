//! What each git hook does: load, run, print, exit code.

pub mod guard;

use std::process::ExitCode;

/// The thirteen hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Before the message; judges the tree.
    PreCommit,
    /// Opens the attempt.
    PrepareCommitMsg,
    /// Judges the message.
    CommitMsg,
    /// Closes the attempt.
    PostCommit,
    /// `PreCommit` of a merge.
    PreMergeCommit,
    /// Closes the attempt of a merge.
    PostMerge,
    /// Maps rewritten commits.
    PostRewrite,
    /// Judges the message of a mailed patch.
    ApplypatchMsg,
    /// Judges a mailed patch.
    PreApplypatch,
    /// Closes the attempt of a mailed patch.
    PostApplypatch,
    /// Guards references.
    ReferenceTransaction,
    /// Judges what leaves.
    PrePush,
    /// Judges what arrives.
    PreReceive,
}

/// Runs one hook to its exit code.
pub fn main(hook: Hook) -> ExitCode {
    let _ = hook;
    ExitCode::SUCCESS
}

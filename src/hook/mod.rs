//! What each git hook does: load, run, print, exit code. Every file here is one hook or what several share.

mod am;
mod caller;
mod chain;
mod close;
mod commit;
pub mod guard;
mod guarded;
mod judge_staged;
mod offer;
mod push;
mod receive;
mod reference;
mod replay;
mod session;

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use crate::error::Error;
use crate::exit::Exit;
use crate::finding::{Finding, Level};
use session::Session;

pub use guarded::refresh as refresh_guard;
pub use session::State;

/// The thirteen hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Before the message: judges the tree and leaves a receipt.
    PreCommit,
    /// Opens the attempt.
    PrepareCommitMsg,
    /// Judges the message.
    CommitMsg,
    /// Closes the attempt.
    PostCommit,
    /// [`Hook::PreCommit`] of a merge.
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

impl Hook {
    /// Every hook.
    pub const ALL: [Self; 13] = [
        Self::PreCommit,
        Self::PrepareCommitMsg,
        Self::CommitMsg,
        Self::PostCommit,
        Self::PreMergeCommit,
        Self::PostMerge,
        Self::PostRewrite,
        Self::ApplypatchMsg,
        Self::PreApplypatch,
        Self::PostApplypatch,
        Self::ReferenceTransaction,
        Self::PrePush,
        Self::PreReceive,
    ];

    /// Returns git's name for it (githooks(5)).
    pub fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PrepareCommitMsg => "prepare-commit-msg",
            Self::CommitMsg => "commit-msg",
            Self::PostCommit => "post-commit",
            Self::PreMergeCommit => "pre-merge-commit",
            Self::PostMerge => "post-merge",
            Self::PostRewrite => "post-rewrite",
            Self::ApplypatchMsg => "applypatch-msg",
            Self::PreApplypatch => "pre-applypatch",
            Self::PostApplypatch => "post-applypatch",
            Self::ReferenceTransaction => "reference-transaction",
            Self::PrePush => "pre-push",
            Self::PreReceive => "pre-receive",
        }
    }

    fn reads_stdin(self) -> bool {
        matches!(
            self,
            Self::PostRewrite | Self::ReferenceTransaction | Self::PrePush | Self::PreReceive
        )
    }
}

/// Runs one hook in the environment and with the arguments that git gave this process, after the hook that it chains
/// to.
pub fn main(hook: Hook) -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut input = Vec::new();
    if hook.reads_stdin() && std::io::stdin().read_to_end(&mut input).is_err() {
        input.clear();
    }
    run(hook, &args, &input, true).into()
}

/// Runs one hook to its exit, with its findings and errors on stderr; `chains` says whether a hook that stood there
/// before is run first.
pub fn run(hook: Hook, args: &[OsString], input: &[u8], chains: bool) -> ChainedExit {
    match judge(hook, args, input, chains) {
        Ok(exit) => exit,
        Err(error) => {
            print(&error.render());
            ChainedExit::Ours(Exit::Undecided)
        }
    }
}

/// How a hook ends: as this program says, or as the hook that it chains to did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainedExit {
    /// This program's verdict.
    Ours(Exit),
    /// The other hook's exit code, never 0.
    Theirs(u8),
}

impl From<ChainedExit> for ExitCode {
    fn from(exit: ChainedExit) -> Self {
        match exit {
            ChainedExit::Ours(exit) => exit.into(),
            ChainedExit::Theirs(code) => Self::from(code),
        }
    }
}

fn judge(hook: Hook, args: &[OsString], input: &[u8], chains: bool) -> Result<ChainedExit, Error> {
    let state = State::find()?;
    if chains && let Some(code) = chain::run_kept(hook, &state, args, input)? {
        return Ok(ChainedExit::Theirs(code));
    }
    if hook == Hook::ReferenceTransaction {
        return reference::run(state, args, input).map(ChainedExit::Ours);
    }
    let Some(session) = Session::open(state)? else {
        return Ok(ChainedExit::Ours(Exit::Passed));
    };
    let exit = match hook {
        Hook::PreCommit | Hook::PreMergeCommit => commit::check_tree(&session, hook),
        Hook::PrepareCommitMsg => commit::open(&session, args),
        Hook::CommitMsg => commit::check_message(&session, args),
        Hook::PostCommit => close::after_commit(&session, hook),
        Hook::PostMerge => close::after_merge(&session, args),
        Hook::PostRewrite => close::after_rewrite(&session, args, input),
        Hook::ApplypatchMsg => am::check_message(&session, args),
        Hook::PreApplypatch => am::check(&session),
        Hook::PostApplypatch => close::after_am(&session),
        Hook::PrePush => push::check(&session, args, input),
        Hook::PreReceive => receive::check(&session, input),
        Hook::ReferenceTransaction => Ok(Exit::Passed),
    };
    exit.map(ChainedExit::Ours)
}

/// Writes to stderr, where hooks say everything; a closed stderr is nobody's to complain about.
fn print(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Prints findings about one place and says whether any of them stops git.
fn report(findings: &[Finding], place: &dyn std::fmt::Display) -> bool {
    let place = place.to_string();
    for finding in findings {
        print(&finding.render(&place));
    }
    findings.iter().any(|finding| finding.level == Level::Error)
}

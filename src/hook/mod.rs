//! What each git hook does: load, run, print, exit code. Every file here is one hook or what several share.

mod am;
mod beside;
mod caller;
mod chain;
mod close;
mod commit;
mod enrol;
mod form;
pub mod guard;
mod guarded;
mod judge_staged;
mod offer;
mod publish;
mod push;
mod receipts;
mod receive;
mod receiving;
mod red;
mod reference;
mod replay;
mod reverted;
mod session;
mod store;
mod transition;
pub(crate) mod validation;
mod way_back;

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use crate::error::Error;
use crate::exit::Exit;
use crate::finding::{Finding, Level};
use session::Session;

pub use enrol::enrol;
pub use session::State;

/// The hooks that there are programs for.
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
    /// Writes down what a server let through.
    PostReceive,
}

impl Hook {
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
            Self::PostReceive => "post-receive",
        }
    }

    fn reads_stdin(self) -> bool {
        matches!(
            self,
            Self::PostRewrite
                | Self::ReferenceTransaction
                | Self::PrePush
                | Self::PreReceive
                | Self::PostReceive
        )
    }
}

/// One hook's own part: judges what git asks about, and prints its findings.
type Part = fn(State, &[OsString], &[u8]) -> Result<Exit, Error>;

/// Runs one hook in the environment and with the arguments that git gave this process, after the hook that it chains to.
/// The part is handed over, not looked up: so each program holds nothing but its own.
pub fn main(hook: Hook, part: Part) -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let run = || -> Result<ExitCode, Error> {
        let mut input = Vec::new();
        if hook.reads_stdin() {
            std::io::stdin()
                .read_to_end(&mut input)
                .map_err(Error::ReadInput)?;
        }
        let state = State::find()?;
        if let Some(code) = chain::run_kept(hook, &state, &args, &input)? {
            // The branches have moved, whatever the other hook makes of it.
            if hook == Hook::PostReceive {
                part(state, &args, &input)?;
            }
            return Ok(ExitCode::from(code));
        }
        Ok(part(state, &args, &input)?.into())
    };
    run().unwrap_or_else(|error| {
        print(&error.render());
        error.exit().into()
    })
}

/// pre-commit.
///
/// # Errors
/// Git cannot be asked, or local state not kept; so for every part below.
pub fn pre_commit(state: State, _: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| {
        commit::check_tree(session, Hook::PreCommit)
    })
}

/// prepare-commit-msg.
///
/// # Errors
/// As for [`pre_commit`].
pub fn prepare_commit_msg(state: State, args: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| commit::open(session, args))
}

/// commit-msg.
///
/// # Errors
/// As for [`pre_commit`].
pub fn commit_msg(state: State, args: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| commit::check_message(session, args))
}

/// post-commit.
///
/// # Errors
/// As for [`pre_commit`].
pub fn post_commit(state: State, _: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| {
        close::after_commit(session, Hook::PostCommit)
    })
}

/// pre-merge-commit.
///
/// # Errors
/// As for [`pre_commit`].
pub fn pre_merge_commit(state: State, _: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| {
        commit::check_tree(session, Hook::PreMergeCommit)
    })
}

/// post-merge.
///
/// # Errors
/// As for [`pre_commit`].
pub fn post_merge(state: State, args: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| close::after_merge(session, args))
}

/// post-rewrite.
///
/// # Errors
/// As for [`pre_commit`].
pub fn post_rewrite(state: State, args: &[OsString], input: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| close::after_rewrite(session, args, input))
}

/// applypatch-msg.
///
/// # Errors
/// As for [`pre_commit`].
pub fn applypatch_msg(state: State, args: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| am::check_message(session, args))
}

/// pre-applypatch.
///
/// # Errors
/// As for [`pre_commit`].
pub fn pre_applypatch(state: State, _: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, am::check)
}

/// post-applypatch.
///
/// # Errors
/// As for [`pre_commit`].
pub fn post_applypatch(state: State, _: &[OsString], _: &[u8]) -> Result<Exit, Error> {
    under_policy(state, close::after_am)
}

/// pre-push.
///
/// # Errors
/// As for [`pre_commit`].
pub fn pre_push(state: State, args: &[OsString], input: &[u8]) -> Result<Exit, Error> {
    under_policy(state, |session| push::check(session, args, input))
}

/// pre-receive.
///
/// # Errors
/// As for [`pre_commit`].
pub fn pre_receive(state: State, _: &[OsString], input: &[u8]) -> Result<Exit, Error> {
    let pdd = state.pdd.clone();
    let exit = receive::run(&state, input)?;
    if exit == Exit::Passed {
        receiving::Receiving::read(input).note(&pdd);
    }
    Ok(exit)
}

/// post-receive; it never fails: git has moved the references already.
///
/// # Errors
/// None.
pub fn post_receive(state: State, _: &[OsString], input: &[u8]) -> Result<Exit, Error> {
    if let Err(error) = transition::record(&state, input) {
        let causes: Vec<String> =
            std::iter::successors(Some(&error as &dyn std::error::Error), |error| {
                error.source()
            })
            .map(ToString::to_string)
            .collect();
        let causes = causes.join(": ").replace('\n', " ");
        print(&format!(
            "pdd-hooks: this push is not written down ({causes}); the next one makes up for it\n"
        ));
    }
    Ok(Exit::Passed)
}

/// reference-transaction, the rare part: the small program that git runs hands over what it cannot decide.
///
/// # Errors
/// As for [`pre_commit`].
pub fn reference_transaction(state: State, args: &[OsString], input: &[u8]) -> Result<Exit, Error> {
    reference::run(state, args, input)
}

/// Judges where a policy is in force; elsewhere every hook passes silently.
fn under_policy(
    state: State,
    judge: impl Fn(&Session) -> Result<Exit, Error>,
) -> Result<Exit, Error> {
    match Session::open(state)? {
        Some(session) => judge(&session),
        None => Ok(Exit::Passed),
    }
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

//! git's `prepare-commit-msg` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, prepare_commit_msg};

fn main() -> ExitCode {
    run(Hook::PrepareCommitMsg, prepare_commit_msg)
}

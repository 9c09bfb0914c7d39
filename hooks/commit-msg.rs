//! git's `commit-msg` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, commit_msg, main as run};

fn main() -> ExitCode {
    run(Hook::CommitMsg, commit_msg)
}

//! git's `pre-commit` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, pre_commit};

fn main() -> ExitCode {
    run(Hook::PreCommit, pre_commit)
}

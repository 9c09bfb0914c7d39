//! git's `post-commit` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, post_commit};

fn main() -> ExitCode {
    run(Hook::PostCommit, post_commit)
}

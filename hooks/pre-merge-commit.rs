//! git's `pre-merge-commit` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, pre_merge_commit};

fn main() -> ExitCode {
    run(Hook::PreMergeCommit, pre_merge_commit)
}

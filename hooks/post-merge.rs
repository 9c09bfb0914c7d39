//! git's `post-merge` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, post_merge};

fn main() -> ExitCode {
    run(Hook::PostMerge, post_merge)
}

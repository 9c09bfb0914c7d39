//! git's `pre-push` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, pre_push};

fn main() -> ExitCode {
    run(Hook::PrePush, pre_push)
}

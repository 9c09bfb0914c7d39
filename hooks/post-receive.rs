//! git's `post-receive` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, post_receive};

fn main() -> ExitCode {
    run(Hook::PostReceive, post_receive)
}

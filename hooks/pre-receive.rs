//! git's `pre-receive` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, pre_receive};

fn main() -> ExitCode {
    run(Hook::PreReceive, pre_receive)
}

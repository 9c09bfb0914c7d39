//! git's `applypatch-msg` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, applypatch_msg, main as run};

fn main() -> ExitCode {
    run(Hook::ApplypatchMsg, applypatch_msg)
}

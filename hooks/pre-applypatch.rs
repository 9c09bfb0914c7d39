//! git's `pre-applypatch` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, pre_applypatch};

fn main() -> ExitCode {
    run(Hook::PreApplypatch, pre_applypatch)
}

//! git's `post-applypatch` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, post_applypatch};

fn main() -> ExitCode {
    run(Hook::PostApplypatch, post_applypatch)
}

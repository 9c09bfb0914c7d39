//! git's `pre-commit` hook.

use std::process::ExitCode;

fn main() -> ExitCode {
    pdd_hooks::hook::main(pdd_hooks::hook::Hook::PreCommit)
}

//! git's `commit-msg` hook.

use std::process::ExitCode;

fn main() -> ExitCode {
    pdd_hooks::hook::main(pdd_hooks::hook::Hook::CommitMsg)
}

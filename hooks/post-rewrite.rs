//! git's `post-rewrite` hook.

use std::process::ExitCode;

use pdd_hooks::hook::{Hook, main as run, post_rewrite};

fn main() -> ExitCode {
    run(Hook::PostRewrite, post_rewrite)
}

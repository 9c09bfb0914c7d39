//! The other hooks beside the one that runs: which of them cannot have run, and why. Asked only for what went round one.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::Hook;
use crate::audit::how;
use crate::git::Repository;
use crate::install::{is_as_installed, is_turned_off};

/// Says how a hook was gone round that stands, or does not stand, beside this program; none where it is in its place.
pub(super) fn how_round(repository: &Repository, hook: Hook) -> Option<&'static str> {
    if is_turned_off(repository, hook.name()) {
        return Some(how::HOOKS_OFF);
    }
    let program = std::env::current_exe().ok()?;
    let path = program.with_file_name(hook.name());
    // Installed by configuration, or run from a build: hooks stand elsewhere then.
    if program.file_name()? == path.file_name()? || !is_named_as_a_hook(&program) {
        return None;
    }
    let Ok(facts) = std::fs::metadata(&path) else {
        return Some(how::HOOK_MISSING);
    };
    if facts.permissions().mode() & 0o111 == 0 {
        return Some(how::HOOK_MISSING);
    }
    match is_as_installed(repository.common_folder(), &path) {
        Some(false) => Some(how::HOOK_REPLACED),
        Some(true) | None => None,
    }
}

fn is_named_as_a_hook(program: &Path) -> bool {
    let name = program.file_name().and_then(std::ffi::OsStr::to_str);
    name.is_some_and(|name| crate::install::HOOKS.contains(&name))
}

//! Hooks from git's configuration (`hook.<name>.command` and `.event`, git 2.54 and later): they run under
//! `core.hooksPath=/dev/null` too, and leave every hook file alone.

use std::path::Path;

use super::config::Edit;
use super::manifest::{Manifest, Mode};
use super::{Error, HOOKS};
use crate::git::command::Git;

/// The first git that reads them.
const FIRST: (u32, u32) = (2, 54);

/// Refuses a git that would read past our configuration in silence.
pub(super) fn demand(git: &Git) -> Result<(), Error> {
    let text = git.line(&["--version"])?;
    let version = version(&text);
    if version.is_some_and(|version| version >= FIRST) {
        return Ok(());
    }
    let found = text.trim_start_matches("git version ").to_owned();
    Err(Error::UseConfigHooks {
        found: format!("git {found}"),
    })
}

/// Refuses an install beside one of the other kind: each hook would run twice.
pub(super) fn refuse_twice(old: Option<&Manifest>, by_configuration: bool) -> Result<(), Error> {
    match old {
        Some(old) if (old.mode == Mode::Config) != by_configuration => Err(Error::InstallTwice {
            mode: old.mode.words().into(),
        }),
        _ => Ok(()),
    }
}

/// Refuses an install beside configuration of ours that no manifest of this repository knows: a global one.
pub(super) fn refuse_foreign(git: &Git) -> Result<(), Error> {
    let args = [
        "config",
        "--show-scope",
        "--name-only",
        "--get-regexp",
        r"^hook\.pdd-.*\.command$",
    ];
    let text = git.find(&args)?.unwrap_or_default();
    let scope = text
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|scope| *scope != "local" && *scope != "worktree");
    match scope {
        Some(scope) => Err(Error::InstallBesideShared {
            scope: scope.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Returns what names the programs in a folder: each command before its event, since git dies on an event without one.
pub(super) fn edits(hooks: &Path) -> Vec<Edit> {
    HOOKS
        .iter()
        .flat_map(|name| {
            let command = quoted(&hooks.join(name).to_string_lossy());
            [
                Edit::Set {
                    key: format!("hook.pdd-{name}.command"),
                    value: command,
                },
                Edit::Set {
                    key: format!("hook.pdd-{name}.event"),
                    value: (*name).into(),
                },
            ]
        })
        .collect()
}

/// Quotes a path for the shell; a plain one stays plain, since git then starts it without a shell.
fn quoted(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+,:@".contains(&byte);
    if path.bytes().all(is_plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

/// Reads major and minor number from `git version 2.54.0`.
pub(super) fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split_whitespace().nth(2)?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_every_maker_are_read() {
        assert_eq!(version("git version 2.39.5"), Some((2, 39)));
        assert_eq!(version("git version 2.55.GIT"), Some((2, 55)));
        assert_eq!(version("git version 2.50.1 (Apple Git-155)"), Some((2, 50)));
        assert_eq!(version("git version"), None);
    }

    #[test]
    fn a_path_with_a_quote_stays_one_word() {
        assert_eq!(quoted("/a b/it's"), r"'/a b/it'\''s'");
    }
}

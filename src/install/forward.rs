//! Hooks that we have no program for. Where git is pointed away from a folder, those in it would end in silence: each gets
//! a script in our folder that hands over to it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::{HOOKS, files};

/// git's hooks beside those of a clone (githooks(5)); `fsmonitor-watchman` is named by path and needs no folder.
const OTHERS: [&str; 14] = [
    "pre-rebase",
    "post-checkout",
    "pre-auto-gc",
    "post-index-change",
    "push-to-checkout",
    "proc-receive",
    "update",
    "post-receive",
    "post-update",
    "sendemail-validate",
    "p4-changelist",
    "p4-prepare-changelist",
    "p4-post-changelist",
    "p4-pre-submit",
];

/// A script that hands over to one hook.
#[derive(Clone, Debug)]
pub(super) struct Forward {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
    pub(super) sha256: String,
}

/// Writes the scripts for the hooks that are in `folder` and can run; git resolves `chain`, its name, from the place
/// where it runs hooks. `ours` names the hooks that we have programs for.
pub(super) fn scripts(hooks: &Path, folder: &Path, chain: &Path, ours: &[&str]) -> Vec<Forward> {
    OTHERS
        .iter()
        .chain(&HOOKS)
        .filter(|name| !ours.contains(name))
        .filter(|name| files::is_runnable(&folder.join(name)))
        .map(|name| {
            let bytes = script(&chain.join(name));
            Forward {
                path: hooks.join(name),
                sha256: files::sha256(&bytes),
                bytes,
            }
        })
        .collect()
}

fn script(target: &Path) -> Vec<u8> {
    let mut text = b"#!/bin/sh\n# Written by pdd-hooks: runs the hook of the folder that was in effect before.\nhook=".to_vec();
    text.extend_from_slice(&quoted(target.as_os_str()));
    text.extend_from_slice(b"\n[ -x \"$hook\" ] || exit 0\nexec \"$hook\" \"$@\"\n");
    text
}

/// Quotes a word for the shell.
fn quoted(word: &OsStr) -> Vec<u8> {
    let mut text = vec![b'\''];
    for byte in word.as_bytes() {
        match byte {
            b'\'' => text.extend_from_slice(br"'\''"),
            byte => text.push(*byte),
        }
    }
    text.push(b'\'');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_the_path_stays_in_the_word() {
        assert_eq!(quoted(OsStr::new("it's")), br"'it'\''s'");
    }
}

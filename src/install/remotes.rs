//! The refspec by which `git fetch` brings a remote's records, beside those that are here. It is a glob, since a refspec
//! that names one reference fails where the remote has none.

use std::path::Path;

use super::Error;
use super::config::Edit;
use crate::git::RECORDS;
use crate::git::command::Git;

/// Lists what is lacking in a configuration file: a refspec for each remote that fetches branches.
pub(super) fn edits(git: &Git, file: &Path) -> Result<Vec<Edit>, Error> {
    let mut edits = Vec::new();
    for (remote, specs) in remotes(git, file)? {
        // A mirror fetches every reference as it stands, and prunes what it did not fetch.
        let is_mirror = specs
            .iter()
            .any(|spec| spec.trim_start_matches('+').starts_with("refs/*:"));
        if !is_mirror && !specs.is_empty() && !specs.iter().any(|spec| is_ours(spec)) {
            edits.push(Edit::Add {
                key: format!("remote.{remote}.fetch"),
                value: format!("+{RECORDS}*:refs/pdd/remotes/{remote}/evidence*"),
            });
        }
    }
    Ok(edits)
}

/// Says whether a value of the configuration is such a refspec.
pub(super) fn is_ours(value: &str) -> bool {
    value.starts_with(&format!("+{RECORDS}*:"))
}

/// Finds the key that holds a refspec of ours now: `git remote rename` moves it, `git remote remove` takes it away.
pub(super) fn key_of(git: &Git, file: &Path, value: &str) -> Result<Option<String>, Error> {
    let found = remotes(git, file)?.into_iter();
    let mut holding = found.filter(|(_, specs)| specs.iter().any(|spec| spec == value));
    Ok(holding
        .next()
        .map(|(remote, _)| format!("remote.{remote}.fetch")))
}

/// Lists the remotes of a configuration file with what they fetch, in the order in which they stand there.
fn remotes(git: &Git, file: &Path) -> Result<Vec<(String, Vec<String>)>, Error> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let args = [
        "config".as_ref(),
        "--file".as_ref(),
        file.as_os_str(),
        "-z".as_ref(),
        "--get-regexp".as_ref(),
        r"^remote\..*\.(url|pushurl|fetch)$".as_ref(),
    ];
    let text = git.find(&args)?.unwrap_or_default();
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.split_terminator('\0') {
        let (key, value) = line.split_once('\n').unwrap_or((line, ""));
        let Some((remote, name)) = key
            .strip_prefix("remote.")
            .and_then(|rest| rest.rsplit_once('.'))
        else {
            continue;
        };
        let place = match found.iter().position(|(known, _)| known == remote) {
            Some(place) => place,
            None => {
                found.push((remote.to_owned(), Vec::new()));
                found.len() - 1
            }
        };
        if name == "fetch" {
            found[place].1.push(value.to_owned());
        }
    }
    Ok(found)
}

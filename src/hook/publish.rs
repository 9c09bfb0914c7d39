//! The end of pre-push: the records go to the remote before the branch that they prove does. Nothing here stops the push:
//! what cannot be published is one line, and the command that does it later.

use std::ffi::OsString;

use super::caller::Args;
use super::push::Books;
use super::session::Session;
use super::{print, receipts};
use crate::error::Error;
use crate::finding::printable;
use crate::git::{GUARD, Pushed, RECORDS};

/// Publishes the records, where this push is one that may bring them.
pub(super) fn publish(
    session: &Session,
    books: &Books<'_>,
    remote: &str,
    address: Option<&OsString>,
    input: &[u8],
) {
    if !session.force.policy.evidence.publish || std::env::var_os(GUARD).is_some() {
        return;
    }
    // Nothing is pushed; or the records are pushed by this very push, as of a mirror, and could move under its feet.
    if input.is_empty() || brings_records(input) || is_dry(session) {
        return;
    }
    let address = address.map(|address| address.to_string_lossy());
    let reason = match push(session, books, remote, address.as_deref()) {
        Ok(Pushed::Nothing | Pushed::Done(_)) => return,
        Ok(Pushed::Refused(reason)) => reason,
        Err(error) => error.to_string(),
    };
    print(&format!(
        "pdd-hooks: the evidence was not published ({}): pdd-hooks evidence push {}\n",
        printable(&reason),
        printable(remote)
    ));
}

fn push(
    session: &Session,
    books: &Books<'_>,
    remote: &str,
    address: Option<&str>,
) -> Result<Pushed, Error> {
    receipts::add(session, books)?;
    let to = session.repository.destination(remote, address)?;
    Ok(session.repository.push_records(&to)?)
}

/// Whether a line of the hook's input names the store's reference at the remote.
fn brings_records(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    text.lines()
        .any(|line| line.rsplit(' ').nth(1) == Some(RECORDS))
}

/// Whether the push only shows what it would do, as far as its arguments can be seen.
pub(super) fn is_dry(session: &Session) -> bool {
    session.caller.args.as_ref().is_some_and(asks_for_show)
}

fn asks_for_show(args: &Args) -> bool {
    if args.command != "push" {
        return false;
    }
    let mut dry = false;
    let mut rest = args.rest.iter().map(String::as_str);
    while let Some(arg) = rest.next() {
        if arg == "--" {
            break;
        } else if matches!(
            arg,
            "--push-option" | "--repo" | "--receive-pack" | "--exec"
        ) {
            rest.next();
        } else if arg.starts_with("--") {
            // git takes a long option shortened as long as it is unique.
            if arg.len() >= 4 && "--dry-run".starts_with(arg) {
                dry = true;
            } else if arg.len() >= 6 && "--no-dry-run".starts_with(arg) {
                dry = false;
            }
        } else if let Some(letters) = arg.strip_prefix('-') {
            for (at, letter) in letters.char_indices() {
                if letter == 'n' {
                    dry = true;
                } else if letter == 'o' {
                    if at + 1 == letters.len() {
                        rest.next();
                    }
                    break;
                }
            }
        }
    }
    dry
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_dry(line: &str) -> bool {
        let argv: Vec<String> = line.split(' ').map(str::to_owned).collect();
        asks_for_show(&Args::parse(&argv).unwrap())
    }

    #[test]
    fn a_dry_run_is_known_however_it_is_written() {
        for line in [
            "git push -n",
            "git push -un origin",
            "git -C x push origin main --dry-run",
            "git push --dr origin",
            "git push --no-dry-run -n",
        ] {
            assert!(is_dry(line), "{line}");
        }
    }

    #[test]
    fn what_is_no_dry_run_is_not_taken_for_one() {
        for line in [
            "git push",
            "git push -o n origin",
            "git push -on origin",
            "git push --repo -n",
            "git push -n --no-dry-run",
            "git push --delete origin x",
            "git push -- -n",
        ] {
            assert!(!is_dry(line), "{line}");
        }
    }

    #[test]
    fn a_push_that_names_the_store_is_told_from_others() {
        let line = |name: &str| format!("HEAD@{{1 hour ago}} a {name} b\n");
        assert!(brings_records(line("refs/pdd/evidence").as_bytes()));
        assert!(!brings_records(line("refs/heads/main").as_bytes()));
    }
}

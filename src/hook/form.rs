//! How git will clean the message of the commit that it is making (git-commit(1), `--cleanup`), and the command that
//! takes a refused message up again.

use std::path::Path;

use super::caller::Args;
use super::session::Session;
use crate::change::Role;
use crate::error::Error;
use crate::git::Repository;
use crate::message::{self, Cleanup};

/// What git will make of the message file.
pub(super) struct Form {
    /// The mode.
    pub(super) cleanup: Cleanup,
    /// What begins a comment line.
    pub(super) comment: Vec<u8>,
    /// Whether git cuts at the scissors in every mode.
    cuts: bool,
}

impl Form {
    /// Finds the form for the message file as it stands.
    pub(super) fn find(session: &Session, written: &[u8]) -> Result<Self, Error> {
        let repository = &session.repository;
        let args = session.caller.args.as_ref();
        let edited = is_edited(session);
        let mode = match args.and_then(|args| args.value("--cleanup", "--cl")) {
            Some(mode) => Some(mode),
            None => repository.effective_config("commit.cleanup")?,
        };
        let cleanup = match (mode.as_deref(), edited) {
            (Some("verbatim"), _) => Cleanup::Verbatim,
            (Some("whitespace"), _) => Cleanup::Whitespace,
            (Some("strip"), _) => Cleanup::Strip,
            (Some("scissors"), true) => Cleanup::Scissors,
            (Some("scissors"), false) => Cleanup::Whitespace,
            (_, true) => Cleanup::Strip,
            (_, false) => Cleanup::Whitespace,
        };
        let comment = match comment_string(repository)?.as_deref() {
            Some("auto") if edited => message::comment_auto(written),
            Some("auto") => message::comment_unused(written),
            Some(text) if !text.is_empty() => text.as_bytes().to_vec(),
            _ => b"#".to_vec(),
        };
        let cuts = match args {
            Some(args) if args.command != "commit" => false,
            Some(args) => match args.is_verbose() {
                Some(given) => given,
                None => repository
                    .effective_config("commit.verbose")?
                    .is_some_and(|value| is_on(&value)),
            },
            None => edited,
        };
        Ok(Self {
            cleanup,
            comment,
            cuts,
        })
    }

    /// Returns what git will commit of a message file.
    pub(super) fn clean(&self, written: &[u8]) -> Vec<u8> {
        message::clean(written, self.cleanup, &self.comment, self.cuts)
    }

    /// Returns the message file with trailers in the part that git commits.
    pub(super) fn with_trailers(&self, written: &[u8], trailers: &[(&str, &str)]) -> Vec<u8> {
        message::with_trailers(written, self.cleanup, &self.comment, self.cuts, trailers)
    }
}

/// Says whether git opens an editor on the message. It tells its hooks by `GIT_EDITOR=:` that it does not; but the
/// user may have set just that, to take a message as it is offered.
pub(super) fn is_edited(session: &Session) -> bool {
    if std::env::var_os("GIT_EDITOR").is_none_or(|editor| editor != ":") {
        return true;
    }
    let args = session.caller.args.as_ref();
    args.is_some_and(|args| args.command == "commit" && args.opens_editor())
}

/// Returns the command that commits the refused message of `file` after an edit.
pub(super) fn way_back(session: &Session, file: &Path) -> String {
    if file.ends_with("MERGE_MSG") && is_on_protected(session) {
        // Git goes on to say that `git commit` completes the merge.
        return "  = `git commit` completes this merge once nothing is found; `git merge --abort` undoes it\n".into();
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let args = session.caller.args.as_ref();
    let (options, paths) = args
        .filter(|args| args.command == "commit")
        .map(Args::again)
        .unwrap_or_default();
    format!(
        "keep the message: git commit{options} -e -F \"$(git rev-parse --git-path {name})\"{paths}\n"
    )
}

fn is_on_protected(session: &Session) -> bool {
    let branch = session.repository.head().ok().and_then(|head| head.branch);
    branch.is_some_and(|name| session.force.policy.role(&name, &[]) == Role::Protected)
}

/// The value that git takes of `core.commentString` and `core.commentChar`: the last of either; before 2.45 git knew
/// the latter alone.
fn comment_string(repository: &Repository) -> Result<Option<String>, Error> {
    let string = repository.effective_config("core.commentString")?;
    if string.is_none() || !knows_comment_string(repository)? {
        return repository
            .effective_config("core.commentChar")
            .map_err(Error::from);
    }
    let both =
        repository
            .git()
            .find(&["config", "--get-regexp", "^core\\.comment(char|string)$"])?;
    let last = both.as_deref().and_then(|text| text.lines().last());
    Ok(last
        .and_then(|line| line.split_once(' '))
        .map(|(_, value)| value.to_owned())
        .or(string))
}

fn knows_comment_string(repository: &Repository) -> Result<bool, Error> {
    let text = repository.git().line(&["version"])?;
    let mut numbers = text
        .split_whitespace()
        .nth(2)
        .unwrap_or_default()
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    Ok((numbers.next(), numbers.next()) >= (Some(2), Some(45)))
}

/// A boolean or a number, as `commit.verbose` takes it.
fn is_on(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    !matches!(value.as_str(), "false" | "no" | "off" | "0" | "")
}

impl Args {
    /// Says whether `-v`, `--verbose` or its opposite is given; the last one counts.
    fn is_verbose(&self) -> Option<bool> {
        let long = self.longs().rev().find_map(|arg| match arg {
            "--no-verbose" => Some(false),
            _ => (arg.len() >= 6 && "--verbose".starts_with(arg)).then_some(true),
        });
        long.or_else(|| self.letters().contains(&'v').then_some(true))
    }

    /// Says whether `git commit` with these arguments opens an editor, as its `parse_and_validate_options` decides.
    fn opens_editor(&self) -> bool {
        let letters = self.letters();
        let (mut given, mut by_flag) = (letters.iter().any(|l| "mFC".contains(*l)), None);
        for arg in self.longs() {
            match arg.split('=').next().unwrap_or(arg) {
                "--edit" => by_flag = Some(true),
                "--no-edit" => by_flag = Some(false),
                "--message" | "--file" | "--reuse-message" | "--fixup" => given = true,
                _ => {}
            }
        }
        by_flag.unwrap_or(letters.contains(&'e') || !given)
    }

    /// Returns the options that say what is committed, and the paths behind `--`, each with a blank before it.
    fn again(&self) -> (String, String) {
        let letters = self.letters();
        let mut options = String::new();
        for (long, shortest, letter) in [
            ("--amend", "--am", None),
            ("--all", "--al", Some('a')),
            ("--allow-empty", "--allow-empty", None),
            ("--include", "--inc", Some('i')),
            ("--only", "--on", Some('o')),
            ("--verbose", "--verb", Some('v')),
        ] {
            let is_long = self
                .longs()
                .any(|arg| long.starts_with(arg) && arg.starts_with(shortest));
            if is_long || letter.is_some_and(|letter| letters.contains(&letter)) {
                options.push(' ');
                options.push_str(long);
            }
        }
        let paths: String = self
            .rest
            .iter()
            .skip_while(|&arg| arg != "--")
            .map(|arg| format!(" {}", quoted(arg)))
            .collect();
        (options, paths)
    }
}

/// Quotes an argument for a shell, where it needs it.
pub(super) fn quoted(arg: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./+=:@,".contains(c);
    if !arg.is_empty() && arg.chars().all(is_plain) {
        return arg.to_owned();
    }
    format!("'{}'", arg.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        let argv: Vec<String> = line.split(' ').map(String::from).collect();
        Args::parse(&argv).unwrap()
    }

    #[test]
    fn an_editor_is_told_from_a_given_message() {
        for (line, opens) in [
            ("commit", true),
            ("commit --amend", true),
            ("commit -c HEAD", true),
            ("commit -am x", false),
            ("commit --no-edit", false),
            ("commit --amend -C HEAD", false),
            ("commit -F x -e", true),
            ("commit --message=x --edit", true),
            ("commit -m -e", false),
        ] {
            assert_eq!(args(&format!("git {line}")).opens_editor(), opens, "{line}");
        }
    }

    #[test]
    fn what_is_committed_is_said_again() {
        for (line, again) in [
            ("commit -m x", (" ", "")),
            ("commit -avm x", (" --all --verbose ", "")),
            ("commit --ame -m -a", (" --amend ", "")),
            (
                "commit --allow-empty -i -- a.txt it's",
                (" --allow-empty --include ", " -- a.txt 'it'\\''s'"),
            ),
        ] {
            let (options, paths) = args(&format!("git {line}")).again();
            assert_eq!(
                (format!("{options} ").as_str(), paths.as_str()),
                again,
                "{line}"
            );
        }
    }

    #[test]
    fn the_last_word_on_verbose_counts() {
        for (line, verbose) in [
            ("commit", None),
            ("commit -v", Some(true)),
            ("commit --verbose --no-verbose", Some(false)),
            ("commit -m -v", None),
        ] {
            assert_eq!(args(&format!("git {line}")).is_verbose(), verbose, "{line}");
        }
    }
}

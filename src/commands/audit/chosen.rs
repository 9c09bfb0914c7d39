//! The options that choose which commits an audit reports.

use regex::Regex;

use crate::audit::scan::Choice;
use crate::error::{CommandError, Error};
use crate::git::Repository;

/// What was asked for; how a commit is judged does not depend on it.
#[derive(Debug, clap::Args)]
pub(super) struct Chosen {
    /// Report only commits that were committed since then, as `git log` takes it
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Report only commits of these authors: a regular expression on `Name <address>`, by the mailmap; several times
    /// for any of them
    #[arg(long, value_name = "REGEX")]
    author: Vec<String>,
    /// Report only commits that change these paths, as `git log -- <pathspec>` takes it; merges by what they change
    /// beyond the automatic merge
    #[arg(long, value_name = "GLOB")]
    path: Vec<String>,
}

impl Chosen {
    /// Makes sense of it.
    ///
    /// # Errors
    /// A date, an expression or a pathspec is malformed.
    pub(super) fn read(&self, repository: &Repository) -> Result<Choice, Error> {
        let authors = self.author.iter().map(|pattern| {
            Regex::new(pattern).map_err(|error| CommandError::ReadAuthor {
                pattern: pattern.clone(),
                fault: last_line(&error.to_string()),
            })
        });
        let since = self.since.as_deref();
        Ok(Choice {
            since: since.map(|date| read_date(repository, date)).transpose()?,
            authors: authors.collect::<Result<_, _>>()?,
            paths: match self.path.is_empty() {
                true => None,
                false => Some(repository.pathspec(&self.path)?),
            },
        })
    }

    /// Adds it to the words for a range.
    pub(super) fn words(&self, range: &str) -> String {
        let mut words = range.to_owned();
        let since = self.since.iter().map(|it| ("since", it));
        let authors = self.author.iter().map(|it| ("author", it));
        let paths = self.path.iter().map(|it| ("path", it));
        for (name, value) in since.chain(authors).chain(paths) {
            words.push_str(&format!(" --{name}={value}"));
        }
        words
    }
}

/// Leaves out of what the regex crate says where in the pattern the fault is: it draws that on lines of its own.
fn last_line(text: &str) -> String {
    let line = text.lines().next_back().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

/// Lets git read a date: seconds since 1970.
fn read_date(repository: &Repository, date: &str) -> Result<i64, Error> {
    let unknown = || CommandError::ReadDate {
        date: date.to_owned(),
    };
    // What git's log does not understand it takes for now; its configuration refuses that.
    let given = format!("pdd.since={date}");
    let args = [
        "-c",
        &given,
        "config",
        "--type=expiry-date",
        "--get",
        "pdd.since",
    ];
    let (code, _, _) = repository.git().run(&args, &[])?;
    if code != Some(0) {
        return Err(unknown().into());
    }
    let age = repository
        .git()
        .line(&["rev-parse", &format!("--since={date}")])?;
    let seconds = age.strip_prefix("--max-age=");
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    Ok(seconds.ok_or_else(unknown)?)
}

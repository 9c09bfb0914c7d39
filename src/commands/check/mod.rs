//! `pdd-hooks check`: the verdict of the hooks, for the index, a message or a range; the gate in CI.

mod landing;
mod staged;

use std::io::Write;
use std::path::PathBuf;

use super::Format;
use super::range::{self, Range};
use crate::audit::history::{self, Request};
use crate::audit::recompute::Recompute;
use crate::audit::report::Report;
use crate::error::Error;
use crate::evidence::ledger;
use crate::exit::Exit;
use crate::finding::printable;
use crate::git::{InForce, Oid, Repository};
use crate::rules;

use landing::Line;
pub(in crate::commands) use staged::waivers;

/// Without a range the staged change is judged as the next commit. Exits with 1 where a rule refuses. In CI:
/// `pdd-hooks check --into main origin/main..HEAD`, on a clone with all of history
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The commits: a range as `git log` takes it, or one commit
    range: Option<String>,
    /// Judge what the index would commit
    #[arg(long, conflicts_with = "range")]
    staged: bool,
    /// Judge the staged change with the message in this file
    #[arg(long, value_name = "FILE", conflicts_with = "range")]
    message: Option<PathBuf>,
    /// Judge the range as a landing on this branch, by the branch's policy, as its server would
    #[arg(long, value_name = "BRANCH")]
    into: Option<String>,
    /// Believe no record: run the checks and the red proofs of each commit of the range again, and judge by that
    #[arg(long, requires = "range", conflicts_with_all = ["staged", "message"])]
    recompute: bool,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// A report, and those of its notes that are for people too.
struct Judged {
    report: Report,
    said: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// There is no policy, the range names nothing, an object is missing, or history is cut where it is needed.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    let force = range::policy(&repository, args.into.as_deref())?;
    let Judged { mut report, said } = match &args.range {
        Some(range) => judge_range(&repository, &force, range, args)?,
        None => Judged {
            report: staged::judge(&repository, &force, args.message.as_deref())?,
            said: Vec::new(),
        },
    };
    report.tail.notes.extend(said.iter().cloned());
    match args.format {
        Format::Text => {
            let notes = said
                .iter()
                .map(|note| format!("note: {}\n", printable(note)));
            let notes: String = notes.collect();
            super::print(out, &(notes + &report.findings_text()))?;
        }
        Format::Json => super::print_json(out, &report)?,
    }
    Ok(if report.has_errors() {
        Exit::Findings
    } else {
        Exit::Passed
    })
}

fn judge_range(
    repository: &Repository,
    force: &InForce,
    range: &str,
    args: &Args,
) -> Result<Judged, Error> {
    let mut commits = listed(repository, range)?;
    let ledger = ledger::read(&repository.pdd_folder())?;
    let mut said = Vec::new();
    if commits.is_empty() && args.into.is_some() {
        commits = unlanded(repository, force, range)?;
    }
    if commits.is_empty() {
        said.push(format!(
            "`{range}` holds no commit: there is nothing to judge"
        ));
    }
    let recompute = match args.recompute {
        true => Some(Recompute::new(repository)?),
        false => None,
    };
    let line = match (&args.into, commits.last()) {
        (Some(_), Some(&to)) => Some(Line::of(repository, force, range, &commits, to)?),
        _ => None,
    };
    let arrival = match &line {
        Some(line) => {
            commits = line.whole(&commits);
            Some(line.arrival(repository, force, &ledger, recompute.as_ref(), &commits)?)
        }
        None => None,
    };
    let request = Request {
        commits,
        range: Some(range.into()),
        force,
        basis: arrival.as_ref().map(|arrival| &arrival.basis),
        recompute: recompute.as_ref(),
        waivers: None,
    };
    let mut report = history::judge(repository, request)?;
    if let (Some(arrival), Some(line)) = (&arrival, &line) {
        let policy = &arrival.basis.policy;
        let findings = arrival.findings(policy);
        report.add(&line.to.to_string(), &findings);
        said.extend(rules::landing_words(&arrival.landing));
        said.extend(landing::nothing_recorded(repository, policy)?);
    }
    said.extend(recompute.map(|recompute| recompute.words()));
    Ok(Judged { report, said })
}

/// What the end of an empty range brings to the branch all the same: a tag of a remote's branch's name can make any range
/// empty (gitrevisions(7)).
fn unlanded(repository: &Repository, force: &InForce, range: &str) -> Result<Vec<Oid>, Error> {
    let end = range.rsplit_once("..").map_or(range, |(_, end)| end);
    let end = repository.resolve(if end.is_empty() { "HEAD" } else { end })?;
    Ok(repository.commits_between(&[end], &[force.tip])?)
}

/// The commits that were asked for, parents before children.
fn listed(repository: &Repository, range: &str) -> Result<Vec<Oid>, Error> {
    let is_range = range.contains("..") || range.starts_with('^');
    if !is_range && let Ok(one) = repository.resolve(range) {
        return Ok(vec![one]);
    }
    range::commits(repository, &Range::Given(range), None)
}

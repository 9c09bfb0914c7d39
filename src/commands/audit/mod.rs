//! `pdd-hooks audit`: who went round the hooks, when and how.

mod chosen;
mod output;
mod watched;

use std::io::{BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;

use self::chosen::Chosen;
use self::output::{Output, Patient};
use self::watched::{Watched, reasons};
use super::range::{self, Range};
use crate::audit::format::{Format, Options};
use crate::audit::report::Sink;
use crate::audit::scan::{self, Request};
use crate::error::{CommandError, Error};
use crate::exit::Exit;
use crate::git::Repository;
use crate::install;
use crate::policy::Policy;

/// Every commit gets one class (enforced, bypassed, replayed, merge, squashed, foreign, repaired, waived, adoption,
/// pre-adoption) and its findings; docs/audit-forms.md describes the forms.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The commits, as `git log` takes them; without it `HEAD` since the adoption
    range: Option<String>,
    /// All branches, remote-tracking branches and worktrees instead of `HEAD`
    #[arg(long, conflicts_with = "range")]
    all: bool,
    #[command(flatten)]
    chosen: Chosen,
    /// The branch whose policy is in force, where it is not found by itself
    #[arg(long, value_name = "BRANCH")]
    into: Option<String>,
    /// Judge everything by this policy, as if it had been in force
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Exit with 1 on these: classes, levels of findings; separated by commas. A moved reference counts as bypassed
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = PossibleValuesParser::new(reasons()))]
    fail_on: Vec<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
    /// Write to this file; it appears once it is whole
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Judge every commit anew: take nothing from what earlier audits kept in `.git/pdd/audit`, and keep nothing
    #[arg(long)]
    no_cache: bool,
    /// How many commits the forms for people show, worst first; 0 for all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Runs the command.
///
/// # Errors
/// There is no policy, the range names nothing, or an object is missing.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let file = args.output.as_deref().map(Output::open).transpose()?;
    let mut repository = Repository::open()?;
    let assumed = args.policy.as_deref().map(read_policy).transpose()?;
    let force = match (range::policy(&repository, args.into.as_deref()), &assumed) {
        (Ok(force), _) => force,
        (Err(_), Some(policy)) => range::assumed(&repository, policy)?,
        (Err(error), None) => return Err(error),
    };
    let asked = match (&args.range, args.all) {
        (Some(range), _) => Range::Given(range),
        (None, true) => Range::AllBranches,
        (None, false) => Range::Head,
    };
    let ends = range::ends(&repository, &asked)?;
    let request = Request {
        tips: ends.tips,
        without: ends.without,
        with_past: assumed.is_some() || args.range.is_some(),
        range: Some(args.chosen.words(asked.words())),
        force: &force,
        assumed: assumed.as_ref(),
        notes: install::present(&repository),
        is_stranger: assumed.is_some() && !install::was_installed(&repository),
        choice: args.chosen.read(&repository)?,
        keeps: !args.no_cache,
        // A bar on the terminal that the report is being written to would stand in it.
        shows_progress: args.output.is_some()
            || !args.format.is_written_along()
            || !std::io::stdout().is_terminal(),
    };
    let options = Options {
        limit: args.limit,
        home: repository.config_values("remote.origin.url")?.pop(),
    };
    let judge = |sink: &mut dyn Sink| scan::scan(&mut repository, &request, sink);
    let fails = match file {
        Some(mut file) => {
            let fails = watch(args, &options, &mut file, judge);
            let fails = fails.map_err(|error| match error {
                Error::Print(source) => file.failed(source),
                error => error,
            })?;
            file.keep()?;
            fails
        }
        // With something to fail on, the verdict is worth the way to the end though nobody reads any more.
        None if !args.fail_on.is_empty() => {
            let mut out = BufWriter::new(Patient::new(out));
            let fails = watch(args, &options, &mut out, judge)?;
            out.flush().map_err(Error::Print)?;
            fails
        }
        None => {
            let mut out = BufWriter::new(out);
            let fails = watch(args, &options, &mut out, judge)?;
            out.flush().map_err(Error::Print)?;
            fails
        }
    };
    Ok(if fails { Exit::Findings } else { Exit::Passed })
}

/// Lets a report be written in the form that was asked for; says whether it holds what the audit is to fail on.
fn watch(
    args: &Args,
    options: &Options,
    out: &mut dyn Write,
    judge: impl FnOnce(&mut dyn Sink) -> Result<(), Error>,
) -> Result<bool, Error> {
    let mut sink = args.format.sink(out, options);
    let says_warnings = args.format.is_rows_alone();
    let mut watched = Watched::new(sink.as_mut(), &args.fail_on, says_warnings);
    judge(&mut watched)?;
    Ok(watched.fails())
}

fn read_policy(path: &std::path::Path) -> Result<Policy, Error> {
    let bytes = std::fs::read(path).map_err(|source| CommandError::ReadFile {
        path: path.to_owned(),
        source,
    })?;
    Ok(Policy::parse_bytes(&bytes, &path.display().to_string())?)
}

//! `pdd-hooks audit`: who went round the hooks, when and how.

use std::io::Write;
use std::path::PathBuf;

use super::range::{self, Range};
use crate::audit::format::Format;
use crate::audit::history::{self, Request};
use crate::audit::report::Report;
use crate::error::{CommandError, Error};
use crate::exit::Exit;
use crate::finding::Level;
use crate::git::Repository;
use crate::install;
use crate::policy::Policy;

/// Every commit gets one class (enforced, waived, bypassed, replayed, merge, foreign, adoption, pre-adoption) and its findings.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The commits, as `git log` takes them; without it `HEAD` since the adoption
    range: Option<String>,
    /// All branches and remote-tracking branches instead of `HEAD`
    #[arg(long, conflicts_with = "range")]
    all: bool,
    /// The branch whose policy is in force, where it is not found by itself
    #[arg(long, value_name = "BRANCH")]
    into: Option<String>,
    /// Judge everything by this policy, as if it had been in force
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Exit with 1 on these: classes, `error`, `warn`; separated by commas
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = reason)]
    fail_on: Vec<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

const REASONS: [&str; 10] = [
    "bypassed",
    "foreign",
    "waived",
    "replayed",
    "merge",
    "enforced",
    "adoption",
    "pre-adoption",
    "error",
    "warn",
];

fn reason(word: &str) -> Result<String, String> {
    if REASONS.contains(&word) {
        return Ok(word.to_owned());
    }
    Err(format!("one of {}", REASONS.join(", ")))
}

/// Runs the command.
///
/// # Errors
/// There is no policy, the range names nothing, or an object is missing.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    let assumed = args.policy.as_deref().map(read_policy).transpose()?;
    let force = match (range::policy(&repository, args.into.as_deref()), &assumed) {
        (Ok(force), _) => force,
        (Err(_), Some(policy)) => range::assumed(&repository, policy)?,
        (Err(error), None) => return Err(error),
    };
    let since = if assumed.is_some() {
        None
    } else {
        repository.adoption(force.tip)?
    };
    let asked = match (&args.range, args.all) {
        (Some(range), _) => Range::Given(range),
        (None, true) => Range::AllBranches,
        (None, false) => Range::Head,
    };
    let is_unborn = matches!(asked, Range::Head) && repository.head()?.commit.is_none();
    let commits = match is_unborn {
        true => Vec::new(),
        false => range::commits(&repository, &asked, since)?,
    };
    let request = Request {
        basis: None,
        recompute: None,
        waivers: None,
        commits,
        range: args
            .range
            .clone()
            .or_else(|| Some(if args.all { "--all" } else { "HEAD" }.into())),
        force: &force,
        assumed: assumed.as_ref(),
    };
    let mut report = history::judge(&repository, request)?;
    report.tail.notes.extend(install::present(&repository));
    let exit = match fails(&report, &args.fail_on) {
        true => Exit::Findings,
        false => Exit::Passed,
    };
    report
        .write(args.format.sink(out).as_mut())
        .map_err(Error::Print)?;
    Ok(exit)
}

fn read_policy(path: &std::path::Path) -> Result<Policy, Error> {
    let bytes = std::fs::read(path).map_err(|source| CommandError::ReadFile {
        path: path.to_owned(),
        source,
    })?;
    Ok(Policy::parse_bytes(&bytes, &path.display().to_string())?)
}

fn fails(report: &Report, reasons: &[String]) -> bool {
    let named = |word: &str| reasons.iter().any(|reason| reason == word);
    report.commits.iter().any(|row| {
        row.class.is_some_and(|class| named(class.as_str()))
            || row.findings.iter().any(|finding| match finding.level {
                Level::Error => named("error"),
                Level::Warn => named("warn"),
                Level::Waived => named("waived"),
            })
    })
}

//! `pdd-hooks check`: the verdict of the hooks, for the index, a message or a range; the gate in CI.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Format;
use super::range::{self, Range};
use crate::audit::arrival::{Arrival, Seat};
use crate::audit::history::{self, Request};
use crate::audit::landing::Move;
use crate::audit::report::{PolicyName, Report, Row};
use crate::audit::waivers::Waivers;
use crate::change::{ApprovalState, Branch, Change, Moment, Place, RedFirst};
use crate::error::Error;
use crate::evidence::ledger::{self, Ledger};
use crate::exit::Exit;
use crate::finding::Finding;
use crate::git::{InForce, Oid, Repository, Subject};
use crate::message::{self, Cleanup, Message};
use crate::proof::known::Known;
use crate::proof::red;
use crate::proof::request::Request as Asked;
use crate::proof::validation;
use crate::rules;

/// Without a range the staged change is judged as the next commit. Exits with 1 where a rule refuses.
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
    /// Judge the range as a landing on this branch, by the branch's policy
    #[arg(long, value_name = "BRANCH")]
    into: Option<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// There is no policy, the range names nothing, or an object is missing.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    let force = range::policy(&repository, args.into.as_deref())?;
    let report = match &args.range {
        Some(range) => judge_range(&repository, &force, range, args.into.as_deref())?,
        None => judge_staged(&repository, &force, args.message.as_deref())?,
    };
    match args.format {
        Format::Text => super::print(out, &report.findings_text())?,
        Format::Json => super::print_json(out, &report)?,
    }
    Ok(if report.has_errors() {
        Exit::Findings
    } else {
        Exit::Passed
    })
}

fn judge_staged(
    repository: &Repository,
    force: &InForce,
    message: Option<&Path>,
) -> Result<Report, Error> {
    let head = repository.head()?;
    let message = match message {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|source| Error::ReadMessage {
                path: path.to_owned(),
                source,
            })?;
            // The file is what an editor leaves: git takes its comments and its scissors off before it commits.
            let clean = message::clean(&bytes, Cleanup::Strip, b"#", true);
            Some(Message::parse(&clean))
        }
        None => None,
    };
    let branch = match head.branch {
        Some(branch) => Some(branch),
        None => repository.rebase_branch()?,
    };
    let place = Place::Staged(branch.clone());
    let merged = repository.merge_heads()?;
    let subject = Subject {
        tree: repository.index_tree()?,
        parents: head.commit.into_iter().chain(merged).collect(),
        place: place.clone(),
        branch: branch.map_or(Branch::Detached, Branch::Named),
        is_adoption: false,
        is_squash: false,
        replays: None,
    };
    let mut change = repository.load(&subject, message.as_ref(), &force.policy)?;
    change.validation = validation::known(repository, force, subject.tree, &subject.parents)?;
    change.red = red_of_staged(repository, force, &subject, &change, message.as_ref())?;
    let mut findings = rules::run(&change, message.as_ref(), &force.policy);
    if !findings.is_empty() {
        let waivers = waivers(repository, force, &change.branch)?;
        waivers.lift(&change.tree, None, &mut findings);
    }
    let task = message
        .as_ref()
        .and_then(|message| rules::task_of(&change, message, &force.policy));
    let row = Row::staged(
        change.tree,
        change.parents,
        message.map(|message| message.subject),
        task,
        &place,
        findings,
    );
    Ok(Report::new(
        None,
        PolicyName::of(force),
        vec![row],
        Vec::new(),
    ))
}

/// The waivers of what is staged; what is staged on a protected branch nobody has approved yet.
pub(super) fn waivers(
    repository: &Repository,
    force: &InForce,
    branch: &Branch,
) -> Result<Waivers, Error> {
    let waivers = Waivers::in_force(repository, None, force)?;
    match branch {
        Branch::Named(name) => waivers.on(repository, force, name, &ApprovalState::Undecided),
        Branch::Detached | Branch::Unknown => Ok(waivers),
    }
}

/// What is recorded of the red proof of what is staged.
fn red_of_staged(
    repository: &Repository,
    force: &InForce,
    subject: &Subject,
    change: &Change,
    message: Option<&Message>,
) -> Result<RedFirst, Error> {
    let policy = &force.policy;
    if policy.level("red-first").is_none() || subject.parents.len() > 1 {
        return Ok(RedFirst::Undecided);
    }
    let mut request = Asked::of(repository, policy, subject.tree, &subject.parents)?;
    request = request.spoken_for(repository, policy, &subject.branch)?;
    if let Some(task) = message.and_then(|message| rules::task_of(change, message, policy)) {
        request = request.of_task(repository, policy, task)?;
    }
    let known = Known::read(repository, None)?;
    Ok(red::known(
        repository,
        policy,
        Some(force.tip),
        &known,
        &request,
    )?)
}

fn judge_range(
    repository: &Repository,
    force: &InForce,
    range: &str,
    into: Option<&str>,
) -> Result<Report, Error> {
    let one = if range.contains("..") || range.starts_with('^') {
        None
    } else {
        repository.resolve(range).ok()
    };
    let commits = match one {
        Some(commit) => vec![commit],
        None => range::commits(repository, &Range::Given(range), None)?,
    };
    let last = commits.last().copied();
    let ledger = ledger::read(&repository.pdd_folder())?;
    let landing = match (into, last) {
        (Some(branch), Some(to)) => Some(landing(repository, force, &ledger, branch, to, range)?),
        _ => None,
    };
    let request = Request {
        commits,
        range: Some(range.into()),
        force,
        assumed: None,
        basis: landing.as_ref().map(|arrival| &arrival.basis),
        waivers: None,
    };
    let mut report = history::judge(repository, request)?;
    if let (Some(arrival), Some(to)) = (landing, last) {
        let findings = arrival.findings(&arrival.basis.policy);
        add(&mut report, to, &findings);
        report.notes.extend(rules::landing_words(&arrival.landing));
    }
    Ok(report)
}

/// What the server would say to the branch moving to `to`: from where it stands, or, where it has landed already, from
/// where the range begins.
fn landing<'a>(
    repository: &'a Repository,
    force: &InForce,
    ledger: &'a Ledger,
    branch: &str,
    to: Oid,
    range: &str,
) -> Result<Arrival<'a>, Error> {
    let begin = range.split_once("..").map(|(begin, _)| begin);
    let from = match begin {
        Some(begin) if repository.is_ancestor(to, force.tip)? => repository.resolve(begin)?,
        _ => force.tip,
    };
    let reference = format!("refs/heads/{branch}");
    let movement = Move {
        reference: &reference,
        from: Some(from),
        to: Some(to),
        also_known: &[],
        replaced_by: None,
    };
    Seat::new(repository, ledger, Moment::Receive).arrival(force, &movement)
}

/// Adds findings to the row of a commit.
fn add(report: &mut Report, to: Oid, findings: &[Finding]) {
    let id = to.to_string();
    let rows = std::mem::take(&mut report.commits).into_iter();
    let rows = rows.map(|mut row| {
        if row
            .commit
            .as_ref()
            .is_some_and(|commit| commit.as_str() == id)
        {
            row.findings.extend(findings.iter().cloned());
        }
        row
    });
    let (policy, notes) = (report.policy.clone(), std::mem::take(&mut report.notes));
    *report = Report::new(report.range.take(), policy, rows.collect(), notes);
}

//! `pdd-hooks status`: the one place to look: the task, who speaks for it, what the next commit lacks, and what is next.

mod look;
mod next;
mod oneline;
mod reached;
mod text;

use std::io::Write;

use serde::Serialize;

use super::{Format, print, print_json, range};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::git::Repository;
use crate::id::TaskId;

/// Exits with 0 whatever the next commit lacks: this only tells.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Say task, persona, status and criteria in one line, for a shell prompt; nothing where there is no task
    #[arg(long, conflicts_with = "format")]
    oneline: bool,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// What the command says; as JSON, with these names.
#[derive(Debug, Serialize)]
struct Status {
    branch: Option<String>,
    task: Option<TaskId>,
    title: Option<String>,
    status: Option<&'static str>,
    priority: Option<&'static str>,
    /// Its dependencies that are not done: `TASK-005 (PENDING)`.
    waits_for: Vec<String>,
    criteria: Option<Boxes>,
    checkpoints: Vec<Checkpoint>,
    persona: Option<String>,
    log: Option<String>,
    policy: u64,
    policy_branch: String,
    staged_paths: usize,
    validation: Vec<CheckLine>,
    /// `proven`, `partial`, `weak`, `unproven` or `not yet`; none where nothing asks for a proof.
    red: Option<&'static str>,
    /// The sealed tests that wait for their source, at HEAD.
    waiting: Vec<String>,
    approval: Option<Approval>,
    lacks: Vec<Finding>,
    next: String,
}

/// Boxes to tick.
#[derive(Debug, Serialize)]
struct Boxes {
    ticked: usize,
    of: usize,
}

impl From<(usize, usize)> for Boxes {
    fn from((ticked, of): (usize, usize)) -> Self {
        Self { ticked, of }
    }
}

/// A context checkpoint.
#[derive(Debug, Serialize)]
struct Checkpoint {
    name: String,
    is_open: bool,
}

/// One check that the staged tree needs.
#[derive(Debug, Serialize)]
struct CheckLine {
    check: String,
    passed: bool,
}

/// Whether what stands at HEAD may land, itself or with the integration branch that holds it.
#[derive(Debug, Serialize)]
struct Approval {
    /// Where.
    branch: String,
    is_approved: bool,
    /// How many must approve.
    required: u32,
    /// Who has.
    by: Vec<String>,
    /// The command that lands it.
    #[serde(skip)]
    landing: String,
}

/// Runs the command.
///
/// # Errors
/// There is no policy in force, or git cannot be asked.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    if args.oneline {
        let line = oneline::oneline(&repository)?;
        print(out, &line)?;
        return Ok(Exit::Passed);
    }
    let force = range::policy(&repository, None)?;
    let status = look::look(&repository, &force)?;
    match args.format {
        Format::Text => print(out, &text::text(&status))?,
        Format::Json => print_json(out, &status)?,
    }
    Ok(Exit::Passed)
}

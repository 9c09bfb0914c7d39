//! `task block` and `task unblock`: a task that has to wait for something that is no task, and one that need not any more.

use std::io::Write;

use super::lack::{Lack, refuse};
use super::{Desk, spoken};
use crate::commands::print;
use crate::commands::worktree::{self, Written};
use crate::error::{Error, TaskError};
use crate::exit::Exit;
use crate::id::TaskId;
use crate::workflow::tasklist::Status;
use crate::workflow::tasklist::steps::is_reason;

/// Arguments of `task block`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The task
    task: String,
    /// What it waits for: it stands in the task's notes
    #[arg(required = true, value_name = "REASON")]
    words: Vec<String>,
}

/// Arguments of `task unblock`.
#[derive(Debug, clap::Args)]
pub(super) struct Unblock {
    /// The task
    task: String,
}

/// Blocks a task.
///
/// # Errors
/// There is no such task or no reason, or the Tasklist cannot be written.
pub(super) fn run(desk: &Desk, args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let task = desk.read(&args.task)?;
    let reason = worktree::one_line(&args.words);
    if reason.is_empty() {
        return Err(TaskError::FindWords {
            what: "reason",
            command: format!("pdd-hooks task block {task} \"<what it waits for>\""),
        }
        .into());
    }
    let board = desk.board();
    let row = desk.row(&board, &task)?;
    let lack = match row.status {
        Some(_) if !is_reason(&reason) => Some(Lack::new(
            "the reason reads like what stands behind it in the notes: `(was PENDING);`",
            format!("pdd-hooks task block {task} \"<the reason in other words>\""),
        )),
        Some(Status::Blocked) => Some(Lack::new(
            "it is BLOCKED already",
            format!("pdd-hooks task unblock {task}"),
        )),
        Some(Status::Completed) => Some(Lack::new(
            "it is COMPLETED",
            format!("pdd-hooks task complete {task}"),
        )),
        Some(_) => None,
        None => Some(desk.no_status(row)),
    };
    if let Some(lack) = lack {
        return Ok(refuse(&task, "cannot be blocked", &[lack]));
    }
    let after = desk.step(board.text, &task, |step| step.block(&reason))?;
    let lacks = spoken::lacks(desk, &task, &after)?;
    if !lacks.is_empty() {
        return Ok(refuse(&task, "cannot be blocked", &lacks));
    }
    let title = row.task.title.clone();
    stage(desk, after)?;
    let commit = desk.commit(&format!("block {}", named(&task, &title)), &task);
    print(
        out,
        &format!("blocked {task}, staged: {reason}\n{commit}\n"),
    )?;
    Ok(Exit::Passed)
}

/// Unblocks a task.
///
/// # Errors
/// There is no such task, or the Tasklist cannot be written.
pub(super) fn unblock(desk: &Desk, args: &Unblock, out: &mut dyn Write) -> Result<Exit, Error> {
    let task = desk.read(&args.task)?;
    let board = desk.board();
    let row = desk.row(&board, &task)?;
    if row.status != Some(Status::Blocked) {
        let status = row.status.map_or("without a status", Status::name);
        let lack = Lack::new(
            format!("it is {status}, not BLOCKED"),
            "pdd-hooks task list --status BLOCKED",
        );
        return Ok(refuse(&task, "cannot be unblocked", &[lack]));
    }
    let (status, after) = desk.step(board.text, &task, |step| step.unblock())?;
    let lacks = spoken::lacks(desk, &task, &after)?;
    if !lacks.is_empty() {
        return Ok(refuse(&task, "cannot be unblocked", &lacks));
    }
    let title = row.task.title.clone();
    stage(desk, after)?;
    let commit = desk.commit(&format!("unblock {}", named(&task, &title)), &task);
    print(
        out,
        &format!("unblocked {task}, staged: it is {status}\n{commit}\n"),
    )?;
    Ok(Exit::Passed)
}

fn named(task: &TaskId, title: &str) -> String {
    format!("{task} {title}")
}

/// Writes and stages the Tasklist.
///
/// # Errors
/// It cannot be written.
pub(super) fn stage(desk: &Desk, after: String) -> Result<(), Error> {
    let written = Written {
        path: desk.policy.task.tasklist.clone(),
        before: desk.tasklist.clone(),
        after,
    };
    worktree::stage(&desk.git, &[written])
}

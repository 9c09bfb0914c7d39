//! `task ready`: the work is there and handed over; QA is to look at it.

use std::io::Write;

use super::lack::{Lack, refuse};
use super::work::Work;
use super::{Desk, block, demands, spoken};
use crate::commands::print;
use crate::error::Error;
use crate::exit::Exit;
use crate::id::TaskId;
use crate::workflow::board::Row;
use crate::workflow::tasklist::Status;

/// Demands that QA has taken over, that what was written is committed and validated, that a test was seen to fail before it
/// where the task's Type asks for that, and that there is something to validate it by
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The task; without it that of the branch
    task: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// There is no such task, the evidence cannot be read, or the Tasklist cannot be written.
pub(super) fn run(desk: &Desk, args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let task = desk.task(args.task.as_deref(), "ready")?;
    let board = desk.board();
    let row = desk.row(&board, &task)?;
    let mut lacks: Vec<Lack> = status(desk, row, &task).into_iter().collect();
    lacks.extend(persona(desk, &task, row, board.text)?);
    lacks.extend(demands::of_work(desk, &task, &Work::of(desk, &task)?)?);
    lacks.extend(demands::no_criteria(desk, &board, row));
    lacks.extend(demands::checkpoints(desk, &board, row));
    if !lacks.is_empty() {
        return Ok(refuse(&task, "is not ready for validation", &lacks));
    }
    let after = desk.step(board.text, &task, |step| {
        step.to(Status::ReadyForValidation, &[])
    })?;
    let lacks = spoken::lacks(desk, &task, &after)?;
    if !lacks.is_empty() {
        return Ok(refuse(&task, "is not ready for validation", &lacks));
    }
    block::stage(desk, after)?;
    let commit = desk.commit(&format!("hand {} to validation", row.task.title), &task);
    print(
        out,
        &format!(
            "{task} is READY_FOR_VALIDATION, staged\n{commit}\nthen: tick each criterion that is met, declare PM, and pdd-hooks task complete\n"
        ),
    )?;
    Ok(Exit::Passed)
}

fn status(desk: &Desk, row: &Row, task: &TaskId) -> Option<Lack> {
    let mend = match row.status {
        Some(Status::InProgress) => return None,
        Some(Status::Pending) => format!("pdd-hooks task start {task}"),
        Some(Status::Blocked) => format!("pdd-hooks task unblock {task}"),
        Some(Status::ReadyForValidation | Status::Completed) => {
            format!("pdd-hooks task complete {task}")
        }
        None => return Some(desk.no_status(row)),
    };
    let status = row.status.map_or("", Status::name);
    Some(Lack::new(format!("it is {status}, not IN_PROGRESS"), mend))
}

fn persona(desk: &Desk, task: &TaskId, row: &Row, text: &str) -> Result<Option<Lack>, Error> {
    let personas = demands::personas(desk, task)?;
    let kind = row.task.kind(text).unwrap_or_else(|| "feat".to_owned());
    let asks_for_source = desk.policy.red.types.contains(&kind);
    Ok(match personas.first().map(String::as_str) {
        Some("QA") if !asks_for_source || personas.iter().any(|it| it == "DEV") => None,
        Some("QA") => Some(Lack::new(
            "DEV was never declared: nobody has written what QA is to look at",
            format!("pdd-hooks persona DEV {task} \"<action>\""),
        )),
        newest => Some(Lack::new(
            match newest {
                Some(newest) => format!("{newest} speaks for it, not QA"),
                None => "nobody speaks for it, and QA has to".to_owned(),
            },
            format!("pdd-hooks persona QA {task} \"validate\""),
        )),
    })
}

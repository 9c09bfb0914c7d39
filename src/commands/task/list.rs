//! `task list`: the open tasks in the order of the Tasklist.

use std::io::Write;

use serde::Serialize;

use super::Desk;
use crate::commands::{Format, print, print_json};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::printable;
use crate::id::TaskId;
use crate::workflow::board::{Board, Row, State};
use crate::workflow::tasklist::Status;

/// Arguments of `task list`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only those of this status, in any case: `PENDING`, `in-progress`
    #[arg(long, value_parser = status)]
    status: Option<Status>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// A task of the list, and of `next`.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) id: TaskId,
    pub(super) title: String,
    status: Option<&'static str>,
    priority: Option<&'static str>,
    owner: Option<String>,
    pub(super) waits_for: Vec<Waits>,
    /// The line of its title in the Tasklist.
    line: u32,
}

/// What a task waits for.
#[derive(Debug, Serialize)]
pub(super) struct Waits {
    pub(super) task: TaskId,
    pub(super) state: &'static str,
}

impl Waits {
    /// Says how a dependency stands.
    pub(super) fn of((task, state): (TaskId, State)) -> Self {
        let state = state.name();
        Self { task, state }
    }
}

#[derive(Debug, Serialize)]
struct Answer {
    schema: &'static str,
    tasklist: String,
    tasks: Vec<Line>,
}

/// Runs the command.
///
/// # Errors
/// The output cannot be written.
pub(super) fn run(desk: &Desk, args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let board = desk.board();
    let is_wanted = |row: &&Row| args.status.is_none() || row.status == args.status;
    let rows = board.rows.iter().filter(is_wanted);
    let tasks: Vec<Line> = rows.map(|row| line(&board, row)).collect();
    match args.format {
        Format::Text => print(out, &text(desk, args.status, &tasks))?,
        Format::Json => print_json(
            out,
            &Answer {
                schema: "pdd-hooks/tasks/1",
                tasklist: desk.policy.task.tasklist.clone(),
                tasks,
            },
        )?,
    }
    Ok(Exit::Passed)
}

/// Says what the list says of a task.
pub(super) fn line(board: &Board<'_>, row: &Row) -> Line {
    Line {
        id: row.task.id.clone(),
        title: row.task.title.clone(),
        status: row.status.map(Status::name),
        priority: row.priority.map(|priority| priority.name()),
        owner: row.owner.clone(),
        waits_for: board.waits_for(row).into_iter().map(Waits::of).collect(),
        line: row.task.line,
    }
}

fn text(desk: &Desk, status: Option<Status>, tasks: &[Line]) -> String {
    if tasks.is_empty() {
        let path = &desk.policy.task.tasklist;
        return match (status, &desk.tasklist) {
            (_, None) => {
                format!("no task: there is no `{path}`; pdd-hooks task new \"<title>\" begins it\n")
            }
            (Some(status), _) => format!("no task in `{path}` is {status}\n"),
            (None, _) => {
                format!("no task in `{path}`; pdd-hooks task new \"<title>\" writes one\n")
            }
        };
    }
    let cells = tasks.iter().map(|task| {
        [
            task.id.to_string(),
            task.status.unwrap_or("-").to_owned(),
            task.priority.unwrap_or("-").to_owned(),
            printable(task.owner.as_deref().unwrap_or("-")),
        ]
    });
    let cells: Vec<[String; 4]> = cells.collect();
    let width = |column: usize| {
        let widths = cells.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    let mut text = String::new();
    for (row, task) in cells.iter().zip(tasks) {
        for (cell, width) in row.iter().zip(widths) {
            text.push_str(&format!("{cell:width$}  "));
        }
        text.push_str(&printable(&task.title));
        if !task.waits_for.is_empty() {
            text.push_str(&format!(" (waits for {})", waits(&task.waits_for)));
        }
        text.push('\n');
    }
    text
}

/// Says what a task waits for, on one line.
pub(super) fn waits(waits: &[Waits]) -> String {
    let waits = waits.iter().map(|it| format!("{}, {}", it.task, it.state));
    waits.collect::<Vec<_>>().join("; ")
}

fn status(word: &str) -> Result<Status, String> {
    Status::read(word).ok_or_else(|| {
        let known = Status::ALL.map(Status::name);
        format!("a status is one of {}", known.join(", "))
    })
}

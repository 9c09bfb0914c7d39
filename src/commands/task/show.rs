//! `task show`: all that the documents say of one task.

use std::io::Write;

use serde::Serialize;

use super::Desk;
use super::list::Waits;
use crate::commands::{Format, print, print_json};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::printable;
use crate::id::TaskId;
use crate::workflow::board::{Board, Row};
use crate::workflow::changelog::Done;
use crate::workflow::tasklist::{Point, Status};

/// Arguments of `task show`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The task; without it that of the branch
    task: Option<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Answer {
    schema: &'static str,
    id: TaskId,
    title: String,
    status: Option<&'static str>,
    priority: Option<&'static str>,
    owner: Option<String>,
    /// Every field, in the order of the document, by its name in lower case.
    fields: Vec<Field>,
    criteria: Vec<Tick>,
    checkpoints: Vec<Checkpoint>,
    dependencies: Vec<Waits>,
    branches: Vec<String>,
    /// Where it stands.
    path: String,
    line: u32,
}

#[derive(Debug, Serialize)]
struct Field {
    name: String,
    value: String,
}

/// A line to tick off.
#[derive(Debug, Serialize)]
struct Tick {
    text: String,
    done: bool,
}

#[derive(Debug, Serialize)]
struct Checkpoint {
    name: String,
    open: bool,
    points: Vec<Tick>,
}

/// Runs the command.
///
/// # Errors
/// There is no such task, or the branches cannot be read.
pub(super) fn run(desk: &Desk, args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let board = desk.board();
    let task = desk.task(args.task.as_deref(), "show")?;
    let mut answer = match (board.entry(&task), board.find(&task).is_empty()) {
        (Some(done), true) => past(desk, &board, done, task),
        _ => open(desk, &board, desk.row(&board, &task)?),
    };
    answer.branches = desk.branches_of(&answer.id)?;
    match args.format {
        Format::Text => print(out, &text(&answer))?,
        Format::Json => print_json(out, &answer)?,
    }
    Ok(Exit::Passed)
}

fn open(desk: &Desk, board: &Board<'_>, row: &Row) -> Answer {
    let Row { task, .. } = row;
    let ticks = |points: &[Point]| -> Vec<Tick> {
        let tick = |point: &Point| Tick {
            text: one_line(&board.text[point.text.clone()]),
            done: point.check.is_some_and(|check| check.is_ticked),
        };
        points.iter().map(tick).collect()
    };
    let checkpoints = task.checkpoints.iter().map(|checkpoint| Checkpoint {
        name: checkpoint.name.clone(),
        open: checkpoint.is_open(),
        points: ticks(&checkpoint.points),
    });
    let dependencies = row.dependencies.iter();
    Answer {
        schema: "pdd-hooks/task/1",
        id: task.id.clone(),
        title: task.title.clone(),
        status: row.status.map(Status::name),
        priority: row.priority.map(|priority| priority.name()),
        owner: row.owner.clone(),
        fields: fields(board.text, &task.fields),
        criteria: ticks(&task.criteria),
        checkpoints: checkpoints.collect(),
        dependencies: dependencies
            .map(|id| Waits::of((id.clone(), board.state(id))))
            .collect(),
        branches: Vec::new(),
        path: desk.policy.task.tasklist.clone(),
        line: task.line,
    }
}

/// What the Changelog says of a task that is done.
fn past(desk: &Desk, board: &Board<'_>, done: &Done, id: TaskId) -> Answer {
    let entry = &done.entry;
    Answer {
        schema: "pdd-hooks/task/1",
        id,
        title: entry.title.clone(),
        status: Some(Status::Completed.name()),
        priority: None,
        owner: None,
        fields: fields(board.past, &entry.fields),
        criteria: Vec::new(),
        checkpoints: Vec::new(),
        dependencies: Vec::new(),
        branches: Vec::new(),
        path: desk.policy.task.changelog.clone(),
        line: entry.line,
    }
}

fn fields(text: &str, fields: &[crate::workflow::fields::Field]) -> Vec<Field> {
    let field = |field: &crate::workflow::fields::Field| Field {
        name: field.name.clone(),
        value: one_line(&text[field.value.clone()]),
    };
    fields.iter().map(field).collect()
}

fn text(answer: &Answer) -> String {
    let Answer { id, title, .. } = answer;
    let mut text = format!("{id}: {title}\n{}:{}\n", answer.path, answer.line);
    let mut say = |name: &str, value: &str| {
        text.push_str(&format!("{name:<20}{value}\n"));
    };
    let branches = answer.branches.join(", ");
    say(
        "branch",
        if branches.is_empty() {
            "none"
        } else {
            &branches
        },
    );
    // What is listed below, or said with more than the field knows.
    let told = [
        "acceptance criteria",
        "criteria",
        "dependencies",
        "depends on",
    ];
    for field in &answer.fields {
        let is_told = told.contains(&field.name.as_str());
        if !field.value.is_empty() && !is_told {
            say(&field.name, &field.value);
        }
    }
    for (place, dependency) in answer.dependencies.iter().enumerate() {
        let name = if place == 0 { "dependencies" } else { "" };
        say(name, &format!("{}, {}", dependency.task, dependency.state));
    }
    if !answer.criteria.is_empty() {
        text.push_str(&format!(
            "acceptance criteria ({})\n",
            count(&answer.criteria)
        ));
        text.push_str(&boxes(&answer.criteria));
    }
    for checkpoint in &answer.checkpoints {
        let state = if checkpoint.open { "open" } else { "done" };
        let points = match checkpoint.points.as_slice() {
            [] => String::new(),
            points => format!(", {}", count(points)),
        };
        text.push_str(&format!("{} ({state}{points})\n", checkpoint.name));
        text.push_str(&boxes(&checkpoint.points));
    }
    text.lines().map(|line| printable(line) + "\n").collect()
}

fn count(ticks: &[Tick]) -> String {
    let done = ticks.iter().filter(|tick| tick.done).count();
    format!("{done} of {}", ticks.len())
}

fn boxes(ticks: &[Tick]) -> String {
    let line = |tick: &Tick| {
        let mark = if tick.done { 'x' } else { ' ' };
        format!("  [{mark}] {}\n", tick.text)
    };
    ticks.iter().map(line).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

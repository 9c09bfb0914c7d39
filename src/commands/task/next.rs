//! `task next`: which task to begin, or why there is none.

use std::io::Write;

use serde::Serialize;

use super::Desk;
use super::list::{Line, line, waits};
use crate::commands::{Format, print, print_json};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::printable;
use crate::workflow::board::Board;

/// Exits with 1 where no task can be begun.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Answer {
    schema: &'static str,
    next: Option<Line>,
    /// Where there is none: the tasks that nobody has begun, with what they wait for.
    pending: Vec<Line>,
}

/// Runs the command.
///
/// # Errors
/// The output cannot be written.
pub(super) fn run(desk: &Desk, args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let board = desk.board();
    let next = board.next().map(|row| line(&board, row));
    let exit = match next {
        Some(_) => Exit::Passed,
        None => Exit::Findings,
    };
    match (args.format, next) {
        (Format::Text, Some(next)) => {
            let title = printable(&next.title);
            print(
                out,
                &format!("{}: {title}\npdd-hooks task start {}\n", next.id, next.id),
            )?;
        }
        (Format::Text, None) => print(out, &none(desk, &board))?,
        (Format::Json, next) => {
            let pending = match next {
                Some(_) => Vec::new(),
                None => board.pending().map(|row| line(&board, row)).collect(),
            };
            let answer = Answer {
                schema: "pdd-hooks/next/1",
                next,
                pending,
            };
            print_json(out, &answer)?;
        }
    }
    Ok(exit)
}

/// Says why no task comes next: what each PENDING one waits for.
pub(super) fn none(desk: &Desk, board: &Board<'_>) -> String {
    let pending: Vec<Line> = board.pending().map(|row| line(board, row)).collect();
    if pending.is_empty() {
        let path = &desk.policy.task.tasklist;
        return format!("no task comes next: none in `{path}` is PENDING\n");
    }
    let mut text = "no task comes next: each PENDING one waits for another\n".to_owned();
    for task in pending {
        text.push_str(&format!(
            "{} waits for {}\n",
            task.id,
            waits(&task.waits_for)
        ));
    }
    text
}

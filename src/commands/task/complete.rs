//! `task complete`: from the Tasklist to the top of the Changelog, with dates, time and commits.

use std::io::Write;

use jiff::civil::DateTime;

use super::lack::{Lack, refuse};
use super::work::Work;
use super::{Desk, demands, spoken};
use crate::commands::print;
use crate::commands::worktree::{self, Written};
use crate::error::{Error, TaskError};
use crate::exit::Exit;
use crate::id::TaskId;
use crate::workflow::board::{Board, Row};
use crate::workflow::changelog::{self, Entry};
use crate::workflow::edit::apply;
use crate::workflow::tasklist::{Point, Status, write};

/// Demands that QA has handed the task back to PM, that all criteria and checkpoints are ticked, and what `ready` demands
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The task; without it that of the branch
    task: Option<String>,
    /// What was done, in a sentence; without it the task's Description, else its title
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// What was done in detail; give it again for each; without it the criteria
    #[arg(long, value_name = "TEXT")]
    detail: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// There is no such task, the evidence cannot be read, or a document cannot be written.
pub(super) fn run(desk: &Desk, args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let task = desk.task(args.task.as_deref(), "complete")?;
    let board = desk.board();
    let row = desk.row(&board, &task)?;
    let work = Work::of(desk, &task)?;
    let mut lacks: Vec<Lack> = status(desk, row, &task).into_iter().collect();
    lacks.extend(persona(desk, &task)?);
    lacks.extend(demands::of_work(desk, &task, &work)?);
    lacks.extend(demands::no_criteria(desk, &board, row));
    lacks.extend(demands::open_criteria(desk, &board, row));
    lacks.extend(uncommitted(desk, row)?);
    lacks.extend(demands::checkpoints(desk, &board, row));
    if !lacks.is_empty() {
        return Ok(refuse(&task, "cannot be completed", &lacks));
    }
    let written = written(desk, args, &board, row, &work)?;
    let tasklist = written.first().map_or("", |it| it.after.as_str());
    let lacks = spoken::lacks(desk, &task, tasklist)?;
    if !lacks.is_empty() {
        return Ok(refuse(&task, "cannot be completed", &lacks));
    }
    worktree::stage(&desk.git, &written)?;
    let paths = &desk.policy.task;
    let (from, to, title) = (&paths.tasklist, &paths.changelog, &row.task.title);
    let commit = desk.commit(&format!("complete {title}"), &task);
    print(
        out,
        &format!("completed {task}, from {from} to the top of {to}, staged: {title}\n{commit}\n"),
    )?;
    Ok(Exit::Passed)
}

fn status(desk: &Desk, row: &Row, task: &TaskId) -> Option<Lack> {
    let mend = match row.status {
        // One that is COMPLETED and still stands there is moved.
        Some(Status::ReadyForValidation | Status::Completed) => return None,
        Some(Status::Pending) => format!("pdd-hooks task start {task}"),
        Some(Status::Blocked) => format!("pdd-hooks task unblock {task}"),
        Some(Status::InProgress) => format!("pdd-hooks task ready {task}"),
        None => return Some(desk.no_status(row)),
    };
    let status = row.status.map_or("", Status::name);
    let what = format!("it is {status}, not READY_FOR_VALIDATION");
    Some(Lack::new(what, mend))
}

/// What QA says of the task stands in a commit before the one that completes it (PDD012 compares both).
fn uncommitted(desk: &Desk, row: &Row) -> Result<Option<Lack>, Error> {
    let (repository, path) = (&desk.repository, &desk.policy.task.tasklist);
    let tree = match repository.head()?.commit {
        Some(head) => repository.tree_of(head)?,
        None => repository.empty_tree()?,
    };
    let text = repository.text_at(tree, path)?.unwrap_or_default();
    let board = Board::read(&text, "", &desk.is_id());
    let is_open = |row: &&Row| row.task.criteria.iter().any(Point::is_open);
    let before = board.find(&row.task.id).first().copied();
    let is_said = before.is_some_and(|before| before.status == row.status && !is_open(&before));
    let is_met = !row.task.criteria.iter().any(Point::is_open);
    Ok((!is_said && is_met).then(|| {
        Lack::new(
            "its status or a tick is in no commit yet",
            format!("commit it before, as QA: git add {path} && git commit"),
        )
    }))
}

/// PM has to have taken over from QA.
fn persona(desk: &Desk, task: &TaskId) -> Result<Option<Lack>, Error> {
    let personas = demands::personas(desk, task)?;
    let newest = personas.first().map(String::as_str);
    let before = personas.iter().find(|persona| *persona != "PM");
    let before = before.map(String::as_str);
    let declare =
        |role: &str, action: &str| format!("pdd-hooks persona {role} {task} \"{action}\"");
    Ok(match (newest, before) {
        (Some("PM"), Some("QA")) => None,
        (Some("QA"), _) => Some(Lack::new(
            "QA speaks for it, and PM completes a task",
            declare("PM", "complete"),
        )),
        (Some("PM"), _) => Some(Lack::new(
            "PM speaks for it without QA's word before",
            declare("QA", "validate"),
        )),
        (Some(other), _) => Some(Lack::new(
            format!("{other} speaks for it: QA validates, then PM completes"),
            declare("QA", "validate"),
        )),
        (None, _) => Some(Lack::new(
            "nobody speaks for it, and PM has to, after QA",
            declare("PM", "plan"),
        )),
    })
}

/// Both documents as they are to be.
fn written(
    desk: &Desk,
    args: &Args,
    board: &Board<'_>,
    row: &Row,
    work: &Work<'_>,
) -> Result<Vec<Written>, Error> {
    let (task, text) = (&row.task, board.text);
    let value = |names: &[&str]| task.value(text, names);
    let criteria = task
        .criteria
        .iter()
        .map(|point| text[point.text.clone()].to_owned());
    let now = worktree::now();
    let (started, completed) = (value(&["started"]), value(&["completed"]).unwrap_or(&now));
    let took = started.and_then(|started| took(started, completed));
    let kind = task.kind(text);
    let entry = changelog::entry(&Entry {
        task: &task.id,
        title: &task.title,
        kind: kind.as_deref().unwrap_or("feat"),
        summary: args
            .summary
            .as_deref()
            .or(value(&["description"]))
            .unwrap_or_default(),
        details: match args.detail.is_empty() {
            true => criteria.collect(),
            false => args.detail.clone(),
        },
        started,
        completed,
        estimated: value(&["estimated time"]),
        actual: value(&["actual time"]).or(took.as_deref()),
        commits: work.commits()?,
    });
    let paths = &desk.policy.task;
    let tasklist = Written {
        path: paths.tasklist.clone(),
        before: desk.tasklist.clone(),
        after: apply(text, vec![write::remove(text, task)]),
    };
    let past = desk.changelog.clone();
    let past = past.unwrap_or_else(|| desk.empty(&paths.changelog));
    let changelog = Written {
        path: paths.changelog.clone(),
        before: desk.changelog.clone(),
        after: apply(&past, vec![changelog::at_top(&past, &entry, &desk.is_id())]),
    };
    let after = Board::read(&tasklist.after, &changelog.after, &desk.is_id());
    let is_moved = after.find(&task.id).is_empty()
        && after.rows.len() + 1 == board.rows.len()
        && after
            .done
            .first()
            .is_some_and(|done| done.task.as_ref() == Some(&task.id));
    match is_moved {
        true => Ok(vec![tasklist, changelog]),
        false => Err(TaskError::WriteEntry {
            task: task.id.clone(),
            path: changelog.path,
        }
        .into()),
    }
}

/// Says how long it was from one minute to another, in its two largest units; none where one of them is no time, or the
/// other way round.
fn took(started: &str, completed: &str) -> Option<String> {
    let read = |said: &str| DateTime::strptime("%Y-%m-%d %H:%M", said).ok();
    let took = read(started)?.duration_until(read(completed)?);
    let minutes = u64::try_from(took.as_mins()).ok()?;
    let parts = [
        (minutes / 1440, "day"),
        (minutes / 60 % 24, "hour"),
        (minutes % 60, "minute"),
    ];
    let said = parts.iter().filter(|(count, _)| *count > 0).take(2);
    let said = said.map(|(count, unit)| {
        let s = if *count == 1 { "" } else { "s" };
        format!("{count} {unit}{s}")
    });
    let said = said.collect::<Vec<_>>().join(" ");
    Some(match said.is_empty() {
        true => "less than a minute".to_owned(),
        false => said,
    })
}

#[cfg(test)]
mod tests {
    use super::took;

    #[test]
    fn the_time_that_was_taken_is_said_in_its_largest_units() {
        for (completed, expected) in [
            ("2025-01-15 14:30", Some("less than a minute")),
            ("2025-01-15 14:31", Some("1 minute")),
            ("2025-01-15 17:00", Some("2 hours 30 minutes")),
            ("2025-01-16 14:35", Some("1 day 5 minutes")),
            ("2025-03-01 16:35", Some("45 days 2 hours")),
            ("2025-01-15 14:29", None),
            ("yesterday", None),
        ] {
            assert_eq!(
                took("2025-01-15 14:30", completed).as_deref(),
                expected,
                "{completed}"
            );
        }
    }
}

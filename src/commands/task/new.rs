//! `task new`: one more PENDING task in the Tasklist.

use std::io::Write;

use super::lack::{Lack, refuse};
use super::{Desk, spoken};
use crate::commands::print;
use crate::commands::worktree::{self, Written};
use crate::error::{Error, TaskError};
use crate::exit::Exit;
use crate::id::TaskId;
use crate::workflow::board::{Board, State};
use crate::workflow::tasklist::draft::{self, Draft};
use crate::workflow::tasklist::{Priority, Status};
use crate::workflow::{numbering, personalog};

/// Arguments of `task new`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the task is called
    #[arg(required = true, value_name = "TITLE")]
    words: Vec<String>,
    /// Its id; without it the next of those in use
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// How urgent it is: `CRITICAL` or `P0`, `HIGH` or `P1`, `MEDIUM` or `P2`, `LOW`
    #[arg(long, default_value = "MEDIUM", value_parser = priority)]
    priority: Priority,
    /// One of the types of commits: it decides whether source needs a red proof
    #[arg(long = "type", value_name = "TYPE", default_value = "feat")]
    kind: String,
    /// A task that comes first; give it again for each, or commas between
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    depends_on: Vec<String>,
    /// How one knows that it is done; give it again for each
    #[arg(long, value_name = "TEXT")]
    criterion: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// There is no title, an option is none by the policy, or the Tasklist cannot be written.
pub(super) fn run(desk: &Desk, args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let title = titled(&args.words)?;
    let board = desk.board();
    let kind = typed(desk, &args.kind)?;
    let dependencies = args.depends_on.iter().map(|word| desk.read(word.trim()));
    let dependencies = dependencies.collect::<Result<Vec<TaskId>, Error>>()?;
    let id = match &args.id {
        Some(id) => desk.read(id)?,
        None => free(desk, &board)?,
    };
    let lacks = lacks(desk, &board, &id, &dependencies);
    if !lacks.is_empty() {
        return Ok(refuse(&id, "cannot be added", &lacks));
    }
    let criteria = criteria(&args.criterion);
    let draft = Draft {
        id: &id,
        title: &title,
        status: Status::Pending,
        priority: args.priority,
        kind: &kind,
        dependencies: &dependencies,
        criteria: &criteria,
        may_make_section: true,
    };
    let written = added(desk, desk.tasklist.as_deref(), &draft)?;
    let mut refused = spoken::refused(desk, &id, &written.after)?;
    let made = refused.take_made();
    let lacks = refused.lacks();
    if !lacks.is_empty() {
        return Ok(refuse(&id, "cannot be added", &lacks));
    }
    worktree::stage(&desk.git, std::slice::from_ref(&written))?;
    let commit = desk.commit(&format!("add {id} {title}"), &id);
    // What is staged goes along to the branch that is cut.
    let next = match made {
        Some(name) => {
            format!("pdd-hooks task start {id}\nor plan it alone: git switch -c {name} && {commit}")
        }
        None => commit,
    };
    print(
        out,
        &format!("added {id} to {}, staged: {title}\n{next}\n", written.path),
    )?;
    Ok(Exit::Passed)
}

/// Writes acceptance criteria as they were given, a line each.
pub(super) fn criteria(given: &[String]) -> Vec<String> {
    let given = given.iter().map(std::slice::from_ref);
    given.map(worktree::one_line).collect()
}

/// Joins the words of a title.
///
/// # Errors
/// There are none.
pub(super) fn titled(words: &[String]) -> Result<String, Error> {
    let title = worktree::one_line(words);
    match title.is_empty() {
        false => Ok(title),
        true => Err(TaskError::FindWords {
            what: "title",
            command: "pdd-hooks task new \"<title>\"".into(),
        }
        .into()),
    }
}

/// Writes a task into the Tasklist; a missing one is begun as `init` begins it.
///
/// # Errors
/// A reader would not find it there.
pub(super) fn added(
    desk: &Desk,
    before: Option<&str>,
    draft: &Draft<'_>,
) -> Result<Written, Error> {
    let path = desk.policy.task.tasklist.clone();
    let text = before.map_or_else(|| desk.empty(&path), str::to_owned);
    match draft::added(&text, draft, &desk.is_id()) {
        Some(after) => Ok(Written {
            path,
            before: before.map(str::to_owned),
            after,
        }),
        None => Err(TaskError::WriteEntry {
            task: draft.id.clone(),
            path,
        }
        .into()),
    }
}

/// Returns the next id: behind those of the documents, of the persona logs and of the work branches, whosever they are.
///
/// # Errors
/// It is none by the policy.
pub(super) fn free(desk: &Desk, board: &Board<'_>) -> Result<TaskId, Error> {
    let mut ids: Vec<TaskId> = board.ids().cloned().collect();
    ids.extend(logged(desk)?);
    ids.extend(desk.work_branches()?.into_iter().map(|(_, task)| task));
    ids.retain(|id| !desk.policy.is_standing(id));
    let word = numbering::next(ids.iter().map(TaskId::as_str));
    if desk.policy.is_task(&word) {
        return Ok(TaskId::new(word));
    }
    Err(TaskError::NumberTask {
        word,
        pattern: desk.policy.task.id.as_str().to_owned(),
    }
    .into())
}

/// Lists the tasks of the persona logs: by their names, or by what the one log of all tasks declares.
fn logged(desk: &Desk) -> Result<Vec<TaskId>, Error> {
    let log = &desk.policy.persona.log;
    let Some((before, _)) = log.split_once("{task}") else {
        let text = worktree::document(&desk.git, log)?.unwrap_or_default();
        let declared = personalog::declarations(&text).into_iter();
        let ids = declared.filter(|one| desk.policy.is_task(&one.task));
        return Ok(ids.map(|one| TaskId::new(one.task)).collect());
    };
    let folder = before.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let listed = desk.git.read(&[
        "--literal-pathspecs",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--",
        folder,
    ])?;
    let paths = listed.split(|&byte| byte == 0);
    let paths = paths.filter_map(|path| std::str::from_utf8(path).ok());
    Ok(paths
        .filter_map(|path| desk.policy.log_at(path).flatten())
        .collect())
}

fn typed(desk: &Desk, word: &str) -> Result<String, Error> {
    let known = &desk.policy.message.types;
    let kind = word.to_lowercase();
    if known.contains(&kind) {
        return Ok(kind);
    }
    Err(TaskError::FindType {
        word: word.to_owned(),
        known: known.clone(),
    }
    .into())
}

fn lacks(desk: &Desk, board: &Board<'_>, id: &TaskId, dependencies: &[TaskId]) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let policy = &desk.policy;
    let stands = match (board.find(id).first(), board.entry(id)) {
        (Some(row), _) => Some((&policy.task.tasklist, row.task.line)),
        (None, Some(done)) => Some((&policy.task.changelog, done.entry.line)),
        (None, None) => None,
    };
    if let Some((path, line)) = stands {
        let what = format!("the id is taken: {path}:{line}");
        lacks.push(Lack::new(
            what,
            "leave out --id: the next free one is taken",
        ));
    }
    if policy.is_standing(id) {
        let what = "it is a standing task, which has no entry";
        lacks.push(Lack::new(
            what,
            "leave out --id: the next free one is taken",
        ));
    }
    for dependency in dependencies {
        if dependency == id {
            let what = "it would wait for itself";
            lacks.push(Lack::new(what, format!("leave out --depends-on {id}")));
        } else if board.state(dependency) == State::Unknown {
            let what = format!("it would wait for {dependency}, which stands nowhere");
            let mend =
                format!("add that one first: pdd-hooks task new --id {dependency} \"<title>\"");
            lacks.push(Lack::new(what, mend));
        }
    }
    lacks
}

fn priority(word: &str) -> Result<Priority, String> {
    Priority::read(word).ok_or_else(|| {
        let known = Priority::ALL.map(Priority::name);
        format!("a priority is one of {}, or P0, P1, P2", known.join(", "))
    })
}

//! What both `ready` and `complete` demand of a task.

use super::Desk;
use super::lack::Lack;
use super::work::Work;
use crate::commands::worktree;
use crate::error::Error;
use crate::git::Repository;
use crate::id::TaskId;
use crate::workflow::board::{Board, Row};
use crate::workflow::outline::line_of;
use crate::workflow::personalog;

/// Who speaks for a task, newest first.
///
/// # Errors
/// Its log cannot be used.
pub(super) fn personas(desk: &Desk, task: &TaskId) -> Result<Vec<String>, Error> {
    let log = worktree::document(&desk.git, &desk.policy.log_of(task))?;
    let declared = personalog::declarations(&log.unwrap_or_default()).into_iter();
    let own = declared.filter(|one| one.task == task.as_str());
    Ok(own.map(|one| one.persona).collect())
}

/// Lists what the work itself lacks: commits, validation, red proof; and that somebody stands elsewhere.
///
/// # Errors
/// The repository or the evidence cannot be read.
pub(super) fn of_work(desk: &Desk, task: &TaskId, work: &Work<'_>) -> Result<Vec<Lack>, Error> {
    let mut lacks = Vec::new();
    if let Some(branch) = elsewhere(desk, task)? {
        let here = desk.branch.as_deref().unwrap_or("a detached HEAD");
        let what = format!("its work is on `{branch}`, not on `{here}`");
        // What else is missing here says nothing of the work there.
        return Ok(vec![Lack::new(what, format!("git switch {branch}"))]);
    }
    lacks.extend(work.uncommitted()?);
    lacks.extend(work.unvalidated()?);
    lacks.extend(work.unproven()?);
    Ok(lacks)
}

/// The branch of the task that holds what is not here.
fn elsewhere(desk: &Desk, task: &TaskId) -> Result<Option<String>, Error> {
    let repository: &Repository = &desk.repository;
    let head = repository.head()?;
    for branch in desk.branches_of(task)? {
        let tip = repository.find_commit_at(&format!("refs/heads/{branch}"))?;
        if let (Some(tip), Some(head)) = (tip, head.commit)
            && !repository.is_ancestor(tip, head)?
        {
            return Ok(Some(branch));
        }
    }
    Ok(None)
}

/// Lists the context checkpoints that are open.
pub(super) fn checkpoints(desk: &Desk, board: &Board<'_>, row: &Row) -> Vec<Lack> {
    let open = row.task.checkpoints.iter().filter(|point| point.is_open());
    let path = &desk.policy.task.tasklist;
    open.map(|point| {
        let line = point.line(board.text);
        Lack::new(
            format!("`{}` is open", point.name),
            format!("tick what is done, and mark it ✅: {path}:{line}"),
        )
    })
    .collect()
}

/// Says that nobody could tell when the task is done.
pub(super) fn no_criteria(desk: &Desk, board: &Board<'_>, row: &Row) -> Option<Lack> {
    let path = &desk.policy.task.tasklist;
    row.task.criteria.is_empty().then(|| {
        let mend = match criteria_line(board.text, row) {
            Some(line) => format!("write `- [ ] …` under its Acceptance Criteria: {path}:{line}"),
            None => {
                let line = row.task.line;
                format!("write `- **Acceptance Criteria**:` and `- [ ] …` under it: {path}:{line}")
            }
        };
        Lack::new("it names no acceptance criterion", mend)
    })
}

/// The line that its criteria are to stand below: a field or a heading.
fn criteria_line(text: &str, row: &Row) -> Option<u32> {
    let lines = text[row.task.bytes.clone()].lines();
    let is_mark = |letter: char| !letter.is_alphanumeric();
    let mut says = lines.map(|line| line.trim_matches(is_mark).to_lowercase());
    let at = says.position(|said| said == "acceptance criteria")?;
    let begin = line_of(text, row.task.bytes.start);
    u32::try_from(at).ok().map(|at| begin + at)
}

/// Lists the acceptance criteria that are not ticked.
pub(super) fn open_criteria(desk: &Desk, board: &Board<'_>, row: &Row) -> Vec<Lack> {
    let path = &desk.policy.task.tasklist;
    let open = row.task.criteria.iter().filter(|point| point.is_open());
    open.map(|point| {
        let said = board.text[point.text.clone()].split_whitespace();
        let said = said.collect::<Vec<_>>().join(" ");
        let line = line_of(board.text, point.text.start);
        Lack::new(
            format!("the criterion is open: {said}"),
            format!("tick it once it is met: {path}:{line}"),
        )
    })
    .collect()
}

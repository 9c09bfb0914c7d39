//! The workflow's documents: PM's, but for the parts that others keep.

use super::owners::{DEVLOG, FINDS_BUGS, may_change, owners};
use super::{RULE, Speakers, foreign, way};
use crate::change::{Change, DocumentChange, PathChange};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::policy::{Class, Policy};
use crate::workflow::tasklist::{Share, Task, outside, tasks, without};

/// A line that says something, with its number.
type Line<'t> = (u32, &'t str);

pub(super) fn judge(
    change: &Change,
    path: &PathChange,
    task: &TaskId,
    speakers: &Speakers,
    policy: &Policy,
) -> Option<Finding> {
    let is_free = policy.log_at(&path.path).is_some() || speakers.speak("PM");
    let is_devlog = path.path == policy.task.devlog;
    if is_free || is_devlog && DEVLOG.iter().any(|persona| speakers.speak(persona)) {
        return None;
    }
    match &change.documents.tasklist {
        Some(list) if list.path == path.path => judge_tasks(list, task, speakers, policy),
        _ => Some(foreign(task, speakers, Class::Record, &[path], policy)),
    }
}

fn judge_tasks(
    list: &DocumentChange,
    task: &TaskId,
    speakers: &Speakers,
    policy: &Policy,
) -> Option<Finding> {
    let is_id = |id: &str| policy.is_task(id);
    let after = list.after();
    let base = list.bases.first().map_or("", String::as_str);
    let (old, new) = (tasks(base, &is_id), tasks(after, &is_id));
    let (mine_before, mine_after) = (of(&old, task), of(&new, task));
    let is_added = |it: &&Task| !old.iter().any(|known| known.id == it.id);
    let added = match speakers.speak(FINDS_BUGS) {
        true => new.iter().find(is_added),
        false => None,
    };
    let lifted_before: Vec<&Task> = mine_before.into_iter().collect();
    let mut lifted_after: Vec<&Task> = mine_after.into_iter().collect();
    lifted_after.extend(added.filter(|it| it.id != *task));
    // A block that comes or goes is more than its parts; one that is added may be whole.
    let is_whole = match (mine_before, mine_after) {
        (None, Some(_)) => added.is_some_and(|it| it.id == *task),
        (Some(_), None) => false,
        _ => true,
    };
    if !is_whole {
        let line = mine_after.map(|it| it.line);
        let verb = if mine_after.is_some() {
            "added to"
        } else {
            "taken from"
        };
        return Some(refuse(
            format!("`{task}` is {verb} the Tasklist, which is PM's"),
            &list.path,
            line,
            (task, speakers, policy),
        ));
    }
    let rest_before = outside(base, &lifted_before);
    let rest_after = outside(after, &lifted_after);
    if let Some(line) = differs(&rest_before, &rest_after) {
        return Some(refuse(
            format!("the Tasklist changes outside of the block of `{task}`, which is PM's"),
            &list.path,
            line,
            (task, speakers, policy),
        ));
    }
    let (mine_before, mine_after) = (mine_before?, mine_after?);
    let is_theirs = |share: &Share| speakers.names.iter().any(|name| may_change(name, share));
    let kept_before = unboxed(without(base, mine_before, &is_theirs));
    let kept_after = unboxed(without(after, mine_after, &is_theirs));
    let line = differs(&kept_before, &kept_after)?;
    Some(refuse(
        format!("the block of `{task}` changes beyond {}", parts(speakers)),
        &list.path,
        line,
        (task, speakers, policy),
    ))
}

fn of<'t>(tasks: &'t [Task], id: &TaskId) -> Option<&'t Task> {
    tasks.iter().find(|task| task.id == *id)
}

/// The line of the second text where two lists of lines part, none where that is its end; nothing where they are the same.
fn differs(before: &[Line<'_>], after: &[Line<'_>]) -> Option<Option<u32>> {
    let mut pairs = before.iter().zip(after);
    let parted = pairs.find(|((_, a), (_, b))| a != b);
    match parted {
        Some((_, (line, _))) => Some(Some(*line)),
        None if before.len() == after.len() => None,
        None => Some(after.get(before.len()).map(|(line, _)| *line)),
    }
}

/// The lines of a task without the box before its title, which says what the status does.
fn unboxed(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    if let Some((_, title)) = lines.first_mut() {
        let said = title.trim_start_matches(['-', '*', '+', ' ']);
        let boxes = ["[ ]", "[x]", "[X]"].into_iter();
        *title = boxes.fold(said, |said, mark| said.strip_prefix(mark).unwrap_or(said));
    }
    lines
}

/// What those who speak may change of their task's block.
fn parts(speakers: &Speakers) -> String {
    let mut parts = Vec::new();
    if speakers.speak("QA") {
        parts.push("status, criteria and QA's checkpoint, which are QA's");
    }
    if speakers.speak("DEV") {
        parts.push("owner, times, notes and DEV's checkpoint, which are DEV's");
    }
    if parts.is_empty() {
        let names = speakers.names.join(" and ");
        return format!("what is {names}'s: nothing");
    }
    parts.join("; ")
}

fn refuse(
    message: String,
    path: &str,
    line: Option<u32>,
    (task, speakers, policy): (&TaskId, &Speakers, &Policy),
) -> Finding {
    let help = way(task, speakers, owners(Class::Record), policy);
    RULE.finding(message).at(path, line).help(help)
}

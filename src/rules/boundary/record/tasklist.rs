//! The Tasklist: whose block, and whose part of it, a change touches.
//!
//! A version is taken apart into pieces: the lines of the prose and of each task, and what a reader gets of each task. A
//! change may do what it likes with the pieces of those who speak; the others have to be those of the base, in their order,
//! or, in a merge, those of one parent or another.

use std::collections::HashSet;

use super::super::owners::{FINDS_BUGS, TAKES_UP, may_change, owners};
use super::super::{RULE, Speakers, way};
use crate::change::DocumentChange;
use crate::finding::Finding;
use crate::id::TaskId;
use crate::policy::{Class, Policy};
use crate::workflow::tasklist::{List, Share, Status, Task, as_read, outside, without};

/// A line that says something, with its number; none where it is what a reader gets of the whole task.
type Piece = (Option<u32>, String);

/// What nobody who speaks may change.
struct Kept {
    /// Of the task that they speak for.
    own: Vec<Piece>,
    /// Prose and other tasks.
    rest: Vec<Piece>,
}

/// What the change is judged by.
struct Case<'a> {
    path: &'a str,
    task: &'a TaskId,
    speakers: &'a Speakers,
    policy: &'a Policy,
}

pub(super) fn judge(
    list: &DocumentChange,
    task: &TaskId,
    speakers: &Speakers,
    policy: &Policy,
) -> Option<Finding> {
    let is_id = |id: &str| policy.is_task(id);
    let case = Case {
        path: &list.path,
        task,
        speakers,
        policy,
    };
    let after = List::read(list.after(), &is_id);
    let mut bases: Vec<List<'_>> = list
        .bases
        .iter()
        .map(|base| List::read(base, &is_id))
        .collect();
    if bases.is_empty() {
        bases.push(List::read("", &is_id));
    }
    let added = case.added(&bases, &after);
    if let Some(finding) = case.whole(&bases, &after, added) {
        return Some(finding);
    }
    let takes_up = bases.iter().any(|base| case.takes_up(base, &after));
    let kept = |more: Option<&str>| -> (Vec<Kept>, Kept) {
        let may = |share: &Share| {
            let mut names = speakers.names.iter().map(String::as_str).chain(more);
            names.any(|name| may_change(name, share)) || takes_up && is_of_taking_up(share)
        };
        let before = bases.iter().map(|base| case.kept(base, None, &may));
        (before.collect(), case.kept(&after, added, &may))
    };
    let (kept_before, kept_after) = kept(None);
    let rest: Vec<&[Piece]> = kept_before.iter().map(|kept| &kept.rest[..]).collect();
    if let Some(line) = differs(&rest, &kept_after.rest) {
        return Some(case.refuse(
            format!("the Tasklist changes outside of the block of `{task}`, which is PM's"),
            line,
            owners(Class::Record),
        ));
    }
    // One that is added by who may is whole.
    if kept_before.iter().all(|kept| kept.own.is_empty()) {
        return None;
    }
    let line = own_differs(&kept_before, &kept_after)?;
    let line = line.or_else(|| after.find(task).map(|it| it.line));
    let others = ["QA", "DEV"].iter().find(|persona| {
        let (before, after) = kept(Some(persona));
        own_differs(&before, &after).is_none()
    });
    let owners = others.map_or(owners(Class::Record), std::slice::from_ref);
    let parts = parts(speakers);
    let message = format!("the block of `{task}` changes beyond {parts}");
    Some(case.refuse(message, line, owners))
}

fn own_differs(before: &[Kept], after: &Kept) -> Option<Option<u32>> {
    let before: Vec<&[Piece]> = before.iter().map(|kept| &kept.own[..]).collect();
    differs(&before, &after.own)
}

fn is_of_taking_up(share: &Share) -> bool {
    matches!(share, Share::Field(name) if TAKES_UP.contains(&name.as_str()))
}

impl Case<'_> {
    /// The task that the change adds, where somebody speaks who may add one.
    fn added<'t>(&self, bases: &[List<'_>], after: &'t List<'_>) -> Option<&'t Task> {
        let is_new = |it: &&Task| bases.iter().all(|base| base.find(&it.id).is_none());
        let is_asked = self.speakers.speak(FINDS_BUGS);
        is_asked.then(|| after.tasks.iter().find(is_new)).flatten()
    }

    /// A block that comes or goes is more than its parts.
    fn whole(&self, bases: &[List<'_>], after: &List<'_>, added: Option<&Task>) -> Option<Finding> {
        let is_in = |base: &List<'_>, task: &TaskId| base.find(task).is_some();
        let mine = after.find(self.task);
        if let Some(mine) = mine
            && !bases.iter().any(|base| is_in(base, self.task))
            && added.is_none_or(|it| it.id != mine.id)
        {
            return Some(self.comes_or_goes(self.task, "added to", Some(mine.line)));
        }
        // Beside its own, only what a merge loses goes unseen where the pieces are compared.
        let is_asked = |task: &&Task| task.id == *self.task || bases.len() > 1;
        let mut tasks = bases.first()?.tasks.iter().filter(is_asked);
        let gone = tasks.find(|task| {
            after.find(&task.id).is_none() && bases.iter().all(|base| is_in(base, &task.id))
        })?;
        Some(self.comes_or_goes(&gone.id, "taken from", None))
    }

    fn comes_or_goes(&self, task: &TaskId, verb: &str, line: Option<u32>) -> Finding {
        let message = format!("`{task}` is {verb} the Tasklist, which is PM's");
        self.refuse(message, line, owners(Class::Record))
    }

    /// Says whether the first who speaks for a task takes it up, as who looks for a cause does with a bug that is listed.
    fn takes_up(&self, base: &List<'_>, after: &List<'_>) -> bool {
        let standing = |list: &List<'_>| list.find(self.task)?.standing(list.text);
        self.speakers.are_first
            && self.speakers.speak(FINDS_BUGS)
            && standing(base) == Some(Status::Pending)
            && standing(after) == Some(Status::InProgress)
    }

    fn kept(
        &self,
        list: &List<'_>,
        added: Option<&Task>,
        is_theirs: &dyn Fn(&Share) -> bool,
    ) -> Kept {
        let mine = list.find(self.task);
        let is_other = |it: &&Task| {
            let is_mine = mine.is_some_and(|mine| mine.bytes == it.bytes);
            let is_added = added.is_some_and(|added| added.bytes == it.bytes);
            !is_mine && !is_added
        };
        let lifted: Vec<&Task> = mine.into_iter().chain(added).collect();
        let lines = |lines: Vec<(u32, &str)>| -> Vec<Piece> {
            let lines = lines.into_iter();
            lines
                .map(|(line, said)| (Some(line), said.to_owned()))
                .collect()
        };
        let mut rest = lines(outside(list.text, &lifted));
        for other in list.tasks.iter().filter(is_other) {
            let read = as_read(list.text, other, &|_| false);
            let of = |said| (Some(other.line), format!("{}: {said}", other.id));
            rest.extend(read.into_iter().map(of));
        }
        let own = mine.map_or_else(Vec::new, |mine| {
            let mut said = without(list.text, mine, is_theirs);
            if is_theirs(&Share::Field("status".into())) {
                said = unboxed(said);
            }
            let mut own = lines(said);
            let read = as_read(list.text, mine, is_theirs).into_iter();
            own.extend(read.map(|said| (None, said)));
            own
        });
        Kept { own, rest }
    }

    fn refuse(&self, message: String, line: Option<u32>, owners: &[&str]) -> Finding {
        let help = way(self.task, self.speakers, owners, self.policy);
        RULE.finding(message).at(self.path, line).help(help)
    }
}

/// Where the pieces of a version part from those of its base, or of its parents together: the line, none where nothing of the
/// version stands there; nothing where they do not part.
fn differs(before: &[&[Piece]], after: &[Piece]) -> Option<Option<u32>> {
    let [base] = before else {
        let all = before.iter().copied().flatten();
        let known: HashSet<&str> = all.map(|(_, said)| said.as_str()).collect();
        let strange = after
            .iter()
            .find(|(_, said)| !known.contains(said.as_str()));
        return strange.map(|(line, _)| *line);
    };
    let mut pairs = base.iter().zip(after);
    let parted = pairs.find(|((_, a), (_, b))| a != b);
    match parted {
        Some((_, (line, _))) => Some(*line),
        None if base.len() == after.len() => None,
        None => Some(after.get(base.len()).and_then(|(line, _)| *line)),
    }
}

/// The lines of a task without the box before its title, which says what the status does.
fn unboxed(mut lines: Vec<(u32, &str)>) -> Vec<(u32, &str)> {
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

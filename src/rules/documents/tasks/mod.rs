//! The Tasklist, and what moves from it to the Changelog.

mod findings;

use std::collections::HashSet;

use crate::change::{DocumentChange, Documents};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::policy::Policy;
use crate::workflow::changelog;
use crate::workflow::tasklist::{List, Status, Task};

/// What a list says of one of its tasks.
fn said<'t>(list: &List<'t>, task: &Task) -> &'t str {
    list.text[task.bytes.clone()].trim()
}

pub(super) fn check(documents: &Documents, policy: &Policy) -> Vec<Finding> {
    let Some(list) = &documents.tasklist else {
        return Vec::new();
    };
    let changelog = documents.changelog.as_ref();
    if !list.is_touched && !changelog.is_some_and(|it| it.is_touched) {
        return Vec::new();
    }
    let is_id = |id: &str| policy.is_task(id);
    let after = List::read(list.after(), &is_id);
    let bases: Vec<List<'_>> = list
        .bases
        .iter()
        .map(|base| List::read(base, &is_id))
        .collect();
    let done = newly_done(changelog, policy);
    let case = Case {
        path: &list.path,
        bases: &bases,
        after: &after,
        done: &done,
    };
    let mut findings = Vec::new();
    let mut seen = HashSet::new();
    for task in &after.tasks {
        match seen.insert(&task.id) {
            true => findings.extend(case.stays(task)),
            false => findings.extend(case.twice(task)),
        }
    }
    // What one parent of a merge had taken out is not taken out by the merge.
    let gone = bases.first().into_iter().flat_map(|base| &base.tasks);
    let gone = gone.filter(|task| {
        !seen.contains(&task.id) && bases.iter().all(|base| base.find(&task.id).is_some())
    });
    let mut told = HashSet::new();
    for task in gone.filter(|task| told.insert(&task.id)) {
        findings.extend(case.goes(task));
    }
    findings
}

/// What a change makes of the Changelog's tasks.
struct Done {
    /// Those that are in it afterwards.
    all: HashSet<TaskId>,
    /// Those that no parent has in it.
    new: HashSet<TaskId>,
    /// Those that are in it before the change, parent by parent.
    before: Vec<HashSet<TaskId>>,
}

fn newly_done(changelog: Option<&DocumentChange>, policy: &Policy) -> Done {
    let read = |text: &str| -> HashSet<TaskId> {
        let done = changelog::done(text, &|id| policy.is_task(id)).into_iter();
        let done = done.filter_map(|done| done.task);
        // What is done again and again has as many entries, and stays where it stands.
        done.filter(|task| !policy.is_standing(task)).collect()
    };
    let all = changelog.map(|it| read(it.after())).unwrap_or_default();
    let bases = changelog.into_iter().flat_map(|it| &it.bases);
    let before: Vec<HashSet<TaskId>> = bases.map(|base| read(base)).collect();
    let is_new = |task: &&TaskId| !before.iter().any(|before| before.contains(task));
    let new = all.iter().filter(is_new).cloned().collect();
    Done { all, new, before }
}

struct Case<'a, 't> {
    path: &'a str,
    bases: &'a [List<'t>],
    after: &'a List<'t>,
    done: &'a Done,
}

impl Case<'_, '_> {
    /// A task that is in the list afterwards.
    fn stays(&self, task: &Task) -> Vec<Finding> {
        let mut findings = Vec::new();
        let was_done = |(_, done): &(&List<'_>, &HashSet<TaskId>)| done.contains(&task.id);
        let mut before = self.bases.iter().zip(&self.done.before).filter(was_done);
        if !self.bases.iter().any(|base| base.find(&task.id).is_some()) && before.next().is_some() {
            return vec![self.again(task)];
        }
        let stood_in_both = before.any(|(base, _)| base.find(&task.id).is_some());
        if self.done.all.contains(&task.id) && !stood_in_both {
            findings.push(self.in_both(task));
        }
        let now = said(self.after, task);
        let before = self
            .bases
            .iter()
            .filter_map(|base| Some((base, base.find(&task.id)?)));
        let before: Vec<(&List<'_>, &Task)> = before.collect();
        let is_as_before = |(base, old): &(&List<'_>, &Task)| {
            said(base, old) == now && old.section == task.section
        };
        if before.iter().any(is_as_before) {
            return findings;
        }
        let status = match task.status(self.after.text) {
            Some(Err(said)) => {
                let is_old = before
                    .iter()
                    .any(|(base, old)| old.status(base.text) == Some(Err(said)));
                findings.extend((!is_old).then(|| self.unknown(task, said)));
                return findings;
            }
            Some(Ok(status)) => status,
            None => match task.section {
                Some(section) => section,
                None => {
                    let is_old = before
                        .iter()
                        .any(|(base, old)| old.standing(base.text).is_none());
                    findings.extend((!is_old).then(|| self.without_status(task)));
                    return findings;
                }
            },
        };
        let earlier: Vec<Status> = before
            .iter()
            .filter_map(|(base, old)| old.standing(base.text))
            .collect();
        if status == Status::Completed {
            if !earlier.contains(&Status::Completed) {
                findings.push(self.not_moved(task));
                findings.extend(self.open_criteria(task, self.after, true));
            }
        } else if before.is_empty() && status == Status::ReadyForValidation {
            findings.push(self.begins(task, status));
        }
        if let Some(&from) = earlier.first()
            && !earlier.iter().any(|from| from.may_become(status))
        {
            findings.push(self.moves(task, from, status));
        }
        findings
    }

    /// A task that every parent has, and that is in the list no longer.
    fn goes(&self, task: &Task) -> Vec<Finding> {
        let Some(base) = self.bases.first() else {
            return Vec::new();
        };
        let Some(status) = task.standing(base.text) else {
            return Vec::new();
        };
        if !self.done.all.contains(&task.id) {
            let is_droppable = matches!(status, Status::Pending | Status::Blocked);
            return match is_droppable {
                true => Vec::new(),
                false => vec![self.lost(task, status)],
            };
        }
        let mut findings = Vec::new();
        if self.done.new.contains(&task.id) && status != Status::Completed {
            if !status.may_become(Status::Completed) {
                findings.push(self.completes(task, status));
            }
            findings.extend(self.open_criteria(task, base, false));
        }
        findings
    }
}

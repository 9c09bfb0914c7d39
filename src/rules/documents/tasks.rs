//! The Tasklist, and what moves from it to the Changelog.

use std::collections::HashSet;

use super::RULE;
use crate::change::{DocumentChange, Documents};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::policy::Policy;
use crate::words::nearest;
use crate::workflow::changelog;
use crate::workflow::outline::line_of;
use crate::workflow::tasklist::{Point, Status, Task, tasks};

/// A Tasklist that was read.
struct List<'t> {
    text: &'t str,
    tasks: Vec<Task>,
}

impl<'t> List<'t> {
    fn read(text: &'t str, policy: &Policy) -> Self {
        let tasks = tasks(text, &|id| policy.is_task(id));
        Self { text, tasks }
    }

    fn find(&self, id: &TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == *id)
    }

    fn said(&self, task: &Task) -> &'t str {
        self.text[task.bytes.clone()].trim()
    }
}

pub(super) fn check(documents: &Documents, policy: &Policy) -> Vec<Finding> {
    let Some(list) = &documents.tasklist else {
        return Vec::new();
    };
    let changelog = documents.changelog.as_ref();
    if !list.is_touched && !changelog.is_some_and(|it| it.is_touched) {
        return Vec::new();
    }
    let after = List::read(list.after(), policy);
    let bases: Vec<List<'_>> = list
        .bases
        .iter()
        .map(|base| List::read(base, policy))
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
}

fn newly_done(changelog: Option<&DocumentChange>, policy: &Policy) -> Done {
    let read = |text: &str| -> HashSet<TaskId> {
        let done = changelog::done(text, &|id| policy.is_task(id)).into_iter();
        done.filter_map(|done| done.task).collect()
    };
    let all = changelog.map(|it| read(it.after())).unwrap_or_default();
    let is_touched = changelog.is_some_and(|it| it.is_touched);
    let bases = changelog
        .filter(|_| is_touched)
        .into_iter()
        .flat_map(|it| &it.bases);
    let before: HashSet<TaskId> = bases.flat_map(|base| read(base)).collect();
    let new = match is_touched {
        true => all.difference(&before).cloned().collect(),
        false => HashSet::new(),
    };
    Done { all, new }
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
        if self.done.new.contains(&task.id) {
            findings.push(self.in_both(task));
        }
        let said = self.after.said(task);
        let before = self
            .bases
            .iter()
            .filter_map(|base| Some((base, base.find(&task.id)?)));
        let before: Vec<(&List<'_>, &Task)> = before.collect();
        let is_as_before = |(base, old): &(&List<'_>, &Task)| {
            base.said(old) == said && old.section == task.section
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

    fn twice(&self, task: &Task) -> Option<Finding> {
        let count = |list: &List<'_>| list.tasks.iter().filter(|it| it.id == task.id).count();
        let before = self.bases.iter().map(count).max().unwrap_or(0);
        if count(self.after) <= before.max(1) {
            return None;
        }
        let first = self.after.find(&task.id)?;
        Some(
            RULE.finding(format!(
                "`{}` stands here and in line {}",
                task.id, first.line
            ))
            .at(self.path, Some(task.line))
            .help("give one of them the next free id, or take one out"),
        )
    }

    /// The line of a task's status in a list, else of its title.
    fn line(&self, list: &List<'_>, task: &Task) -> Option<u32> {
        let field = task.field(&["status"]);
        Some(field.map_or(task.line, |field| line_of(list.text, field.value.start)))
    }

    fn at(&self, task: &Task, message: String) -> Finding {
        let line = self.line(self.after, task);
        RULE.finding(message).at(self.path, line)
    }

    fn unknown(&self, task: &Task, said: &str) -> Finding {
        let names = Status::ALL.map(Status::name);
        let help = match nearest(&said.to_uppercase(), names) {
            Some(name) => format!("did you mean {name}?"),
            None => format!("a task is {}", names.join(", ")),
        };
        self.at(
            task,
            format!("`{}` has the status `{said}`, which is none", task.id),
        )
        .help(help)
    }

    fn without_status(&self, task: &Task) -> Finding {
        self.at(task, format!("`{}` has no status", task.id))
            .help("write `- **Status**: PENDING` below its title")
    }

    fn begins(&self, task: &Task, status: Status) -> Finding {
        self.at(task, format!("`{}` is new and {status}", task.id))
            .help("a task begins as PENDING, or as IN_PROGRESS where work on it begins with it")
    }

    fn moves(&self, task: &Task, from: Status, to: Status) -> Finding {
        let allowed = Status::ALL
            .into_iter()
            .filter(|&to| to != from && from.may_become(to));
        let allowed: Vec<&str> = allowed.map(Status::name).collect();
        let help = match allowed.is_empty() {
            true => format!("what is {from} stays so: a task of its own takes up what is left"),
            false => format!("from {from} a task goes to {}", allowed.join(" or ")),
        };
        self.at(task, format!("`{}` goes from {from} to {to}", task.id))
            .help(help)
    }

    fn not_moved(&self, task: &Task) -> Finding {
        let id = &task.id;
        self.at(
            task,
            format!("`{id}` is COMPLETED and still in the Tasklist"),
        )
        .help(format!(
            "PM moves it to the Changelog: `pdd-hooks task complete {id}`"
        ))
    }

    fn in_both(&self, task: &Task) -> Finding {
        let id = &task.id;
        self.at(
            task,
            format!("`{id}` is in the Changelog and still in the Tasklist"),
        )
        .help(format!(
            "`pdd-hooks task complete {id}` moves it; or take its block out of the Tasklist"
        ))
    }

    fn lost(&self, task: &Task, status: Status) -> Finding {
        let id = &task.id;
        RULE.finding(format!(
            "`{id}`, which is {status}, is gone from the Tasklist and stands in no entry of the Changelog"
        ))
        .at(self.path, None)
        .help(format!(
            "`pdd-hooks task complete {id}` moves a task that is done; one that is given up is blocked first: `pdd-hooks task block {id} \"<why>\"`"
        ))
    }

    fn completes(&self, task: &Task, from: Status) -> Finding {
        let id = &task.id;
        RULE.finding(format!("`{id}` goes from {from} to the Changelog"))
            .at(self.path, None)
            .help(format!(
                "a task is READY_FOR_VALIDATION before it is COMPLETED: `pdd-hooks task ready {id}`"
            ))
    }

    /// `is_here`: the list is the one after the change, whose lines can be looked up.
    fn open_criteria(&self, task: &Task, list: &List<'_>, is_here: bool) -> Option<Finding> {
        let open: Vec<&Point> = task
            .criteria
            .iter()
            .filter(|point| point.is_open())
            .collect();
        let first = open.first()?;
        let noun = match open.len() {
            1 => "an open acceptance criterion".to_owned(),
            count => format!("{count} open acceptance criteria"),
        };
        let said = list.text[first.text.clone()]
            .lines()
            .next()
            .unwrap_or_default();
        let line = is_here.then(|| line_of(list.text, first.text.start));
        Some(
            RULE.finding(format!("`{}` is COMPLETED with {noun}: `{said}`", task.id))
                .at(self.path, line)
                .help("QA ticks what is met (`- [x]`), in a commit before this one; PM takes out what is no longer asked for"),
        )
    }
}

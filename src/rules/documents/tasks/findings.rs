//! What is said of a task that does not move as it may.

use super::Case;
use crate::finding::Finding;
use crate::rules::documents::RULE;
use crate::words::nearest;
use crate::workflow::outline::line_of;
use crate::workflow::tasklist::{List, Point, Status, Task};

impl Case<'_, '_> {
    pub(super) fn twice(&self, task: &Task) -> Option<Finding> {
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

    pub(super) fn unknown(&self, task: &Task, said: &str) -> Finding {
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

    pub(super) fn without_status(&self, task: &Task) -> Finding {
        self.at(task, format!("`{}` has no status", task.id))
            .help("write `- **Status**: PENDING` below its title")
    }

    pub(super) fn begins(&self, task: &Task, status: Status) -> Finding {
        self.at(task, format!("`{}` is new and {status}", task.id))
            .help("a task begins as PENDING, or as IN_PROGRESS where work on it begins with it")
    }

    pub(super) fn moves(&self, task: &Task, from: Status, to: Status) -> Finding {
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

    pub(super) fn not_moved(&self, task: &Task) -> Finding {
        let id = &task.id;
        self.at(
            task,
            format!("`{id}` is COMPLETED and still in the Tasklist"),
        )
        .help(format!(
            "PM moves it to the Changelog: `pdd-hooks task complete {id}`"
        ))
    }

    pub(super) fn again(&self, task: &Task) -> Finding {
        let id = &task.id;
        self.at(
            task,
            format!("`{id}` is COMPLETED in the Changelog, and begins anew"),
        )
        .help("a task of its own takes up what is left: `pdd-hooks task new \"<title>\"`")
    }

    pub(super) fn in_both(&self, task: &Task) -> Finding {
        let id = &task.id;
        self.at(
            task,
            format!("`{id}` is in the Changelog and still in the Tasklist"),
        )
        .help(format!(
            "`pdd-hooks task complete {id}` moves it; or take its block out of the Tasklist"
        ))
    }

    pub(super) fn lost(&self, task: &Task, status: Status) -> Finding {
        let id = &task.id;
        RULE.finding(format!(
            "`{id}`, which is {status}, is gone from the Tasklist and stands in no entry of the Changelog"
        ))
        .at(self.path, None)
        .help(format!(
            "`pdd-hooks task complete {id}` moves a task that is done; one that is given up is blocked first: `pdd-hooks task block {id} \"<why>\"`"
        ))
    }

    pub(super) fn completes(&self, task: &Task, from: Status) -> Finding {
        let id = &task.id;
        RULE.finding(format!("`{id}` goes from {from} to the Changelog"))
            .at(self.path, None)
            .help(format!(
                "a task is READY_FOR_VALIDATION before it is COMPLETED: `pdd-hooks task ready {id}`"
            ))
    }

    /// `is_here`: the list is the one after the change, whose lines can be looked up.
    pub(super) fn open_criteria(
        &self,
        task: &Task,
        list: &List<'_>,
        is_here: bool,
    ) -> Option<Finding> {
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

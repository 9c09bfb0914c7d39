//! All tasks at one look: those of the Tasklist and those that the Changelog says are done. It decides which one is next
//! and what a task waits for. Text in, data out; it reads no file.

use std::collections::HashMap;

use super::changelog::{self, Done};
use super::tasklist::{self, Priority, Status, Task};
use crate::id::TaskId;

/// The tasks of a repository.
#[derive(Clone, Debug)]
pub struct Board<'t> {
    /// The Tasklist that the rows were read from.
    pub text: &'t str,
    /// The Changelog that the entries were read from.
    pub past: &'t str,
    /// The tasks of the Tasklist, in its order.
    pub rows: Vec<Row>,
    /// The entries of the Changelog, in its order.
    pub done: Vec<Done>,
    /// Where each task has its rows.
    places: HashMap<TaskId, Vec<usize>>,
    /// Where each task that is done has its entry.
    entries: HashMap<TaskId, usize>,
}

/// A task of the Tasklist with what its fields say.
#[derive(Clone, Debug)]
pub struct Row {
    /// The task and where it stands.
    pub task: Task,
    /// How far it is: by its field, else by the section that it stands in; none where neither says.
    pub status: Option<Status>,
    /// How urgent it is; none where it does not say.
    pub priority: Option<Priority>,
    /// Who works on it; none for `None`.
    pub owner: Option<String>,
    /// The tasks that come first.
    pub dependencies: Vec<TaskId>,
}

/// How a task that another one depends on stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is COMPLETED, in the Tasklist or the Changelog.
    Done,
    /// It stands in the Tasklist and is not; none where its status is not readable.
    Open(Option<Status>),
    /// It stands nowhere.
    Unknown,
}

impl State {
    /// Says it as the documents would.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => Status::Completed.name(),
            Self::Open(Some(status)) => status.name(),
            Self::Open(None) => "without a status",
            Self::Unknown => "unknown",
        }
    }
}

impl<'t> Board<'t> {
    /// Reads the Tasklist and the Changelog; `is_id` says what is a task's id.
    pub fn read(tasklist: &'t str, changelog: &'t str, is_id: &dyn Fn(&str) -> bool) -> Self {
        let tasks = tasklist::tasks(tasklist, is_id).into_iter();
        let rows: Vec<Row> = tasks.map(|task| Row::of(task, tasklist, is_id)).collect();
        let done = changelog::done(changelog, is_id);
        let mut places: HashMap<TaskId, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            places.entry(row.task.id.clone()).or_default().push(at);
        }
        let named = done.iter().enumerate().rev();
        // The newest stands on top, and takes the place of those below.
        let entries = named.filter_map(|(at, done)| Some((done.task.clone()?, at)));
        Self {
            text: tasklist,
            past: changelog,
            entries: entries.collect(),
            rows,
            done,
            places,
        }
    }

    /// Lists the rows of a task: one, unless somebody wrote it twice.
    pub fn find(&self, id: &TaskId) -> Vec<&Row> {
        let places = self.places.get(id).into_iter().flatten();
        places.map(|&at| &self.rows[at]).collect()
    }

    /// Returns the entry of the Changelog about a task.
    pub fn entry(&self, id: &TaskId) -> Option<&Done> {
        self.entries.get(id).map(|&at| &self.done[at])
    }

    /// Says how a task stands.
    pub fn state(&self, id: &TaskId) -> State {
        if self.entry(id).is_some() {
            return State::Done;
        }
        match self.find(id).first() {
            Some(row) if row.status == Some(Status::Completed) => State::Done,
            Some(row) => State::Open(row.status),
            None => State::Unknown,
        }
    }

    /// Lists what a task waits for: its dependencies that are not done.
    pub fn waits_for(&self, row: &Row) -> Vec<(TaskId, State)> {
        let states = row
            .dependencies
            .iter()
            .map(|id| (id.clone(), self.state(id)));
        states.filter(|(_, state)| *state != State::Done).collect()
    }

    /// Lists the tasks that nobody has begun.
    pub fn pending(&self) -> impl Iterator<Item = &Row> {
        let is_pending = |row: &&Row| row.status == Some(Status::Pending);
        self.rows.iter().filter(is_pending)
    }

    /// Returns the task to begin: of those that wait for nothing the most urgent, of equally urgent ones the first; one
    /// without a priority comes last.
    pub fn next(&self) -> Option<&Row> {
        self.pending()
            .filter(|row| self.waits_for(row).is_empty())
            .min_by_key(|row| (row.priority.is_none(), row.priority))
    }

    /// Lists the ids of all tasks, done or not.
    pub fn ids(&self) -> impl Iterator<Item = &TaskId> {
        let done = self.done.iter().filter_map(|done| done.task.as_ref());
        self.rows.iter().map(|row| &row.task.id).chain(done)
    }
}

impl Row {
    fn of(task: Task, text: &str, is_id: &dyn Fn(&str) -> bool) -> Self {
        let owner = task.value(text, &["current owner", "assigned", "owner"]);
        let owner = owner.filter(|owner| !owner.eq_ignore_ascii_case("none"));
        Self {
            status: task.standing(text),
            priority: task.priority(text).and_then(Result::ok),
            owner: owner.map(str::to_owned),
            dependencies: task.dependencies(text, is_id),
            task,
        }
    }

    /// Counts the boxes of its acceptance criteria: those that are ticked, and all. What has no box cannot be ticked.
    pub fn criteria(&self) -> (usize, usize) {
        let boxes = self.task.criteria.iter().filter_map(|point| point.check);
        boxes.fold((0, 0), |(ticked, of), check| {
            (ticked + usize::from(check.is_ticked), of + 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGELOG: &str = "# Changelog\n\n### TASK-001: Schema\n- **Task ID**: TASK-001\n";

    fn is_id(word: &str) -> bool {
        word.starts_with("TASK-")
    }

    fn next(tasklist: &str) -> Option<String> {
        let board = Board::read(tasklist, CHANGELOG, &is_id);
        board.next().map(|row| row.task.id.to_string())
    }

    fn task(id: usize, status: &str, priority: &str, dependencies: &str) -> String {
        format!(
            "### TASK-{id:03}: T\n- **Status**: {status}\n- **Priority**: {priority}\n- **Dependencies**: {dependencies}\n\n"
        )
    }

    #[test]
    fn the_next_task_is_the_most_urgent_one_that_waits_for_nothing() {
        let text = [
            task(2, "PENDING", "LOW", "None"),
            task(3, "PENDING", "MEDIUM", "TASK-001"),
            task(4, "PENDING", "P1", "TASK-001, TASK-009"),
            task(5, "IN_PROGRESS", "CRITICAL", "None"),
            task(6, "BLOCKED", "CRITICAL", "None"),
            task(7, "PENDING", "P0", "TASK-005"),
            task(8, "PENDING", "P2", "TASK-010"),
            task(9, "COMPLETED", "LOW", "None"),
        ];
        assert_eq!(next(&text.concat()), Some("TASK-004".into()));
        // Without the one that is done and stands in the Tasklist still.
        assert_eq!(next(&text[..7].concat()), Some("TASK-003".into()));
        assert_eq!(next(&text[3..7].concat()), None);
    }

    #[test]
    fn of_equally_urgent_tasks_the_first_is_next_and_one_that_says_nothing_comes_last() {
        let text = [
            task(4, "PENDING", "soon", "None"),
            task(3, "PENDING", "P1", "None"),
            task(2, "PENDING", "HIGH", "None"),
        ];
        assert_eq!(next(&text.concat()), Some("TASK-003".into()));
        assert_eq!(next(&text[0]), Some("TASK-004".into()));
    }

    #[test]
    fn a_task_waits_for_what_is_open_and_for_what_nobody_knows() {
        let text = [
            task(
                2,
                "PENDING",
                "LOW",
                "TASK-001, TASK-003 (x), TASK-004, TASK-009",
            ),
            task(3, "READY_FOR_VALIDATION", "LOW", "None"),
            task(4, "soon", "LOW", "None"),
        ];
        let text = text.concat();
        let board = Board::read(&text, CHANGELOG, &is_id);
        let waits: Vec<String> = board
            .waits_for(&board.rows[0])
            .iter()
            .map(|(id, state)| format!("{id} {}", state.name()))
            .collect();
        let expected = [
            "TASK-003 READY_FOR_VALIDATION",
            "TASK-004 without a status",
            "TASK-009 unknown",
        ];
        assert_eq!(waits, expected);
    }

    #[test]
    fn a_task_without_a_status_has_that_of_its_section_and_none_is_nobody() {
        let text = "## PENDING\n\n- [ ] **[TASK-002]** - T\n  - **Assigned**: none\n\n## IN_PROGRESS\n\n- [ ] **[TASK-003]** - T\n  - **Current Owner**: Ann\n";
        let board = Board::read(text, "", &is_id);
        let seen: Vec<_> = board
            .rows
            .iter()
            .map(|row| (row.status, row.owner.as_deref()))
            .collect();
        assert_eq!(
            seen,
            [
                (Some(Status::Pending), None),
                (Some(Status::InProgress), Some("Ann"))
            ]
        );
    }

    /// With each dependency looked for among all tasks it would take minutes.
    #[test]
    fn the_next_of_many_tasks_is_found_at_once() {
        let open = |id| task(id, "PENDING", "LOW", "TASK-30001, TASK-30002, TASK-30003");
        let text: String = (0..30_000).map(open).collect();
        let board = Board::read(&text, CHANGELOG, &is_id);
        let start = std::time::Instant::now();
        assert!(board.next().is_none());
        let took = start.elapsed();
        assert!(took.as_secs() < 5, "{took:?}");
    }
}

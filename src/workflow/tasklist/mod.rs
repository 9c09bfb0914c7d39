//! The Tasklist: tasks as data, with the bytes where they stand. It reads Markdown and knows neither files nor policy.
//!
//! Both forms are read, in one document if need be: a heading `### TASK-007: Title` with items such as
//! `- **Status**: PENDING` below it, and an item `- [ ] **[TASK-007]** - Title` with such items in it.

mod alone;
pub mod draft;
mod list;
mod read;
mod share;
pub mod steps;
mod values;
pub mod write;

use std::ops::Range;

pub use list::List;
pub use read::tasks;
pub use share::{Share, as_read, outside, without};
pub use values::{Priority, Status};

use super::fields::Field;
use super::outline::{Check, line_of};
use crate::id::TaskId;

/// One task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Its title, without brackets and marks.
    pub title: String,
    /// How it is written.
    pub form: Form,
    /// All of it, whole lines.
    pub bytes: Range<usize>,
    /// The line of its title, counted from 1.
    pub line: u32,
    /// The status that the heading above says, where it says one.
    pub section: Option<Status>,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Its acceptance criteria.
    pub criteria: Vec<Point>,
    /// Its context checkpoints.
    pub checkpoints: Vec<Checkpoint>,
}

/// How a task is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A heading of this level.
    Heading(u8),
    /// An item, with its check box where it has one.
    Item(Option<Check>),
}

/// A line to tick off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What it says, in source form.
    pub text: Range<usize>,
    /// Its check box; none where it has none.
    pub check: Option<Check>,
}

/// The context validation of one persona.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// What it is called: `PM Context Validation`, without the mark.
    pub name: String,
    /// Where it stands.
    pub at: usize,
    /// The mark behind its name; none where there is none.
    pub mark: Option<Mark>,
    /// What is to be ticked.
    pub points: Vec<Point>,
}

/// What somebody says of a checkpoint as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// ✅
    Done,
    /// ❌
    Open,
}

impl Task {
    /// Returns the first field of one of these names, in lower case.
    pub fn field(&self, names: &[&str]) -> Option<&Field> {
        let mut fields = self.fields.iter();
        fields.find(|field| names.contains(&field.name.as_str()))
    }

    /// Returns the value of the first field of one of these names, without code marks; none where it is empty.
    pub fn value<'t>(&self, text: &'t str, names: &[&str]) -> Option<&'t str> {
        let value = &text[self.field(names)?.value.clone()];
        let value = value.trim_matches(['*', '`', ' ']);
        (!value.is_empty()).then_some(value)
    }

    /// Returns its status; the text, where that is no status.
    ///
    /// # Errors
    /// The field says something else.
    pub fn status<'t>(&self, text: &'t str) -> Option<Result<Status, &'t str>> {
        let said = self.value(text, &["status"])?;
        Some(Status::read(said).ok_or(said))
    }

    /// Returns its status as far as it says one: by its field, else by the heading that it stands below.
    pub fn standing(&self, text: &str) -> Option<Status> {
        self.status(text).map_or(self.section, Result::ok)
    }

    /// Returns its priority; the text, where that is no priority.
    ///
    /// # Errors
    /// The field says something else.
    pub fn priority<'t>(&self, text: &'t str) -> Option<Result<Priority, &'t str>> {
        let said = self.value(text, &["priority"])?;
        Some(Priority::read(said).ok_or(said))
    }

    /// Returns its Type, in lower case; none where it has none.
    pub fn kind(&self, text: &str) -> Option<String> {
        self.value(text, &["type"]).map(str::to_lowercase)
    }

    /// Lists the tasks that it depends on; what stands in parentheses is said about them and names none.
    pub fn dependencies(&self, text: &str, is_id: &dyn Fn(&str) -> bool) -> Vec<TaskId> {
        let said = self.value(text, &["dependencies", "depends on"]);
        values::ids(said.unwrap_or_default(), is_id)
    }

    /// Says whether a checkpoint is open: by its mark, or by a box.
    pub fn open_checkpoint(&self) -> Option<&Checkpoint> {
        self.checkpoints
            .iter()
            .find(|checkpoint| checkpoint.is_open())
    }
}

impl Checkpoint {
    /// Says whether it is marked ❌, or has a box that is not ticked.
    pub fn is_open(&self) -> bool {
        self.mark == Some(Mark::Open) || self.points.iter().any(Point::is_open)
    }

    /// Returns its line, counted from 1.
    pub fn line(&self, text: &str) -> u32 {
        line_of(text, self.at)
    }
}

impl Point {
    /// Says whether it has a box that is not ticked.
    pub fn is_open(&self) -> bool {
        self.check.is_some_and(|check| !check.is_ticked)
    }
}

/// Lists the documents that a task names as its contracts, each with the line that names it, counted from 1.
pub fn contracts(text: &str, task: &TaskId, is_id: &dyn Fn(&str) -> bool) -> Vec<(String, u32)> {
    let tasks = tasks(text, is_id);
    let own = tasks.iter().filter(|it| it.id == *task);
    let fields = own.flat_map(|task| &task.fields);
    let named = fields.filter(|field| ["contract", "contracts"].contains(&field.name.as_str()));
    let paths = named.flat_map(|field| {
        let line = line_of(text, field.value.start);
        let paths = values::parts(&text[field.value.clone()]).into_iter();
        let paths = paths
            .filter(|said| !values::is_nothing(said))
            .map(values::path);
        paths.map(move |path| (path, line))
    });
    paths.filter(|(path, _)| !path.is_empty()).collect()
}

/// Returns a task's Type, in lower case; none where the task is not there or has none.
pub fn kind_of(text: &str, task: &TaskId, is_id: &dyn Fn(&str) -> bool) -> Option<String> {
    let tasks = tasks(text, is_id);
    let mut own = tasks.iter().filter(|it| it.id == *task);
    own.find_map(|task| task.kind(text))
}

#[cfg(test)]
mod any;
#[cfg(test)]
mod nested;
#[cfg(test)]
mod tests;

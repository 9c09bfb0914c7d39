//! A version of the Tasklist with its tasks, to be asked for by their ids.

use std::collections::HashMap;

use super::{Task, tasks};
use crate::id::TaskId;

/// A Tasklist that was read.
#[derive(Clone, Debug)]
pub struct List<'t> {
    /// Its text.
    pub text: &'t str,
    /// Its tasks, in its order.
    pub tasks: Vec<Task>,
    /// Where the first task of each id stands.
    first: HashMap<TaskId, usize>,
}

impl<'t> List<'t> {
    /// Reads a text; `is_id` says what is a task's id.
    pub fn read(text: &'t str, is_id: &dyn Fn(&str) -> bool) -> Self {
        let tasks = tasks(text, is_id);
        let mut first = HashMap::new();
        for (at, task) in tasks.iter().enumerate() {
            first.entry(task.id.clone()).or_insert(at);
        }
        Self { text, tasks, first }
    }

    /// Returns the first task of this id.
    pub fn find(&self, id: &TaskId) -> Option<&Task> {
        self.first.get(id).map(|&at| &self.tasks[at])
    }
}

//! What a change does to the workflow's documents, as far as a rule may ask.

use crate::id::TaskId;

/// A document before and after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentChange {
    /// Its path from the top of the repository.
    pub path: String,
    /// Whether the change touches it; else it is here because what it says is asked for.
    pub is_touched: bool,
    /// Its text in each parent, empty where it was absent; no element for a root commit. Of a document that a merge changes
    /// by hand, with no conflict to settle: the one text that the merge gives by itself.
    pub bases: Vec<String>,
    /// Its text after the change; none where it is absent.
    pub text: Option<String>,
}

/// The documents that a change touches, and those that what else it touches is judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// The Tasklist; none where nothing asks for it.
    pub tasklist: Option<DocumentChange>,
    /// The Changelog; none where nothing asks for it.
    pub changelog: Option<DocumentChange>,
    /// The Devlog; none where the change leaves it alone.
    pub devlog: Option<DocumentChange>,
    /// The contracts that the message's tasks name, before the change or after it, where source changes.
    pub contracts: Vec<Contract>,
}

/// The document of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Its path from the top of the repository, as the task says it.
    pub path: String,
    /// The task that names it.
    pub task: TaskId,
    /// The line of the Tasklist that names it, counted from 1; none where only a version before the change does.
    pub line: Option<u32>,
    /// Its text after the change; none where it is absent.
    pub text: Option<String>,
}

impl DocumentChange {
    /// Returns its text after the change, empty where it is absent.
    pub fn after(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }
}

//! Persona logs: declarations as data.

/// One declaration: a level-2 heading at the top level of the document, with the text below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// `DEV`, as written.
    pub persona: String,
    /// The task that it names, with or without brackets.
    pub task: String,
    /// What follows the task.
    pub action: String,
    /// The whole entry, heading to the next declaration, line ends and trailing blanks folded: what "edited" compares.
    pub text: String,
    /// The heading's line, counted from 1.
    pub line: u32,
}

/// Reads the declarations of a log, in the order of the document (newest first).
pub fn declarations(text: &str) -> Vec<Declaration> {
    let _ = text;
    Vec::new()
}

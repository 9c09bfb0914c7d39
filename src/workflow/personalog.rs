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
    (1..)
        .zip(text.lines())
        .filter_map(|(line, heading)| {
            let (persona, rest) = heading.strip_prefix("## [PERSONA: ")?.split_once("] - ")?;
            let (task, action) = rest.split_once(" - ").unwrap_or((rest, ""));
            Some(Declaration {
                persona: persona.into(),
                task: task.trim_matches(['[', ']']).into(),
                action: action.into(),
                text: heading.into(),
                line,
            })
        })
        .collect()
}

/// Writes one declaration.
pub fn entry(persona: &str, task: &str, action: &str, date: &str, by: &str) -> String {
    format!("## [PERSONA: {persona}] - [{task}] - {action}\n\n**Date**: {date}\n**By**: {by}\n")
}

/// Puts an entry at the top of a log.
pub fn insert(text: &str, task: &str, entry: &str) -> String {
    if text.is_empty() {
        return format!("# Personas of {task}\n\n{entry}");
    }
    match text.find("## [PERSONA: ") {
        Some(at) => format!("{}{entry}\n{}", &text[..at], &text[at..]),
        None => format!("{text}\n{entry}"),
    }
}

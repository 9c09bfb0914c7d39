//! What the fields of a task may say.

use std::fmt;

use crate::id::TaskId;

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nobody has begun it.
    Pending,
    /// Somebody works on it.
    InProgress,
    /// Something else has to come first.
    Blocked,
    /// QA is to look at it.
    ReadyForValidation,
    /// It is done.
    Completed,
}

impl Status {
    /// All of them, in the order of a task's way.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::InProgress,
        Self::Blocked,
        Self::ReadyForValidation,
        Self::Completed,
    ];

    /// Reads one, in any case, with blanks or dashes for the underscores, and whatever mark stands behind it.
    pub fn read(said: &str) -> Option<Self> {
        let said = bare(said);
        Self::ALL.into_iter().find(|status| status.name() == said)
    }

    /// Returns what the documents write.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::InProgress => "IN_PROGRESS",
            Self::Blocked => "BLOCKED",
            Self::ReadyForValidation => "READY_FOR_VALIDATION",
            Self::Completed => "COMPLETED",
        }
    }

    /// Says whether a task may go from this status to another, or stay. An open one may be blocked at any time, and goes on
    /// as any open one; a failed validation goes back to work.
    pub fn may_become(self, next: Self) -> bool {
        use Status::{Blocked, Completed, InProgress, Pending, ReadyForValidation};
        match (self, next) {
            (from, to) if from == to => true,
            (Pending, InProgress)
            | (InProgress, ReadyForValidation)
            | (ReadyForValidation, InProgress | Completed) => true,
            (from, Blocked) => from != Completed,
            (Blocked, to) => to != Completed,
            _ => false,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How urgent a task is, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// `CRITICAL`, `P0`.
    Critical,
    /// `HIGH`, `P1`.
    High,
    /// `MEDIUM`, `P2`.
    Medium,
    /// `LOW`.
    Low,
}

impl Priority {
    /// All of them, most urgent first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// Reads one in either scale: a word, or `P0 (Critical)`.
    pub fn read(said: &str) -> Option<Self> {
        let said = bare(said.split('(').next().unwrap_or_default());
        let of = |priority: &Self| priority.name() == said || priority.grade() == Some(&said);
        Self::ALL.into_iter().find(of)
    }

    /// Returns what the documents write.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "CRITICAL",
            Self::High => "HIGH",
            Self::Medium => "MEDIUM",
            Self::Low => "LOW",
        }
    }

    fn grade(self) -> Option<&'static str> {
        match self {
            Self::Critical => Some("P0"),
            Self::High => Some("P1"),
            Self::Medium => Some("P2"),
            Self::Low => None,
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// In upper case, with underscores, without the marks around it.
fn bare(said: &str) -> String {
    let said = said.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let letters = said.chars().map(|letter| match letter {
        ' ' | '-' => '_',
        other => other.to_ascii_uppercase(),
    });
    letters.collect()
}

/// Lists the ids of a text, each once; what stands in parentheses is left out.
pub(super) fn ids(text: &str, is_id: &dyn Fn(&str) -> bool) -> Vec<TaskId> {
    let mut depth = 0_usize;
    let outside: String = text
        .chars()
        .map(|letter| {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                // A parenthesis that is not closed hides no line below it.
                '\n' => depth = 0,
                _ if depth == 0 => return letter,
                _ => {}
            }
            ' '
        })
        .collect();
    crate::workflow::ids::ids(&outside, is_id)
}

/// What people write where there is nothing to say.
const NOTHING: [&str; 5] = ["none", "-", "n/a", "tbd", "not started"];

/// Says whether a value says that there is none, whatever stands in parentheses behind it.
pub(super) fn is_nothing(said: &str) -> bool {
    let said = said.split_once('(').map_or(said, |(said, _)| said);
    let said = said.trim_matches(['`', '*', ' ']);
    NOTHING.iter().any(|word| said.eq_ignore_ascii_case(word))
}

/// Takes a list apart at its commas and lines; what stands in parentheses stays whole.
pub(super) fn parts(said: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let is_end = |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '\n' => depth = 0,
            _ => {}
        }
        letter == '\n' || letter == ',' && depth == 0
    };
    said.split(is_end).collect()
}

/// Reads a path: as it stands, in code marks, or as the target of a link, with or without the mark of a list; what stands
/// behind it is said about it, and a fragment names a place in it.
pub(super) fn path(said: &str) -> String {
    let said = said.trim();
    let said = ["- ", "* ", "+ "]
        .iter()
        .find_map(|mark| said.strip_prefix(mark))
        .unwrap_or(said);
    let linked = said
        .rsplit_once("](")
        .and_then(|(_, rest)| rest.split_once(')'));
    let coded = said.strip_prefix('`').and_then(|rest| rest.split_once('`'));
    let plain = said.split_once(" (");
    let target = linked
        .or(coded)
        .or(plain)
        .map_or(said, |(target, _)| target);
    let target = match target.split_once('#') {
        // A name may hold the mark: `docs/C#.md`.
        Some((file, _)) if file.contains('.') => file,
        _ => target,
    };
    let bare = target.trim_matches(['`', '<', '>', '*', ' ']);
    bare.strip_prefix("./").unwrap_or(bare).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_as_people_write_it() {
        for (said, status) in [
            ("PENDING", Some(Status::Pending)),
            ("In Progress", Some(Status::InProgress)),
            ("`ready-for-validation`", Some(Status::ReadyForValidation)),
            ("COMPLETED ✅", Some(Status::Completed)),
            ("🚧 BLOCKED", Some(Status::Blocked)),
            ("DONE", None),
            ("PENDING/IN_PROGRESS", None),
            ("", None),
        ] {
            assert_eq!(Status::read(said), status, "{said}");
        }
    }

    #[test]
    fn a_priority_is_read_in_either_scale() {
        for (said, priority) in [
            ("CRITICAL", Some(Priority::Critical)),
            ("high", Some(Priority::High)),
            ("P0 (Critical)", Some(Priority::Critical)),
            ("P2", Some(Priority::Medium)),
            ("P3", None),
            ("soon", None),
        ] {
            assert_eq!(Priority::read(said), priority, "{said}");
        }
    }

    #[test]
    fn each_move_of_a_status_is_allowed_or_not() {
        let allowed = |from: Status| {
            let to = Status::ALL
                .into_iter()
                .filter(|&to| from != to && from.may_become(to));
            to.map(Status::name).collect::<Vec<_>>().join(" ")
        };
        let table = Status::ALL.map(|from| format!("{from}: {}", allowed(from)));
        assert_eq!(
            table,
            [
                "PENDING: IN_PROGRESS BLOCKED",
                "IN_PROGRESS: BLOCKED READY_FOR_VALIDATION",
                "BLOCKED: PENDING IN_PROGRESS READY_FOR_VALIDATION",
                "READY_FOR_VALIDATION: IN_PROGRESS BLOCKED COMPLETED",
                "COMPLETED: ",
            ]
        );
    }

    #[test]
    fn dependencies_are_named_outside_of_parentheses() {
        let is_id = |word: &str| word.starts_with("TASK-");
        let of = |text: &str| {
            let ids = ids(text, &is_id);
            ids.iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            of("TASK-005 (Database Schema - COMPLETED), TASK-003"),
            "TASK-005 TASK-003"
        );
        assert_eq!(
            of("[TASK-1], [TASK-1-A] (after (TASK-9)); TASK-1"),
            "TASK-1 TASK-1-A"
        );
        assert_eq!(of("None"), "");
    }
}

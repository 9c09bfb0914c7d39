//! What the steps of a task's way change in the Tasklist: its status, the fields that go with it, and its section. Each
//! returns the new text, or none where a reader would not find in it what was meant.

use super::alone::is_alone;
use super::{Status, Task, tasks, values, write};
use crate::id::TaskId;
use crate::workflow::edit::{Edit, apply};
use crate::workflow::outline::{line_end, line_start};

/// What a note of a blocked task begins with.
const BLOCKED: &str = "BLOCKED - ";
/// The fields that say whose a task is; the first is written where a task has none.
const OWNERS: [&str; 4] = ["Current Owner", "Assigned", "Owner", "Assigned To"];
/// The fields behind which a new one goes, the best place first.
const PLACES: [&str; 9] = [
    "started",
    "current owner",
    "assigned",
    "owner",
    "assigned to",
    "dependencies",
    "type",
    "priority",
    "status",
];

/// A Tasklist and the task that moves on in it.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    /// The Tasklist.
    pub text: &'a str,
    /// The task.
    pub task: &'a TaskId,
    /// Says what is a task's id.
    pub is_id: &'a dyn Fn(&str) -> bool,
}

impl Step<'_> {
    /// Puts a task in work: who does, and since when, unless it was begun before.
    pub fn start(self, since: &str, owner: &str) -> Option<String> {
        let task = self.found()?;
        let mut fields = Vec::new();
        let mut names = OWNERS.into_iter();
        let known = names.find(|name| task.field(&[&name.to_lowercase()]).is_some());
        fields.push((known.unwrap_or(OWNERS[0]), owner));
        if !self.has_begun(&task) {
            fields.push(("Started", since));
        }
        self.to(Status::InProgress, &fields)
    }

    /// Blocks a task; the reason and what it was go before its notes.
    pub fn block(self, reason: &str) -> Option<String> {
        let task = self.found()?;
        let was = self.status(&task)?;
        let rest = task
            .field(&["notes"])
            .map(|notes| &self.text[notes.value.clone()]);
        let rest = rest.filter(|rest| !rest.is_empty());
        let rest = rest.map_or_else(String::new, |rest| format!("; {rest}"));
        let notes = format!("{BLOCKED}{reason} (was {was}){rest}");
        self.to(Status::Blocked, &[("Notes", &notes)])
    }

    /// Unblocks a task: it is what it was, or what it must have been where nobody said; its notes are without the reason.
    pub fn unblock(self) -> Option<(Status, String)> {
        let task = self.found()?;
        let notes = task.field(&["notes"]);
        let said = notes.map(|notes| &self.text[notes.value.clone()]);
        let guess = match self.has_begun(&task) {
            true => Status::InProgress,
            false => Status::Pending,
        };
        let (status, edit) = match (notes, said.and_then(|said| said.strip_prefix(BLOCKED))) {
            (Some(notes), Some(reason)) => match was(reason) {
                Some((status, "")) => (status, self.without_line(notes.value.start)),
                Some((status, rest)) => (status, Edit::new(notes.value.clone(), rest)),
                // Somebody wrote it by hand: what it says is not ours to take away.
                None => {
                    let begin = notes.value.start;
                    (guess, Edit::new(begin..begin, "UN"))
                }
            },
            _ => (guess, Edit::new(0..0, "")),
        };
        let text = apply(self.text, vec![edit]);
        let after = Step {
            text: &text,
            ..self
        };
        let after = after.to(status, &[])?;
        is_alone(self.text, &after, self.task, self.is_id).then_some((status, after))
    }

    /// Says the status and some fields, and moves the task to the section of the status.
    pub fn to(self, status: Status, fields: &[(&str, &str)]) -> Option<String> {
        let mut text = self.text.to_owned();
        let said = [("Status", status.name())];
        for (name, value) in said.iter().chain(fields) {
            let step = Step {
                text: &text,
                ..self
            };
            let task = step.found()?;
            let place = PLACES.iter().find(|place| task.field(&[place]).is_some());
            let place = place.copied().unwrap_or_default();
            text = apply(&text, vec![write::set(&text, &task, name, value, &[place])]);
        }
        let text = apply(
            &text,
            write::into_section(&text, self.task, status, self.is_id),
        );
        let step = Step {
            text: &text,
            ..self
        };
        let is_said = |task: &Task, name: &str, value: &str| {
            let field = task.field(&[&name.to_lowercase()]);
            field.is_some_and(|field| text[field.value.clone()] == *value)
        };
        let task = step.found()?;
        let is_there = said
            .iter()
            .chain(fields)
            .all(|(name, value)| is_said(&task, name, value));
        (is_there && is_alone(self.text, &text, self.task, self.is_id)).then_some(text)
    }

    /// The task, where there is exactly one of that id.
    fn found(self) -> Option<Task> {
        let mut found = tasks(self.text, self.is_id).into_iter();
        let mut found = found.by_ref().filter(|task| task.id == *self.task);
        match (found.next(), found.next()) {
            (Some(task), None) => Some(task),
            _ => None,
        }
    }

    fn status(self, task: &Task) -> Option<Status> {
        match task.status(self.text) {
            Some(said) => said.ok(),
            None => task.section,
        }
    }

    /// Whether a task says when it was begun.
    fn has_begun(self, task: &Task) -> bool {
        let said = task.value(self.text, &["started"]);
        said.is_some_and(|said| !values::is_nothing(said))
    }

    fn without_line(self, at: usize) -> Edit {
        Edit::new(line_start(self.text, at)..line_end(self.text, at), "")
    }
}

/// Says whether a reason can be told from what `block` writes behind it.
pub fn is_reason(said: &str) -> bool {
    let written = format!("{said} (was {})", Status::Blocked);
    was(&written) == Some((Status::Blocked, ""))
}

/// Reads what a blocked task was from what stands behind the word, with the notes behind that.
fn was(reason: &str) -> Option<(Status, &str)> {
    let mut places = reason.match_indices(" (was ");
    places.find_map(|(at, opening)| {
        let (said, rest) = reason[at + opening.len()..].split_once(')')?;
        let status = Status::read(said).filter(|status| status.name() == said)?;
        match rest {
            "" => Some((status, "")),
            rest => Some((status, rest.strip_prefix("; ")?)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: &str = "## PENDING\n\n### TASK-1: One\n\n- **Status**: PENDING\n- **Current Owner**: None\n- **Description**: d\n\n### TASK-2: Two\n\n- **Status**: PENDING\n- **Notes**: `n`; m\n\n## BLOCKED\n\n## IN_PROGRESS\n";
    const ITEMS: &str = "- [ ] **[TASK-1]** - One\r\n\t* **Status**: IN_PROGRESS\r\n\t* **Assigned**: None\r\n\r\nEnd.\r\n";

    fn is_id(word: &str) -> bool {
        word.starts_with("TASK-")
    }

    fn step<'a>(text: &'a str, task: &'a TaskId) -> Step<'a> {
        let is_id = &is_id;
        Step { text, task, is_id }
    }

    #[test]
    fn a_task_is_started_once_by_somebody() {
        let one = TaskId::new("TASK-1");
        let text = step(HEADINGS, &one)
            .start("2026-01-15 10:00", "Ann")
            .unwrap();
        assert!(text.ends_with("## IN_PROGRESS\n\n### TASK-1: One\n\n- **Status**: IN_PROGRESS\n- **Current Owner**: Ann\n- **Started**: 2026-01-15 10:00\n- **Description**: d\n"), "{text}");
        let again = step(&text, &one).start("2026-02-01 10:00", "Bob").unwrap();
        assert_eq!(again, text.replace("Ann", "Bob"));
        let items = step(ITEMS, &one).start("2026-01-15 10:00", "Ann").unwrap();
        assert_eq!(
            items,
            ITEMS.replace(
                "ed**: None\r\n",
                "ed**: Ann\r\n\t* **Started**: 2026-01-15 10:00\r\n"
            )
        );
    }

    #[test]
    fn what_is_unblocked_is_as_it_was_before() {
        for (text, id) in [(ITEMS, "TASK-1"), (HEADINGS, "TASK-2")] {
            let id = TaskId::new(id);
            let blocked = step(text, &id).block("waits (was it?) for a key").unwrap();
            assert!(blocked.contains("**Status**: BLOCKED"), "{blocked}");
            let (_, after) = step(&blocked, &id).unblock().unwrap();
            assert_eq!(after, text);
        }
        let two = TaskId::new("TASK-2");
        let blocked = step(HEADINGS, &two).block("a reason").unwrap();
        let place = "## BLOCKED\n\n### TASK-2: Two\n\n- **Status**: BLOCKED\n- **Notes**: BLOCKED - a reason (was PENDING); `n`; m\n";
        assert!(blocked.contains(place), "{blocked}");
    }

    #[test]
    fn a_reason_that_reads_like_what_stands_behind_it_is_none() {
        for reason in [
            "no key",
            "waits (was it?)",
            "it (was PENDING) then",
            "(was PENDING); x",
        ] {
            assert!(is_reason(reason), "{reason}");
        }
        assert!(!is_reason("waits (was PENDING); see the log"));
    }

    #[test]
    fn a_placeholder_says_of_no_task_that_it_was_begun() {
        let one = TaskId::new("TASK-1");
        for said in ["None", "-", "N/A", "TBD"] {
            let text = format!("### TASK-1: One\n- **Status**: BLOCKED\n- **Started**: {said}\n");
            let (status, after) = step(&text, &one).unblock().unwrap();
            assert_eq!(status, Status::Pending);
            let begun = step(&after, &one).start("2026-01-15 10:00", "Ann").unwrap();
            assert!(
                begun.contains("- **Started**: 2026-01-15 10:00\n"),
                "{begun}"
            );
        }
    }

    #[test]
    fn a_reason_that_somebody_wrote_by_hand_stays() {
        let text = "### TASK-1: One\n- **Status**: BLOCKED\n- **Started**: 2025-01-13 11:00\n- **Notes**: BLOCKED - no key\n";
        let one = TaskId::new("TASK-1");
        let (status, after) = step(text, &one).unblock().unwrap();
        assert_eq!(status, Status::InProgress);
        let expected = text.replace("s**: BLOCKED\n- **Started", "s**: IN_PROGRESS\n- **Started");
        assert_eq!(
            after,
            expected.replace(": BLOCKED - no", ": UNBLOCKED - no")
        );
    }

    #[test]
    fn what_a_reader_would_not_find_is_not_written() {
        let one = TaskId::new("TASK-1");
        let twice = format!("{HEADINGS}\n### TASK-1: Again\n");
        assert_eq!(step(&twice, &one).block("x"), None);
        assert_eq!(step(HEADINGS, &TaskId::new("TASK-9")).block("x"), None);
    }
}

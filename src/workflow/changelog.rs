//! The changelog of tasks: what is done, newest first. Both forms are read: `### TASK-006: Title` and
//! `## [CHANGELOG-0042] - Title` with a field `Task ID`.

use super::edit::Edit;
use super::entries;
use crate::id::TaskId;

/// What the entries of the second form are numbered by.
const NUMBERED: &str = "CHANGELOG-";

/// A task that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The task; none where an entry of the second form names none.
    pub task: Option<TaskId>,
    /// The entry.
    pub entry: entries::Entry,
}

/// What an entry says of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The task.
    pub task: &'a TaskId,
    /// Its title.
    pub title: &'a str,
    /// Its Type: `feat`.
    pub kind: &'a str,
    /// What was done, in a sentence; the title where it is empty.
    pub summary: &'a str,
    /// What the task asked for, or what was done in detail.
    pub details: Vec<String>,
    /// When it was begun: `2025-01-15 14:30`.
    pub started: Option<&'a str>,
    /// When it was done, in the same form.
    pub completed: &'a str,
    /// How long it was to take.
    pub estimated: Option<&'a str>,
    /// How long it took.
    pub actual: Option<&'a str>,
    /// Its commits, as they are to be shown.
    pub commits: Vec<String>,
}

/// Reads the entries, in the order of the document; `is_id` says what is a task's id.
pub fn done(text: &str, is_id: &dyn Fn(&str) -> bool) -> Vec<Done> {
    let is_name = |name: &str| is_number(name) || is_id(name);
    let found = entries::entries(text, &is_name).into_iter();
    found
        .map(|entry| {
            let task = match is_number(&entry.name) {
                true => {
                    let said = entry.value(text, &["task id", "task"]).unwrap_or_default();
                    Some(said.trim_matches(['[', ']', '`', ' ']))
                }
                false => Some(entry.name.as_str()),
            };
            let task = task.filter(|id| is_id(id)).map(TaskId::new);
            Done { task, entry }
        })
        .collect()
}

/// Puts an entry at the top.
pub fn at_top(text: &str, entry: &str, is_id: &dyn Fn(&str) -> bool) -> Edit {
    entries::at_top(text, entry, &|name| is_number(name) || is_id(name))
}

/// Writes an entry, of one line a field.
///
/// Two branches that each add one are merged by `merge=union`. Git takes what both sides' first or last lines share once,
/// and more than three equal lines in a row as well (`xdl_simplify_non_conflicts` in git's xdiff/xmerge.c), so that an entry
/// would lose them to the other. Therefore the first line and the last name the task, no more than three lines lie between
/// two that do, and no line is blank: git could pair that with one of the base.
pub fn entry(entry: &Entry<'_>) -> String {
    let Entry { task, .. } = entry;
    let mut text = format!("### {task}: {}\n", one_line(entry.title));
    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            text.push_str(&format!("- **{name}**: {value}\n"));
        }
    };
    field("Type", one_line(entry.kind));
    field("Completed", one_line(entry.completed));
    field("Task ID", task.to_string());
    let summary = one_line(entry.summary);
    field(
        "Summary",
        match summary.is_empty() {
            true => one_line(entry.title),
            false => summary,
        },
    );
    let details = entry.details.iter().map(|detail| one_line(detail));
    let details: Vec<String> = details.filter(|detail| !detail.is_empty()).collect();
    field("Details", details.join("; "));
    let time = [
        ("started", entry.started),
        ("estimated", entry.estimated),
        ("actual", entry.actual),
    ];
    let time = time.iter().filter_map(|(name, said)| {
        let said = one_line((*said)?);
        (!said.is_empty()).then(|| format!("{name} {said}"))
    });
    field("Time", time.collect::<Vec<_>>().join(", "));
    let commits = match entry.commits.is_empty() {
        true => "none".to_owned(),
        false => one_line(&entry.commits.join(", ")),
    };
    field("Commit", format!("{commits} [{task}]"));
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_number(name: &str) -> bool {
    let number = name.strip_prefix(NUMBERED).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::edit::apply;

    const TEXT: &str = "# Changelog\n\nwords\n\n## [CHANGELOG-0042] - Limits\n\n**Date**: 2025-01-14\n**Task ID**: [TASK-006]\n**Status**: COMPLETED\n\n### Changes:\n- one\n\n### TASK-005: Schema\n- **Task ID**: TASK-005\n- **Type**: feat\n";

    fn is_id(name: &str) -> bool {
        name.starts_with("TASK-")
    }

    #[test]
    fn tasks_are_found_in_either_form() {
        let text = TEXT.replace("### TASK-005", "## TASK-005");
        let found: Vec<_> = done(&text, &is_id)
            .into_iter()
            .map(|it| (it.task.unwrap().to_string(), it.entry.title))
            .collect();
        assert_eq!(
            found,
            [
                ("TASK-006".into(), "Limits".to_owned()),
                ("TASK-005".into(), "Schema".to_owned())
            ]
        );
    }

    #[test]
    fn an_entry_is_written_as_it_is_read_one_line_a_field() {
        let task = TaskId::new("TASK-007");
        let full = Entry {
            task: &task,
            title: "Search",
            kind: "feat",
            summary: "finds\nwords",
            details: vec!["ranks".into(), " ".into(), "is  fast".into()],
            started: Some("2025-01-15 14:30"),
            completed: "2025-01-16 09:00",
            estimated: Some("4 hours"),
            actual: None,
            commits: vec!["1a2b3c4".into(), "5d6e7f8".into()],
        };
        let text = entry(&full);
        assert_eq!(
            text,
            "### TASK-007: Search
- **Type**: feat
- **Completed**: 2025-01-16 09:00
- **Task ID**: TASK-007
- **Summary**: finds words
- **Details**: ranks; is fast
- **Time**: started 2025-01-15 14:30, estimated 4 hours
- **Commit**: 1a2b3c4, 5d6e7f8 [TASK-007]
"
        );
        let read = &done(&text, &is_id)[0];
        assert_eq!(read.task, Some(task.clone()));
        assert_eq!(read.entry.title, "Search");
        assert_eq!(
            read.entry.value(&text, &["completed"]),
            Some("2025-01-16 09:00")
        );
        let least = Entry {
            summary: "",
            details: Vec::new(),
            started: None,
            estimated: None,
            commits: Vec::new(),
            ..full
        };
        assert_eq!(
            entry(&least),
            "### TASK-007: Search
- **Type**: feat
- **Completed**: 2025-01-16 09:00
- **Task ID**: TASK-007
- **Summary**: Search
- **Commit**: none [TASK-007]
"
        );
    }

    #[test]
    fn a_new_entry_stands_before_all_others_and_nothing_else_changes() {
        let new = "### TASK-007: Search\n\n- **Type**: feat\n";
        let after = apply(TEXT, vec![at_top(TEXT, new, &is_id)]);
        // At the level of the entries that are there.
        let put = new.trim_start_matches('#');
        assert_eq!(after.replacen(&format!("##{put}\n"), "", 1), TEXT);
        assert_eq!(done(&after, &is_id)[0].task, Some(TaskId::new("TASK-007")));
        let empty = apply("# Changelog\n", vec![at_top("# Changelog\n", new, &is_id)]);
        assert_eq!(empty, format!("# Changelog\n\n{new}"));
    }
}

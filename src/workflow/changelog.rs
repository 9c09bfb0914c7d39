//! The changelog of tasks: what is done, newest first. Both forms are read: `### TASK-006: Title` and
//! `## [CHANGELOG-0042] - Title` with a field `Task ID`.

use super::edit::Edit;
use super::entries::{self, Entry};
use crate::id::TaskId;

/// What the entries of the second form are numbered by.
const NUMBERED: &str = "CHANGELOG-";

/// A task that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The task; none where an entry of the second form names none.
    pub task: Option<TaskId>,
    /// The entry.
    pub entry: Entry,
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
    fn a_new_entry_stands_before_all_others_and_nothing_else_changes() {
        let new = "### TASK-007: Search\n\n- **Type**: feat\n";
        let after = apply(TEXT, vec![at_top(TEXT, new, &is_id)]);
        assert_eq!(after.replacen(&format!("{new}\n"), "", 1), TEXT);
        assert_eq!(done(&after, &is_id)[0].task, Some(TaskId::new("TASK-007")));
        let empty = apply("# Changelog\n", vec![at_top("# Changelog\n", new, &is_id)]);
        assert_eq!(empty, format!("# Changelog\n\n{new}"));
    }
}

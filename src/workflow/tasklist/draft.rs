//! A new task, in the form in which the Tasklist writes those that it has.

use super::alone::is_alone;
use super::write::{add, lead, section};
use super::{Form, Priority, Status, Task, tasks};
use crate::id::TaskId;
use crate::workflow::edit::{Edit, apply, lines_at};
use crate::workflow::outline::line_end;

/// A task that is to be written.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Its id.
    pub id: &'a TaskId,
    /// Its title, one line.
    pub title: &'a str,
    /// How far it is.
    pub status: Status,
    /// How urgent it is.
    pub priority: Priority,
    /// Its Type: `feat`.
    pub kind: &'a str,
    /// What comes first.
    pub dependencies: &'a [TaskId],
    /// Its acceptance criteria, one line each.
    pub criteria: &'a [String],
    /// Whether the section of its status may be made; else it stands behind the last task.
    pub may_make_section: bool,
}

/// Adds a task; none where a reader would not find it there, or would find another one changed.
pub fn added(text: &str, draft: &Draft<'_>, is_id: &dyn Fn(&str) -> bool) -> Option<String> {
    let after = apply(text, vec![write(text, draft, is_id)]);
    let all = tasks(&after, is_id);
    let mut found = all.iter().filter(|task| task.id == *draft.id);
    let is_there = match (found.next(), found.next()) {
        (Some(task), None) => task.status(&after) == Some(Ok(draft.status)),
        _ => false,
    };
    (is_there && is_alone(text, &after, draft.id, is_id)).then_some(after)
}

/// Adds a task at the end of the section of its status; where that may be, the section is made in a document that has
/// others. Else it stands behind the last task.
fn write(text: &str, draft: &Draft<'_>, is_id: &dyn Fn(&str) -> bool) -> Edit {
    let tasks = tasks(text, is_id);
    let level = Status::ALL
        .iter()
        .find_map(|&status| section(text, status))
        .map(|(_, level)| level);
    let lines = lines(text, draft, &tasks, level);
    if section(text, draft.status).is_some() {
        return add(text, &lines, draft.status, is_id);
    }
    match (level.filter(|_| draft.may_make_section), tasks.last()) {
        (Some(level), _) => {
            let heading = format!("{} {}\n\n", "#".repeat(level), draft.status);
            lines_at(text, &format!("{heading}{lines}"), text.len())
        }
        (None, Some(last)) => {
            let end = last.bytes.start + text[last.bytes.clone()].trim_end().len();
            lines_at(text, &lines, line_end(text, end))
        }
        (None, None) => lines_at(text, &lines, text.len()),
    }
}

/// Writes the task as the document writes the last one of its status, else its last one, else as a heading.
fn lines(text: &str, draft: &Draft<'_>, tasks: &[Task], section: Option<usize>) -> String {
    let is_alike = |task: &&Task| task.section == Some(draft.status);
    let sample = tasks.iter().rev().find(is_alike).or(tasks.last());
    let Draft { id, title, .. } = draft;
    let (first, inner) = match sample.map(|task| (task, task.form)) {
        Some((task, Form::Item(check))) => {
            let marker = text[task.bytes.clone()].trim_start().chars().next();
            let marker = marker.filter(|it| "-*+".contains(*it)).unwrap_or('-');
            let open = if check.is_some() { "[ ] " } else { "" };
            (format!("{marker} {open}**[{id}]** - {title}\n"), "  - ")
        }
        Some((_, Form::Heading(level))) => (heading(usize::from(level), id, title), "- "),
        None => (
            heading(section.map_or(3, |level| level + 1), id, title),
            "- ",
        ),
    };
    let known = sample.and_then(|task| task.fields.first());
    let known = known.map(|field| lead(text, field.value.start));
    let is_item = |lead: &String| {
        let is_indented = lead.starts_with([' ', '\t']) == inner.starts_with(' ');
        is_indented && lead.contains(['-', '*', '+'])
    };
    let lead = known.filter(is_item).unwrap_or_else(|| inner.to_owned());
    let dependencies = match draft.dependencies {
        [] => "None".to_owned(),
        ids => ids
            .iter()
            .map(TaskId::as_str)
            .collect::<Vec<_>>()
            .join(", "),
    };
    let mut lines = first;
    let mut field = |name: &str, value: &str| {
        let blank = if value.is_empty() { "" } else { " " };
        lines.push_str(&format!("{lead}**{name}**:{blank}{value}\n"));
    };
    field("Status", draft.status.name());
    field("Priority", draft.priority.name());
    field("Type", draft.kind);
    field("Dependencies", &dependencies);
    field("Current Owner", "None");
    field("Acceptance Criteria", "");
    let indent = lead.len() - lead.trim_start().len();
    for criterion in draft.criteria {
        lines.push_str(&format!("{}  - [ ] {criterion}\n", &lead[..indent]));
    }
    lines
}

fn heading(level: usize, id: &TaskId, title: &str) -> String {
    format!("{} {id}: {title}\n\n", "#".repeat(level.clamp(1, 6)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_id(word: &str) -> bool {
        word.starts_with("TASK-")
    }

    fn written(text: &str) -> String {
        let criteria = ["finds".to_owned(), "ranks".to_owned()];
        let draft = Draft {
            id: &TaskId::new("TASK-008"),
            title: "Search",
            status: Status::Pending,
            priority: Priority::High,
            kind: "feat",
            dependencies: &[TaskId::new("TASK-005"), TaskId::new("TASK-006")],
            criteria: &criteria,
            may_make_section: true,
        };
        let after = added(text, &draft, &is_id).unwrap();
        let tasks = tasks(&after, &is_id);
        let found = tasks.iter().find(|task| task.id == *draft.id).unwrap();
        assert_eq!(found.title, "Search");
        assert_eq!(found.status(&after), Some(Ok(Status::Pending)));
        assert_eq!(found.priority(&after), Some(Ok(Priority::High)));
        assert_eq!(found.kind(&after).as_deref(), Some("feat"));
        assert_eq!(found.dependencies(&after, &is_id), draft.dependencies);
        assert_eq!(found.criteria.len(), 2, "{after}");
        after
    }

    #[test]
    fn a_task_stands_in_the_section_of_its_status_as_a_heading() {
        let text = "# Tasklist\n\n## IN_PROGRESS\n\n## PENDING\n\n## BLOCKED\n";
        assert_eq!(
            written(text),
            "# Tasklist\n\n## IN_PROGRESS\n\n## PENDING\n\n### TASK-008: Search\n\n- **Status**: PENDING\n\
             - **Priority**: HIGH\n- **Type**: feat\n- **Dependencies**: TASK-005, TASK-006\n\
             - **Current Owner**: None\n- **Acceptance Criteria**:\n  - [ ] finds\n  - [ ] ranks\n\n## BLOCKED\n"
        );
    }

    #[test]
    fn a_task_takes_the_form_and_the_line_ends_of_its_neighbours() {
        let item = "# T\r\n\r\n* [x] **[TASK-001]** - One\r\n\t* **Status**: COMPLETED\r\n";
        assert_eq!(
            written(item),
            format!(
                "{item}\r\n* [ ] **[TASK-008]** - Search\r\n\t* **Status**: PENDING\r\n\t* **Priority**: HIGH\r\n\
                 \t* **Type**: feat\r\n\t* **Dependencies**: TASK-005, TASK-006\r\n\t* **Current Owner**: None\r\n\
                 \t* **Acceptance Criteria**:\r\n\t  - [ ] finds\r\n\t  - [ ] ranks\r\n"
            )
        );
        let heading = "#### TASK-001: One\n\nwords\n\n- **Status**: PENDING\n\n# Notes\n\nwords\n";
        let after = written(heading);
        assert!(after.starts_with(
            "#### TASK-001: One\n\nwords\n\n- **Status**: PENDING\n\n#### TASK-008: Search\n"
        ));
        assert!(after.ends_with("ranks\n\n# Notes\n\nwords\n"));
    }

    #[test]
    fn a_section_is_made_where_the_document_has_others_and_nothing_where_it_has_none() {
        let text = "## IN_PROGRESS\n\n- [ ] **[TASK-001]** - One\n  - **Status**: IN_PROGRESS\n";
        let after = written(text);
        let new = "\n## PENDING\n\n- [ ] **[TASK-008]** - Search\n  - **Status**";
        assert!(after.starts_with(&format!("{text}{new}")), "{after}");
        assert!(written("").starts_with("### TASK-008: Search\n\n- **Status**"));
        assert!(written("# T").starts_with("# T\n\n### TASK-008: Search\n"));
    }
}

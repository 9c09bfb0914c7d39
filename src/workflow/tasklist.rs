//! The Tasklist: what it says of one task. Pure. Both forms are read: a heading `### TASK-007: Title` and an item
//! `- [ ] **[TASK-007]** - Title`, each with lines such as `- **Type**: fix` below it.

use crate::id::TaskId;

/// Returns a task's Type, in lower case; none where the task is not there or has none.
pub fn kind_of(text: &str, task: &TaskId) -> Option<String> {
    let mut is_in_task = false;
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        if let Some(mark) = mark {
            fence = match fence {
                None => Some(mark),
                Some(open) if open == mark => None,
                open => open,
            };
            continue;
        }
        if fence.is_some() {
            continue;
        }
        if begins_task(line) {
            is_in_task = names(line, task);
        } else if line.starts_with('#') {
            is_in_task = false;
        } else if is_in_task && let Some(kind) = field(trimmed) {
            return Some(kind);
        }
    }
    None
}

/// Whether a line begins a task in either form.
fn begins_task(line: &str) -> bool {
    line.starts_with("### ") || line.starts_with("- [")
}

/// Whether the first word that could be an id is this task's.
fn names(line: &str, task: &TaskId) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let rest = line.trim_start_matches(['#', ' ']);
    let rest = match rest.strip_prefix("- [") {
        Some(item) => item.split_once(']').map_or("", |(_, rest)| rest),
        None => rest,
    };
    let mut words = rest.split(|letter: char| !is_letter(letter));
    words.find(|word| !word.is_empty()) == Some(task.as_str())
}

/// Reads `- **Type**: fix`.
fn field(line: &str) -> Option<String> {
    let line = line.trim_start_matches(['-', '*', ' ']);
    let rest = line.strip_prefix("Type")?;
    let rest = rest.trim_start_matches(['*', ' ']).strip_prefix(':')?;
    let word = rest.trim_matches(['*', '`', ' ']);
    (!word.is_empty()).then(|| word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Tasklist
## IN_PROGRESS
### TASK-007: Search
- **Status**: IN_PROGRESS
- **Type**: Refactor
### TASK-008: Rank, after TASK-007
- **Priority**: HIGH
```
- **Type**: chore
```
## PENDING
- [ ] **[TASK-009]** - Speed
  - **Type**: `perf`
- [ ] **[TASK-010]** - More
";

    #[test]
    fn a_type_is_read_in_either_form_and_from_no_other_task() {
        let of = |task: &str| kind_of(TEXT, &TaskId::new(task));
        assert_eq!(of("TASK-007").as_deref(), Some("refactor"));
        assert_eq!(of("TASK-008"), None);
        assert_eq!(of("TASK-009").as_deref(), Some("perf"));
        assert_eq!(of("TASK-010"), None);
        assert_eq!(of("TASK-00"), None);
    }
}

//! The devlog: decisions and root causes, newest first, each `### [DEVLOG-0012] - Title` (or of level 2).

use std::collections::HashSet;

use super::edit::Edit;
use super::entries::{self, Entry};
use super::ids::ids;
use crate::id::TaskId;

/// What the entries are numbered by.
const NUMBERED: &str = "DEVLOG-";
/// The fields that name the tasks of an entry.
const OF_TASK: [&str; 5] = ["task", "tasks", "related task", "related tasks", "issue"];

/// A decision, or the cause of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number.
    pub number: u32,
    /// The entry.
    pub entry: Entry,
}

/// Reads the entries, in the order of the document.
pub fn decisions(text: &str) -> Vec<Decision> {
    let found = entries::entries(text, &|name| number(name).is_some()).into_iter();
    let found = found.filter_map(|entry| {
        Some(Decision {
            number: number(&entry.name)?,
            entry,
        })
    });
    found.collect()
}

/// Lists the tasks that an entry belongs to, none twice: those that its fields `Task`, `Related Task` or `Issue` name; where
/// these name none, those of its title.
pub fn tasks_of(text: &str, entry: &Entry, is_id: &dyn Fn(&str) -> bool) -> Vec<TaskId> {
    let fields = entry.fields.iter();
    let fields = fields.filter(|field| OF_TASK.contains(&field.name.as_str()));
    let said: Vec<&str> = fields.map(|field| &text[field.value.clone()]).collect();
    match ids(&said.join(" "), is_id) {
        found if found.is_empty() => ids(&entry.title, is_id),
        found => found,
    }
}

/// Returns the number after the highest.
pub fn next(text: &str) -> u32 {
    let numbers = decisions(text).into_iter().map(|decision| decision.number);
    numbers.max().unwrap_or(0).saturating_add(1)
}

/// Writes a number as the headings do: `DEVLOG-0012`.
pub fn name(number: u32) -> String {
    format!("{NUMBERED}{number:04}")
}

/// Writes an entry; the body is Markdown. The task is named behind a title that does not name it.
///
/// Heading, last field and last line name the task, so that `merge=union` keeps the entry whole, as
/// [`changelog::entry`](super::changelog::entry) says: two branches may well give one number and one title, and a body may end
/// as another does, in a fence of code say, and git would write that line once. Bodies that share more than three lines in a
/// row are the one thing left that it tears.
pub fn entry(
    number: u32,
    title: &str,
    date: &str,
    persona: &str,
    task: &TaskId,
    body: &str,
) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let persona = one_line(persona);
    let title = one_line(title);
    // A longer id that begins alike names another task.
    let is_named = !ids(&title, &|word| word == task.as_str()).is_empty();
    let of = match is_named {
        true => String::new(),
        false => format!(" ({task})"),
    };
    let mut text = format!(
        "### [{}] - {title}{of}\n- **Date**: {}\n- **Persona**: {persona}\n- **Task**: {task}\n",
        name(number),
        one_line(date),
    );
    let body = body.trim();
    if !body.is_empty() {
        text.push_str(&format!("\n{body}\n\n{persona}, [{task}]\n"));
    }
    text
}

/// Puts an entry at the top.
pub fn at_top(text: &str, entry: &str) -> Edit {
    entries::at_top(text, entry, &|name| number(name).is_some())
}

/// Gives each entry whose number an older one has already a number of its own above all others; one edit each.
///
/// Which is older `earlier` says, texts of the devlog from before they met: the first that holds one and lacks the other.
/// Where none does, the dates say it, else the place: the newest stands at the top.
pub fn renumbered(text: &str, earlier: &[String]) -> Vec<Edit> {
    let earlier: Vec<HashSet<(u32, String)>> = earlier
        .iter()
        .map(|text| {
            let entries = decisions(text).into_iter();
            entries.map(|it| (it.number, it.entry.title)).collect()
        })
        .collect();
    let mut oldest_first = decisions(text);
    oldest_first.reverse();
    // The sort is stable, so that the place decides last.
    oldest_first.sort_by_cached_key(|decision| {
        let key = (decision.number, decision.entry.title.clone());
        let is_later: Vec<bool> = earlier.iter().map(|held| !held.contains(&key)).collect();
        let date = decision.entry.value(text, &["date"]).map(str::to_owned);
        (is_later, date)
    });
    let mut seen = HashSet::new();
    let mut next = next(text);
    let mut edits = Vec::new();
    for decision in &oldest_first {
        if seen.insert(decision.number) {
            continue;
        }
        let heading = &text[decision.entry.bytes.clone()];
        if let Some(at) = heading.find(&decision.entry.name) {
            let start = decision.entry.bytes.start + at;
            edits.push(Edit::new(
                start..start + decision.entry.name.len(),
                name(next),
            ));
            next = next.saturating_add(1);
        }
    }
    edits
}

fn number(name: &str) -> Option<u32> {
    let number = name.strip_prefix(NUMBERED)?;
    number
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| number.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::edit::apply;

    #[test]
    fn an_entry_is_written_as_it_is_read() {
        let task = TaskId::new("TASK-007");
        let text = entry(12, "One index", "2025-01-15", "DEV", &task, "Two\nlines.\n");
        assert_eq!(
            text,
            "### [DEVLOG-0012] - One index (TASK-007)
- **Date**: 2025-01-15
- **Persona**: DEV
- **Task**: TASK-007

Two
lines.

DEV, [TASK-007]
"
        );
        let read = &decisions(&text)[0];
        assert_eq!(
            (read.number, read.entry.title.as_str()),
            (12, "One index (TASK-007)")
        );
        assert_eq!(read.entry.value(&text, &["task"]), Some("TASK-007"));
    }

    #[test]
    fn an_entry_names_its_task_where_its_title_names_another_that_begins_alike() {
        let task = TaskId::new("TASK-001");
        for (title, heading) in [
            ("As TASK-0011", "As TASK-0011 (TASK-001)"),
            ("[TASK-001]: one", "[TASK-001]: one"),
        ] {
            let text = entry(1, title, "2025-01-15", "DEV", &task, "");
            assert!(
                text.starts_with(&format!("### [DEVLOG-0001] - {heading}\n")),
                "{text}"
            );
        }
    }

    #[test]
    fn the_tasks_of_an_entry_are_those_of_its_fields_else_of_its_title() {
        let is_id = |word: &str| word.starts_with("TASK-") || word.starts_with("BUG-");
        for (text, expected) in [
            (
                "## [DEVLOG-1] - Like TASK-9\n**Task**: [TASK-1]\n",
                &["TASK-1"][..],
            ),
            (
                "## [DEVLOG-1] - x\n- **Related Task**: TASK-1 (after TASK-2)\n- **Issue**: `BUG-3`, TASK-1\n",
                &["TASK-1", "TASK-2", "BUG-3"],
            ),
            ("## [DEVLOG-1] - x (TASK-4)\n**Task**: none\n", &["TASK-4"]),
            ("## [DEVLOG-1] - x\n\nTASK-4\n", &[]),
        ] {
            let found = tasks_of(text, &decisions(text)[0].entry, &is_id);
            let found: Vec<&str> = found.iter().map(TaskId::as_str).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn the_newer_of_two_with_one_number_gets_the_next() {
        let text = "# Devlog\n\n### [DEVLOG-0002] - Newer\n**Task**: A\n\n### [DEVLOG-0002] - Older\n\n## [DEVLOG-0001] - First: DEVLOG-0002\n";
        let numbers = |text: &str| {
            decisions(text)
                .iter()
                .map(|it| (it.number, it.entry.title.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(next(text), 3);
        let after = apply(text, renumbered(text, &[]));
        assert_eq!(
            numbers(&after),
            [
                (3, "Newer".into()),
                (2, "Older".into()),
                (1, "First: DEVLOG-0002".into())
            ]
        );
        assert_eq!(renumbered(&after, &[]), []);
        assert_eq!(next("# Devlog\n"), 1);
    }

    #[test]
    fn the_older_is_what_was_there_before_then_what_has_the_earlier_date() {
        let entry = |title: &str, date: &str| {
            format!("### [DEVLOG-0001] - {title}\n- **Date**: {date}\n\n")
        };
        let (a, b) = (entry("a", "2025-01-01"), entry("b", "2025-01-02"));
        let first = |text: &str, earlier: &[&str]| {
            let earlier: Vec<String> = earlier.iter().map(|&text| text.to_owned()).collect();
            let after = apply(text, renumbered(text, &earlier));
            let mut decisions = decisions(&after).into_iter();
            decisions.find(|it| it.number == 1).unwrap().entry.title
        };
        for text in [format!("{a}{b}"), format!("{b}{a}")] {
            assert_eq!(first(&text, &[]), "a");
            assert_eq!(first(&text, &[&b]), "b");
            assert_eq!(first(&text, &[&text, &b, &a]), "b");
        }
        let same = [entry("a", "2025-01-01"), entry("b", "2025-01-01")].concat();
        assert_eq!(first(&same, &["# Devlog\n"]), "b");
    }
}

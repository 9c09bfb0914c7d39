//! Documents that were there before the workflow: which file reads as one, in which form, and what is wrong with it.

use std::collections::HashMap;
use std::fmt;

use crate::policy::{Class, FileKind, Policy};
use crate::workflow::outline::line_of;
use crate::workflow::tasklist::{self, Form};
use crate::workflow::{changelog, devlog};

/// A document that there is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The open tasks.
    Tasklist,
    /// The finished ones.
    Changelog,
    /// Decisions and causes.
    Devlog,
}

/// What a text reads as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Of which kind of document.
    pub kind: Kind,
    /// How many tasks or entries it has of the first form: headings that name a task, or a decision.
    pub first: usize,
    /// How many of the second: tasks that are items, entries with numbers of their own.
    pub second: usize,
    /// What is wrong, each with its line.
    pub faults: Vec<(u32, String)>,
    /// Whether it holds what only such a document holds.
    is_one: bool,
}

impl Kind {
    /// All of them, in the order in which the policy names them.
    pub const ALL: [Self; 3] = [Self::Tasklist, Self::Changelog, Self::Devlog];

    /// Returns the policy's key in `[task]`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Tasklist => "tasklist",
            Self::Changelog => "changelog",
            Self::Devlog => "devlog",
        }
    }

    /// Returns what it is made of.
    pub fn part(self) -> &'static str {
        match self {
            Self::Tasklist => "a task",
            Self::Changelog => "an entry of a task that is done",
            Self::Devlog => "a decision",
        }
    }

    /// Returns the place that a policy names.
    pub fn place(self, policy: &Policy) -> &str {
        match self {
            Self::Tasklist => &policy.task.tasklist,
            Self::Changelog => &policy.task.changelog,
            Self::Devlog => &policy.task.devlog,
        }
    }

    /// Lists the files that may be such a document by their names, the likeliest first: those in a folder of the workflow's,
    /// then those nearest to the top. A file that decides how checks run is none, whatever it says, and a name that a glob
    /// would take for a pattern cannot be given to the policy.
    pub fn candidates(self, files: &[String]) -> Vec<&str> {
        let policy = Policy::default();
        let is_plain = |path: &str| !path.contains(['*', '?', '[', ']', '{', '}', '\\', '!']);
        let mut found: Vec<&str> = files
            .iter()
            .map(String::as_str)
            .filter(|path| self.is_named(path) && is_plain(path))
            .filter(|path| {
                let class = policy.class(path.as_bytes(), FileKind::Plain);
                !matches!(class, Class::Policy | Class::Harness)
            })
            .collect();
        let is_apart = |path: &str| !path.to_lowercase().starts_with("context/");
        found.sort_by_key(|path| (is_apart(path), path.matches('/').count(), *path));
        found
    }

    fn is_named(self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let Some(stem) = name.strip_suffix(".md") else {
            return false;
        };
        let stem = stem.replace(['-', '_', ' '], "");
        match self {
            Self::Tasklist => stem == "tasklist" || stem == "tasks",
            Self::Changelog => stem == "changelog",
            Self::Devlog => stem == "devlog",
        }
    }

    /// Reads a text as such a document.
    pub fn read(self, text: &str, policy: &Policy) -> Reading {
        let is_id = |id: &str| policy.is_task(id);
        match self {
            Self::Tasklist => tasks(text, &is_id),
            Self::Changelog => done(text, &is_id),
            Self::Devlog => decisions(text),
        }
    }
}

impl Reading {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            first: 0,
            second: 0,
            faults: Vec::new(),
            is_one: false,
        }
    }

    /// Says whether the text is such a document: it has what only these have, not just headings that look like a task's.
    pub fn is_one(&self) -> bool {
        self.is_one
    }

    fn count(&mut self, is_first: bool) {
        *if is_first {
            &mut self.first
        } else {
            &mut self.second
        } += 1;
    }

    /// Names what stands twice.
    fn twice<'n>(&mut self, names: impl Iterator<Item = (&'n str, u32)>) {
        let mut lines = HashMap::new();
        for (name, line) in names {
            match lines.get(name) {
                Some(first) => self.faults.push((
                    line,
                    format!("`{name}` stands here once more, first on line {first}"),
                )),
                None => {
                    lines.insert(name.to_owned(), line);
                }
            }
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, many, first, second) = match self.kind {
            Kind::Tasklist => ("task", "tasks", " in headings", " in items"),
            Kind::Changelog => ("entry", "entries", " by task", " by number"),
            Kind::Devlog => ("entry", "entries", "", ""),
        };
        let word = if self.first + self.second == 1 {
            one
        } else {
            many
        };
        match (self.first, self.second) {
            (0, 0) => write!(f, "no {one}"),
            (count, 0) => write!(f, "{count} {word}{first}"),
            (0, count) => write!(f, "{count} {word}{second}"),
            (some, others) => {
                let all = some + others;
                write!(f, "{all} {word}: {some}{first}, {others}{second}")
            }
        }
    }
}

fn tasks(text: &str, is_id: &dyn Fn(&str) -> bool) -> Reading {
    let mut reading = Reading::new(Kind::Tasklist);
    let tasks = tasklist::tasks(text, is_id);
    for task in &tasks {
        reading.count(matches!(task.form, Form::Heading(_)));
        reading.is_one |= task.section.is_some() || task.field(&["status"]).is_some();
        for (field, fault) in [
            ("status", task.status(text).and_then(Result::err)),
            ("priority", task.priority(text).and_then(Result::err)),
        ] {
            if let (Some(said), Some(field_at)) = (fault, task.field(&[field])) {
                let line = line_of(text, field_at.value.start);
                let what = format!("`{}` has no {field} that is one: `{said}`", task.id);
                reading.faults.push((line, what));
            }
        }
    }
    reading.twice(tasks.iter().map(|task| (task.id.as_str(), task.line)));
    reading.faults.sort();
    reading
}

fn done(text: &str, is_id: &dyn Fn(&str) -> bool) -> Reading {
    let mut reading = Reading::new(Kind::Changelog);
    let done = changelog::done(text, is_id);
    for it in &done {
        let is_of_task = it.task.as_ref().map(|task| task.as_str()) == Some(&it.entry.name);
        reading.count(is_of_task);
        // Whose versions are named `ABC-1` has such headings too.
        let fields = ["task id", "type", "summary"];
        reading.is_one |= !is_of_task || it.entry.value(text, &fields).is_some();
        if it.task.is_none() {
            let what = format!("`{}` names no task", it.entry.name);
            reading.faults.push((it.entry.line, what));
        }
    }
    reading.twice(
        done.iter()
            .map(|it| (it.entry.name.as_str(), it.entry.line)),
    );
    reading.faults.sort();
    reading
}

fn decisions(text: &str) -> Reading {
    let mut reading = Reading::new(Kind::Devlog);
    let decisions = devlog::decisions(text);
    reading.first = decisions.len();
    reading.is_one = !decisions.is_empty();
    let names = decisions.iter();
    reading.twice(names.map(|it| (it.entry.name.as_str(), it.entry.line)));
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, text: &str) -> (String, bool, Vec<(u32, String)>) {
        let reading = kind.read(text, &Policy::default());
        (reading.to_string(), reading.is_one(), reading.faults)
    }

    #[test]
    fn a_tasklist_is_told_by_its_statuses_with_its_forms_and_faults() {
        let text = "# Tasks\n\n### TASK-1: a\n- **Status**: DONE\n- **Priority**: soon\n\n## PENDING\n\n- [ ] **[TASK-2]** - b\n- [ ] **[TASK-1]** - c\n";
        let (said, is_one, faults) = read(Kind::Tasklist, text);
        assert_eq!(
            (said.as_str(), is_one),
            ("3 tasks: 1 in headings, 2 in items", true)
        );
        assert_eq!(
            faults,
            [
                (4, "`TASK-1` has no status that is one: `DONE`".to_owned()),
                (5, "`TASK-1` has no priority that is one: `soon`".into()),
                (10, "`TASK-1` stands here once more, first on line 3".into()),
            ]
        );
        let (said, is_one, _) = read(Kind::Tasklist, "## UTF-8: how we encode\n\nwords\n");
        assert_eq!((said.as_str(), is_one), ("1 task in headings", false));
    }

    #[test]
    fn a_conventional_changelog_is_no_changelog_of_tasks() {
        for text in [
            "# Changelog\n\n## [Unreleased]\n\n### Added\n- x\n\n## [1.2.0] - 2025-01-01\n",
            "# Changelog\n\n## REL-12: 2025-01-01\n\n- [TASK-1] fixed\n",
        ] {
            assert!(!read(Kind::Changelog, text).1, "{text}");
        }
        let ours =
            "## [CHANGELOG-0002] - b\n\n**Task ID**: TASK-2\n\n### TASK-1: a\n- **Type**: feat\n";
        assert_eq!(
            read(Kind::Changelog, &ours.replace("###", "##")),
            ("2 entries: 1 by task, 1 by number".into(), true, vec![])
        );
    }

    #[test]
    fn a_devlog_is_told_by_its_numbers() {
        let text = "### [DEVLOG-0001] - b\n\n### [DEVLOG-0001] - a\n";
        let (said, is_one, faults) = read(Kind::Devlog, text);
        assert_eq!(
            (said.as_str(), is_one, faults.len()),
            ("2 entries", true, 1)
        );
        assert!(!read(Kind::Devlog, "## 2025-01-01\n\nwords\n").1);
    }

    #[test]
    fn candidates_are_named_alike_the_likeliest_first() {
        let files = [
            "docs/Tasklist.md",
            "CONTEXT/task-list.md",
            "TASKS.md",
            "tasks.txt",
            ".github/tasklist.md",
            "old/my tasklist.md",
            "a{b}/tasklist.md",
        ]
        .map(str::to_owned);
        assert_eq!(
            Kind::Tasklist.candidates(&files),
            ["CONTEXT/task-list.md", "TASKS.md", "docs/Tasklist.md"]
        );
    }
}

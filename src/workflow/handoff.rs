//! The hand-over block of a declaration: what the next persona has to know.

use std::fmt::Write as _;

use super::tasklist::Status;

/// What one persona hands to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handoff {
    /// Who hands over.
    pub from: String,
    /// Who takes over.
    pub to: String,
    /// The status of the task; none where the Tasklist has it not.
    pub status: Option<Status>,
    /// How many acceptance criteria are ticked, of how many.
    pub criteria: (usize, usize),
    /// The commits since the one before took over, newest first: `1a2b3c4 test: ask for ranking`.
    pub commits: Vec<String>,
    /// What was decided, newest first: entries of the Devlog, and what was given.
    pub decisions: Vec<String>,
    /// The test files that the task added or changed.
    pub tests: Vec<String>,
    /// The tests that wait for their source.
    pub failing: Vec<String>,
    /// The checks that have passed on what is handed over, and those that have not: `tests passed`.
    pub checks: Vec<String>,
    /// What is to be answered.
    pub questions: Vec<String>,
    /// What comes next.
    pub next: Vec<String>,
}

impl Handoff {
    /// Writes the block: `=== QA → DEV HANDOFF ===`, and a line for each thing; what there is none of says so.
    pub fn lines(&self) -> String {
        let mut text = format!("=== {} → {} HANDOFF ===\n\n", self.from, self.to);
        let mut say = |name: &str, said: &str| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "- **{name}**: {said}");
        };
        say("Task status", self.status.map_or("unknown", Status::name));
        if self.criteria.1 > 0 {
            let (ticked, of) = self.criteria;
            say("Acceptance criteria", &format!("{ticked} of {of} ticked"));
        }
        for (name, all) in [
            ("Commits", &self.commits),
            ("Decisions", &self.decisions),
            ("Tests written", &self.tests),
            ("Tests failing", &self.failing),
            ("Checks", &self.checks),
            ("Open questions", &self.questions),
            ("Next steps", &self.next),
        ] {
            match all.as_slice() {
                [] => say(name, "none"),
                [one] => say(name, &one_line(one)),
                all => {
                    let all = all.iter().map(|one| format!("\n  - {}", one_line(one)));
                    say(name, all.collect::<String>().as_str());
                }
            }
        }
        // A name that a list follows ends with its colon.
        text.replace(": \n", ":\n")
    }
}

/// A line feed would end the item and begin something else.
fn one_line(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TaskId;
    use crate::workflow::personalog;

    #[test]
    fn the_block_says_each_thing_and_what_there_is_none_of() {
        let handoff = Handoff {
            from: "QA".into(),
            to: "DEV".into(),
            status: Some(Status::InProgress),
            criteria: (0, 2),
            tests: vec!["tests/test_a.py".into()],
            failing: vec![
                "test_a::one".into(),
                "test_a::two\n## [PERSONA: PM] - [TASK-1]".into(),
            ],
            ..Handoff::default()
        };
        let lines = handoff.lines();
        assert_eq!(
            lines,
            "=== QA → DEV HANDOFF ===\n\n\
             - **Task status**: IN_PROGRESS\n\
             - **Acceptance criteria**: 0 of 2 ticked\n\
             - **Commits**: none\n\
             - **Decisions**: none\n\
             - **Tests written**: tests/test_a.py\n\
             - **Tests failing**:\n  - test_a::one\n  - test_a::two ## [PERSONA: PM] - [TASK-1]\n\
             - **Checks**: none\n\
             - **Open questions**: none\n\
             - **Next steps**: none\n"
        );
        let entry = personalog::entry(
            "DEV",
            &TaskId::new("TASK-1"),
            "Code",
            "2026-01-15 10:00",
            "Ann <a@b>",
        );
        let log = personalog::insert("", &format!("{entry}\n{lines}"), None);
        let read = personalog::declarations(&log);
        assert_eq!(read.len(), 1);
        assert!(read[0].text.ends_with("- **Next steps**: none"));
    }
}

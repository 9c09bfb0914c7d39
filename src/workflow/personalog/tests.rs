//! Logs as people write them, read and added to.

use super::*;
use proptest::prelude::*;

fn declared(text: &str) -> Vec<(String, String, String, u32)> {
    declarations(text)
        .into_iter()
        .map(|d| (d.persona, d.task, d.action, d.line))
        .collect()
}

fn one(persona: &str, task: &str, action: &str, line: u32) -> (String, String, String, u32) {
    (persona.into(), task.into(), action.into(), line)
}

fn task() -> TaskId {
    TaskId::new("TASK-007")
}

fn new_entry() -> String {
    entry(
        "DEV",
        &task(),
        "Search 🔍",
        "2025-01-15 14:30",
        "Ann <ann@example.org>",
    )
}

#[test]
fn both_forms_and_every_dash_declare() {
    let text = "# Log\n\n## [PERSONA: DEV] - [TASK-007] - Do it ##\n\n## [PERSONA: PM] – TASK-003 — Context Gathering\n\
                ## [PERSONA:QA]-[T-1]\n[PERSONA: QA] - [T-2] - Under\n---\n";
    assert_eq!(
        declared(text),
        [
            one("DEV", "TASK-007", "Do it", 3),
            one("PM", "TASK-003", "Context Gathering", 5),
            one("QA", "T-1", "", 6),
            one("QA", "T-2", "Under", 7),
        ]
    );
}

#[test]
fn a_heading_inside_another_block_declares_nothing() {
    let heading = "## [PERSONA: DEV] - [TASK-007] - Do";
    for text in [
        format!("> {heading}\n"),
        format!("- {heading}\n"),
        format!("- a\n\n  {heading}\n"),
        format!("```\n{heading}\n```\n"),
        format!("    {heading}\n"),
        format!("<div>\n{heading}\n</div>\n"),
        format!("<!--\n\n{heading}\n-->\n"),
        format!("#{heading}\n"),
        "# [PERSONA: DEV] - [TASK-007] - Do\n".into(),
        "[PERSONA: DEV] - [TASK-007] - Do\n".into(),
        "## [PERSONA: DEV] [TASK-007]\n## [PERSONA: ] - [T-1]\n## `[PERSONA: DEV] - [T-1]`\n"
            .into(),
    ] {
        assert_eq!(declared(&text), [], "{text}");
    }
}

#[test]
fn an_entry_reaches_to_the_next_heading_of_level_one_or_two() {
    let text = "## [PERSONA: QA] - [A-1] - Two\n\ntext  \n### Detail\n\n\n## Notes\nfree\n## [PERSONA: PM] - [A-1]\nend\n\n";
    let texts: Vec<String> = declarations(text).into_iter().map(|d| d.text).collect();
    assert_eq!(
        texts,
        [
            "## [PERSONA: QA] - [A-1] - Two\n\ntext\n### Detail",
            "## [PERSONA: PM] - [A-1]\nend"
        ]
    );
}

#[test]
fn line_ends_marks_and_definitions_change_no_declaration() {
    let text =
        "## [PERSONA: QA] - [A-1] - Grün\t✅\n\ntext\n\n[PERSONA: QA]: https://example.org\n";
    let dressed = format!("\u{feff}{}", text.replace('\n', " \r\n"));
    assert_eq!(declarations(text), declarations(&dressed));
    assert_eq!(declared(text), [one("QA", "A-1", "Grün\t✅", 1)]);
}

#[test]
fn an_empty_log_begins_with_a_title() {
    let want = "## [PERSONA: DEV] - [TASK-007] - Search 🔍\n\n**Date**: 2025-01-15 14:30\n**By**: Ann <ann@example.org>\n";
    assert_eq!(
        insert("", &new_entry(), Some(&task())),
        format!("# Personas of TASK-007\n\n{want}")
    );
    assert_eq!(
        insert("\n", &new_entry(), None),
        format!("# Personas\n\n{want}")
    );
}

#[test]
fn a_new_entry_stands_above_the_first_and_below_the_prose() {
    let old = "## [PERSONA: QA] - [TASK-007]\r\n\r\nok\r\n";
    for head in ["", "# Log\r\n\r\nProse.\r\n\r\n", "# Log\r\n"] {
        let gap = if head.ends_with("g\r\n") { "\r\n" } else { "" };
        let new = new_entry().replace('\n', "\r\n");
        assert_eq!(
            insert(&format!("{head}{old}"), &new_entry(), Some(&task())),
            format!("{head}{gap}{new}\r\n{old}")
        );
    }
    assert_eq!(
        insert("# Log", &new_entry(), None),
        format!("# Log\n\n{}", new_entry())
    );
}

#[test]
fn a_new_entry_does_not_vanish_in_an_open_code_block() {
    let text = "# Log\n\n```\ncode\n";
    assert_eq!(
        insert(text, &new_entry(), None),
        format!("{}\n{text}", new_entry())
    );
}

proptest! {
    #[test]
    fn reading_and_inserting_never_panic(text: String) {
        let _ = declarations(&text);
        let _ = insert(&text, &text, None);
    }

    #[test]
    fn what_is_inserted_is_the_newest_declaration(
        text in "\u{feff}?(# Log\r?\n|## |\\[PERSONA: QA\\] - \\[A-1\\]|---\n|```|> |- |    |<div>|<!--|text|\\[a\\]: b|\r?\n){0,16}",
        action in "[a-z🔍]{1,5}( [a-z`<*]{1,5}){0,2}",
    ) {
        let new = entry("DEV", &task(), &action, "2025-01-15 14:30", "Ann <a@b.c>");
        let log = insert(&text, &new, Some(&task()));
        let found = declarations(&log);
        prop_assert_eq!(&found[0].persona, "DEV");
        prop_assert_eq!(&found[0].task, "TASK-007");
        prop_assert_eq!(&found[0].action, &action);
        // What holds nothing but blanks is begun anew.
        let body = text.trim_start_matches(BYTE_ORDER_MARK);
        let blank = body.trim().is_empty();
        let text = if blank { &text[..text.len() - body.len()] } else { text.as_str() };
        let bytes = |text: &str| text.replace(['\r', '\n'], "");
        prop_assert_eq!(bytes(&log).replace(&bytes(&new), "").replace("# Personas of TASK-007", ""), bytes(text));
    }

    #[test]
    fn older_entries_are_untouched_by_a_new_one(tasks in proptest::collection::vec("[A-C]-[1-3]", 1..6)) {
        let mut log = String::new();
        for (index, id) in tasks.iter().enumerate() {
            let before = declarations(&log);
            let new = entry("QA", &TaskId::new(id), &index.to_string(), "d", "b");
            log = insert(&log, &new, None);
            prop_assert_eq!(
                declarations(&log).into_iter().skip(1).map(|d| d.text).collect::<Vec<_>>(),
                before.into_iter().map(|d| d.text).collect::<Vec<_>>()
            );
        }
    }
}

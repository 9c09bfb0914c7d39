//! Logs before and after, and what is said of them. A file of its own: the rule has many ways to be broken.

use super::super::sample::{LOG, change, merge, message, path, revert, said};
use super::*;
use crate::change::Status;
use crate::id::TaskId;
use crate::policy::Class;
use proptest::prelude::*;

/// Writes a log from entries such as `QA Tests`, newest first.
fn log(entries: &[&str]) -> String {
    let one = |entry: &&str| {
        let (persona, action) = entry.split_once(' ').unwrap_or((entry, "Work"));
        format!("## [PERSONA: {persona}] - [TASK-007] - {action}\n\ntext\n\n")
    };
    entries.iter().map(one).collect()
}

fn moved(bases: &[String], text: Option<String>) -> Change {
    let log = LogChange {
        path: LOG.into(),
        task: Some(TaskId::new("TASK-007")),
        bases: bases.to_vec(),
        text,
    };
    let kind = if bases.len() > 1 {
        merge(&["a"])
    } else {
        change()
    };
    Change {
        logs: vec![log],
        ..kind
    }
}

fn judged(change: &Change) -> Vec<String> {
    said(&check(
        change,
        &message("feat: rank [TASK-007]"),
        &Policy::default(),
    ))
}

fn step(old: &[&str], new: &[&str]) -> Vec<String> {
    judged(&moved(&[log(old)], Some(log(new))))
}

fn restoring(what: &str) -> String {
    format!("{what}; {}", restore(LOG))
}

#[test]
fn every_allowed_step_passes_and_no_other() {
    let personas = ["PM", "QA", "DEV", "TROUBLESHOOT"];
    let mut forbidden = Vec::new();
    for from in personas {
        for to in personas {
            if !step(&[from], &[&format!("{to} Next"), from]).is_empty() {
                forbidden.push(format!("{from} -> {to}"));
            }
        }
    }
    assert_eq!(forbidden, ["PM -> DEV", "DEV -> PM", "TROUBLESHOOT -> QA"]);
}

#[test]
fn a_forbidden_step_is_told_the_way() {
    assert_eq!(
        step(&["DEV"], &["PM Accept", "DEV"]),
        [format!(
            "`TASK-007` goes from DEV to PM, which is forbidden ({LOG}:1); pass through QA: after DEV the log allows DEV, QA, TROUBLESHOOT: `pdd-hooks persona QA TASK-007 \"<action>\"`"
        )]
    );
    assert_eq!(
        step(&["QA"], &["dve Code", "QA"]),
        [format!(
            "`TASK-007` goes from QA to dve, which is forbidden ({LOG}:1); did you mean DEV? after QA the log allows QA, DEV, PM, TROUBLESHOOT: `pdd-hooks persona DEV TASK-007 \"<action>\"`"
        )]
    );
}

#[test]
fn a_task_begins_with_one_who_may() {
    assert_eq!(step(&[], &["QA Tests", "PM"]), [""; 0]);
    assert_eq!(step(&[], &["TROUBLESHOOT"]), [""; 0]);
    let want = [format!(
        "`TASK-007` begins with QA ({LOG}:5); a task begins with PM or TROUBLESHOOT: `pdd-hooks persona PM TASK-007 \"<action>\"`"
    )];
    assert_eq!(step(&[], &["DEV", "QA"]), want);
    assert_eq!(
        judged(&moved(&[], Some(log(&["DEV", "QA"])))),
        want,
        "a root commit"
    );
}

#[test]
fn an_untouched_log_and_one_whose_line_ends_change_pass() {
    assert_eq!(step(&["PM", "DEV"], &["PM", "DEV"]), [""; 0]);
    let old = log(&["QA", "PM"]);
    let new = format!("\u{feff}# Title\r\n\r\n{}", old.replace('\n', " \r\n"));
    assert_eq!(judged(&moved(&[old], Some(new))), [""; 0]);
}

#[test]
fn an_edited_entry_is_named_with_its_line() {
    let old = log(&["QA", "PM"]);
    let new =
        log(&["QA", "QA", "PM"]).replacen("text\n\n## [PERSONA: PM", "more\n\n## [PERSONA: PM", 1);
    let found = judged(&moved(std::slice::from_ref(&old), Some(new)));
    assert!(
        found[0].contains("does not stand above"),
        "a copy on top hides no edit: {found:?}"
    );
    let new = old.replacen("text", "changed", 1);
    assert_eq!(
        judged(&moved(&[old], Some(new))),
        [restoring(&format!(
            "the earlier entry `[PERSONA: QA] - [TASK-007] - Work` is edited ({LOG}:1)"
        ))]
    );
}

#[test]
fn a_removed_entry_and_a_deleted_log_are_named() {
    assert_eq!(
        step(&["QA", "PM"], &["PM"]),
        [restoring(&format!(
            "the entry `[PERSONA: QA] - [TASK-007] - Work` is removed ({LOG})"
        ))]
    );
    assert_eq!(
        judged(&moved(&[log(&["QA", "PM"])], None)),
        [restoring(&format!(
            "the log is deleted, with 2 entries ({LOG})"
        ))]
    );
    assert_eq!(judged(&moved(&["# Title\n".into()], None)), [""; 0]);
}

#[test]
fn a_renamed_heading_is_a_removal_and_a_new_entry_out_of_place() {
    let found = step(&["QA", "DEV", "QA", "PM"], &["QA", "DEV Other", "QA", "PM"]);
    assert_eq!(
        found,
        [
            restoring(&format!(
                "the entry `[PERSONA: DEV] - [TASK-007] - Work` is removed ({LOG})"
            )),
            format!(
                "the new entry `[PERSONA: DEV] - [TASK-007] - Other` does not stand above the earlier ones ({LOG}:5); move it to the top of the entries of `TASK-007`"
            ),
        ]
    );
}

#[test]
fn entries_that_changed_places_are_named() {
    assert_eq!(
        step(&["QA", "PM"], &["PM", "QA"]),
        [restoring(&format!(
            "the entry `[PERSONA: PM] - [TASK-007] - Work` has moved above `[PERSONA: QA] - [TASK-007] - Work`, which is newer ({LOG}:1)"
        ))]
    );
}

#[test]
fn a_merge_keeps_what_every_parent_declares() {
    let (ours, theirs) = (log(&["DEV", "QA", "PM"]), log(&["QA B", "QA", "PM"]));
    let bases = [ours, theirs];
    assert_eq!(
        judged(&moved(&bases, Some(log(&["QA B", "DEV", "QA", "PM"])))),
        [""; 0]
    );
    assert_eq!(
        judged(&moved(&bases, Some(log(&["DEV", "QA", "PM"])))),
        [restoring(&format!(
            "the entry `[PERSONA: QA] - [TASK-007] - B` is removed ({LOG})"
        ))]
    );
    assert_eq!(
        judged(&moved(
            &bases,
            Some(log(&["QA B", "PM New", "DEV", "QA", "PM"]))
        ))
        .len(),
        2,
        "not at the top, and DEV -> PM"
    );
    assert_eq!(
        judged(&moved(&bases, Some(log(&["QA B", "DEV", "QA"])))).len(),
        1,
        "said once, though both parents have it"
    );
}

#[test]
fn tasks_in_one_log_do_not_meet() {
    let other = "## [PERSONA: DEV] - [TASK-008] - Work\n\ntext\n\n";
    let old = format!("{other}{}", log(&["PM"]));
    let new = format!("{}{old}", log(&["QA"]));
    assert_eq!(judged(&moved(&[old], Some(new))), [""; 0]);
}

#[test]
fn a_log_that_rides_along_is_judged_under_any_message() {
    let change = moved(&[log(&["DEV"])], Some(log(&["PM", "DEV"])));
    for subject in ["feat: rank [TASK-001]", "no task", "fixup! x"] {
        assert_eq!(
            check(&change, &message(subject), &Policy::default()).len(),
            1,
            "{subject}"
        );
    }
    let revert = Change {
        logs: change.logs.clone(),
        ..revert("x [TASK-007]")
    };
    assert_eq!(judged(&revert).len(), 1);
}

#[test]
fn adoption_passes() {
    let mut change = moved(&[log(&["DEV"])], Some(log(&["PM", "DEV"])));
    change.kind = Kind::Adoption;
    assert_eq!(judged(&change), [""; 0]);
}

#[test]
fn a_standing_task_writes_its_own_log_as_it_likes_and_no_other() {
    let standing = |owner: Option<&str>, old: &str, new: Option<&str>| {
        let mut change = moved(&[old.to_owned()], new.map(String::from));
        change.paths = vec![path(LOG, Class::Record, Status::Modified)];
        change.logs[0].task = owner.map(TaskId::new);
        said(&check(
            &change,
            &message("docs: x [MAINT-1]"),
            &Policy::default(),
        ))
    };
    let own = log(&["PM", "DEV"]).replace("TASK-007", "MAINT-1");
    assert_eq!(standing(Some("MAINT-1"), &own, Some("gone\n")), [""; 0]);
    assert_eq!(standing(Some("MAINT-1"), &own, None), [""; 0]);
    let (old, new) = (log(&["DEV"]), log(&["PM", "DEV"]));
    let foreign = standing(Some("TASK-007"), &old, Some(&new));
    assert_eq!(foreign.len(), 1, "{foreign:?}");
    assert_eq!(standing(Some("TASK-007"), &old, None).len(), 1);
    let both = format!("{own}{old}");
    assert_eq!(standing(None, &both, Some(&own)).len(), 1);
    assert_eq!(standing(None, &both, Some(&old)), [""; 0]);
}

proptest! {
    #[test]
    fn judging_never_panics_and_accepts_every_log_beside_itself(
        old in proptest::collection::vec("(PM|QA|DEV|X) [ab]", 0..6),
        new in proptest::collection::vec("(PM|QA|DEV|X) [ab]", 0..6),
    ) {
        let text = |entries: &[String]| log(&entries.iter().map(String::as_str).collect::<Vec<_>>());
        let (old, new) = (text(&old), text(&new));
        let _ = judged(&moved(std::slice::from_ref(&old), Some(new.clone())));
        let _ = judged(&moved(&[old.clone(), new.clone()], Some(new)));
        prop_assert_eq!(judged(&moved(&[old.clone(), old.clone()], Some(format!("# Title\n\n{old}")))), Vec::<String>::new());
    }
}

//! PDD006 on hand-built changes.

use super::super::sample::{LOG, change, merge, message, path, revert, said};
use super::*;
use crate::change::{DocumentChange, Status};

const LIST: &str = "# Tasklist\n\n### TASK-007: Search\n- **Status**: IN_PROGRESS\n- **Priority**: HIGH\n- **Current Owner**: Ann\n- **Acceptance Criteria**:\n  - [ ] fast\n- **Notes**: none\n\n#### QA Context Validation ❌\n- [ ] read\n\n#### DEV Context Validation ❌\n- [ ] read\n\n### TASK-008: Other\n- **Status**: PENDING\n";

/// A change of these paths by whom the log says, newest first: in the base, and in the change.
fn by(before: &[&str], new: &[&str], paths: &[(&str, Class)]) -> Change {
    let log = |names: &[&str]| -> String {
        let entries = names.iter();
        entries
            .map(|name| format!("## [PERSONA: {name}] - [TASK-007] - x\n\n"))
            .collect()
    };
    let after: Vec<&str> = new.iter().chain(before).copied().collect();
    let mut change = change();
    change.logs = vec![LogChange {
        path: LOG.into(),
        task: Some(TaskId::new("TASK-007")),
        bases: vec![log(before)],
        text: Some(log(&after)),
    }];
    change.paths = paths
        .iter()
        .map(|(name, class)| path(name, *class, Status::Modified))
        .collect();
    change
}

fn judged(change: &Change) -> Vec<String> {
    said(&check(
        change,
        &message("feat: rank [TASK-007]"),
        &Policy::default(),
    ))
}

/// What is said where this persona changes the Tasklist so.
fn edited(persona: &str, from: &str, to: &str) -> Vec<String> {
    let after = LIST.replacen(from, to, 1);
    assert_ne!(after, LIST, "{from}");
    let change = by(&[persona], &[], &[("context/Tasklist.md", Class::Record)]);
    listed(change, &[LIST], &after)
}

/// What is said of a change that makes this of the Tasklist.
fn listed(mut change: Change, bases: &[&str], after: &str) -> Vec<String> {
    change.documents.tasklist = Some(DocumentChange {
        path: "context/Tasklist.md".into(),
        is_touched: true,
        bases: bases.iter().map(ToString::to_string).collect(),
        text: Some(after.into()),
    });
    judged(&change)
}

#[test]
fn each_class_has_its_owners() {
    let owned = |persona: &str| {
        let all = [
            Class::Policy,
            Class::Harness,
            Class::Record,
            Class::Test,
            Class::Support,
            Class::Manifest,
            Class::Docs,
            Class::Source,
        ];
        let own = all
            .into_iter()
            .filter(|class| judged(&by(&[persona], &[], &[("a", *class)])).is_empty());
        own.map(noun).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(owned("PM"), "policy, harness, a workflow document, docs");
    assert_eq!(owned("QA"), "test, test support");
    assert_eq!(owned("DEV"), "manifest, docs, source");
    assert_eq!(owned("TROUBLESHOOT"), "");
    assert_eq!(owned("ROBOT"), "");
}

#[test]
fn a_refusal_names_the_path_its_owner_and_the_way_there() {
    assert_eq!(
        judged(&by(
            &["QA"],
            &[],
            &[("src/a.rs", Class::Source), ("src/b.rs", Class::Source)]
        )),
        [
            "`src/a.rs` and 1 more path are source, which DEV changes; QA speaks for `TASK-007` (src/a.rs); declare it: `pdd-hooks persona DEV TASK-007 \"<action>\"`"
        ]
    );
    assert_eq!(
        judged(&by(&["PM"], &[], &[("src/a.rs", Class::Source)])),
        [
            "`src/a.rs` is source, which DEV changes; PM speaks for `TASK-007` (src/a.rs); PM hands over through QA: `pdd-hooks persona QA TASK-007 \"<action>\"`, then `pdd-hooks persona DEV TASK-007 \"<action>\"`; or commit it apart: `git restore --staged <path>`"
        ]
    );
}

#[test]
fn who_spoke_last_and_who_is_declared_may_both_change_what_is_theirs() {
    let both = [("src/a.rs", Class::Source), ("tests/a.rs", Class::Test)];
    assert_eq!(judged(&by(&["QA"], &["DEV"], &both)), [""; 0]);
    // Only the newest of the base counts.
    assert_eq!(judged(&by(&["DEV", "QA"], &[], &both)).len(), 1);
    assert_eq!(judged(&by(&[], &["DEV", "QA", "PM"], &both)), [""; 0]);
    // Nobody: PDD004 says so.
    assert_eq!(judged(&by(&[], &[], &both)), [""; 0]);
}

#[test]
fn in_a_merge_who_spoke_last_of_all_parents_speaks() {
    let log = |names: &[&str]| -> String {
        let entries = names.iter().enumerate().rev();
        entries
            .map(|(at, name)| format!("## [PERSONA: {name}] - [TASK-007] - step {at}\n\n"))
            .collect()
    };
    let source = [("src/a.rs", Class::Source)];
    let records = [("context/Changelog.md", Class::Record)];
    let merged = |bases: &[&[&str]], after: &[&str], paths: &[(&str, Class)]| {
        let mut change = by(&[], &[], paths);
        change.kind = Kind::Merge;
        change.logs[0].bases = bases.iter().map(|names| log(names)).collect();
        change.logs[0].text = Some(log(after));
        judged(&change).len()
    };
    let (early, late) = (&["PM"][..], &["PM", "QA", "DEV"][..]);
    for bases in [[early, late], [late, early]] {
        assert_eq!(merged(&bases, late, &source), 0);
        assert_eq!(merged(&bases, late, &records), 1);
        // Who is declared in the merge speaks too.
        let handed = ["PM", "QA", "DEV", "QA", "PM"];
        assert_eq!(merged(&bases, &handed, &records), 0);
    }
}

#[test]
fn source_that_changes_in_its_tests_alone_is_qas() {
    let mut change = by(&["QA"], &[], &[("src/a.rs", Class::Source)]);
    change.paths[0].is_test_within = true;
    assert_eq!(judged(&change), [""; 0]);
    assert!(asks(
        &change,
        &message("test: rank [TASK-007]"),
        &Policy::default()
    ));
}

#[test]
fn the_block_of_the_task_is_shared_by_parts() {
    let parts = [
        ("status", "IN_PROGRESS", "READY_FOR_VALIDATION"),
        ("criteria", "[ ] fast", "[x] fast"),
        (
            "criteria",
            "  - [ ] fast\n",
            "  - [x] fast\n  - [ ] small\n",
        ),
        (
            "QA",
            "#### QA Context Validation ❌\n- [ ] read",
            "#### QA Context Validation ✅\n- [x] read",
        ),
        (
            "DEV",
            "#### DEV Context Validation ❌\n- [ ] read",
            "#### DEV Context Validation ✅\n- [x] read",
        ),
        ("owner", "Ann", "Bob"),
        (
            "times",
            "- **Notes**",
            "- **Started**: 2026-01-15 10:00\n- **Notes**",
        ),
        ("notes", "none", "slow\n  - very"),
        ("priority", "HIGH", "LOW"),
        ("title", "Search", "Find"),
        ("other", "Other", "Another"),
        ("another's", "PENDING", "BLOCKED"),
    ];
    let may = |persona: &str| {
        let own = parts
            .iter()
            .filter(|(_, from, to)| edited(persona, from, to).is_empty());
        own.map(|(name, ..)| *name).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(may("QA"), "status, criteria, criteria, QA");
    assert_eq!(may("DEV"), "DEV, owner, times, notes");
    assert_eq!(may("TROUBLESHOOT"), "");
    assert_eq!(may("PM").split(", ").count(), parts.len());
    assert_eq!(
        edited("QA", "HIGH", "LOW"),
        [
            "the block of `TASK-007` changes beyond status, criteria and QA's checkpoint, which are QA's (context/Tasklist.md:5); declare it: `pdd-hooks persona PM TASK-007 \"<action>\"`"
        ]
    );
    assert_eq!(
        edited("DEV", "[ ] fast", "[x] fast"),
        [
            "the block of `TASK-007` changes beyond owner, times, notes and DEV's checkpoint, which are DEV's (context/Tasklist.md:8); declare it: `pdd-hooks persona QA TASK-007 \"<action>\"`"
        ]
    );
    assert_eq!(
        edited("QA", "PENDING", "BLOCKED"),
        [
            "the Tasklist changes outside of the block of `TASK-007`, which is PM's (context/Tasklist.md:18); declare it: `pdd-hooks persona PM TASK-007 \"<action>\"`"
        ]
    );
}

#[test]
fn a_task_that_moves_to_the_section_of_its_status_is_no_other_change() {
    let block = "### TASK-007: Search\n- **Status**: IN_PROGRESS\n";
    let base = format!("# Tasklist\n\n## IN_PROGRESS\n\n{block}\n## READY_FOR_VALIDATION\n");
    let after = format!(
        "# Tasklist\n\n## IN_PROGRESS\n\n## READY_FOR_VALIDATION\n\n{}",
        block.replace("IN_PROGRESS", "READY_FOR_VALIDATION")
    );
    let by = |persona: &str| by(&[persona], &[], &[("context/Tasklist.md", Class::Record)]);
    assert_eq!(listed(by("QA"), &[&base], &after), [""; 0]);
    // A heading says the status where no field does.
    let silent = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with("- **Status"));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let (base, after) = (silent(&base), silent(&after));
    assert_eq!(listed(by("QA"), &[&base], &after), [""; 0]);
    assert_eq!(listed(by("DEV"), &[&base], &after).len(), 1);
}

#[test]
fn a_line_is_not_taken_from_its_task_by_moving_it_in_or_out() {
    for (from, to) in [
        ("- **Priority**", "  - **Priority**"),
        ("- **Status**: PENDING", "    - **Status**: PENDING"),
        ("### TASK-008", "    ### TASK-008"),
        ("#### QA Context", "    #### QA Context"),
        ("- [ ] read", "    - [ ] read"),
        ("- **Acceptance", "    - **Acceptance"),
    ] {
        assert_eq!(edited("DEV", from, to).len(), 1, "{from}");
        assert_eq!(edited("PM", from, to), [""; 0]);
    }
    // Above a paragraph that goes on, a blank line makes code of what is indented.
    let base = "# Tasklist\n\n### TASK-008: Other\nwords\n    **Status**: PENDING\n\n### TASK-007: Search\n- **Status**: IN_PROGRESS\n";
    let after = base.replace("words\n", "words\n\n");
    let change = by(&["DEV"], &[], &[("context/Tasklist.md", Class::Record)]);
    assert_eq!(
        listed(change, &[base], &after),
        [
            "the Tasklist changes outside of the block of `TASK-007`, which is PM's (context/Tasklist.md:3); DEV hands over through QA: `pdd-hooks persona QA TASK-007 \"<action>\"`, then `pdd-hooks persona PM TASK-007 \"<action>\"`; or commit it apart: `git restore --staged <path>`"
        ]
    );
}

#[test]
fn the_mode_of_a_document_makes_it_nobody_elses() {
    for (document, owner) in [
        ("Tasklist.md", "PM"),
        ("Changelog.md", "PM"),
        ("Devlog.md", "PM"),
    ] {
        let at = format!("context/{document}");
        let by = |persona: &str| judged(&by(&[persona], &[], &[(&at, Class::Source)]));
        assert_eq!(by(owner), [""; 0], "{document}");
        assert_eq!(by("QA").len(), 1, "{document}");
        assert_eq!(by("DEV").is_empty(), document == "Devlog.md");
    }
}

#[test]
fn of_a_tasklist_that_a_merge_changes_by_hand_each_piece_is_a_parents_or_of_who_speaks() {
    let theirs = LIST.replace("PENDING", "BLOCKED").replace("HIGH", "LOW");
    let merged = |personas: &[&str], after: &str, is_conflicted: bool| {
        let mut change = by(personas, &[], &[("context/Tasklist.md", Class::Record)]);
        change.kind = Kind::Merge;
        change.paths[0].is_conflicted = is_conflicted;
        listed(change, &[LIST, &theirs], after)
    };
    let mixed = LIST.replace("PENDING", "BLOCKED");
    assert_eq!(merged(&["DEV"], &mixed, false), [""; 0]);
    let own = mixed.replace("Ann", "Bob");
    assert_eq!(merged(&["DEV"], &own, false), [""; 0]);
    let strange = mixed.replace("BLOCKED", "READY_FOR_VALIDATION");
    assert_eq!(merged(&["DEV"], &strange, false).len(), 1);
    assert_eq!(merged(&["PM"], &strange, false), [""; 0]);
    assert_eq!(merged(&["DEV"], &strange, true), [""; 0]);
    let without = LIST.split("### TASK-008").next().unwrap_or_default();
    assert_eq!(merged(&["DEV"], without, false).len(), 1);
}

#[test]
fn of_an_exact_revert_the_documents_are_judged() {
    let mut change = by(
        &["DEV"],
        &[],
        &[
            ("src/a.rs", Class::Source),
            ("tests/a.rs", Class::Test),
            ("context/Changelog.md", Class::Record),
        ],
    );
    change.kind = revert("feat: x [TASK-007]").kind;
    let found = judged(&change);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("`context/Changelog.md` is a workflow document"));
}

#[test]
fn troubleshoot_takes_up_a_listed_bug_that_nobody_spoke_for() {
    let base = LIST.replace("IN_PROGRESS", "PENDING");
    let up = LIST.replace("Ann", "Bob").replace(
        "- **Notes**",
        "- **Started**: 2026-01-15 10:00\n- **Notes**",
    );
    let list = [("context/Tasklist.md", Class::Record)];
    let first = |personas: &[&str], after: &str| listed(by(&[], personas, &list), &[&base], after);
    assert_eq!(first(&["TROUBLESHOOT"], &up), [""; 0]);
    assert_eq!(
        first(&["TROUBLESHOOT"], &up.replace("HIGH", "LOW")).len(),
        1
    );
    assert_eq!(
        first(&["TROUBLESHOOT"], &base.replace("Ann", "Bob")).len(),
        1
    );
    assert_eq!(first(&["QA"], &up).len(), 1);
    let later = by(&["TROUBLESHOOT"], &[], &list);
    assert_eq!(listed(later, &[&base], &up).len(), 1);
}

#[test]
fn troubleshoot_may_add_one_task_and_write_the_devlog() {
    let bug = |count: usize| -> String {
        let bugs = (1..=count).map(|at| format!("\n### BUG-{at}: Leak\n- **Status**: PENDING\n"));
        format!("PENDING\n{}", bugs.collect::<String>())
    };
    assert_eq!(edited("TROUBLESHOOT", "PENDING\n", &bug(1)), [""; 0]);
    assert_eq!(edited("TROUBLESHOOT", "PENDING\n", &bug(2)).len(), 1);
    assert_eq!(edited("QA", "PENDING\n", &bug(1)).len(), 1);
    for (persona, may) in [
        ("PM", true),
        ("DEV", true),
        ("TROUBLESHOOT", true),
        ("QA", false),
    ] {
        let change = by(&[persona], &[], &[("context/Devlog.md", Class::Record)]);
        assert_eq!(judged(&change).is_empty(), may, "{persona}");
    }
}

#[test]
fn everyone_declares_and_pm_alone_writes_the_changelog() {
    let log = ("context/personalog/TASK-009.md", Class::Record);
    assert_eq!(judged(&by(&["TROUBLESHOOT"], &[], &[log])), [""; 0]);
    assert_eq!(
        judged(&by(
            &["DEV"],
            &[],
            &[("context/Changelog.md", Class::Record)]
        )),
        [
            "`context/Changelog.md` is a workflow document, which PM changes; DEV speaks for `TASK-007` (context/Changelog.md); DEV hands over through QA: `pdd-hooks persona QA TASK-007 \"<action>\"`, then `pdd-hooks persona PM TASK-007 \"<action>\"`; or commit it apart: `git restore --staged <path>`"
        ]
    );
}

#[test]
fn what_is_judged_elsewhere_passes() {
    let source = [("src/a.rs", Class::Source)];
    let of = |kind: Kind| Change {
        kind,
        ..by(&["PM"], &[], &source)
    };
    for kind in [
        Kind::Adoption,
        Kind::Squash,
        revert("feat: x [TASK-007]").kind,
    ] {
        assert_eq!(judged(&of(kind)), [""; 0]);
    }
    let mut merged = merge(&[]);
    let changelog = "context/Changelog.md";
    merged.paths = vec![path(changelog, Class::Record, Status::Modified)];
    assert_eq!(judged(&merged).len(), 1);
    merged.paths[0].is_conflicted = true;
    assert_eq!(judged(&merged), [""; 0]);
    merged.paths = vec![path("tests/a.rs", Class::Test, Status::Modified)];
    assert_eq!(judged(&merged).len(), 1);
    let standing = by(&["PM"], &[], &[("Cargo.toml", Class::Manifest)]);
    let message = message("build: bump [MAINT-1]");
    assert_eq!(check(&standing, &message, &Policy::default()), []);
}

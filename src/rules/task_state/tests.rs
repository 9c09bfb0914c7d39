//! PDD003 on hand-built changes.

use super::super::sample::{change, merge, message, path, revert, said};
use super::*;
use crate::change::Status as PathStatus;

const LIST: &str = "# Tasklist\n\n### TASK-007: Search\n- **Status**: IN_PROGRESS\n- **Dependencies**: TASK-005 (Schema)\n\n#### PM Context Validation ✅\n- [x] read\n\n#### DEV Context Validation ❌\n- [ ] read\n\n### TASK-005: Schema\n- **Status**: COMPLETED\n";

fn listed(before: &str, after: &str, class: Class) -> Change {
    let mut change = change();
    change.paths = vec![path("a", class, PathStatus::Modified)];
    change.documents.tasklist = Some(DocumentChange {
        path: "Tasklist.md".into(),
        is_touched: false,
        bases: vec![before.into()],
        text: Some(after.into()),
    });
    change.documents.changelog = Some(DocumentChange {
        path: "Changelog.md".into(),
        is_touched: false,
        bases: vec![String::new()],
        text: Some("### TASK-004: Old\n".into()),
    });
    change
}

fn judged(change: &Change) -> Vec<String> {
    let message = message("feat: rank [TASK-007]");
    said(&check(change, &message, &Policy::default()))
}

fn of(text: &str) -> Vec<String> {
    judged(&listed(text, text, Class::Test))
}

#[test]
fn a_task_is_worked_on_before_the_change_or_after_it() {
    assert_eq!(of(LIST), [""; 0]);
    let pending = LIST.replace("IN_PROGRESS", "PENDING");
    assert_eq!(judged(&listed(&pending, LIST, Class::Test)), [""; 0]);
    let blocked = LIST.replace("IN_PROGRESS", "BLOCKED");
    assert_eq!(judged(&listed(LIST, &blocked, Class::Test)), [""; 0]);
    assert_eq!(judged(&listed(LIST, "# Tasklist\n", Class::Test)), [""; 0]);
    assert_eq!(
        of(&pending),
        [
            "`TASK-007` is PENDING: source and tests change under a task that is IN_PROGRESS or READY_FOR_VALIDATION (Tasklist.md:3); pdd-hooks task start TASK-007"
        ]
    );
    assert!(of(&blocked)[0].ends_with("; pdd-hooks task unblock TASK-007"));
    assert_eq!(
        of("# Tasklist\n"),
        [
            "the Tasklist has no task `TASK-007` (Tasklist.md); PM adds it: `pdd-hooks task new \"<title>\" --id TASK-007`, then `pdd-hooks task start TASK-007`"
        ]
    );
}

#[test]
fn each_dependency_is_done_in_either_document() {
    let on = |text: &str| of(&LIST.replace("TASK-005 (Schema)", text));
    assert_eq!(on("TASK-004"), [""; 0]);
    assert_eq!(on("None"), [""; 0]);
    assert_eq!(
        on("TASK-009"),
        [
            "`TASK-007` depends on `TASK-009`, which stands in neither the Tasklist nor the Changelog (Tasklist.md:5); finish `TASK-009` first, or PM takes it out of the Dependencies"
        ]
    );
    let open = LIST.replace("COMPLETED", "PENDING");
    assert!(
        of(&open)[0]
            .starts_with("`TASK-007` depends on `TASK-005`, which is PENDING (Tasklist.md:5)")
    );
}

#[test]
fn open_checkpoints_stop_source_and_those_of_pm_and_qa_tests_too() {
    assert_eq!(
        judged(&listed(LIST, LIST, Class::Source)),
        [
            "`DEV Context Validation` of `TASK-007` has an open box (Tasklist.md:10); do what it lists, tick it (`- [x]`, and ✅ behind its name) and stage `Tasklist.md`; DEV ticks it: `pdd-hooks handoff DEV` where another speaks"
        ]
    );
    let mut within = listed(LIST, LIST, Class::Source);
    within.paths[0].is_test_within = true;
    assert_eq!(judged(&within), [""; 0]);
    let marked = LIST.replace("PM Context Validation ✅", "PM Context Validation ❌");
    assert!(
        of(&marked)[0]
            .starts_with("`PM Context Validation` of `TASK-007` is marked ❌ (Tasklist.md:7)")
    );
    let ticked = LIST.replace('❌', "✅").replace("[ ]", "[x]");
    assert_eq!(judged(&listed(LIST, &ticked, Class::Source)), [""; 0]);
}

#[test]
fn a_checkpoint_of_all_validations_is_asked_for_where_source_changes() {
    let all = LIST.replace("DEV Context Validation", "All Validations");
    assert_eq!(of(&all), [""; 0]);
    assert_eq!(judged(&listed(&all, &all, Class::Source)).len(), 1);
}

#[test]
fn a_status_that_is_none_is_named_with_the_near_one() {
    let end = ": source and tests change under a task that is IN_PROGRESS or READY_FOR_VALIDATION (Tasklist.md:3); ";
    for (status, is, help) in [
        (
            "IN_PROGRES",
            "`IN_PROGRES`, which is no status",
            "did you mean IN_PROGRESS? QA or PM mends it",
        ),
        (
            "DOING",
            "`DOING`, which is no status",
            "QA or PM mends it: a task is PENDING, IN_PROGRESS, BLOCKED, READY_FOR_VALIDATION, COMPLETED",
        ),
        (
            "",
            "of no status",
            "PM writes `- **Status**: PENDING` below the title of `TASK-007`",
        ),
    ] {
        let said = of(&LIST.replacen("IN_PROGRESS", status, 1));
        assert_eq!(said, [format!("`TASK-007` is {is}{end}{help}")]);
    }
}

#[test]
fn documents_reverts_adoptions_and_what_merging_gives_pass() {
    let none = "# Tasklist\n";
    for class in [Class::Record, Class::Docs, Class::Manifest, Class::Policy] {
        assert_eq!(judged(&listed(none, none, class)), [""; 0]);
    }
    let bare = listed(none, none, Class::Source);
    for kind in [
        Kind::Adoption,
        Kind::Squash,
        revert("feat: x [TASK-007]").kind,
    ] {
        assert_eq!(
            judged(&Change {
                kind,
                ..bare.clone()
            }),
            [""; 0]
        );
    }
    let mut merged = bare.clone();
    merged.kind = merge(&[]).kind;
    assert_eq!(judged(&merged).len(), 1);
    merged.paths.clear();
    assert_eq!(judged(&merged), [""; 0]);
}

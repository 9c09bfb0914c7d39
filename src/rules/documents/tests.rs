//! PDD012 on hand-built changes.

use super::super::sample::{change, message, path, said};
use super::*;
use crate::change::{DocumentChange, Status};
use crate::policy::Class;

fn task(id: &str, status: &str) -> String {
    format!(
        "### {id}: Search\n- **Status**: {status}\n- **Acceptance Criteria**:\n  - [x] fast\n\n"
    )
}

fn list(tasks: &[(&str, &str)]) -> String {
    let tasks: String = tasks.iter().map(|(id, status)| task(id, status)).collect();
    format!("# Tasklist\n\n{tasks}")
}

fn document(path: &str, bases: &[&str], text: &str) -> Option<DocumentChange> {
    Some(DocumentChange {
        path: path.into(),
        is_touched: bases.iter().any(|base| *base != text) || bases.is_empty(),
        bases: bases.iter().map(ToString::to_string).collect(),
        text: Some(text.into()),
    })
}

fn judged(change: &Change) -> Vec<String> {
    said(&check(
        change,
        &message("docs: plan [TASK-007]"),
        &Policy::default(),
    ))
}

/// What is said of a Tasklist that becomes another.
fn tasks_said(before: &str, after: &str) -> Vec<String> {
    moved(&[before], after, "", "")
}

fn moved(before: &[&str], after: &str, log_before: &str, log_after: &str) -> Vec<String> {
    let mut change = change();
    change.documents.tasklist = document("Tasklist.md", before, after);
    change.documents.changelog = document("Changelog.md", &[log_before], log_after);
    judged(&change)
}

/// What is said of the first finding, without the help.
fn first(said: &[String]) -> &str {
    said.first()
        .map_or("", |it| it.split("; ").next().unwrap_or_default())
}

#[test]
fn each_move_of_a_status_passes_or_is_refused_with_its_line() {
    let all = ["PENDING", "IN_PROGRESS", "BLOCKED", "READY_FOR_VALIDATION"];
    for from in all {
        for to in all {
            let found = tasks_said(&list(&[("TASK-7", from)]), &list(&[("TASK-7", to)]));
            let is_allowed = !matches!(
                (from, to),
                ("PENDING", "READY_FOR_VALIDATION")
                    | ("IN_PROGRESS" | "READY_FOR_VALIDATION", "PENDING")
            );
            match is_allowed {
                true => assert_eq!(found, [""; 0], "{from} -> {to}"),
                false => assert_eq!(
                    first(&found),
                    format!("`TASK-7` goes from {from} to {to} (Tasklist.md:4)")
                ),
            }
        }
    }
    assert_eq!(
        tasks_said(
            &list(&[("TASK-7", "IN_PROGRESS")]),
            &list(&[("TASK-7", "PENDING")])
        ),
        [
            "`TASK-7` goes from IN_PROGRESS to PENDING (Tasklist.md:4); from IN_PROGRESS a task goes to BLOCKED or READY_FOR_VALIDATION"
        ]
    );
}

#[test]
fn a_status_that_is_none_is_named_with_the_near_one_unless_it_stood_there() {
    let odd = list(&[("TASK-7", "IN_PROGRES")]);
    assert_eq!(
        tasks_said(&list(&[("TASK-7", "PENDING")]), &odd),
        [
            "`TASK-7` has the status `IN_PROGRES`, which is none (Tasklist.md:4); did you mean IN_PROGRESS?"
        ]
    );
    assert_eq!(tasks_said(&odd, &odd.replace("fast", "slow")), [""; 0]);
    assert_eq!(
        tasks_said("", "# Tasklist\n\n### TASK-7: Search\n"),
        ["`TASK-7` has no status (Tasklist.md:3); write `- **Status**: PENDING` below its title"]
    );
    assert_eq!(
        tasks_said("", "## PENDING\n\n- [ ] **[TASK-7]** - Search\n"),
        [""; 0]
    );
}

#[test]
fn an_id_belongs_to_one_task() {
    let twice = list(&[
        ("TASK-7", "PENDING"),
        ("TASK-8", "PENDING"),
        ("TASK-7", "PENDING"),
    ]);
    let found = tasks_said(&list(&[("TASK-7", "PENDING")]), &twice);
    assert_eq!(
        found,
        [
            "`TASK-7` stands here and in line 3 (Tasklist.md:13); give one of them the next free id, or take one out"
        ]
    );
    assert_eq!(
        tasks_said(&twice, &twice.replace("TASK-8: Search", "TASK-8: Find")),
        [""; 0]
    );
}

#[test]
fn a_task_may_begin_with_the_work_on_it_but_not_behind_it() {
    for status in ["PENDING", "IN_PROGRESS", "BLOCKED"] {
        assert_eq!(tasks_said("", &list(&[("TASK-7", status)])), [""; 0]);
    }
    let found = tasks_said("", &list(&[("TASK-7", "READY_FOR_VALIDATION")]));
    assert_eq!(
        first(&found),
        "`TASK-7` is new and READY_FOR_VALIDATION (Tasklist.md:4)"
    );
}

#[test]
fn what_is_completed_leaves_the_tasklist_for_the_changelog() {
    let ready = list(&[("TASK-7", "READY_FOR_VALIDATION")]);
    let entry = "### TASK-7: Search\n- **Type**: feat\n";
    let without = "# Tasklist\n";
    assert_eq!(moved(&[&ready], without, "", entry), [""; 0]);
    let stays = tasks_said(&ready, &list(&[("TASK-7", "COMPLETED")]));
    assert_eq!(
        stays,
        [
            "`TASK-7` is COMPLETED and still in the Tasklist (Tasklist.md:4); PM moves it to the Changelog: `pdd-hooks task complete TASK-7`"
        ]
    );
    let both = moved(&[&ready], &ready, "", entry);
    assert_eq!(
        first(&both),
        "`TASK-7` is in the Changelog and still in the Tasklist (Tasklist.md:4)"
    );
    let early = moved(&[&list(&[("TASK-7", "IN_PROGRESS")])], without, "", entry);
    assert_eq!(
        first(&early),
        "`TASK-7` goes from IN_PROGRESS to the Changelog (Tasklist.md)"
    );
    let open = ready.replace("[x]", "[ ]");
    let open = moved(&[&open], without, "", entry);
    assert_eq!(
        first(&open),
        "`TASK-7` is COMPLETED with an open acceptance criterion: `fast` (Tasklist.md)"
    );
    // As the guide has it: a list of what is done, from before the workflow was adopted.
    let done = list(&[("TASK-7", "COMPLETED")]);
    assert_eq!(tasks_said(&done, &done.replace("fast", "slow")), [""; 0]);
    assert_eq!(moved(&[&done], without, "", entry), [""; 0]);
    let back = tasks_said(&done, &list(&[("TASK-7", "IN_PROGRESS")]));
    assert_eq!(
        first(&back),
        "`TASK-7` goes from COMPLETED to IN_PROGRESS (Tasklist.md:4)"
    );
}

#[test]
fn what_is_done_does_not_begin_anew() {
    let open = list(&[("TASK-7", "IN_PROGRESS")]);
    let entry = "### TASK-7: Search\n- **Type**: feat\n";
    for after in [entry, ""] {
        assert_eq!(
            moved(&["# Tasklist\n"], &open, entry, after),
            [
                "`TASK-7` is COMPLETED in the Changelog, and begins anew (Tasklist.md:4); a task of its own takes up what is left: `pdd-hooks task new \"<title>\"`"
            ]
        );
    }
    // What stood in both before is nobody's fault now.
    assert_eq!(
        moved(&[&open], &open.replace("fast", "slow"), entry, entry),
        [""; 0]
    );
    // One side of a merge had moved it.
    let mut change = change();
    change.documents.tasklist = document(
        "Tasklist.md",
        &["# Tasklist\n", &open],
        &open.replace("fast", "slow"),
    );
    change.documents.changelog = document("Changelog.md", &[entry, ""], entry);
    assert_eq!(
        first(&judged(&change)),
        "`TASK-7` is in the Changelog and still in the Tasklist (Tasklist.md:4)"
    );
}

#[test]
fn a_standing_task_is_in_both_and_in_the_changelog_as_often_as_it_likes() {
    let standing = list(&[("MAINT-1", "IN_PROGRESS")]);
    let entry = |title: &str| format!("### MAINT-1: {title}\n- **Type**: chore\n\n");
    let before = entry("Bump");
    let after = format!("{}{before}", entry("Typo"));
    assert_eq!(moved(&[&standing], &standing, "", &before), [""; 0]);
    assert_eq!(moved(&[&standing], &standing, &before, &after), [""; 0]);
}

#[test]
fn a_document_is_a_plain_file() {
    let said = |name: &str, mode: Mode| {
        let mut change = change();
        change.paths = vec![path(name, Class::Source, Status::Modified)];
        change.paths[0].mode = mode;
        judged(&change)
    };
    for name in ["Tasklist", "Changelog", "Devlog", "personalog/TASK-007"] {
        let name = format!("context/{name}.md");
        assert_eq!(said(&name, Mode::Plain), [""; 0]);
        assert_eq!(
            said(&name, Mode::Executable),
            [format!(
                "`{name}` may be run, and is no document under that mode ({name}); `chmod -x {name} && git add {name}`; where git looks at no modes, `git update-index --chmod=-x {name}`"
            )]
        );
        assert_eq!(
            said(&name, Mode::Other),
            [format!(
                "`{name}` is a link, and is no document under that mode ({name}); put the document itself in its place, and `git add {name}`"
            )]
        );
    }
    assert_eq!(said("build.sh", Mode::Executable), [""; 0]);
}

#[test]
fn a_task_that_nobody_works_on_may_be_dropped() {
    for status in ["PENDING", "BLOCKED"] {
        assert_eq!(
            tasks_said(&list(&[("TASK-7", status)]), "# Tasklist\n"),
            [""; 0]
        );
    }
    let found = tasks_said(&list(&[("TASK-7", "IN_PROGRESS")]), "# Tasklist\n");
    assert_eq!(
        first(&found),
        "`TASK-7`, which is IN_PROGRESS, is gone from the Tasklist and stands in no entry of the Changelog (Tasklist.md)"
    );
}

#[test]
fn a_merge_may_take_either_side() {
    let (mine, theirs) = (
        list(&[("TASK-7", "PENDING")]),
        list(&[("TASK-7", "READY_FOR_VALIDATION")]),
    );
    assert_eq!(
        moved(&[&mine, &theirs], &theirs.replace("fast", "slow"), "", ""),
        [""; 0]
    );
    assert_eq!(
        moved(&[&mine, "# Tasklist\n"], "# Tasks\n", "", ""),
        [""; 0]
    );
}

#[test]
fn a_new_entry_stands_on_top_under_a_number_of_its_own() {
    let log = |entries: &[&str]| -> String {
        let entries: String = entries
            .iter()
            .map(|it| format!("## [DEVLOG-{it}\n\nwords\n\n"))
            .collect();
        format!("# Devlog\n\n{entries}")
    };
    let judged = |before: &[&str], after: &[&str]| {
        let mut change = change();
        change.documents.devlog = document("Devlog.md", &[&log(before)], &log(after));
        judged(&change)
    };
    let before = ["0002] - b", "0001] - a"];
    assert_eq!(
        judged(&before, &["0003] - c", "0002] - b", "0001] - a"]),
        [""; 0]
    );
    assert_eq!(
        judged(&before, &["0002] - b", "0003] - c", "0001] - a"]),
        [
            "the new entry `DEVLOG-0003` does not stand above the earlier ones (Devlog.md:7); move it to the top, below the title and its prose"
        ]
    );
    assert_eq!(
        judged(&before, &["0002] - c", "0002] - b", "0001] - a"]),
        [
            "`DEVLOG-0002` stands here and in line 7 (Devlog.md:3); `pdd-hooks doctor --fix` gives the newer one the next number"
        ]
    );
    // After a merge one is renumbered where it stands, and a title is mended.
    let twice = ["0003] - d", "0002] - c", "0002] - b"];
    assert_eq!(
        judged(&twice, &["0003] - d", "0004] - c", "0002] - b"]),
        [""; 0]
    );
    assert_eq!(
        judged(&twice, &["0003] - D", "0002] - c", "0002] - b"]),
        [""; 0]
    );
}

#[test]
fn a_task_has_one_entry_in_the_changelog_whatever_its_form() {
    let before = "# Changelog\n\n### TASK-6: Limits\n\n- **Type**: feat\n";
    let numbered = "## [CHANGELOG-0042] - Limits\n\n**Task ID**: TASK-6\n\n";
    let after = before
        .replace("### ", &format!("{numbered}### "))
        .replace("### TASK-6: Limits", "## TASK-6: Limits");
    let found = moved(&[""], "", before, &after);
    assert_eq!(
        found,
        [
            "`TASK-6` stands here and in line 7 (Changelog.md:3); one entry a task: merge the two entries of `TASK-6` into one"
        ]
    );
}

/// In another clone, and on a server, nothing says that a commit was rebased.
#[test]
fn in_history_an_entry_is_judged_among_those_of_its_task() {
    let of = |task: &str| format!("## [DEVLOG-0001] - A word ({task})\n- **Task**: {task}\n\n");
    let judged = |before: &str, after: &str| {
        let mut change = change();
        change.place =
            crate::change::Place::Commit(crate::id::CommitId::new("1"), "docs: x".into());
        change.documents.devlog = document("Devlog.md", &[before], after);
        judged(&change)
    };
    let (one, two) = (of("TASK-1"), of("TASK-2"));
    assert_eq!(judged(&one, &format!("{one}{two}")), [""; 0]);
    let again = one.replace("A word", "Another");
    let same = judged(&one, &format!("{one}{again}"));
    assert_eq!(same.len(), 2, "{same:?}");
    // Another field names the task, or the title does, or nothing.
    let other = again.replace("**Task**", "**Related Task**");
    assert_eq!(judged(&one, &format!("{one}{other}")).len(), 2);
    let bare = |title: &str| format!("## [DEVLOG-0001] - {title}\n\nwords\n\n");
    assert_eq!(
        judged(&one, &format!("{one}{}", bare("More of TASK-1"))).len(),
        2
    );
    assert_eq!(
        judged(&bare("A"), &format!("{}{}", bare("A"), bare("B"))),
        [""; 0]
    );
}

#[test]
fn the_adoption_brings_what_is_there() {
    let mut change = change();
    change.kind = Kind::Adoption;
    change.documents.tasklist = document("Tasklist.md", &[""], &list(&[("TASK-7", "COMPLETED")]));
    assert_eq!(judged(&change), [""; 0]);
}

/// With each entry looked for among all others it would take minutes.
#[expect(
    clippy::disallowed_methods,
    reason = "the test takes the time, no rule does"
)]
#[test]
fn fifty_thousand_entries_of_a_log_are_judged_at_once() {
    let log = |entries: usize, of: &str| -> String {
        let entry = |it| format!("## [DEVLOG-{it:05}] - {of} {it}\n\n**Task**: TASK-{it}\n\n");
        (0..entries).rev().map(entry).collect()
    };
    let mut change = change();
    let (before, after) = (log(25_000, "Of"), log(50_000, "About"));
    change.documents.devlog = document("Devlog.md", &[&before], &after);
    let start = std::time::Instant::now();
    assert_eq!(judged(&change), [""; 0]);
    let took = start.elapsed();
    assert!(took.as_secs() < 20, "{took:?}");
}

//! `block` and `unblock`.

use super::{HEADINGS, ITEMS, TASKLIST, differs, planned};

#[test]
fn a_task_is_blocked_with_its_reason_and_unblocked_as_it_was() {
    for (text, expected) in [
        (
            HEADINGS.replace("## BLOCKED", "## Later"),
            vec![
                "-- **Status**: PENDING\n",
                "-- **Priority**: P2\n",
                "-- **Dependencies**: TASK-002\n",
                "-- **Current Owner**: None\n",
                "-- **Acceptance Criteria**:\n",
                "-  - [x] finds a word\n",
                "-  - [ ] ranks: by relevance\n",
                "-- **Notes**: see `src/index.rs`\n",
                "+- **Status**: BLOCKED\n",
                "+- **Priority**: P2\n",
                "+- **Dependencies**: TASK-002\n",
                "+- **Current Owner**: None\n",
                "+- **Acceptance Criteria**:\n",
                "+  - [x] finds a word\n",
                "+  - [ ] ranks: by relevance\n",
                "+- **Notes**: BLOCKED - no key yet (was PENDING); see `src/index.rs`\n",
            ],
        ),
        (
            ITEMS.to_owned(),
            vec![
                "-\t- **Status**: PENDING\r\n",
                "-\t- **Priority**: P1 (High)\r\n",
                "-\t- **Dependencies**: [TASK-002]\r\n",
                "-\t- **Assigned**: None\r\n",
                "+\t- **Status**: BLOCKED\r\n",
                "+\t- **Priority**: P1 (High)\r\n",
                "+\t- **Dependencies**: [TASK-002]\r\n",
                "+\t- **Assigned**: None\r\n",
                "+\t- **Notes**: BLOCKED - no key yet (was PENDING)\r\n",
            ],
        ),
    ] {
        let repo = planned(&text);
        let folder = repo.at("context");
        let block = repo.pdd_in(&folder, &["task", "block", "TASK-007", "no", "key yet"]);
        let title = if text == ITEMS {
            "Search by word 🔍"
        } else {
            "Search by word"
        };
        assert_eq!(
            block.ok().stdout,
            format!(
                "blocked TASK-007, staged: no key yet\ngit commit -m \"docs(tasks): block TASK-007 {title} [MAINT-1]\"\n"
            )
        );
        assert_eq!(differs(&text, &repo.read(TASKLIST)), expected);
        let _ = repo.commit("docs(tasks): block TASK-007 [MAINT-1]").ok();
        let unblock = repo.pdd(&["task", "unblock", "TASK-007"]).ok().stdout;
        assert!(unblock.starts_with("unblocked TASK-007, staged: it is PENDING\n"));
        assert_eq!(repo.read(TASKLIST), text);
        assert_eq!(repo.ask(&["diff", "--cached", "--name-only"]), TASKLIST);
    }
}

#[test]
fn a_task_moves_to_the_section_of_what_is_blocked_and_back() {
    let repo = planned(HEADINGS);
    let _ = repo.pdd(&["task", "block", "TASK-005", "no key"]).ok();
    let text = repo.read(TASKLIST);
    let (_, blocked) = text.split_once("## BLOCKED\n").unwrap();
    assert!(blocked.contains("### TASK-005: Schema\n\n- **Status**: BLOCKED\n"));
    let list = repo.pdd(&["task", "list", "--status", "blocked"]).ok();
    assert_eq!(list.stdout, "TASK-005  BLOCKED  HIGH  Bob  Schema\n");
    let _ = repo.pdd(&["task", "unblock", "TASK-005"]).ok();
    assert!(
        repo.read(TASKLIST)
            .contains("## IN_PROGRESS\n\n### TASK-005: Schema\n")
    );
}

#[test]
fn what_is_blocked_is_not_blocked_and_what_is_not_is_not_unblocked() {
    let repo = planned(HEADINGS);
    assert_eq!(
        repo.pdd(&["task", "unblock", "TASK-007"]).text(),
        "exit: 1
--- stdout
--- stderr
error: `TASK-007` cannot be unblocked: one thing is missing
 - it is PENDING, not BLOCKED
   = help: pdd-hooks task list --status BLOCKED
"
    );
    assert_eq!(repo.pdd(&["task", "block", "TASK-007"]).code(), 2);
    let empty = repo.pdd(&["task", "block", "TASK-007", " "]);
    assert!(empty.stderr.starts_with("error: no reason was given\n"));
    let _ = repo.pdd(&["task", "block", "TASK-007", "x"]).ok();
    let again = repo.pdd(&["task", "block", "TASK-007", "y"]);
    assert_eq!(again.code(), 1);
    assert!(
        again
            .stderr
            .contains(" - it is BLOCKED already\n   = help: pdd-hooks task unblock TASK-007\n")
    );
}

//! The registry of rules as users see it: codes, names and the table of the README.

use pdd_hooks::rules::{RULES, table};

#[test]
fn codes_and_names_never_change_meaning() {
    let list: Vec<String> = RULES
        .iter()
        .map(|rule| format!("{} {}", rule.code, rule.name))
        .collect();
    assert_eq!(
        list,
        [
            "PDD001 task-id",
            "PDD002 message-format",
            "PDD003 task-state",
            "PDD004 persona",
            "PDD005 transition",
            "PDD006 boundary",
            "PDD007 branch",
            "PDD008 validation",
            "PDD009 red-first",
            "PDD010 approval",
            "PDD011 policy",
            "PDD012 documents",
            "PDD013 contract",
            "PDD014 deep-access",
        ]
    );
}

#[test]
fn the_table_has_one_line_a_rule() {
    insta::assert_snapshot!(table(), @r"
    | code | name | from moment | refuses |
    | --- | --- | --- | --- |
    | PDD001 | task-id | message | a subject that does not name exactly one task in brackets |
    | PDD002 | message-format | message | a subject that is not `type(scope): description [TASK-ID]` |
    | PDD003 | task-state | message | source or tests under a task that is not in progress, waits for another, or has an open context checkpoint |
    | PDD004 | persona | message | a task whose persona log declares nobody |
    | PDD005 | transition | message | a forbidden step in a persona log; an entry changed, removed, or not at the top |
    | PDD006 | boundary | message | a path that neither the task's persona nor those that the change declares may change |
    | PDD007 | branch | message | a commit on the wrong kind of branch; a protected branch or release tag moved where it may not go |
    | PDD008 | validation | commit | a tree that has not passed the checks in scope; source without a test check, or without QA's word |
    | PDD009 | red-first | message | source without a test that fails without it; a test of the base that is lost on the way |
    | PDD010 | approval | landing | a protected branch moved without the signed approval of enough people |
    | PDD011 | policy | commit | the policy or the signers changed without a higher `policy` number, or landed without `approve --policy` |
    | PDD012 | documents | message | an unknown status, an id twice, an entry not at the top, or a task that moves as none may |
    | PDD013 | contract | message | source under a task whose `**Contract**` is not checked in, or lacks EXPECTS, PROVIDES or GOTCHAS |
    | PDD014 | deep-access | commit | added source that reaches through more attributes than the policy allows; off unless the policy asks |
    ");
}

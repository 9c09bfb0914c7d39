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
            "PDD004 persona",
            "PDD005 transition",
            "PDD007 branch",
        ]
    );
}

#[test]
fn the_table_has_one_line_a_rule() {
    insta::assert_snapshot!(table(), @r"
    | code | name | from moment | refuses |
    | --- | --- | --- | --- |
    | PDD001 | task-id | message | a subject without exactly one `[TASK-ID]` |
    | PDD002 | message-format | message | a subject not of the form `type(scope): description [TASK-ID]`; scope optional, `!` allowed, a forge's trailing ` (#12)` allowed |
    | PDD004 | persona | message | no declaration for that task in its log (a top-level heading; one inside a quotation or code block declares nothing) |
    | PDD005 | transition | message | a forbidden step between the task's declarations; an earlier entry edited, removed or reordered; a new entry not at the top of its task's entries (a merge is compared with the union of its parents) |
    | PDD007 | branch | message | a direct commit on a protected branch, or anything but merges and record-only commits on an integration branch; a commit on the branch of another task; a protected branch moved past its remote-tracking branch; a release tag that moves or stands elsewhere |
    ");
}

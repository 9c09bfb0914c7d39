//! Whose what is (RULES.md, "Owners").

use crate::policy::Class;
use crate::workflow::tasklist::Share;

/// Lists who may change paths of this class. Of workflow documents others may change parts.
pub(super) fn owners(class: Class) -> &'static [&'static str] {
    match class {
        Class::Policy | Class::Harness | Class::Record => &["PM"],
        Class::Source | Class::Manifest => &["DEV"],
        Class::Test | Class::Support => &["QA"],
        Class::Docs => &["PM", "DEV"],
    }
}

/// Lists who, beside PM, writes the Devlog.
pub(super) const DEVLOG: [&str; 2] = ["DEV", "TROUBLESHOOT"];

/// Lists who may add a task to the Tasklist, beside PM.
pub(super) const FINDS_BUGS: &str = "TROUBLESHOOT";

/// The fields of a task that whoever may take up a bug changes with it: its status, its owner and since when.
pub(super) const TAKES_UP: [&str; 6] = [
    "status",
    "current owner",
    "owner",
    "assigned",
    "assigned to",
    "started",
];

/// The fields of a task's own block that DEV keeps: owner, times and notes.
const OF_DEV: [&str; 14] = [
    "current owner",
    "owner",
    "assigned",
    "assigned to",
    "started",
    "completed",
    "estimated time",
    "estimated",
    "actual time",
    "actual",
    "time",
    "technical notes",
    "notes",
    "note",
];

/// Says whether a persona may change this part of the block of the task that it speaks for.
pub(super) fn may_change(persona: &str, share: &Share) -> bool {
    match (persona, share) {
        ("PM", _) => true,
        ("QA", Share::Field(name)) => name == "status",
        ("QA", Share::Criteria) => true,
        ("DEV", Share::Field(name)) => OF_DEV.contains(&name.as_str()),
        ("QA" | "DEV", Share::Checkpoint(name)) => {
            let mut words = name.split_whitespace();
            words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case(persona))
        }
        _ => false,
    }
}

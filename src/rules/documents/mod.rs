//! PDD012 documents: the workflow's documents keep their form, and tasks move as they may.

mod logs;
mod tasks;
#[cfg(test)]
mod tests;

use super::{Check, Rule};
use crate::change::{Change, Kind, Mode, PathChange, Place};
use crate::finding::Finding;
use crate::message::Message;
use crate::policy::Policy;
use logs::Order;

/// PDD012.
pub(super) const RULE: Rule = Rule {
    code: "PDD012",
    name: "documents",
    summary: "an unknown status, an id twice, an entry not at the top, or a task that moves as none may",
    explain: "\
## Requires
What a change adds to Tasklist, Changelog and Devlog has their form: each task has a known status and an id of its own, each
new entry stands above the earlier ones under a number of its own. A task has one entry in the Changelog, a standing one as
many as it likes. A task goes PENDING, IN_PROGRESS, READY_FOR_VALIDATION, COMPLETED; a failed validation takes it back to
IN_PROGRESS; an open task may be BLOCKED and taken up again. A task that is COMPLETED leaves the Tasklist for the Changelog,
in one commit, with all its acceptance criteria ticked.

## Why
These documents are where people and agents look up what is open, what is done and why. What is wrong in them misleads
everybody who comes after.

## Passes
- a task in either form: a heading with items below it, or an item with items in it
- a new task that is PENDING, IN_PROGRESS or BLOCKED
- a task that nobody has begun, or that is blocked, and that PM takes out of the list
- faults that stood there before the change, but for a document's mode
- what merging and rebasing give by themselves: in history an entry stands above the earlier ones of its task, and shares
  its number with none of them

## Refused
- `- **Status**: DONE`, or a task without any status
- PENDING to READY_FOR_VALIDATION, IN_PROGRESS to COMPLETED, and any way back from COMPLETED
- a task with open criteria in the Changelog; one in both documents, or in none while it was in progress
- a task that is in the Changelog, and that the Tasklist gets again
- an entry below an earlier one; an id that another task or entry has
- a document or persona log that may be run, or that is a link

## Settings
`task.tasklist`, `task.changelog` and `task.devlog` name the documents; `rules.documents` is `error`, `warn` or `off`.

## How to fix
`pdd-hooks task start`, `ready`, `complete`, `block` and `unblock` write these changes as they have to be.
`pdd-hooks doctor --fix` gives entries of the Devlog that share a number numbers of their own.
",
    checks: &[Check::Message(check)],
};

fn check(change: &Change, _: &Message, policy: &Policy) -> Vec<Finding> {
    if matches!(change.kind, Kind::Adoption | Kind::Squash) {
        return Vec::new();
    }
    let documents = &change.documents;
    let is_special =
        |path: &&PathChange| path.mode != Mode::Plain && policy.is_document(&path.path);
    let special = change.paths.iter().filter(is_special);
    let mut findings: Vec<Finding> = special.map(no_document).collect();
    findings.extend(tasks::check(documents, policy));
    let order = match change.place {
        Place::Staged(_) => Order::OfAll,
        Place::Commit(..) | Place::Reference(_) => Order::OfTask,
    };
    if let Some(changelog) = documents.changelog.as_ref().filter(|it| it.is_touched) {
        findings.extend(logs::changelog(changelog, order, policy));
    }
    if let Some(devlog) = documents.devlog.as_ref().filter(|it| it.is_touched) {
        findings.extend(logs::devlog(devlog, order, policy));
    }
    findings
}

fn no_document(path: &PathChange) -> Finding {
    let name = &path.path;
    let (what, help) = match path.mode {
        Mode::Executable => (
            "may be run",
            format!(
                "`chmod -x {name} && git add {name}`; where git looks at no modes, `git update-index --chmod=-x {name}`"
            ),
        ),
        Mode::Plain | Mode::Other => (
            "is a link",
            format!("put the document itself in its place, and `git add {name}`"),
        ),
    };
    RULE.finding(format!(
        "`{name}` {what}, and is no document under that mode"
    ))
    .at(name, None)
    .help(help)
}

//! PDD004 persona: somebody has declared a persona for the task.

use super::{Check, Rule, is_automatic, is_standing, may_stand, task_of};
use crate::change::{Change, Kind};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::Policy;
use crate::workflow::personalog::declarations;

/// PDD004.
pub(super) const RULE: Rule = Rule {
    code: "PDD004",
    name: "persona",
    summary: "a task whose persona log declares nobody",
    explain: "\
## Requires
The persona log of the message's task holds at least one declaration for it, before the change or in it: a heading of
level 2 at the top level of the document.

## Why
Who acts for a task, and as what, is said before it is done; the other rules build on what is declared.

## Passes
- `## [PERSONA: DEV] - [TASK-007] - Implementation`
- `## [PERSONA: PM] - TASK-003 - Context Gathering`
- a standing task's change of docs, manifests and records, which needs no declaration
- merges that change nothing by hand, exact reverts, the adopting commit, `fixup!`, `squash!` and `amend!` commits

## Refused
- a log that is absent, or that declares other tasks only
- a declaration in a quotation, a list, a code block or HTML
- a standing task used for source, tests, policy or harness

## Settings
`persona.log` is the log's path, `task.standing` lists the standing tasks; `rules.persona` is `error`, `warn` or `off`.

## How to fix
`pdd-hooks persona <ROLE> <TASK> \"<action>\"` writes the declaration and stages it.
",
    checks: &[Check::Message(check)],
};

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let is_exempt = match change.kind {
        Kind::Adoption | Kind::Squash | Kind::Revert { .. } => true,
        Kind::Ordinary | Kind::Merge | Kind::Replayed { .. } => is_automatic(change),
    };
    if is_exempt || message.autosquash().is_some() || is_standing(change, message, policy) {
        return Vec::new();
    }
    // Without exactly one task there is no log to ask; PDD001 says so.
    let Some(task) = task_of(change, message, policy) else {
        return Vec::new();
    };
    if policy.is_standing(&task) {
        return vec![beyond_standing(change, &task)];
    }
    if is_declared(change, &task) {
        Vec::new()
    } else {
        vec![undeclared(&task, policy)]
    }
}

fn is_declared(change: &Change, task: &TaskId) -> bool {
    change
        .logs
        .iter()
        .filter(|log| log.task.as_ref().is_none_or(|of| of == task))
        .filter_map(|log| log.text.as_deref())
        .flat_map(declarations)
        .any(|declaration| declaration.task == task.as_str())
}

fn undeclared(task: &TaskId, policy: &Policy) -> Finding {
    let start = policy.persona.start.join(" or ");
    RULE.finding(format!("no persona is declared for `{task}`"))
        .help(format!(
            "`pdd-hooks persona <ROLE> {task} \"<action>\"`; a task begins with {start}"
        ))
        .at(policy.log_of(task), None)
}

fn beyond_standing(change: &Change, task: &TaskId) -> Finding {
    let mut beyond = change.paths.iter().filter(|path| !may_stand(path.class));
    let first = beyond.next();
    let more = match beyond.count() {
        0 => String::new(),
        1 => " and 1 more path".into(),
        count => format!(" and {count} more paths"),
    };
    let name = first.map_or("", |path| path.path.as_str());
    RULE.finding(format!(
        "`{task}` is for docs, manifests and records alone, not for `{name}`{more}"
    ))
    .help("name a task of its own for this change")
    .at(name, None)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{LOG, change, merge, message, path, revert, said};
    use super::*;
    use crate::change::{LogChange, Status};
    use crate::policy::Class;

    const SUBJECT: &str = "feat: rank [TASK-007]";

    fn judged(change: &Change, subject: &str) -> Vec<String> {
        said(&check(change, &message(subject), &Policy::default()))
    }

    fn with_log(task: Option<&str>, text: Option<&str>) -> Change {
        let log = LogChange {
            path: LOG.into(),
            task: task.map(TaskId::new),
            bases: vec![String::new()],
            text: text.map(String::from),
        };
        Change {
            logs: vec![log],
            ..change()
        }
    }

    fn refusal() -> Vec<String> {
        vec![format!(
            "no persona is declared for `TASK-007` ({LOG}); `pdd-hooks persona <ROLE> TASK-007 \"<action>\"`; a task begins with PM or TROUBLESHOOT"
        )]
    }

    #[test]
    fn a_declared_task_passes() {
        assert_eq!(judged(&change(), SUBJECT), [""; 0]);
        let both = "## [PERSONA: PM] - [A-1]\n## [PERSONA: PM] - TASK-007 - Plan\n";
        assert_eq!(judged(&with_log(None, Some(both)), SUBJECT), [""; 0]);
    }

    #[test]
    fn a_task_without_a_declaration_is_refused() {
        let none = Change {
            logs: Vec::new(),
            ..change()
        };
        assert_eq!(judged(&none, SUBJECT), refusal());
        for text in [
            None,
            Some("# Log\n"),
            Some("> ## [PERSONA: PM] - [TASK-007]\n"),
            Some("## [PERSONA: PM] - [TASK-070]\n"),
        ] {
            assert_eq!(
                judged(&with_log(Some("TASK-007"), text), SUBJECT),
                refusal(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_log_of_another_task_declares_nothing() {
        let text = Some("## [PERSONA: PM] - [TASK-007]\n");
        assert_eq!(
            judged(&with_log(Some("TASK-008"), text), SUBJECT),
            refusal()
        );
    }

    #[test]
    fn a_standing_task_needs_no_declaration_and_no_source() {
        let mut change = Change {
            logs: Vec::new(),
            ..change()
        };
        change.paths = vec![path("README.md", Class::Docs, Status::Modified)];
        assert_eq!(judged(&change, "docs: typo [MAINT-1]"), [""; 0]);
        for name in ["src/a.rs", "src/b.rs"] {
            change.paths.push(path(name, Class::Source, Status::Added));
        }
        assert_eq!(
            judged(&change, "docs: typo [MAINT-1]"),
            [
                "`MAINT-1` is for docs, manifests and records alone, not for `src/a.rs` and 1 more path (src/a.rs); name a task of its own for this change"
            ]
        );
    }

    #[test]
    fn a_merge_is_asked_only_for_what_it_changes_by_hand() {
        let bare = |change: Change| Change {
            logs: Vec::new(),
            ..change
        };
        assert_eq!(judged(&bare(merge(&[])), "Merge x [TASK-007]"), [""; 0]);
        assert_eq!(
            judged(&bare(merge(&["a"])), "Merge x\n\nTask: TASK-007"),
            refusal()
        );
    }

    #[test]
    fn adoption_reverts_autosquash_and_messages_without_one_task_pass() {
        let bare = |change: Change| Change {
            logs: Vec::new(),
            ..change
        };
        let adoption = Change {
            kind: Kind::Adoption,
            ..change()
        };
        assert_eq!(judged(&bare(adoption), SUBJECT), [""; 0]);
        assert_eq!(
            judged(&bare(revert(SUBJECT)), "Revert \"feat: rank [TASK-007]\""),
            [""; 0]
        );
        for subject in [
            "fixup! feat: rank [TASK-007]",
            "feat: rank",
            "feat: [A-1] [A-2]",
        ] {
            assert_eq!(judged(&bare(change()), subject), [""; 0], "{subject}");
        }
    }
}

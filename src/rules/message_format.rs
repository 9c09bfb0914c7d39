//! PDD002 message-format: every subject has the project's form.

use super::{Check, Rule, tasks_of};
use crate::change::{Change, Kind};
use crate::finding::Finding;
use crate::id::CommitId;
use crate::message::Message;
use crate::policy::Policy;
use crate::words::nearest;

/// PDD002.
pub(super) const RULE: Rule = Rule {
    code: "PDD002",
    name: "message-format",
    summary: "a subject that is not `type(scope): description [TASK-ID]`",
    explain: "\
## Requires
A subject is a known type, an optional scope in parentheses, an optional `!`, a colon and a blank, a description, a blank
and the task in brackets; a forge may add ` (#12)` after it. It is no longer than the policy allows, that suffix apart.

## Why
The type says at a glance, and to the other rules, what a change is; change logs and searches can rely on the form.

## Passes
- `feat(search): rank by relevance [TASK-007]`
- `fix!: refuse empty queries [TASK-012] (#48)`
- merges, reverts that are exact, the adopting commit, `fixup!`, `squash!` and `amend!` commits

## Refused
- `rank by relevance [TASK-007]`: no type
- `feature: rank [TASK-007]`: an unknown type
- `feat():rank [TASK-007]`: an empty scope, no blank after the colon
- `feat: [TASK-007] rank`: the task does not come last

## Settings
`message.types` lists the types, `message.max-subject` counts characters; `rules.message-format` is `error`, `warn` or
`off`.

## How to fix
Reword: `git commit --amend` for the last commit, `git rebase -i` with `reword` for older ones.
",
    checks: &[Check::Message(check)],
};

const FORM: &str = "the form is `type(scope): description [TASK-ID]`";

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let is_exempt = match change.kind {
        Kind::Merge | Kind::Adoption | Kind::Revert { .. } => true,
        Kind::Ordinary | Kind::Squash | Kind::Replayed { .. } => false,
    };
    if is_exempt || message.subject.is_empty() || message.autosquash().is_some() {
        return Vec::new();
    }
    let subject = without_number(&message.subject);
    let mut findings = Vec::new();
    let description = match head(subject, policy) {
        Ok(description) => description,
        Err(finding) => {
            findings.push(match message.reverted() {
                Some(of) => finding.help(inexact(&of)),
                None => *finding,
            });
            subject
        }
    };
    if let [task] = tasks_of(change, message, policy).as_slice() {
        findings.extend(tail(description, task.as_str()));
    } else if description.trim().is_empty() {
        findings.push(no_description());
    }
    let count = subject.chars().count();
    if count > policy.message.max_subject {
        findings.push(too_long(count, policy.message.max_subject));
    }
    findings
}

/// Takes off what a forge adds: ` (#12)`.
fn without_number(subject: &str) -> &str {
    subject
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" (#"))
        .filter(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        .map_or(subject, |(rest, _)| rest)
}

/// Reads `type(scope)!: ` and returns what follows it.
fn head<'a>(subject: &'a str, policy: &Policy) -> Result<&'a str, Box<Finding>> {
    let end = subject
        .find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
        .unwrap_or(subject.len());
    let (kind, mut rest) = subject.split_at(end);
    if kind.is_empty() || !rest.starts_with(['(', '!', ':']) {
        return Err(no_type().into());
    }
    if let Some(inside) = rest.strip_prefix('(') {
        let (scope, after) = inside.split_once(')').ok_or_else(open_scope)?;
        if scope.trim().is_empty() {
            return Err(empty_scope().into());
        }
        rest = after;
    }
    rest = rest.strip_prefix('!').unwrap_or(rest);
    let description = rest.strip_prefix(':').ok_or_else(no_colon)?;
    if !policy.message.types.iter().any(|known| known == kind) {
        return Err(unknown_type(kind, &policy.message.types).into());
    }
    match description.strip_prefix(' ') {
        Some(description) if description.starts_with(char::is_whitespace) => Err(blanks().into()),
        Some(description) => Ok(description),
        None => Err(blanks().into()),
    }
}

/// Judges what follows the colon, where the task stands in it.
fn tail(description: &str, task: &str) -> Option<Finding> {
    let id = format!("[{task}]");
    let Some(text) = description.strip_suffix(&id) else {
        return Some(task_not_last(&id));
    };
    if text.trim().is_empty() {
        return Some(no_description());
    }
    (!text.ends_with(' ')).then(|| task_glued(&id))
}

fn inexact(of: &CommitId) -> String {
    let of = of.short();
    format!(
        "only the exact inverse of {of} keeps this subject, and it leaves the workflow's documents as they are: `git revert --no-commit {of}`, then `git restore --staged --worktree -- <document>` for each of them"
    )
}

fn no_type() -> Finding {
    RULE.finding("the subject does not begin with a type and a colon")
        .help(FORM)
}

fn unknown_type(kind: &str, types: &[String]) -> Finding {
    let list = types.join(", ");
    let words = types.iter().map(String::as_str);
    // `feature` is no slip of `feat` by distance, but begins with it.
    let lower = kind.to_lowercase();
    let meant = nearest(&lower, words.clone())
        .or_else(|| words.clone().find(|known| lower.starts_with(known)));
    let help = match meant {
        Some(known) => format!("did you mean `{known}`? the types are {list}"),
        None => format!("the types are {list}"),
    };
    RULE.finding(format!("`{kind}` is not a type of commit"))
        .help(help)
}

fn empty_scope() -> Finding {
    RULE.finding("the scope between the parentheses is empty")
        .help(format!("name a scope or leave the parentheses out: {FORM}"))
}

fn open_scope() -> Finding {
    RULE.finding("the scope has no closing parenthesis")
        .help(FORM)
}

fn no_colon() -> Finding {
    RULE.finding("no colon follows the type and its scope")
        .help(FORM)
}

fn blanks() -> Finding {
    RULE.finding("not exactly one blank follows the colon")
        .help(FORM)
}

fn no_description() -> Finding {
    RULE.finding("the subject has no description").help(FORM)
}

fn task_not_last(id: &str) -> Finding {
    RULE.finding(format!("`{id}` does not end the subject"))
        .help(FORM)
}

fn task_glued(id: &str) -> Finding {
    RULE.finding(format!("no blank stands before `{id}`"))
        .help(FORM)
}

fn too_long(count: usize, most: usize) -> Finding {
    RULE.finding(format!(
        "the subject has {count} characters, {most} are allowed"
    ))
    .help("move detail into the body, below a blank line")
}

#[cfg(test)]
mod tests {
    use super::super::sample::{change, merge, message, revert, said};
    use super::*;

    fn judged(subject: &str) -> Vec<String> {
        said(&check(&change(), &message(subject), &Policy::default()))
    }

    fn refused(subject: &str, what: &str) {
        assert_eq!(judged(subject), [format!("{what}; {FORM}")], "{subject}");
    }

    #[test]
    fn the_form_passes_with_every_option() {
        for subject in [
            "feat: rank [TASK-007]",
            "fix(search index)!: rank: by [x] [TASK-007] (#12)",
            "docs!: été ☀ [A-1]",
        ] {
            assert_eq!(judged(subject), [""; 0], "{subject}");
        }
    }

    #[test]
    fn each_fault_of_the_head_has_its_words() {
        for subject in [
            "rank [A-1]",
            "Revert \"feat: x\" [A-1]",
            "feat (x): y [A-1]",
            ": y [A-1]",
        ] {
            refused(
                subject,
                "the subject does not begin with a type and a colon",
            );
        }
        refused("feat(x: y [A-1]", "the scope has no closing parenthesis");
        refused("feat(x) y [A-1]", "no colon follows the type and its scope");
        refused("feat:y [A-1]", "not exactly one blank follows the colon");
        refused("feat:  y [A-1]", "not exactly one blank follows the colon");
        assert_eq!(
            judged("feat( ): y [A-1]"),
            [format!(
                "the scope between the parentheses is empty; name a scope or leave the parentheses out: {FORM}"
            )]
        );
    }

    #[test]
    fn an_unknown_type_is_told_the_nearest() {
        let list =
            "the types are feat, fix, refactor, perf, test, docs, style, build, ci, chore, revert";
        for (kind, meant) in [
            ("feet", "feat"),
            ("Fix", "fix"),
            ("feature", "feat"),
            ("doc", "docs"),
        ] {
            assert_eq!(
                judged(&format!("{kind}: y [A-1]")),
                [format!(
                    "`{kind}` is not a type of commit; did you mean `{meant}`? {list}"
                )]
            );
        }
        assert_eq!(
            judged("wip: y [A-1]"),
            [format!("`wip` is not a type of commit; {list}")]
        );
    }

    #[test]
    fn each_fault_of_the_tail_has_its_words() {
        refused("feat: [A-1] y", "`[A-1]` does not end the subject");
        refused("feat: y [A-1] #12", "`[A-1]` does not end the subject");
        refused("feat: y[A-1]", "no blank stands before `[A-1]`");
        refused("feat: [A-1]", "the subject has no description");
        refused("feat: ", "not exactly one blank follows the colon");
    }

    #[test]
    fn a_missing_task_is_left_to_its_own_rule() {
        assert_eq!(judged("feat: y"), [""; 0]);
        assert_eq!(judged("feat: [A-1] y [A-2]"), [""; 0]);
    }

    #[test]
    fn characters_are_counted_without_the_number_of_a_forge() {
        let fitting = format!("feat: {} [A-1]", "é".repeat(88));
        assert_eq!(fitting.chars().count(), 100);
        assert_eq!(judged(&format!("{fitting} (#12345)")), [""; 0]);
        assert_eq!(
            judged(&fitting.replacen('é', "éé", 1)),
            [
                "the subject has 101 characters, 100 are allowed; move detail into the body, below a blank line"
            ]
        );
    }

    #[test]
    fn merges_reverts_adoption_autosquash_and_empty_messages_pass() {
        let free = message("anything");
        let adoption = Change {
            kind: Kind::Adoption,
            ..change()
        };
        for change in [merge(&["a"]), revert("feat: x [A-1]"), adoption] {
            assert_eq!(check(&change, &free, &Policy::default()), []);
        }
        assert_eq!(judged("squash! anything"), [""; 0]);
        assert_eq!(judged(""), [""; 0]);
    }
}

//! PDD001 task-id: every commit names its task.

mod slip;

use super::{Check, Rule, is_automatic, tasks_of};
use crate::change::{Branch, Change, Kind, Landing, Moment, Role};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::Policy;

/// PDD001.
pub(super) const RULE: Rule = Rule {
    code: "PDD001",
    name: "task-id",
    summary: "a subject that does not name exactly one task in brackets",
    explain: "\
## Requires
The subject of every commit holds exactly one task id in square brackets.

## Why
From any line of code, the history then leads to the task that asked for it, and to who declared what for it.

## Passes
- `feat(search): rank by relevance [TASK-007]`
- a merge that changes nothing by hand; one that does may name its task in a `Task:` trailer instead
- `Revert \"feat(search): rank by relevance [TASK-007]\"`: the quoted subject counts
- `fixup!`, `squash!` and `amend!` commits, until they would land on a protected branch
- the commit that adopts the policy

## Refused
- `feat(search): rank by relevance`: no task
- `fix: both at once [TASK-007] [TASK-008]`: two tasks, or one task twice
- `feat: search [task-7]`, `feat: search (TASK-007)`: no id, or no square brackets

## Settings
`task.id` is the regular expression of what stands between the brackets; `rules.task-id` is `error`, `warn` or `off`.

## How to fix
Add the id to the subject: `git commit --amend` for the last commit, `git rebase -i` with `reword` for older ones. Before
a landing, `git rebase -i --autosquash` folds `fixup!` commits into those that they mend.
",
    checks: &[Check::Message(check), Check::Landing(check_landing)],
};

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    if change.kind == Kind::Adoption || is_automatic(change) || message.autosquash().is_some() {
        return Vec::new();
    }
    let tasks = tasks_of(change, message, policy);
    match tasks.as_slice() {
        [_] => Vec::new(),
        [] => vec![no_task(change, message, policy)],
        [first, rest @ ..] if rest.iter().all(|task| task == first) => vec![repeated(first)],
        _ => vec![several(&tasks)],
    }
}

fn check_landing(landing: &Landing, policy: &Policy) -> Vec<Finding> {
    let Some(branch) = landing.reference.strip_prefix("refs/heads/") else {
        return Vec::new();
    };
    // Locally such a commit is work in progress, and what a remote has already is no landing.
    if landing.moment < Moment::Push
        || landing.is_pull
        || policy.role(branch, &[]) != Role::Protected
    {
        return Vec::new();
    }
    landing
        .arriving
        .iter()
        .filter(|(_, subject)| Message::parse(subject.as_bytes()).autosquash().is_some())
        .map(|(id, subject)| {
            RULE.finding(format!(
                "commit {} (`{subject}`) is not folded yet",
                id.short()
            ))
            .help("`git rebase -i --autosquash` folds it into the commit that it mends")
        })
        .collect()
}

fn no_task(change: &Change, message: &Message, policy: &Policy) -> Finding {
    if let Some(slip) = slip::find(&message.subject, policy) {
        return RULE
            .finding(format!("the message names no task: {}", slip.what))
            .help(slip.help);
    }
    let id = match &change.branch {
        Branch::Named(branch) => match policy.role(branch, &[]) {
            Role::Work(task) => task.as_str().to_owned(),
            Role::Protected | Role::Integration | Role::Other => "TASK-ID".into(),
        },
        Branch::Detached | Branch::Unknown => "TASK-ID".into(),
    };
    if change.kind == Kind::Merge {
        let count = change.paths.len();
        let paths = if count == 1 { "path" } else { "paths" };
        return RULE
            .finding(format!(
                "the merge changes {count} {paths} by hand and names no task"
            ))
            .help(format!(
                "add `[{id}]` to the subject, or a trailer `Task: {id}`"
            ));
    }
    RULE.finding("the message names no task")
        .help(format!("add `[{id}]` to the subject"))
}

fn repeated(task: &TaskId) -> Finding {
    RULE.finding(format!("the subject names `{task}` more than once"))
        .help(format!("keep one `[{task}]`, at the end"))
}

fn several(tasks: &[TaskId]) -> Finding {
    let names: Vec<String> = tasks.iter().map(|task| format!("`{task}`")).collect();
    RULE.finding(format!(
        "the subject names more than one task: {}",
        names.join(", ")
    ))
    .help("name one task; what belongs to another goes into a commit of its own")
}

#[cfg(test)]
mod tests {
    use super::super::sample::{change, landing, merge, message, revert, said};
    use super::*;

    fn judged(change: &Change, text: &str) -> Vec<String> {
        said(&check(change, &message(text), &Policy::default()))
    }

    #[test]
    fn one_task_in_brackets_passes() {
        assert_eq!(judged(&change(), "feat(search): rank [TASK-007]"), [""; 0]);
        assert_eq!(judged(&change(), "chore: x [A1-2-B] (#12)"), [""; 0]);
    }

    #[test]
    fn a_message_without_a_task_is_told_the_branch_s() {
        assert_eq!(
            judged(&change(), "feat: rank\n\n[TASK-007]"),
            ["the message names no task; add `[TASK-007]` to the subject"]
        );
        let elsewhere = Change {
            branch: Branch::Detached,
            ..change()
        };
        for subject in ["feat: rank", ""] {
            assert_eq!(
                judged(&elsewhere, subject),
                ["the message names no task; add `[TASK-ID]` to the subject"]
            );
        }
    }

    #[test]
    fn a_slip_is_told_before_the_branch_s_task() {
        assert_eq!(
            judged(&change(), "feat: x [task-7]"),
            ["the message names no task: `[task-7]` is not written as an id; write `[TASK-7]`"]
        );
    }

    #[test]
    fn more_than_one_task_is_refused() {
        assert_eq!(
            judged(&change(), "feat: x [TASK-7] [TASK-8]"),
            [
                "the subject names more than one task: `TASK-7`, `TASK-8`; name one task; what belongs to another goes into a commit of its own"
            ]
        );
        assert_eq!(
            judged(&change(), "feat: [TASK-7] x [TASK-7]"),
            ["the subject names `TASK-7` more than once; keep one `[TASK-7]`, at the end"]
        );
    }

    #[test]
    fn adoption_automatic_merges_and_autosquash_pass() {
        let adoption = Change {
            kind: Kind::Adoption,
            ..change()
        };
        assert_eq!(judged(&adoption, "adopt"), [""; 0]);
        assert_eq!(judged(&merge(&[]), "Merge branch 'x'"), [""; 0]);
        assert_eq!(judged(&change(), "fixup! feat: x"), [""; 0]);
    }

    #[test]
    fn a_merge_that_changes_paths_names_its_task_in_subject_or_trailer() {
        let merge = merge(&["src/a.rs"]);
        assert_eq!(judged(&merge, "Merge x [TASK-7]"), [""; 0]);
        assert_eq!(judged(&merge, "Merge x\n\nTask: TASK-7"), [""; 0]);
        assert_eq!(
            judged(&merge, "Merge x\n\nTask: none"),
            [
                "the merge changes 1 path by hand and names no task; add `[TASK-007]` to the subject, or a trailer `Task: TASK-007`"
            ]
        );
        assert_eq!(judged(&change(), "feat: x\n\nTask: TASK-7").len(), 1);
    }

    #[test]
    fn the_quoted_subject_of_a_revert_counts() {
        assert_eq!(
            judged(&revert("feat: x [TASK-7]"), "Revert \"feat: x [TASK-7]\""),
            [""; 0]
        );
        assert_eq!(judged(&revert("feat: x [TASK-7]"), "Take x back"), [""; 0]);
        assert_eq!(judged(&revert("feat: x"), "Revert \"feat: x\"").len(), 1);
    }

    #[test]
    fn a_fixup_does_not_land() {
        let mut main = landing("refs/heads/main", Some('a'), Some('b'), Moment::Receive);
        assert_eq!(check_landing(&main, &Policy::default()), []);
        main.arriving[0].1 = "fixup! feat: x".into();
        assert_eq!(
            said(&check_landing(&main, &Policy::default())),
            [
                "commit bbbbbbbbbbbb (`fixup! feat: x`) is not folded yet; `git rebase -i --autosquash` folds it into the commit that it mends"
            ]
        );
        for (reference, moment) in [
            ("refs/heads/feat/TASK-7", Moment::Receive),
            ("refs/heads/main", Moment::Commit),
        ] {
            let other = Landing {
                reference: reference.into(),
                moment,
                ..main.clone()
            };
            assert_eq!(check_landing(&other, &Policy::default()), []);
        }
    }
}

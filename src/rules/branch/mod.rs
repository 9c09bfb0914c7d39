//! PDD007 branch: work is done on the branch of its task, and guarded references move as the policy says.

mod landing;

use super::{Check, Rule, task_of};
use crate::change::{Branch, Change, Kind, Role};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::{Class, Policy};

/// PDD007.
pub(super) const RULE: Rule = Rule {
    code: "PDD007",
    name: "branch",
    summary: "a commit on the wrong kind of branch; a protected branch or release tag moved where it may not go",
    explain: "\
## Requires
A work branch is named after the task of its commits. Integration branches take merges and commits that change workflow
documents alone. Protected branches take no commits of their own. Release tags name first-parent commits of a protected
branch and never move.

## Why
What lands on a protected branch has been looked at as a whole; a commit made there has not. One branch for one task
keeps a task's history together, and a tag that moves is no release.

## Passes
- a commit for `TASK-007` on `feat/TASK-007-search`
- a merge, or a record-only commit, on `dev`
- `git pull` into `main`: what its remote-tracking branch contains already
- deleting a local branch, and creating it where it last stood
- the commit that adopts the policy; any commit on a branch that the policy does not know, or on no branch

## Refused
- a commit on `main`, and `git branch -f` or `git reset` that takes it elsewhere than forward; forward it goes by
  approval (PDD010)
- a fast-forward of `dev` onto a work branch
- a commit for `TASK-008` on the branch of `TASK-007`
- on a server: deleting or rewinding a protected branch, deleting a release tag

## Settings
`branch.protected`, `branch.integration`, `branch.work`, `branch.release-tags`; `rules.branch` is `error`, `warn` or
`off`.

## How to fix
`git switch -c <branch>` takes the change, staged or committed, to a branch of its own; nothing is lost. Merge into an
integration branch with `git merge --no-ff`.
",
    checks: &[Check::Message(check), Check::Landing(landing::check)],
};

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let Branch::Named(branch) = &change.branch else {
        return Vec::new();
    };
    if matches!(change.kind, Kind::Adoption | Kind::Squash) {
        return Vec::new();
    }
    let finding = match policy.role(branch, &[]) {
        // It is a landing: PDD010 asks for its approval.
        Role::Protected if change.kind == Kind::Merge => None,
        Role::Protected => Some(commit_on_protected(branch, change, message, policy)),
        Role::Integration => commit_on_integration(branch, change, message, policy),
        Role::Work(task) => commit_for_another_task(branch, &task, change, message, policy),
        Role::Other => None,
    };
    finding.into_iter().collect()
}

fn commit_on_protected(
    branch: &str,
    change: &Change,
    message: &Message,
    policy: &Policy,
) -> Finding {
    RULE.finding(format!("a direct commit on `{branch}`, which is protected"))
        .help(take_along(change, message, policy))
}

fn commit_on_integration(
    branch: &str,
    change: &Change,
    message: &Message,
    policy: &Policy,
) -> Option<Finding> {
    // A replay shows no paths here; the move of the branch is judged by its commits.
    let is_free = matches!(change.kind, Kind::Merge | Kind::Replayed { .. });
    if is_free || change.is_record_only() {
        return None;
    }
    let other = change.paths.iter().find(|path| path.class != Class::Record);
    let of = other.map_or(String::new(), |path| format!(" of `{}`", path.path));
    let finding = RULE
        .finding(format!(
            "a direct commit{of} on `{branch}`, which takes merges and workflow documents alone"
        ))
        .help(take_along(change, message, policy));
    Some(match other {
        Some(path) => finding.at(path.path.as_str(), None),
        None => finding,
    })
}

fn commit_for_another_task(
    branch: &str,
    owner: &TaskId,
    change: &Change,
    message: &Message,
    policy: &Policy,
) -> Option<Finding> {
    if change.kind == Kind::Merge || message.autosquash().is_some() {
        return None;
    }
    // Without exactly one task there is nothing to compare; PDD001 says so.
    let task = task_of(change, message, policy).filter(|task| task != owner)?;
    Some(
        RULE.finding(format!(
            "a commit for `{task}` on `{branch}`, the branch of `{owner}`"
        ))
        .help(take_along(change, message, policy)),
    )
}

/// Names a branch that the change may be made on, in the type and task of its message where they make one.
fn take_along(change: &Change, message: &Message, policy: &Policy) -> String {
    let kind = message.subject.split(['(', '!', ':']).next().unwrap_or("");
    let task = task_of(change, message, policy);
    let name = task.and_then(|task| {
        [kind, "feat"]
            .map(|kind| format!("{kind}/{task}"))
            .into_iter()
            .find(|name| policy.role(name, &[]) == Role::Work(task.clone()))
    });
    let name = name.unwrap_or_else(|| "<branch of the task>".into());
    format!("`git switch -c {name}` takes the change along, nothing is lost")
}

#[cfg(test)]
mod tests {
    use super::super::sample::{change, merge, message, path, revert, said};
    use super::*;
    use crate::change::{PathChange, Status};

    const SUBJECT: &str = "fix(search): rank [TASK-007]";

    fn on(branch: &str, change: Change) -> Change {
        Change {
            branch: Branch::Named(branch.into()),
            ..change
        }
    }

    fn with_paths(paths: Vec<PathChange>) -> Change {
        Change { paths, ..change() }
    }

    fn judged(change: &Change, subject: &str) -> Vec<String> {
        said(&check(change, &message(subject), &Policy::default()))
    }

    const NEW_BRANCH: &str = "`git switch -c fix/TASK-007` takes the change along, nothing is lost";

    #[test]
    fn a_direct_commit_on_a_protected_branch_is_refused() {
        let want = format!("a direct commit on `main`, which is protected; {NEW_BRANCH}");
        for kind in [
            change(),
            with_paths(vec![path("context/a.md", Class::Record, Status::Added)]),
        ] {
            assert_eq!(judged(&on("main", kind), SUBJECT), [want.as_str()]);
        }
        assert_eq!(
            judged(&on("main", revert("x [TASK-007]")), "odd"),
            [want.replace("fix/", "feat/")]
        );
        assert_eq!(
            judged(&on("main", change()), "odd"),
            [want.replace("fix/TASK-007", "<branch of the task>")]
        );
    }

    #[test]
    fn a_merge_into_a_protected_branch_is_a_matter_of_approval() {
        assert_eq!(judged(&on("main", merge(&[])), "Merge x"), [""; 0]);
    }

    #[test]
    fn an_integration_branch_takes_merges_and_records() {
        assert_eq!(judged(&on("dev", merge(&["a"])), "Merge x"), [""; 0]);
        let record = path("context/Tasklist.md", Class::Record, Status::Modified);
        let source = path("src/a.rs", Class::Source, Status::Modified);
        assert_eq!(
            judged(&on("dev", with_paths(vec![record.clone()])), SUBJECT),
            [""; 0]
        );
        assert_eq!(
            judged(&on("dev", with_paths(vec![record, source])), SUBJECT),
            [format!(
                "a direct commit of `src/a.rs` on `dev`, which takes merges and workflow documents alone (src/a.rs); {NEW_BRANCH}"
            )]
        );
        assert_eq!(
            judged(&on("dev", with_paths(Vec::new())), SUBJECT),
            [format!(
                "a direct commit on `dev`, which takes merges and workflow documents alone; {NEW_BRANCH}"
            )]
        );
    }

    #[test]
    fn a_work_branch_takes_its_own_task_alone() {
        let branch = "feat/TASK-008-other";
        assert_eq!(judged(&change(), SUBJECT), [""; 0]);
        let want = [format!(
            "a commit for `TASK-007` on `{branch}`, the branch of `TASK-008`; {NEW_BRANCH}"
        )];
        assert_eq!(judged(&on(branch, change()), SUBJECT), want);
        assert_eq!(
            judged(
                &on(branch, revert(SUBJECT)),
                &format!("Revert \"{SUBJECT}\"")
            )
            .len(),
            1
        );
        for subject in [
            "fix: rank",
            "fixup! fix: rank [TASK-007]",
            "fix: [A-1] [A-2]",
        ] {
            assert_eq!(judged(&on(branch, change()), subject), [""; 0], "{subject}");
        }
        assert_eq!(
            judged(&on(branch, merge(&["a"])), "Merge [TASK-007]"),
            [""; 0]
        );
    }

    #[test]
    fn adoption_unknown_names_and_no_branch_pass() {
        let adoption = Change {
            kind: Kind::Adoption,
            ..change()
        };
        assert_eq!(judged(&on("main", adoption), "adopt"), [""; 0]);
        assert_eq!(judged(&on("topic", change()), SUBJECT), [""; 0]);
        for branch in [Branch::Detached, Branch::Unknown] {
            assert_eq!(judged(&Change { branch, ..change() }, SUBJECT), [""; 0]);
        }
    }
}

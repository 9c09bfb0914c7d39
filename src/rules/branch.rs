//! PDD007 branch: work is done on the branch of its task, and guarded references move as the policy says.

use super::{Check, Rule, task_of};
use crate::change::{Branch, Change, Kind, Landing, Moment, Role};
use crate::finding::Finding;
use crate::id::{CommitId, TaskId};
use crate::message::Message;
use crate::policy::{Class, Policy};

/// PDD007.
pub const RULE: Rule = Rule {
    code: "PDD007",
    name: "branch",
    summary: "a direct commit on a protected branch; anything but merges and record-only commits on an integration branch; a commit on the branch of another task; a protected branch that moves past its remote-tracking branch; a release tag that moves or stands elsewhere",
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
- a commit or merge on `main`, and `git branch -f`, `git reset` or a fast-forward that moves it. Approvals, which will
  open this way, are not part of this version
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
    checks: &[Check::Message(check), Check::Landing(check_landing)],
};

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let Branch::Named(branch) = &change.branch else {
        return Vec::new();
    };
    if change.kind == Kind::Adoption {
        return Vec::new();
    }
    let finding = match policy.role(branch, &[]) {
        Role::Protected if change.kind == Kind::Merge => Some(merge_into_protected(branch)),
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

fn merge_into_protected(branch: &str) -> Finding {
    RULE.finding(format!(
        "a merge into `{branch}` needs the approval of a human, which this version cannot check"
    ))
    .help("land it through the forge, then `git pull`; `git merge --abort` undoes this merge")
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

fn check_landing(landing: &Landing, policy: &Policy) -> Vec<Finding> {
    if let Some(tag) = landing.reference.strip_prefix("refs/tags/") {
        let is_release = policy.is_release_tag(tag);
        return is_release
            .then(|| release_tag(tag, landing))
            .flatten()
            .into_iter()
            .collect();
    }
    let Some(branch) = landing.reference.strip_prefix("refs/heads/") else {
        return Vec::new();
    };
    match policy.role(branch, &[]) {
        Role::Protected => protected(branch, landing).into_iter().collect(),
        Role::Integration => integration(branch, landing),
        Role::Work(_) | Role::Other => Vec::new(),
    }
}

/// Says whether others will see the move: what one may do to an own copy, a server refuses.
fn is_shared(moment: Moment) -> bool {
    matches!(moment, Moment::Push | Moment::Receive)
}

fn protected(branch: &str, landing: &Landing) -> Option<Finding> {
    let Some(to) = &landing.to else {
        return is_shared(landing.moment).then(|| deleted(branch));
    };
    if landing.moment == Moment::Audit {
        return None;
    }
    let passes = match &landing.from {
        None if landing.last_recorded.is_none() => landing.is_pull || is_shared(landing.moment),
        None => landing.is_pull || landing.last_recorded.as_ref() == Some(to),
        Some(from) if from == to => true,
        Some(_) if landing.moment == Moment::Receive => landing.fast_forward,
        Some(_) if landing.moment == Moment::Push => {
            landing.is_pull || (landing.fast_forward && landing.chain.is_empty())
        }
        Some(_) => landing.is_pull,
    };
    if passes {
        return None;
    }
    Some(match &landing.from {
        None => created(branch, to),
        Some(_) if landing.moment == Moment::Receive => rewound(branch, to),
        Some(_) => moved(branch, to),
    })
}

fn deleted(branch: &str) -> Finding {
    RULE.finding(format!("`{branch}` would be deleted, which is protected"))
        .help("a protected branch stays; take it out of `branch.protected` first")
}

fn created(branch: &str, to: &CommitId) -> Finding {
    RULE.finding(format!(
        "`{branch}` would be created at {}, where it has not stood",
        to.short()
    ))
    .help(format!(
        "create it where its remote-tracking branch stands: `git branch {branch} origin/{branch}`"
    ))
}

fn rewound(branch: &str, to: &CommitId) -> Finding {
    RULE.finding(format!(
        "`{branch}` would move to {}, which does not descend from it",
        to.short()
    ))
    .help("a protected branch is never rewritten; take a change back with `git revert`")
}

fn moved(branch: &str, to: &CommitId) -> Finding {
    RULE.finding(format!("`{branch}` would move to {} without approval", to.short()))
        .help(format!(
            "until approvals exist it takes only what its remote-tracking branch contains: land through the forge, then `git pull` on `{branch}`"
        ))
}

fn integration(branch: &str, landing: &Landing) -> Vec<Finding> {
    if landing.to.is_none() {
        return Vec::new();
    }
    landing
        .chain
        .iter()
        .filter(|commit| !commit.is_merge && !commit.is_record_only)
        .map(|commit| {
            RULE.finding(format!(
                "`{branch}` takes merges and workflow documents alone, and commit {} (`{}`) is neither",
                commit.id.short(),
                commit.subject
            ))
            .help("merge the work branch with `git merge --no-ff`")
        })
        .collect()
}

fn release_tag(tag: &str, landing: &Landing) -> Option<Finding> {
    let Some(to) = &landing.to else {
        return is_shared(landing.moment).then(|| tag_deleted(tag));
    };
    let mut before = [&landing.from, &landing.last_recorded]
        .into_iter()
        .flatten();
    if let Some(other) = before.find(|&before| before != to) {
        return Some(tag_moved(tag, other, to));
    }
    let is_new = landing.from.is_none() && landing.last_recorded.is_none();
    (is_new && !landing.on_protected_chain).then(|| tag_elsewhere(tag, to))
}

fn tag_deleted(tag: &str) -> Finding {
    RULE.finding(format!("the release tag `{tag}` would be deleted"))
        .help("a release stays; publish a new one")
}

fn tag_moved(tag: &str, from: &CommitId, to: &CommitId) -> Finding {
    RULE.finding(format!(
        "the release tag `{tag}` would move from {} to {}",
        from.short(),
        to.short()
    ))
    .help("a release stays; give the new commit a tag of its own")
}

fn tag_elsewhere(tag: &str, to: &CommitId) -> Finding {
    RULE.finding(format!(
        "the release tag `{tag}` would name {}, which is no first-parent commit of a protected branch",
        to.short()
    ))
    .help("land the commit first, then tag the merge")
}

#[cfg(test)]
mod tests;

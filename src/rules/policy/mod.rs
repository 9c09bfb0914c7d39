//! PDD011 policy: the policy changes by a rising number, under the eyes of whoever approves.

use super::{Check, Rule};
use crate::change::{ApprovalState, Change, Landing, PolicyMove, PolicyNumber};
use crate::finding::Finding;
use crate::id::{BlobId, CommitId};
use crate::policy::{Class, Policy};

#[cfg(test)]
mod tests;

/// PDD011.
pub(super) const RULE: Rule = Rule {
    code: "PDD011",
    name: "policy",
    summary: "the policy or the signers changed without a higher `policy` number, or landed without `approve --policy`",
    explain: "\
## Requires
Whoever changes a file of class policy (`.pdd.toml`, the signers file, what else `paths.policy` names) raises `policy` in
`.pdd.toml` above what the base has. On a protected branch the approval names each changed file of class policy and
harness. `.pdd.toml` stays, and stays readable.

## Why
The policy decides what everything else is judged by. An older edition of it is validly written and was approved once:
only a number that must rise tells a change from a step back. And a test runner's configuration or a list of keys is
easily overlooked among a thousand other lines.

## Passes
- a change of the policy with a higher number, on a work branch like any other
- harness files such as `conftest.py`, which need no number, on a work branch
- the adoption, the commit that brings the first policy, with policy, harness, documents and records alone

## Refused
- a lower or equal number, at each commit and above the old tip at a landing
- `.pdd.toml` deleted, or in a state that cannot be read
- a signers file that is gone, cannot be read, or lists fewer who may approve than must
- a landing that changes policy or harness and whose approval does not name these files with what they hold
- an adoption that brings anything else along
- history that began with another policy, merged into what this one's adoption began: told by the audit

## Settings
`policy` is the number; `paths.policy` and `paths.harness` say which files. `rules.policy` is `error`, `warn` or `off`.

## How to fix
Set `policy` in `.pdd.toml` to the number after the one on the protected branch. For the landing:
`pdd-hooks approve <branch> --into main --policy`, which shows these files before it signs.
",
    checks: &[Check::Tree(check_change), Check::Landing(check_landing)],
};

const FILE: &str = ".pdd.toml";

fn check_change(change: &Change, _: &Policy) -> Vec<Finding> {
    let Some(step) = &change.policy else {
        return Vec::new();
    };
    let number = match step.is_adoption {
        true => step.beside.first().map(|path| beside(path)),
        false => numbered(step, "the base"),
    };
    number.into_iter().chain(signers(step)).collect()
}

fn check_landing(landing: &Landing, _: &Policy) -> Vec<Finding> {
    let branch = landing.reference.strip_prefix("refs/heads/");
    let (Some(branch), Some(_)) = (branch, &landing.to) else {
        return Vec::new();
    };
    let old_tip = format!("`{branch}`");
    if let ApprovalState::Known(approvals) = &landing.approval
        && approvals.open.is_none()
    {
        let steps = approvals.steps.iter();
        return steps
            .filter_map(|step| Some((step, step.policy.as_ref()?)))
            .flat_map(|(step, policy)| {
                let unnamed = policy
                    .files
                    .iter()
                    .filter(|(path, _, blob)| step.named.get(path) != Some(blob));
                let unnamed = unnamed.map(|(path, class, _)| unnamed_in(path, *class, branch));
                let number = numbered(policy, &old_tip);
                let faults = number.into_iter().chain(signers(policy));
                faults.chain(unnamed).collect::<Vec<_>>()
            })
            .collect();
    }
    let Some(step) = &landing.policy else {
        return Vec::new();
    };
    let faults = numbered(step, &old_tip).into_iter().chain(signers(step));
    let ApprovalState::Known(approvals) = &landing.approval else {
        return faults.collect();
    };
    // Nobody has approved it yet: whoever will is told at once of what to look at.
    let is_named = |path: &String, blob: &Option<BlobId>| {
        let mut steps = approvals.steps.iter();
        steps.any(|step| step.named.get(path) == Some(blob))
    };
    let unnamed = step
        .files
        .iter()
        .filter(|(path, _, blob)| !is_named(path, blob));
    let unnamed = unnamed.map(|(path, class, _)| unnamed_in(path, *class, branch));
    faults.chain(unnamed).collect()
}

/// The number against the highest before it; `base` says whose that is.
fn numbered(step: &PolicyMove, base: &str) -> Option<Finding> {
    let mut files = step.files.iter();
    let (path, _, _) = files.find(|(_, class, _)| *class == Class::Policy)?;
    let after = match &step.after {
        PolicyNumber::Absent => return Some(deleted()),
        PolicyNumber::Unreadable(why) => return Some(unreadable(why)),
        PolicyNumber::Number(after) => *after,
    };
    let before = step.before.iter().filter_map(|number| match number {
        PolicyNumber::Number(number) => Some(*number),
        PolicyNumber::Absent | PolicyNumber::Unreadable(_) => None,
    });
    let before = before.max()?;
    if after > before {
        return None;
    }
    let message = if after == before {
        format!("`{path}` changes, and `policy` stays at {before}, as in {base}")
    } else {
        format!("`policy` would go back from {before}, as in {base}, to {after}")
    };
    Some(
        RULE.finding(message)
            .at(FILE, None)
            .help(format!("set `policy = {}` in `{FILE}`", before + 1)),
    )
}

/// Those who must approve, afterwards.
fn signers(step: &PolicyMove) -> Option<Finding> {
    let fault = step.signers.as_ref()?;
    Some(RULE.finding(fault.clone()).help(
        "keep a line for each who may approve; `approval.signers` names the file, `approval.required` how many must",
    ))
}

fn deleted() -> Finding {
    RULE.finding(format!("`{FILE}` would be gone"))
        .at(FILE, None)
        .help("the policy stays: to ask for less, switch rules off in it and raise its number")
}

fn unreadable(why: &str) -> Finding {
    RULE.finding(format!("`{FILE}` cannot be read: {why}"))
        .at(FILE, None)
        .help("mend it; `pdd-hooks schema` describes every key")
}

fn beside(path: &str) -> Finding {
    RULE.finding(format!(
        "the adoption changes `{path}`, which is neither policy, harness, record nor docs"
    ))
    .at(path, None)
    .help("commit it apart from the adoption, before it or on a work branch after it")
}

/// Says that a merge brought history with a beginning of its own: by which of both it is judged, its first parent alone says.
pub fn another_beginning(begun: &CommitId, adoption: &CommitId) -> Finding {
    RULE.finding(format!(
        "it merges history that lived by a policy of its own since {}, which the adoption, {}, never saw",
        begun.short(),
        adoption.short()
    ))
    .help(format!(
        "git diff {} {} -- {FILE} shows what either asked for; whoever chose the first parent of this merge chose between them",
        begun.short(),
        adoption.short()
    ))
}

fn unnamed_in(path: &str, class: Class, branch: &str) -> Finding {
    let what = match class {
        Class::Policy => "belongs to the policy",
        _ => "decides how the checks run",
    };
    RULE.finding(format!(
        "`{path}`, which {what}, would change on `{branch}`, and no approval that counts names it"
    ))
    .at(path, None)
    .help(format!(
        "pdd-hooks approve <branch> --into {branch} --policy"
    ))
}

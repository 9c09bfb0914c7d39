//! PDD005 transition: personas hand a task on by allowed steps, and what they declared stays.

mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::{Check, Rule, is_standing, task_of};
use crate::change::{Change, Kind, LogChange};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::Policy;
use crate::workflow::personalog::{Declaration, declarations};

/// PDD005.
pub(super) const RULE: Rule = Rule {
    code: "PDD005",
    name: "transition",
    summary: "a forbidden step in a persona log; an entry changed, removed, or not at the top",
    explain: "\
## Requires
In every persona log that a change touches, new declarations stand above the old ones of their task, each step from one
to the next is allowed, the first is of a persona that may begin, and old entries stay as they are.

## Why
DEV must not accept its own work: the way from DEV to PM, and from PM to DEV, leads through QA. A log that can be
rewritten proves none of this.

## Passes
- PM -> QA -> DEV -> QA -> PM, each of them twice in a row, and anyone -> TROUBLESHOOT
- a task that begins with PM or TROUBLESHOOT
- a merge that keeps the entries of every parent, each in its order
- what a standing task's change does to the entries of that task

## Refused
- DEV -> PM, PM -> DEV, TROUBLESHOOT -> QA
- an earlier entry that is edited, removed or moved, and a log that is deleted
- a new entry below an old one

## Settings
`persona.transitions` lists the steps (`*` is anyone), `persona.start` who may begin; `rules.transition` is `error`,
`warn` or `off`.

## How to fix
`pdd-hooks persona <ROLE> <TASK> \"<action>\"` writes a declaration where it belongs, and refuses a forbidden step.
`git log -p -- <log>` shows what earlier entries were.
",
    checks: &[Check::Message(check)],
};

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    if matches!(change.kind, Kind::Adoption | Kind::Squash) {
        return Vec::new();
    }
    // A standing task declares nothing, but it is no licence to rewrite what others declared.
    let exempt = task_of(change, message, policy).filter(|_| is_standing(change, message, policy));
    change
        .logs
        .iter()
        .flat_map(|log| check_log(log, exempt.as_ref(), policy))
        .collect()
}

fn check_log(log: &LogChange, exempt: Option<&TaskId>, policy: &Policy) -> Vec<Finding> {
    let text = log.text.as_deref().unwrap_or("");
    if log.bases.iter().all(|base| base == text) && !log.bases.is_empty() {
        return Vec::new();
    }
    let is_judged = |entry: &Declaration| exempt.is_none_or(|task| task.as_str() != entry.task);
    let judged = |text: &str| -> Vec<Declaration> {
        declarations(text).into_iter().filter(is_judged).collect()
    };
    let bases: Vec<Vec<Declaration>> = log.bases.iter().map(|base| judged(base)).collect();
    let result = judged(text);
    if log.text.is_none() {
        let most = bases.iter().map(Vec::len).max().unwrap_or(0);
        return if most == 0 {
            Vec::new()
        } else {
            vec![deleted(log, most)]
        };
    }
    let tasks: BTreeSet<&str> = bases
        .iter()
        .flatten()
        .chain(&result)
        .map(|entry| entry.task.as_str())
        .collect();
    let of = |entries: &[Declaration], task: &str| -> Vec<Declaration> {
        let same = entries.iter().filter(|entry| entry.task == task);
        same.cloned().collect()
    };
    let mut findings: Vec<Finding> = Vec::new();
    for task in tasks {
        let bases: Vec<_> = bases.iter().map(|base| of(base, task)).collect();
        for finding in check_task(&log.path, &bases, &of(&result, task), policy) {
            // Both parents of a merge may miss the same entry.
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// Compares the entries of one task, newest first, with those of each parent.
fn check_task(
    path: &str,
    bases: &[Vec<Declaration>],
    result: &[Declaration],
    policy: &Policy,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_old = are_old(bases, result);
    for base in bases {
        let kept = places(base, result);
        for (entry, place) in base.iter().zip(&kept) {
            match place {
                Some(Place::Same(_)) => {}
                Some(Place::Edited(at)) => findings.push(edited(path, &result[*at])),
                None => findings.push(removed(path, entry)),
            }
        }
        let order: Vec<usize> = kept.iter().flatten().map(Place::at).collect();
        if let Some(pair) = order.windows(2).find(|pair| pair[0] > pair[1]) {
            findings.push(reordered(path, &result[pair[1]], &result[pair[0]]));
        }
    }
    let first_old = is_old.iter().position(|&old| old).unwrap_or(result.len());
    let below = (first_old..result.len()).filter(|&at| !is_old[at]);
    findings.extend(below.map(|at| not_at_top(path, &result[at])));
    findings.extend(steps::check(path, result, &is_old, policy));
    if bases.iter().all(Vec::is_empty) {
        findings.extend(steps::check_start(path, result, policy));
    }
    findings
}

/// Says of each entry of a task, newest first, whether a parent has it.
pub(super) fn are_old(bases: &[Vec<Declaration>], result: &[Declaration]) -> Vec<bool> {
    let mut are_old = vec![false; result.len()];
    for place in bases.iter().flat_map(|base| places(base, result)).flatten() {
        are_old[place.at()] = true;
    }
    are_old
}

/// Where an entry of a parent stands in the result.
enum Place {
    Same(usize),
    /// Its heading stands there, its text is another.
    Edited(usize),
}

impl Place {
    fn at(&self) -> usize {
        match self {
            Self::Same(at) | Self::Edited(at) => *at,
        }
    }
}

/// Finds each entry of a parent in the result: by its text, else by its heading; oldest first, so that of two equal
/// entries the upper one counts as new.
fn places(base: &[Declaration], result: &[Declaration]) -> Vec<Option<Place>> {
    let mut is_free = vec![true; result.len()];
    let mut take = |like: &dyn Fn(&Declaration) -> bool| {
        let at = (0..result.len()).rfind(|&at| is_free[at] && like(&result[at]))?;
        is_free[at] = false;
        Some(at)
    };
    let mut found: Vec<Option<Place>> = base
        .iter()
        .rev()
        .map(|entry| take(&|other| other.text == entry.text).map(Place::Same))
        .collect();
    for (entry, place) in base.iter().rev().zip(&mut found) {
        if place.is_none() {
            *place = take(&|other| heading(other) == heading(entry)).map(Place::Edited);
        }
    }
    found.reverse();
    found
}

fn heading(entry: &Declaration) -> (&str, &str, &str) {
    (&entry.persona, &entry.task, &entry.action)
}

fn title(entry: &Declaration) -> String {
    let dash = if entry.action.is_empty() { "" } else { " - " };
    format!(
        "`[PERSONA: {}] - [{}]{dash}{}`",
        entry.persona, entry.task, entry.action
    )
}

fn restore(path: &str) -> String {
    format!("put it back (`git log -p -- {path}` shows it); what is new goes into an entry on top")
}

fn deleted(log: &LogChange, count: usize) -> Finding {
    let entries = if count == 1 { "entry" } else { "entries" };
    RULE.finding(format!("the log is deleted, with {count} {entries}"))
        .help(restore(&log.path))
        .at(log.path.as_str(), None)
}

fn removed(path: &str, entry: &Declaration) -> Finding {
    RULE.finding(format!("the entry {} is removed", title(entry)))
        .help(restore(path))
        .at(path, None)
}

fn edited(path: &str, entry: &Declaration) -> Finding {
    RULE.finding(format!("the earlier entry {} is edited", title(entry)))
        .help(restore(path))
        .at(path, Some(entry.line))
}

fn reordered(path: &str, upper: &Declaration, lower: &Declaration) -> Finding {
    RULE.finding(format!(
        "the entry {} has moved above {}, which is newer",
        title(upper),
        title(lower)
    ))
    .help(restore(path))
    .at(path, Some(upper.line))
}

fn not_at_top(path: &str, entry: &Declaration) -> Finding {
    RULE.finding(format!(
        "the new entry {} does not stand above the earlier ones",
        title(entry)
    ))
    .help(format!(
        "move it to the top of the entries of `{}`",
        entry.task
    ))
    .at(path, Some(entry.line))
}

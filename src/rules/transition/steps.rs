//! Who may follow whom, and who may begin.

use super::RULE;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::words::nearest;
use crate::workflow::personalog::Declaration;

/// Judges the steps that a new entry takes part in.
pub(super) fn check(
    path: &str,
    result: &[Declaration],
    is_old: &[bool],
    policy: &Policy,
) -> Vec<Finding> {
    (1..result.len())
        .filter(|&at| !is_old[at - 1] || !is_old[at])
        .map(|at| (&result[at], &result[at - 1]))
        .filter(|(older, newer)| !policy.allows(&older.persona, &newer.persona))
        .map(|(older, newer)| forbidden(path, older, newer, policy))
        .collect()
}

/// Judges who begins a task that no parent knows.
pub(super) fn check_start(path: &str, result: &[Declaration], policy: &Policy) -> Option<Finding> {
    let first = result.last()?;
    (!policy.may_start(&first.persona)).then(|| bad_start(path, first, policy))
}

fn forbidden(path: &str, older: &Declaration, newer: &Declaration, policy: &Policy) -> Finding {
    let (from, to, task) = (&older.persona, &newer.persona, &newer.task);
    let next = next(from, policy);
    let through = next
        .iter()
        .find(|&&between| between != from && between != to && policy.allows(between, to));
    let advice = match through {
        Some(between) => format!("pass through {between}: "),
        None => meant(to, policy).map_or(String::new(), |known| format!("did you mean {known}? ")),
    };
    let example = through
        .or_else(|| next.iter().find(|&&name| name != from))
        .unwrap_or(&"<ROLE>");
    RULE.finding(format!(
        "`{task}` goes from {from} to {to}, which is forbidden"
    ))
    .help(format!(
        "{advice}after {from} the log allows {}: `pdd-hooks persona {example} {task} \"<action>\"`",
        if next.is_empty() {
            "nobody".into()
        } else {
            next.join(", ")
        }
    ))
    .at(path, Some(newer.line))
}

fn bad_start(path: &str, first: &Declaration, policy: &Policy) -> Finding {
    let (start, task) = (&policy.persona.start, &first.task);
    let role = start.first().map_or("<ROLE>", String::as_str);
    RULE.finding(format!("`{task}` begins with {}", first.persona))
        .help(format!(
            "a task begins with {}: `pdd-hooks persona {role} {task} \"<action>\"`",
            start.join(" or ")
        ))
        .at(path, Some(first.line))
}

/// Lists the personas that may follow, in the order of the policy.
fn next<'a>(from: &str, policy: &'a Policy) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (before, after) in sides(policy) {
        if (before == from || before == "*") && !names.contains(&after) {
            names.push(after);
        }
    }
    names
}

/// Returns the persona that was probably meant by a name that the policy does not know.
fn meant<'a>(name: &str, policy: &'a Policy) -> Option<&'a str> {
    let known = || {
        sides(policy)
            .map(|(_, after)| after)
            .filter(|&name| name != "*")
    };
    if known().any(|persona| persona == name) {
        return None;
    }
    nearest(&name.to_uppercase(), known())
}

fn sides(policy: &Policy) -> impl Iterator<Item = (&str, &str)> {
    let steps = policy.persona.transitions.iter();
    steps
        .filter_map(|step| step.split_once("->"))
        .map(|(before, after)| (before.trim(), after.trim()))
}

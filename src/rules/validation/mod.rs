//! PDD008 validation: exactly this tree has passed the checks, and QA has said so.

#[cfg(test)]
mod tests;

use super::{Check, Rule, is_automatic, is_standing, task_of};
use crate::change::{Change, CheckState, Kind, Landing, Place, Standing, Validation};
use crate::finding::Finding;
use crate::id::{CommitId, TaskId};
use crate::message::Message;
use crate::policy::{CheckKind, Class, Policy};
use crate::workflow::personalog::declarations;

/// PDD008.
pub(super) const RULE: Rule = Rule {
    code: "PDD008",
    name: "validation",
    summary: "a tree that has not passed the checks in scope; source without a test check, or without QA's word",
    explain: "\
## Requires
Every `[[check]]` whose `paths` the change touches has passed on exactly the tree that is committed, run in a folder of
its own. A change of source has a test check in scope, and the task's log shows QA after the last DEV.

## Why
What lies in the work tree is not what is committed: files that are not staged, old builds and editable installs make
tests pass that fail for everybody else. And whoever wrote the code is not the one to say that it works.

## Passes
- a tree on which each check in scope passed, now or at an earlier run, which then says how old it is
- documents and records alone, where no check looks at them
- failures that the parent's tree has too, where the check has `baseline = true`
- tests alone that fail because their source is not written yet: they are sealed, and the next source must turn them
  green; a merge keeps those that its first parent has sealed
- a replayed commit whose original was validated, if the last commit of its range is

## Refused
- a failing check, and a run that proves nothing: no test ran, no report, a report that contradicts the exit code,
  a program that is missing, a timeout, tracked files that the run changed
- from push on, a commit that builds on one without validation, until the checks have passed
- on a protected branch, a tip on which some check in scope of the whole landing has not run, or sealed tests still fail
- source changed while the newest of DEV and QA in the log is DEV

## Settings
`[[check]]` names the checks; `validation.on-commit` is `run` or `require`, `validation.declared` asks for QA's word,
`validation.carry` lists untracked paths that the checks need. A check's `env` gives it variables that are kept from it
because they put code into a runner or choose its tests, such as NODE_OPTIONS. `rules.validation` is `error`, `warn` or `off`.

## How to fix
`pdd-hooks validate` runs the checks on what is staged, `pdd-hooks validate main..HEAD` on each commit, and shows what
fails. `pdd-hooks persona QA <TASK> \"<action>\"` gives QA's word. A project without checks: `pdd-hooks init --dry-run`
shows those that fit its languages.
",
    checks: &[
        Check::Tree(check_tree),
        Check::Message(check_declared),
        Check::Landing(check_landing),
    ],
};

/// How many names a finding lists.
const NAMED: usize = 3;

fn check_tree(change: &Change, policy: &Policy) -> Vec<Finding> {
    if change.kind == Kind::Adoption {
        return Vec::new();
    }
    let mut findings = unchecked_source(change, policy);
    if let Validation::Known(states) = &change.validation {
        findings.extend(judge(states, &target(change)));
    }
    findings
}

fn check_landing(landing: &Landing, _: &Policy) -> Vec<Finding> {
    let (Validation::Known(states), Some(to)) = (&landing.validation, &landing.to) else {
        return Vec::new();
    };
    let to = to.short();
    let mut findings = Vec::new();
    let sealed = names(states, |standing| *standing == Standing::Sealed);
    if !sealed.is_empty() {
        let sealed = listed(&sealed);
        findings.push(
            RULE.finding(format!(
                "{to} would land with sealed tests that fail in {sealed}"
            ))
            .help("commit the source that turns them green"),
        );
    }
    for state in states {
        if let Standing::Unvouched(why) = &state.standing {
            findings.push(unvouched(&state.check, why));
        }
    }
    let missing = names(states, |standing| {
        !matches!(
            standing,
            Standing::Passed | Standing::Sealed | Standing::Unvouched(_)
        )
    });
    if missing.is_empty() {
        return findings;
    }
    // The whole of it: by itself the tip may ask for less.
    let range = match &landing.from {
        Some(from) if landing.fast_forward => format!("{}..{to}", from.short()),
        _ => to.to_string(),
    };
    findings.push(
        RULE.finding(format!(
            "{to} would land without {} on exactly its tree",
            listed(&missing)
        ))
        .help(format!("pdd-hooks validate {range}")),
    );
    findings
}

/// A change of source that no test check looks at: the first such path.
fn unchecked_source(change: &Change, policy: &Policy) -> Vec<Finding> {
    let is_tested = |path: &str| {
        policy.check.iter().any(|check| {
            check.kind == CheckKind::Test && check.concerns(path.as_bytes(), Class::Source)
        })
    };
    let source = change
        .paths
        .iter()
        .filter(|path| path.class == Class::Source);
    let Some(path) = source.into_iter().find(|path| !is_tested(&path.path)) else {
        return Vec::new();
    };
    vec![
        RULE.finding("source changes, and no test check is in scope")
            .help("give `.pdd.toml` on the protected branch a `[[check]]` with `kind = \"test\"` whose `paths` hold it; `pdd-hooks init --dry-run` shows one")
            .at(&path.path, None),
    ]
}

/// What `pdd-hooks validate` is to be given for this change; empty for the staged one.
fn target(change: &Change) -> String {
    match &change.place {
        Place::Commit(id, _) => format!(" {}", id.short()),
        Place::Staged(_) | Place::Reference(_) => String::new(),
    }
}

fn judge(states: &[CheckState], target: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = states.iter().filter_map(ran).collect();
    let missing = names(states, |standing| *standing == Standing::Missing);
    if !missing.is_empty() {
        let missing = have_not(&missing);
        findings.push(
            RULE.finding(format!(
                "this tree has no passing validation: {missing} passed on it"
            ))
            .help(format!("pdd-hooks validate{target}")),
        );
    }
    findings.extend(unfounded(states));
    findings
}

fn ran(state: &CheckState) -> Option<Finding> {
    let check = &state.check;
    match &state.standing {
        Standing::Failed { tests, message } => Some(failed(check, tests, message.as_deref())),
        Standing::EnvironmentError { what, help } => {
            let finding = RULE.finding(format!(
                "environment-error: the check `{check}` proves nothing: {what}"
            ));
            Some(match help {
                Some(help) => finding.help(help),
                None => finding,
            })
        }
        Standing::Unvouched(why) => Some(unvouched(check, why)),
        Standing::Passed | Standing::Missing | Standing::Sealed | Standing::Unfounded(_) => None,
    }
}

/// It passed, as far as one believes whoever says so.
fn unvouched(check: &str, why: &str) -> Finding {
    RULE.finding(format!(
        "the record that the check `{check}` passed does not count here: {why}"
    ))
    .help(
        "sign with a key that the signers file lists (`git config pdd.signingKey <file>`), then `pdd-hooks validate <range>`",
    )
}

fn failed(check: &str, tests: &[String], message: Option<&str>) -> Finding {
    let what = match tests {
        [] => String::new(),
        // What has no report of its own is one test, named after the check.
        [one] if one == check => String::new(),
        [one] => format!(": `{one}`"),
        _ => {
            let count = tests.len();
            format!(": {count} tests, {}", listed(tests))
        }
    };
    let message = message.map_or(String::new(), |message| format!(": {message}"));
    RULE.finding(format!("the check `{check}` fails{what}{message}"))
        .help(
            "mend it and stage the mend: what is staged was tested, not what lies in the work tree",
        )
}

fn unfounded(states: &[CheckState]) -> Option<Finding> {
    let bases: Vec<&CommitId> = states
        .iter()
        .filter_map(|state| match &state.standing {
            Standing::Unfounded(base) => Some(base),
            _ => None,
        })
        .collect();
    let base = bases.first()?;
    let on = |standing: &Standing| matches!(standing, Standing::Unfounded(of) if of == *base);
    let missing = have_not(&names(states, on));
    Some(
        RULE.finding(format!(
            "this tree builds on {}, on which {missing} passed",
            base.short()
        ))
        .help(format!("pdd-hooks validate {}", base.short())),
    )
}

fn names(states: &[CheckState], which: impl Fn(&Standing) -> bool) -> Vec<String> {
    let found = states.iter().filter(|state| which(&state.standing));
    found.map(|state| state.check.clone()).collect()
}

/// Writes names in backticks, the first few, and how many more there are.
fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .take(NAMED)
        .map(|name| format!("`{name}`"))
        .collect();
    let mut text = quoted.join(", ");
    if names.len() > NAMED {
        text.push_str(&format!(" and {} more", names.len() - NAMED));
    }
    text
}

/// Writes names as the subject of a sentence that denies: ``tests` has not`.
fn have_not(names: &[String]) -> String {
    let verb = if names.len() == 1 { "has" } else { "have" };
    format!("{} {verb} not", listed(names))
}

fn check_declared(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let is_exempt = match change.kind {
        Kind::Adoption | Kind::Squash | Kind::Revert { .. } | Kind::Replayed { .. } => true,
        Kind::Ordinary | Kind::Merge => is_automatic(change),
    };
    let has_source = change.paths.iter().any(|path| path.class == Class::Source);
    if is_exempt
        || !has_source
        || !policy.validation.declared
        || message.autosquash().is_some()
        || is_standing(change, message, policy)
    {
        return Vec::new();
    }
    let Some(task) = task_of(change, message, policy) else {
        return Vec::new();
    };
    match last_word(change, &task) {
        LastWord::Qa | LastWord::Nobody => Vec::new(),
        LastWord::Dev => vec![undeclared(
            &task,
            "QA has not spoken since the last DEV",
            policy,
        )],
        LastWord::Neither => vec![undeclared(&task, "QA has not spoken", policy)],
    }
}

/// Who of DEV and QA spoke last in a task's log.
enum LastWord {
    Qa,
    Dev,
    /// Others have declared, neither of the two.
    Neither,
    /// Nobody has declared; PDD004 says so.
    Nobody,
}

fn last_word(change: &Change, task: &TaskId) -> LastWord {
    let personas: Vec<String> = change
        .logs
        .iter()
        .filter(|log| log.task.as_ref().is_none_or(|of| of == task))
        .filter_map(|log| log.text.as_deref())
        .flat_map(declarations)
        .filter(|declaration| declaration.task == task.as_str())
        .map(|declaration| declaration.persona)
        .collect();
    if personas.is_empty() {
        return LastWord::Nobody;
    }
    // Newest first, as the log has them.
    match personas.iter().find(|name| *name == "QA" || *name == "DEV") {
        Some(name) if name == "QA" => LastWord::Qa,
        Some(_) => LastWord::Dev,
        None => LastWord::Neither,
    }
}

fn undeclared(task: &TaskId, what: &str, policy: &Policy) -> Finding {
    RULE.finding(format!("source changes under `{task}`, and {what}"))
        .help(format!(
            "pdd-hooks persona QA {task} \"<what was validated>\""
        ))
        .at(policy.log_of(task), None)
}

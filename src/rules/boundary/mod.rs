//! PDD006 boundary: each persona changes what it owns.

mod owners;
mod record;
#[cfg(test)]
mod tests;

use super::transition::are_old;
use super::{Check, Rule, is_standing, task_of};
use crate::change::{Change, Kind, LogChange, PathChange};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::{Class, Policy};
use crate::workflow::personalog::declarations;
use crate::workflow::tasklist::Share;
use owners::owners;

/// PDD006.
pub(super) const RULE: Rule = Rule {
    code: "PDD006",
    name: "boundary",
    summary: "a path that neither the task's persona nor those that the change declares may change",
    explain: "\
## Requires
Each changed path belongs to the persona that the task's log declared last before the change, or to one that the change
itself declares:
- PM: the workflow's documents, docs, the policy and what decides how checks run
- QA: tests and their fixtures; in the task's own block of the Tasklist its status, criteria and QA's checkpoint
- DEV: source, manifests, docs and the Devlog; in the task's own block its owner, times, notes and DEV's checkpoint
- TROUBLESHOOT: the Devlog; it may add one task to the Tasklist, the bug
- everyone: persona logs

## Why
Who writes the code does not also weaken the test that it has to pass, and who looks for a cause does not mend it on the
way. A persona that needs something else hands over, and the log shows it.

## Passes
- QA's tests and DEV's source in one commit that declares DEV, where QA spoke last before it
- a Rust source file of which only `#[cfg(test)]` items change, for QA
- a task that was PENDING and that TROUBLESHOOT, who is the first to speak for it, takes up: its status, owner and start
- what a standing task may change; exact reverts, but for the documents; the adopting commit; what merging gives, and
  documents that it leaves in conflict

## Refused
- source changed while PM, QA or TROUBLESHOOT speaks for the task, tests while DEV does
- another task's block of the Tasklist, changed by anyone but PM
- the Changelog, changed by anyone but PM
- a line of the Tasklist that is moved in or out, so that it is no longer its task's

## Settings
`[paths]` says what is source, test and so on; `persona.log` where personas are declared. `rules.boundary` is `error`,
`warn` or `off`.

## How to fix
`pdd-hooks handoff <ROLE>` or `pdd-hooks persona <ROLE> <TASK> \"<action>\"` declares the persona that owns the path, and
refuses a forbidden step; or commit what belongs to the other persona apart: `git restore --staged <path>`.
",
    checks: &[Check::Message(check)],
};

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let Some((task, speakers)) = asked(change, message, policy) else {
        return Vec::new();
    };
    let is_revert = matches!(change.kind, Kind::Revert { .. });
    let mut strange: Vec<(Class, Vec<&PathChange>)> = Vec::new();
    let mut findings = Vec::new();
    for path in &change.paths {
        let class = class_of(path);
        if class == Class::Record || policy.is_document(&path.path) {
            // Both sides of a conflict were judged where they were written.
            if !path.is_conflicted {
                findings.extend(record::judge(change, path, &task, &speakers, policy));
            }
        } else if is_revert {
            // What is taken back is whose it was.
        } else if !owners(class).iter().any(|owner| speakers.speak(owner)) {
            match strange.iter_mut().find(|(of, _)| *of == class) {
                Some((_, paths)) => paths.push(path),
                None => strange.push((class, vec![path])),
            }
        }
    }
    let strange = strange.iter();
    findings.extend(strange.map(|(class, paths)| foreign(&task, &speakers, *class, paths, policy)));
    findings
}

/// Says whether it matters to this rule which of the changed source files change in their tests alone.
pub fn asks(change: &Change, message: &Message, policy: &Policy) -> bool {
    policy.level(RULE.name).is_some()
        && asked(change, message, policy).is_some_and(|(_, speakers)| !speakers.speak("DEV"))
}

/// Says which persona ticks a context checkpoint: the one that it is named after, PM where it is named after none.
pub(super) fn ticked_by(checkpoint: &str) -> &'static str {
    let share = Share::Checkpoint(checkpoint.to_owned());
    let mut own = ["QA", "DEV"].into_iter();
    own.find(|persona| owners::may_change(persona, &share))
        .unwrap_or("PM")
}

/// Says whether a persona may write the Devlog.
pub fn writes_devlog(persona: &str) -> bool {
    owners(Class::Record).contains(&persona) || owners::DEVLOG.contains(&persona)
}

/// The task and who speaks for it, where the rule has something to ask.
fn asked(change: &Change, message: &Message, policy: &Policy) -> Option<(TaskId, Speakers)> {
    let is_exempt = matches!(change.kind, Kind::Adoption | Kind::Squash);
    if is_exempt || change.paths.is_empty() || is_standing(change, message, policy) {
        return None;
    }
    // Without exactly one task there is no log to ask; PDD001 says so. PDD004 says what standing tasks are not for.
    let task = task_of(change, message, policy).filter(|task| !policy.is_standing(task))?;
    let speakers = Speakers::of(change, &task);
    // Where nobody speaks, PDD004 says so.
    (!speakers.names.is_empty()).then_some((task, speakers))
}

fn class_of(path: &PathChange) -> Class {
    match path.class {
        Class::Source if path.is_test_within => Class::Test,
        class => class,
    }
}

/// Who speaks for a task in a change: first who did last before it, as its log tells, then those that it declares.
struct Speakers {
    names: Vec<String>,
    /// Whether nobody did before it.
    are_first: bool,
}

impl Speakers {
    fn of(change: &Change, task: &TaskId) -> Self {
        let is_of = |log: &&LogChange| log.task.as_ref().is_none_or(|of| of == task);
        let mut names: Vec<String> = Vec::new();
        let mut are_first = true;
        for log in change.logs.iter().filter(is_of) {
            let entries = |text: &str| -> Vec<_> {
                let entries = declarations(text).into_iter();
                entries
                    .filter(|entry| entry.task == task.as_str())
                    .collect()
            };
            let bases: Vec<_> = log.bases.iter().map(|base| entries(base)).collect();
            are_first &= bases.iter().all(Vec::is_empty);
            let after = entries(log.text.as_deref().unwrap_or_default());
            let are_old = are_old(&bases, &after);
            // Of a merge's parents one may be only older: who spoke there last has handed over since.
            let newest = after.iter().zip(&are_old).find(|(_, is_old)| **is_old);
            names.extend(newest.map(|(entry, _)| entry.persona.clone()));
            // The log is read newest first; what happened is told oldest first.
            let new = after
                .iter()
                .zip(&are_old)
                .rev()
                .filter(|(_, is_old)| !**is_old);
            names.extend(new.map(|(entry, _)| entry.persona.clone()));
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        Self { names, are_first }
    }

    fn speak(&self, persona: &str) -> bool {
        self.names.iter().any(|name| name == persona)
    }

    /// `PM speaks`, `PM and QA speak`.
    fn words(&self) -> String {
        let verb = if self.names.len() == 1 {
            "speaks"
        } else {
            "speak"
        };
        format!("{} {verb}", self.names.join(" and "))
    }
}

fn foreign(
    task: &TaskId,
    speakers: &Speakers,
    class: Class,
    paths: &[&PathChange],
    policy: &Policy,
) -> Finding {
    let owners = owners(class);
    let path = &paths[0].path;
    let (more, is) = match paths.len() - 1 {
        0 => (String::new(), "is"),
        1 => (" and 1 more path".to_owned(), "are"),
        more => (format!(" and {more} more paths"), "are"),
    };
    RULE.finding(format!(
        "`{path}`{more} {is} {}, which {} changes; {} for `{task}`",
        noun(class),
        owners.join(" or "),
        speakers.words()
    ))
    .at(path.as_str(), None)
    .help(way(task, speakers, owners, policy))
}

/// How an owner comes to speak.
fn way(task: &TaskId, speakers: &Speakers, owners: &[&str], policy: &Policy) -> String {
    let last = speakers.names.last().map_or("", String::as_str);
    let declare = |role: &str| format!("`pdd-hooks persona {role} {task} \"<action>\"`");
    if let Some(next) = owners.iter().find(|owner| policy.allows(last, owner)) {
        return format!("declare it: {}", declare(next));
    }
    let apart = "or commit it apart: `git restore --staged <path>`";
    let steps = ["PM", "QA", "DEV"];
    let through = steps.into_iter().find_map(|step| {
        let owner = owners.iter().find(|owner| policy.allows(step, owner))?;
        policy.allows(last, step).then_some((step, owner))
    });
    match through {
        Some((step, owner)) => format!(
            "{last} hands over through {step}: {}, then {}; {apart}",
            declare(step),
            declare(owner)
        ),
        None => format!("it is for {}; {apart}", owners.join(" or ")),
    }
}

fn noun(class: Class) -> &'static str {
    match class {
        Class::Policy => "policy",
        Class::Harness => "harness",
        Class::Record => "a workflow document",
        Class::Test => "test",
        Class::Support => "test support",
        Class::Manifest => "manifest",
        Class::Docs => "docs",
        Class::Source => "source",
    }
}

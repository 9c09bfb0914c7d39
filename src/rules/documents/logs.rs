//! The logs: new entries stand on top, under names of their own.

use super::RULE;
use crate::change::DocumentChange;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::workflow::entries::Entry;
use crate::workflow::{changelog, devlog};

pub(super) fn changelog(change: &DocumentChange, order: Order, policy: &Policy) -> Vec<Finding> {
    let is_id = |id: &str| policy.is_task(id);
    let named = |text: &str| -> Vec<Named> {
        let done = changelog::done(text, &is_id).into_iter();
        done.map(|done| {
            let is_standing = done.task.as_ref().is_some_and(|it| policy.is_standing(it));
            let name = match &done.task {
                // What is done again and again: its entries differ by what they say.
                Some(task) if is_standing => format!("{task}: {}", done.entry.title),
                Some(task) => task.to_string(),
                None => done.entry.name.clone(),
            };
            Named {
                name,
                task: done.task.map(|task| task.to_string()),
                entry: done.entry,
            }
        })
        .collect()
    };
    let help = |name: &str| format!("one entry a task: merge the two entries of `{name}` into one");
    judge(change, order, &named, &help)
}

pub(super) fn devlog(change: &DocumentChange, order: Order) -> Vec<Finding> {
    let named = |text: &str| -> Vec<Named> {
        let decisions = devlog::decisions(text).into_iter();
        decisions
            .map(|decision| Named {
                name: devlog::name(decision.number),
                task: task_of(text, &decision.entry),
                entry: decision.entry,
            })
            .collect()
    };
    let help = |_: &str| "`pdd-hooks doctor --fix` gives the newer one the next number".to_owned();
    judge(change, order, &named, &help)
}

/// Among which entries a new one has to be the topmost, and its number its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Among all.
    OfAll,
    /// Among those of its task: in history a rebase may have brought it below what others wrote meanwhile, and under a number
    /// that they took too; git's union puts it there, and nothing says any more that it was rebased.
    OfTask,
}

/// The task of an entry, as its field says it.
fn task_of(text: &str, entry: &Entry) -> Option<String> {
    let said = entry.value(text, &["task", "related task"])?;
    Some(said.trim_matches(['[', ']', '`', ' ']).to_owned())
}

/// An entry with the name that no other may have.
struct Named {
    name: String,
    task: Option<String>,
    entry: Entry,
}

fn judge(
    change: &DocumentChange,
    order: Order,
    named: &dyn Fn(&str) -> Vec<Named>,
    help: &dyn Fn(&str) -> String,
) -> Vec<Finding> {
    let after = named(change.after());
    let bases: Vec<Vec<Named>> = change.bases.iter().map(|base| named(base)).collect();
    let mut is_old = vec![false; after.len()];
    for base in &bases {
        for at in places(base, &after).into_iter().flatten() {
            is_old[at] = true;
        }
    }
    let mut findings = Vec::new();
    let are_kin = |a: &Named, b: &Named| order == Order::OfAll || a.task == b.task;
    for (at, it) in after.iter().enumerate().filter(|(at, _)| !is_old[*at]) {
        if (0..at).any(|above| is_old[above] && are_kin(&after[above], it)) {
            findings.push(not_at_top(change, it));
        }
    }
    for (at, it) in after.iter().enumerate() {
        let is_same = |other: &&Named| other.name == it.name && are_kin(other, it);
        let same = |all: &[Named]| all.iter().filter(is_same).count();
        let is_first = !after[..at].iter().any(|other| is_same(&other));
        let before = bases.iter().map(|base| same(base)).max().unwrap_or(0);
        if is_first && same(&after) > before.max(1) {
            let older = after.iter().rev().find(is_same);
            let line = older.map_or(0, |older| older.entry.line);
            findings.push(twice(change, it, line).help(help(&it.name)));
        }
    }
    findings
}

/// Whether two entries are one.
type Same = dyn Fn(&Named, &Named) -> bool;

/// Finds each entry of a parent in the result: by name and title, else by its title, else by its name; an entry that is
/// renumbered or gets another title is still the same.
fn places(base: &[Named], after: &[Named]) -> Vec<Option<usize>> {
    let mut is_free = vec![true; after.len()];
    let mut found = vec![None; base.len()];
    let same: [&Same; 3] = [
        &|a, b| a.name == b.name && a.entry.title == b.entry.title,
        &|a, b| a.entry.title == b.entry.title,
        &|a, b| a.name == b.name,
    ];
    for is_same in same {
        // Oldest first, so that of two equal entries the upper one counts as new.
        for (entry, place) in base.iter().zip(&mut found).rev() {
            if place.is_none() {
                *place = (0..after.len()).rfind(|&at| is_free[at] && is_same(entry, &after[at]));
                if let Some(at) = *place {
                    is_free[at] = false;
                }
            }
        }
    }
    found
}

fn not_at_top(change: &DocumentChange, it: &Named) -> Finding {
    RULE.finding(format!(
        "the new entry `{}` does not stand above the earlier ones",
        it.name
    ))
    .at(change.path.as_str(), Some(it.entry.line))
    .help("move it to the top, below the title and its prose")
}

fn twice(change: &DocumentChange, it: &Named, other: u32) -> Finding {
    RULE.finding(format!("`{}` stands here and in line {other}", it.name))
        .at(change.path.as_str(), Some(it.entry.line))
}

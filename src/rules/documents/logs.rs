//! The logs: new entries stand on top, under names of their own.

use std::collections::{HashMap, HashSet};

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

pub(super) fn devlog(change: &DocumentChange, order: Order, policy: &Policy) -> Vec<Finding> {
    let is_id = |id: &str| policy.is_task(id);
    let task_of = |text: &str, entry: &Entry| {
        let tasks = devlog::tasks_of(text, entry, &is_id);
        tasks.first().map(ToString::to_string)
    };
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
    /// that they took too; git's union puts it there, and nothing says any more that it was rebased. An entry of no task has
    /// nobody to be compared with.
    OfTask,
}

/// An entry with the name that no other may have.
struct Named {
    name: String,
    task: Option<String>,
    entry: Entry,
}

impl Named {
    /// What it has in common with those that it is judged among; none where it is judged alone.
    fn kin(&self, order: Order) -> Option<&str> {
        match order {
            Order::OfAll => Some(""),
            Order::OfTask => self.task.as_deref(),
        }
    }
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
    let mut earlier = HashSet::new();
    for (it, is_old) in after.iter().zip(is_old) {
        match it.kin(order) {
            Some(kin) if is_old => drop(earlier.insert(kin)),
            Some(kin) if earlier.contains(kin) => findings.push(not_at_top(change, it)),
            _ => {}
        }
    }
    let mut now = counted(&after, order);
    let before: Vec<_> = bases.iter().map(|base| counted(base, order)).collect();
    for it in &after {
        let Some(kin) = it.kin(order) else {
            continue;
        };
        let key = (it.name.as_str(), kin);
        let of = |before: &Counted<'_>| before.get(&key).map_or(0, |(count, _)| *count);
        let most = before.iter().map(of).max().unwrap_or(0);
        // It is said of the first alone.
        if let Some((count, line)) = now.remove(&key)
            && count > most.max(1)
        {
            findings.push(twice(change, it, line).help(help(&it.name)));
        }
    }
    findings
}

/// How many entries there are by name and kin, and the line of the last of each.
type Counted<'n> = HashMap<(&'n str, &'n str), (usize, u32)>;

fn counted(all: &[Named], order: Order) -> Counted<'_> {
    let mut counted = Counted::new();
    for it in all {
        if let Some(kin) = it.kin(order) {
            let (count, line) = counted.entry((&it.name, kin)).or_default();
            (*count, *line) = (*count + 1, it.entry.line);
        }
    }
    counted
}

/// What two entries that are one have in common.
type Key = for<'n> fn(&'n Named) -> (&'n str, &'n str);

/// Finds each entry of a parent in the result: by name and title, else by its title, else by its name; an entry that is
/// renumbered or gets another title is still the same.
fn places(base: &[Named], after: &[Named]) -> Vec<Option<usize>> {
    let mut is_free = vec![true; after.len()];
    let mut found = vec![None; base.len()];
    let keys: [Key; 3] = [
        |it| (&it.name, &it.entry.title),
        |it| ("", &it.entry.title),
        |it| (&it.name, ""),
    ];
    for key in keys {
        let mut free: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, it) in after.iter().enumerate().filter(|(at, _)| is_free[*at]) {
            free.entry(key(it)).or_default().push(at);
        }
        // Oldest first, so that of two equal entries the upper one counts as new.
        let missing = base.iter().zip(&mut found).rev();
        for (entry, place) in missing.filter(|(_, place)| place.is_none()) {
            *place = free.get_mut(&key(entry)).and_then(Vec::pop);
            if let Some(at) = *place {
                is_free[at] = false;
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

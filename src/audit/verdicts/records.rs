//! The records of the store, digested by what they are about.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::digest;
use crate::evidence::statement::Predicate;
use crate::git::{Oid, Repository};
use crate::id::{TaskId, TreeId};
use crate::proof::known::{Known, Spoken, Topic, Word};

/// Digests of records; one more record about the same thing makes another.
#[derive(Debug, Default)]
pub(super) struct Records {
    by_tree: HashMap<Oid, u64>,
    by_commit: HashMap<Oid, u64>,
    by_task: BTreeMap<u64, u64>,
    /// Of all of them.
    pub(super) all: u64,
    /// Of the waivers, which may speak of anything, and how many of them have ended.
    pub(super) waivers: (u64, usize),
}

impl Records {
    /// Digests what the store holds.
    pub(super) fn of(
        repository: &Repository,
        (spoken, known): (&[Spoken], &Known),
        now: Timestamp,
    ) -> Self {
        let mut found = Self::default();
        for one in spoken {
            let name = digest::of(&(&one.listed.name, one.listed.blob.as_bytes()));
            add(&mut found.all, name);
            match &one.topic {
                Topic::Validation(tree) | Topic::RedGreen(tree) => {
                    found.add_tree(repository, tree, name);
                }
                Topic::Word(word, commit) => {
                    if *word == Word::Waiver {
                        add(&mut found.waivers.0, name);
                        found.waivers.1 += usize::from(has_ended(repository, one, now));
                    }
                    let commit = commit.as_ref();
                    if let Some(oid) = commit.and_then(|id| repository.oid(id.as_str()).ok()) {
                        add(found.by_commit.entry(oid).or_default(), name);
                    }
                }
            }
        }
        for sealed in known.seals() {
            let name = digest::of(&sealed.record);
            add(&mut found.all, name);
            // It holds for what is made of its tree, and for what is made beside it.
            let base = sealed.seal.base.as_ref();
            for tree in [Some(&sealed.tree), base].into_iter().flatten() {
                found.add_tree(repository, tree, name);
            }
            let of_task = found.by_task.entry(task(&sealed.seal.task));
            add(of_task.or_default(), name);
        }
        found
    }

    fn add_tree(&mut self, repository: &Repository, tree: &TreeId, name: u64) {
        if let Ok(oid) = repository.oid(tree.as_str()) {
            add(self.by_tree.entry(oid).or_default(), name);
        }
    }

    /// Digests what is recorded of a commit, of its tree and of its first parent's; 0 where nothing is.
    pub(super) fn about(&self, commit: Oid, tree: Oid, base: Option<Oid>) -> u64 {
        let by_tree = |tree: Oid| self.by_tree.get(&tree).copied().unwrap_or(0);
        let found = [
            self.by_commit.get(&commit).copied().unwrap_or(0),
            by_tree(tree),
            base.map_or(0, by_tree),
        ];
        match found {
            [0, 0, 0] => 0,
            found => digest::of(&found),
        }
    }

    /// Digests the tests that were sealed for a task, by the task's digest.
    pub(super) fn of_task(&self, task: u64) -> u64 {
        self.by_task.get(&task).copied().unwrap_or(0)
    }
}

fn has_ended(repository: &Repository, waiver: &Spoken, now: Timestamp) -> bool {
    let statement = waiver.read(repository).map(|found| found.statement());
    let Some(Ok(statement)) = statement else {
        return false;
    };
    let Predicate::Waiver(waiver) = statement.predicate else {
        return false;
    };
    let end = waiver.expires.and_then(|end| end.parse().ok());
    end.is_some_and(|end: Timestamp| end <= now)
}

/// Digests a task.
pub(super) fn task(task: &TaskId) -> u64 {
    digest::of(task.as_str())
}

/// The order of the records tells nothing.
fn add(sum: &mut u64, name: u64) {
    *sum = sum.wrapping_add(name | 1);
}

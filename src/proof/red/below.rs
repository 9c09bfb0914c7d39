//! What stands below a change: the trees of its history, and the seals that its commits have spent.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::prove::base_tree;
use crate::change::Seen;
use crate::evidence::statement::{RedGreen, Seal};
use crate::git::{Oid, Repository};
use crate::id::TreeId;
use crate::proof::Error;
use crate::proof::known::Known;
use crate::proof::request::Request;

/// What stands below a change, down to what has landed.
pub(super) struct Below {
    /// The tree that the change builds on.
    pub(super) base: Option<Oid>,
    trees: HashSet<TreeId>,
    /// The checks whose sealed tests a commit turned green, by the record of the seal that bound it.
    spent: HashMap<String, BTreeSet<String>>,
}

impl Below {
    pub(super) fn of(
        repository: &Repository,
        known: &Known,
        floor: Option<Oid>,
        request: &Request,
    ) -> Result<Self, Error> {
        let base = base_tree(repository, request)?;
        let mut below = Self {
            base,
            trees: base
                .map(|tree| TreeId::new(tree.to_string()))
                .into_iter()
                .collect(),
            spent: HashMap::new(),
        };
        let originals = known.originals(repository);
        for oid in repository.commits_between(&request.parents, floor.as_slice())? {
            let mut seen = HashSet::new();
            let mut speaker = Some(oid);
            // A replayed commit is what its original was: its tree may be another one.
            while let Some(of) = speaker.filter(|&of| seen.insert(of) && repository.has_object(of))
            {
                below.take(repository, known, of)?;
                speaker = originals.get(&of).copied();
            }
        }
        Ok(below)
    }

    /// Says whether a tree is one of the history.
    pub(super) fn holds(&self, tree: &TreeId) -> bool {
        self.trees.contains(tree)
    }

    /// Says whether the tests of a check that this record seals have been turned green.
    pub(super) fn has_spent(&self, record: &str, check: &str) -> bool {
        self.spent
            .get(record)
            .is_some_and(|checks| checks.contains(check))
    }

    /// Says whether nothing that this record seals is still to be turned green.
    pub(super) fn has_spent_all(&self, record: &str, seal: &Seal) -> bool {
        let mut tests = seal.tests.iter();
        self.spent.contains_key(record) && tests.all(|test| self.has_spent(record, &test.check))
    }

    fn take(&mut self, repository: &Repository, known: &Known, oid: Oid) -> Result<(), Error> {
        let commit = repository.commit(oid)?;
        let tree = TreeId::new(commit.tree.to_string());
        let base = match commit.parents.first() {
            Some(&parent) if repository.has_object(parent) => {
                Some(TreeId::new(repository.tree_of(parent)?.to_string()))
            }
            _ => None,
        };
        // Source that breaks a seal was refused or went round.
        let spending = known
            .proofs(&tree, base.as_ref())
            .filter(|record| record.proof.broken.is_empty() && !record.proof.sources.is_empty());
        for record in spending {
            let green = turned_green(record);
            for seal in &record.seals {
                let spent = self.spent.entry(seal.clone()).or_default();
                spent.extend(green.iter().map(|&check| check.to_owned()));
            }
        }
        self.trees.insert(tree);
        Ok(())
    }
}

/// The checks that a proof ran, and whose sealed tests all passed: what it did not run it turned nothing of green.
fn turned_green(record: &RedGreen) -> BTreeSet<&str> {
    let sealed = || record.proof.tests.iter().filter(|test| test.is_sealed);
    let ran: BTreeSet<&str> = sealed().map(|test| test.check.as_str()).collect();
    let is_green = |check: &&str| {
        sealed()
            .filter(|test| test.check == **check)
            .all(|test| test.with == Seen::Passed)
    };
    ran.into_iter().filter(is_green).collect()
}

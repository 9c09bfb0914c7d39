//! What the records of `refs/pdd/evidence` say of trees: which checks passed on which, and over which base.

use std::collections::HashMap;

use super::{Error, fingerprint};
use crate::evidence::envelope::Envelope;
use crate::evidence::statement::{CheckResult, Statement, Why};
use crate::git::{Oid, Repository};
use crate::id::TreeId;
use crate::policy::{CheckBlock, Policy};

/// How a check stands on a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// It passed, with nothing forgiven.
    Plain,
    /// It passed but for failures that the base has too (`baseline`).
    OverBase,
    /// Tests that are sealed fail, or the check waits for them to turn green.
    Sealed,
}

/// What is recorded of one check on one tree.
#[derive(Clone, Debug)]
struct Recorded {
    name: String,
    /// The digest of the check as it was written in the policy; none where it was put off.
    definition: Option<String>,
    /// The tree that it builds on.
    base: Option<TreeId>,
    pass: Pass,
}

/// All that is recorded, by tree.
#[derive(Clone, Debug, Default)]
pub struct Known {
    by_tree: HashMap<TreeId, Vec<Recorded>>,
}

impl Known {
    /// Reads what the reference of the evidence holds; `tip` reads it at another commit: one that a push brings.
    ///
    /// # Errors
    /// The reference cannot be read.
    pub fn read(repository: &Repository, tip: Option<Oid>) -> Result<Self, Error> {
        let records = match tip {
            Some(tip) => repository.records_at(tip)?,
            None => repository.records()?,
        };
        let mut known = Self::default();
        for (_, line) in records.records {
            // What is no statement about a validation proves nothing about one.
            if let Ok(statement) = Envelope::parse(&line).and_then(|found| found.statement()) {
                known.add(&statement);
            }
        }
        Ok(known)
    }

    /// Reads what is recorded only where some policy asks: nothing is known where the rule is off.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_for(
        repository: &Repository,
        policy: &Policy,
        tip: Option<Oid>,
    ) -> Result<Self, Error> {
        match policy.level("validation") {
            Some(_) if !policy.check.is_empty() => Self::read(repository, tip),
            _ => Ok(Self::default()),
        }
    }

    /// Says whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.by_tree.is_empty()
    }

    fn add(&mut self, statement: &Statement) {
        let Some((tree, validation)) = statement.claim() else {
            return;
        };
        let recorded = self.by_tree.entry(tree).or_default();
        recorded.extend(validation.checks.iter().map(|check| Recorded {
            name: check.name.clone(),
            definition: Some(check.definition.clone()),
            base: validation.base.clone(),
            pass: match check.result {
                CheckResult::Passed => Pass::Plain,
                CheckResult::PassedOverBase => Pass::OverBase,
                CheckResult::Sealed => Pass::Sealed,
            },
        }));
        let deferred = validation
            .left_out
            .iter()
            .filter(|left| left.why == Why::Deferred);
        recorded.extend(deferred.map(|left| Recorded {
            name: left.name.clone(),
            definition: None,
            base: validation.base.clone(),
            pass: Pass::Sealed,
        }));
    }

    /// Returns the best that is recorded of a check on a tree that builds on `base`; what was forgiven over another base
    /// is nothing here.
    pub(super) fn pass(
        &self,
        tree: &TreeId,
        check: &CheckBlock,
        base: Option<&TreeId>,
    ) -> Option<Pass> {
        let recorded = self.by_tree.get(tree)?;
        let definition = fingerprint::definition(check);
        let holds = |one: &&Recorded| {
            one.name == check.name
                && one
                    .definition
                    .as_ref()
                    .is_none_or(|known| *known == definition)
                && (one.pass == Pass::Plain || one.base.as_ref() == base)
        };
        let rank = |pass: &Pass| match pass {
            Pass::Plain => 0,
            Pass::OverBase => 1,
            Pass::Sealed => 2,
        };
        recorded
            .iter()
            .filter(holds)
            .map(|one| one.pass)
            .min_by_key(rank)
    }
}

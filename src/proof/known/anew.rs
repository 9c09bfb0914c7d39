//! What was found by running it just now, in place of what is recorded.

use std::collections::HashMap;

use super::{Known, Said, Sealed};
use crate::change::{Standing, Voucher, Witness};
use crate::evidence::statement::Statement;
use crate::id::TreeId;
use crate::policy::CheckBlock;
use crate::proof::fingerprint;

/// A check that ran and did not pass.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    name: String,
    definition: String,
    base: Option<TreeId>,
    standing: Standing,
}

impl Known {
    /// Knows nothing yet, and believes no ledger about what was replayed.
    pub fn recomputed() -> Self {
        let known = Self::default();
        // It was empty, so it is set now.
        let _ = known.originals.set(HashMap::new());
        known
    }

    /// Learns what a statement says and returns the name that it goes by here.
    pub(in crate::proof) fn learn(&mut self, statement: &Statement) -> String {
        self.learned += 1;
        let record = format!("recomputed-{}", self.learned);
        match Said::of(statement) {
            Some(Said::Validation(claim)) => {
                let tree = claim.tree.clone();
                let voucher = Voucher {
                    witness: Witness::Recomputed,
                    principal: "pdd-hooks".into(),
                };
                let vouchers = self.vouching.vouchers.entry(tree.clone()).or_default();
                vouchers.insert(voucher);
                let claims = self.by_tree.entry(tree).or_default();
                claims.push((record.clone(), claim));
            }
            Some(Said::RedGreen(tree, proof)) => {
                let proofs = self.proofs.entry(tree).or_default();
                proofs.push((record.clone(), *proof));
            }
            Some(Said::Seal(tree, seal)) => self.seals.push(Sealed {
                record: record.clone(),
                tree,
                seal,
            }),
            Some(Said::Word(..)) | None => {}
        }
        record
    }

    /// Notes that a check did not pass on a tree over a base.
    pub(in crate::proof) fn fail(
        &mut self,
        tree: TreeId,
        check: &CheckBlock,
        base: Option<TreeId>,
        standing: Standing,
    ) {
        self.failed.entry(tree).or_default().push(Failed {
            name: check.name.clone(),
            definition: fingerprint::definition(check),
            base,
            standing,
        });
    }

    /// Returns how a check did not pass on a tree over a base; none where it did not run just now, or passed.
    pub(in crate::proof) fn failed(
        &self,
        tree: &TreeId,
        check: &CheckBlock,
        base: Option<&TreeId>,
    ) -> Option<Standing> {
        let definition = fingerprint::definition(check);
        let is_it = |one: &&Failed| {
            one.name == check.name && one.definition == definition && one.base.as_ref() == base
        };
        let failed = self.failed.get(tree)?.iter().find(is_it)?;
        Some(failed.standing.clone())
    }
}

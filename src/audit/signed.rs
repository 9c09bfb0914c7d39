//! What signed records make of a commit's class, when rules and traces have said theirs: receipts and gaps from elsewhere, the
//! approval that it landed by, repairs.

use jiff::Timestamp;

use super::approval::SignersAt;
use super::class::{Class, Verdict};
use super::judge::Judged;
use super::landings::Step;
use super::receipts::Receipts;
use super::repairs::Repairs;
use super::witnesses::Witnesses;
use crate::error::Error;
use crate::git::{Oid, Repository};
use crate::policy::Policy;
use crate::proof::known::Spoken;

/// What is signed, and by whom it may be.
#[derive(Debug)]
pub struct Signed<'a> {
    policy: &'a Policy,
    signers: SignersAt,
    now: Timestamp,
    receipts: Receipts,
    repairs: Repairs,
}

impl<'a> Signed<'a> {
    /// Finds the records in what the store holds; believed is whom the tip lists that holds the policy.
    ///
    /// # Errors
    /// An object is missing.
    pub fn read(
        repository: &Repository,
        spoken: &[Spoken],
        policy: &'a Policy,
        tip: Oid,
        now: Timestamp,
    ) -> Result<Self, Error> {
        Ok(Self {
            signers: SignersAt::commit(repository, policy, tip)?,
            policy,
            now,
            receipts: Receipts::of(spoken),
            repairs: Repairs::read(spoken),
        })
    }

    /// Returns whom the tip in force lists.
    pub fn signers(&self) -> &SignersAt {
        &self.signers
    }

    /// Says what became of a commit, after what traces and shape told; `landing` is the one that brought it. Where a waiver
    /// repairs it, its findings are waived.
    pub fn settle(
        &self,
        repository: &Repository,
        landing: Option<&Step>,
        judged: &mut Judged,
        verdict: Verdict,
    ) -> Verdict {
        let witnesses = Witnesses::new(self.policy, &self.signers, self.now, landing);
        let receipts = &self.receipts;
        let mut verdict = receipts.settle(repository, &witnesses, judged, verdict);
        if let Some(step) = landing {
            landed(step, judged, &mut verdict);
        }
        if is_sound(verdict.class) && judged.is_waived() {
            verdict.class = Class::Waived;
        }
        self.repairs.settle(repository, &witnesses, judged, verdict)
    }
}

/// What the landing shows that brought a commit.
fn landed(step: &Step, judged: &Judged, verdict: &mut Verdict) {
    let oid = judged.commit.id;
    let is_squash = step.squashes.contains(&oid);
    if is_squash && (is_sound(verdict.class) || verdict.class == Class::Foreign) {
        verdict.class = Class::Squashed;
        verdict.how = None;
    }
    if is_squash || step.to == oid {
        verdict.evidence.extend(step.evidence.iter().cloned());
    }
}

fn is_sound(class: Class) -> bool {
    matches!(
        class,
        Class::Enforced | Class::Replayed | Class::Merge | Class::Squashed
    )
}

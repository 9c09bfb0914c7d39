//! What people said of landings: approvals, rejections, withdrawals, each with what its signature is worth.

use jiff::Timestamp;

use crate::error::Error;
use crate::evidence::Envelope;
use crate::evidence::signers::{Namespace, Signed, Signers, Unverified};
use crate::evidence::statement::{Approval, Decision, Predicate};
use crate::git::{Oid, Repository};
use crate::id::TreeId;
use crate::proof::known::{Word, words};

/// One record of somebody's word, as it stands; whether it counts is asked of [`Vote::signed`].
#[derive(Clone, Debug)]
pub struct Vote {
    /// The record's name in the store.
    pub record: String,
    /// What it says.
    pub approval: Approval,
    envelope: Envelope,
}

/// All that people said.
#[derive(Clone, Debug, Default)]
pub struct Votes {
    votes: Vec<Vote>,
}

impl Vote {
    /// Says who signed it, by these signers at this time: the first signature that holds, else why the first does not;
    /// none where nobody did.
    pub fn signed(&self, signers: &Signers, at: Timestamp) -> Option<Result<Signed, Unverified>> {
        signers.signed(&self.envelope, Namespace::Approval, at)
    }
}

impl Votes {
    /// Reads them from the store; `tip` asks it at another commit: one that a push brings. A record that contradicts itself
    /// says nothing.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read(repository: &Repository, tip: Option<Oid>) -> Result<Self, Error> {
        Ok(Self::of(words(repository, tip, Word::Approval)?))
    }

    /// Takes them from records, each by its name, in the order of the names.
    pub fn of(records: Vec<(String, Envelope)>) -> Self {
        let mut votes = Vec::new();
        for (record, envelope) in records {
            let Ok(statement) = envelope.statement() else {
                continue;
            };
            let tree: Option<TreeId> = statement.tree();
            let Predicate::Approval(approval) = statement.predicate else {
                continue;
            };
            if tree.as_ref() == Some(&approval.to) {
                votes.push(Vote {
                    record,
                    approval: *approval,
                    envelope,
                });
            }
        }
        Self { votes }
    }

    /// Takes some of them, in the order of their records.
    pub fn some(votes: Vec<Vote>) -> Self {
        Self { votes }
    }

    /// Lists them, sorted by record.
    pub fn iter(&self) -> impl Iterator<Item = &Vote> {
        self.votes.iter()
    }

    /// Lists those on one branch (full name), sorted by record.
    pub fn on<'a>(&'a self, reference: &'a str) -> impl Iterator<Item = &'a Vote> {
        let is_on = move |vote: &&Vote| vote.approval.reference == reference;
        self.votes.iter().filter(is_on)
    }

    /// Returns the record by which whoever signed a word took it back: the same principal, or the same key.
    pub fn withdrawn(
        &self,
        vote: &Vote,
        by: &Signed,
        signers: &Signers,
        at: Timestamp,
    ) -> Option<String> {
        let takes_back = |other: &&Vote| {
            let said = &other.approval;
            said.decision == Decision::Withdraw
                && said.repository == vote.approval.repository
                && said.withdraws.contains(&vote.record)
                && matches!(
                    other.signed(signers, at),
                    Some(Ok(signed)) if signed.principal == by.principal || signed.key == by.key
                )
        };
        let mut others = self.on(&vote.approval.reference);
        others.find(takes_back).map(|other| other.record.clone())
    }
}

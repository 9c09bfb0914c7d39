//! What is known of the approval of a landing: plain data, gathered from records whose signatures hold.

use std::collections::BTreeMap;

use super::PolicyMove;
use crate::id::{BlobId, CommitId};

/// Whether a move of a protected branch is approved, as far as it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ApprovalState {
    /// It is no landing, or another moment decides.
    #[default]
    Undecided,
    /// It was asked.
    Known(Box<Approvals>),
    /// The branch is created on a server, or adopts the workflow there: the keys that its signers file lists for approvals
    /// and that the server was not told of, sorted; none where all is well.
    Begun(Vec<String>),
    /// As [`Self::Begun`]; the signers file cannot be read: why, one line.
    BegunUnreadable(String),
}

/// What the records say of a landing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approvals {
    /// Who may approve, at the first step that lacks approval, else at the last.
    pub signers: SignersState,
    /// The approved steps that lead on from the old tip, in order.
    pub steps: Vec<ApprovedStep>,
    /// The step that is not approved; none where the steps lead to the new tip.
    pub open: Option<OpenStep>,
}

/// What the signers file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignersState {
    /// There is none in the old tip, and none in the new one that could begin.
    Missing,
    /// It cannot be read; why, one line.
    Unreadable(String),
    /// There is none in the old tip; these, of the new one, may approve the landing that brings it.
    Beginning(Vec<String>),
    /// These may approve; the principals, sorted.
    Listed(Vec<String>),
}

/// A move that was approved as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedStep {
    /// Where it begins.
    pub from: CommitId,
    /// Where it ends.
    pub to: CommitId,
    /// Who approved, each principal once, sorted.
    pub by: Vec<Approver>,
    /// Whether it was approved from an older tip, and merging it anew gave the tree that lands.
    pub is_replayed: bool,
    /// Whether the signers are those that it brings itself.
    pub is_bootstrap: bool,
    /// Whether it is one commit in place of those that were approved.
    pub is_squash: bool,
    /// The changed policy and harness files that every approval that counts names, with their blobs.
    pub named: BTreeMap<String, Option<BlobId>>,
    /// The records of the waivers that every approval that counts lists.
    pub waivers: Vec<String>,
    /// What the step does to the policy and to the harness.
    pub policy: Option<PolicyMove>,
}

/// Somebody who approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approver {
    /// Who, as the signers file names them.
    pub principal: String,
    /// The key's fingerprint.
    pub key: String,
    /// Whether the key stands on a device that was touched.
    pub is_hardware: bool,
    /// Whether the same key signed evidence of what lands.
    pub signed_evidence: bool,
    /// The record, by its name in the store.
    pub record: String,
}

/// A move that lacks approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenStep {
    /// Where it begins.
    pub from: CommitId,
    /// What lands: the new tip where it descends from the old one by itself, else what is merged into it; none for a
    /// single commit in place of others.
    pub head: Option<CommitId>,
    /// The commit that the branch would move to; none where it is yet to be made.
    pub to: Option<CommitId>,
    /// How many principals must approve.
    pub required: u32,
    /// Those who approved of it and count.
    pub by: Vec<Approver>,
    /// The records that are about it and do not count, sorted by name.
    pub set_aside: Vec<SetAside>,
}

/// A record that looks as if it were about a landing and counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The record, by its name in the store.
    pub record: String,
    /// Who signed it, where anybody did.
    pub principal: Option<String>,
    /// Why.
    pub why: WhyNot,
}

/// Why an approval does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// Its signature counts for nothing; why.
    Signature(String),
    /// Nobody signed it.
    Unsigned,
    /// It is for another repository.
    OtherRepository,
    /// It is for another branch: its full name.
    OtherReference(String),
    /// It is for a move from another tip, and does not outlive it; why, where more is known.
    OtherBase(CommitId, Option<String>),
    /// It is for another tree or another head.
    OtherResult,
    /// Its tree is right, and what lands is not what was approved: other commits come along.
    OtherHistory,
    /// It was made under another policy.
    OtherPolicy,
    /// It ended, or its end is no time: why.
    Expired(String),
    /// It was taken back, by this record.
    Withdrawn(String),
    /// This rejection, which it does not name, wins.
    Rejected(String),
    /// It is a rejection.
    IsRejection(Option<String>),
    /// The principal wrote what lands, and authors may not approve.
    Author,
    /// Its key stands on no device, and only such count.
    Software,
    /// The server has not pinned its key, which begins.
    NotPinned(String),
}

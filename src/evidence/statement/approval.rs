//! The predicate of an approval, `https://pdd-hooks.dev/approval/v1`: what a person said of one move of a protected branch
//! (EVIDENCE.md, section 8).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{BlobId, CommitId, TreeId};

/// The predicate type of an approval, of a rejection, and of their withdrawal.
pub const APPROVAL: &str = "https://pdd-hooks.dev/approval/v1";

/// What was said of the move of `reference` from the commit `from` to the tree `to`, by landing `head`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// The program and version that made it: `pdd-hooks 0.1.0`.
    pub tool: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// What was said.
    pub decision: Decision,
    /// `approval.repository` of the policy: for another repository it is worth nothing.
    pub repository: String,
    /// The full name of the branch.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The tip that the branch moves from.
    pub from: CommitId,
    /// The commit that lands: it is the new tip, or its second parent, or was squashed.
    pub head: CommitId,
    /// The tree that the branch will have; the statement's subject.
    pub to: TreeId,
    /// The blob of the policy at `from`; none where `from` has none.
    pub policy: Option<BlobId>,
    /// Whether `from` lists no signers, so that those of `to` count.
    #[serde(default)]
    pub bootstrap: bool,
    /// The changed policy and harness files, each with its blob, none for one that is deleted; none where no such change
    /// was approved (`--policy`).
    #[serde(default)]
    pub policy_files: Option<BTreeMap<String, Option<BlobId>>>,
    /// The records of the waivers that it lets count, by their names in the store.
    #[serde(default)]
    pub waivers: Vec<String>,
    /// The records of the rejections that it was given in spite of.
    #[serde(default)]
    pub over: Vec<String>,
    /// The records that it takes back, of the same principal.
    #[serde(default)]
    pub withdraws: Vec<String>,
    /// When it ends, RFC 3339 in UTC; none where it does not.
    #[serde(default)]
    pub expires: Option<String>,
    /// What the person gave as the reason.
    #[serde(default)]
    pub reason: Option<String>,
    /// 32 random hexadecimal digits: the same words twice are two records.
    pub nonce: String,
}

/// What a person says of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may be.
    Approve,
    /// It may not.
    Reject,
    /// What I said before no longer counts.
    Withdraw,
}

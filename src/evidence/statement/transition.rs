//! The predicate of an accepted landing, `https://pdd-hooks.dev/transition/v1`: a server's log of where its protected
//! branches went, each record naming the one before it.

use serde::{Deserialize, Serialize};

use crate::id::CommitId;

/// The predicate type of a transition.
pub const TRANSITION: &str = "https://pdd-hooks.dev/transition/v1";

/// One move of a protected branch; the statement's subject names commit and tree at `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transition {
    /// The program and version that let it through.
    pub tool: String,
    /// When it was received, RFC 3339 in UTC.
    pub time: String,
    /// `approval.repository` of the policy.
    pub repository: String,
    /// The full name of the branch.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Where it stood; none where it was created.
    pub from: Option<CommitId>,
    /// Where it stands.
    pub to: CommitId,
    /// Who pushed, as far as the server knows.
    pub pusher: Option<String>,
    /// Counts from 1, for each branch.
    pub sequence: u64,
    /// The record of the transition before this one, by its name in the store.
    pub previous: Option<String>,
    /// The records of the approvals that it was let through for.
    #[serde(default)]
    pub approvals: Vec<String>,
    /// Whether it is written down later than it happened: the server ended in between.
    #[serde(default)]
    pub recovered: bool,
}

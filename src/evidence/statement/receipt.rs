//! The predicates that tell how a commit was made: `https://pdd-hooks.dev/commit-check/v1` for one that the hooks saw
//! through, `https://pdd-hooks.dev/gap/v1` for one that went round them.

use serde::{Deserialize, Serialize};

use crate::evidence::ledger::Class;
use crate::id::{BlobId, CommitId, TaskId};

/// The predicate type of a commit's receipt.
pub const COMMIT_CHECK: &str = "https://pdd-hooks.dev/commit-check/v1";

/// The predicate type of a gap.
pub const GAP: &str = "https://pdd-hooks.dev/gap/v1";

/// A commit that attempt, receipt and hooks agree on; the statement's subject names commit and tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitCheck {
    /// The program and version that closed the attempt.
    pub tool: String,
    /// When it was closed, RFC 3339 in UTC.
    pub time: String,
    /// What became of it: `enforced`, `replayed` or `merge`.
    pub class: Class,
    /// The commit that it replays.
    #[serde(default)]
    pub of: Option<CommitId>,
    /// The hooks that ran, in order.
    pub hooks: Vec<String>,
    /// Its parents.
    pub parents: Vec<CommitId>,
    /// SHA-256 of its message, in hexadecimal.
    pub message: String,
    /// The task that the message names.
    pub task: Option<TaskId>,
    /// The personas that it declares for the task.
    #[serde(default)]
    pub personas: Vec<String>,
    /// The blob of the task's persona log in its tree.
    #[serde(default)]
    pub log: Option<BlobId>,
    /// The number of the policy in force.
    pub policy: Option<u64>,
}

/// A commit that went round the hooks; the statement's subject names commit and tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The program and version that noticed.
    pub tool: String,
    /// When it was noticed, RFC 3339 in UTC.
    pub time: String,
    /// What became of it: `bypassed`.
    pub class: Class,
    /// How, as far as it is known: `no-verify`, `amend`, `hook missing`.
    pub how: Option<String>,
    /// The hooks that ran all the same.
    pub hooks: Vec<String>,
    /// The task that the message names.
    pub task: Option<TaskId>,
    /// The codes of the findings that were open when it was noticed.
    pub rules: Vec<String>,
}

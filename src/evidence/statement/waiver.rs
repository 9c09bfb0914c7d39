//! The predicate of a waiver, `https://pdd-hooks.dev/waiver/v1`: rules that one commit need not keep, why, and how long.

use serde::{Deserialize, Serialize};

/// The predicate type of a waiver.
pub const WAIVER: &str = "https://pdd-hooks.dev/waiver/v1";

/// Lifts rules for the subject: a tree and, where it is made already, its commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiver {
    /// The program and version that made it.
    pub tool: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// `approval.repository` of the policy: for another repository it is worth nothing.
    pub repository: String,
    /// The names of the rules.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// When it ends, RFC 3339 in UTC; none where it does not.
    pub expires: Option<String>,
    /// 32 random hexadecimal digits.
    pub nonce: String,
}

//! The predicates of the red proof, `https://pdd-hooks.dev/red-green/v1` and `https://pdd-hooks.dev/seal/v1` (PROOF.md,
//! section 7).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::change::RedProof;
use crate::id::{BlobId, TaskId, TreeId};

/// The predicate type of a red proof.
pub const RED_GREEN: &str = "https://pdd-hooks.dev/red-green/v1";

/// The predicate type of a seal.
pub const SEAL: &str = "https://pdd-hooks.dev/seal/v1";

/// What the runs on a tree with and without its source gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RedGreen {
    /// The program and version that ran the tests: `pdd-hooks 0.1.0`.
    pub tool: String,
    /// When the last run ended, RFC 3339 in UTC.
    pub time: String,
    /// The task that the tree was made for, where it is known: its seals are asked for.
    pub task: Option<TaskId>,
    /// The tree that it builds on; none for a root commit's.
    pub base: Option<TreeId>,
    /// The trees beside it that tests ran on.
    pub trees: Trees,
    /// The number of the policy in force.
    pub policy: u64,
    /// The blob of the policy in force.
    pub blob: BlobId,
    /// The test checks that were asked, in the policy's order.
    pub checks: Vec<Asked>,
    /// How often each test ran on either side.
    pub samples: u32,
    /// The records of the seals that the change had to keep, by their names in the store; it turns their tests green.
    pub seals: Vec<String>,
    /// What was found.
    pub proof: RedProof,
}

/// The trees of a proof; none of those that no test had to run on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trees {
    /// R: the base with the new tests.
    pub without: Option<TreeId>,
    /// S0: the tree with bodies that throw.
    pub throwing: Option<TreeId>,
    /// S1: the tree with empty bodies.
    pub empty: Option<TreeId>,
    /// Q: the tree with the base's tests.
    pub old_tests: Option<TreeId>,
}

/// A test check that a proof asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// The digest of its block in the policy, in hexadecimal.
    pub definition: String,
    /// The key under which its pass on the tree is cached, in hexadecimal.
    pub key: String,
}

/// Tests that fail before their source is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seal {
    /// The program and version that ran the tests.
    pub tool: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// The task that they are for.
    pub task: TaskId,
    /// The persona that the task was in, where it is known.
    pub persona: Option<String>,
    /// The branch, where there was one.
    pub branch: Option<String>,
    /// The tree that the sealed one builds on; none for a root commit's.
    pub base: Option<TreeId>,
    /// The number of the policy in force.
    pub policy: u64,
    /// The blob of the policy in force.
    pub blob: BlobId,
    /// The test and support files of the change, each with what it holds; none for one that it deletes. A file that
    /// holds source beside its tests is not among them: there each test's own text is sealed.
    pub files: BTreeMap<String, Option<BlobId>>,
    /// The tests that fail, in the order of checks and reports.
    pub tests: Vec<SealedTest>,
}

/// One sealed test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SealedTest {
    /// Its check's name.
    pub check: String,
    /// How its runner names it; how its file names it where no runner could.
    pub id: String,
    /// The file that holds it, where that is known.
    pub file: Option<String>,
    /// Its place in the file, groups first; empty where it is known by its id alone.
    #[serde(default)]
    pub path: Vec<String>,
    /// The digest of its own text, for a test that shares a file with source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// How it was red.
    pub state: Red,
    /// What it said, one line.
    pub said: Option<String>,
}

/// How a sealed test was red.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Red {
    /// It ran and failed.
    Failed,
    /// It could not be loaded or compiled, for want of a name that source is to add.
    DoesNotCompile,
    /// Another test of its file or program could not be compiled.
    Pending,
}

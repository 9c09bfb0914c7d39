//! The predicate of a validation: in-toto's test-result (v0.1), completed by a member of our own, `validation`, that
//! consumers of the plain form ignore.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{BlobId, TaskId, TreeId};
use crate::policy::CheckKind;

/// What came of tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestResult {
    /// The outcome in one word.
    pub result: Word,
    /// What decided how the tests ran: the policy in force.
    pub configuration: Vec<Resource>,
    /// The tests that passed, `<check>/<test id>`, sorted.
    #[serde(default)]
    pub passed_tests: Vec<String>,
    /// The tests that passed with a warning: none of ours.
    #[serde(default)]
    pub warned_tests: Vec<String>,
    /// The tests that failed and were forgiven, sorted.
    #[serde(default)]
    pub failed_tests: Vec<String>,
    /// What validation adds; none in a record of another tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
}

/// The outcome of tests in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Word {
    /// All passed.
    Passed,
    /// Some failed and were forgiven.
    Warned,
    /// Some failed; validation never records that.
    Failed,
}

/// A file that is named by what it holds (in-toto, spec/v1/resource_descriptor.md).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it holds, by algorithm: `gitBlob`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digest: BTreeMap<String, String>,
}

/// What a validation says beyond the names of tests (PROOF.md, section 6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Validation {
    /// The program and version that ran the checks: `pdd-hooks 0.1.0`.
    pub tool: String,
    /// When they ended, RFC 3339 in UTC.
    pub time: String,
    /// The task that the tree was made for, where it is known.
    pub task: Option<TaskId>,
    /// The persona that the task was in, where it is known.
    pub persona: Option<String>,
    /// The tree that it builds on; none for a root commit's.
    pub base: Option<TreeId>,
    /// The number of the policy in force.
    pub policy: u64,
    /// The blob of the policy in force.
    pub blob: BlobId,
    /// The checks that ran and passed, in the policy's order.
    pub checks: Vec<CheckRecord>,
    /// The checks that did not run, in the policy's order.
    pub left_out: Vec<LeftOut>,
}

/// One check that passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckRecord {
    /// Its name in the policy.
    pub name: String,
    /// What it counts.
    pub kind: CheckKind,
    /// The digest of its block in the policy, in hexadecimal.
    pub definition: String,
    /// The key under which the pass is cached, in hexadecimal.
    pub key: String,
    /// How it passed.
    pub result: CheckResult,
    /// How many tests came to what.
    pub counts: Counts,
    /// How long it ran, in milliseconds.
    pub ms: u64,
    /// The ids of the tests that failed and were forgiven; empty for a plain pass.
    pub failing: Vec<String>,
    /// Those of them that are sealed as red: the next change of source must turn them green. Empty where none is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<String>,
}

/// How a check passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckResult {
    /// Nothing failed.
    Passed,
    /// Nothing failed that did not fail on the base too.
    PassedOverBase,
    /// Only tests failed that are sealed as red.
    Sealed,
}

/// How many tests came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Ran and passed.
    pub passed: u64,
    /// Ran and failed.
    pub failed: u64,
    /// Did not run.
    pub skipped: u64,
}

/// One check that did not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its name in the policy.
    pub name: String,
    /// Why it did not run.
    pub why: Why,
}

/// Why a check did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The change touches none of its paths.
    OutOfScope,
    /// It needs code that compiles, and sealed tests do not yet.
    Deferred,
}

impl Validation {
    /// Returns the outcome in in-toto's word: a test that was forgiven is a warning.
    pub fn word(&self) -> Word {
        if self.checks.iter().all(|check| check.failing.is_empty()) {
            Word::Passed
        } else {
            Word::Warned
        }
    }
}

impl TestResult {
    pub(super) fn of(validation: Validation, passed: &[(String, String)]) -> Self {
        let digest = BTreeMap::from([("gitBlob".to_owned(), validation.blob.to_string())]);
        let policy = Resource {
            name: Some(".pdd.toml".into()),
            digest,
        };
        let failing = validation.checks.iter().flat_map(|check| {
            let named = |id| (check.name.as_str(), id);
            check.failing.iter().map(String::as_str).map(named)
        });
        Self {
            result: validation.word(),
            configuration: vec![policy],
            passed_tests: names(
                passed
                    .iter()
                    .map(|(check, id)| (check.as_str(), id.as_str())),
            ),
            warned_tests: Vec::new(),
            failed_tests: names(failing),
            validation: Some(validation),
        }
    }
}

/// Writes tests with their checks, sorted: runners report in whatever order their threads end.
fn names<'a>(tests: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut names: Vec<String> = tests.map(|(check, id)| format!("{check}/{id}")).collect();
    names.sort();
    names.dedup();
    names
}

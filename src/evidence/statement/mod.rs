//! What a record says: an in-toto Statement, v1 (<https://github.com/in-toto/attestation>, spec/v1), about a tree. Pure
//! data; it knows neither envelope nor store. Unknown members are ignored, as in-toto's parsing rules demand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Error, json};
use crate::id::{CommitId, TreeId};

mod approval;
mod receipt;
mod red;
mod test_result;
mod transition;
mod waiver;

pub use approval::{APPROVAL, Approval, Decision};
pub use receipt::{COMMIT_CHECK, CommitCheck, GAP, Gap};
pub use red::{Asked, RED_GREEN, Red, RedGreen, SEAL, Seal, SealedTest, Trees};
pub use test_result::{
    CheckRecord, CheckResult, Counts, LeftOut, Resource, TestResult, Validation, Why, Word,
};
pub use transition::{TRANSITION, Transition};
pub use waiver::{WAIVER, Waiver};

/// The `_type` of every statement that is read and written.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// The predicate type of a validation: in-toto's own for the outcome of tests.
pub const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// A claim about things that are named by what they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it is about.
    pub subject: Vec<Subject>,
    /// What is claimed.
    pub predicate: Predicate,
}

/// One thing that a statement is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// What it is called; nothing depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it holds, by algorithm: `gitTree` and, when known, `gitCommit`.
    pub digest: BTreeMap<String, String>,
}

/// A claim, by its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// What came of tests.
    TestResult(Box<TestResult>),
    /// What became of tests with and without their source.
    RedGreen(Box<RedGreen>),
    /// Tests that fail before their source is written.
    Seal(Box<Seal>),
    /// A person's word on a move of a protected branch.
    Approval(Box<Approval>),
    /// A commit that the hooks saw through.
    CommitCheck(Box<CommitCheck>),
    /// A commit that went round the hooks.
    Gap(Box<Gap>),
    /// A move of a protected branch that a server let through.
    Transition(Box<Transition>),
    /// Rules that a commit need not keep.
    Waiver(Box<Waiver>),
    /// A claim of a type that is not known here, as it stands.
    Other {
        /// The type's URI.
        kind: String,
        /// What it says.
        body: Map<String, Value>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a, P> {
    #[serde(rename = "_type")]
    form: &'static str,
    subject: &'a [Subject],
    predicate_type: &'a str,
    predicate: &'a P,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    #[serde(rename = "_type")]
    form: String,
    predicate_type: String,
}

#[derive(Deserialize)]
struct Content<P> {
    subject: Vec<Subject>,
    predicate: P,
}

#[derive(Deserialize)]
struct Unknown {
    subject: Vec<Subject>,
    // Unset is the same as set but empty (in-toto, spec/v1/statement.md).
    #[serde(default)]
    predicate: Option<Map<String, Value>>,
}

impl Subject {
    /// Names a tree and, when it is known, a commit of it.
    pub fn tree(tree: &TreeId, commit: Option<&CommitId>) -> Self {
        let mut digest = BTreeMap::from([("gitTree".to_owned(), tree.to_string())]);
        if let Some(commit) = commit {
            digest.insert("gitCommit".into(), commit.to_string());
        }
        Self { name: None, digest }
    }
}

impl Statement {
    /// States that checks passed on a tree; `passed` lists their tests, each with its check's name. The tests that failed
    /// and were forgiven are those of the checks.
    pub fn validation(
        tree: &TreeId,
        commit: Option<&CommitId>,
        validation: Validation,
        passed: &[(String, String)],
    ) -> Self {
        Self {
            subject: vec![Subject::tree(tree, commit)],
            predicate: Predicate::TestResult(Box::new(TestResult::of(validation, passed))),
        }
    }

    /// States what became of tests with and without the source of a tree.
    pub fn red_green(tree: &TreeId, proof: RedGreen) -> Self {
        Self {
            subject: vec![Subject::tree(tree, None)],
            predicate: Predicate::RedGreen(Box::new(proof)),
        }
    }

    /// States that tests of a tree fail before their source is written.
    pub fn seal(tree: &TreeId, seal: Seal) -> Self {
        Self {
            subject: vec![Subject::tree(tree, None)],
            predicate: Predicate::Seal(Box::new(seal)),
        }
    }

    /// States something of one tree and, when it is known, its commit.
    pub fn about(tree: &TreeId, commit: Option<&CommitId>, predicate: Predicate) -> Self {
        Self {
            subject: vec![Subject::tree(tree, commit)],
            predicate,
        }
    }

    /// Reads a statement; one whose predicate type is not known keeps its predicate as it stands.
    ///
    /// # Errors
    /// The bytes are no statement, name a key twice, or are of another `_type`.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let failed = |source| Error::ReadStatement { source };
        // A later version may differ in everything else, so its type is looked at first.
        let header: Header = json::read(bytes).map_err(failed)?;
        if header.form != STATEMENT_TYPE {
            return Err(Error::KnowStatement { found: header.form });
        }
        match header.predicate_type.as_str() {
            TEST_RESULT => Self::known(bytes, Predicate::TestResult),
            RED_GREEN => Self::known(bytes, Predicate::RedGreen),
            SEAL => Self::known(bytes, Predicate::Seal),
            APPROVAL => Self::known(bytes, Predicate::Approval),
            COMMIT_CHECK => Self::known(bytes, Predicate::CommitCheck),
            GAP => Self::known(bytes, Predicate::Gap),
            TRANSITION => Self::known(bytes, Predicate::Transition),
            WAIVER => Self::known(bytes, Predicate::Waiver),
            _ => serde_json::from_slice(bytes).map(|content: Unknown| Self {
                subject: content.subject,
                predicate: Predicate::Other {
                    kind: header.predicate_type.clone(),
                    body: content.predicate.unwrap_or_default(),
                },
            }),
        }
        .map_err(failed)
    }

    fn known<P: serde::de::DeserializeOwned>(
        bytes: &[u8],
        predicate: fn(Box<P>) -> Predicate,
    ) -> Result<Self, serde_json::Error> {
        let content: Content<Box<P>> = serde_json::from_slice(bytes)?;
        Ok(Self {
            subject: content.subject,
            predicate: predicate(content.predicate),
        })
    }

    /// Writes the statement as compact JSON, the same bytes each time.
    ///
    /// # Errors
    /// It cannot be put into JSON.
    pub fn to_json(&self) -> Result<Vec<u8>, Error> {
        match &self.predicate {
            Predicate::TestResult(result) => self.written(TEST_RESULT, result.as_ref()),
            Predicate::RedGreen(proof) => self.written(RED_GREEN, proof.as_ref()),
            Predicate::Seal(seal) => self.written(SEAL, seal.as_ref()),
            Predicate::Approval(said) => self.written(APPROVAL, said.as_ref()),
            Predicate::CommitCheck(check) => self.written(COMMIT_CHECK, check.as_ref()),
            Predicate::Gap(gap) => self.written(GAP, gap.as_ref()),
            Predicate::Transition(step) => self.written(TRANSITION, step.as_ref()),
            Predicate::Waiver(waiver) => self.written(WAIVER, waiver.as_ref()),
            Predicate::Other { kind, body } => self.written(kind, body),
        }
        .map_err(|source| Error::WriteRecord { source })
    }

    fn written<P: Serialize>(
        &self,
        kind: &str,
        predicate: &P,
    ) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Written {
            form: STATEMENT_TYPE,
            subject: &self.subject,
            predicate_type: kind,
            predicate,
        })
    }

    /// Returns the tree and the validation that the statement claims for it; none where it is no validation of ours, is
    /// about more than one thing, or contradicts itself.
    pub fn claim(&self) -> Option<(TreeId, &Validation)> {
        let Predicate::TestResult(result) = &self.predicate else {
            return None;
        };
        let tree = self.tree()?;
        let validation = result.validation.as_ref()?;
        (result.result == validation.word()).then_some((tree, validation))
    }

    /// Returns the one tree that the statement is about; none where it is about more, or names none.
    pub fn tree(&self) -> Option<TreeId> {
        let [subject] = self.subject.as_slice() else {
            return None;
        };
        let tree = subject.digest.get("gitTree").filter(|id| is_oid(id))?;
        Some(TreeId::new(tree))
    }

    /// Returns the commit that the statement names beside the tree.
    pub fn commit(&self) -> Option<CommitId> {
        let id = self.subject.first()?.digest.get("gitCommit")?;
        is_oid(id).then(|| CommitId::new(id))
    }
}

/// Whether this is a git object's name in full: SHA-1 or SHA-256, lower case.
fn is_oid(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    matches!(text.len(), 40 | 64) && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests;

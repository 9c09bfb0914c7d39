//! What is known of the red proof of a change (PROOF.md, section 7): each test with its state on both sides, and what the
//! change did to the tests that were there. Plain data, which a record keeps as it stands.

use serde::{Deserialize, Serialize};

use crate::id::BlobId;

/// What is known of the red proof of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RedFirst {
    /// Another moment decides, or nothing is asked.
    #[default]
    Undecided,
    /// Nobody has proven anything for this tree on this base.
    Missing,
    /// This was found.
    Known(Box<RedProof>),
}

/// What the runs of a red proof gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RedProof {
    /// The new, changed and sealed tests.
    pub tests: Vec<RedTest>,
    /// The tests of the base that the change edited, deleted or lost, and that something is to be said of.
    pub existing: Vec<OldTest>,
    /// The changed source files.
    pub sources: Vec<ChangedSource>,
    /// Sealed files that the change left otherwise than QA sealed them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<BrokenSeal>,
    /// Manifests and harness files that stand in the tree without the source too: holes in the proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<String>,
    /// Why nothing could be asked of the tests that were there: their state in the base is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_unknown: Option<String>,
}

/// One test and what became of it with and without the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RedTest {
    /// Its check's name.
    pub check: String,
    /// How its runner names it, without parameters; how its file names it where no runner has seen it.
    pub id: String,
    /// The file that holds it, where that is known.
    pub file: Option<String>,
    /// The line on which it begins, from 1.
    pub line: Option<usize>,
    /// Whether QA sealed it.
    #[serde(default)]
    pub is_sealed: bool,
    /// What became of it without the source: R.
    pub without: Seen,
    /// With bodies that throw: S0; none where no body was replaced, or the stub says nothing.
    pub throwing: Option<Seen>,
    /// With empty bodies: S1; none as above.
    pub empty: Option<Seen>,
    /// On the tree itself: T, the first and the last run.
    pub with: Seen,
    /// What all that makes of it.
    pub verdict: TestVerdict,
    /// What it said without the source, one line.
    pub said: Option<String>,
}

/// What became of a test in a run; the worst of its parameters, and of several runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "what")]
pub enum Seen {
    /// It passed.
    Passed,
    /// It failed while it ran.
    Failed,
    /// It could not be loaded or compiled, for want of these names, which the source adds.
    DoesNotLoad(Vec<String>),
    /// It ran longer than it may.
    TimedOut,
    /// It did not run, or nothing was asked of it.
    Skipped,
    /// No report names it.
    Absent,
    /// What kept it from running has nothing to do with the change.
    EnvironmentError(String),
    /// It passed in one run and not in another.
    Unstable,
}

impl Seen {
    /// Says whether it failed for a reason that the change may be.
    pub fn is_red(&self) -> bool {
        matches!(self, Self::Failed | Self::DoesNotLoad(_) | Self::TimedOut)
    }
}

/// What a test proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestVerdict {
    /// It fails without the source and with either stub, and passes with the source.
    Proven,
    /// It shows that something is called or there, not what comes of it.
    Weak,
    /// It passes without the source, or with bodies that throw.
    Unproven,
    /// It differs between runs on the same tree.
    Unstable,
    /// It was skipped, is missing, or fails with the source as well.
    NoProof,
    /// It failed for a reason that has nothing to do with the change.
    EnvironmentError,
}

/// A test of the base, and what the change did to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OldTest {
    /// Its check's name.
    pub check: String,
    /// How its runner names it, without parameters.
    pub id: String,
    /// The file that holds it, or held it.
    pub file: Option<String>,
    /// What the change did to it.
    pub fate: Fate,
    /// What it said where it fails now, one line.
    pub said: Option<String>,
}

/// What a change did to a test that was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Its old text fails on the new source, and its new text is proven: another outcome is expected.
    ExpectationChanged,
    /// Its old text fails on the new source, for a name that the change removed.
    NameRemoved,
    /// Its old text fails on the new source, and nothing proves the new text.
    Adapted,
    /// It was deleted, and still passes on the new source.
    Deleted,
    /// It was deleted, and fails on the new source.
    DeletedFailing,
    /// It is skipped now, and its old text still passes on the new source.
    Skipped,
    /// It is skipped now, and its old text fails on the new source.
    SkippedFailing,
    /// It asserts nothing any more.
    Emptied,
    /// It keeps others from running now.
    Focused,
    /// Its text is there as it was, and no run reports it any more.
    Gone,
    /// It is sealed, and passes only with what the change did to other files of tests; its file is the first of those.
    GoalMoved,
}

impl Fate {
    /// Says whether it refuses a change of source.
    pub fn refuses(self) -> bool {
        !matches!(self, Self::ExpectationChanged | Self::NameRemoved)
    }
}

/// A changed source file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedSource {
    /// Its path.
    pub path: String,
    /// The functions that the change added or changed.
    pub functions: Vec<ChangedFunction>,
    /// Whether something changed that no stub reaches: outside functions, or all of it where the language is not known.
    pub beyond_stubs: bool,
    /// Whether it stands among tests or fixtures, and source loads it.
    #[serde(default)]
    pub is_hidden: bool,
}

/// A changed function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedFunction {
    /// Its name within the file.
    pub name: String,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Whether a test that counts fails without its body.
    pub is_proven: bool,
}

/// A sealed file or test that the change left otherwise than it was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BrokenSeal {
    /// The sealed file.
    pub path: String,
    /// What it held; none where it was deleted.
    pub sealed: Option<BlobId>,
    /// What it holds; none where it is not there.
    pub found: Option<BlobId>,
    /// The test whose own text was sealed, in a file that holds source too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
}

/// What a whole change has proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProofVerdict {
    /// Every changed function fails a proven test.
    Proven,
    /// Some changed function fails no proven test.
    Partial,
    /// A test shows no more than a call, or the changes are beyond the reach of stubs.
    Weak,
    /// No test that counts failed before.
    Unproven,
}

impl RedProof {
    /// Returns what the change as a whole has proven: its weakest file decides.
    pub fn verdict(&self) -> ProofVerdict {
        let has = |verdict| self.tests.iter().any(|test| test.verdict == verdict);
        if !has(TestVerdict::Proven) && !has(TestVerdict::Weak) {
            return ProofVerdict::Unproven;
        }
        if !has(TestVerdict::Proven) {
            return ProofVerdict::Weak;
        }
        let is_beyond = |source: &ChangedSource| source.functions.is_empty() && source.beyond_stubs;
        if self.sources.iter().any(is_beyond) {
            return ProofVerdict::Weak;
        }
        let (proven, all) = self.functions();
        if proven < all {
            ProofVerdict::Partial
        } else {
            ProofVerdict::Proven
        }
    }

    /// Counts the changed functions: those that fail a test that counts, and all.
    pub fn functions(&self) -> (usize, usize) {
        let all = self.sources.iter().flat_map(|source| &source.functions);
        let proven = all.clone().filter(|function| function.is_proven).count();
        (proven, all.count())
    }
}

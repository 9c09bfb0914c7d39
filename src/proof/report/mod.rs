//! The reports of test runners in one normal form. It is handed bytes and knows no file and no process.

/// One test of a report.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TestCase {
    /// Names the test within its check, unique in the report: `tests/test_app.py::TestX::test_y` where the report says
    /// that much.
    pub id: String,
    /// What became of it.
    pub state: State,
    /// How it failed; none where it did not.
    pub kind: Option<FailureKind>,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// What the report says of the failure, bounded.
    pub message: Option<String>,
    /// The file that holds it, where the report says so, from the top of the repository.
    pub file: Option<String>,
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It ran and passed.
    Passed,
    /// It ran and failed, or could not be loaded.
    Failed,
    /// It did not run, or nothing was asked of it: skipped, todo, expected to fail.
    Skipped,
}

/// How a test failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// An assertion did not hold.
    Assert,
    /// Something else went wrong while it ran, or while it was set up.
    Error,
    /// It could not be loaded, imported or compiled.
    Load,
    /// The runner's own limit ended it.
    Timeout,
}

//! A test as the red proof looks for it: where it stands in the tree, and so under which ids runners report it.

/// A test that is selected in runs and found again in their reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The file that holds it, from the top of the tree.
    pub file: String,
    /// Its place in the file, groups first, as [`crate::syntax::Test::path`] has it. Empty where it is known by `ids`
    /// alone: a file in a language without a grammar, a test that a program makes.
    pub path: Vec<String>,
    /// Whether `path` is exactly what the runner will say.
    pub is_exact: bool,
    /// The ids under which a run on the tree under test reported it, where one did: one a parameter.
    pub ids: Vec<String>,
}

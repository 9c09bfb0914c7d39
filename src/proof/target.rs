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

impl Target {
    /// Returns how it is named to people: as its runner does, without parameters; as its file does where no runner has
    /// seen it.
    pub fn name(&self) -> String {
        match self.ids.as_slice() {
            [one] => one.clone(),
            [first, ..] => {
                let cut = first.find('[').filter(|_| first.ends_with(']'));
                cut.map_or_else(|| first.clone(), |at| first[..at].to_owned())
            }
            [] if self.path.is_empty() => self.file.clone(),
            [] => format!("{}::{}", self.file, self.path.join("::")),
        }
    }
}

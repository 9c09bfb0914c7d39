//! Source files that change in nothing but the tests that they hold.

use super::{Delta, Entry, Error, Repository};
use crate::syntax::{Language, differ_in_tests_alone};

impl Repository {
    /// Says whether a path changed in nothing but items that are test and nothing else.
    ///
    /// # Errors
    /// A blob is missing.
    pub fn changes_tests_alone(&self, delta: &Delta) -> Result<bool, Error> {
        let path = String::from_utf8_lossy(&delta.path);
        let (Some(Language::Rust), Some(old), Some(new)) =
            (Language::of(&path), delta.old, delta.new)
        else {
            return Ok(false);
        };
        let text = |entry: Entry| Ok::<_, Error>(String::from_utf8(self.blob(entry.oid)?).ok());
        let (Some(old), Some(new)) = (text(old)?, text(new)?) else {
            return Ok(false);
        };
        Ok(differ_in_tests_alone(Language::Rust, &old, &new))
    }
}

//! The store's names, read without the records: what is there is known in milliseconds, however much it says.

use git2::Oid;

use super::{FILE, FOLDER, RECORDS, Repository, name_in, path};
use crate::git::Error;

/// A record as the store's tree lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name, the SHA-256 of its bytes in hexadecimal.
    pub name: String,
    /// The object that should hold these bytes.
    pub blob: Oid,
}

impl Repository {
    /// Says whether the store lists a record. Whether it is whole only reading it tells: [`Self::has_record`].
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn lists_record(&self, name: &str) -> Result<bool, Error> {
        let Some(tip) = self.find_commit_at(RECORDS)? else {
            return Ok(false);
        };
        let path = path(name);
        let found = self.entry(self.tree_of(tip)?, path.as_bytes())?;
        Ok(name_in(&path).is_some() && found.is_some_and(|entry| entry.mode == FILE))
    }

    /// Lists the records of a store whose newest commit is `tip` (none: of this repository's), sorted by name; what is no
    /// record by its path or mode is passed over.
    ///
    /// # Errors
    /// The commit or a tree is missing.
    pub fn list_records(&self, tip: Option<Oid>) -> Result<Vec<Listed>, Error> {
        let Some(tip) = tip.map_or_else(|| self.find_commit_at(RECORDS), |tip| Ok(Some(tip)))?
        else {
            return Ok(Vec::new());
        };
        let mut listed = Vec::new();
        for (folder, (mode, tree)) in self.places(Some(self.tree_of(tip)?))? {
            if mode != FOLDER {
                continue;
            }
            for (file, (mode, blob)) in self.places(Some(tree))? {
                let path = [folder.as_slice(), b"/", &file].concat();
                let path = String::from_utf8_lossy(&path);
                if let Some(name) = name_in(&path).filter(|_| mode == FILE) {
                    let name = name.to_owned();
                    listed.push(Listed { name, blob });
                }
            }
        }
        Ok(listed)
    }

    /// Reads a record that is listed; none where it is damaged, too long or missing.
    pub fn read_record(&self, listed: &Listed) -> Option<Vec<u8>> {
        let found = self.record(&path(&listed.name), FILE, listed.blob);
        found.ok().map(|(_, line)| line)
    }
}

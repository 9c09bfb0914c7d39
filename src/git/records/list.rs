//! The store's names, read without the records: what is there is known in milliseconds, however much it says.

use std::collections::BTreeMap;

use git2::Oid;

use super::{FILE, FOLDER, Repository, name_in, path};
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
    /// Reads a record that is listed; none where it is damaged, too long or missing.
    pub fn read_record(&self, listed: &Listed) -> Option<Vec<u8>> {
        let found = self.record(&path(&listed.name), FILE, listed.blob);
        found.ok().map(|(_, line)| line)
    }

    /// Lists what some trees hold together, sorted by name. Where two hold different objects under one name, the whole one
    /// counts; a folder that several share is read once.
    pub(super) fn listed_in(&self, trees: &[Oid]) -> Result<Vec<Listed>, Error> {
        let mut folders: BTreeMap<Vec<u8>, Vec<Oid>> = BTreeMap::new();
        for &tree in trees {
            for (folder, (mode, oid)) in self.places(Some(tree))? {
                let same = folders.entry(folder).or_default();
                if mode == FOLDER && !same.contains(&oid) {
                    same.push(oid);
                }
            }
        }
        let mut listed = Vec::new();
        for (folder, trees) in folders {
            let mut files: BTreeMap<String, Oid> = BTreeMap::new();
            for tree in trees {
                for (file, (mode, blob)) in self.places(Some(tree))? {
                    let path = [folder.as_slice(), b"/", &file].concat();
                    let path = String::from_utf8_lossy(&path);
                    let Some(name) = name_in(&path).filter(|_| mode == FILE) else {
                        continue;
                    };
                    let found = files.entry(name.to_owned()).or_insert(blob);
                    if *found != blob && self.record(&path, FILE, *found).is_err() {
                        *found = blob;
                    }
                }
            }
            let files = files.into_iter();
            listed.extend(files.map(|(name, blob)| Listed { name, blob }));
        }
        Ok(listed)
    }
}

//! Reading what this repository has of records: its own store, and what was fetched of each remote's. A record counts
//! wherever it stands whole; the tips of others move nothing here.

use std::collections::BTreeMap;

use git2::Oid;

use super::{FILE, Listed, RECORDS, Records, Repository, name_in, path};
use crate::git::Error;

/// Below this stand the remotes' stores, as they were fetched: `refs/pdd/remotes/<remote>/evidence`.
pub(super) const REMOTES: &str = "refs/pdd/remotes/";

impl Repository {
    /// Says whether a store here holds a record, whole.
    ///
    /// # Errors
    /// A store cannot be read.
    pub fn has_record(&self, name: &str) -> Result<bool, Error> {
        Ok(self.find_record(None, name)?.is_some())
    }

    /// Says whether a store here lists a record. Whether it is whole only reading it tells: [`Self::has_record`].
    ///
    /// # Errors
    /// A store cannot be read.
    pub fn lists_record(&self, name: &str) -> Result<bool, Error> {
        let path = path(name);
        if name_in(&path).is_none() {
            return Ok(false);
        }
        for tree in self.record_trees(None)? {
            let found = self.entry(tree, path.as_bytes())?;
            if found.is_some_and(|entry| entry.mode == FILE) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads one record of the store whose newest commit is `tip` (none: of all that are here); none where it is not
    /// there, or not whole.
    ///
    /// # Errors
    /// A store cannot be read.
    pub fn find_record(&self, tip: Option<Oid>, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = path(name);
        for tree in self.record_trees(tip)? {
            let found = self.entry(tree, path.as_bytes())?;
            let record = found.and_then(|entry| self.record(&path, entry.mode, entry.oid).ok());
            if let Some((_, line)) = record {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Lists the records of a store whose newest commit is `tip` (none: of all that are here), sorted by name; what is no
    /// record by its path or mode is passed over.
    ///
    /// # Errors
    /// A commit or a tree is missing.
    pub fn list_records(&self, tip: Option<Oid>) -> Result<Vec<Listed>, Error> {
        self.listed_in(&self.record_trees(tip)?)
    }

    /// Returns every record that is here, this repository's and those fetched; none where there is no store yet.
    ///
    /// # Errors
    /// A store cannot be read.
    pub fn records(&self) -> Result<Records, Error> {
        let mut found = Records::default();
        let mut records = BTreeMap::new();
        for tree in self.record_trees(None)? {
            let of_one = self.records_in(None, tree)?;
            records.extend(of_one.records);
            found.faults.extend(of_one.faults);
        }
        found.records = records.into_iter().collect();
        found.faults.sort();
        found.faults.dedup();
        Ok(found)
    }

    /// Returns the newest commits of the stores that are here, this repository's own first.
    ///
    /// # Errors
    /// References cannot be read.
    pub fn record_tips(&self) -> Result<Vec<Oid>, Error> {
        let mut tips: Vec<Oid> = Vec::new();
        let mut others = Vec::new();
        // One question to git where it must be asked.
        let below = if self.is_reftable {
            self.commits_below("refs/pdd/")?
        } else {
            tips.extend(self.find_commit_at(RECORDS)?);
            self.commits_below(REMOTES)?
        };
        for (name, tip) in below {
            if name == RECORDS {
                tips.push(tip);
            } else if self.is_bare() {
                // On a server anybody who pushes can write what looks like a remote's, and the store's rules ask nothing of it.
            } else if name.starts_with(REMOTES) && name.ends_with("/evidence") {
                others.push(tip);
            }
        }
        tips.extend(others);
        Ok(tips)
    }

    /// Returns the trees of a store, or of all that are here, each once.
    fn record_trees(&self, tip: Option<Oid>) -> Result<Vec<Oid>, Error> {
        let tips = match tip {
            Some(tip) => vec![tip],
            None => self.record_tips()?,
        };
        let mut trees = Vec::new();
        for tip in tips {
            let tree = self.tree_of(tip)?;
            if !trees.contains(&tree) {
                trees.push(tree);
            }
        }
        Ok(trees)
    }
}

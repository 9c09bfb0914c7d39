//! The union of two stores: all files of both, in a commit after both. It is the same whichever comes first, however often.

use git2::Oid;

use super::{FOLDER, Place, Repository, failed};
use crate::git::Error;

impl Repository {
    /// Takes the store whose newest commit is `other` into this repository's own and returns how many records it lacked.
    /// Where one of the two holds the other the reference goes forward, or stays; else it moves to a commit after both.
    ///
    /// # Errors
    /// The other store breaks the rules of one, and would spoil this one for each that keeps them; or something cannot be
    /// read or written.
    pub fn union_records(&self, other: Oid) -> Result<usize, Error> {
        let before = self.find_commit_at(super::RECORDS)?;
        if let Some(fault) = self.faults_beyond(before, other)?.into_iter().next() {
            return Err(Error::UniteRecords { fault });
        }
        self.go_on(|tip| self.united(tip, other))?;
        let old = before.map(|tip| self.tree_of(tip)).transpose()?;
        let trees: Vec<Oid> = old.into_iter().collect();
        let had = self.listed_in(&trees)?;
        let other = self.listed_in(&[self.tree_of(other)?])?;
        let is_new = |name: &str| {
            had.binary_search_by(|one| one.name.as_str().cmp(name))
                .is_err()
        };
        Ok(other.iter().filter(|one| is_new(&one.name)).count())
    }

    /// Says whether a store whose newest commit is `tip` lacks something of this repository's own.
    ///
    /// # Errors
    /// A store cannot be read.
    pub fn lacks_records(&self, tip: Oid) -> Result<bool, Error> {
        let Some(own) = self.find_commit_at(super::RECORDS)? else {
            return Ok(false);
        };
        let theirs = self.tree_of(tip)?;
        Ok(self.union_tree(theirs, self.tree_of(own)?)? != theirs)
    }

    /// Returns the commit that holds both stores; none where `tip` does.
    fn united(&self, tip: Option<Oid>, other: Oid) -> Result<Option<Oid>, Error> {
        let Some(tip) = tip else {
            return Ok(Some(other));
        };
        let (ours, theirs) = (self.tree_of(tip)?, self.tree_of(other)?);
        let tree = self.union_tree(ours, theirs)?;
        if tree == ours && self.is_ancestor(other, tip)? {
            return Ok(None);
        }
        if tree == theirs && self.is_ancestor(tip, other)? {
            return Ok(Some(other));
        }
        let commit = self.write_commit(&[tip, other], tree, "evidence: unite two stores\n");
        Ok(Some(commit.map_err(failed)?))
    }

    /// Writes the tree that holds what two hold. Of two objects under one name the whole one stays, else the lesser by its
    /// id, whichever tree it comes from.
    pub(super) fn union_tree(&self, one: Oid, other: Oid) -> Result<Oid, Error> {
        if one == other {
            return Ok(one);
        }
        let base = self.with_object(one, || self.inner.find_tree(one))?;
        let mut top = self.inner.treebuilder(Some(&base)).map_err(failed)?;
        for (folder, ours, theirs) in self.changed(Some(one), Some(other))? {
            let place = match (ours, theirs) {
                (Some((FOLDER, ours)), Some((FOLDER, theirs))) => {
                    Some((FOLDER, self.union_folder(&folder, ours, theirs)?))
                }
                (ours, theirs) => chosen(ours, theirs),
            };
            if let Some((mode, oid)) = place {
                top.insert(&folder, oid, mode).map_err(failed)?;
            }
        }
        top.write().map_err(failed)
    }

    fn union_folder(&self, folder: &[u8], one: Oid, other: Oid) -> Result<Oid, Error> {
        let base = self.with_object(one, || self.inner.find_tree(one))?;
        let mut builder = self.inner.treebuilder(Some(&base)).map_err(failed)?;
        for (file, ours, theirs) in self.changed(Some(one), Some(other))? {
            let path = [folder, b"/", &file].concat();
            let path = String::from_utf8_lossy(&path);
            let is_whole = |place: &Place| self.record(&path, place.0, place.1).is_ok();
            let place = match (ours, theirs) {
                (Some(ours), Some(theirs)) if is_whole(&ours) != is_whole(&theirs) => {
                    Some(if is_whole(&ours) { ours } else { theirs })
                }
                (ours, theirs) => chosen(ours, theirs),
            };
            if let Some((mode, oid)) = place {
                builder.insert(&file, oid, mode).map_err(failed)?;
            }
        }
        builder.write().map_err(failed)
    }
}

/// Of two places that differ, one of which may be missing.
fn chosen(ours: Option<Place>, theirs: Option<Place>) -> Option<Place> {
    [ours, theirs].into_iter().flatten().min()
}

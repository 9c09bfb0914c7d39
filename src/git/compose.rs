//! Trees that are put together from others: written as objects, which no reference names, and nothing else. No file, index
//! or reference of the user's is touched; `git gc` removes them when they are old.

use std::collections::BTreeMap;

use git2::Oid;

use super::tree::FOLDER;
use super::{Entry, Error, Repository};

/// What a path is to hold; none: nothing.
pub type Placed = (Vec<u8>, Option<Entry>);

/// The same, of a path below some folder.
type Below<'p> = (&'p [u8], Option<Entry>);

impl Repository {
    /// Writes bytes as a blob.
    ///
    /// # Errors
    /// The object cannot be written.
    pub fn write_blob(&self, bytes: &[u8]) -> Result<Oid, Error> {
        self.inner
            .blob(bytes)
            .map_err(|source| Error::WriteObject { source })
    }

    /// Writes the tree that `base` (none: the empty tree) becomes when each of these paths holds what is given for it. What
    /// stood in the way of a path gives way to it; a folder that ends up empty is left out.
    ///
    /// # Errors
    /// A tree is missing, or an object cannot be written.
    pub fn compose(&self, base: Option<Oid>, placed: &[Placed]) -> Result<Oid, Error> {
        let paths: Vec<Below<'_>> = placed
            .iter()
            .map(|(path, entry)| (path.as_slice(), *entry))
            .collect();
        match self.composed(base, &paths)? {
            Some(tree) => Ok(tree),
            None => self
                .inner
                .treebuilder(None)
                .and_then(|empty| empty.write())
                .map_err(|source| Error::WriteObject { source }),
        }
    }

    /// Composes one folder; none where nothing is left in it.
    fn composed(&self, base: Option<Oid>, placed: &[Below<'_>]) -> Result<Option<Oid>, Error> {
        let failed = |source| Error::WriteObject { source };
        let old = match base {
            Some(oid) => Some(self.with_object(oid, || self.inner.find_tree(oid))?),
            None => None,
        };
        let mut builder = self.inner.treebuilder(old.as_ref()).map_err(failed)?;
        let mut below: BTreeMap<&[u8], Vec<Below<'_>>> = BTreeMap::new();
        for (path, entry) in placed {
            match path.iter().position(|&byte| byte == b'/') {
                Some(slash) => below
                    .entry(&path[..slash])
                    .or_default()
                    .push((&path[slash + 1..], *entry)),
                // A file that makes room for a folder of its name goes first.
                None if builder.get(*path).map_err(failed)?.is_some() => {
                    builder.remove(*path).map_err(failed)?;
                }
                None => {}
            }
        }
        for (name, placed) in below {
            let folder = builder
                .get(name)
                .map_err(failed)?
                .filter(|found| found.filemode() == FOLDER)
                .map(|found| found.id());
            match self.composed(folder, &placed)? {
                Some(tree) => {
                    builder.insert(name, tree, FOLDER).map_err(failed)?;
                }
                None if folder.is_some() => builder.remove(name).map_err(failed)?,
                None => {}
            }
        }
        for (path, entry) in placed {
            if let Some(entry) = entry.filter(|_| !path.contains(&b'/')) {
                builder
                    .insert(*path, entry.oid, entry.mode)
                    .map_err(failed)?;
            }
        }
        if builder.is_empty() {
            return Ok(None);
        }
        builder.write().map(Some).map_err(failed)
    }
}

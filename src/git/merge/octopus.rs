//! What a merge of three or more commits holds beyond what git makes of them.

use std::collections::BTreeMap;

use git2::Oid;

use crate::git::{Delta, Error, Repository};

impl Repository {
    /// An octopus merges cleanly or not at all (git-merge(1), `octopus`): each parent brings what it changed since it left the
    /// first one, and nothing else is in it. A path that is otherwise was made by hand, and so was one that was left out.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn beyond_octopus(&self, parents: &[Oid], tree: Oid) -> Result<Vec<Delta>, Error> {
        let Some((&first, others)) = parents.split_first() else {
            return self.diff(None, Some(tree));
        };
        let ours = self.tree_of(first)?;
        // What each path is to be, where it is not as at the first parent.
        let mut brought: BTreeMap<Vec<u8>, Vec<Delta>> = BTreeMap::new();
        for &other in others {
            // One that the first holds, or that holds nothing the first lacks, brings nothing.
            let base = match self.merge_bases(first, other)?.first() {
                Some(&base) => Some(self.tree_of(base)?),
                None => None,
            };
            for delta in self.diff(base, Some(self.tree_of(other)?))? {
                brought.entry(delta.path.clone()).or_default().push(delta);
            }
        }
        let deltas = self.diff(Some(ours), Some(tree))?.into_iter();
        let mut beyond: BTreeMap<Vec<u8>, Delta> = deltas.map(|it| (it.path.clone(), it)).collect();
        for (path, changes) in brought {
            // Where the first one changed it as well, it is a person who takes the other's.
            let is_theirs = |own: &Delta| {
                let mut changes = changes.iter();
                changes.any(|change| change.new == own.new && change.old == own.old)
            };
            if let Some(own) = beyond.get(&path) {
                if is_theirs(own) {
                    beyond.remove(&path);
                }
                continue;
            }
            // It stands as at the first parent, though somebody changed what that one left alone.
            let stands = self.entry(ours, &path)?;
            let left_out = changes
                .into_iter()
                .find(|change| change.old == stands && change.new != stands);
            if let Some(change) = left_out {
                let (old, new) = (change.new, stands);
                beyond.insert(path.clone(), Delta { path, old, new });
            }
        }
        Ok(beyond.into_values().collect())
    }
}

//! What a merge of three or more commits holds beyond what git makes of them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use git2::Oid;

use crate::git::{Delta, Error, Repository};

/// How many who disagree about one path are asked who of them stands below another.
const MOST: usize = 64;

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
        // What each path is to be by whom, where somebody changed it.
        let mut brought: BTreeMap<Vec<u8>, Vec<(Oid, Delta)>> = BTreeMap::new();
        for &other in others {
            // One that the first holds brings nothing.
            let base = match self.merge_bases(first, other)?.first() {
                Some(&base) => Some(self.tree_of(base)?),
                None => None,
            };
            for delta in self.diff(base, Some(self.tree_of(other)?))? {
                let changes = brought.entry(delta.path.clone()).or_default();
                changes.push((other, delta));
            }
        }
        let deltas = self.diff(Some(ours), Some(tree))?.into_iter();
        let mut beyond: BTreeMap<Vec<u8>, Delta> = deltas.map(|it| (it.path.clone(), it)).collect();
        let mut below = BTreeMap::new();
        for (path, changes) in brought {
            let own = beyond.get(&path);
            let stands = match own {
                Some(own) => own.old,
                None => self.entry(ours, &path)?,
            };
            let made = own.map_or(stands, |own| own.new);
            let expected = match self.agreed(&changes, &mut below)? {
                Some(change) if change.old == stands || change.new == stands => change.new,
                // Where the first one changed it as well, or others disagree, it is a person who takes one or the other.
                _ => {
                    let old = changes.first().and_then(|(_, change)| change.new);
                    let new = made;
                    let delta = beyond.entry(path.clone()).or_insert(Delta {
                        path,
                        old,
                        new,
                        is_conflicted: true,
                    });
                    delta.is_conflicted = true;
                    continue;
                }
            };
            if made == expected {
                beyond.remove(&path);
            } else {
                let (old, new) = (expected, made);
                let delta = Delta {
                    path: path.clone(),
                    old,
                    new,
                    is_conflicted: false,
                };
                beyond.insert(path, delta);
            }
        }
        Ok(beyond.into_values().collect())
    }

    /// What a path becomes by those who changed it; none where they make different things of it, which no octopus merges. Who
    /// stands below another of them has been overruled; `below` keeps which of two does, for the paths to come.
    fn agreed<'c>(
        &self,
        changes: &'c [(Oid, Delta)],
        below: &mut BTreeMap<(Oid, Oid), bool>,
    ) -> Result<Option<&'c Delta>, Error> {
        let Some(((_, first), rest)) = changes.split_first() else {
            return Ok(None);
        };
        if rest.iter().all(|(_, change)| change == first) {
            return Ok(Some(first));
        }
        if changes.len() > MOST {
            return Ok(None);
        }
        let mut last: Option<&Delta> = None;
        for (parent, change) in changes {
            let mut is_overruled = false;
            for (other, _) in changes.iter().filter(|(other, _)| other != parent) {
                is_overruled |= match below.entry((*parent, *other)) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(asked) => *asked.insert(self.is_ancestor(*parent, *other)?),
                };
            }
            match last {
                _ if is_overruled => {}
                Some(known) if known != change => return Ok(None),
                _ => last = Some(change),
            }
        }
        Ok(last)
    }
}

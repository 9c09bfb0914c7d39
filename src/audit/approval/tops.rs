//! Where policy and signers stand in the trees of a chain: looked up by all processors at once, before anybody asks.

use std::collections::HashMap;

use crate::git::Oid;

/// What stands at two paths of one tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Top {
    /// The blob of the policy.
    pub policy: Option<Oid>,
    /// The blob of the signers.
    pub signers: Option<Oid>,
}

/// What stands in the trees that were looked at.
#[derive(Debug, Default)]
pub struct Tops {
    /// Where signers were looked for.
    signers: String,
    by_tree: HashMap<Oid, Top>,
}

impl Tops {
    /// Takes what was found in each tree; `signers` is where they were looked for.
    pub fn new(signers: &str, found: impl IntoIterator<Item = (Oid, Top)>) -> Self {
        Self {
            signers: signers.to_owned(),
            by_tree: found.into_iter().collect(),
        }
    }

    /// Returns what was found in a tree; none where nobody looked.
    pub fn of(&self, tree: Oid) -> Option<Top> {
        self.by_tree.get(&tree).copied()
    }

    /// Returns the blob of the signers at this path of a tree; none where nobody looked there.
    pub(super) fn signers(&self, tree: Oid, path: &str) -> Option<Option<Oid>> {
        let top = self.of(tree).filter(|_| path == self.signers);
        top.map(|top| top.signers)
    }
}

//! Maps and sets of object ids. Ids are digests: a few of their bytes are as good as any hash of them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use git2::Oid;

/// A map from ids.
pub type IdMap<V> = HashMap<Oid, V, BuildHasherDefault<First>>;
/// A set of ids.
pub type IdSet = HashSet<Oid, BuildHasherDefault<First>>;

/// Takes the first bytes of an id for its hash.
#[derive(Debug, Default)]
pub struct First(u64);

impl Hasher for First {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Besides its bytes an id may hand over their number, before or after them.
        if let Some(first) = bytes.first_chunk::<8>().filter(|_| bytes.len() >= 20) {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_other_first_bytes_have_other_hashes() {
        let set: IdSet = (0..=255)
            .map(|first| Oid::from_bytes(&[first; 20]).unwrap())
            .collect();
        assert_eq!(set.len(), 256);
        let hash = |first| {
            use std::hash::Hash as _;
            let mut hasher = First::default();
            Oid::from_bytes(&[first; 20]).unwrap().hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash(1), 0x0101_0101_0101_0101);
        assert_ne!(hash(1), hash(2));
    }
}

//! From an id to its place: a table that holds places alone and compares the ids where they stand. Ids are digests, so that
//! their first bytes are as good as any hash of them.

use super::{ABSENT, Place, slice};

/// The table, open addressed and at most half full.
#[derive(Debug, Default)]
pub(super) struct Index {
    table: Vec<Place>,
    count: usize,
}

impl Index {
    /// Finds an id among `ids`, which stand one after another.
    pub(super) fn find(&self, id: &[u8], width: usize, ids: &[u8]) -> Option<Place> {
        if self.table.is_empty() || id.len() != width {
            return None;
        }
        let mut at = self.begin(id);
        loop {
            match self.table[at] {
                ABSENT => return None,
                place if slice(ids, place, width) == id => return Some(place),
                _ => at = (at + 1) % self.table.len(),
            }
        }
    }

    /// Adds an id that is not in the table; it stands at `place` of `ids`.
    pub(super) fn add(&mut self, place: Place, width: usize, ids: &[u8]) {
        if (self.count + 1) * 2 > self.table.len() {
            self.grow(width, ids);
        }
        self.put(place, width, ids);
        self.count += 1;
    }

    /// Makes the table of ids of which none stands there twice.
    pub(super) fn of(width: usize, ids: &[u8]) -> Self {
        let count = ids.len() / width;
        let mut index = Self {
            table: vec![ABSENT; (count * 2 + 2).next_power_of_two().max(1024)],
            count,
        };
        for place in 0..count {
            index.put(place as Place, width, ids);
        }
        index
    }

    fn put(&mut self, place: Place, width: usize, ids: &[u8]) {
        let mut at = self.begin(slice(ids, place, width));
        while self.table[at] != ABSENT {
            at = (at + 1) % self.table.len();
        }
        self.table[at] = place;
    }

    fn grow(&mut self, width: usize, ids: &[u8]) {
        let length = (self.table.len() * 2).max(1024);
        let old = std::mem::replace(&mut self.table, vec![ABSENT; length]);
        for place in old.into_iter().filter(|&place| place != ABSENT) {
            self.put(place, width, ids);
        }
    }

    fn begin(&self, id: &[u8]) -> usize {
        let mut first = [0; 8];
        first.copy_from_slice(&id[..8]);
        // The length is a power of two.
        u64::from_le_bytes(first) as usize & (self.table.len() - 1)
    }
}

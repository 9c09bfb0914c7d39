//! Trees that were read, in their bytes. Of two neighbours in a history most trees are the same, and each is looked at several
//! times; libgit2's own cache looks for what it may drop for longer than it takes to read a tree again.

use std::cell::RefCell;
use std::sync::Arc;

use git2::Oid;

/// How many trees there is room for; a tree stands in the one place that its id gives it.
const PLACES: usize = 4096;
/// How many bytes they may have together.
const ROOM: usize = 16 << 20;

/// The trees.
#[derive(Debug, Default)]
pub(super) struct Shelf(RefCell<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Empty until the first tree comes.
    places: Vec<Option<(Oid, Arc<[u8]>)>>,
    bytes: usize,
}

impl Shelf {
    /// Returns the tree that is kept, else what `read` gives, and keeps that.
    pub(super) fn get<E>(
        &self,
        oid: Oid,
        read: impl FnOnce() -> Result<Arc<[u8]>, E>,
    ) -> Result<Arc<[u8]>, E> {
        let place = place(oid);
        let known = self.0.borrow().places.get(place).cloned().flatten();
        if let Some((_, tree)) = known.filter(|(known, _)| *known == oid) {
            return Ok(tree);
        }
        let tree = read()?;
        let kept = &mut *self.0.borrow_mut();
        if kept.places.is_empty() || kept.bytes + tree.len() > ROOM {
            kept.places.clear();
            kept.places.resize(PLACES, None);
            kept.bytes = 0;
        }
        if tree.len() <= ROOM {
            kept.bytes += tree.len();
            let old = kept.places[place].replace((oid, Arc::clone(&tree)));
            kept.bytes -= old.map_or(0, |(_, old)| old.len());
        }
        Ok(tree)
    }
}

fn place(oid: Oid) -> usize {
    let bytes = oid.as_bytes();
    (usize::from(bytes[0]) << 8 | usize::from(bytes[1])) % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oid(first: u8, last: u8) -> Oid {
        let mut bytes = [0; 20];
        (bytes[0], bytes[19]) = (first, last);
        Oid::from_bytes(&bytes).unwrap()
    }

    #[test]
    fn a_tree_is_read_once_until_another_takes_its_place() {
        let shelf = Shelf::default();
        let mut reads = Vec::new();
        for (first, last) in [(1, 1), (2, 1), (1, 1), (1, 2), (1, 1), (2, 1)] {
            let tree: Result<_, ()> = shelf.get(oid(first, last), || {
                reads.push((first, last));
                Ok(Arc::from([first, last]))
            });
            assert_eq!(*tree.unwrap(), [first, last]);
        }
        assert_eq!(reads, [(1, 1), (2, 1), (1, 2), (1, 1)]);
    }

    #[test]
    fn trees_take_no_more_room_than_they_may() {
        let shelf = Shelf::default();
        for first in 0..=255 {
            let tree: Result<_, ()> = shelf.get(oid(first, 0), || Ok(vec![first; 1 << 20].into()));
            assert_eq!(tree.unwrap()[0], first);
            let kept = shelf.0.borrow();
            let held = kept.places.iter().flatten().map(|(_, tree)| tree.len());
            assert_eq!(held.sum::<usize>(), kept.bytes);
            assert!(kept.bytes <= ROOM);
        }
        let huge: Result<_, ()> = shelf.get(oid(1, 9), || Ok(vec![0; ROOM + 1].into()));
        assert_eq!(huge.unwrap().len(), ROOM + 1);
        assert_eq!(shelf.0.borrow().bytes, 0);
    }
}

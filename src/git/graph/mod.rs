//! History in memory, as the objects say it: no grafts, no replacements. It holds ids, trees and parents alone, some fifty
//! bytes a commit and its two ids, so that a million commits fit.

mod index;
mod kept;
mod read;
mod walk;

use git2::Oid;

use index::Index;

/// A commit's place in a [`Graph`]: parents stand before children, and a first parent's line before what is merged into it.
pub type Place = u32;

/// Stands for a parent that is not here: beyond the edge of a shallow clone.
const ABSENT: Place = Place::MAX;

/// All commits that some tips reach.
#[derive(Debug, Default)]
pub struct Graph {
    /// How many bytes an id has.
    width: usize,
    ids: Vec<u8>,
    trees: Vec<u8>,
    /// Where each commit's parents begin; one element more at the end.
    starts: Vec<u32>,
    parents: Vec<Place>,
    /// The committers' seconds since 1970.
    times: Vec<i64>,
    /// One more than the highest among the parents.
    heights: Vec<u32>,
    index: Index,
}

/// A set of places.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<u64>);

impl Places {
    fn of(length: usize) -> Self {
        Self(vec![0; length.div_ceil(64)])
    }

    /// Says whether a place is in the set.
    pub fn holds(&self, place: Place) -> bool {
        let at = place as usize;
        self.0
            .get(at / 64)
            .is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    /// Adds a place; says whether it is new.
    pub fn add(&mut self, place: Place) -> bool {
        let at = place as usize;
        let Some(word) = self.0.get_mut(at / 64) else {
            return false;
        };
        let is_new = *word & (1 << (at % 64)) == 0;
        *word |= 1 << (at % 64);
        is_new
    }

    /// Takes out what another set holds.
    pub fn remove_all(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// Lists the places, rising.
    pub fn iter(&self) -> impl Iterator<Item = Place> + '_ {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    // A graph has fewer commits than a Place can count.
                    (at * 64) as Place + bit
                })
            })
        })
    }
}

impl Graph {
    /// Returns how many commits there are.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Says whether there is none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Finds a commit.
    pub fn find(&self, oid: Oid) -> Option<Place> {
        self.index.find(oid.as_bytes(), self.width, &self.ids)
    }

    /// Returns a commit's id.
    pub fn id(&self, place: Place) -> Oid {
        oid(slice(&self.ids, place, self.width))
    }

    /// Returns a commit's tree.
    pub fn tree(&self, place: Place) -> Oid {
        oid(slice(&self.trees, place, self.width))
    }

    /// Returns when a commit was made, by its committer: seconds since 1970.
    pub fn time(&self, place: Place) -> i64 {
        self.times.get(place as usize).copied().unwrap_or_default()
    }

    /// Returns a commit's parents, less those that are not here.
    pub fn parents(&self, place: Place) -> impl DoubleEndedIterator<Item = Place> + '_ {
        let all = self.all_parents(place).iter().copied();
        all.filter(|&parent| parent != ABSENT)
    }

    /// Returns how many parents a commit has, here or not.
    pub fn count_parents(&self, place: Place) -> usize {
        self.all_parents(place).len()
    }

    /// Returns a commit's first parent, where it has one and it is here.
    pub fn first_parent(&self, place: Place) -> Option<Place> {
        let first = self.all_parents(place).first().copied();
        first.filter(|&parent| parent != ABSENT)
    }

    /// Says whether a parent of a commit is not here.
    pub fn is_cut(&self, place: Place) -> bool {
        self.all_parents(place).contains(&ABSENT)
    }

    fn all_parents(&self, place: Place) -> &[Place] {
        let at = place as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&start), Some(&end)) => &self.parents[start as usize..end as usize],
            _ => &[],
        }
    }
}

fn slice(bytes: &[u8], place: Place, width: usize) -> &[u8] {
    let at = place as usize * width;
    &bytes[at..at + width]
}

fn oid(bytes: &[u8]) -> Oid {
    // The bytes are those of an id that was read.
    Oid::from_bytes(bytes).unwrap_or(Oid::ZERO_SHA1)
}

#[cfg(test)]
mod tests;

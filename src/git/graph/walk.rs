//! Questions to a [`Graph`]: what reaches what.

use std::collections::{BinaryHeap, HashMap, HashSet};

use super::{Graph, Place, Places};

/// What a walk from two commits knows of one below.
const ONE: u8 = 1;
const OTHER: u8 = 2;
const BOTH: u8 = ONE | OTHER;
/// It stands below a merge base.
const BELOW: u8 = 4;

impl Graph {
    /// Returns an empty set of its places.
    pub fn nothing(&self) -> Places {
        Places::of(self.len())
    }

    /// Returns what `tips` reach, themselves among it.
    pub fn reach(&self, tips: impl IntoIterator<Item = Place>) -> Places {
        let mut set = self.nothing();
        let mut highest = None;
        for tip in tips {
            set.add(tip);
            highest = highest.max(Some(tip));
        }
        // Parents stand before children: one way down is enough.
        let Some(highest) = highest else { return set };
        for place in (0..=highest).rev() {
            if set.holds(place) {
                for parent in self.parents(place) {
                    set.add(parent);
                }
            }
        }
        set
    }

    /// Returns what reaches any of `places`, themselves among it.
    pub fn above(&self, places: impl IntoIterator<Item = Place>) -> Places {
        let mut set = self.nothing();
        let mut lowest = None;
        for place in places {
            set.add(place);
            lowest = lowest.map_or(Some(place), |lowest: Place| Some(lowest.min(place)));
        }
        // Parents stand before children: one way up is enough. A graph has fewer commits than a Place can count.
        for place in lowest.map_or(0..0, |lowest| lowest..self.len() as Place) {
            if self.parents(place).any(|parent| set.holds(parent)) {
                set.add(place);
            }
        }
        set
    }

    /// Adds to `set` what `tip` reaches and `set` does not hold yet, and hands each to `seen`; all below what it holds is
    /// held as well.
    pub fn extend(&self, set: &mut Places, tip: Place, mut seen: impl FnMut(Place)) {
        let mut open = vec![tip];
        while let Some(place) = open.pop() {
            if set.add(place) {
                seen(place);
                open.extend(self.parents(place));
            }
        }
    }

    /// Lists the first-parent chain of a commit, newest first.
    pub fn first_parents(&self, tip: Place) -> impl Iterator<Item = Place> + '_ {
        std::iter::successors(Some(tip), |&place| self.first_parent(place))
    }

    /// Says whether `below` is `above` or one of its ancestors.
    pub fn is_ancestor(&self, below: Place, above: Place) -> bool {
        let height = |place: Place| self.heights.get(place as usize).copied().unwrap_or(0);
        let lowest = height(below);
        let mut seen = HashSet::new();
        let mut open = vec![above];
        while let Some(place) = open.pop() {
            if place == below {
                return true;
            }
            let could_be = place > below && height(place) > lowest;
            if could_be && seen.insert(place) {
                open.extend(self.parents(place).rev());
            }
        }
        false
    }

    /// Lists the best common ancestors of two commits (git-merge-base(1), `--all`).
    pub fn merge_bases(&self, one: Place, other: Place) -> Vec<Place> {
        let mut marks: HashMap<Place, u8> = HashMap::from([(one, ONE)]);
        *marks.entry(other).or_default() |= OTHER;
        let mut open: BinaryHeap<Place> = marks.keys().copied().collect();
        // How many of those that are open might still lead to one.
        let mut hopeful = open.len();
        let mut found = Vec::new();
        while hopeful > 0 {
            let Some(place) = open.pop() else { break };
            // All that stand above have been popped, so that its mark is whole.
            let mut mark = marks.get(&place).copied().unwrap_or_default();
            hopeful -= usize::from(mark & BELOW == 0);
            if mark == BOTH {
                found.push(place);
                mark |= BELOW;
            }
            for parent in self.parents(place) {
                let known = marks.entry(parent).or_insert_with(|| {
                    open.push(parent);
                    hopeful += 1;
                    0
                });
                let was_hopeful = *known & BELOW == 0;
                *known |= mark;
                hopeful -= usize::from(was_hopeful && *known & BELOW != 0);
            }
        }
        found
    }
}

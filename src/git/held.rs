//! Diffs that several ask for, one after another and on other threads: held until somebody lets go of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Delta;
use super::repository::Sides;

/// The diffs, by their trees.
#[derive(Debug, Default)]
pub(super) struct Held(Mutex<HashMap<Sides, Arc<Vec<Delta>>>>);

impl Held {
    pub(super) fn get(&self, sides: &Sides) -> Option<Arc<Vec<Delta>>> {
        self.all().get(sides).cloned()
    }

    pub(super) fn put(&self, sides: Sides, deltas: Arc<Vec<Delta>>) {
        self.all().insert(sides, deltas);
    }

    pub(super) fn clear(&self) {
        self.all().clear();
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Sides, Arc<Vec<Delta>>>> {
        // Nothing is ever half in it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Digests that tell whether something is as it was. They guard against mistakes, not against people: who can write the files
//! that hold them can write what they like.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// Digests a value.
pub(super) fn of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Digests what a value looks like.
pub(super) fn of_debug(value: &impl std::fmt::Debug) -> u64 {
    of(&format!("{value:?}"))
}

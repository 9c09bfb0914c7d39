//! What was read last: one commit's judgement asks for the same commit and the same diff several times.

use std::cell::RefCell;
use std::collections::VecDeque;

/// The last few answers, newest first.
#[derive(Debug)]
pub(super) struct Recent<K, V>(RefCell<VecDeque<(K, V)>>);

/// How many are kept.
const KEPT: usize = 6;

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K: PartialEq, V: Clone> Recent<K, V> {
    /// Returns what is kept, else what `read` gives, and keeps that.
    pub(super) fn get<E>(&self, key: K, read: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        if let Some((_, value)) = self.0.borrow().iter().find(|(known, _)| *known == key) {
            return Ok(value.clone());
        }
        let value = read()?;
        let mut kept = self.0.borrow_mut();
        kept.truncate(KEPT - 1);
        kept.push_front((key, value.clone()));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_last_is_not_read_again() {
        let recent = Recent::default();
        let mut reads = Vec::new();
        for key in [1, 1, 2, 3, 4, 5, 6, 7, 2, 1] {
            let value: Result<i32, ()> = recent.get(key, || {
                reads.push(key);
                Ok(key * 10)
            });
            assert_eq!(value, Ok(key * 10));
        }
        assert_eq!(reads, [1, 2, 3, 4, 5, 6, 7, 1]);
    }
}

//! A tree object read in place, entry by entry, as git writes it: `<mode> <name>\0<id>`, sorted as if the name of a folder
//! ended in a slash. Nothing is copied: a scan of a history reads thousands of trees of which a few entries differ.

use std::cmp::Ordering;

use super::tree::FOLDER;

/// One entry, borrowed from its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawEntry<'t> {
    /// The mode, `0o100644`.
    pub(super) mode: i32,
    /// The name, in bytes.
    pub(super) name: &'t [u8],
    /// The id, in bytes: 20 or 32.
    pub(super) id: &'t [u8],
}

impl RawEntry<'_> {
    pub(super) fn is_folder(&self) -> bool {
        self.mode == FOLDER
    }

    /// Compares by git's order.
    pub(super) fn order(&self, other: &RawEntry<'_>) -> Ordering {
        let shared = self.name.len().min(other.name.len());
        let next = |entry: &RawEntry<'_>| match entry.name.get(shared) {
            Some(&byte) => Some(byte),
            None => entry.is_folder().then_some(b'/'),
        };
        self.name[..shared]
            .cmp(&other.name[..shared])
            .then_with(|| next(self).cmp(&next(other)))
            .then_with(|| self.name.len().cmp(&other.name.len()))
    }
}

/// The entries of a tree object that is not read yet to its end; a damaged rest ends it and is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entries<'t> {
    rest: &'t [u8],
    width: usize,
}

impl<'t> Entries<'t> {
    /// Begins; `width` is how many bytes an id has.
    pub(super) fn new(data: &'t [u8], width: usize) -> Self {
        Self { rest: data, width }
    }

    /// Says whether bytes are left that are no entry.
    pub(super) fn is_damaged(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Passes over what two trees begin with alike.
    pub(super) fn skip_shared(&mut self, other: &mut Self) {
        let shared = shared(self.rest, other.rest);
        let mut entries = *self;
        let start = self.rest.len();
        let mut at = 0;
        while entries.next().is_some() {
            let end = start - entries.rest.len();
            if end > shared {
                break;
            }
            at = end;
        }
        self.rest = &self.rest[at..];
        other.rest = &other.rest[at..];
    }
}

/// How many bytes two texts begin with alike.
fn shared(one: &[u8], other: &[u8]) -> usize {
    let end = one.len().min(other.len());
    let mut at = 0;
    // Most trees of a history are alike but for an entry or two: long stretches are compared at once.
    for stride in [1024, 64, 1] {
        while at + stride <= end && one[at..at + stride] == other[at..at + stride] {
            at += stride;
        }
    }
    at
}

impl<'t> Iterator for Entries<'t> {
    type Item = RawEntry<'t>;

    fn next(&mut self) -> Option<RawEntry<'t>> {
        let mut mode = 0;
        let mut at = 0;
        loop {
            let &byte = self.rest.get(at)?;
            at += 1;
            match byte {
                b'0'..=b'7' => mode = (mode << 3) | i32::from(byte - b'0'),
                b' ' => break,
                _ => return None,
            }
        }
        let after = self.rest.get(at..)?;
        let end = after.iter().position(|&byte| byte == 0)?;
        let id = after.get(end + 1..end + 1 + self.width)?;
        let entry = RawEntry {
            mode,
            name: &after[..end],
            id,
        };
        self.rest = &after[end + 1 + self.width..];
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, &str, u8)]) -> Vec<u8> {
        let mut data = Vec::new();
        for (mode, name, id) in entries {
            data.extend(format!("{mode} {name}\0").bytes());
            data.extend([*id; 20]);
        }
        data
    }

    #[test]
    fn entries_come_as_they_stand_and_a_damaged_end_is_told() {
        let mut data = tree(&[("100644", "a", 1), ("40000", "b", 2)]);
        let mut entries = Entries::new(&data, 20);
        let found: Vec<_> = entries.by_ref().map(|it| (it.mode, it.name)).collect();
        assert_eq!(found, [(0o100_644, &b"a"[..]), (FOLDER, &b"b"[..])]);
        assert!(!entries.is_damaged());
        data.truncate(data.len() - 1);
        let mut entries = Entries::new(&data, 20);
        assert_eq!(entries.by_ref().count(), 1);
        assert!(entries.is_damaged());
    }

    #[test]
    fn a_folder_sorts_as_if_it_ended_in_a_slash() {
        let entry = |mode, name: &'static str| RawEntry {
            mode,
            name: name.as_bytes(),
            id: &[],
        };
        let file = |name| entry(0o100_644, name);
        assert_eq!(entry(FOLDER, "a").order(&file("a.b")), Ordering::Greater);
        assert_eq!(file("a").order(&file("a.b")), Ordering::Less);
        assert_eq!(entry(FOLDER, "a").order(&file("a0")), Ordering::Less);
        assert_eq!(file("a").order(&entry(FOLDER, "a")), Ordering::Less);
        assert_eq!(file("a").order(&file("a")), Ordering::Equal);
    }

    #[test]
    fn what_two_trees_begin_with_alike_is_passed_over_to_the_entry_that_differs() {
        let one = tree(&[("100644", "a", 1), ("100644", "b", 2), ("100644", "c", 3)]);
        let other = tree(&[("100644", "a", 1), ("100644", "b", 9), ("100644", "c", 3)]);
        let (mut one, mut other) = (Entries::new(&one, 20), Entries::new(&other, 20));
        one.skip_shared(&mut other);
        assert_eq!(one.next().map(|it| it.name), Some(&b"b"[..]));
        assert_eq!(other.next().map(|it| it.id[0]), Some(9));
    }
}

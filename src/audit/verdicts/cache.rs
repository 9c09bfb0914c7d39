//! The verdicts that one audit finds and adds.

use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::facts::Facts;
use super::keys::Keys;
use super::rows::Row as KeptRow;
use super::store::Store;
use crate::audit::report::{Brief, Entry, Row};
use crate::git::graph::{Graph, Place};
use crate::git::{Oid, Repository};
use crate::id::TaskId;

/// What is kept, and the digests of the commits of this audit.
pub struct Cache<'a> {
    open: Option<(Store, Keys<'a>)>,
    /// By the commit's place in the list.
    keys: Vec<u64>,
}

/// A commit that was judged now, with what is kept of it; none where nothing is.
#[derive(Debug)]
pub struct Ruled {
    /// As the report takes it.
    pub entry: Entry,
    kept: Option<(Brief, u64)>,
}

impl Ruled {
    /// Makes it of a row; `tasks` are those that its subject names.
    ///
    /// # Errors
    /// The row cannot be put into JSON.
    pub fn of(row: Row, is_kept: bool, tasks: &[TaskId]) -> io::Result<Self> {
        let brief = Brief::of(&row).filter(|_| is_kept);
        // A task's sealed tests are asked for where a subject names one alone.
        let task = match tasks {
            [task] => Keys::task(task),
            _ => 0,
        };
        let entry = Entry::of(row);
        if brief.is_some() {
            // Here it costs every processor a little, later it would cost one.
            entry.json()?;
        }
        Ok(Self {
            entry,
            kept: brief.map(|brief| (brief, task)),
        })
    }
}

impl<'a> Cache<'a> {
    /// Keeps nothing.
    pub fn nothing() -> Self {
        Self {
            open: None,
            keys: Vec::new(),
        }
    }

    /// Opens what is kept of audits with these facts, for these commits.
    pub fn open(
        repository: &Repository,
        audits: &Path,
        facts: &Facts<'_>,
        keys: Keys<'a>,
        (graph, commits): (&Graph, &[Place]),
    ) -> Self {
        let kind = facts.digest();
        let store = kind.and_then(|kind| Store::open(audits, kind, graph, repository.id_width()));
        let Some(store) = store else {
            return Self::nothing();
        };
        Self {
            keys: commits.par_iter().map(|&place| keys.of(place)).collect(),
            open: Some((store, keys)),
        }
    }

    /// Says whether verdicts are kept.
    pub fn keeps(&self) -> bool {
        self.open.is_some()
    }

    /// Returns what is kept of the commit at this place of the list.
    pub fn find(&self, at: usize, place: Place) -> Option<KeptRow> {
        let (store, keys) = self.open.as_ref()?;
        let key = *self.keys.get(at)?;
        store.find(place, |task| keys.with_seals(key, task))
    }

    /// Takes what was judged of the commit at this place of the list.
    pub fn add(&mut self, at: usize, oid: Oid, ruled: &Ruled) {
        let (Some((store, keys)), Some((brief, task))) = (&mut self.open, ruled.kept) else {
            return;
        };
        let (Some(&key), Ok(json)) = (self.keys.get(at), ruled.entry.json()) else {
            return;
        };
        store.add(oid, (keys.with_seals(key, task), task), brief, json);
    }

    /// Writes what was taken.
    pub fn close(self) {
        if let Some((store, _)) = self.open {
            store.close();
        }
    }
}

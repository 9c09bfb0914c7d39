//! Where a validator's records are read and written: the repository's store, or, where nothing that is recorded is to be
//! believed, the memory of one run. What runs there leaves no record and no pass behind.

use std::cell::{Cell, RefCell};

use tempfile::TempDir;

use super::Error;
use super::checked::{Checked, Source};
use super::known::Known;
use super::request::Request;
use crate::change::Standing;
use crate::evidence::statement::Statement;
use crate::git::{Oid, Repository};
use crate::id::TreeId;
use crate::policy::CheckBlock;
use crate::signing;

/// What was found in one run, without a look at what is recorded.
#[derive(Debug)]
pub struct Notebook {
    /// Holds the passes of this run alone.
    scratch: TempDir,
    known: RefCell<Known>,
    runs: Cell<usize>,
}

impl Notebook {
    /// Begins with nothing.
    ///
    /// # Errors
    /// There is no room for temporary files.
    pub fn new() -> Result<Self, Error> {
        let scratch = TempDir::with_prefix("pdd-hooks-").map_err(|source| Error::KeepPass {
            path: std::env::temp_dir(),
            source,
        })?;
        Ok(Self {
            scratch,
            known: RefCell::new(Known::recomputed()),
            runs: Cell::new(0),
        })
    }

    /// Returns what was found so far.
    pub fn known(&self) -> Known {
        self.known.borrow().clone()
    }

    /// Counts the checks that ran on a tree that was to be judged.
    pub fn runs(&self) -> usize {
        self.runs.get()
    }

    pub(super) fn folder(&self) -> &std::path::Path {
        self.scratch.path()
    }
}

/// Where records are read and written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Records<'a> {
    /// The repository's store.
    Store,
    /// The store; one that is listed is taken for whole.
    StoreAsListed,
    /// The memory of this run.
    Notebook(&'a Notebook),
}

impl Records<'_> {
    /// Returns what is recorded.
    pub(super) fn known(self, repository: &Repository) -> Result<Known, Error> {
        match self {
            Self::Store | Self::StoreAsListed => Known::read(repository, None),
            Self::Notebook(notebook) => Ok(notebook.known()),
        }
    }

    /// Records a statement and returns the record's name.
    pub(super) fn record(
        self,
        repository: &Repository,
        statement: Statement,
    ) -> Result<String, Error> {
        match self {
            Self::Store | Self::StoreAsListed => {
                let names = signing::record(repository, &[statement])?;
                Ok(names.into_iter().next().unwrap_or_default())
            }
            Self::Notebook(notebook) => Ok(notebook.known.borrow_mut().learn(&statement)),
        }
    }

    /// Says whether a record is there.
    pub(super) fn holds(self, repository: &Repository, record: &str) -> Result<bool, Error> {
        Ok(match self {
            Self::Store => repository.has_record(record)?,
            Self::StoreAsListed => repository.lists_record(record)?,
            // The passes of one run name no other.
            Self::Notebook(_) => true,
        })
    }

    /// Returns how a check that ran in this run already did not pass on a tree over a base; the store knows no such thing.
    pub(super) fn failed(
        self,
        tree: Oid,
        check: &CheckBlock,
        base: Option<Oid>,
    ) -> Option<Standing> {
        let Self::Notebook(notebook) = self else {
            return None;
        };
        let id = |oid: Oid| TreeId::new(oid.to_string());
        let known = notebook.known.borrow();
        known.failed(&id(tree), check, base.map(id).as_ref())
    }

    /// Notes what ran on a tree and did not pass; a store keeps passes alone.
    pub(super) fn note(
        self,
        request: &Request,
        check: &CheckBlock,
        base: Option<Oid>,
        one: &Checked,
    ) {
        let Self::Notebook(notebook) = self else {
            return;
        };
        if !matches!(one.source, Some(Source::Ran(_))) {
            return;
        }
        notebook.runs.set(notebook.runs.get() + 1);
        if one.standing != Standing::Passed {
            let id = |oid: Oid| TreeId::new(oid.to_string());
            let (tree, base) = (id(request.tree), base.map(id));
            let standing = one.standing.clone();
            let mut known = notebook.known.borrow_mut();
            known.fail(tree, check, base, standing);
        }
    }
}

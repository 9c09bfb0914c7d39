//! What is left here of how commits were made: the ledger's lines, the reflogs' entries.

use std::collections::HashMap;

use super::class::Made;
use crate::error::Error;
use crate::evidence::ledger::{Event, Ledger, Line};
use crate::git::Repository;
use crate::id::CommitId;

/// All traces of one repository.
#[derive(Debug)]
pub struct Traces<'a> {
    lines: HashMap<&'a CommitId, &'a Line>,
    made: Made,
}

/// What is left of the making of one commit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trace<'a> {
    /// The ledger's last line about it.
    pub line: Option<&'a Line>,
    /// What made it here, as a reflog names it.
    pub action: Option<&'a str>,
}

impl<'a> Traces<'a> {
    /// Reads the reflogs; the ledger has been read.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn read(repository: &Repository, ledger: &'a Ledger) -> Result<Self, Error> {
        let commits = ledger.lines.iter();
        let commits = commits.filter(|line| line.entry.event == Event::Commit);
        Ok(Self {
            lines: commits
                .filter_map(|line| Some((line.entry.commit.as_ref()?, line)))
                .collect(),
            made: Made::read(repository)?,
        })
    }

    /// Returns what is left of one commit's making.
    pub fn of(&self, id: &CommitId) -> Trace<'_> {
        Trace {
            line: self.lines.get(id).copied(),
            action: self.made.action(id),
        }
    }
}

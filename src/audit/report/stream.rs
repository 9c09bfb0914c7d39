//! A report as it is written: its head, one entry a commit, its tail. A history of any length is never held whole.

use std::cell::OnceCell;
use std::io;

use serde::Serialize;

use super::PolicyName;
use super::row::{Evidence, Row};
use super::summary::Summary;
use crate::id::CommitId;

/// What stands before the commits.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    /// `pdd-hooks/report/1`.
    pub schema: &'static str,
    /// What was asked for.
    pub range: Option<String>,
    /// The policy at the tip.
    pub policy: PolicyName,
}

/// What stands after the commits.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tail {
    /// The counts.
    pub summary: Summary,
    /// What no commit shows, a sentence each: damage of the ledger, hooks that are not in their place now, by whose word a
    /// landing passes.
    pub notes: Vec<String>,
    /// The references that were moved round the hooks, as far as anything here shows it.
    pub moves: Vec<RefMove>,
}

/// A reference that somebody moved round the hooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefMove {
    /// Its full name.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Where it stood, where that is known.
    pub from: Option<CommitId>,
    /// Where it was put; none where it was deleted.
    pub to: Option<CommitId>,
    /// How: `branch -C`, `direct write`, `update-ref`, `push --no-verify`, `moved by hand`.
    pub how: String,
    /// When, RFC 3339 in UTC, where that is known.
    pub time: Option<String>,
    /// What shows it.
    pub evidence: Vec<Evidence>,
}

/// A commit on its way into a report: as JSON, or as a row, whichever a form of report wants.
#[derive(Debug)]
pub struct Entry {
    json: OnceCell<String>,
    row: OnceCell<Row>,
}

impl Entry {
    /// Begins with a row.
    pub fn of(row: Row) -> Self {
        let entry = Self {
            json: OnceCell::new(),
            row: OnceCell::new(),
        };
        // It was empty.
        let _ = entry.row.set(row);
        entry
    }

    /// Returns the row.
    pub fn row(&self) -> &Row {
        self.row
            .get_or_init(|| unreachable!("an entry begins with a row"))
    }

    /// Returns the element of `commits`, one line of compact JSON without a line feed.
    ///
    /// # Errors
    /// It cannot be put into JSON.
    pub fn json(&self) -> io::Result<&str> {
        if self.json.get().is_none() {
            let text = serde_json::to_string(self.row())?;
            // It was empty.
            let _ = self.json.set(text);
        }
        Ok(self.json.get().map_or("", String::as_str))
    }
}

/// Somebody who takes a report: one of the forms that it is written in.
pub trait Sink {
    /// Takes the head, first and once.
    ///
    /// # Errors
    /// The output cannot be written.
    fn begin(&mut self, head: &Head) -> io::Result<()>;

    /// Takes a commit; parents come before children.
    ///
    /// # Errors
    /// The output cannot be written.
    fn row(&mut self, entry: &Entry) -> io::Result<()>;

    /// Takes the tail, last and once.
    ///
    /// # Errors
    /// The output cannot be written.
    fn end(&mut self, tail: &Tail) -> io::Result<()>;
}

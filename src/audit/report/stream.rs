//! A report as it is written: its head, one entry a commit, its tail. A history of any length is never held whole.

use std::cell::OnceCell;
use std::io;

use serde::Serialize;

use super::PolicyName;
use super::brief::Brief;
use super::row::{Evidence, Row};
use super::summary::Summary;
use crate::audit::class::Class;
use crate::finding::Level;
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

/// A commit on its way into a report: as a row, as JSON, or as what an earlier audit kept of it. A form of report takes what
/// it wants, and nothing else is made.
#[derive(Debug)]
pub struct Entry {
    kept: Option<Box<dyn Kept>>,
    json: OnceCell<String>,
    row: OnceCell<Row>,
}

/// What an earlier audit kept of a commit.
pub trait Kept: std::fmt::Debug + Send {
    /// Its class and findings.
    fn brief(&self) -> Brief;

    /// The same once more, for who wants to read it later.
    fn again(&self) -> Box<dyn Kept>;

    /// Reads the row's JSON, as [`Entry::json`] gives it.
    ///
    /// # Errors
    /// It cannot be read any more, or is damaged.
    fn json(&self) -> io::Result<String>;
}

impl Entry {
    /// Begins with a row.
    pub fn of(row: Row) -> Self {
        Self {
            kept: None,
            json: OnceCell::new(),
            row: row.into(),
        }
    }

    /// Begins with what was kept.
    pub fn kept(kept: impl Kept + 'static) -> Self {
        Self {
            kept: Some(Box::new(kept)),
            json: OnceCell::new(),
            row: OnceCell::new(),
        }
    }

    /// Returns what was kept, to be read later; none where the row is at hand.
    pub fn later(&self) -> Option<Self> {
        let kept = self.kept.as_ref().filter(|_| self.row.get().is_none())?;
        Some(Self {
            kept: Some(kept.again()),
            json: OnceCell::new(),
            row: OnceCell::new(),
        })
    }

    /// Returns the class; none for a staged change.
    pub fn class(&self) -> Option<Class> {
        match (&self.kept, self.row.get()) {
            (Some(kept), _) => Some(kept.brief().class()),
            (None, row) => row.and_then(|row| row.class),
        }
    }

    /// Lists the findings, each by its code and level.
    pub fn findings(&self) -> Vec<(&'static str, Level)> {
        match (&self.kept, self.row.get()) {
            (Some(kept), _) => kept.brief().findings().collect(),
            (None, row) => {
                let found = row.into_iter().flat_map(|row| &row.findings);
                found.map(|one| (one.code, one.level)).collect()
            }
        }
    }

    /// Returns the row.
    ///
    /// # Errors
    /// What was kept cannot be read.
    pub fn row(&self) -> io::Result<&Row> {
        if self.row.get().is_none() {
            let row: Row = serde_json::from_str(self.json()?)?;
            // It was empty.
            let _ = self.row.set(row);
        }
        self.row
            .get()
            .ok_or_else(|| io::Error::other("an entry without a row"))
    }

    /// Returns the element of `commits`, one line of compact JSON without a line feed.
    ///
    /// # Errors
    /// It cannot be put into JSON, or what was kept cannot be read.
    pub fn json(&self) -> io::Result<&str> {
        if self.json.get().is_none() {
            let text = match (self.row.get(), &self.kept) {
                (Some(row), _) => serde_json::to_string(row)?,
                (None, Some(kept)) => kept.json()?,
                (None, None) => String::new(),
            };
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

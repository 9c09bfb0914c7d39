//! The report: its shape is fixed (EVIDENCE.md, section 9; schema `pdd-hooks/report/1`), and so is that of `check`.

mod brief;
mod read;
mod row;
mod stream;
mod summary;

use std::io;

use serde::Serialize;

use crate::finding::{Finding, Level};
use crate::git::InForce;
use crate::id::BlobId;
use crate::policy::Policy;

pub use brief::Brief;
pub use row::{Actor, ActorKind, Author, Evidence, Part, Row};
pub use stream::{Entry, Head, Kept, RefMove, Sink, Tail};
pub use summary::Summary;

/// The schema's name.
pub const SCHEMA: &str = "pdd-hooks/report/1";

/// A whole report in memory, for what looks at few commits.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Range and policy.
    #[serde(flatten)]
    pub head: Head,
    /// One element a commit, oldest first.
    pub commits: Vec<Row>,
    /// Counts and notes.
    #[serde(flatten)]
    pub tail: Tail,
}

/// Names a policy.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyName {
    /// Its number.
    pub number: u64,
    /// Its blob; none where it came from a file.
    pub blob: Option<BlobId>,
}

impl PolicyName {
    /// Names the policy in force.
    pub fn of(force: &InForce) -> Self {
        Self {
            number: force.policy.number,
            blob: Some(force.blob.clone()),
        }
    }

    /// Names a policy that is assumed.
    pub fn assumed(policy: &Policy) -> Self {
        Self {
            number: policy.number,
            blob: None,
        }
    }
}

impl Head {
    /// Begins a report.
    pub fn new(range: Option<String>, policy: PolicyName) -> Self {
        Self {
            schema: SCHEMA,
            range,
            policy,
        }
    }
}

impl Report {
    /// Makes a report of rows and counts them.
    pub fn new(head: Head, commits: Vec<Row>, notes: Vec<String>) -> Self {
        let mut tail = Tail {
            notes,
            ..Tail::default()
        };
        for row in &commits {
            tail.summary.add_row(row);
        }
        Self {
            head,
            commits,
            tail,
        }
    }

    /// Adds findings to the row of a commit, and counts anew.
    pub fn add(&mut self, commit: &str, findings: &[Finding]) {
        self.tail.summary = Summary::default();
        for row in &mut self.commits {
            if row.commit.as_ref().is_some_and(|id| id.as_str() == commit) {
                row.findings.extend(findings.iter().cloned());
            }
            self.tail.summary.add_row(row);
        }
    }

    /// Says whether any finding stops git.
    pub fn has_errors(&self) -> bool {
        self.commits
            .iter()
            .flat_map(|row| &row.findings)
            .any(|finding| finding.level == Level::Error)
    }

    /// Writes every finding in full, as the hooks do, and one line of counts.
    pub fn findings_text(&self) -> String {
        let mut text = String::new();
        for row in &self.commits {
            for finding in &row.findings {
                text.push_str(&finding.render(&row.place));
            }
        }
        text + &self.tail.summary.words() + "\n"
    }

    /// Hands the report on to a form.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(self, sink: &mut dyn Sink) -> io::Result<()> {
        sink.begin(&self.head)?;
        for row in self.commits {
            sink.row(&Entry::of(row))?;
        }
        sink.end(&self.tail)
    }
}

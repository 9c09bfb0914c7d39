//! The report: its shape is fixed (EVIDENCE.md, section 9; schema `pdd-hooks/report/1`), and so is that of `check`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;

use super::class::Class;
use super::judge::Judged;
use crate::change::Place;
use crate::finding::{Finding, Level, printable};
use crate::git::{InForce, Person};
use crate::id::{BlobId, CommitId, TaskId, TreeId};

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// `pdd-hooks/report/1`.
    pub schema: &'static str,
    /// What was asked for.
    pub range: Option<String>,
    /// The policy at the tip.
    pub policy: PolicyName,
    /// One element a commit, oldest first.
    pub commits: Vec<Row>,
    /// The counts.
    pub summary: Summary,
    /// What no commit shows: damage of the ledger, moves of guarded references, by whose word a landing passes.
    pub notes: Vec<String>,
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
}

/// One commit; the staged change has neither id nor time.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its id.
    pub commit: Option<CommitId>,
    /// Its tree.
    pub tree: TreeId,
    /// Its parents.
    pub parents: Vec<CommitId>,
    /// Its author.
    pub author: Option<Author>,
    /// The author's date, RFC 3339 in the author's own offset.
    pub time: Option<String>,
    /// The subject of its message.
    pub subject: Option<String>,
    /// The task that it names.
    pub task: Option<TaskId>,
    /// The personas that the ledger saw declared.
    pub personas: Vec<String>,
    /// What became of it; none for a staged change.
    pub class: Option<Class>,
    /// How.
    pub how: Option<String>,
    /// What the rules say.
    pub findings: Vec<Finding>,
    /// How findings name it; not part of the JSON.
    #[serde(skip)]
    pub place: String,
}

/// Who wrote a commit.
#[derive(Debug, Serialize)]
pub struct Author {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// The counts.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// All commits.
    pub commits: usize,
    /// Those without findings.
    pub clean: usize,
    /// By class.
    pub classes: BTreeMap<&'static str, usize>,
    /// By rule code.
    pub findings: BTreeMap<&'static str, usize>,
}

impl Row {
    /// Makes the row of a judged commit.
    pub fn of(judged: Judged, class: Class, how: Option<String>, personas: Vec<String>) -> Self {
        let place = judged.place().to_string();
        let id = |oid: &crate::git::Oid| CommitId::new(oid.to_string());
        let Judged {
            commit,
            message,
            task,
            findings,
            ..
        } = judged;
        Self {
            commit: Some(id(&commit.id)),
            tree: TreeId::new(commit.tree.to_string()),
            parents: commit.parents.iter().map(id).collect(),
            time: Some(time(&commit.author)),
            author: Some(Author {
                name: commit.author.name,
                email: commit.author.email,
            }),
            subject: Some(message.subject),
            task,
            personas,
            class: Some(class),
            how,
            findings,
            place,
        }
    }

    /// Makes the row of a change that is not committed yet.
    pub fn staged(
        tree: TreeId,
        parents: Vec<CommitId>,
        subject: Option<String>,
        task: Option<TaskId>,
        place: &Place,
        findings: Vec<Finding>,
    ) -> Self {
        Self {
            commit: None,
            tree,
            parents,
            author: None,
            time: None,
            subject,
            task,
            personas: Vec::new(),
            class: None,
            how: None,
            findings,
            place: place.to_string(),
        }
    }
}

/// Writes when in the person's own offset: `2026-11-22T10:15:00+01:00`.
fn time(person: &Person) -> String {
    // History holds times and offsets beyond any calendar; they are brought to its edge.
    let stamp = Timestamp::from_second(person.seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    let offset = Offset::from_seconds(person.offset.saturating_mul(60)).unwrap_or(Offset::UTC);
    stamp
        .to_zoned(TimeZone::fixed(offset))
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

impl Report {
    /// Makes a report of rows and counts them.
    pub fn new(
        range: Option<String>,
        policy: PolicyName,
        commits: Vec<Row>,
        notes: Vec<String>,
    ) -> Self {
        let mut summary = Summary {
            commits: commits.len(),
            ..Summary::default()
        };
        for row in &commits {
            summary.clean += usize::from(row.findings.is_empty());
            if let Some(class) = row.class {
                *summary.classes.entry(class.as_str()).or_default() += 1;
            }
            for finding in &row.findings {
                *summary.findings.entry(finding.code).or_default() += 1;
            }
        }
        Self {
            schema: "pdd-hooks/report/1",
            range,
            policy,
            commits,
            summary,
            notes,
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
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", self.counts());
        text
    }

    /// Writes the notes, a line each.
    pub fn notes_text(&self) -> String {
        let line = |note: &String| format!("warning: {note}\n");
        self.notes.iter().map(line).collect()
    }

    /// Writes the table of commits: id, class, how, codes, subject.
    pub fn table(&self) -> String {
        let mut text = self.notes_text();
        for row in &self.commits {
            let class = row.class.map_or("", Class::as_str);
            let class = match &row.how {
                Some(how) => format!("{class} ({how})"),
                None => class.to_owned(),
            };
            let code = |finding: &Finding| match finding.level {
                Level::Waived => format!("{} waived", finding.code),
                Level::Error | Level::Warn => finding.code.to_owned(),
            };
            let codes: Vec<String> = row.findings.iter().map(code).collect();
            let codes = if codes.is_empty() {
                "-".to_owned()
            } else {
                codes.join(",")
            };
            let id = row.commit.as_ref().map_or("", CommitId::short);
            let subject = printable(row.subject.as_deref().unwrap_or_default());
            let _ = writeln!(text, "{id}  {class:<28}  {codes:<16}  {subject}");
        }
        let _ = writeln!(text, "{}", self.counts());
        text
    }

    fn counts(&self) -> String {
        let Summary { commits, clean, .. } = self.summary;
        let noun = if commits == 1 { "commit" } else { "commits" };
        let mut text = format!("{commits} {noun}");
        let classes: Vec<String> = Class::ALL
            .iter()
            .filter_map(|class| {
                Some(format!(
                    "{} {}",
                    self.summary.classes.get(class.as_str())?,
                    class.as_str()
                ))
            })
            .collect();
        if !classes.is_empty() {
            let _ = write!(text, ": {}", classes.join(", "));
        }
        match commits - clean {
            0 => text.push_str("; no findings"),
            found => {
                let _ = write!(text, "; {found} with findings");
            }
        }
        let findings = self.commits.iter().flat_map(|row| &row.findings);
        match findings.filter(|it| it.level == Level::Waived).count() {
            0 => {}
            waived => {
                let noun = if waived == 1 { "finding" } else { "findings" };
                let _ = write!(text, "; {waived} {noun} waived");
            }
        }
        text
    }
}

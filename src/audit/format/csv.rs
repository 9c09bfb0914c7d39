//! The report for spreadsheets: RFC 4180, one header line, one row a commit. No cell is a formula.

use std::io::{self, Write};

use super::words;
use crate::audit::report::{Actor, ActorKind, Entry, Evidence, Head, Part, Row, Sink, Tail};
use crate::finding::{Finding, Level, printable};

/// The columns; docs/audit-forms.md says what each holds.
const COLUMNS: [&str; 20] = [
    "commit", "time", "class", "how", "author", "email", "actors", "task", "personas", "subject",
    "codes", "errors", "warnings", "waived", "findings", "of", "evidence", "noticed", "notes",
    "parents",
];

/// One row a commit.
pub(super) struct Csv<'w> {
    out: csv::Writer<&'w mut dyn Write>,
}

impl<'w> Csv<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        let mut builder = csv::WriterBuilder::new();
        builder.terminator(csv::Terminator::CRLF);
        Self {
            out: builder.from_writer(out),
        }
    }
}

impl Sink for Csv<'_> {
    fn begin(&mut self, _: &Head) -> io::Result<()> {
        Ok(self.out.write_record(COLUMNS)?)
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        Ok(self.out.write_record(cells(entry.row()?))?)
    }

    fn end(&mut self, _: &Tail) -> io::Result<()> {
        self.out.flush()
    }
}

fn cells(row: &Row) -> [String; COLUMNS.len()] {
    let (name, email) = words::author(row).map_or(("", ""), |(name, email, _)| (name, email));
    let count = |level| {
        let found = row.findings.iter().filter(|it| it.level == level);
        found.count().to_string()
    };
    [
        optional(row.commit.as_ref().map(|id| id.as_str())),
        optional(row.time.as_deref()),
        optional(row.class.map(|class| class.as_str())),
        optional(row.how.as_deref()),
        cell(name),
        cell(email),
        joined(row.actors.iter().map(actor)),
        optional(row.task.as_ref().map(|task| task.as_str())),
        joined(row.personas.iter().cloned()),
        optional(row.subject.as_deref()),
        joined(row.findings.iter().map(|finding| finding.code.to_owned())),
        count(Level::Error),
        count(Level::Warn),
        count(Level::Waived),
        joined(row.findings.iter().map(finding)),
        optional(row.of.as_ref().map(|id| id.as_str())),
        joined(row.evidence.iter().map(evidence)),
        optional(row.noticed.as_deref()),
        joined(row.notes.iter().cloned()),
        joined(row.parents.iter().map(|id| id.as_str().to_owned())),
    ]
}

fn actor(actor: &Actor) -> String {
    let role = match actor.role {
        Part::Author => "author",
        Part::Committer => "committer",
        Part::CoAuthor => "co-author",
    };
    let kind = match actor.kind {
        ActorKind::Person => "person",
        ActorKind::Bot => "bot",
        ActorKind::Agent => "agent",
    };
    format!("{} <{}> {role} {kind}", actor.name, actor.email)
}

fn finding(finding: &Finding) -> String {
    let place = match (&finding.path, finding.line) {
        (Some(path), Some(line)) => format!(" {path}:{line}"),
        (Some(path), None) => format!(" {path}"),
        (None, _) => String::new(),
    };
    let (code, level) = (finding.code, finding.level.as_str());
    format!("{code} {level}{place}: {}", finding.message)
}

fn evidence(evidence: &Evidence) -> String {
    let Evidence { kind, name, by } = evidence;
    match by {
        Some(by) => format!("{kind} {name} by {by}"),
        None => format!("{kind} {name}"),
    }
}

fn optional(text: Option<&str>) -> String {
    cell(text.unwrap_or_default())
}

/// Joins values by `;`; one within a value becomes a comma.
fn joined(values: impl Iterator<Item = String>) -> String {
    // Where `;` separates the cells of a spreadsheet, each value is a cell of its own.
    let values: Vec<String> = values.map(|value| cell(&value.replace(';', ","))).collect();
    values.join(";")
}

/// Makes a text a cell: on one line, and never a formula (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let text = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => printable(&format!("'{text}")),
        false => printable(text),
    };
    // A text this long would make a spreadsheet give up: its limit is 32,767 characters a cell.
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The longest value.
const LONGEST: usize = 8_192;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_as_a_formula_does() {
        for (text, expected) in [
            ("=cmd()", "'=cmd()"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\u{fffd}=1"),
            ("\r=1", "'\u{fffd}=1"),
            ("plain = text", "plain = text"),
        ] {
            assert_eq!(cell(text), expected);
        }
        let values = ["PM".to_owned(), "=1;=2".to_owned()];
        assert_eq!(joined(values.into_iter()), "PM;'=1,=2");
    }
}

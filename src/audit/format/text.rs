//! The report for people.

use std::io::{self, Write};

use crate::audit::class::Class;
use crate::audit::report::{Entry, Head, Sink, Tail};
use crate::finding::{Finding, Level, printable};
use crate::id::CommitId;

/// A table of the commits.
pub(super) struct Text<'w> {
    out: &'w mut dyn Write,
    table: String,
}

impl<'w> Text<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self {
            out,
            table: String::new(),
        }
    }
}

impl Sink for Text<'_> {
    fn begin(&mut self, _: &Head) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        let row = entry.row();
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
        let codes = match codes.is_empty() {
            true => "-".to_owned(),
            false => codes.join(","),
        };
        let id = row.commit.as_ref().map_or("", CommitId::short);
        let subject = printable(row.subject.as_deref().unwrap_or_default());
        self.table
            .push_str(&format!("{id}  {class:<28}  {codes:<16}  {subject}\n"));
        Ok(())
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        for note in &tail.notes {
            writeln!(self.out, "warning: {}", printable(note))?;
        }
        for found in &tail.moves {
            writeln!(self.out, "warning: {}", printable(&found.to_string()))?;
        }
        self.out.write_all(self.table.as_bytes())?;
        writeln!(self.out, "{}", tail.summary.words())
    }
}

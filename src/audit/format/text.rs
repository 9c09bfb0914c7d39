//! The report for people: what no commit shows, the counts, who went round the hooks, then the worst commits.

use std::io::{self, Write};

use super::words::{self, cut};
use super::worst::{People, Worst};
use super::{Options, warnings};
use crate::audit::class::Class;
use crate::audit::report::{Entry, Head, Row, Sink, Summary, Tail};

/// How many people are named.
const PEOPLE: usize = 10;

/// A commit's cells: id, day, class, codes, author, subject.
type Cells = [String; 6];

/// A summary, and the worst commits.
pub(super) struct Text<'w> {
    out: &'w mut dyn Write,
    worst: Worst<Cells>,
    people: People,
}

impl<'w> Text<'w> {
    pub(super) fn new(out: &'w mut dyn Write, options: &Options) -> Self {
        Self {
            out,
            worst: Worst::new(options.most(usize::MAX), cells),
            people: People::default(),
        }
    }

    fn counts(&mut self, summary: &Summary) -> io::Result<()> {
        let classes = Class::ALL.iter().filter_map(|class| {
            let count = summary.classes.get(class.as_str())?;
            Some((class.as_str().to_owned(), *count))
        });
        block(self.out, "classes", classes.collect())?;
        let found = summary.findings.iter();
        let found = found.map(|(code, &count)| (words::rule(code), count));
        block(self.out, "findings", found.collect())?;
        let (people, others) = self.people.most(PEOPLE);
        let mut people: Vec<(String, usize)> = people
            .into_iter()
            .map(|(who, count)| (who.to_owned(), count))
            .collect();
        if others > 0 {
            people.push(("others".into(), others));
        }
        block(self.out, "bypassed by", people)
    }
}

impl Sink for Text<'_> {
    fn begin(&mut self, _: &Head) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        self.people.add(entry)?;
        self.worst.offer(entry)
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        for warning in warnings(tail) {
            writeln!(self.out, "warning: {warning}")?;
        }
        self.counts(&tail.summary)?;
        let rows = self.worst.take()?;
        let more = tail.summary.commits.saturating_sub(rows.len());
        if !rows.is_empty() {
            writeln!(self.out, "worst first")?;
            table(self.out, &rows)?;
        }
        if more > 0 {
            writeln!(
                self.out,
                "  and {more} more: `--limit 0` shows them here, `--format csv`, `jsonl` and `json` hold all"
            )?;
        }
        if tail.summary.commits > 0 {
            writeln!(self.out)?;
        }
        writeln!(self.out, "{}", tail.summary.words())
    }
}

fn cells(row: &Row) -> Cells {
    [
        words::id(row).to_owned(),
        words::day(row).to_owned(),
        words::class(row),
        words::codes(row),
        words::writers(row),
        cut(row.subject.as_deref().unwrap_or_default(), words::SUBJECT),
    ]
}

/// Writes counted names below a heading, and nothing for none.
fn block(out: &mut dyn Write, heading: &str, lines: Vec<(String, usize)>) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{heading}")?;
    let widest = lines.iter().map(|(_, count)| count.to_string().len()).max();
    let widest = widest.unwrap_or_default();
    for (name, count) in lines {
        writeln!(out, "  {count:>widest$}  {name}")?;
    }
    writeln!(out)
}

/// Writes the commits, each column as wide as its widest cell.
fn table(out: &mut dyn Write, rows: &[Cells]) -> io::Result<()> {
    let mut widths = [0; 5];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(&format!("  {cell:<width$}"));
        }
        let [.., subject] = row;
        writeln!(out, "{}", format!("{line}  {subject}").trim_end())?;
    }
    Ok(())
}

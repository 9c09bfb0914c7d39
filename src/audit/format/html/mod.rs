//! The report as one page of HTML that asks no network for anything. What others wrote (messages, names, paths) gets into
//! it in two ways only: escaped by the templates, or as JSON that the script reads and never takes for markup.
//!
//! Rows go to a temporary file as they come; only counts, the worst rows and a bounded dictionary stay in memory.

mod bars;
mod data;
mod figures;
mod legend;
mod page;
mod plot;
mod steps;
mod timeline;
mod worst;

use std::io::{self, Write};

use jiff::Timestamp;

use crate::audit::report::{Entry, Head, Row, Sink, Tail};
use crate::finding::printable;

use data::Spool;
use figures::Figures;
use page::Page;
use worst::Worst;

/// One self-contained page.
pub(super) struct Html<'w> {
    out: &'w mut dyn Write,
    head: Option<Head>,
    spool: Option<Spool>,
    figures: Figures,
    worst: Worst,
}

impl<'w> Html<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self {
            out,
            head: None,
            spool: None,
            figures: Figures::default(),
            worst: Worst::default(),
        }
    }
}

impl Sink for Html<'_> {
    fn begin(&mut self, head: &Head) -> io::Result<()> {
        self.head = Some(head.clone());
        self.spool = Some(Spool::new()?);
        Ok(())
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        let row = entry.row()?;
        self.figures.add(row);
        self.worst.add(row);
        match &mut self.spool {
            Some(spool) => spool.add(row),
            None => Ok(()),
        }
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        let (Some(head), Some(spool)) = (self.head.take(), self.spool.take()) else {
            return Ok(());
        };
        let page = Page {
            head: &head,
            tail,
            figures: &self.figures,
            worst: &std::mem::take(&mut self.worst).sorted(),
            at: Timestamp::now(),
        };
        self.out.write_all(page.before_data().as_bytes())?;
        spool.write(self.out)?;
        self.out.write_all(page::after_data().as_bytes())
    }
}

/// Makes what others wrote fit to be shown: nothing in it turns or breaks the line, and it ends somewhere.
fn shown(text: &str, most: usize) -> String {
    let plain = |text: &str| printable(text).replace(['\u{2028}', '\u{2029}'], "\u{fffd}");
    match text.char_indices().nth(most) {
        None => plain(text),
        Some((end, _)) => {
            let rest = text[end..].chars().count();
            format!(
                "{}… ({} more)",
                plain(&text[..end]),
                counted(rest, "character")
            )
        }
    }
}

/// Counts in words: `1 commit`, `12,345 commits`.
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// Writes a number in groups of three: `12,345`.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns the address that a row's author has, the word by which the page finds a person.
fn author(row: &Row) -> (&str, &str) {
    row.author.as_ref().map_or(("", ""), |author| {
        (author.name.as_str(), author.email.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        let numbers = [0, 999, 1_000, 100_000, 1_234_567].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "100,000", "1,234,567"]);
    }

    #[test]
    fn what_others_wrote_cannot_turn_the_line_and_ends() {
        assert_eq!(
            shown("a\u{1b}[2J\u{202e}b\nc", 99),
            "a\u{fffd}[2J\u{fffd}b\u{fffd}c"
        );
        assert_eq!(shown("ééé", 3), "ééé");
        assert_eq!(shown("éééé", 3), "ééé… (1 character more)");
    }
}

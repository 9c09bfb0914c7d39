//! The forms of a report. Each is a [`Sink`] that writes as the commits come and holds no more of them than it shows.

mod csv;
mod html;
mod json;
mod markdown;
mod sarif;
mod text;
mod words;
mod worst;

use std::io::Write;

use super::report::{Sink, Tail};
use crate::finding::printable;

/// A form of the audit's report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: the counts, then the worst commits.
    #[default]
    Text,
    /// For programs: one object.
    Json,
    /// For programs: one commit a line.
    Jsonl,
    /// For spreadsheets: one commit a row.
    Csv,
    /// For a comment on a pull request.
    Markdown,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For people: one page with plots, filters and a row a commit.
    Html,
}

/// What the forms want to know beside the report.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many commits the forms for people show; 0 for all.
    pub limit: usize,
    /// The address of the repository's home, as `remote.origin.url` has it.
    pub home: Option<String>,
}

impl Options {
    /// Returns how many commits may be shown, where a form has room for so many.
    fn most(&self, room: usize) -> usize {
        match self.limit {
            0 => room,
            limit => limit.min(room),
        }
    }
}

impl Format {
    /// Begins a report in this form.
    pub fn sink<'w>(self, out: &'w mut dyn Write, options: &Options) -> Box<dyn Sink + 'w> {
        match self {
            Self::Text => Box::new(text::Text::new(out, options)),
            Self::Json => Box::new(json::Json::new(out)),
            Self::Jsonl => Box::new(json::Lines::new(out)),
            Self::Csv => Box::new(csv::Csv::new(out)),
            Self::Markdown => Box::new(markdown::Markdown::new(out, options)),
            Self::Sarif => Box::new(sarif::Sarif::new(out, options)),
            Self::Html => Box::new(html::Html::new(out)),
        }
    }

    /// Says whether the form has no place for what no commit shows: notes and moved references.
    pub fn is_rows_alone(self) -> bool {
        matches!(self, Self::Jsonl | Self::Csv)
    }

    /// Says whether the form is written while commits are judged, and not at the end.
    pub fn is_written_along(self) -> bool {
        !matches!(self, Self::Text | Self::Markdown)
    }
}

/// Lists what no commit shows, a sentence each: the notes, then the moved references.
pub fn warnings(tail: &Tail) -> impl Iterator<Item = String> {
    let notes = tail.notes.iter().map(|note| printable(note));
    notes.chain(tail.moves.iter().map(|it| printable(&it.to_string())))
}

//! The forms of a report. Each is a [`Sink`] that writes as the commits come and holds no more of them than it shows.

mod html;
mod json;
mod text;

use std::io::Write;

use super::report::Sink;

/// A form of the audit's report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: the counts, then the worst.
    #[default]
    Text,
    /// For programs: one object.
    Json,
    /// For programs: one commit a line.
    Jsonl,
    /// For people: one page with plots, filters and a row a commit.
    Html,
}

impl Format {
    /// Begins a report in this form.
    pub fn sink<'w>(self, out: &'w mut dyn Write) -> Box<dyn Sink + 'w> {
        match self {
            Self::Text => Box::new(text::Text::new(out)),
            Self::Json => Box::new(json::Json::new(out)),
            Self::Jsonl => Box::new(json::Lines::new(out)),
            Self::Html => Box::new(html::Html::new(out)),
        }
    }
}

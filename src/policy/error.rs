//! A policy that cannot be read: where, why, and what was probably meant.

use std::ops::Range;

/// The longest stretch of a source line that an error shows, in characters.
const EXCERPT: usize = 100;

/// Says why a policy could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not UTF-8, not TOML, an unknown key, a wrong type, or a value without sense.
    #[error("{origin}:{line}:{column}: {message}\n{excerpt}")]
    Read {
        /// The file, or `<branch>:.pdd.toml`.
        origin: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// What is wrong, in one sentence.
        message: String,
        /// The source line with its number, and under it a caret for each character meant.
        excerpt: String,
        /// What was probably meant, where that can be told.
        hint: Option<String>,
    },
}

impl Error {
    /// Returns the next step.
    pub fn help(&self) -> Option<String> {
        let Self::Read { hint, .. } = self;
        Some(hint.clone().unwrap_or_else(|| {
            "`pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default"
                .into()
        }))
    }

    /// Points at the bytes `span` of `text`; a span that does not fit is cut to the text.
    pub(super) fn at(
        origin: &str,
        text: &str,
        span: Range<usize>,
        message: &str,
        hint: Option<String>,
    ) -> Self {
        let start = boundary(text, span.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |feed| feed + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        let source = text[line_start..].lines().next().unwrap_or_default();
        let end = boundary(text, span.end).max(start);
        let width = text[start..end]
            .lines()
            .next()
            .map_or(1, |meant| meant.chars().count().max(1));
        Self::Read {
            origin: origin.into(),
            line,
            column,
            message: plain(message),
            excerpt: excerpt(source, line, column, width),
            hint: hint.as_deref().map(plain),
        }
    }
}

/// Returns the last place in the text, at `at` or before it, where a character begins or the text ends.
fn boundary(text: &str, at: usize) -> usize {
    let last = at.min(text.len());
    (0..=last)
        .rev()
        .find(|&place| text.is_char_boundary(place))
        .unwrap_or(0)
}

/// Draws the source line and the carets; of a long line only the stretch around the place meant.
fn excerpt(source: &str, line: usize, column: usize, width: usize) -> String {
    let skipped = if column > EXCERPT * 3 / 4 {
        column - EXCERPT / 2
    } else {
        0
    };
    let shown: String = source.chars().skip(skipped).take(EXCERPT).collect();
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let indent = " ".repeat(column - 1 - skipped);
    let room = EXCERPT - indent.len();
    let carets = "^".repeat(width.min(room));
    format!(
        "{number} | {}\n{margin} | {indent}{carets}",
        plain(shown.trim_end())
    )
}

/// Replaces what could steer a terminal: a policy may come from anyone's branch. Tabs become one blank each, which
/// also keeps the carets in their column.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' => ' ',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                char::REPLACEMENT_CHARACTER
            }
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

/// Quotes a value from the file, cut where it is long.
pub(super) fn quote(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("`{}…`", &text[..cut]),
        None => format!("`{text}`"),
    }
}

/// Joins words as they stand in a sentence: `` `a`, `b`, `c` ``.
pub(super) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// Offers the nearest of the known words, or all of them.
pub(super) fn suggest<'a>(
    text: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    what: &str,
) -> String {
    match crate::words::nearest(text, known.clone()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("{what}: {}", list(known)),
    }
}

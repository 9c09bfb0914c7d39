//! Logs of entries, newest first: each a heading that names it, with fields and text below.

use std::ops::Range;

use super::edit::{Edit, lines_at};
use super::fields::{Field, field, fields};
use super::outline::{Block, Lines, blocks};

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What names it: `DEVLOG-0012`, `TASK-006`.
    pub name: String,
    /// What follows.
    pub title: String,
    /// Its fields, in order: those above its first heading.
    pub fields: Vec<Field>,
    /// All of it, heading to the next entry.
    pub bytes: Range<usize>,
    /// The heading's line, counted from 1.
    pub line: u32,
}

impl Entry {
    /// Returns the value of the first field of one of these names, in lower case; none where it is empty.
    pub fn value<'t>(&self, text: &'t str, names: &[&str]) -> Option<&'t str> {
        let mut fields = self.fields.iter();
        let field = fields.find(|field| names.contains(&field.name.as_str()))?;
        let value = text[field.value.clone()].trim_matches(['*', '`', ' ']);
        (!value.is_empty()).then_some(value)
    }
}

/// Reads the entries of a document whose headings, of level 2 or 3, begin with a name that `is_name` knows, in brackets or
/// not: `## [DEVLOG-0012] - Title`, `### TASK-006: Title`.
pub fn entries(text: &str, is_name: &dyn Fn(&str) -> bool) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut open: Option<u8> = None;
    let mut is_above = false;
    let mut lines = Lines::of(text);
    for block in blocks(text) {
        match block {
            Block::Heading(heading) => {
                if let Some(level) = open
                    && heading.level <= level
                    && let Some(last) = found.last_mut()
                {
                    last.bytes.end = heading.bytes.start;
                    open = None;
                }
                is_above = false;
                let said = &text[heading.text.clone()];
                let named = match heading.level {
                    2 | 3 if open.is_none() => named(said, is_name),
                    _ => None,
                };
                if let Some((name, title)) = named {
                    found.push(Entry {
                        name: name.to_owned(),
                        title: title.to_owned(),
                        fields: Vec::new(),
                        line: lines.at(heading.bytes.start),
                        bytes: heading.bytes.start..text.len(),
                    });
                    open = Some(heading.level);
                    is_above = true;
                }
            }
            Block::Paragraph(bytes) if is_above => {
                let last = found.last_mut();
                last.into_iter()
                    .for_each(|last| last.fields.extend(fields(text, bytes.clone())));
            }
            Block::Item(item) if is_above => {
                let last = found.last_mut();
                last.into_iter()
                    .for_each(|last| last.fields.extend(field(text, item.text.clone())));
            }
            _ => {}
        }
    }
    found
}

/// Puts an entry at the top: before the first one, at its level, else behind all that stands there. An entry of a lower level
/// would be a part of the one that a merge may put above it.
pub fn at_top(text: &str, entry: &str, is_name: &dyn Fn(&str) -> bool) -> Edit {
    let found = entries(text, is_name);
    let Some(first) = found.first() else {
        return lines_at(text, entry, text.len());
    };
    let marks = |text: &str| {
        text.trim_start()
            .bytes()
            .take_while(|&byte| byte == b'#')
            .count()
    };
    let (wanted, given) = (marks(&text[first.bytes.clone()]), marks(entry));
    let entry = match wanted > 0 && given > 0 {
        true => format!(
            "{}{}",
            "#".repeat(wanted),
            entry.trim_start().trim_start_matches('#')
        ),
        false => entry.to_owned(),
    };
    lines_at(text, &entry, first.bytes.start)
}

/// Reads `[NAME] - Title`, `NAME: Title`, `**NAME** - Title`.
fn named<'t>(said: &'t str, is_name: &dyn Fn(&str) -> bool) -> Option<(&'t str, &'t str)> {
    let open = said.trim_start_matches(['*', '_', '`', '[']);
    let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let end = open
        .find(|letter| !is_of_name(letter))
        .unwrap_or(open.len());
    let (name, rest) = open.split_at(end);
    let rest = rest.trim_start_matches(['*', '_', '`', ']']).trim_start();
    let title = rest.trim_start_matches([':', '-', '–', '—', ' ']).trim();
    is_name(name).then_some((name, title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_reach_to_the_next_and_have_the_fields_above_their_headings() {
        let text = "# Log\n\n- **Date**: never\n\n## [LOG-2] - Second\n\n**Date**: 2025-01-02\n**Task**: A-1\n\n### Context:\n**Date**: no\n\n### LOG-9: of it\n\n## LOG-1: First\n- **Date**: 2025-01-01\n\n## Other\n**Date**: x\n";
        let found = entries(text, &|name| name.starts_with("LOG-"));
        let seen: Vec<_> = found
            .iter()
            .map(|it| {
                (
                    it.line,
                    it.name.as_str(),
                    it.title.as_str(),
                    it.value(text, &["date"]),
                    it.fields.len(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (5, "LOG-2", "Second", Some("2025-01-02"), 2),
                (15, "LOG-1", "First", Some("2025-01-01"), 1)
            ]
        );
        assert_eq!(
            &text[found[1].bytes.clone()],
            "## LOG-1: First\n- **Date**: 2025-01-01\n\n"
        );
    }

    #[test]
    fn a_new_entry_has_the_level_of_the_first() {
        let is_name = |name: &str| name.starts_with("LOG-");
        let put = |text: &str| {
            let edit = at_top(text, "### LOG-2: b\n\n#### Why\n", &is_name);
            crate::workflow::edit::apply(text, vec![edit])
        };
        assert_eq!(
            put("## LOG-1: a\n"),
            "## LOG-2: b\n\n#### Why\n\n## LOG-1: a\n"
        );
        assert_eq!(
            put("### LOG-1: a\n"),
            "### LOG-2: b\n\n#### Why\n\n### LOG-1: a\n"
        );
        assert_eq!(
            put("LOG-1: a\n---\n"),
            "### LOG-2: b\n\n#### Why\n\nLOG-1: a\n---\n"
        );
    }
}

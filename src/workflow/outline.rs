//! Markdown as blocks with their bytes, so that readers know where a thing stands and writers change nothing else.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Some editors begin a file with it; it is no part of the text.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// One block that stands in no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(Heading),
    /// A paragraph.
    Paragraph(Range<usize>),
    /// An item of a list, with all below it.
    Item(Item),
    /// Code, a quotation, a table, HTML, a rule: nothing that a reader looks into.
    Other(Range<usize>),
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// What it says, in source form: `**[TASK-007]** - Search`.
    pub text: Range<usize>,
    /// The whole lines.
    pub bytes: Range<usize>,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its first paragraph, in source form, without marker and check box.
    pub text: Range<usize>,
    /// All of it, from its marker to where the next block begins.
    pub bytes: Range<usize>,
    /// Its check box, where it has one.
    pub check: Option<Check>,
    /// The items of the lists in it, in order.
    pub items: Vec<Item>,
}

/// A check box (GitHub Flavored Markdown, section 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// The byte between the brackets.
    pub at: usize,
    /// Whether it is ticked.
    pub is_ticked: bool,
}

impl Block {
    /// Returns where it begins.
    pub fn start(&self) -> usize {
        match self {
            Self::Heading(heading) => heading.bytes.start,
            Self::Item(item) => item.bytes.start,
            Self::Paragraph(bytes) | Self::Other(bytes) => bytes.start,
        }
    }
}

/// Lists the blocks of a document, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let shift = text.len() - body.len();
    let mut reader = Reader {
        text,
        found: Vec::new(),
        open: Vec::new(),
        depth: 0,
    };
    let options = Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES;
    for (event, bytes) in Parser::new_ext(body, options).into_offset_iter() {
        reader.take(&event, bytes.start + shift..bytes.end + shift);
    }
    reader.found
}

/// Returns the line of a byte, counted from 1. Who asks for many asks [`Lines`].
pub fn line_of(text: &str, at: usize) -> u32 {
    Lines::of(text).at(at)
}

/// Counts the lines of a text: who asks for one byte after the other has each byte looked at once.
#[derive(Clone, Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// The byte that was asked for last, and how many lines end before it.
    last: (usize, usize),
}

impl<'t> Lines<'t> {
    /// Begins at the first line.
    pub fn of(text: &'t str) -> Self {
        let last = (0, 0);
        Self { text, last }
    }

    /// Returns the line of a byte, counted from 1; one before the last that was asked for has all counted anew.
    pub fn at(&mut self, at: usize) -> u32 {
        let at = at.min(self.text.len());
        let (from, before) = match self.last {
            (from, before) if from <= at => (from, before),
            _ => (0, 0),
        };
        let passed = self.text.as_bytes()[from..at].iter();
        let feeds = before + passed.filter(|&&byte| byte == b'\n').count();
        self.last = (at, feeds);
        u32::try_from(feeds + 1).unwrap_or(u32::MAX)
    }
}

/// Returns where the line of a byte begins.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |feed| feed + 1)
}

/// Returns where the line of a byte ends, its feed included.
pub fn line_end(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |feed| at + feed + 1)
}

/// What is being read.
struct Reader<'t> {
    text: &'t str,
    found: Vec<Block>,
    /// The items that are open, outermost first, each with whether its first paragraph is over.
    open: Vec<(Item, bool)>,
    /// How many containers are open that are neither lists nor items; inside them nothing is looked at.
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, event: &Event<'_>, bytes: Range<usize>) {
        match event {
            Event::Start(tag) => self.begin(tag, bytes),
            Event::End(tag) => self.end(*tag),
            Event::TaskListMarker(is_ticked) if self.depth == 0 => {
                if let Some((item, _)) = self.open.last_mut() {
                    item.check = Some(Check {
                        at: bytes.start + 1,
                        is_ticked: *is_ticked,
                    });
                }
            }
            Event::Rule | Event::Html(_) if self.depth == 0 => self.other(bytes),
            _ if self.depth == 0 => self.say(bytes),
            _ => {}
        }
    }

    fn begin(&mut self, tag: &Tag<'_>, bytes: Range<usize>) {
        if self.depth > 0 {
            self.depth += 1;
            return;
        }
        match tag {
            Tag::List(_) => self.close_text(),
            Tag::Item => {
                let start = line_start(self.text, bytes.start);
                let item = Item {
                    text: bytes.end..bytes.end,
                    bytes: start..bytes.end,
                    check: None,
                    items: Vec::new(),
                };
                self.open.push((item, false));
            }
            Tag::Paragraph if self.open.is_empty() => {
                self.found.push(Block::Paragraph(bytes));
                self.depth += 1;
            }
            Tag::Paragraph => {}
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. } => {
                self.say(bytes);
                self.depth += 1;
            }
            Tag::Heading { level, .. } if self.open.is_empty() => {
                let text = heading_text(self.text, bytes.clone());
                self.found.push(Block::Heading(Heading {
                    level: number(*level),
                    text,
                    bytes,
                }));
                self.depth += 1;
            }
            _ => {
                self.other(bytes);
                self.depth += 1;
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if self.depth > 0 {
            self.depth -= 1;
            return;
        }
        match tag {
            TagEnd::Paragraph => self.close_text(),
            TagEnd::Item => {
                let Some((mut item, _)) = self.open.pop() else {
                    return;
                };
                if item.text.start >= item.text.end {
                    let empty = item.bytes.start;
                    item.text = empty..empty;
                }
                match self.open.last_mut() {
                    Some((outer, _)) => outer.items.push(item),
                    None => self.found.push(Block::Item(item)),
                }
            }
            _ => {}
        }
    }

    fn other(&mut self, bytes: Range<usize>) {
        match self.open.is_empty() {
            true => self.found.push(Block::Other(bytes)),
            false => self.close_text(),
        }
    }

    /// A part of an item's text.
    fn say(&mut self, bytes: Range<usize>) {
        let Some((item, is_over)) = self.open.last_mut() else {
            return;
        };
        if *is_over {
            return;
        }
        if item.text.start >= item.text.end {
            item.text = bytes;
        } else {
            item.text.end = item.text.end.max(bytes.end);
        }
    }

    fn close_text(&mut self) {
        if let Some((item, is_over)) = self.open.last_mut() {
            *is_over |= item.text.start < item.text.end;
        }
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The bytes of what a heading says: without its marks, or the line below it.
fn heading_text(text: &str, bytes: Range<usize>) -> Range<usize> {
    let raw = &text[bytes.clone()];
    let open = raw.trim_start();
    let marks = open.len() - open.trim_start_matches('#').len();
    let end = match marks {
        // Underlined: the last line is no part of it.
        0 => raw.trim_end().rfind('\n').unwrap_or(raw.len()),
        _ => raw.trim_end().len(),
    };
    let start = raw.len() - open.len() + marks;
    let said = &raw[start..end.max(start)];
    let closed = match marks {
        0 => said,
        _ => {
            let bare = said.trim_end_matches('#');
            match bare.is_empty() || bare.ends_with([' ', '\t']) {
                true => bare,
                false => said,
            }
        }
    };
    let blanks = closed.len() - closed.trim_start().len();
    let start = bytes.start + start + blanks;
    start..start + closed.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::{changelog, tasklist};

    /// Every block on a line, as the reader sees it.
    fn seen(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        for block in blocks(text) {
            match block {
                Block::Heading(heading) => {
                    out.push(format!("h{} {}", heading.level, &text[heading.text]));
                }
                Block::Paragraph(bytes) => out.push(format!("p {}", text[bytes].trim_end())),
                Block::Item(item) => seen_below(text, &item, 0, &mut out),
                Block::Other(bytes) => {
                    out.push(format!("? {}", text[bytes].lines().next().unwrap_or("")))
                }
            }
        }
        out
    }

    fn seen_below(text: &str, item: &Item, depth: usize, out: &mut Vec<String>) {
        let check = match item.check {
            Some(check) => format!("[{}] ", &text[check.at..check.at + 1]),
            None => String::new(),
        };
        out.push(format!(
            "{}- {check}{}",
            "  ".repeat(depth),
            &text[item.text.clone()]
        ));
        for below in &item.items {
            seen_below(text, below, depth + 1, out);
        }
    }

    #[test]
    fn blocks_are_seen_with_what_is_nested_in_them() {
        let text = "\u{feff}# Title #\r\n\r\nwords\nmore\n\nUnder\n-----\n- [ ] **[TASK-1]** - Title\n  - **Status**: PENDING\n  - Criteria\n    - [x] one\n\n    - [ ] two `code`\n      goes on\n\n      a second paragraph\n* * *\n```\n# no heading\n- no item\n```\n> - quoted\n\n1. numbered\n   ```\n   - inside\n   ```\n";
        let expected = [
            "h1 Title",
            "p words\nmore",
            "h2 Under",
            "- [ ] **[TASK-1]** - Title",
            "  - **Status**: PENDING",
            "  - Criteria",
            "    - [x] one",
            "    - [ ] two `code`\n      goes on",
            "? * * *",
            "? ```",
            "? > - quoted",
            "- numbered",
        ];
        assert_eq!(seen(text), expected);
    }

    #[test]
    fn a_heading_says_what_stands_between_its_marks() {
        for (text, said) in [
            ("## a\n", "a"),
            ("## a ##\n", "a"),
            ("## a#\n", "a#"),
            ("  ###   a b  ###  \n", "a b"),
            ("a\nb\n===\n", "a\nb"),
            ("#\n", ""),
            ("## ##\n", ""),
        ] {
            let Some(Block::Heading(heading)) = blocks(text).into_iter().next() else {
                panic!("{text:?} is no heading");
            };
            assert_eq!(&text[heading.text], said, "{text:?}");
        }
    }

    /// With the lines of each counted from the beginning it would take minutes.
    #[test]
    fn twenty_thousand_tasks_and_entries_are_read_at_once() {
        let is_id = |id: &str| id.starts_with("TASK-");
        let text: String = (0..20_000)
            .map(|id| format!("### TASK-{id}: Search\n- **Status**: PENDING\n- **Priority**: LOW\n- **Dependencies**: None\n\n"))
            .collect();
        let start = std::time::Instant::now();
        let tasks = tasklist::tasks(&text, &is_id);
        let done = changelog::done(&text, &is_id);
        let took = start.elapsed();
        let last = (
            tasks.len(),
            done.len(),
            tasks[19_999].line,
            done[19_999].entry.line,
        );
        assert_eq!(last, (20_000, 20_000, 99_996, 99_996));
        assert!(took.as_secs() < 10, "{took:?}");
    }

    #[test]
    fn lines_are_counted_in_any_order() {
        let text = "a\nb\r\n\nc";
        let mut lines = Lines::of(text);
        let counted = [0, 1, 2, 5, 5, 7, 99, 2, 6].map(|at| lines.at(at));
        assert_eq!(counted, [1, 1, 2, 3, 3, 4, 4, 2, 4]);
    }
}

//! Changes of a text that leave everything else as it is, byte for byte.

use std::ops::Range;

use super::outline::{line_end, line_start};

/// Other bytes in the place of some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub bytes: Range<usize>,
    /// What comes in its place.
    pub text: String,
}

impl Edit {
    /// Puts a text where some bytes were.
    pub fn new(bytes: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            bytes,
            text: text.into(),
        }
    }
}

/// Makes changes that do not overlap; of those that do, the first.
pub fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.bytes.start, edit.bytes.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        if edit.bytes.start < at {
            continue;
        }
        out.push_str(&text[at..edit.bytes.start]);
        out.push_str(&edit.text);
        at = edit.bytes.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Returns how the lines of a text end: as the first one does.
pub fn ending(text: &str) -> &'static str {
    match text.find('\n') {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Puts whole lines where a line begins, in the line ends of the text, with a blank line on either side.
pub fn lines_at(text: &str, lines: &str, at: usize) -> Edit {
    let ending = ending(text);
    let (before, after) = text.split_at(at);
    let mut out = String::new();
    if !before.is_empty() && !before.ends_with('\n') {
        out.push_str(ending);
    }
    let is_blank = |line: &str| line.trim().is_empty();
    if !before.lines().next_back().is_none_or(is_blank) {
        out.push_str(ending);
    }
    for line in lines.lines() {
        out.push_str(line);
        out.push_str(ending);
    }
    if !after.is_empty() && !after.lines().next().is_none_or(is_blank) {
        out.push_str(ending);
    }
    Edit::new(at..at, out)
}

/// Takes whole lines away, and the blank lines behind them where one stands before.
pub fn without_lines(text: &str, bytes: Range<usize>) -> Edit {
    let start = line_start(text, bytes.start);
    let mut end = match bytes.end > start && text[..bytes.end].ends_with('\n') {
        true => bytes.end,
        false => line_end(text, bytes.end),
    };
    let is_blank_before = text[..start]
        .lines()
        .next_back()
        .is_none_or(|line| line.trim().is_empty());
    while is_blank_before && end < text.len() {
        let next = line_end(text, end);
        if !text[end..next].trim().is_empty() {
            break;
        }
        end = next;
    }
    Edit::new(start..end, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_come_with_a_blank_line_on_either_side_in_the_line_ends_of_the_text() {
        let put = |text: &str, at: usize| apply(text, vec![lines_at(text, "new\n", at)]);
        assert_eq!(put("", 0), "new\n");
        assert_eq!(put("a\n\nb\n", 3), "a\n\nnew\n\nb\n");
        assert_eq!(put("a\r\nb\r\n", 3), "a\r\n\r\nnew\r\n\r\nb\r\n");
        assert_eq!(put("a", 1), "a\n\nnew\n");
        assert_eq!(put("a\n\n\nb\n", 3), "a\n\nnew\n\nb\n");
    }

    #[test]
    fn lines_go_with_the_blank_lines_that_set_them_apart() {
        let take = |text: &str, bytes: Range<usize>| apply(text, vec![without_lines(text, bytes)]);
        assert_eq!(take("a\n\nb\n\nc\n", 3..5), "a\n\nc\n");
        assert_eq!(take("a\nb\nc\n", 2..4), "a\nc\n");
        assert_eq!(take("b\n\nc\n", 0..1), "c\n");
        assert_eq!(take("a\n\nb", 3..4), "a\n\n");
    }

    proptest! {
        #[test]
        fn nothing_changes_but_what_is_edited(text in "[a-c\r\n ]{0,40}", cuts in proptest::collection::vec(0_usize..40, 0..6)) {
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|&cut| cut <= text.len()).collect();
            cuts.sort_unstable();
            let same = cuts.windows(2).map(|pair| Edit::new(pair[0]..pair[1], &text[pair[0]..pair[1]]));
            prop_assert_eq!(apply(&text, same.collect()), text);
        }
    }
}

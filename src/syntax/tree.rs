//! Ways through a tree that may be deeper than the stack, and the names of what is found on the way. It knows no
//! language.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Node;

/// Visits a node and what lies in it, in the order of the text; goes into a node where `into` says so.
pub(super) fn visit<'t>(node: Node<'t>, mut into: impl FnMut(Node<'t>) -> bool) {
    let mut cursor = node.walk();
    let mut depth = 0_usize;
    loop {
        if into(cursor.node()) && cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while depth > 0 && !cursor.goto_next_sibling() {
            cursor.goto_parent();
            depth -= 1;
        }
        if depth == 0 {
            return;
        }
    }
}

/// Lists the named children of a node, comments left out.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children(&mut node.walk())
        .filter(|child| !child.kind().ends_with("comment"))
        .collect()
}

/// Sorts ranges and drops those that lie within others.
pub(super) fn outermost(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, Reverse(range.end)));
    let mut end = 0;
    ranges.retain(|range| {
        let apart = range.start >= end && !range.is_empty();
        if apart {
            end = range.end;
        }
        apart
    });
    ranges
}

/// Returns a line's end for every one in a text, so that what takes its place is as many lines long.
pub(super) fn line_ends(text: &str) -> String {
    text.split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
        .map(|line| if line.ends_with("\r\n") { "\r\n" } else { "\n" })
        .collect()
}

/// The names given out in a file: no two are the same, and each can stand in a string of any language.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, usize>);

impl Names {
    /// Makes a name of groups and what is in them; a second one of the same name ends in `#2`.
    pub(super) fn give(&mut self, parts: &[String]) -> String {
        let name = parts
            .iter()
            .flat_map(|part| part.split(|letter: char| !is_plain(letter)))
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(".");
        let count = self.0.entry(name.clone()).or_insert(0);
        *count += 1;
        match count {
            1 => name,
            _ => format!("{name}#{count}"),
        }
    }
}

fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$' | '#' | '/' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_given_twice_is_numbered() {
        let mut names = Names::default();
        let parts = ["Money".to_owned(), "add".to_owned()];
        let given = [names.give(&parts), names.give(&parts), names.give(&parts)];
        assert_eq!(given, ["Money.add", "Money.add#2", "Money.add#3"]);
    }

    #[test]
    fn a_name_holds_nothing_that_ends_a_string_or_the_marker() {
        let parts = ["a[\"b\\]\n".to_owned(), "${c}`".to_owned()];
        assert_eq!(Names::default().give(&parts), "a.b.$.c");
    }

    #[test]
    fn a_range_within_another_is_dropped() {
        assert_eq!(
            outermost(vec![4..6, 0..3, 1..2, 0..1, 3..4]),
            [0..3, 3..4, 4..6]
        );
    }

    #[test]
    fn the_ends_of_lines_are_kept_as_they_are() {
        assert_eq!(line_ends("a\r\nb\n\nc"), "\r\n\n\n");
    }
}

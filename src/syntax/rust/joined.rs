//! The test items of one text in another: each goes where it stood, so that its path, and what it sees, stay the same.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::{Joined, Source};
use super::function::has_brace;
use super::item::{Item, items, test_items};

/// What stands between the braces of a container, and the headers from the outermost to its own.
type Container = (Range<usize>, Vec<String>);

pub(in super::super) fn joined(source: &Source<'_>, tests: &Source<'_>) -> Joined {
    let text = source.text();
    let mut edits: Vec<(Range<usize>, String)> = test_items(source)
        .into_iter()
        .map(|range| (range, String::new()))
        .collect();
    let mut left_out = Vec::new();
    let places = ends(source);
    let containers = containers(tests);
    for range in test_items(tests) {
        let around = around(&containers, &range);
        let end = match around {
            None => Some(text.len()),
            Some((_, path)) => places.get(path).copied(),
        };
        match end {
            Some(end) => edits.push((end..end, format!("\n{}\n", &tests.text()[range]))),
            None => left_out.push(range),
        }
    }
    // Those of one place stay in their order.
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut joined, mut at) = (String::with_capacity(text.len()), 0);
    for (range, new) in edits {
        joined.push_str(&text[at..range.start]);
        joined.push_str(&new);
        at = range.end;
    }
    joined.push_str(&text[at..]);
    Joined {
        text: joined,
        left_out,
    }
}

/// Says where each container of a text ends. Of several with one path, such as the impl blocks of a type, the first is as
/// good as another.
fn ends(source: &Source<'_>) -> BTreeMap<Vec<String>, usize> {
    let mut places = BTreeMap::new();
    for (body, path) in containers(source) {
        places.entry(path).or_insert(body.end);
    }
    places
}

/// Lists the modules, impl blocks and traits that are no tests, those around others first.
fn containers(source: &Source<'_>) -> Vec<Container> {
    let mut found: Vec<Container> = Vec::new();
    for item in items(source).iter().filter(|item| !item.is_test) {
        let is_container = matches!(item.node.kind(), "mod_item" | "impl_item" | "trait_item");
        let body = item.node.child_by_field_name("body");
        let Some(body) = body.filter(|body| is_container && has_brace(*body)) else {
            continue;
        };
        let inside = body.start_byte() + 1..body.end_byte() - 1;
        let around = around(&found, &inside);
        let mut path = around.map(|(_, path)| path.clone()).unwrap_or_default();
        path.push(header(source, item, body.start_byte()));
        found.push((inside, path));
    }
    found
}

/// Finds the innermost container around a range: of those that begin before it the last one that does not end before.
fn around<'c>(containers: &'c [Container], range: &Range<usize>) -> Option<&'c Container> {
    let before = containers.partition_point(|(body, _)| body.start <= range.start);
    let mut before = containers[..before].iter().rev();
    before.find(|(body, _)| range.end <= body.end)
}

/// Says what a container is: the conditions under which it is there, and what stands before its brace, but for layout and
/// who may see it.
fn header(source: &Source<'_>, item: &Item<'_>, brace: usize) -> String {
    let mut cursor = item.node.walk();
    let start = item
        .node
        .children(&mut cursor)
        .find(|node| node.kind() != "visibility_modifier")
        .map_or(item.node.start_byte(), |node| node.start_byte());
    let words: Vec<&str> = source.text()[start..brace].split_whitespace().collect();
    let attributes = item.attributes(source);
    let conditions = attributes.iter().filter(|it| it.path == "cfg");
    let mut header: Vec<String> = conditions.map(|it| format!("cfg{}", it.rest)).collect();
    header.push(words.join(" "));
    header.join(" ")
}

//! Names: what a file defines, what it imports, and what it says besides functions and tests.

use std::collections::BTreeSet;
use std::ops::Range;

use tree_sitter::Node;

use super::super::{Source, normal};
use super::attribute::Attribute;
use super::item::{Item, items};
use super::test::in_macro;

pub(in super::super) fn definitions(source: &Source<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in items(source) {
        if item.is_test {
            continue;
        }
        names.extend(item.name(source).map(str::to_owned));
        match item.node.kind() {
            "struct_item" | "union_item" | "enum_item" => parts(source, item.node, &mut names),
            "use_declaration" if is_public(item.node) => {
                names.extend(paths(source, item.node).into_iter().map(|used| used.name));
            }
            "foreign_mod_item" => parts(source, item.node, &mut names),
            _ => {}
        }
    }
    names
}

/// Adds the names of fields, variants and foreign items.
fn parts(source: &Source<'_>, node: Node<'_>, names: &mut BTreeSet<String>) {
    let mut waiting: Vec<Node<'_>> = node.child_by_field_name("body").into_iter().collect();
    while let Some(list) = waiting.pop() {
        for part in list.named_children(&mut list.walk()) {
            let name = part.child_by_field_name("name");
            names.extend(name.map(|name| source.text()[name.byte_range()].to_owned()));
            waiting.extend(part.child_by_field_name("body"));
        }
    }
}

fn is_public(node: Node<'_>) -> bool {
    node.child(0)
        .is_some_and(|first| first.kind() == "visibility_modifier")
}

pub(in super::super) fn imports(source: &Source<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = source.tree.walk();
    let mut located: Option<String> = None;
    let mut is_done = false;
    while !is_done {
        let node = cursor.node();
        match node.kind() {
            "use_declaration" => {
                found.extend(paths(source, node).into_iter().map(|used| used.path));
            }
            "attribute_item" => {
                let attribute = Attribute::read(source, node);
                if attribute.path == "path" {
                    located = Some(attribute.rest.trim_matches(['=', '"']).to_owned());
                }
            }
            "mod_item" => {
                let place = located.take();
                if node.child_by_field_name("body").is_none() {
                    found.extend(place.or_else(|| named(source, node, "self::")));
                }
            }
            "extern_crate_declaration" => found.extend(named(source, node, "")),
            _ => {}
        }
        is_done = !next(&mut cursor);
    }
    found
}

fn named(source: &Source<'_>, node: Node<'_>, group: &str) -> Option<String> {
    let name = node.child_by_field_name("name")?;
    Some(format!("{group}{}", &source.text()[name.byte_range()]))
}

/// Goes on to the next node in the order of the text; false at the end.
fn next(cursor: &mut tree_sitter::TreeCursor<'_>) -> bool {
    if cursor.goto_first_child() {
        return true;
    }
    while !cursor.goto_next_sibling() {
        if !cursor.goto_parent() {
            return false;
        }
    }
    true
}

/// One path of a `use`.
struct Used {
    path: String,
    /// The name by which it is known from then on.
    name: String,
}

/// Flattens the tree of a `use`.
fn paths(source: &Source<'_>, node: Node<'_>) -> Vec<Used> {
    let text = |node: Node<'_>| -> String {
        source.text()[node.byte_range()]
            .split_whitespace()
            .collect()
    };
    let mut waiting: Vec<(String, Node<'_>)> = node
        .child_by_field_name("argument")
        .map(|node| (String::new(), node))
        .into_iter()
        .collect();
    let mut paths = Vec::new();
    while let Some((prefix, node)) = waiting.pop() {
        let path = node.child_by_field_name("path");
        match node.kind() {
            "scoped_use_list" => {
                let inner = joined(&prefix, &path.map(text).unwrap_or_default());
                waiting.extend(node.child_by_field_name("list").map(|list| (inner, list)));
            }
            "use_list" => {
                let mut cursor = node.walk();
                let children: Vec<_> = node.named_children(&mut cursor).collect();
                waiting.extend(children.into_iter().rev().map(|it| (prefix.clone(), it)));
            }
            "line_comment" | "block_comment" => {}
            "use_as_clause" => paths.push(Used {
                path: joined(&prefix, &path.map(text).unwrap_or_default()),
                name: node
                    .child_by_field_name("alias")
                    .map(text)
                    .unwrap_or_default(),
            }),
            _ => {
                let path = joined(&prefix, &text(node));
                let name = path.rsplit("::").next().unwrap_or(&path).to_owned();
                paths.push(Used { path, name });
            }
        }
    }
    paths
}

/// Joins a path of a list to what stands before the list; `self` is that itself.
fn joined(prefix: &str, path: &str) -> String {
    match (prefix, path) {
        ("", path) => path.to_owned(),
        (prefix, "self" | "") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}::{path}"),
    }
}

pub(in super::super) fn outside(source: &Source<'_>) -> String {
    let mut said = file_attributes(source);
    for item in items(source) {
        if !item.is_test && !is_left_out(source, &item) {
            for node in item.nodes() {
                said.push_str(&normal::text(source, node, &functions(item.node)));
            }
        }
    }
    said
}

fn file_attributes(source: &Source<'_>) -> String {
    let root = source.tree.root_node();
    root.named_children(&mut root.walk())
        .filter(|node| node.kind() == "inner_attribute_item")
        .map(|node| normal::text(source, node, &[]))
        .collect()
}

/// Tells whether an item says nothing of its own here: functions, and what only makes names known or holds other items.
fn is_left_out(source: &Source<'_>, item: &Item<'_>) -> bool {
    match item.node.kind() {
        "function_item" | "use_declaration" | "extern_crate_declaration" | "mod_item" => true,
        "impl_item" => !functions(item.node).is_empty(),
        // The block or trait says it.
        _ => {
            item.owner
                .is_some_and(|owner| owner.kind() == "trait_item" || functions(owner).is_empty())
                || !in_macro(source, item).is_empty()
        }
    }
}

/// Returns where the functions with a body are that a block or trait holds, attributes included.
fn functions(node: Node<'_>) -> Vec<Range<usize>> {
    if !matches!(node.kind(), "impl_item" | "trait_item") {
        return Vec::new();
    }
    let Some(body) = node.child_by_field_name("body") else {
        return Vec::new();
    };
    let mut ranges = Vec::new();
    let mut start = None;
    for child in body.named_children(&mut body.walk()) {
        match child.kind() {
            "attribute_item" => {
                start.get_or_insert(child.start_byte());
            }
            "line_comment" | "block_comment" => {}
            kind => {
                let start = start.take().unwrap_or(child.start_byte());
                if kind == "function_item" {
                    ranges.push(start..child.end_byte());
                }
            }
        }
    }
    ranges
}

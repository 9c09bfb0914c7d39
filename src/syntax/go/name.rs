//! Names: what a file defines, what it imports, and what it says besides functions and tests.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::super::{Source, normal};

pub(in super::super) fn definitions(source: &Source<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut waiting = vec![source.tree.root_node()];
    while let Some(node) = waiting.pop() {
        if is_definition(node.kind()) {
            let mut cursor = node.walk();
            let found = node.children_by_field_name("name", &mut cursor);
            names.extend(found.map(|name| source.text()[name.byte_range()].to_owned()));
            if node.kind() == "field_declaration" && node.child_by_field_name("name").is_none() {
                names.extend(embedded(source, node));
            }
        }
        // What a function defines within itself is its own.
        if node.kind() != "block" && node.kind() != "parameter_list" {
            let mut cursor = node.walk();
            waiting.extend(node.named_children(&mut cursor));
        }
    }
    names.remove("_");
    names
}

fn is_definition(kind: &str) -> bool {
    matches!(
        kind,
        "function_declaration"
            | "method_declaration"
            | "method_elem"
            | "type_spec"
            | "type_alias"
            | "field_declaration"
            | "const_spec"
            | "var_spec"
    )
}

/// Returns the name of an embedded field: that of its type.
fn embedded(source: &Source<'_>, field: Node<'_>) -> Option<String> {
    let mut kind = field.child_by_field_name("type")?;
    while let Some(inner) = kind
        .child_by_field_name("type")
        .or_else(|| kind.child_by_field_name("name"))
    {
        kind = inner;
    }
    Some(source.text()[kind.byte_range()].to_owned())
}

pub(in super::super) fn imports(source: &Source<'_>) -> Vec<String> {
    let root = source.tree.root_node();
    let mut found = Vec::new();
    for node in root.named_children(&mut root.walk()) {
        if node.kind() == "import_declaration" {
            found.extend(paths(source, node));
        }
    }
    found
}

fn paths(source: &Source<'_>, import: Node<'_>) -> Vec<String> {
    let mut paths = Vec::new();
    let mut waiting = vec![import];
    while let Some(node) = waiting.pop() {
        if let Some(path) = node.child_by_field_name("path") {
            let path = &source.text()[path.byte_range()];
            paths.push(path.trim_matches(['"', '`']).to_owned());
            continue;
        }
        let mut cursor = node.walk();
        let children: Vec<_> = node.named_children(&mut cursor).collect();
        waiting.extend(children.into_iter().rev());
    }
    paths
}

pub(in super::super) fn outside(source: &Source<'_>) -> String {
    let root = source.tree.root_node();
    root.named_children(&mut root.walk())
        .filter(|node| {
            !matches!(
                node.kind(),
                "function_declaration" | "method_declaration" | "import_declaration"
            )
        })
        .map(|node| normal::text(source, node, &[]))
        .collect()
}

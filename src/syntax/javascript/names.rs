//! The names that a JavaScript file defines, and what it imports.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::scope::{is_function, text};
use crate::syntax::{Source, tree};

pub(in crate::syntax) fn definitions(source: &Source<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    // Where the outermost function ends in which the walk is: what its body declares is its own. The parameters come
    // before.
    let mut hidden = 0;
    tree::visit(source.tree.root_node(), |node| {
        if node.kind() == "assignment_expression" {
            names.extend(attribute(source, node));
        }
        if node.start_byte() >= hidden {
            names.extend(defined(source, node));
            names.extend(parameters(source, node));
            let body = node.child_by_field_name("body");
            hidden = body
                .filter(|_| is_function(node))
                .map_or(hidden, |body| body.end_byte());
        }
        true
    });
    names.remove("");
    names
}

/// Returns what is given to the object at hand or exported: `this.total = …`, `exports.add = …`.
fn attribute(source: &Source<'_>, assignment: Node<'_>) -> Option<String> {
    let target = assignment.child_by_field_name("left")?;
    let object = target.child_by_field_name("object")?;
    let is_own = matches!(text(source, object), "this" | "exports" | "module.exports")
        || text(source, object).ends_with(".prototype");
    let property = target.child_by_field_name("property")?;
    is_own.then(|| bare(source, property))
}

fn defined(source: &Source<'_>, node: Node<'_>) -> Vec<String> {
    let field = match node.kind() {
        "pair" => "key",
        "field_definition" => "property",
        "export_specifier" | "import_specifier" => {
            let alias = node.child_by_field_name("alias");
            let named = alias.or_else(|| node.child_by_field_name("name"));
            return named.map(|named| bare(source, named)).into_iter().collect();
        }
        "namespace_import" | "namespace_export" | "import_clause" => {
            return identifiers(source, node, &["identifier"]);
        }
        "shorthand_property_identifier" => return vec![bare(source, node)],
        "enum_body" => return identifiers(source, node, &["property_identifier"]),
        "variable_declarator" => {
            let name = node.child_by_field_name("name");
            return name.map(|name| patterns(source, name)).unwrap_or_default();
        }
        "generic_type" | "type_parameter" => return Vec::new(),
        _ => "name",
    };
    let named = node.child_by_field_name(field);
    named.map(|named| bare(source, named)).into_iter().collect()
}

fn parameters(source: &Source<'_>, function: Node<'_>) -> Vec<String> {
    let field = |name| function.child_by_field_name(name);
    let parameters = field("parameters").or_else(|| field("parameter"));
    parameters
        .map(|parameters| patterns(source, parameters))
        .unwrap_or_default()
}

/// Lists the names that a pattern binds and the keys that it looks for.
fn patterns(source: &Source<'_>, pattern: Node<'_>) -> Vec<String> {
    let mut names = Vec::new();
    tree::visit(pattern, |node| {
        if matches!(
            node.kind(),
            "identifier" | "shorthand_property_identifier_pattern" | "property_identifier"
        ) {
            names.push(bare(source, node));
        }
        node.kind() != "type_annotation"
    });
    names
}

fn identifiers(source: &Source<'_>, node: Node<'_>, kinds: &[&str]) -> Vec<String> {
    let named = tree::children(node).into_iter();
    named
        .map(|child| child.child_by_field_name("name").unwrap_or(child))
        .filter(|child| kinds.contains(&child.kind()))
        .map(|child| bare(source, child))
        .collect()
}

/// Returns a name without quotes and without the mark of a private one.
fn bare(source: &Source<'_>, node: Node<'_>) -> String {
    text(source, node).trim_matches(['\'', '"', '#']).to_owned()
}

pub(in crate::syntax) fn imports(source: &Source<'_>) -> Vec<String> {
    let mut imports = Vec::new();
    tree::visit(source.tree.root_node(), |node| {
        let named = match node.kind() {
            "import_statement" | "export_statement" | "import_require_clause" => {
                node.child_by_field_name("source")
            }
            "call_expression" => required(source, node),
            _ => None,
        };
        imports.extend(named.map(|named| bare(source, named)));
        true
    });
    imports
}

/// Returns the string by which a call loads a module.
pub(super) fn required<'t>(source: &Source<'_>, call: Node<'t>) -> Option<Node<'t>> {
    let callee = call.child_by_field_name("function")?;
    let first = call.child_by_field_name("arguments")?.named_child(0)?;
    let loads = matches!(text(source, callee), "require" | "import");
    (loads && first.kind() == "string").then_some(first)
}

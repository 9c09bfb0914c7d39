//! Python: which nodes lead on. Imports and types have no attributes; a module that is imported by its dotted name counts
//! as one.

use std::collections::HashMap;

use tree_sitter::Node;

use super::Part;
use crate::syntax::{Source, tree};

pub(super) fn part(node: Node<'_>) -> Option<Part<'_>> {
    Some(match node.kind() {
        "attribute" => Part::Step {
            object: node.child_by_field_name("object")?,
            name: node.child_by_field_name("attribute")?,
            guarded: false,
        },
        "subscript" => Part::Through(node.child_by_field_name("value")?),
        "parenthesized_expression" => Part::Through(tree::children(node).first().copied()?),
        "identifier" => Part::Name,
        _ => return None,
    })
}

pub(super) fn is_left_alone(node: Node<'_>) -> bool {
    node.is_named() && matches!(node.kind(), "type" | "type_alias_statement")
}

pub(super) fn called(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "call" => node.child_by_field_name("function"),
        _ => None,
    }
}

/// Decorators and the classes that a class is made of.
pub(super) fn meant(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        "decorator" => {
            let said = tree::children(node).first().copied();
            let said = said.map(|said| called(said).unwrap_or(said));
            said.into_iter().collect()
        }
        "class_definition" => {
            let classes = node.child_by_field_name("superclasses");
            classes.map(tree::children).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// Lists what `import a.b.c` imports, by the first name.
pub(super) fn modules<'s>(source: &'s Source<'_>) -> HashMap<&'s str, Vec<Vec<&'s str>>> {
    let mut modules: HashMap<_, Vec<_>> = HashMap::new();
    tree::visit(source.tree.root_node(), |node| {
        if node.kind() != "import_statement" {
            return true;
        }
        let names = tree::children(node).into_iter();
        for name in names.filter(|name| name.kind() == "dotted_name") {
            let parts = tree::children(name).into_iter();
            let parts: Vec<&str> = parts
                .map(|part| &source.text()[part.byte_range()])
                .collect();
            // A name that no grammar of the language would make so long costs nothing.
            if (2..=16).contains(&parts.len()) {
                let known: &mut Vec<Vec<&str>> = modules.entry(parts[0]).or_default();
                if known.len() < 64 && !known.contains(&parts) {
                    known.push(parts);
                }
            }
        }
        false
    });
    modules
}

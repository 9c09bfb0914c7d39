//! JavaScript and TypeScript: which nodes lead on. `?.` is the access that falls back where a step is missing, and so
//! begins anew; types have no members that a program reaches for.

use tree_sitter::Node;

use super::Part;
use crate::syntax::tree;

pub(super) fn part(node: Node<'_>) -> Option<Part<'_>> {
    let is_optional = || node.child_by_field_name("optional_chain").is_some();
    Some(match node.kind() {
        "member_expression" => Part::Step {
            object: node.child_by_field_name("object")?,
            name: node.child_by_field_name("property")?,
            guarded: is_optional(),
        },
        "subscript_expression" if !is_optional() => {
            Part::Through(node.child_by_field_name("object")?)
        }
        "parenthesized_expression"
        | "non_null_expression"
        | "as_expression"
        | "satisfies_expression" => Part::Through(tree::children(node).first().copied()?),
        "identifier" | "this" | "super" | "meta_property" => Part::Name,
        _ => return None,
    })
}

pub(super) fn is_left_alone(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "type_annotation"
            | "type_arguments"
            | "type_parameters"
            | "type_alias_declaration"
            | "type_query"
            | "interface_declaration"
            | "implements_clause"
            | "extends_type_clause"
    )
}

pub(super) fn called(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "call_expression" => node.child_by_field_name("function"),
        "new_expression" => node.child_by_field_name("constructor"),
        _ => None,
    }
}

/// Decorators, the class that a class is made of, elements of JSX.
pub(super) fn meant(node: Node<'_>) -> Vec<Node<'_>> {
    let said = match node.kind() {
        "decorator" | "class_heritage" => tree::children(node).first().copied(),
        "extends_clause" => node.child_by_field_name("value"),
        "jsx_opening_element" | "jsx_closing_element" | "jsx_self_closing_element" => {
            node.child_by_field_name("name")
        }
        _ => None,
    };
    said.map(|said| called(said).unwrap_or(said))
        .into_iter()
        .collect()
}

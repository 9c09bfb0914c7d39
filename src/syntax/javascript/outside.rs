//! What a JavaScript file says outside its functions and tests. Left out as well: imports and lists of exports, which
//! only name things, types, which are gone at run time, and the frame of classes that hold only methods.

use tree_sitter::Node;

use super::checks::tests;
use super::functions::{extends, functions};
use super::names::required;
use super::scope::{is_function, text};
use crate::syntax::{Source, normal, tree};

pub(in crate::syntax) fn outside(source: &Source<'_>) -> String {
    let root = source.tree.root_node();
    let functions = functions(source).into_iter();
    let mut without: Vec<_> = functions.map(|function| function.range).collect();
    without.extend(tests(source).into_iter().map(|test| test.range));
    tree::visit(root, |node| {
        let is_left_out = is_left_out(source, node);
        if is_left_out {
            without.push(node.byte_range());
        }
        !is_left_out && !is_function(node)
    });
    normal::text(source, root, &tree::outermost(without))
}

fn is_left_out(source: &Source<'_>, node: Node<'_>) -> bool {
    let children = tree::children(node);
    match node.kind() {
        "import_statement"
        | "interface_declaration"
        | "type_alias_declaration"
        | "ambient_declaration"
        | "function_signature"
        | "method_signature"
        | "abstract_method_signature"
        | "type_annotation" => true,
        "export_statement" => {
            let names_only = |child: &Node<'_>| {
                matches!(
                    child.kind(),
                    "export_clause" | "namespace_export" | "string" | "identifier"
                ) || is_left_out(source, *child)
            };
            children.iter().all(names_only)
        }
        "class_declaration" | "abstract_class_declaration" => is_plain_class(source, node),
        "lexical_declaration" | "variable_declaration" => children.iter().all(|declarator| {
            let value = declarator.child_by_field_name("value");
            value.is_some_and(|value| required(source, value).is_some())
        }),
        "expression_statement" => children
            .first()
            .is_some_and(|child| exports(source, *child)),
        _ => false,
    }
}

fn is_plain_class(source: &Source<'_>, class: Node<'_>) -> bool {
    let body = class.child_by_field_name("body");
    let is_decorated = tree::children(class)
        .iter()
        .any(|child| child.kind() == "decorator");
    !is_decorated
        && !extends(source, class)
        && body.is_some_and(|body| {
            tree::children(body).into_iter().all(|member| {
                let value = member.child_by_field_name("value");
                is_function(member)
                    || value.is_some_and(is_function)
                    || member.kind().ends_with("signature")
            })
        })
}

/// Tells whether an assignment only names what others may use: `module.exports = { add, pay: pay }`.
fn exports(source: &Source<'_>, assignment: Node<'_>) -> bool {
    let field = |name| assignment.child_by_field_name(name);
    let (Some(left), Some(right)) = (field("left"), field("right")) else {
        return false;
    };
    let target = text(source, left);
    let names_only = |node: Node<'_>| node.kind() == "identifier" || is_function(node);
    let is_list = right.kind() == "object"
        && tree::children(right).into_iter().all(|member| {
            let value = member.child_by_field_name("value").unwrap_or(member);
            names_only(value) || value.kind() == "shorthand_property_identifier"
        });
    let is_export = target.starts_with("exports.") || target.starts_with("module.exports");
    is_export && (is_list || names_only(right))
}

//! The names that a Python file defines and imports, and what it says outside functions.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::functions::functions;
use super::scope::{self, Item};
use crate::syntax::{Source, normal, tree};

pub(in crate::syntax) fn definitions(source: &Source<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in scope::items(source) {
        match item.node.kind() {
            "function_definition" => {
                names.insert(scope::name(source, item.node).to_owned());
                names.extend(parameters(source, item.node));
                names.extend(attributes(source, item.node));
            }
            "class_definition" => {
                names.insert(scope::name(source, item.node).to_owned());
            }
            "import_statement" | "import_from_statement" => {
                names.extend(imported(source, item.node).map(|(_, name)| name));
            }
            "type_alias_statement" => {
                let left = item.node.child_by_field_name("left");
                names.extend(left.map(|left| scope::text(source, left).to_owned()));
            }
            _ => names.extend(assigned(source, item.node)),
        }
    }
    names.remove("");
    names
}

fn parameters(source: &Source<'_>, function: Node<'_>) -> Vec<String> {
    let Some(parameters) = function.child_by_field_name("parameters") else {
        return Vec::new();
    };
    let names = tree::children(parameters).into_iter().filter_map(|node| {
        let mut named = node.child_by_field_name("name").unwrap_or(node);
        while named.kind() != "identifier" {
            named = named.named_child(0)?;
        }
        Some(scope::text(source, named).to_owned())
    });
    names.collect()
}

/// Lists the attributes that a method gives to its object or class.
fn attributes(source: &Source<'_>, function: Node<'_>) -> Vec<String> {
    let mut names = Vec::new();
    tree::visit(function, |node| {
        let target = node.child_by_field_name("left");
        if node.kind() == "assignment"
            && let Some(target) = target
            && let Some(object) = target.child_by_field_name("object")
            && matches!(scope::text(source, object), "self" | "cls")
        {
            names.push(scope::last_name(source, target).to_owned());
        }
        true
    });
    names
}

/// Lists the names that a statement binds, and the strings that `__all__` holds.
fn assigned(source: &Source<'_>, statement: Node<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut next = scope::assignment(statement);
    let is_export = is_export(source, statement);
    while let Some(assignment) = next {
        if let Some(left) = assignment.child_by_field_name("left") {
            tree::visit(left, |node| {
                if matches!(node.kind(), "identifier" | "attribute") {
                    names.push(scope::last_name(source, node).to_owned());
                }
                !matches!(node.kind(), "attribute" | "subscript")
            });
        }
        next = assignment
            .child_by_field_name("right")
            .filter(|right| right.kind() == "assignment");
    }
    if is_export {
        tree::visit(statement, |node| {
            if node.kind() == "string_content" {
                names.push(scope::text(source, node).to_owned());
            }
            true
        });
    }
    names
}

fn is_export(source: &Source<'_>, statement: Node<'_>) -> bool {
    let value = statement.named_child(0);
    value
        .and_then(|value| value.child_by_field_name("left"))
        .is_some_and(|left| scope::text(source, left) == "__all__")
}

/// Pairs what a statement imports with the name that it is given here.
fn imported<'t>(
    source: &'t Source<'_>,
    import: Node<'t>,
) -> impl Iterator<Item = (String, String)> {
    let named: Vec<_> = import
        .children_by_field_name("name", &mut import.walk())
        .collect();
    named.into_iter().map(move |node| {
        let name = scope::text(source, node.child_by_field_name("name").unwrap_or(node));
        let first = name.split('.').next().unwrap_or(name);
        let here = node
            .child_by_field_name("alias")
            .map_or(first, |alias| scope::text(source, alias));
        (name.to_owned(), here.to_owned())
    })
}

pub(in crate::syntax) fn imports(source: &Source<'_>) -> Vec<String> {
    let mut imports = Vec::new();
    tree::visit(source.tree.root_node(), |node| {
        match node.kind() {
            "import_statement" => imports.extend(imported(source, node).map(|(name, _)| name)),
            "import_from_statement" => {
                let Some(module) = node.child_by_field_name("module_name") else {
                    return false;
                };
                let module = scope::text(source, module);
                imports.push(module.to_owned());
                let dot = if module.ends_with('.') { "" } else { "." };
                let names = imported(source, node).map(|(name, _)| format!("{module}{dot}{name}"));
                imports.extend(names);
            }
            "call" => imports.extend(loaded(source, node)),
            _ => {}
        }
        !node.kind().starts_with("import_")
    });
    imports
}

/// Returns the module that a call loads by a name written out.
fn loaded(source: &Source<'_>, call: Node<'_>) -> Option<String> {
    let first = call.child_by_field_name("arguments")?.named_child(0)?;
    let name = scope::text(source, first).trim_matches(['\'', '"']);
    let loads = matches!(
        scope::last_name(source, call),
        "import_module" | "__import__"
    );
    (loads && first.kind() == "string").then(|| name.to_owned())
}

pub(in crate::syntax) fn outside(source: &Source<'_>) -> String {
    let root = source.tree.root_node();
    let mut without: Vec<_> = functions(source)
        .into_iter()
        .map(|function| function.range)
        .collect();
    without.extend(scope::document(root).map(|document| document.byte_range()));
    for item in scope::items(source) {
        if is_left_out(source, &item) {
            without.push(item.whole.byte_range());
        } else if let Some(body) = item.node.child_by_field_name("body") {
            without.extend(scope::document(body).map(|document| document.byte_range()));
        }
    }
    normal::text(source, root, &tree::outermost(without))
}

/// Tells whether an item says nothing of its own: imports, the list of exports, and classes that hold only functions.
fn is_left_out(source: &Source<'_>, item: &Item<'_>) -> bool {
    match item.node.kind() {
        "import_statement" | "import_from_statement" | "future_import_statement" => true,
        "class_definition" => {
            let is_plain =
                item.whole == item.node && item.node.child_by_field_name("superclasses").is_none();
            let body = item.node.child_by_field_name("body");
            is_plain && body.is_some_and(holds_only_functions)
        }
        _ => is_export(source, item.node),
    }
}

fn holds_only_functions(class: Node<'_>) -> bool {
    let document = scope::document(class);
    tree::children(class).into_iter().all(|child| {
        let defined = child.child_by_field_name("definition").unwrap_or(child);
        defined.kind() == "function_definition" || Some(child) == document
    })
}

//! Functions and their stubs. A stub keeps the old body after a branch that is always taken, for an import or variable
//! that is no longer used is an error in Go.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use tree_sitter::Node;

use super::super::stub::{Edit, MARKER};
use super::super::{Function, Source, normal};

pub(in super::super) fn functions(source: &Source<'_>) -> Vec<Function> {
    let found = found(source);
    found.into_iter().map(|(function, _)| function).collect()
}

pub(in super::super) fn edits(source: &Source<'_>) -> Vec<Edit> {
    found(source)
        .into_iter()
        .map(|(function, node)| {
            let body = &source.text()[function.body.clone()];
            let name = &function.name;
            let empty = returned(source, node);
            Edit {
                throw: format!(" if true {{ panic(\"{MARKER}{name}]\") }};{body}"),
                empty: empty.map(|empty| format!(" if true {{ {empty} }};{body}")),
                function,
            }
        })
        .collect()
}

/// Finds the functions and methods with a body.
fn found<'t>(source: &'t Source<'_>) -> Vec<(Function, Node<'t>)> {
    let root = source.tree.root_node();
    let mut seen = BTreeMap::<String, usize>::new();
    let mut found = Vec::new();
    for node in root.named_children(&mut root.walk()) {
        let Some((mut name, body)) = named(source, node).zip(node.child_by_field_name("body"))
        else {
            continue;
        };
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name = format!("{name}#{count}");
        }
        let function = Function {
            name,
            line: node.start_position().row + 1,
            range: node.byte_range(),
            body: within(body),
            digest: normal::digest(source, node, &[]),
        };
        found.push((function, node));
    }
    found
}

/// Returns the name of a function or method, after that of its receiver's type.
fn named(source: &Source<'_>, node: Node<'_>) -> Option<String> {
    let name = &source.text()[node.child_by_field_name("name")?.byte_range()];
    match node.kind() {
        "function_declaration" => Some(name.to_owned()),
        "method_declaration" => {
            let receiver = node.child_by_field_name("receiver")?;
            let kind = words(receiver, "type_identifier").into_iter().next();
            let kind = kind.map_or("", |node| &source.text()[node.byte_range()]);
            Some(format!("{kind}.{name}"))
        }
        _ => None,
    }
}

/// Returns what stands between the braces.
fn within(body: Node<'_>) -> Range<usize> {
    let last = body.child(body.child_count().saturating_sub(1) as u32);
    // The grammar fills in a closing brace that is missing, and that one is empty.
    let brace = last.filter(|last| last.kind() == "}" && !last.byte_range().is_empty());
    let end = body.end_byte() - usize::from(brace.is_some());
    (body.start_byte() + 1).min(end)..end
}

/// Returns the statement of an empty body. Results without names get the zero values of a literal's named ones, which
/// needs no knowledge of their types; `new` is often the name of a parameter.
fn returned(source: &Source<'_>, node: Node<'_>) -> Option<String> {
    let Some(result) = node.child_by_field_name("result") else {
        return Some("return".to_owned());
    };
    let kinds: Vec<Node<'_>> = match result.kind() {
        "parameter_list" => result
            .named_children(&mut result.walk())
            .filter(|part| part.kind() == "parameter_declaration")
            .collect(),
        _ => vec![result],
    };
    if kinds
        .iter()
        .any(|kind| kind.child_by_field_name("name").is_some())
    {
        return Some("return".to_owned());
    }
    if is_hidden(source, node, result) {
        return None;
    }
    let text = |kind: &Node<'_>| format!("_ {}", &source.text()[kind.byte_range()]);
    let kinds: Vec<String> = kinds.iter().map(text).collect();
    Some(format!(
        "return func() ({}) {{ return }}()",
        kinds.join(", ")
    ))
}

/// Tells whether a parameter has the name of a result's type or package, which thus means another thing in the body.
fn is_hidden(source: &Source<'_>, node: Node<'_>, result: Node<'_>) -> bool {
    let text = |node: Node<'_>| &source.text()[node.byte_range()];
    let parameters = ["receiver", "parameters"]
        .into_iter()
        .filter_map(|field| node.child_by_field_name(field))
        .flat_map(|list| words(list, "identifier"));
    let names: BTreeSet<&str> = parameters.map(text).collect();
    ["type_identifier", "package_identifier"]
        .into_iter()
        .flat_map(|kind| words(result, kind))
        .any(|word| names.contains(text(word)))
}

/// Lists the nodes of a kind within a node.
fn words<'t>(node: Node<'t>, kind: &str) -> Vec<Node<'t>> {
    let mut words = Vec::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        if node.kind() == kind {
            words.push(node);
        }
        let mut cursor = node.walk();
        let children: Vec<_> = node.named_children(&mut cursor).collect();
        waiting.extend(children.into_iter().rev());
    }
    words
}

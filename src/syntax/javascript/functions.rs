//! JavaScript's functions and what takes the place of their bodies.

use std::ops::Range;

use tree_sitter::Node;

use super::scope::{self, Place};
use crate::syntax::stub::Edit;
use crate::syntax::tree::{self, Names};
use crate::syntax::{Function, Source, normal};

pub(in crate::syntax) fn functions(source: &Source<'_>) -> Vec<Function> {
    let edits = found(source).into_iter();
    edits.map(|(function, _)| function).collect()
}

pub(in crate::syntax) fn edits(source: &Source<'_>) -> Vec<Edit> {
    let found = found(source).into_iter();
    found
        .map(|(function, node)| edit(source, function, node))
        .collect()
}

fn found<'t>(source: &'t Source<'_>) -> Vec<(Function, Node<'t>)> {
    let mut names = Names::default();
    let mut found = Vec::new();
    for Place { path, whole, node } in scope::places(source) {
        let Some(body) = node.child_by_field_name("body").and_then(inside) else {
            continue;
        };
        let mut parts = decorators(whole);
        parts.push(whole);
        let function = Function {
            name: names.give(&path),
            line: parts[0].start_position().row + 1,
            range: parts[0].start_byte()..whole.end_byte(),
            body,
            digest: normal::digest_all(source, &parts, &[]),
        };
        found.push((function, node));
    }
    found
}

/// Lists the decorators before a method: TypeScript's grammar has them beside it.
fn decorators(method: Node<'_>) -> Vec<Node<'_>> {
    let mut decorators = Vec::new();
    let mut before = method.prev_sibling();
    while let Some(decorator) = before.filter(|node| node.kind() == "decorator") {
        decorators.insert(0, decorator);
        before = decorator.prev_sibling();
    }
    decorators
}

/// Returns what stands between the braces of a body, or all of it where it is an expression.
fn inside(body: Node<'_>) -> Option<Range<usize>> {
    if body.kind() != "statement_block" {
        return Some(body.byte_range()).filter(|range| !range.is_empty());
    }
    let last = body.child(u32::try_from(body.child_count()).ok()?.checked_sub(1)?)?;
    let is_closed = last.kind() == "}" && !last.is_missing();
    is_closed.then(|| body.start_byte() + 1..last.start_byte())
}

fn edit(source: &Source<'_>, function: Function, node: Node<'_>) -> Edit {
    let ends = tree::line_ends(&source.text()[function.body.clone()]);
    // In two parts, so that a runner that shows this line does not say what only the throw says.
    let throw = format!(
        "throw new Error(\"pdd-hooks\" + \" stub [{}]\");{ends}",
        function.name
    );
    let body = node.child_by_field_name("body");
    let is_block = body.is_some_and(|body| body.kind() == "statement_block");
    let (throw, empty) = match is_block {
        true if is_derived_constructor(source, node) => {
            (throw, format!("super(...arguments);{ends}"))
        }
        true => (throw, ends),
        false => (format!("{{ {throw} }}"), format!("(undefined{ends})")),
    };
    Edit {
        function,
        throw,
        empty: Some(empty),
    }
}

/// Tells whether a function makes the object of a class that extends another: without `super` there is no object.
fn is_derived_constructor(source: &Source<'_>, method: Node<'_>) -> bool {
    let name = method.child_by_field_name("name");
    let class = method.parent().and_then(|body| body.parent());
    method.kind() == "method_definition"
        && name.is_some_and(|name| scope::text(source, name) == "constructor")
        && class.is_some_and(|class| extends(source, class))
}

/// Tells whether a class extends another.
pub(super) fn extends(source: &Source<'_>, class: Node<'_>) -> bool {
    let heritage = tree::children(class)
        .into_iter()
        .find(|child| child.kind() == "class_heritage");
    heritage.is_some_and(|heritage| scope::text(source, heritage).starts_with("extends"))
}

//! Python's functions and what takes the place of their bodies. A stub must not need a name that the file may have
//! given to something else, and must stay what it was: a generator, a coroutine, an expression.

use std::ops::Range;

use tree_sitter::Node;

use super::scope;
use crate::syntax::stub::Edit;
use crate::syntax::tree::{self, Names};
use crate::syntax::{Function, Source, normal};

// `BaseException`, which neither `except Exception` nor `pytest.raises(Exception)` catches, found without its name:
// files do define exceptions of that name.
const EXCEPTION: &str =
    "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'BaseException'][0]";

struct Found<'t> {
    function: Function,
    node: Node<'t>,
}

pub(in crate::syntax) fn functions(source: &Source<'_>) -> Vec<Function> {
    let found = found(source).into_iter();
    found.map(|found| found.function).collect()
}

pub(in crate::syntax) fn edits(source: &Source<'_>) -> Vec<Edit> {
    let found = found(source).into_iter();
    found.map(|found| edit(source, found)).collect()
}

fn found<'t>(source: &'t Source<'_>) -> Vec<Found<'t>> {
    let mut found = Vec::new();
    let mut names = Names::default();
    for item in scope::items(source) {
        if item.node.kind() == "function_definition" {
            let name = scope::name(source, item.node);
            let Some(block) = item.node.child_by_field_name("body") else {
                continue;
            };
            if let Some(body) = body(block) {
                let name = names.give(&item.path(name));
                found.push(Found {
                    function: function(source, name, item.whole, body),
                    node: item.node,
                });
            }
        } else if let Some((target, value)) = bound(item.node) {
            let path = item.path(scope::text(source, target));
            for (whole, lambda, body) in lambdas(item.node, value) {
                let name = names.give(&path);
                found.push(Found {
                    function: function(source, name, whole, body.byte_range()),
                    node: lambda,
                });
            }
        }
    }
    found
}

fn function(source: &Source<'_>, name: String, whole: Node<'_>, body: Range<usize>) -> Function {
    Function {
        name,
        line: whole.start_position().row + 1,
        range: whole.byte_range(),
        body,
        digest: normal::digest(source, whole, &documents(whole)),
    }
}

/// Lists where the documentation of a function stands: it says as little as a comment.
pub(super) fn documents(whole: Node<'_>) -> Vec<Range<usize>> {
    whole
        .child_by_field_name("definition")
        .unwrap_or(whole)
        .child_by_field_name("body")
        .and_then(scope::document)
        .map(|document| document.byte_range())
        .into_iter()
        .collect()
}

/// Returns what a stub replaces: all statements but the documentation, or the place after it where nothing follows.
fn body(block: Node<'_>) -> Option<Range<usize>> {
    let statements = tree::children(block);
    let last = statements.last()?.end_byte();
    let documented = usize::from(scope::document(block).is_some());
    let start = statements.get(documented).map_or(last, Node::start_byte);
    Some(start..last)
}

/// Returns the name to which a statement binds a value, and the value.
fn bound(statement: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let assignment = scope::assignment(statement)?;
    let target = assignment.child_by_field_name("left")?;
    Some((target, assignment.child_by_field_name("right")?))
}

/// Lists the lambdas in a value with their bodies; one that is all of the value stands for its statement.
fn lambdas<'t>(statement: Node<'t>, value: Node<'t>) -> Vec<(Node<'t>, Node<'t>, Node<'t>)> {
    let mut lambdas = Vec::new();
    tree::visit(value, |node| {
        if node.kind() == "lambda"
            && let Some(body) = node.child_by_field_name("body")
        {
            let whole = if node == value { statement } else { node };
            lambdas.push((whole, node, body));
        }
        !matches!(node.kind(), "lambda" | "string")
    });
    lambdas
}

fn edit(source: &Source<'_>, found: Found<'_>) -> Edit {
    let Found { function, node } = found;
    let ends = tree::line_ends(&source.text()[function.body.clone()]);
    let exception = format!(
        "{EXCEPTION}(\"pdd-hooks\" \" stub [{}]\"{ends})",
        function.name
    );
    let yields = yields(node);
    let (throw, empty) = if node.kind() == "lambda" {
        // An expression cannot raise; what is thrown into a generator comes out of it.
        let throw = format!("(_ for _ in ()).throw({exception})");
        match yields {
            true => (
                format!("{throw} or (yield)"),
                format!("None and (yield{ends})"),
            ),
            false => (throw, format!("(None{ends})")),
        }
    } else {
        match yields {
            true => (
                format!("raise {exception}; yield"),
                format!("return; (yield{ends})"),
            ),
            false => (format!("raise {exception}"), format!("return (None{ends})")),
        }
    };
    // What follows a documentation on its line is another statement.
    let before = if function.body.is_empty() { "; " } else { "" };
    Edit {
        function,
        throw: format!("{before}{throw}"),
        empty: Some(format!("{before}{empty}")),
    }
}

/// Tells whether a function is a generator.
fn yields(function: Node<'_>) -> bool {
    let mut yields = false;
    if let Some(body) = function.child_by_field_name("body") {
        tree::visit(body, |node| {
            yields |= node.kind() == "yield" && node.is_named();
            !matches!(node.kind(), "function_definition" | "lambda")
        });
    }
    yields
}

//! Functions and their stubs. A stub keeps the old body after a branch that is always taken: so every return type, every
//! parameter, borrow and import stays used as it was, and a body that only compiles once its callers do is no worse off.

use std::collections::BTreeMap;

use tree_sitter::Node;

use super::super::stub::{Edit, MARKER};
use super::super::{Function, Source, normal};
use super::empty::Defaults;
use super::item::{Item, items};

pub(in super::super) fn functions(source: &Source<'_>) -> Vec<Function> {
    let found = found(source);
    found.into_iter().map(|(function, _)| function).collect()
}

pub(in super::super) fn edits(source: &Source<'_>) -> Vec<Edit> {
    let defaults = Defaults::of(source);
    found(source)
        .into_iter()
        .map(|(function, item)| {
            let throw = format!(" if true {{ panic!(\"{MARKER}{}]\"); }}", function.name);
            let empty = defaults
                .returned(&item)
                .map(|value| format!(" if true {{ {}; }}", format!("return {value}").trim_end()));
            Edit {
                throw: before(source, &function, &throw),
                empty: empty.map(|empty| before(source, &function, &empty)),
                function,
            }
        })
        .collect()
}

/// Puts a statement before a function's body. `if true` is a constant to the optimiser alone: to the compiler's checks
/// the body stays reachable, so nothing is unused and nothing unreachable.
fn before(source: &Source<'_>, function: &Function, statement: &str) -> String {
    format!("{statement}{}", &source.text()[function.body.clone()])
}

/// Finds the functions with a body, but for those of tests.
fn found<'t>(source: &'t Source<'_>) -> Vec<(Function, Item<'t>)> {
    let mut seen = BTreeMap::<String, usize>::new();
    let mut found = Vec::new();
    for item in items(source) {
        if item.is_test || item.node.kind() != "function_item" {
            continue;
        }
        let Some(body) = item.node.child_by_field_name("body") else {
            continue;
        };
        let Some(name) = item.name(source) else {
            continue;
        };
        let mut path = item.path.clone();
        path.push(name.to_owned());
        let mut name = path.join("::");
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name = format!("{name}#{count}");
        }
        let function = Function {
            name,
            line: item.node.start_position().row + 1,
            range: item.range.clone(),
            body: within(body),
            digest: normal::digest_all(source, &item.nodes(), &[]),
        };
        found.push((function, item));
    }
    found
}

/// Returns what stands between the braces, after the attributes of the body, which must come first.
fn within(body: Node<'_>) -> std::ops::Range<usize> {
    let mut cursor = body.walk();
    let first = body
        .named_children(&mut cursor)
        .filter(|node| {
            node.kind() == "inner_attribute_item" || node.child_by_field_name("inner").is_some()
        })
        .map(|node| node.end_byte())
        .last();
    let end = body.end_byte() - usize::from(has_brace(body));
    first.unwrap_or(body.start_byte() + 1).min(end)..end
}

/// Tells whether the closing brace is there: the grammar fills in one that is missing, and that one is empty.
pub(super) fn has_brace(body: Node<'_>) -> bool {
    body.child(body.child_count().saturating_sub(1) as u32)
        .is_some_and(|last| last.kind() == "}" && !last.byte_range().is_empty())
}

//! The assertions of JavaScript's tests, told by how they are called.

use tree_sitter::Node;

use super::called::chain;
use super::scope::text;
use crate::syntax::{Source, tree};

/// What a test's own object does that asserts nothing.
const NEUTRAL: [&str; 20] = [
    "test",
    "skip",
    "todo",
    "plan",
    "log",
    "diagnostic",
    "teardown",
    "timeout",
    "context",
    "after",
    "before",
    "beforeEach",
    "afterEach",
    "mock",
    "end",
    "comment",
    "runOnly",
    "only",
    "name",
    "waitFor",
];

/// Counts the assertions, and those of them that anything thrown satisfies.
pub(super) fn count(source: &Source<'_>, arguments: &[Node<'_>]) -> (usize, usize) {
    let (mut assertions, mut broad) = (0, 0);
    for argument in arguments {
        tree::visit(*argument, |node| {
            match node.kind() {
                "call_expression" => {
                    assertions += usize::from(asserts(source, node));
                    broad += usize::from(takes_any_throw(source, node));
                }
                "property_identifier" => {
                    assertions += usize::from(text(source, node) == "should");
                }
                _ => {}
            }
            true
        });
    }
    (assertions, broad)
}

fn asserts(source: &Source<'_>, call: Node<'_>) -> bool {
    let callee = call.child_by_field_name("function");
    let Some((root, ways)) = callee.and_then(|callee| chain(source, callee)) else {
        return false;
    };
    let Some(last) = ways.last() else {
        return begins(root);
    };
    match root {
        // `expect.any(String)` and `expect.extend(…)` assert nothing.
        "expect" => matches!(*last, "soft" | "poll"),
        "t" => !NEUTRAL.contains(&ways[0]),
        _ => root == "assert" || ways.contains(&"assert") || begins(last) && *last != "should",
    }
}

fn begins(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    let begins = ["assert", "expect", "check", "verify", "should"];
    begins.iter().any(|begin| name.starts_with(begin))
}

/// Tells whether a call is content with any error: `assert.throws(f)`, `expect(f).toThrow()`, `t.throws(f)`.
fn takes_any_throw(source: &Source<'_>, call: Node<'_>) -> bool {
    let Some(callee) = call.child_by_field_name("function") else {
        return false;
    };
    let property = |node: Node<'_>| {
        let property = node.child_by_field_name("property");
        property.map_or("", |property| text(source, property))
    };
    let object = callee.child_by_field_name("object");
    let is_denied = object.is_some_and(|object| property(object) == "not");
    let arguments = call.child_by_field_name("arguments");
    let arguments = arguments.map(tree::children).unwrap_or_default();
    let wanted = match property(callee) {
        "throws" | "rejects" | "throwsAsync" if asserts(source, call) => arguments.get(1),
        "toThrow" | "toThrowError" | "throw" | "throwError" if !is_denied => arguments.first(),
        _ => return false,
    };
    // What a stub throws is an `Error`.
    wanted.is_none_or(|wanted| text(source, *wanted) == "Error")
}

//! The calls by which a file tells a test runner of groups and tests: mocha, jest, vitest, ava, tap, `node:test`.

use tree_sitter::Node;

use super::scope::text;
use crate::syntax::{Mark, Source, tree};

/// A call that tells of a test or of a group of tests.
pub(super) struct TestCall<'t> {
    /// Whether it is a group.
    pub(super) is_group: bool,
    /// Whether a table or another program decides how often it runs and under which name.
    pub(super) is_each: bool,
    /// What the way that it is called says of whether it runs.
    pub(super) mark: Mark,
    /// What it is called with.
    pub(super) arguments: Vec<Node<'t>>,
}

const GROUPS: [&str; 6] = [
    "describe",
    "suite",
    "context",
    "fdescribe",
    "xdescribe",
    "xcontext",
];
const TESTS: [&str; 7] = ["it", "test", "specify", "fit", "xit", "xtest", "xspecify"];
const HOOKS: [&str; 8] = [
    "before",
    "after",
    "beforeEach",
    "afterEach",
    "beforeAll",
    "afterAll",
    "setup",
    "teardown",
];
const WAYS: [&str; 17] = [
    "only",
    "skip",
    "todo",
    "each",
    "for",
    "concurrent",
    "sequential",
    "serial",
    "parallel",
    "failing",
    "fails",
    "skipIf",
    "runIf",
    "describe",
    "suite",
    "fixme",
    "shuffle",
];

/// Reads a call; none where it tells of no test.
pub(super) fn test_call<'t>(source: &Source<'_>, call: Node<'t>) -> Option<TestCall<'t>> {
    let mut callee = call.child_by_field_name("function")?;
    // `it.each(table)(title, body)` and `it.skipIf(condition)(title, body)` call what a call gives.
    let is_twice = callee.kind() == "call_expression";
    if is_twice {
        callee = callee.child_by_field_name("function")?;
    }
    let (root, ways) = chain(source, callee)?;
    let is_sub = matches!(root, "t" | "ctx" | "tap") && ways == ["test"];
    let is_group = GROUPS.contains(&root) || ways.contains(&"describe") || ways.contains(&"suite");
    let is_known = GROUPS.contains(&root) || TESTS.contains(&root);
    if !(is_sub || is_known && ways.iter().all(|way| WAYS.contains(way))) {
        return None;
    }
    let takes_twice = ["each", "for", "skipIf", "runIf"];
    if is_twice != ways.last().is_some_and(|way| takes_twice.contains(way)) {
        return None;
    }
    let arguments = call.child_by_field_name("arguments")?;
    let arguments = match arguments.kind() {
        "arguments" => tree::children(arguments),
        _ => return None,
    };
    let is_each = ways.contains(&"each") || ways.contains(&"for");
    (!arguments.is_empty()).then(|| TestCall {
        is_group,
        is_each,
        mark: mark(source, root, &ways, &arguments),
        arguments,
    })
}

/// Tells whether a call hands a function to be run before or after tests.
pub(super) fn is_hook(source: &Source<'_>, call: Node<'_>) -> bool {
    let callee = call.child_by_field_name("function");
    let chain = callee.and_then(|callee| chain(source, callee));
    chain.is_some_and(|(root, ways)| {
        let of_test = TESTS.contains(&root) && ways.iter().any(|way| HOOKS.contains(way));
        of_test || (HOOKS.contains(&root) && ways.is_empty())
    })
}

/// Takes `it.skip.each` apart into its first name and those after it.
pub(super) fn chain<'t>(source: &Source<'t>, node: Node<'_>) -> Option<(&'t str, Vec<&'t str>)> {
    let mut ways = Vec::new();
    let mut named = node;
    while named.kind() == "member_expression" {
        ways.push(text(source, named.child_by_field_name("property")?));
        named = named.child_by_field_name("object")?;
    }
    ways.reverse();
    matches!(named.kind(), "identifier" | "this").then(|| (text(source, named), ways))
}

fn mark(source: &Source<'_>, root: &str, ways: &[&str], arguments: &[Node<'_>]) -> Mark {
    let skips = [
        "skip", "todo", "failing", "fails", "skipIf", "runIf", "fixme",
    ];
    let options = arguments.iter().filter(|node| node.kind() == "object");
    let options: Vec<&str> = options
        .flat_map(|node| options_set(source, *node))
        .collect();
    let is_set = |name: &str| ways.contains(&name) || options.contains(&name);
    if root.starts_with('x') || skips.into_iter().any(is_set) {
        Mark::Skipped
    } else if matches!(root, "fit" | "fdescribe") || is_set("only") {
        Mark::Focused
    } else {
        Mark::None
    }
}

/// Lists the options that are not turned off.
fn options_set<'t>(source: &Source<'t>, object: Node<'_>) -> Vec<&'t str> {
    let pairs = tree::children(object).into_iter().filter_map(|pair| {
        let key = pair.child_by_field_name("key")?;
        let value = pair.child_by_field_name("value")?;
        (value.kind() != "false").then(|| text(source, key))
    });
    pairs.collect()
}

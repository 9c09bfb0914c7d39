//! JavaScript's tests: which a file tells of, under which names, and what it says of them.

use tree_sitter::Node;

use super::assertions;
use super::called::{self, TestCall, test_call};
use super::scope::{is_function, text};
use crate::syntax::{Mark, Source, Test, normal, tree};

/// The groups around a piece of text, and what is known of them.
#[derive(Clone)]
struct Around {
    groups: Vec<String>,
    is_exact: bool,
    mark: Mark,
}

pub(in crate::syntax) fn tests(source: &Source<'_>) -> Vec<Test> {
    let mut tests = Vec::new();
    let mut around = vec![Around {
        groups: Vec::new(),
        is_exact: true,
        mark: Mark::None,
    }];
    let mut stack = vec![(source.tree.root_node(), 0)];
    while let Some((node, at)) = stack.pop() {
        let call = (node.kind() == "call_expression")
            .then(|| test_call(source, node))
            .flatten();
        let within = match &call {
            Some(call) => {
                let within = within(source, call, &around[at]);
                tests.extend(test(source, node, call, &within));
                Some(within)
            }
            None if repeats(node) && around[at].is_exact => Some(Around {
                is_exact: false,
                ..around[at].clone()
            }),
            None => None,
        };
        let at = match within {
            Some(within) => {
                around.push(within);
                around.len() - 1
            }
            None => at,
        };
        for child in inside(node, call.as_ref()).into_iter().rev() {
            stack.push((child, at));
        }
    }
    tests
}

/// Lists where to look for more tests: in a test's or group's function, else everywhere.
fn inside<'t>(node: Node<'t>, call: Option<&TestCall<'t>>) -> Vec<Node<'t>> {
    let Some(call) = call else {
        return tree::children(node);
    };
    let functions = call.arguments.iter().filter(|node| is_function(**node));
    functions
        .filter_map(|function| function.child_by_field_name("body"))
        .collect()
}

/// Tells whether what stands in a node may run any number of times: in loops, and in functions that others call.
fn repeats(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "for_statement" | "for_in_statement" | "while_statement" | "do_statement"
    ) || is_function(node)
}

fn within(source: &Source<'_>, call: &TestCall<'_>, around: &Around) -> Around {
    let (title, is_exact) = title(source, call.arguments[0]);
    let mut groups = around.groups.clone();
    groups.push(title);
    let calls_off = call.arguments.iter().any(|node| calls_off(source, *node));
    let mark = match (around.mark, call.mark) {
        (Mark::Skipped, _) | (_, Mark::Skipped) => Mark::Skipped,
        _ if calls_off => Mark::Skipped,
        (Mark::Focused, _) | (_, Mark::Focused) => Mark::Focused,
        _ => Mark::None,
    };
    Around {
        groups,
        is_exact: is_exact && around.is_exact && !call.is_each,
        mark,
    }
}

fn test(source: &Source<'_>, node: Node<'_>, call: &TestCall<'_>, within: &Around) -> Option<Test> {
    if call.is_group {
        return None;
    }
    let title = call.arguments[0];
    let whole = node
        .parent()
        .filter(|parent| parent.kind() == "expression_statement")
        .unwrap_or(node);
    let without = match is_function(title) {
        true => Vec::new(),
        false => vec![title.byte_range()],
    };
    // Without a function there is nothing to run yet.
    let is_written = call.arguments.len() > 1 || is_function(title);
    let (assertions, broad) = assertions::count(source, &call.arguments);
    Some(Test {
        path: within.groups.clone(),
        is_exact: within.is_exact,
        line: whole.start_position().row + 1,
        range: whole.byte_range(),
        digest: normal::digest(source, node, &without),
        assertions,
        mark: if is_written {
            within.mark
        } else {
            Mark::Skipped
        },
        expects_throw: broad > 0 && broad == assertions,
    })
}

/// Returns a title, and whether the runner will say exactly that.
fn title(source: &Source<'_>, node: Node<'_>) -> (String, bool) {
    let written = text(source, node);
    let field = |name| node.child_by_field_name(name);
    match node.kind() {
        "string" | "template_string" => {
            let bare = written
                .get(1..written.len().saturating_sub(1))
                .unwrap_or("");
            let is_whole = tree::children(node)
                .iter()
                .all(|child| child.kind() != "template_substitution");
            match unescaped(bare).filter(|_| is_whole) {
                Some(title) => (title, true),
                None => (bare.to_owned(), false),
            }
        }
        // A long title is written as a sum of two.
        "binary_expression" => match (field("left"), field("right")) {
            (Some(left), Some(right)) if left.kind() == "string" && right.kind() == "string" => {
                let (left, right) = (title(source, left), title(source, right));
                (left.0 + &right.0, left.1 && right.1)
            }
            _ => (written.to_owned(), false),
        },
        _ if is_function(node) => {
            let name = field("name").map_or("", |name| text(source, name));
            (name.to_owned(), !name.is_empty())
        }
        _ => (written.to_owned(), false),
    }
}

/// Takes the backslashes out of a title; none where one stands for more than the letter after it.
fn unescaped(written: &str) -> Option<String> {
    let mut title = String::new();
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        title.push(match letter {
            '\\' => match letters.next()? {
                'n' => '\n',
                't' => '\t',
                quoted @ ('\\' | '\'' | '"' | '`' | '$') => quoted,
                _ => return None,
            },
            letter => letter,
        });
    }
    Some(title)
}

/// Tells whether a test's function always says that it does not count: `t.skip()`, `this.skip()`, `t.todo()`.
fn calls_off(source: &Source<'_>, function: Node<'_>) -> bool {
    let Some(body) = function.child_by_field_name("body") else {
        return false;
    };
    is_function(function)
        && tree::children(body).into_iter().any(|statement| {
            let callee = statement
                .named_child(0)
                .and_then(|call| call.child_by_field_name("function"));
            let chain = callee.and_then(|callee| called::chain(source, callee));
            statement.kind() == "expression_statement"
                && chain.is_some_and(|(root, ways)| {
                    let is_test = matches!(root, "t" | "ctx" | "context" | "this" | "test");
                    is_test
                        && (ways == ["skip"] || ways == ["todo"] || ways == ["fixme"])
                        && !is_told(source, statement)
                })
        })
}

/// Tells whether a statement tells of another test: `test.skip('title', …)`.
fn is_told(source: &Source<'_>, statement: Node<'_>) -> bool {
    let call = statement.named_child(0);
    call.and_then(|call| test_call(source, call))
        .is_some_and(|call| call.arguments.len() > 1)
}

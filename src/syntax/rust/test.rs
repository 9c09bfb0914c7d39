//! Tests: functions that an attribute makes one, and those that stand in a macro's tokens.

use tree_sitter::Node;

use super::super::{Mark, Source, Test, normal};
use super::attribute::Attribute;
use super::item::{Item, items};
use super::token;

pub(in super::super) fn tests(source: &Source<'_>) -> Vec<Test> {
    let mut tests = Vec::new();
    for item in items(source) {
        match item.node.kind() {
            "function_item" => tests.extend(written(source, &item)),
            _ => tests.extend(in_macro(source, &item)),
        }
    }
    tests
}

fn written(source: &Source<'_>, item: &Item<'_>) -> Option<Test> {
    let attributes = item.attributes(source);
    if !attributes.iter().any(Attribute::makes_test) {
        return None;
    }
    let name = item.node.child_by_field_name("name")?;
    let body = item.node.child_by_field_name("body")?;
    let without = [name.byte_range()];
    Some(Test {
        path: path(item, &source.text()[name.byte_range()]),
        is_exact: !attributes.iter().any(Attribute::makes_several)
            && !has_cases(source, item, &attributes),
        line: item.node.start_position().row + 1,
        range: item.range.clone(),
        digest: normal::digest_all(source, &item.nodes(), &without),
        assertions: token::assertions(source, body),
        mark: mark(&attributes),
        expects_throw: expects_throw(&attributes),
    })
}

/// Tells whether parameters make several tests of one function: `#[case]`, `#[values(1, 2)]`.
fn has_cases(source: &Source<'_>, item: &Item<'_>, attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| it.name() == "rstest")
        && item
            .node
            .child_by_field_name("parameters")
            .is_some_and(|list| {
                list.named_children(&mut list.walk())
                    .filter(|node| node.kind() == "attribute_item")
                    .any(|node| {
                        let name = Attribute::read(source, node);
                        matches!(name.name(), "case" | "values" | "files")
                    })
            })
}

fn path(item: &Item<'_>, name: &str) -> Vec<String> {
    let mut path = item.path.clone();
    path.push(name.to_owned());
    path
}

fn mark(attributes: &[Attribute]) -> Mark {
    if attributes.iter().any(Attribute::ignores) {
        Mark::Skipped
    } else {
        Mark::None
    }
}

fn expects_throw(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|it| it.path == "should_panic" && it.rest.is_empty())
}

/// Finds the tests in a macro's tokens: `#[test] fn name(…) { … }`, and every function in `quickcheck!`; none in an item
/// that calls no macro.
pub(super) fn in_macro(source: &Source<'_>, item: &Item<'_>) -> Vec<Test> {
    let Some((name, tokens)) = called(item.node) else {
        return Vec::new();
    };
    let is_quickcheck = source.text()[name.byte_range()].ends_with("quickcheck");
    let mut tests = Vec::new();
    let mut start = 0;
    for at in 0..tokens.len() {
        if tokens[at].kind() != "token_tree"
            || !source.text()[tokens[at].byte_range()].starts_with('{')
        {
            continue;
        }
        let attributes = attributes(source, &tokens[start..at]);
        if is_quickcheck || attributes.iter().any(Attribute::makes_test) {
            tests.extend(in_tokens(source, item, &tokens[start..=at], &attributes));
        }
        start = at + 1;
    }
    tests
}

/// Returns the name of the macro that an item calls, and the tokens that it is given.
fn called(node: Node<'_>) -> Option<(Node<'_>, Vec<Node<'_>>)> {
    let call = match node.kind() {
        "expression_statement" => node.named_child(0)?,
        _ => node,
    };
    let name = call.child_by_field_name("macro")?;
    let tree = call
        .named_children(&mut call.walk())
        .find(|node| node.kind() == "token_tree")?;
    let mut cursor = tree.walk();
    let tokens = tree.children(&mut cursor);
    let tokens = tokens.filter(|node| !node.kind().ends_with("comment"));
    Some((name, tokens.collect()))
}

/// Reads the attributes among the tokens of a function: a `#`, then a tree in brackets.
fn attributes(source: &Source<'_>, tokens: &[Node<'_>]) -> Vec<Attribute> {
    tokens
        .windows(2)
        .filter(|pair| pair[0].kind() == "#" && pair[1].kind() == "token_tree")
        .map(|pair| Attribute::read(source, pair[1]))
        .collect()
}

fn in_tokens(
    source: &Source<'_>,
    item: &Item<'_>,
    tokens: &[Node<'_>],
    attributes: &[Attribute],
) -> Option<Test> {
    let at = tokens.iter().position(|node| node.kind() == "fn")?;
    let name = tokens.get(at + 1)?;
    let (first, last) = (tokens.first()?, tokens.last()?);
    let without = [name.byte_range()];
    Some(Test {
        path: path(item, &source.text()[name.byte_range()]),
        is_exact: true,
        line: tokens[at].start_position().row + 1,
        range: first.start_byte()..last.end_byte(),
        digest: normal::digest_all(source, tokens, &without),
        assertions: token::assertions(source, *last),
        mark: mark(attributes),
        expects_throw: expects_throw(attributes),
    })
}

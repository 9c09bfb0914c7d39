//! Python's tests as pytest and unittest find them by default
//! (<https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery>).

use std::collections::BTreeSet;
use std::ops::Range;

use tree_sitter::Node;

use super::functions::documents;
use super::scope::{self, Item};
use crate::syntax::{Mark, Source, Test, normal, tree};

/// What a module or class says of all tests in it.
#[derive(Clone, Copy, Default)]
struct Said {
    is_test: bool,
    is_skipped: bool,
    is_parametrized: bool,
}

/// A class and what it takes from others.
struct Class<'t> {
    path: Vec<String>,
    said: Said,
    bases: Vec<&'t str>,
}

pub(in crate::syntax) fn tests(source: &Source<'_>) -> Vec<Test> {
    let items = scope::items(source);
    let module = Said {
        is_test: true,
        ..said_among(source, &items, &[])
    };
    let mut tests = Vec::new();
    let mut cases = BTreeSet::new();
    let mut classes = Vec::new();
    let mut around: Vec<(Range<usize>, Said)> = Vec::new();
    for item in &items {
        while around
            .pop_if(|(range, _)| range.end <= item.whole.start_byte())
            .is_some()
        {}
        let outer = around.last().map_or(module, |(_, said)| *said);
        match item.node.kind() {
            "class_definition" => {
                let inner = item.path(scope::name(source, item.node));
                let body = said_among(source, &items, &inner);
                let said = merged(merged(outer, body), said_by_decorators(source, item.whole));
                let is_test = is_test_class(source, item.node, &mut cases);
                let said = Said { is_test, ..said };
                around.push((item.whole.byte_range(), said));
                classes.push(Class {
                    path: inner,
                    said,
                    bases: bases(source, item.node),
                });
            }
            "function_definition" if outer.is_test => tests.extend(test(source, item, outer)),
            _ => {}
        }
    }
    for class in classes.iter().filter(|class| class.said.is_test) {
        tests.extend(inherited(source, &items, &classes, class));
    }
    tests.sort_by_key(|test| test.range.start);
    tests
}

/// Lists the tests that a class takes from classes of the same file.
fn inherited(
    source: &Source<'_>,
    items: &[Item<'_>],
    classes: &[Class<'_>],
    class: &Class<'_>,
) -> Vec<Test> {
    let mut tests = Vec::new();
    let own = items.iter().filter(|item| item.groups == class.path);
    let mut names: BTreeSet<&str> = own.map(|item| scope::name(source, item.node)).collect();
    let mut open = class.bases.clone();
    // A class takes the marks of its bases as well.
    let mut said = class.said;
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        let base = classes.iter().find(|class| class.path == [name]);
        let Some(base) = base.filter(|_| seen.insert(name)) else {
            continue;
        };
        open.extend(&base.bases);
        said = merged(said, base.said);
        for item in items.iter().filter(|item| item.groups == base.path) {
            let name = scope::name(source, item.node);
            if item.node.kind() == "function_definition" && names.insert(name) {
                let test = test(source, item, said);
                tests.extend(test.map(|test| Test {
                    path: [&class.path[..], &[name.to_owned()]].concat(),
                    ..test
                }));
            }
        }
    }
    tests
}

fn merged(one: Said, other: Said) -> Said {
    Said {
        is_test: one.is_test,
        is_skipped: one.is_skipped || other.is_skipped,
        is_parametrized: one.is_parametrized || other.is_parametrized,
    }
}

fn test(source: &Source<'_>, item: &Item<'_>, around: Said) -> Option<Test> {
    let name = scope::name(source, item.node);
    let body = item.node.child_by_field_name("body")?;
    if !name.starts_with("test") {
        return None;
    }
    let own = merged(around, said_by_decorators(source, item.whole));
    let named = item.node.child_by_field_name("name");
    let mut without: Vec<_> = named.iter().map(Node::byte_range).collect();
    without.extend(documents(item.whole));
    let is_skipped = own.is_skipped || tree::children(body).iter().any(|step| skips(source, *step));
    let (assertions, broad) = count(source, body);
    Some(Test {
        path: item.path(name),
        is_exact: !own.is_parametrized,
        line: item.whole.start_position().row + 1,
        range: item.whole.byte_range(),
        digest: normal::digest(source, item.whole, &without),
        assertions,
        mark: if is_skipped {
            Mark::Skipped
        } else {
            Mark::None
        },
        expects_throw: broad > 0 && broad == assertions,
    })
}

/// Reads `pytestmark` and a `pytest.skip` among the statements of a module or class.
fn said_among(source: &Source<'_>, items: &[Item<'_>], groups: &[String]) -> Said {
    let mut said = Said::default();
    for item in items.iter().filter(|item| item.groups == groups) {
        if let Some(assignment) = scope::assignment(item.node) {
            let target = assignment.child_by_field_name("left");
            if target.is_some_and(|target| scope::text(source, target) == "pytestmark") {
                tree::visit(assignment, |node| {
                    said = merged(said, said_by(scope::last_name(source, node)));
                    node.kind() != "string"
                });
            }
        }
        let stands_alone = item
            .whole
            .parent()
            .is_some_and(|parent| parent.kind() == "module");
        said.is_skipped |= stands_alone && skips(source, item.node);
    }
    said
}

fn said_by_decorators(source: &Source<'_>, whole: Node<'_>) -> Said {
    let decorators = tree::children(whole)
        .into_iter()
        .filter(|child| child.kind() == "decorator");
    decorators
        .filter_map(|decorator| decorator.named_child(0))
        .map(|named| said_by(scope::last_name(source, named)))
        .fold(Said::default(), merged)
}

fn said_by(name: &str) -> Said {
    Said {
        is_test: false,
        is_skipped: name.starts_with("skip") || matches!(name, "xfail" | "expectedFailure"),
        is_parametrized: name.contains("param") || matches!(name, "expand" | "data" | "file_data"),
    }
}

/// Lists the last names of the classes on which a class is built.
fn bases<'t>(source: &Source<'t>, class: Node<'_>) -> Vec<&'t str> {
    let bases = class.child_by_field_name("superclasses");
    let bases = bases.map(tree::children).unwrap_or_default().into_iter();
    bases.map(|base| scope::last_name(source, base)).collect()
}

/// Tells whether a runner looks for tests in a class. The bases may stand in other files: there the name decides.
fn is_test_class<'t>(source: &Source<'t>, class: Node<'_>, cases: &mut BTreeSet<&'t str>) -> bool {
    let name = scope::name(source, class);
    let bases = bases(source, class);
    let is_case = bases
        .iter()
        .any(|base| base.ends_with("TestCase") || cases.contains(base));
    let is_called = ["Test", "Tests", "TestCase"]
        .iter()
        .any(|end| name.ends_with(end));
    if is_case {
        cases.insert(name);
    }
    name.starts_with("Test") || is_case || (is_called && !bases.is_empty())
}

/// Tells whether a statement always ends the test as skipped or expected to fail.
fn skips(source: &Source<'_>, statement: Node<'_>) -> bool {
    let Some(first) = statement.named_child(0) else {
        return false;
    };
    match statement.kind() {
        "expression_statement" if first.kind() == "call" => {
            let called = first.child_by_field_name("function");
            called.is_some_and(|called| {
                matches!(
                    scope::text(source, called),
                    "pytest.skip" | "pytest.xfail" | "self.skipTest" | "skip" | "xfail"
                )
            })
        }
        "raise_statement" => scope::last_name(source, first).ends_with("SkipTest"),
        _ => false,
    }
}

/// Counts the assertions, and those of them that any exception satisfies.
fn count(source: &Source<'_>, body: Node<'_>) -> (usize, usize) {
    let (mut assertions, mut broad) = (0, 0);
    tree::visit(body, |node| {
        match node.kind() {
            "assert_statement" => assertions += usize::from(!is_constant(node)),
            "call" if asserts(scope::last_name(source, node)) => {
                assertions += 1;
                broad += usize::from(takes_any_exception(source, node));
            }
            _ => {}
        }
        true
    });
    (assertions, broad)
}

fn is_constant(assertion: Node<'_>) -> bool {
    let first = assertion.named_child(0);
    first.is_none_or(|first| matches!(first.kind(), "true" | "integer" | "string"))
}

fn asserts(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    let begins = ["assert", "expect", "check", "verify", "should"];
    begins.iter().any(|begin| name.starts_with(begin))
        || matches!(
            name.as_str(),
            "raises" | "warns" | "deprecated_call" | "fail"
        )
}

fn takes_any_exception(source: &Source<'_>, call: Node<'_>) -> bool {
    let name = scope::last_name(source, call);
    let Some(arguments) = call.child_by_field_name("arguments") else {
        return false;
    };
    let arguments = tree::children(arguments);
    let matches_text = arguments
        .iter()
        .any(|argument| scope::name(source, *argument) == "match");
    let is_any = arguments.first().is_some_and(|first| {
        let mut is_any = false;
        tree::visit(*first, |node| {
            is_any |= matches!(scope::text(source, node), "Exception" | "BaseException");
            node.kind() == "tuple"
        });
        is_any
    });
    matches!(name, "raises" | "assertRaises") && is_any && !matches_text
}

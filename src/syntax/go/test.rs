//! Tests: `func TestX(t *testing.T)`, the subtests that it runs, fuzz tests, which run on their seeds, and examples that
//! say what they print (<https://pkg.go.dev/testing>).

use sha2::{Digest, Sha256};
use tree_sitter::Node;

use super::super::{Mark, Source, Test, normal};

/// How deep subtests are looked into.
const DEEPEST: usize = 16;

pub(in super::super) fn tests(source: &Source<'_>) -> Vec<Test> {
    let root = source.tree.root_node();
    let mut tests = Vec::new();
    for node in root.named_children(&mut root.walk()) {
        if node.kind() == "function_declaration" {
            outermost(source, node, &mut tests);
        }
    }
    tests
}

fn text<'s>(source: &'s Source<'_>, node: Node<'_>) -> &'s str {
    &source.text()[node.byte_range()]
}

fn outermost(source: &Source<'_>, node: Node<'_>, tests: &mut Vec<Test>) {
    let (Some(name), Some(body)) = (
        node.child_by_field_name("name"),
        node.child_by_field_name("body"),
    ) else {
        return;
    };
    let named = text(source, name);
    let printed = begins(named, "Example")
        .then(|| printed(source, body))
        .flatten();
    if !is_test(source, node, named) && printed.is_none() {
        return;
    }
    let without = [name.byte_range()];
    tests.push(Test {
        path: vec![named.to_owned()],
        is_exact: true,
        line: node.start_position().row + 1,
        range: node.byte_range(),
        digest: match &printed {
            Some(printed) => digest_of(&(normal::text(source, node, &without) + printed)),
            None => normal::digest(source, node, &without),
        },
        assertions: assertions(source, body) + usize::from(printed.is_some()),
        mark: mark(source, body),
        expects_throw: false,
    });
    subtests(source, body, &[named.to_owned()], tests);
}

/// Returns the digest of an example: what it prints stands in a comment, which says nothing elsewhere.
fn digest_of(said: &str) -> String {
    let bytes = Sha256::digest(said);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Tells whether a function is one that `go test` runs: by its name, and by its one parameter.
fn is_test(source: &Source<'_>, node: Node<'_>, name: &str) -> bool {
    let kind = node.child_by_field_name("parameters").and_then(|list| {
        let only = list
            .named_child(0)
            .filter(|_| list.named_child_count() == 1);
        only?.child_by_field_name("type")
    });
    let kind = kind.map_or("", |kind| text(source, kind));
    begins(name, "Test") && kind.starts_with('*') && kind.ends_with(".T")
        || begins(name, "Fuzz") && kind.starts_with('*') && kind.ends_with(".F")
}

/// Tells whether a name begins with a word: what follows is no small letter.
fn begins(name: &str, word: &str) -> bool {
    name.strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(char::is_lowercase))
}

/// Returns what an example says that it prints: its last comment.
fn printed(source: &Source<'_>, body: Node<'_>) -> Option<String> {
    let mut lines = Vec::new();
    for node in body.children(&mut body.walk()) {
        match node.kind() {
            "comment" => lines.push(text(source, node)),
            "}" => {}
            _ => lines.clear(),
        }
    }
    let is_output = |line: &&str| {
        let words = line
            .trim_start_matches(['/', '*'])
            .trim_start()
            .to_lowercase();
        words.starts_with("output:") || words.starts_with("unordered output:")
    };
    let first = lines.iter().position(is_output)?;
    Some(lines[first..].join("\n"))
}

/// Adds the subtests of a body in the order of the text: `t.Run("name", func(t *testing.T) { … })`.
fn subtests(source: &Source<'_>, body: Node<'_>, path: &[String], tests: &mut Vec<Test>) {
    let mut waiting = vec![(body, path.to_vec())];
    while let Some((node, path)) = waiting.pop() {
        let inner = subtest(source, node, &path).map(|(test, body)| {
            let path = test.path.clone();
            tests.push(test);
            (body, path)
        });
        let mut cursor = node.walk();
        match inner {
            Some((_, path)) if path.len() > DEEPEST => {}
            Some(inner) => waiting.push(inner),
            None => {
                let children: Vec<_> = node.named_children(&mut cursor).collect();
                waiting.extend(children.into_iter().rev().map(|it| (it, path.clone())));
            }
        }
    }
}

fn subtest<'t>(source: &Source<'_>, call: Node<'t>, path: &[String]) -> Option<(Test, Node<'t>)> {
    if call.kind() != "call_expression" || method(source, call)? != "Run" {
        return None;
    }
    let arguments = call.child_by_field_name("arguments")?;
    let (name, function) = (arguments.named_child(0)?, arguments.named_child(1)?);
    let body = function.child_by_field_name("body")?;
    let written = text(source, name);
    let is_exact = name.kind().ends_with("string_literal") && !written.contains('\\');
    let mut path = path.to_vec();
    path.push(written.trim_matches(['"', '`']).to_owned());
    let test = Test {
        path,
        is_exact,
        line: call.start_position().row + 1,
        range: call.byte_range(),
        digest: normal::digest(source, function, &[]),
        assertions: assertions(source, body),
        mark: mark(source, body),
        expects_throw: false,
    };
    Some((test, body))
}

/// Returns the name of the method that is called.
fn method<'s>(source: &'s Source<'_>, call: Node<'_>) -> Option<&'s str> {
    let field = call
        .child_by_field_name("function")?
        .child_by_field_name("field")?;
    Some(text(source, field))
}

/// Tells whether the first statement skips the test.
fn mark(source: &Source<'_>, body: Node<'_>) -> Mark {
    let first = body
        .named_children(&mut body.walk())
        .find(|node| node.kind() == "statement_list")
        .and_then(|list| list.named_child(0))
        .and_then(|statement| statement.named_child(0))
        .filter(|call| call.kind() == "call_expression")
        .and_then(|call| method(source, call));
    match first {
        Some("Skip" | "Skipf" | "SkipNow") => Mark::Skipped,
        _ => Mark::None,
    }
}

/// Counts the calls that let a test fail: `t.Error`, `t.Fatalf`, `require.Equal`, and functions named like an assertion.
fn assertions(source: &Source<'_>, body: Node<'_>) -> usize {
    let mut count = 0;
    let mut waiting = vec![body];
    while let Some(node) = waiting.pop() {
        let function = node.child_by_field_name("function");
        if let Some(function) = function.filter(|_| node.kind() == "call_expression") {
            count += usize::from(is_assertion(text(source, function)));
        }
        let mut cursor = node.walk();
        waiting.extend(node.named_children(&mut cursor));
    }
    count
}

fn is_assertion(function: &str) -> bool {
    let (of, name) = function.rsplit_once('.').unwrap_or(("", function));
    let name = name.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    matches!(of, "assert" | "require")
        || begins(&["assert", "check", "verify", "expect", "require"])
        || !of.is_empty() && begins(&["error", "fatal", "fail"]) && !matches!(of, "fmt" | "errors")
}

//! Tokens in a row, whether they stand in code or in what a macro is given: there the grammar sees nothing else.

use tree_sitter::Node;

use super::super::Source;

/// Lists the tokens of a node, comments left out.
pub(super) fn tokens<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut tokens = Vec::new();
    let mut cursor = node.walk();
    let mut depth = 0_usize;
    loop {
        let node = cursor.node();
        let is_comment = node.kind().ends_with("comment");
        if !is_comment && cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        if !is_comment {
            tokens.push(node);
        }
        loop {
            if depth == 0 {
                return tokens;
            }
            if cursor.goto_next_sibling() {
                break;
            }
            cursor.goto_parent();
            depth -= 1;
        }
    }
}

/// Counts assertions: macros and functions whose name begins like one, and methods that demand an error.
pub(super) fn assertions(source: &Source<'_>, node: Node<'_>) -> usize {
    let tokens = tokens(node);
    let text = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token| &source.text()[token.byte_range()])
    };
    (0..tokens.len())
        .filter(|&at| {
            let before = at.checked_sub(1).map_or("", text);
            match (before, text(at + 1)) {
                ("fn" | "macro_rules", _) => false,
                (_, "!") => is_macro(text(at)) && matches!(text(at + 2), "(" | "[" | "{"),
                (".", "(") => is_method(text(at)),
                (_, "(") => begins(text(at), &["assert", "check", "verify", "expect"]),
                _ => false,
            }
        })
        .count()
}

fn is_macro(name: &str) -> bool {
    let beginnings = [
        "assert",
        "debug_assert",
        "matches",
        "check",
        "verify",
        "expect",
        "insta",
        "prop_assert",
    ];
    begins(name, &beginnings)
}

fn is_method(name: &str) -> bool {
    name == "unwrap_err" || begins(name, &["assert", "check", "verify", "expect_"])
}

fn begins(name: &str, beginnings: &[&str]) -> bool {
    beginnings
        .iter()
        .any(|beginning| name.starts_with(beginning))
}

//! What a piece of text says: its tokens and how they are nested, without layout, comments and the marks of taste that
//! formatters change. It knows how a tree is written down, not what a function or a test is.

use std::ops::Range;

use sha2::{Digest, Sha256};
use tree_sitter::Node;

use super::{Language, Source};

const TOKEN: char = '\u{1f}';
const OPEN: char = '\u{1d}';
const CLOSE: char = '\u{1e}';

/// Returns the SHA-256 of what a node says, in hexadecimal digits.
pub(super) fn digest(source: &Source<'_>, node: Node<'_>, without: &[Range<usize>]) -> String {
    digest_all(source, &[node], without)
}

/// Returns the SHA-256 of what nodes say one after the other, in hexadecimal digits.
pub(super) fn digest_all(
    source: &Source<'_>,
    nodes: &[Node<'_>],
    without: &[Range<usize>],
) -> String {
    let texts = nodes.iter().map(|node| text(source, *node, without));
    Sha256::digest(texts.collect::<String>())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Returns what a node says. The nodes that lie in one of `without` (in order, apart from each other) are passed over,
/// and a comma right after them.
pub(super) fn text(source: &Source<'_>, node: Node<'_>, without: &[Range<usize>]) -> String {
    let mut walk = Walk {
        source,
        without,
        said: String::new(),
        at: node.start_byte(),
        passed: false,
        comma: false,
    };
    let mut cursor = node.walk();
    // The nodes around the cursor: a tree may be deeper than the stack, and asking a node for its parent is slow.
    let mut around: Vec<Node<'_>> = Vec::new();
    loop {
        let inner = cursor.node();
        if walk.enter(inner, around.last()) && cursor.goto_first_child() {
            around.push(inner);
            continue;
        }
        while !around.is_empty() && !cursor.goto_next_sibling() {
            cursor.goto_parent();
            around.pop();
            walk.leave(cursor.node());
        }
        if around.is_empty() {
            return walk.said;
        }
    }
}

/// Whether a node's nesting means anything: parentheses around an expression group what is nested anyway.
fn is_said(node: Node<'_>) -> bool {
    node.is_named() && node.kind() != "parenthesized_expression"
}

struct Walk<'s, 't> {
    source: &'s Source<'t>,
    without: &'s [Range<usize>],
    said: String,
    /// Where what was looked at last ends.
    at: usize,
    /// Whether what was looked at last was passed over.
    passed: bool,
    /// Whether a comma waits for what follows it.
    comma: bool,
}

impl Walk<'_, '_> {
    /// Writes a node's beginning, or all of it where it has no children; tells whether to look at its children.
    fn enter(&mut self, node: Node<'_>, parent: Option<&Node<'_>>) -> bool {
        let kind = node.kind();
        if self.is_without(node) {
            self.passed = true;
            self.at = node.end_byte();
            return false;
        }
        if kind.ends_with("comment") || kind == "line_continuation" {
            self.at = node.end_byte();
            return false;
        }
        // Python's escapes are children of the content, and the rest of it belongs to no child.
        if node.child_count() > 0 && kind != "string_content" {
            if is_said(node) {
                self.write_comma();
                self.said.extend([OPEN]);
                self.said.push_str(kind);
                self.said.push(TOKEN);
            }
            return true;
        }
        self.token(node, parent);
        false
    }

    fn leave(&mut self, node: Node<'_>) {
        if is_said(node) {
            self.said.push(CLOSE);
        }
    }

    fn token(&mut self, node: Node<'_>, parent: Option<&Node<'_>>) {
        let range = node.byte_range();
        // What the grammar did not know belongs to no token.
        let unknown = self.source.text().get(self.at..range.start).unwrap_or("");
        if !unknown.trim().is_empty() {
            self.write(unknown.trim());
        }
        self.at = self.at.max(range.end);
        let text = &self.source.text()[range];
        match node.kind() {
            "," if self.passed || self.comma => self.comma_again(),
            "," => self.comma = true,
            "(" | ")" if parent.is_some_and(|parent| !is_said(*parent)) => {}
            ")" | "]" | "}" | ">" => {
                // A comma that ends a list is a matter of taste.
                self.comma = false;
                self.write(text);
            }
            ";" if self.is_separator(parent) => {}
            "jsx_text" => {
                let words: Vec<&str> = text.split_whitespace().collect();
                self.write(&words.join(" "));
            }
            "'" | "string_start" | "string_end" => {
                self.write(&text.replace('\'', "\"").replace("\"\"\"", "\""));
            }
            _ if !node.is_named() && text.trim().is_empty() => {}
            _ => self.write(text),
        }
        self.passed = false;
    }

    /// Writes the first of two commas in a row; keeps none after what was passed over.
    fn comma_again(&mut self) {
        if self.comma && !self.passed {
            self.write_comma();
            self.comma = true;
        }
    }

    fn write(&mut self, token: &str) {
        self.write_comma();
        self.said.push_str(token);
        self.said.push(TOKEN);
    }

    fn write_comma(&mut self) {
        if std::mem::take(&mut self.comma) {
            self.said.push(',');
            self.said.push(TOKEN);
        }
    }

    fn is_without(&self, node: Node<'_>) -> bool {
        let next = self
            .without
            .partition_point(|range| range.end < node.end_byte());
        self.without.get(next).is_some_and(|range| {
            range.start <= node.start_byte() && node.end_byte() <= range.end && !range.is_empty()
        })
    }

    /// Tells whether a semicolon only ends what the end of a line could end as well.
    fn is_separator(&self, parent: Option<&Node<'_>>) -> bool {
        !matches!(self.source.language(), Language::Rust | Language::Go)
            && parent.is_none_or(|parent| parent.kind() != "for_statement")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(language: Language, text: &str) -> String {
        let source = Source::parse(language, text).expect("the grammar is there");
        super::text(&source, source.tree.root_node(), &[])
    }

    #[track_caller]
    fn alike(language: Language, one: &str, other: &str) {
        assert_eq!(said(language, one), said(language, other), "{one}\n{other}");
    }

    #[track_caller]
    fn unlike(language: Language, one: &str, other: &str) {
        assert_ne!(said(language, one), said(language, other), "{one}\n{other}");
    }

    #[test]
    fn layout_and_comments_say_nothing() {
        alike(
            Language::Python,
            "f(1,  2) # why\n",
            "\n\nf(\n  1,\n  2,\n)",
        );
        alike(Language::Rust, "fn f() { /* a */ g(); }", "fn f(){g();}");
        alike(Language::Go, "func f() { g() }", "func f() {\n\tg()\n}\n");
    }

    #[test]
    fn quotes_and_semicolons_say_nothing_where_they_are_a_matter_of_taste() {
        alike(Language::JavaScript, "a('x');b()", "a(\"x\")\nb()\n");
        alike(Language::Python, "a('x'); b()", "a(\"\"\"x\"\"\")\nb()\n");
        unlike(Language::Python, "a(b'x')", "a('x')");
        unlike(Language::JavaScript, "for(;x;){}", "for(x;;){}");
        unlike(Language::Rust, "fn f() { g(); }", "fn f() { g() }");
    }

    #[test]
    fn parentheses_that_group_nothing_say_nothing() {
        alike(
            Language::Python,
            "assert a == b\n",
            "assert (\n    a == b\n)\n",
        );
        alike(Language::JavaScript, "f(a + b)", "f((a + b))");
        unlike(Language::Python, "(a + b) * c", "a + b * c");
        unlike(Language::Python, "f((a, b))", "f(a, b)");
        unlike(Language::Python, "a = (f)(1)", "a = f");
    }

    #[test]
    fn the_space_within_a_string_says_something() {
        unlike(Language::Python, "a = 'x  \\n y'", "a = 'x \\n y'");
        unlike(Language::JavaScript, "a = `x  ${y}`", "a = `x ${y}`");
        unlike(
            Language::Rust,
            "const A: &str = \" \";",
            "const A: &str = \"\";",
        );
    }

    #[test]
    fn indentation_says_something_in_python() {
        unlike(Language::Python, "if a:\n b\nc\n", "if a:\n b\n c\n");
    }

    #[test]
    fn a_comma_that_means_something_is_kept() {
        unlike(Language::Python, "a = (1,)", "a = (1)");
        unlike(Language::JavaScript, "a = [1,,]", "a = [1,]");
        unlike(Language::JavaScript, "a = [,1]", "a = [1]");
    }

    #[test]
    fn text_that_no_token_holds_is_kept() {
        unlike(Language::Python, "a = $1", "a = €1");
    }

    #[test]
    fn what_is_left_out_takes_its_comma_with_it() {
        let long = "f(a, b, c)";
        let source = Source::parse(Language::JavaScript, long).expect("the grammar is there");
        let left: Vec<String> = [2..3, 5..6, 8..9]
            .map(|range| super::text(&source, source.tree.root_node(), &[range]))
            .into();
        let short = ["f(b, c)", "f(a, c)", "f(a, b)"].map(|text| said(Language::JavaScript, text));
        assert_eq!(left, short);
    }

    #[test]
    fn a_tree_of_any_depth_is_walked() {
        let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
        assert!(said(Language::JavaScript, &deep).len() > 40_000);
    }
}

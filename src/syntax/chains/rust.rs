//! Rust: which nodes lead on. Fields do; paths name items that the compiler looks up, and count as one name. Within a
//! macro's parentheses there are only tokens, which are read as the expressions that they most likely are.

use tree_sitter::Node;

use super::{LONG, Part, Run, short};
use crate::syntax::tree;

pub(super) fn part<'t>(node: Node<'t>, text: &str) -> Option<Part<'t>> {
    Some(match node.kind() {
        "field_expression" => {
            let object = node.child_by_field_name("value")?;
            let name = node.child_by_field_name("field")?;
            match name.kind() {
                // `.0` says no more than `[0]` does.
                "integer_literal" => Part::Through(object),
                _ => Part::Step {
                    object,
                    name,
                    guarded: false,
                },
            }
        }
        "index_expression" | "parenthesized_expression" => {
            Part::Through(tree::children(node).first().copied()?)
        }
        "reference_expression" => Part::Through(node.child_by_field_name("value")?),
        "unary_expression" if text[node.byte_range()].starts_with('*') => {
            Part::Through(tree::children(node).first().copied()?)
        }
        "identifier" | "self" | "scoped_identifier" => Part::Name,
        _ => return None,
    })
}

pub(super) fn is_left_alone(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "attribute_item" | "inner_attribute_item" | "macro_definition"
    )
}

pub(super) fn called(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "call_expression" | "generic_function" => node.child_by_field_name("function"),
        _ => None,
    }
}

/// Reads the chains that stand in a macro's tokens, but for those in parentheses of their own.
pub(super) fn runs(tokens: Node<'_>, text: &str) -> Vec<Run> {
    let mut reader = Reader::default();
    for token in tokens.children(&mut tokens.walk()) {
        reader.read(token, text);
    }
    reader.end();
    reader.runs
}

#[derive(Default)]
struct Reader {
    runs: Vec<Run>,
    run: Run,
    /// What stands behind the last name: a dot, or the `::` of a path.
    joint: Option<Joint>,
}

#[derive(Clone, Copy)]
enum Joint {
    Field,
    Path,
}

impl Reader {
    fn read(&mut self, token: Node<'_>, text: &str) {
        let said = &text[token.byte_range()];
        let count = self.run.names.len();
        match (token.kind(), self.joint) {
            ("identifier" | "self" | "crate" | "super", Some(Joint::Field)) => {
                let at = self.run.at;
                self.run.pieces.push(".".into());
                self.run.name(token, text);
                self.run.at = at;
                self.joint = None;
            }
            ("identifier" | "self" | "crate" | "super", Some(Joint::Path)) => {
                let last = self.run.names.last_mut().map(|named| &mut named.name);
                for last in [last, self.run.pieces.last_mut()].into_iter().flatten() {
                    last.push_str("::");
                    last.push_str(said);
                }
                self.joint = None;
            }
            ("identifier" | "self" | "crate" | "super", None) => {
                self.end();
                self.run.name(token, text);
            }
            ("integer_literal" | "float_literal", Some(Joint::Field)) => {
                self.run.pieces.push(short(&format!(".{said}"), LONG, "…"));
                self.joint = None;
            }
            (".", None) if count > 0 => self.joint = Some(Joint::Field),
            ("::", None) if count == 1 => self.joint = Some(Joint::Path),
            // The types of what is called.
            ("::", None) if count > 1 => self.end_before_called(),
            ("?", None) if count > 0 => {
                self.end();
                self.run.nameless("…?".into(), token.start_byte());
            }
            ("token_tree", None) if count > 0 && said.starts_with('[') => {
                self.run.pieces.push(short(said, LONG, "[…]"));
            }
            ("token_tree", None) if count > 0 && said.starts_with('(') => {
                self.end_before_called();
                self.run.nameless("…".into(), token.start_byte());
            }
            _ => self.end(),
        }
    }

    fn end_before_called(&mut self) {
        self.run.names.pop();
        let pieces = self.run.pieces.len().saturating_sub(2);
        self.run.pieces.truncate(pieces);
        self.end();
    }

    fn end(&mut self) {
        self.joint = None;
        self.runs.push(std::mem::take(&mut self.run));
    }
}

//! The statements that a module runs when it is loaded, those in its classes included. It does not look into functions.

use tree_sitter::Node;

use crate::syntax::{Source, tree};

/// A definition or a simple statement outside functions.
pub(super) struct Item<'t> {
    /// The classes around it, outermost first.
    pub(super) groups: Vec<String>,
    /// All of it, decorators included.
    pub(super) whole: Node<'t>,
    /// It, without decorators.
    pub(super) node: Node<'t>,
}

impl Item<'_> {
    /// Returns the name that it defines, after those of its groups.
    pub(super) fn path(&self, name: &str) -> Vec<String> {
        let mut path = self.groups.clone();
        path.push(name.to_owned());
        path
    }
}

/// Lists them in the order of the text, a class before what is in it.
pub(super) fn items<'t>(source: &'t Source<'_>) -> Vec<Item<'t>> {
    let mut items = Vec::new();
    let mut open = vec![(source.tree.root_node(), Vec::new())];
    while let Some((whole, groups)) = open.pop() {
        let node = whole.child_by_field_name("definition").unwrap_or(whole);
        match node.kind() {
            "class_definition" => {
                let mut inner = groups.clone();
                inner.push(name(source, node).to_owned());
                open.extend(node.child_by_field_name("body").map(|body| (body, inner)));
                items.push(Item {
                    groups,
                    whole,
                    node,
                });
            }
            "module"
            | "block"
            | "if_statement"
            | "elif_clause"
            | "else_clause"
            | "try_statement"
            | "except_clause"
            | "except_group_clause"
            | "finally_clause"
            | "with_statement"
            | "for_statement"
            | "while_statement"
            | "match_statement"
            | "case_clause"
            | "ERROR" => {
                let inner = tree::children(node).into_iter().rev();
                open.extend(inner.map(|child| (child, groups.clone())));
            }
            _ => items.push(Item {
                groups,
                whole,
                node,
            }),
        }
    }
    items
}

/// Returns the name of a definition, or nothing where it has none.
pub(super) fn name<'t>(source: &Source<'t>, node: Node<'_>) -> &'t str {
    node.child_by_field_name("name")
        .map_or("", |name| text(source, name))
}

/// Returns the text of a node.
pub(super) fn text<'t>(source: &Source<'t>, node: Node<'_>) -> &'t str {
    &source.text()[node.byte_range()]
}

/// Returns the last name of what a node calls or names: `raises` of `pytest.raises(ValueError)`.
pub(super) fn last_name<'t>(source: &Source<'t>, node: Node<'_>) -> &'t str {
    let named = node.child_by_field_name("function").unwrap_or(node);
    let last = named.child_by_field_name("attribute").unwrap_or(named);
    text(source, last)
}

/// Returns the string that documents a module, class or function.
pub(super) fn document(body: Node<'_>) -> Option<Node<'_>> {
    let first = tree::children(body).into_iter().next()?;
    let [string] = tree::children(first)[..] else {
        return None;
    };
    let is_string = matches!(string.kind(), "string" | "concatenated_string");
    (first.kind() == "expression_statement" && is_string).then_some(first)
}

/// Returns the assignment that a statement is, if it is one.
pub(super) fn assignment(statement: Node<'_>) -> Option<Node<'_>> {
    let first = statement.named_child(0)?;
    (statement.kind() == "expression_statement" && first.kind() == "assignment").then_some(first)
}

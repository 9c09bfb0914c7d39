//! The functions that a module makes when it is loaded: declared, bound to a name, in objects and classes, handed to
//! calls. It does not look into their bodies, and leaves out what is handed to a test runner.

use tree_sitter::Node;

use super::called;
use crate::syntax::{Source, tree};

/// Deeper than this nobody names things.
const DEEPEST: usize = 32;

/// A function that a module makes.
pub(super) struct Place<'t> {
    /// Its name, groups first.
    pub(super) path: Vec<String>,
    /// All that only says what the function is: the declaration that binds it, an `export`.
    pub(super) whole: Node<'t>,
    /// The function.
    pub(super) node: Node<'t>,
}

/// Something to look into: where it stands and what it is bound to.
struct Open<'t> {
    node: Node<'t>,
    path: Vec<String>,
    /// Whether the last of `path` is what the value is bound to, not a group.
    is_bound: bool,
    whole: Option<Node<'t>>,
}

impl<'t> Open<'t> {
    fn group(&self, node: Node<'t>) -> Self {
        Self {
            node,
            path: self.path.clone(),
            is_bound: false,
            whole: None,
        }
    }

    fn same(&self, node: Node<'t>, whole: Option<Node<'t>>) -> Self {
        Self {
            is_bound: self.is_bound,
            whole,
            ..self.group(node)
        }
    }

    fn named(&self, node: Node<'t>, name: &str, whole: Option<Node<'t>>) -> Self {
        let mut path = self.path.clone();
        path.push(name.to_owned());
        Self {
            node,
            path,
            is_bound: true,
            whole,
        }
    }
}

/// Lists them in the order of the text.
pub(super) fn places<'t>(source: &'t Source<'_>) -> Vec<Place<'t>> {
    let mut places = Vec::new();
    let root = source.tree.root_node();
    let mut stack = vec![Open {
        node: root,
        path: Vec::new(),
        is_bound: false,
        whole: None,
    }];
    while let Some(open) = stack.pop() {
        if open.path.len() > DEEPEST {
            continue;
        }
        let inner = match is_function(open.node) {
            true => {
                places.push(place(source, open));
                continue;
            }
            false => inner(source, &open),
        };
        stack.extend(inner.into_iter().rev());
    }
    places.sort_by_key(|place| place.node.start_byte());
    part(&mut places);
    places
}

/// Gives functions that share all that is around them only what is their own.
fn part(places: &mut [Place<'_>]) {
    let wholes: Vec<_> = places
        .iter()
        .map(|place| place.whole.byte_range())
        .collect();
    for at in 0..places.len() {
        let follows = at > 0 && wholes[at].start < wholes[at - 1].end;
        let precedes = wholes
            .get(at + 1)
            .is_some_and(|next| next.start < wholes[at].end);
        if follows || precedes {
            places[at].whole = places[at].node;
        }
    }
}

pub(super) fn is_function(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "function_declaration"
            | "generator_function_declaration"
            | "function_expression"
            | "generator_function"
            | "arrow_function"
            | "method_definition"
    ) && node.is_named()
}

fn place<'t>(source: &Source<'_>, open: Open<'t>) -> Place<'t> {
    let Open {
        node,
        mut path,
        is_bound,
        whole,
    } = open;
    if !is_bound {
        let name = node.child_by_field_name("name");
        path.push(name.map_or("default", |name| text(source, name)).to_owned());
    }
    Place {
        path,
        whole: whole.unwrap_or(node),
        node,
    }
}

fn inner<'t>(source: &Source<'_>, open: &Open<'t>) -> Vec<Open<'t>> {
    let node = open.node;
    let children = tree::children(node);
    let same = |whole: Option<Node<'t>>| {
        let children = children.iter();
        children.map(|child| open.same(*child, whole)).collect()
    };
    match node.kind() {
        "program" | "statement_block" | "if_statement" | "else_clause" | "try_statement"
        | "catch_clause" | "finally_clause" | "for_statement" | "for_in_statement"
        | "while_statement" | "do_statement" | "labeled_statement" | "switch_statement"
        | "switch_body" | "switch_case" | "switch_default" | "ERROR" | "class_body"
        | "class_static_block" | "return_statement" | "object" => {
            children.iter().map(|child| open.group(*child)).collect()
        }
        "export_statement" | "expression_statement" => same(Some(node)),
        "lexical_declaration" | "variable_declaration" => match children[..] {
            [only] => vec![open.same(only, Some(open.whole.unwrap_or(node)))],
            _ => children
                .iter()
                .map(|child| open.same(*child, Some(*child)))
                .collect(),
        },
        "parenthesized_expression"
        | "as_expression"
        | "satisfies_expression"
        | "non_null_expression"
        | "await_expression" => same(open.whole),
        "array"
        | "ternary_expression"
        | "binary_expression"
        | "unary_expression"
        | "sequence_expression"
        | "spread_element" => same(None),
        "variable_declarator"
        | "pair"
        | "field_definition"
        | "public_field_definition"
        | "assignment_expression"
        | "internal_module"
        | "module" => bound(source, open),
        "class_declaration" | "class" | "abstract_class_declaration" => class(source, open),
        "call_expression" | "new_expression" => call(source, open),
        _ => Vec::new(),
    }
}

fn bound<'t>(source: &Source<'_>, open: &Open<'t>) -> Vec<Open<'t>> {
    let field = |name| open.node.child_by_field_name(name);
    let Some(name) = ["name", "key", "property", "left"]
        .into_iter()
        .find_map(field)
    else {
        return Vec::new();
    };
    let value = ["value", "right", "body"].into_iter().find_map(field);
    let name = exported(text(source, name));
    let whole = match open.node.kind() {
        "pair" | "field_definition" | "public_field_definition" => Some(open.node),
        _ => open.whole,
    };
    let value = value.map(|value| match &name[..] {
        "" => open.same(value, whole),
        _ => open.named(value, &name, whole),
    });
    value.into_iter().collect()
}

/// Returns how others name what is assigned: `add` for `module.exports.add`, `Money.add` for `Money.prototype.add`.
fn exported(target: &str) -> String {
    let bare = ["module.exports", "exports"]
        .into_iter()
        .find_map(|start| target.strip_prefix(start))
        .filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        .unwrap_or(target);
    bare.trim_start_matches('.').replace(".prototype.", ".")
}

fn class<'t>(source: &Source<'_>, open: &Open<'t>) -> Vec<Open<'t>> {
    let body = open.node.child_by_field_name("body");
    let own = open.node.child_by_field_name("name");
    let inner = body.map(|body| match own {
        _ if open.is_bound => open.same(body, None),
        Some(name) => open.named(body, text(source, name), None),
        None => open.named(body, "default", None),
    });
    inner.into_iter().collect()
}

fn call<'t>(source: &Source<'_>, open: &Open<'t>) -> Vec<Open<'t>> {
    if called::test_call(source, open.node).is_some() || called::is_hook(source, open.node) {
        return Vec::new();
    }
    let field = |name| open.node.child_by_field_name(name);
    let Some(callee) = field("function").or_else(|| field("constructor")) else {
        return Vec::new();
    };
    let arguments = field("arguments").map(tree::children).unwrap_or_default();
    let at_once = at_once(callee);
    let mut inner = Vec::new();
    // A function that is called where it stands, or by a module loader, is a module's frame.
    if at_once.is_some() || text(source, callee) == "define" {
        for node in at_once.into_iter().chain(arguments) {
            let node = bare(node);
            match node.child_by_field_name("body") {
                Some(body) if is_function(node) => inner.push(open.group(body)),
                _ => inner.push(open.same(node, None)),
            }
        }
        return inner;
    }
    inner.extend(
        callee
            .child_by_field_name("object")
            .map(|object| open.same(object, None)),
    );
    let count = arguments.len();
    let whole = open.whole.filter(|_| {
        let mut arguments = arguments.iter();
        arguments.all(|argument| {
            let is_name = matches!(argument.kind(), "identifier" | "member_expression");
            let is_title = argument.kind() == "string" && !open.is_bound;
            let is_wrapped = argument.kind() == "call_expression" && count == 1;
            is_name || is_title || is_wrapped || is_function(*argument)
        })
    });
    let name = call_name(source, callee, &arguments);
    inner.extend(arguments.iter().map(|argument| match open.is_bound {
        true => open.same(*argument, whole),
        false => open.named(*argument, &name, whole),
    }));
    inner
}

/// Returns the function that a call calls where it stands: `(function () { … })()`, `(() => { … }).call(this)`.
fn at_once(callee: Node<'_>) -> Option<Node<'_>> {
    let mut inner = callee;
    if callee.kind() == "member_expression" {
        inner = callee.child_by_field_name("object")?;
    }
    inner = bare(inner);
    is_function(inner).then_some(inner)
}

/// Returns what stands in parentheses.
fn bare(node: Node<'_>) -> Node<'_> {
    let mut inner = node;
    while let Some(only) = inner.named_child(0)
        && inner.kind() == "parenthesized_expression"
    {
        inner = only;
    }
    inner
}

/// Names what is handed to a call by what is called and a string handed along: `app.get./users`.
fn call_name(source: &Source<'_>, callee: Node<'_>, arguments: &[Node<'_>]) -> String {
    let named = match callee.child_by_field_name("property") {
        Some(property) if text(source, callee).contains('(') => property,
        _ => callee,
    };
    let title = arguments.first().filter(|first| first.kind() == "string");
    let words = [Some(named), title.copied()].into_iter().flatten();
    words
        .map(|word| text(source, word))
        .collect::<Vec<_>>()
        .join(".")
}

/// Returns the text of a node.
pub(super) fn text<'t>(source: &Source<'t>, node: Node<'_>) -> &'t str {
    &source.text()[node.byte_range()]
}

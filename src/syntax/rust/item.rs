//! Items: what stands in a file, its inline modules, impl blocks and traits, each with its attributes and doc comments.

use std::ops::Range;

use tree_sitter::Node;

use super::super::Source;
use super::attribute::Attribute;

/// How deep modules are looked into; nobody nests them deeper, and a text that does costs no more than this.
const DEEPEST: usize = 64;

/// An item.
#[derive(Debug)]
pub(super) struct Item<'t> {
    /// Itself, without attributes.
    pub(super) node: Node<'t>,
    /// All of it, attributes and doc comments included.
    pub(super) range: Range<usize>,
    /// Its attributes, in order.
    pub(super) attributes: Vec<Node<'t>>,
    /// The modules and types in which it stands.
    pub(super) path: Vec<String>,
    /// The impl block or trait in which it stands.
    pub(super) owner: Option<Node<'t>>,
    /// Whether it, or something around it, is under exactly `#[cfg(test)]`.
    pub(super) is_test: bool,
    /// Whether what is around it is.
    is_within_test: bool,
}

impl<'t> Item<'t> {
    /// Reads its attributes.
    pub(super) fn attributes(&self, source: &Source<'_>) -> Vec<Attribute> {
        read(source, &self.attributes)
    }

    /// Returns its attributes and itself, in the order of the text.
    pub(super) fn nodes(&self) -> Vec<Node<'t>> {
        let nodes = self.attributes.iter().chain([&self.node]);
        nodes.copied().collect()
    }

    /// Returns the text of its name, if it has one.
    pub(super) fn name<'s>(&self, source: &'s Source<'_>) -> Option<&'s str> {
        let name = self.node.child_by_field_name("name")?;
        Some(&source.text()[name.byte_range()])
    }

    /// Returns the items within it, each where it stands.
    fn inner(&self, source: &Source<'t>) -> Vec<Self> {
        let Some(body) = self.node.child_by_field_name("body") else {
            return Vec::new();
        };
        let is_owner = match self.node.kind() {
            "mod_item" => false,
            "impl_item" | "trait_item" => true,
            _ => return Vec::new(),
        };
        let mut path = self.path.clone();
        path.extend(self.group(source));
        if path.len() > DEEPEST {
            return Vec::new();
        }
        let around = Around {
            path,
            owner: is_owner.then_some(self.node),
            is_test: self.is_test,
        };
        around.items(source, body)
    }

    /// Returns how what stands in it is grouped: by the module, the trait, or the type that a block is for.
    fn group(&self, source: &Source<'_>) -> Option<String> {
        match self.node.child_by_field_name("type") {
            Some(kind) if self.node.kind() == "impl_item" => Some(type_name(source, kind)),
            _ => self.name(source).map(str::to_owned),
        }
    }
}

/// What is around an item.
struct Around<'t> {
    path: Vec<String>,
    owner: Option<Node<'t>>,
    is_test: bool,
}

impl<'t> Around<'t> {
    fn items(&self, source: &Source<'t>, container: Node<'t>) -> Vec<Item<'t>> {
        let mut items = Vec::new();
        let mut start = None;
        let mut attributes = Vec::new();
        let mut cursor = container.walk();
        for node in container.named_children(&mut cursor) {
            match node.kind() {
                "attribute_item" => {
                    start.get_or_insert(node.start_byte());
                    attributes.push(node);
                }
                "line_comment" | "block_comment" => {
                    if node.child_by_field_name("outer").is_some() {
                        start.get_or_insert(node.start_byte());
                    }
                }
                "inner_attribute_item" => {}
                _ => {
                    let attributes = std::mem::take(&mut attributes);
                    let start = start.take().unwrap_or(node.start_byte());
                    items.push(self.item(source, node, start, attributes));
                }
            }
        }
        items
    }

    fn item(
        &self,
        source: &Source<'_>,
        node: Node<'t>,
        start: usize,
        attributes: Vec<Node<'t>>,
    ) -> Item<'t> {
        let is_test = read(source, &attributes)
            .iter()
            .any(Attribute::is_for_tests);
        Item {
            node,
            range: start..node.end_byte(),
            attributes,
            path: self.path.clone(),
            owner: self.owner,
            is_test: is_test || self.is_test,
            is_within_test: self.is_test,
        }
    }
}

fn read(source: &Source<'_>, attributes: &[Node<'_>]) -> Vec<Attribute> {
    let one = |node: &Node<'_>| Attribute::read(source, *node);
    attributes.iter().map(one).collect()
}

/// Lists all items in the order of the text, those around others first; what stands within functions is not among them.
pub(super) fn items<'t>(source: &'t Source<'_>) -> Vec<Item<'t>> {
    let root = source.tree.root_node();
    let around = Around {
        path: Vec::new(),
        owner: None,
        is_test: is_file_for_tests(source),
    };
    let mut waiting = around.items(source, root);
    waiting.reverse();
    let mut items = Vec::new();
    while let Some(item) = waiting.pop() {
        waiting.extend(item.inner(source).into_iter().rev());
        items.push(item);
    }
    items
}

/// Tells whether the whole file is under `#![cfg(test)]`.
fn is_file_for_tests(source: &Source<'_>) -> bool {
    let root = source.tree.root_node();
    let mut cursor = root.walk();
    root.named_children(&mut cursor)
        .filter(|node| node.kind() == "inner_attribute_item")
        .any(|node| Attribute::read(source, node).is_for_tests())
}

pub(in super::super) fn test_items(source: &Source<'_>) -> Vec<Range<usize>> {
    if is_file_for_tests(source) {
        return std::iter::once(0..source.text().len()).collect();
    }
    let of_tests = |item: &Item<'_>| item.is_test && !item.is_within_test;
    let items = items(source);
    let found = items.into_iter().filter(of_tests);
    found.map(|item| item.range).collect()
}

/// Returns the name that a type is known by: `Money` for `crate::Money<T>`, `str` for `&'a str`, `u8` for `[u8; 4]`.
fn type_name(source: &Source<'_>, kind: Node<'_>) -> String {
    let mut node = kind;
    loop {
        let inner = match node.kind() {
            "type_identifier" | "primitive_type" | "identifier" => break,
            "scoped_type_identifier" => node.child_by_field_name("name"),
            "generic_type" | "reference_type" | "pointer_type" => node.child_by_field_name("type"),
            "array_type" => node.child_by_field_name("element"),
            "dynamic_type" => node.child_by_field_name("trait"),
            _ => node.named_child(0),
        };
        match inner {
            Some(inner) => node = inner,
            None => break,
        }
    }
    let text = &source.text()[node.byte_range()];
    let is_word = |character: &char| character.is_alphanumeric() || *character == '_';
    text.chars().filter(is_word).collect()
}

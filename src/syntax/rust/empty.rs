//! The value that an empty body returns: a default where the type is known to have one.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::super::Source;
use super::item::{Item, items};

/// How deep a type is looked into.
const DEEPEST: usize = 8;

/// Types of the standard library that have a default whatever their arguments are.
const ALWAYS: &[&str] = &[
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Duration",
    "HashMap",
    "HashSet",
    "LinkedList",
    "OsString",
    "PathBuf",
    "PhantomData",
    "String",
    "Vec",
    "VecDeque",
];

/// Types of the standard library that have a default where their argument has one.
const AROUND: &[&str] = &["Arc", "Box", "Cell", "Mutex", "Rc", "RefCell", "RwLock"];

/// The types of a file of which a default is known.
pub(super) struct Defaults<'s, 't> {
    source: &'s Source<'t>,
    /// Those that derive it. One that is written by hand may call the very function that is stubbed.
    derived: BTreeSet<String>,
    /// All types that the file defines: they hide those of the standard library.
    defined: BTreeSet<String>,
}

impl<'s, 't> Defaults<'s, 't> {
    /// Collects them.
    pub(super) fn of(source: &'s Source<'t>) -> Self {
        let mut derived = BTreeSet::new();
        let mut defined = BTreeSet::new();
        for item in items(source) {
            let is_type = matches!(
                item.node.kind(),
                "struct_item" | "enum_item" | "union_item" | "type_item"
            );
            let Some(name) = item.name(source).filter(|_| is_type) else {
                continue;
            };
            defined.insert(name.to_owned());
            if derives_default(source, &item) && !has_parameters(item.node) {
                derived.insert(name.to_owned());
            }
        }
        Self {
            source,
            derived,
            defined,
        }
    }

    /// Returns what a function's empty body returns; nothing for no value, `None` where no value is known.
    pub(super) fn returned(&self, item: &Item<'_>) -> Option<String> {
        let is_const = item
            .node
            .named_children(&mut item.node.walk())
            .filter(|node| node.kind() == "function_modifiers")
            .any(|node| self.text(node).split_whitespace().any(|it| it == "const"));
        let Some(kind) = item.node.child_by_field_name("return_type") else {
            return Some(String::new());
        };
        if self.is_receiver(kind, item.node) {
            return Some("self".to_owned());
        }
        let value = self.value(kind, item.owner, 0)?;
        // A trait's function cannot be called in a constant.
        (!is_const || !value.contains("default()")).then_some(value)
    }

    /// Tells whether a method returns what it is called on: `&mut self` and `&mut Self`.
    fn is_receiver(&self, kind: Node<'_>, function: Node<'_>) -> bool {
        let receiver = function
            .child_by_field_name("parameters")
            .and_then(|list| list.named_child(0))
            .filter(|first| first.kind() == "self_parameter");
        receiver.is_some_and(|receiver| {
            let receiver = self.text(receiver);
            let receiver = receiver.strip_prefix("mut ").unwrap_or(receiver);
            receiver.replace("self", "Self") == self.text(kind)
        })
    }

    fn value(&self, kind: Node<'_>, owner: Option<Node<'_>>, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let value = match kind.kind() {
            "unit_type" => "()".to_owned(),
            "primitive_type" => primitive(self.text(kind))?.to_owned(),
            "tuple_type" => self.tuple(kind, owner, depth)?,
            "array_type" => self.array(kind, owner, depth)?,
            "reference_type" => self.reference(kind)?.to_owned(),
            "type_identifier" | "scoped_type_identifier" | "generic_type" => {
                self.named(kind, owner, depth)?
            }
            _ => return None,
        };
        Some(value)
    }

    fn tuple(&self, kind: Node<'_>, owner: Option<Node<'_>>, depth: usize) -> Option<String> {
        let mut cursor = kind.walk();
        let parts: Option<Vec<String>> = kind
            .named_children(&mut cursor)
            .filter(|part| !part.kind().ends_with("comment"))
            .map(|part| Some(self.value(part, owner, depth + 1)? + ","))
            .collect();
        Some(format!("({})", parts?.join(" ")))
    }

    fn array(&self, kind: Node<'_>, owner: Option<Node<'_>>, depth: usize) -> Option<String> {
        let length = kind.child_by_field_name("length")?;
        let element = kind.child_by_field_name("element")?;
        let value = self.value(element, owner, depth + 1)?;
        // Only what can be copied can be repeated.
        let is_copied = element.kind() == "primitive_type" || element.kind() == "reference_type";
        is_copied.then(|| format!("[{value}; {}]", self.text(length)))
    }

    fn reference(&self, kind: Node<'_>) -> Option<&'static str> {
        let is_mutable = kind
            .named_children(&mut kind.walk())
            .any(|child| child.kind() == "mutable_specifier");
        let inner = kind.child_by_field_name("type")?;
        match (inner.kind(), is_mutable) {
            ("primitive_type", false) if self.text(inner) == "str" => Some("\"\""),
            ("array_type", false) if inner.child_by_field_name("length").is_none() => Some("&[]"),
            ("array_type", true) if inner.child_by_field_name("length").is_none() => {
                Some("&mut []")
            }
            _ => None,
        }
    }

    fn named(&self, kind: Node<'_>, owner: Option<Node<'_>>, depth: usize) -> Option<String> {
        let base = kind.child_by_field_name("type").unwrap_or(kind);
        let path: String = self.text(base).split_whitespace().collect();
        let name = path.rsplit("::").next().unwrap_or(&path);
        let first = self.arguments(kind).into_iter().next();
        if name == "Self" {
            let kind = owner?.child_by_field_name("type")?;
            let kind = kind.child_by_field_name("type").unwrap_or(kind);
            return self.derived_value(self.text(kind));
        }
        // A result of one's own is most often a shorter name of the usual one.
        if self.defined.contains(name) && name != "Result" {
            return self.derived_value(name);
        }
        match name {
            "Option" => Some("None".to_owned()),
            "Result" => match first {
                Some(first) => Some(format!("Ok({})", self.value(first, owner, depth + 1)?)),
                None => path.ends_with("fmt::Result").then(|| "Ok(())".to_owned()),
            },
            _ if ALWAYS.contains(&name) || name.starts_with("Atomic") => {
                Some("Default::default()".to_owned())
            }
            "Cow" => self.has_text(kind).then(|| "Default::default()".to_owned()),
            _ if AROUND.contains(&name) => {
                let around = self.value(first?, owner, depth + 1);
                around.map(|_| "Default::default()".to_owned())
            }
            _ => None,
        }
    }

    fn derived_value(&self, name: &str) -> Option<String> {
        let is_derived = self.derived.contains(name);
        is_derived.then(|| "Default::default()".to_owned())
    }

    /// Returns the arguments of a type, lifetimes left out.
    fn arguments<'n>(&self, kind: Node<'n>) -> Vec<Node<'n>> {
        let Some(list) = kind.child_by_field_name("type_arguments") else {
            return Vec::new();
        };
        list.named_children(&mut list.walk())
            .filter(|node| node.kind() != "lifetime" && !node.kind().ends_with("comment"))
            .collect()
    }

    fn has_text(&self, kind: Node<'_>) -> bool {
        self.arguments(kind)
            .first()
            .is_some_and(|first| self.text(*first) == "str")
    }

    fn text(&self, node: Node<'_>) -> &'s str {
        &self.source.text()[node.byte_range()]
    }
}

fn primitive(name: &str) -> Option<&'static str> {
    Some(match name {
        "bool" => "false",
        "char" => "'\\0'",
        "f32" | "f64" => "0.0",
        "str" => return None,
        _ => "0",
    })
}

fn derives_default(source: &Source<'_>, item: &Item<'_>) -> bool {
    item.attributes(source).iter().any(|attribute| {
        attribute.path == "derive"
            && attribute
                .rest
                .split(['(', ')', ',', ':'])
                .any(|name| name == "Default")
    })
}

/// Tells whether a type has parameters other than lifetimes.
fn has_parameters(node: Node<'_>) -> bool {
    node.child_by_field_name("type_parameters")
        .is_some_and(|list| {
            list.named_children(&mut list.walk())
                .any(|parameter| parameter.kind() != "lifetime_parameter")
        })
}

//! Chains of attributes: how far an expression reaches into what it begins with. One walk for all languages; which nodes
//! lead on is known to a file each.

mod javascript;
mod python;
mod rust;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};

use tree_sitter::Node;

use super::{Language, Source, tree};

/// Attributes one after another, as an expression writes them: `order.customer.account`. What is called does not count, a
/// call asks for it; what follows a call, `?.` or `?` begins anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The lines from its first name to its last, from 1.
    pub lines: RangeInclusive<u32>,
    /// What it says, on one line; what is long is cut short.
    pub text: String,
    /// Its names, the first being what it begins with: a path (`std::env::VAR`), a module (`os.path`), or `(…)` for what
    /// has no name.
    pub names: Vec<String>,
}

/// What begins a chain without being a name.
const NAMELESS: &str = "(…)";
/// The longest text of something that has no name.
const LONG: usize = 40;
/// The longest text of a chain.
const LONGEST: usize = 160;

/// How an expression stands to the one that it is made of.
enum Part<'t> {
    /// It is an attribute of `object`; `guarded` where nothing happens if that is not there.
    Step {
        object: Node<'t>,
        name: Node<'t>,
        guarded: bool,
    },
    /// It is the same thing, or a numbered part of it.
    Through(Node<'t>),
    /// It is a name.
    Name,
    /// It is something else.
    Other,
}

/// Lists the chains of two names and more in the order of the text, those in test items left out.
pub(super) fn chains(source: &Source<'_>) -> Vec<Chain> {
    let Some(grammar) = Grammar::of(source) else {
        return Vec::new();
    };
    let tests = tree::outermost(source.test_items());
    let mut walk = Walk {
        text: source.text(),
        grammar,
        tests,
        told: HashSet::new(),
        called: HashSet::new(),
        found: Vec::new(),
    };
    tree::visit(source.tree.root_node(), |node| {
        if walk.grammar.is_left_alone(node) {
            return false;
        }
        walk.see(node);
        true
    });
    walk.found.sort_by_key(|(at, _)| *at);
    walk.found.into_iter().map(|(_, chain)| chain).collect()
}

/// What the walk asks of a language.
struct Grammar<'s> {
    language: Language,
    /// The modules that a Python file imports by dotted names, by the first of these.
    modules: HashMap<&'s str, Vec<Vec<&'s str>>>,
}

impl<'s> Grammar<'s> {
    fn of(source: &'s Source<'_>) -> Option<Self> {
        let language = source.language();
        let modules = match language {
            Language::Go => return None,
            Language::Python => python::modules(source),
            _ => HashMap::new(),
        };
        Some(Self { language, modules })
    }

    fn part<'t>(&self, node: Node<'t>, text: &str) -> Part<'t> {
        let part = match self.language {
            Language::Python => python::part(node),
            Language::Rust => rust::part(node, text),
            _ => javascript::part(node),
        };
        part.unwrap_or(Part::Other)
    }

    /// Says whether nothing in a node reaches into an object: types, imports, attributes of Rust.
    fn is_left_alone(&self, node: Node<'_>) -> bool {
        match self.language {
            Language::Python => python::is_left_alone(node),
            Language::Rust => rust::is_left_alone(node),
            _ => javascript::is_left_alone(node),
        }
    }

    /// Returns what a node calls.
    fn called<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        match self.language {
            Language::Python => python::called(node),
            Language::Rust => rust::called(node),
            _ => javascript::called(node),
        }
    }

    /// Lists the expressions in a node that only say which class, decorator or element is meant.
    fn meant<'t>(&self, node: Node<'t>) -> Vec<Node<'t>> {
        match self.language {
            Language::Python => python::meant(node),
            Language::Rust => Vec::new(),
            _ => javascript::meant(node),
        }
    }

    /// Says how many of the first names are a module and its parents.
    fn module(&self, names: &[Named]) -> usize {
        let first = names.first().map_or("", |named| named.name.as_str());
        let known = self.modules.get(first).into_iter().flatten();
        let is_meant = |module: &&Vec<&str>| {
            module.len() <= names.len() && module.iter().zip(names).all(|(a, b)| *a == b.name)
        };
        known.filter(is_meant).map(Vec::len).max().unwrap_or(0)
    }
}

struct Walk<'s> {
    text: &'s str,
    grammar: Grammar<'s>,
    /// The test items, in the order of the text.
    tests: Vec<Range<usize>>,
    /// The nodes that belong to a chain which begins at a node around them.
    told: HashSet<usize>,
    /// The nodes that are called.
    called: HashSet<usize>,
    /// With the place in the text at which each begins.
    found: Vec<(usize, Chain)>,
}

impl Walk<'_> {
    fn see(&mut self, node: Node<'_>) {
        if let Some(called) = self.grammar.called(node) {
            self.called.insert(called.id());
        }
        for meant in self.grammar.meant(node) {
            self.follow(meant);
        }
        if node.kind() == "token_tree" && self.grammar.language == Language::Rust {
            for run in rust::runs(node, self.text) {
                self.find(run);
            }
        }
        if self.told.contains(&node.id()) {
            return;
        }
        if let Part::Step { object, .. } = self.grammar.part(node, self.text) {
            let top = match self.called.contains(&node.id()) {
                true => object,
                false => node,
            };
            self.told.insert(node.id());
            for run in self.follow(top) {
                self.find(run);
            }
        }
    }

    fn find(&mut self, mut run: Run) {
        let module = self.grammar.module(&run.names);
        if module > 1 {
            let parts: Vec<Named> = run.names.drain(..module).collect();
            let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
            run.names.insert(
                0,
                Named {
                    name: names.join("."),
                    line: parts[0].line,
                },
            );
        }
        if run.names.len() > 1 && !self.is_test(run.at) {
            self.found.push((run.at, run.chain()));
        }
    }

    /// Says whether a place in the text lies in a test item.
    fn is_test(&self, at: usize) -> bool {
        let after = self.tests.partition_point(|test| test.end <= at);
        self.tests.get(after).is_some_and(|test| test.start <= at)
    }

    /// Walks from the last step of a chain to what it begins with, and takes it apart where it begins anew.
    fn follow(&mut self, top: Node<'_>) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut run = Run::default();
        let mut node = top;
        loop {
            match self.grammar.part(node, self.text) {
                Part::Step {
                    object,
                    name,
                    guarded,
                } => {
                    self.told.insert(node.id());
                    run.name(name, self.text);
                    if guarded {
                        run.pieces.push("…?.".into());
                        runs.push(std::mem::take(&mut run).turned());
                    } else {
                        run.pieces.push(".".into());
                    }
                    node = object;
                }
                Part::Through(inner) => {
                    let rest = self.text.get(inner.end_byte()..node.end_byte());
                    if let Some(index) = rest.map(str::trim).filter(|rest| says_which(rest)) {
                        run.pieces.push(short(index, LONG, "[…]"));
                    }
                    self.told.insert(node.id());
                    node = inner;
                }
                Part::Name => {
                    run.name(node, self.text);
                    break;
                }
                Part::Other => {
                    let text = &self.text[node.byte_range()];
                    run.nameless(short(text, LONG, "…"), node.start_byte());
                    break;
                }
            }
        }
        runs.push(run.turned());
        runs
    }
}

/// A name and its line; none where it is none.
struct Named {
    name: String,
    line: Option<u32>,
}

/// A chain that is being read.
#[derive(Default)]
struct Run {
    names: Vec<Named>,
    pieces: Vec<String>,
    at: usize,
}

impl Run {
    fn name(&mut self, node: Node<'_>, text: &str) {
        let name = &text[node.byte_range()];
        self.names.push(Named {
            name: name.to_owned(),
            line: u32::try_from(node.start_position().row + 1).ok(),
        });
        self.pieces.push(name.to_owned());
        self.at = node.start_byte();
    }

    fn nameless(&mut self, text: String, at: usize) {
        self.names.push(Named {
            name: NAMELESS.into(),
            line: None,
        });
        self.pieces.push(text);
        self.at = at;
    }

    /// Turns what was found last first into the order of the text.
    fn turned(mut self) -> Self {
        self.names.reverse();
        self.pieces.reverse();
        self
    }

    fn chain(self) -> Chain {
        let lines = || self.names.iter().filter_map(|named| named.line);
        let first = lines().min().unwrap_or(1);
        Chain {
            lines: first..=lines().max().unwrap_or(first),
            text: middle_cut(&self.pieces.concat()),
            names: self.names.into_iter().map(|named| named.name).collect(),
        }
    }
}

/// Says whether a text is an index or a number: `[0]`, `.0`.
fn says_which(text: &str) -> bool {
    text.ends_with(']') || text.starts_with('.')
}

/// Returns a text, or what stands for it where it is long or has several lines.
fn short(text: &str, most: usize, instead: &str) -> String {
    match text.len() <= most && !text.contains(['\n', '\r']) {
        true => text.to_owned(),
        false => instead.to_owned(),
    }
}

/// Takes the middle out of what is too long for a line of a terminal.
fn middle_cut(text: &str) -> String {
    let count = text.chars().count();
    if count <= LONGEST {
        return text.to_owned();
    }
    let half = LONGEST / 2;
    let begin: String = text.chars().take(half).collect();
    let end: String = text.chars().skip(count - half).collect();
    format!("{begin}…{end}")
}

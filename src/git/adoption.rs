//! Where the workflow began (DESIGN.md, section 3), and the line that leads there from a tip.

use std::collections::HashMap;

use git2::Oid;

use super::graph::{Graph, Place, Places};
use super::{Error, POLICY_FILE, Plan, Repository};

/// The way from a tip down to the adoption: first parents but for the turns.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The commit that adopted the workflow: the oldest of the line that holds a policy.
    pub adoption: Option<Oid>,
    /// Merges whose first parent had nothing to do with the workflow while another had lived by it: and that other.
    pub turns: HashMap<Oid, Oid>,
}

impl Line {
    /// Returns the commit below one of the line, by its parents.
    pub fn below(&self, commit: Oid, parents: &[Oid]) -> Option<Oid> {
        let turn = self.turns.get(&commit).copied();
        turn.or_else(|| parents.first().copied())
    }
}

impl Repository {
    /// Finds the commit that adopted the workflow: the oldest on the first-parent chain of `tip` that holds a policy.
    ///
    /// # Errors
    /// A commit is missing.
    pub fn adoption(&self, tip: Oid) -> Result<Option<Oid>, Error> {
        let mut oldest = None;
        let (mut last_tree, mut last_has) = (None, false);
        for commit in self.first_parents(tip) {
            let commit = commit?;
            let has = if last_tree == Some(commit.tree) {
                last_has
            } else {
                self.entry(commit.tree, POLICY_FILE.as_bytes())?.is_some()
            };
            (last_tree, last_has) = (Some(commit.tree), has);
            if has {
                oldest = Some(commit.id);
            }
        }
        Ok(oldest)
    }

    /// Finds the line from `tip` to the adoption, as [`Repository::line`] does, where nobody has looked at history yet.
    ///
    /// # Errors
    /// An object is missing.
    pub fn line_to_adoption(&self, tip: Oid) -> Result<Line, Error> {
        let straight = Line {
            adoption: self.adoption(tip)?,
            turns: HashMap::new(),
        };
        let Some(adoption) = straight.adoption else {
            return Ok(straight);
        };
        let mut has_merged = false;
        for commit in self.first_parents(adoption) {
            has_merged |= commit?.parents.len() > 1;
        }
        if !has_merged {
            return Ok(straight);
        }
        let graph = self.graph(&[tip])?;
        let beneath = graph.reach(graph.find(adoption));
        let mut holding = graph.nothing();
        for place in beneath.iter() {
            if self.holds_policy(graph.tree(place))? {
                holding.add(place);
            }
        }
        // What stands above matters no more than that it leads down.
        for place in graph
            .find(tip)
            .into_iter()
            .flat_map(|tip| graph.first_parents(tip))
        {
            if !beneath.holds(place) {
                holding.add(place);
            }
        }
        self.line(&graph, tip, &holding)
    }

    /// Finds the line from `tip` to the adoption; `holding` are those commits of the line, and of all below its oldest one,
    /// that hold a policy.
    ///
    /// Whoever makes a tip chooses its first parent. One that never heard of the workflow would make everything that the
    /// others bring older than it, so there the line turns to the first of them on which more was done than to adopt it.
    ///
    /// # Errors
    /// An object is missing.
    pub fn line(&self, graph: &Graph, tip: Oid, holding: &Places) -> Result<Line, Error> {
        let mut line = Line::default();
        let adopted = graph.above(holding.iter());
        let mut next = graph.find(tip);
        while let Some(place) = next {
            if holding.holds(place) {
                line.adoption = Some(graph.id(place));
            }
            let first = graph.first_parent(place);
            next = first.filter(|&first| adopted.holds(first));
            if next.is_some() || first.is_none() {
                continue;
            }
            for side in graph.parents(place).filter(|&side| adopted.holds(side)) {
                if self.is_lived_in(graph, &adopted, side)? {
                    line.turns.insert(graph.id(place), graph.id(side));
                    next = Some(side);
                    break;
                }
            }
        }
        Ok(line)
    }

    /// Whether a commit that `tip` reaches changed, under a policy, more than the adoption of one may.
    fn is_lived_in(&self, graph: &Graph, adopted: &Places, tip: Place) -> Result<bool, Error> {
        for place in graph.reach([tip]).iter() {
            if adopted.holds(place) && self.does_more_than_adopt(graph, place)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn does_more_than_adopt(&self, graph: &Graph, place: Place) -> Result<bool, Error> {
        if graph.is_cut(place) {
            return Ok(false);
        }
        let tree = graph.tree(place);
        let parents: Vec<Oid> = graph
            .parents(place)
            .map(|parent| graph.id(parent))
            .collect();
        let deltas = match parents[..] {
            // A root commit may bring what it likes.
            [] => return Ok(false),
            [parent] => self.diff(Some(self.tree_of(parent)?), Some(tree))?,
            _ => self.beyond_merge(&Plan::Parents(parents), tree)?,
        };
        Ok(!self.beside_adoption(tree, &deltas).is_empty())
    }

    fn holds_policy(&self, tree: Oid) -> Result<bool, Error> {
        Ok(self.entry(tree, POLICY_FILE.as_bytes())?.is_some())
    }
}

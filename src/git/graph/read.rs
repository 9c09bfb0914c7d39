//! From commit objects to a [`Graph`].

use std::collections::HashSet;
use std::path::Path;

use git2::{ObjectType, Oid};

use super::index::Index;
use super::{ABSENT, Graph, Place, kept, slice};
use crate::git::{Error, Repository};

/// The commits in the order in which they were come upon.
#[derive(Default)]
pub(super) struct Found {
    pub(super) width: usize,
    pub(super) ids: Vec<u8>,
    pub(super) trees: Vec<u8>,
    pub(super) starts: Vec<u32>,
    pub(super) parents: Vec<Place>,
    pub(super) times: Vec<i64>,
    pub(super) index: Index,
}

impl Repository {
    /// Reads all that `tips` reach, parents beyond the edge of a shallow clone left out.
    ///
    /// # Errors
    /// A commit is missing.
    pub fn graph(&self, tips: &[Oid]) -> Result<Graph, Error> {
        let mut found = Found::new(self.id_width());
        let tips = self.find_all(&mut found, tips)?;
        Ok(found.sorted(&tips))
    }

    /// As [`Self::graph`], with what an earlier call has kept in this file, and keeps what it found.
    ///
    /// # Errors
    /// A commit is missing.
    pub fn graph_kept(&self, tips: &[Oid], path: &Path) -> Result<Graph, Error> {
        // Where a shallow clone ends may change at any time.
        if self.is_shallow() {
            return self.graph(tips);
        }
        let width = self.id_width();
        let mut found = kept::read(path, width).unwrap_or_else(|| Found::new(width));
        let known = found.times.len();
        let tips = self.find_all(&mut found, tips)?;
        if found.times.len() > known {
            // Where nothing can be kept, the next one reads history again.
            let _ = kept::write(path, &found);
        }
        Ok(found.sorted(&tips))
    }

    /// Reads all that `tips` reach and that is not found yet; returns the places of the tips.
    fn find_all(&self, found: &mut Found, tips: &[Oid]) -> Result<Vec<Place>, Error> {
        let edge = self.shallow_edge();
        let odb = self.odb()?;
        let mut next = found.len();
        let tips = tips.iter().map(|tip| found.add(tip.as_bytes())).collect();
        while next < found.len() {
            let oid = super::oid(slice(&found.ids, next as Place, found.width));
            let object = self.with_object(oid, || odb.read(oid))?;
            if object.kind() != ObjectType::Commit {
                return Err(damaged(oid, "it is another kind of object"));
            }
            found.take(oid, object.data(), edge.contains(&oid))?;
            next += 1;
        }
        Ok(tips)
    }

    /// The commits whose parents a shallow clone leaves out (gitrepository-layout(5)).
    pub(in crate::git) fn shallow_edge(&self) -> HashSet<Oid> {
        if !self.is_shallow() {
            return HashSet::new();
        }
        let path = self.common_folder().join("shallow");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let ids = text.lines().map(str::trim);
        ids.filter_map(|id| self.oid(id).ok()).collect()
    }
}

impl Found {
    fn new(width: usize) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    /// How many commits are known, read or only named.
    fn len(&self) -> usize {
        self.ids.len() / self.width
    }

    fn add(&mut self, id: &[u8]) -> Place {
        if let Some(place) = self.index.find(id, self.width, &self.ids) {
            return place;
        }
        // More commits than this counts would not fit into memory.
        let place = self.len() as Place;
        self.ids.extend_from_slice(id);
        self.index.add(place, self.width, &self.ids);
        place
    }

    /// Reads the head of the next commit (git-cat-file(1), `commit`).
    fn take(&mut self, oid: Oid, data: &[u8], is_edge: bool) -> Result<(), Error> {
        self.starts.push(self.parents.len() as u32);
        let mut id = [0; 32];
        let id = &mut id[..self.width];
        // As git reads them: the first tree counts, and the parents that stand right behind it.
        let (mut has_tree, mut takes_parents, mut time) = (false, false, 0);
        for line in data.split(|&byte| byte == b'\n') {
            if line.starts_with(b"tree ") && has_tree {
                takes_parents = false;
            } else if let Some(text) = line.strip_prefix(b"tree ") {
                unhex(text, id).ok_or_else(|| damaged(oid, "its tree is no id"))?;
                self.trees.extend_from_slice(id);
                (has_tree, takes_parents) = (true, true);
            } else if let Some(text) = line.strip_prefix(b"parent ") {
                if !takes_parents {
                    continue;
                }
                unhex(text, id).ok_or_else(|| damaged(oid, "a parent of it is no id"))?;
                let parent = if is_edge { ABSENT } else { self.add(id) };
                self.parents.push(parent);
            } else if let Some(text) = line.strip_prefix(b"committer ") {
                time = seconds(text);
                break;
            } else if line.is_empty() {
                break;
            } else {
                takes_parents = false;
            }
        }
        self.times.push(time);
        match has_tree {
            true => Ok(()),
            false => Err(damaged(oid, "it names no tree")),
        }
    }

    fn parents(&self, place: Place) -> &[Place] {
        let at = place as usize;
        let start = self.starts[at] as usize;
        let end = self.starts.get(at + 1);
        &self.parents[start..end.map_or(self.parents.len(), |&end| end as usize)]
    }

    /// Puts parents before children: what the first tips reach, first parents first.
    fn sorted(self, tips: &[Place]) -> Graph {
        let count = self.len();
        let mut graph = Graph {
            width: self.width,
            ids: Vec::with_capacity(self.ids.len()),
            trees: Vec::with_capacity(self.trees.len()),
            starts: Vec::with_capacity(count + 1),
            parents: Vec::with_capacity(self.parents.len()),
            times: Vec::with_capacity(count),
            heights: Vec::with_capacity(count),
            index: Index::default(),
        };
        let mut places = vec![ABSENT; count];
        // Each with how many of its parents have been gone down to.
        let mut open: Vec<(Place, u32)> = Vec::new();
        for &tip in tips {
            if places[tip as usize] == ABSENT {
                open.push((tip, 0));
            }
            while let Some((place, seen)) = open.last_mut() {
                let (place, next) = (*place, *seen as usize);
                *seen += 1;
                match self.parents(place).get(next) {
                    Some(&parent) if parent != ABSENT && places[parent as usize] == ABSENT => {
                        open.push((parent, 0));
                    }
                    Some(_) => {}
                    None => {
                        open.pop();
                        if places[place as usize] == ABSENT {
                            places[place as usize] = graph.len() as Place;
                            graph.push(&self, place, &places);
                        }
                    }
                }
            }
        }
        graph.starts.push(graph.parents.len() as u32);
        graph
    }
}

impl Graph {
    fn push(&mut self, found: &Found, place: Place, places: &[Place]) {
        let at = self.len() as Place;
        self.ids
            .extend_from_slice(slice(&found.ids, place, found.width));
        self.trees
            .extend_from_slice(slice(&found.trees, place, found.width));
        self.starts.push(self.parents.len() as u32);
        let mut height = 0;
        for &parent in found.parents(place) {
            let parent = match parent {
                ABSENT => ABSENT,
                parent => places[parent as usize],
            };
            let below = self.heights.get(parent as usize).copied().unwrap_or(0);
            height = height.max(below + 1);
            self.parents.push(parent);
        }
        self.times.push(found.times[place as usize]);
        self.heights.push(height);
        self.index.add(at, self.width, &self.ids);
    }
}

/// Reads hexadecimal digits into bytes; none where they are not exactly that many.
fn unhex(text: &[u8], into: &mut [u8]) -> Option<()> {
    if text.len() != into.len() * 2 {
        return None;
    }
    let digit = |byte: u8| (byte as char).to_digit(16);
    for (byte, pair) in into.iter_mut().zip(text.chunks_exact(2)) {
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some(())
}

/// Reads the seconds of `Ann <ann@example.org> 1768467600 +0100`; 0 where there are none.
fn seconds(person: &[u8]) -> i64 {
    let after = person.iter().rposition(|&byte| byte == b'>');
    let rest = after.map_or(&[][..], |at| &person[at + 1..]);
    let text = String::from_utf8_lossy(rest);
    let mut words = text.split_whitespace();
    words.next().and_then(|it| it.parse().ok()).unwrap_or(0)
}

fn damaged(oid: Oid, fault: &'static str) -> Error {
    Error::DamagedCommit {
        oid: oid.to_string(),
        fault,
    }
}

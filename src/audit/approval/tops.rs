//! Where policy and signers stand in the trees of a chain: looked up by all processors at once, before anybody asks, and kept
//! for the next audit. Commits never change, so neither does what was found in them.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::git::Oid;
use crate::git::graph::{Graph, Place};
use crate::git::summed::{self, Head};

/// What stands at two paths of one tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Top {
    /// The blob of the policy.
    pub policy: Option<Oid>,
    /// The blob of the signers.
    pub signers: Option<Oid>,
}

/// What stands in the trees of the commits that were looked at.
#[derive(Debug, Default)]
pub struct Tops {
    /// Where signers were looked for.
    signers: String,
    graph: Arc<Graph>,
    /// By place: which of `distinct`, plus one; 0 where nobody looked.
    seen: Vec<u16>,
    distinct: Vec<Top>,
    numbers: HashMap<Top, u16>,
}

/// The form of the file.
const HEAD: &Head = b"pddtops2";

impl Tops {
    /// Has looked at nothing; `signers` is where signers will be looked for.
    pub fn new(signers: &str, graph: Arc<Graph>) -> Self {
        Self {
            signers: signers.to_owned(),
            seen: vec![0; graph.len()],
            graph,
            ..Self::default()
        }
    }

    /// Takes what was found at a commit.
    pub fn add(&mut self, place: Place, top: Top) {
        let number = match self.numbers.get(&top) {
            Some(&number) => number,
            None => {
                // Nobody has so many policies; what is beyond is read again.
                let Ok(number) = u16::try_from(self.distinct.len() + 1) else {
                    return;
                };
                self.distinct.push(top);
                self.numbers.insert(top, number);
                number
            }
        };
        if let Some(seen) = self.seen.get_mut(place as usize) {
            *seen = number;
        }
    }

    /// Returns what was found at a place of the graph; none where nobody looked.
    pub fn at(&self, place: Place) -> Option<Top> {
        let number = usize::from(*self.seen.get(place as usize)?);
        self.distinct.get(number.checked_sub(1)?).copied()
    }

    /// Returns what was found at a commit; none where nobody looked.
    pub fn of(&self, commit: Oid) -> Option<Top> {
        self.at(self.graph.find(commit)?)
    }

    /// Returns the blob of the signers at this path of a commit; none where nobody looked there.
    pub(super) fn signers(&self, commit: Oid, path: &str) -> Option<Option<Oid>> {
        let top = self.of(commit).filter(|_| path == self.signers);
        top.map(|top| top.signers)
    }

    /// Takes what an earlier audit kept in this file.
    pub fn recall(&mut self, path: &Path) {
        let data = summed::read(path, HEAD).unwrap_or_default();
        if self.parse(&data).is_none() {
            self.seen.fill(0);
            self.distinct.clear();
            self.numbers.clear();
        }
    }

    fn parse(&mut self, data: &[u8]) -> Option<()> {
        // What was found elsewhere is nothing here.
        let data = data.strip_prefix(self.signers.as_bytes())?;
        let data = data.strip_prefix(b"\n")?;
        let width = self.width();
        let (count, data) = data.split_first_chunk::<2>()?;
        let count = usize::from(u16::from_le_bytes(*count));
        let (distinct, seen) = data.split_at_checked(count * width * 2)?;
        let id = |bytes: &[u8]| {
            let oid = Oid::from_bytes(bytes).ok()?;
            Some(oid).filter(|_| bytes.iter().any(|&byte| byte != 0))
        };
        for top in distinct.chunks_exact(width * 2) {
            let (policy, signers) = top.split_at(width);
            let top = Top {
                policy: id(policy),
                signers: id(signers),
            };
            self.distinct.push(top);
            self.numbers.insert(top, self.distinct.len() as u16);
        }
        for one in seen.chunks_exact(width + 2) {
            let (commit, number) = one.split_at(width);
            if let Some(place) = id(commit).and_then(|oid| self.graph.find(oid)) {
                self.seen[place as usize] = u16::from_le_bytes(number.try_into().ok()?);
            }
        }
        Some(())
    }

    /// Keeps what was found.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&self, path: &Path) -> io::Result<()> {
        let mut data = format!("{}\n", self.signers).into_bytes();
        data.extend((self.distinct.len() as u16).to_le_bytes());
        let width = self.width();
        let none = [0; 32];
        for id in self
            .distinct
            .iter()
            .flat_map(|top| [top.policy, top.signers])
        {
            match id {
                Some(oid) => data.extend(oid.as_bytes()),
                None => data.extend(&none[..width]),
            }
        }
        for (place, &number) in self.seen.iter().enumerate() {
            if number != 0 {
                // The places are those of a graph.
                data.extend(self.graph.id(place as Place).as_bytes());
                data.extend(number.to_le_bytes());
            }
        }
        summed::write(path, HEAD, &data)
    }

    fn width(&self) -> usize {
        match self.graph.is_empty() {
            true => 20,
            false => self.graph.id(0).as_bytes().len(),
        }
    }
}

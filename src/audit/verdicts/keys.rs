//! The digest of all that one commit's verdict is made of.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::digest;
use super::records::{self, Records};
use crate::audit::judge::Lines;
use crate::audit::landings::{Landings, Step};
use crate::audit::timeline::Timeline;
use crate::audit::trace::Traces;
use crate::evidence::ledger::Class;
use crate::finding::Finding;
use crate::git::graph::Place;
use crate::git::{Oid, Repository};
use crate::id::{CommitId, TaskId};
use crate::proof::known::{Known, Spoken};

/// Makes the digests of an audit.
pub struct Keys<'a> {
    line: &'a Timeline,
    traces: &'a Traces<'a>,
    lines: &'a Lines<'a>,
    astray: &'a HashMap<Oid, Vec<Finding>>,
    records: Records,
    /// By landing.
    steps: Vec<u64>,
    /// By policy.
    policies: Vec<u64>,
    /// What is recorded of all that has not landed: one of it may stand for a replay below.
    unlanded: u64,
    /// What is recorded of each commit, and of those below that it is judged together with.
    below: Vec<u64>,
}

impl<'a> Keys<'a> {
    /// Digests what commits share.
    pub fn new(
        repository: &'a Repository,
        line: &'a Timeline,
        landings: &Landings,
        (traces, lines): (&'a Traces<'a>, &'a Lines<'a>),
        astray: &'a HashMap<Oid, Vec<Finding>>,
        (spoken, known, now): (&[Spoken], &Known, Timestamp),
    ) -> Self {
        let mut keys = Self {
            records: Records::of(repository, (spoken, known), now),
            policies: line.policies.iter().map(digest::of_debug).collect(),
            line,
            traces,
            lines,
            astray,
            steps: Vec::new(),
            unlanded: 0,
            below: Vec::new(),
        };
        let mut brought = vec![0u64; landings.steps.len()];
        let mut votes = vec![Vec::new(); landings.steps.len()];
        if keys.records.all != 0 {
            let graph = &line.graph;
            keys.below = vec![0; graph.len()];
            for place in line.places_after() {
                let own = keys.recorded(repository, place);
                let together = graph.parents(place);
                let together = together.filter(|&parent| line.is_together(place, parent));
                let below: Vec<u64> = together.map(|it| keys.below[it as usize]).collect();
                if own != 0 || below.iter().any(|&it| it != 0) {
                    keys.below[place as usize] = digest::of(&(own, below));
                }
                if line.step_of(place).is_none() && own != 0 {
                    keys.unlanded = digest::of(&(keys.unlanded, own));
                }
                if let Some(step) = line.step_of(place) {
                    brought[step] = digest::of(&(brought[step], own));
                    let heads = graph.parents(place).skip(1).chain([place]);
                    let heads = heads.map(|head| graph.id(head));
                    votes[step].extend(landings.votes_about(heads, graph.tree(place)));
                }
            }
        }
        let mut looks = Looks::default();
        let steps = landings.steps.iter().enumerate();
        keys.steps = steps
            .map(|(number, step)| {
                let said = landings.said(&votes[number]);
                // What stands on two chains was landed by the first: the second one's landings reach further than they bring.
                let all = if step.is_on_first_chain() {
                    0
                } else {
                    keys.records.all
                };
                looks.step(step, (brought[number], said, all))
            })
            .collect();
        keys
    }

    /// Digests the waivers that are recorded, and counts those that have ended.
    pub fn waivers(&self) -> (u64, usize) {
        self.records.waivers
    }

    fn recorded(&self, repository: &Repository, place: Place) -> u64 {
        let graph = &self.line.graph;
        let base = graph.first_parent(place).map(|parent| graph.tree(parent));
        let id = graph.id(place);
        let own = self.records.about(id, graph.tree(place), base);
        // A replayed commit is what its original was.
        let mut known = vec![own];
        let mut next = self.replayed(repository, id);
        while let Some(of) = next.filter(|_| known.len() < 64) {
            let tree = repository.tree_of(of).ok();
            known.push(tree.map_or(0, |tree| self.records.about(of, tree, None)));
            next = self.replayed(repository, of);
        }
        match known.iter().all(|&it| it == 0) {
            true => 0,
            false => digest::of(&known),
        }
    }

    fn replayed(&self, repository: &Repository, oid: Oid) -> Option<Oid> {
        let line = self.lines.get(&CommitId::new(oid.to_string()))?;
        let of = line.entry.of.as_ref();
        let of = of.filter(|_| line.entry.class == Some(Class::Replayed))?;
        repository.oid(of.as_str()).ok()
    }

    /// Returns the digest of a commit, but for the tests that were sealed for its task.
    pub fn of(&self, place: Place) -> u64 {
        let graph = &self.line.graph;
        let oid = graph.id(place);
        let id = CommitId::new(oid.to_string());
        let trace = self.traces.of(&id);
        let original = trace.line.and_then(|line| line.entry.of.as_ref());
        let original = original.and_then(|of| self.lines.get(of));
        let origin = match (trace.line, trace.action) {
            (None, None) => Some(trace.origin()),
            _ => None,
        };
        let step = self.line.step_of(place);
        let floor = match step {
            Some(_) => None,
            None => self.line.floor_of(place),
        };
        let astray = self.astray.get(&oid);
        digest::of(&(
            (oid.as_bytes(), graph.is_cut(place)),
            self.policies[self.line.policy_of(place)],
            self.line.era_of(place),
            step.map(|step| self.steps[step]),
            floor.as_ref().map(Oid::as_bytes),
            self.below.get(place as usize),
            (original.is_some() && step.is_none()).then_some(self.unlanded),
            (trace.line, original, trace.action, origin),
            (trace.is_rewritten, trace.is_lost),
            (trace.is_after_runs, trace.is_unlogged),
            astray.map(digest::of_debug),
        ))
    }

    /// Adds to a commit's digest the tests that were sealed for its task, given by its digest ([`Self::task`]).
    pub fn with_seals(&self, key: u64, task: u64) -> u64 {
        match self.records.of_task(task) {
            0 => key,
            seals => digest::of(&(key, seals)),
        }
    }

    /// Digests the task that a commit is about.
    pub fn task(task: &TaskId) -> u64 {
        records::task(task)
    }
}

/// Digests of what many landings share, by where it stands in memory.
#[derive(Default)]
struct Looks(HashMap<usize, u64>);

impl Looks {
    fn of<T: std::fmt::Debug>(&mut self, shared: &Arc<T>) -> u64 {
        let place = Arc::as_ptr(shared).addr();
        *self
            .0
            .entry(place)
            .or_insert_with(|| digest::of_debug(shared))
    }

    fn step(&mut self, step: &Step, said: (u64, u64, u64)) -> u64 {
        let names: Vec<&str> = step.evidence.iter().map(|it| it.name.as_str()).collect();
        digest::of(&(
            &*step.branch,
            (step.from.as_bytes(), step.to.as_bytes()),
            step.received.map(|time| time.as_nanosecond()),
            names,
            self.of(&step.policy),
            self.of(&step.signers),
            said,
        ))
    }
}

//! History as it went by: which commits stand before the adoption, at which step of the protected branch each one landed,
//! and which policy was in force there.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::pool::Pool;
use crate::audit::judge::{Ages, Era};
use crate::error::Error;
use crate::git::graph::{Graph, Place, Places};
use crate::git::{Error as GitError, InForce, Oid, POLICY_FILE, Repository};

/// Stands for a commit that has not landed.
const UNLANDED: u32 = u32::MAX;

/// Eras, landings and policies of a history.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) graph: Arc<Graph>,
    pub(super) adoption: Option<Place>,
    /// The ancestors of the adoption.
    before: Places,
    /// The step that brought each commit.
    step_of: Vec<u32>,
    steps: Vec<Step>,
    /// Those that were in force, the one that is in force now first.
    pub(super) policies: Vec<InForce>,
}

/// A move of the protected branch.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// The old tip.
    from: Place,
    /// The policy that was in force there.
    policy: usize,
}

impl Timeline {
    /// Knows of no adoption: everything is judged by one policy, as if it had always been in force.
    pub(super) fn assumed(graph: Arc<Graph>, force: InForce) -> Self {
        Self {
            before: graph.nothing(),
            step_of: vec![UNLANDED; graph.len()],
            graph,
            adoption: None,
            steps: Vec::new(),
            policies: vec![force],
        }
    }

    /// Goes along the protected branch that `force` was found by.
    pub(super) fn of(
        graph: Arc<Graph>,
        repository: &Repository,
        force: &InForce,
        pool: &Pool,
    ) -> Result<Self, Error> {
        let mut line = Self::assumed(Arc::clone(&graph), force.clone());
        let Some(tip) = graph.find(force.tip) else {
            return Ok(line);
        };
        let mut chain: Vec<Place> = graph.first_parents(tip).collect();
        chain.reverse();
        let blobs = policy_blobs(&graph, &chain, pool)?;
        let Some(begin) = blobs.iter().position(Option::is_some) else {
            return Ok(line);
        };
        line.adoption = chain.get(begin).copied();
        let mut landed = graph.reach(line.adoption);
        line.before = landed.clone();
        let mut known: HashMap<Oid, usize> = HashMap::new();
        for at in begin + 1..chain.len() {
            let from = chain[at - 1];
            let policy = match blobs[at - 1] {
                None => 0,
                Some(blob) => match known.get(&blob) {
                    Some(&policy) => policy,
                    None => {
                        let policy = line.read_policy(repository, from, force)?;
                        known.insert(blob, policy);
                        policy
                    }
                },
            };
            let step = line.steps.len() as u32;
            line.steps.push(Step { from, policy });
            let step_of = &mut line.step_of;
            graph.extend(&mut landed, chain[at], |place| {
                step_of[place as usize] = step;
            });
        }
        Ok(line)
    }

    /// What was in force at a tip; what could not be read then is judged by what is in force now: nothing could be judged
    /// by it until it was mended.
    fn read_policy(
        &mut self,
        repository: &Repository,
        from: Place,
        force: &InForce,
    ) -> Result<usize, Error> {
        let found = match repository.policy_at(self.graph.id(from), &force.branch) {
            Err(GitError::Policy(_)) | Ok(None) => return Ok(0),
            Ok(Some(found)) => found,
            Err(error) => return Err(error.into()),
        };
        self.policies.push(found);
        Ok(self.policies.len() - 1)
    }

    /// Returns the policy that judges a commit, by its place in the list.
    pub(super) fn policy_of(&self, place: Place) -> usize {
        self.step(place).map_or(0, |step| step.policy)
    }

    /// Returns the tip below which all has been judged before, for a commit; none where nothing has.
    pub(super) fn floor_of(&self, place: Place) -> Option<Oid> {
        match (self.step(place), self.adoption) {
            (Some(step), _) => Some(self.graph.id(step.from)),
            (None, Some(_)) => self.policies.first().map(|force| force.tip),
            (None, None) => None,
        }
    }

    /// Says whether a commit is judged together with its parent, so that what that one lacks, this one does.
    pub(super) fn is_together(&self, place: Place, parent: Place) -> bool {
        self.step_of.get(place as usize) == self.step_of.get(parent as usize)
            && self.era_of(parent) == Era::After
    }

    pub(super) fn era_of(&self, place: Place) -> Era {
        if self.adoption == Some(place) {
            Era::Adoption
        } else if self.before.holds(place) {
            Era::Before
        } else {
            Era::After
        }
    }

    fn step(&self, place: Place) -> Option<&Step> {
        let at = *self.step_of.get(place as usize)?;
        self.steps.get(at as usize)
    }
}

impl Ages for Timeline {
    fn era(&self, oid: Oid) -> Era {
        self.graph
            .find(oid)
            .map_or(Era::After, |place| self.era_of(place))
    }
}

/// What stands at the policy's place in each commit of a chain.
fn policy_blobs(graph: &Graph, chain: &[Place], pool: &Pool) -> Result<Vec<Option<Oid>>, Error> {
    const TOGETHER: usize = 256;
    let parts = chain.par_chunks(TOGETHER).map(|part| {
        pool.with(|repository| {
            let mut last = None;
            let mut found = Vec::with_capacity(part.len());
            for &place in part {
                let tree = graph.tree(place);
                let blob = match last {
                    Some((known, blob)) if known == tree => blob,
                    _ => {
                        let entry = repository.entry(tree, POLICY_FILE.as_bytes())?;
                        entry.map(|entry| entry.oid)
                    }
                };
                last = Some((tree, blob));
                found.push(blob);
            }
            Ok(found)
        })
    });
    let parts: Vec<Vec<_>> = parts.collect::<Result<_, Error>>()?;
    Ok(parts.concat())
}

//! History as it went by: which commits stand before the adoption, which landing of a protected branch brought each one, and
//! which policy was in force there.

use std::sync::Arc;

use crate::audit::judge::{Ages, Era};
use crate::audit::landings::Landings;
use crate::git::graph::{Graph, Place, Places};
use crate::git::{InForce, Oid};
use crate::policy::Policy;

/// Stands for a commit that has not landed.
const UNLANDED: u32 = u32::MAX;

/// Eras, landings and policies of a history.
#[derive(Debug)]
pub struct Timeline {
    /// All commits that are looked at.
    pub graph: Arc<Graph>,
    adoption: Option<Place>,
    /// The ancestors of the adoption.
    before: Places,
    /// The landing that brought each commit, by its place in the list.
    step_of: Vec<u32>,
    steps: Vec<Step>,
    /// Those that were in force, the one that is in force now first.
    pub policies: Vec<Arc<Policy>>,
    /// Where the last of them stands; none where it is assumed.
    tip: Option<Oid>,
}

/// A landing.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// The old tip.
    from: Oid,
    /// The policy that was in force there.
    policy: usize,
}

impl Timeline {
    /// Knows of no adoption: everything is judged by one policy, as if it had always been in force.
    pub(super) fn assumed(graph: Arc<Graph>, policy: &Policy) -> Self {
        Self {
            before: graph.nothing(),
            step_of: vec![UNLANDED; graph.len()],
            graph,
            adoption: None,
            steps: Vec::new(),
            policies: vec![Arc::new(policy.clone())],
            tip: None,
        }
    }

    /// Goes along the landings since the adoption.
    pub(super) fn of(
        graph: Arc<Graph>,
        force: &InForce,
        adoption: Option<Place>,
        landings: &Landings,
    ) -> Self {
        let mut line = Self::assumed(Arc::clone(&graph), &force.policy);
        line.tip = Some(force.tip);
        line.adoption = adoption;
        line.before = graph.reach(adoption);
        let mut landed = line.before.clone();
        for (number, step) in landings.steps.iter().enumerate() {
            let mut known = line.policies.iter();
            let policy = known.position(|policy| Arc::ptr_eq(policy, &step.policy));
            let policy = policy.unwrap_or_else(|| {
                line.policies.push(Arc::clone(&step.policy));
                line.policies.len() - 1
            });
            line.steps.push(Step {
                from: step.from,
                policy,
            });
            let Some(to) = graph.find(step.to) else {
                continue;
            };
            let step_of = &mut line.step_of;
            graph.extend(&mut landed, to, |place| {
                // There are fewer landings than commits.
                step_of[place as usize] = number as u32;
            });
        }
        line
    }

    /// Returns the policy that judges a commit, by its place in the list.
    pub fn policy_of(&self, place: Place) -> usize {
        self.step(place).map_or(0, |step| step.policy)
    }

    /// Returns the landing that brought a commit, by its place in the list.
    pub fn step_of(&self, place: Place) -> Option<usize> {
        let step = *self.step_of.get(place as usize)?;
        (step != UNLANDED).then_some(step as usize)
    }

    /// Returns the tip below which all has been judged before, for a commit; none where nothing has.
    pub fn floor_of(&self, place: Place) -> Option<Oid> {
        match self.step(place) {
            Some(step) => Some(step.from),
            None => self.tip,
        }
    }

    /// Says whether a commit is judged together with its parent, so that what that one lacks, this one does.
    pub fn is_together(&self, place: Place, parent: Place) -> bool {
        self.step_of(place) == self.step_of(parent) && self.era_of(parent) == Era::After
    }

    /// Lists the commits that do not stand before the adoption, parents before children.
    pub fn places_after(&self) -> impl Iterator<Item = Place> + '_ {
        // A graph has fewer commits than a Place can count.
        let places = 0..self.graph.len() as Place;
        places.filter(|&place| !self.before.holds(place))
    }

    /// Says where a commit stands to the adoption.
    pub fn era_of(&self, place: Place) -> Era {
        if self.adoption == Some(place) {
            Era::Adoption
        } else if self.before.holds(place) {
            Era::Before
        } else {
            Era::After
        }
    }

    fn step(&self, place: Place) -> Option<&Step> {
        self.steps.get(self.step_of(place)?)
    }
}

impl Ages for Timeline {
    fn era(&self, oid: Oid) -> Era {
        let place = self.graph.find(oid);
        place.map_or(Era::After, |place| self.era_of(place))
    }
}

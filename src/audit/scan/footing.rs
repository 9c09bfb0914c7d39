//! What the validation of each commit means for those above it, kept for the whole history: what stands below a commit is
//! looked up, not walked to.

use std::cell::RefCell;

use crate::error::Error;
use crate::git::graph::Place;
use crate::git::{Commit, Oid, Repository};
use crate::policy::Policy;
use crate::proof::standing::{Footing, Founded, Ground};

use crate::audit::timeline::Timeline;

/// A commit that nobody has looked at.
const UNSEEN: Place = Place::MAX;
/// A commit on which all is well.
const SOUND: Place = Place::MAX - 1;

/// The newest commit at or below each place that should have passed a check and has not.
#[derive(Debug)]
pub(super) struct Footings<'t> {
    line: &'t Timeline,
    /// By check; for each commit.
    broken: RefCell<Vec<Vec<Place>>>,
}

impl<'t> Footings<'t> {
    /// Has seen nothing yet.
    pub(super) fn new(line: &'t Timeline) -> Self {
        let checks = line.policies.iter().map(|policy| policy.check.len());
        let checks = checks.max().unwrap_or(0);
        Self {
            line,
            broken: RefCell::new(vec![vec![UNSEEN; line.graph.len()]; checks]),
        }
    }

    /// Notes what a commit means for those above it, and first, where nobody did, what those below it do.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn note(
        &self,
        ground: &Ground<'_>,
        policy: &Policy,
        repository: &Repository,
        commit: &Commit,
    ) -> Result<(), Error> {
        let Some(place) = self.line.graph.find(commit.id) else {
            return Ok(());
        };
        let mut open = vec![(place, self.seen(ground, policy, commit)?)];
        while let Some((last, footings)) = open.last() {
            let needs_below = footings.contains(&Footing::AsBelow);
            let below = self
                .parent(*last)
                .filter(|&it| needs_below && !self.has(it));
            let Some(below) = below else { break };
            let commit = repository.commit(self.line.graph.id(below))?;
            open.push((below, self.seen(ground, policy, &commit)?));
        }
        for (place, footings) in open.into_iter().rev() {
            for (check, footing) in footings.into_iter().enumerate() {
                let found = match footing {
                    Footing::Sound => SOUND,
                    Footing::Broken => place,
                    Footing::AsBelow => self.below(check, place),
                };
                self.broken.borrow_mut()[check][place as usize] = found;
            }
        }
        Ok(())
    }

    fn seen(
        &self,
        ground: &Ground<'_>,
        policy: &Policy,
        commit: &Commit,
    ) -> Result<Vec<Footing>, Error> {
        let checks = policy.check.iter().enumerate();
        let footings = checks.map(|(at, check)| ground.footing(at, check, commit));
        Ok(footings.collect::<Result<_, _>>()?)
    }

    fn has(&self, place: Place) -> bool {
        let broken = self.broken.borrow();
        let is_seen = |places: &Vec<Place>| places.get(place as usize) != Some(&UNSEEN);
        broken.first().is_none_or(is_seen)
    }

    /// The parent that a commit is judged together with.
    fn parent(&self, place: Place) -> Option<Place> {
        let parent = self.line.graph.first_parent(place)?;
        self.line.is_together(place, parent).then_some(parent)
    }

    fn below(&self, check: usize, place: Place) -> Place {
        let Some(parent) = self.parent(place) else {
            return SOUND;
        };
        match self.broken.borrow()[check][parent as usize] {
            UNSEEN => SOUND,
            found => found,
        }
    }
}

impl Founded for Footings<'_> {
    fn broken_below(&self, check: usize, commit: &Commit) -> Option<Oid> {
        let place = self.line.graph.find(commit.id)?;
        match self.below(check, place) {
            SOUND => None,
            broken => Some(self.line.graph.id(broken)),
        }
    }
}

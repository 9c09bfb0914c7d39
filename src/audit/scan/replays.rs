//! Replayed commits that need no run of their own: their originals were validated, and so is one above that landed with them
//! or has not landed either (PROOF.md, section 6).

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::audit::judge::{Judge, Lines};
use crate::audit::landings::Landings;
use crate::audit::timeline::Timeline;
use crate::audit::validations::{self, Judged};
use crate::change::Validation;
use crate::error::Error;
use crate::git::graph::Place;
use crate::git::{Oid, Repository};
use crate::proof::known::Known;
use crate::proof::standing::all_passed;

/// What was found out about replays.
pub(super) struct Replays<'a> {
    line: &'a Timeline,
    known: &'a Known,
    lines: Lines<'a>,
    /// By landing, and for what has not landed: the commits on which every check stands.
    sound: RefCell<HashMap<Option<usize>, HashSet<Oid>>>,
}

impl<'a> Replays<'a> {
    /// Has looked at nothing yet.
    pub(super) fn new(line: &'a Timeline, known: &'a Known, lines: Lines<'a>) -> Self {
        Self {
            line,
            known,
            lines,
            sound: RefCell::default(),
        }
    }

    /// Says whether another commit stands for this one, on which a check is open.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn stand(
        &self,
        repository: &Repository,
        landings: &Landings,
        place: Place,
    ) -> Result<bool, Error> {
        let oid = self.line.graph.id(place);
        let judge = Judge::over(repository, self.lines.clone(), self.line);
        if judge.vouched_original(oid).is_none() {
            return Ok(false);
        }
        let step = self.line.step_of(place);
        if let Some(sound) = self.sound.borrow().get(&step) {
            return Ok(sound.contains(&oid));
        }
        let commits = match step.map(|step| &landings.steps[step]) {
            Some(step) => repository.commits_between(&[step.to], &[step.from])?,
            None => {
                let open = self.line.places_after();
                let open = open.filter(|&place| self.line.step_of(place).is_none());
                open.map(|place| self.line.graph.id(place)).collect()
            }
        };
        let group = Judged {
            policy: &self.line.policies[self.line.policy_of(place)],
            floor: self.line.floor_of(place),
            commits,
        };
        let found = validations::find(repository, &judge, self.known, &[group])?.into_iter();
        let sound: HashSet<Oid> = found
            .filter(|(_, found)| matches!(found, Validation::Known(states) if all_passed(states)))
            .map(|(oid, _)| oid)
            .collect();
        let stands = sound.contains(&oid);
        self.sound.borrow_mut().insert(step, sound);
        Ok(stands)
    }
}

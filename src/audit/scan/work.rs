//! What threads do by themselves for each commit: read its objects, and, when its validation is known, let the rules look.

use std::collections::HashSet;

use crate::audit::judge::{Era, Judge, Judged, Lines, Loaded, Proofs};
use crate::audit::pool::Pool;
use crate::audit::reds;
use crate::audit::timeline::Timeline;
use crate::change::{Branch, RedFirst};
use crate::error::Error;
use crate::git::graph::Place;
use crate::git::{Oid, Repository};
use crate::proof::known::Known;
use crate::proof::scope::Scope;

/// What every thread looks at.
#[derive(Debug)]
pub(super) struct Shared<'a> {
    pub(super) line: &'a Timeline,
    pub(super) known: &'a Known,
    pub(super) lines: Lines<'a>,
    pub(super) pool: &'a Pool,
}

/// A commit with what its objects say, before its validation is asked for.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) place: Place,
    pub(super) loaded: Loaded,
    /// None where no check is asked for.
    pub(super) scope: Option<Scope>,
    red: RedFirst,
}

impl Shared<'_> {
    /// Reads commits one after another: neighbours share most of what they hold.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn load(
        &self,
        places: &[Place],
        squashes: &HashSet<Oid>,
    ) -> Result<Vec<Material>, Error> {
        self.pool
            .with(|repository| self.read(repository, places, squashes))
    }

    fn read(
        &self,
        repository: &Repository,
        places: &[Place],
        squashes: &HashSet<Oid>,
    ) -> Result<Vec<Material>, Error> {
        let judge = Judge::over(repository, self.lines.clone(), self.line).with_squashes(squashes);
        let one = |&place: &Place| {
            let policy = &*self.line.policies[self.line.policy_of(place)];
            let oid = self.line.graph.id(place);
            let loaded = judge.load(oid, policy, Branch::Unknown)?;
            let is_asked = loaded.judged.era == Era::After && policy.level("validation").is_some();
            let scope = match is_asked {
                true => {
                    let base = self.line.graph.first_parent(place);
                    let base = base.map(|base| self.line.graph.tree(base));
                    let tree = self.line.graph.tree(place);
                    Some(Scope::of(repository, policy, base, tree)?)
                }
                false => None,
            };
            let floor = self.line.floor_of(place);
            Ok(Material {
                place,
                loaded,
                scope,
                red: reds::of(repository, &judge, self.known, policy, floor, oid)?,
            })
        };
        places.iter().map(one).collect()
    }
}

impl Material {
    /// Lets the rules look.
    pub(super) fn conclude(self, line: &Timeline, validation: crate::change::Validation) -> Judged {
        let policy = &*line.policies[line.policy_of(self.place)];
        let proofs = Proofs {
            validation,
            red: self.red,
        };
        self.loaded.conclude(policy, proofs)
    }
}

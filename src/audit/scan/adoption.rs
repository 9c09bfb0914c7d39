//! When the workflow was adopted, and what of policy and signers stood at each landing since.

use rayon::prelude::*;

use crate::audit::approval::{Top, Tops};
use crate::audit::pool::Pool;
use crate::error::Error;
use crate::git::graph::{Graph, Place};
use crate::git::{InForce, POLICY_FILE};

/// How many neighbours one thread looks at in a row.
const ROW: usize = 256;

/// What the first-parent chain of the tip in force holds.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// The commit that adopted the workflow: the oldest that holds a policy.
    pub(super) adoption: Option<Place>,
    /// What stands in the tree of each.
    pub(super) tops: Tops,
}

impl Begun {
    /// Looks at the whole chain.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn read(graph: &Graph, force: &InForce, pool: &Pool) -> Result<Self, Error> {
        let Some(tip) = graph.find(force.tip) else {
            return Ok(Self::default());
        };
        let chain: Vec<Place> = graph.first_parents(tip).collect();
        let signers = &force.policy.approval.signers;
        let paths = [POLICY_FILE.as_bytes(), signers.as_bytes()];
        let look = |part: &[Place]| {
            pool.with(|repository| {
                let top = |&place: &Place| {
                    let [policy, signers] = repository.entries(graph.tree(place), paths)?;
                    Ok(Top { policy, signers })
                };
                part.iter().map(top).collect()
            })
        };
        let parts = chain.par_chunks(ROW).map(look);
        let parts: Vec<Vec<Top>> = parts.collect::<Result<_, Error>>()?;
        let tops: Vec<Top> = parts.into_iter().flatten().collect();
        let oldest = tops.iter().rposition(|top| top.policy.is_some());
        let trees = chain.iter().map(|&place| graph.tree(place));
        Ok(Self {
            adoption: oldest.map(|at| chain[at]),
            tops: Tops::new(signers, trees.zip(tops)),
        })
    }
}

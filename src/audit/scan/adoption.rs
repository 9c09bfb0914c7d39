//! When the workflow was adopted, and what of policy and signers stood at each landing since.

use std::path::Path;
use std::sync::Arc;

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
    /// Looks at the whole chain, but for what an earlier audit kept in the folder `audits`.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn read(
        graph: &Arc<Graph>,
        force: &InForce,
        pool: &Pool,
        audits: Option<&Path>,
    ) -> Result<Self, Error> {
        let Some(tip) = graph.find(force.tip) else {
            return Ok(Self::default());
        };
        let signers = &force.policy.approval.signers;
        let mut tops = Tops::new(signers, Arc::clone(graph));
        let kept = audits.map(|audits| audits.join("tops"));
        if let Some(kept) = &kept {
            tops.recall(kept);
        }
        let chain: Vec<Place> = graph.first_parents(tip).collect();
        let new = chain.iter().copied();
        let new: Vec<Place> = new.filter(|&place| tops.at(place).is_none()).collect();
        let paths = [POLICY_FILE.as_bytes(), signers.as_bytes()];
        let look = |part: &[Place]| {
            pool.with(|repository| {
                let top = |&place: &Place| {
                    let [policy, signers] = repository.entries(graph.tree(place), paths)?;
                    Ok((place, Top { policy, signers }))
                };
                part.iter().map(top).collect()
            })
        };
        let parts = new.par_chunks(ROW).map(look);
        let parts: Vec<Vec<(Place, Top)>> = parts.collect::<Result<_, Error>>()?;
        for (place, top) in parts.into_iter().flatten() {
            tops.add(place, top);
        }
        if let Some(kept) = kept.filter(|_| !new.is_empty()) {
            // Where nothing can be kept, the next one looks again.
            let _ = tops.keep(&kept);
        }
        let holds_policy = |place: &&Place| tops.at(**place).is_some_and(|it| it.policy.is_some());
        let adoption = chain.iter().rfind(holds_policy).copied();
        Ok(Self { adoption, tops })
    }
}

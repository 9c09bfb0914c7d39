//! When the workflow was adopted, and what of policy and signers stood at each landing since.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::audit::approval::{Top, Tops};
use crate::audit::pool::Pool;
use crate::error::Error;
use crate::finding::Finding;
use crate::git::graph::{Graph, Place};
use crate::git::{InForce, Line, Oid, POLICY_FILE};
use crate::id::CommitId;
use crate::rules;

/// How many neighbours one thread looks at in a row.
const ROW: usize = 256;

/// What the first-parent chain of the tip in force holds.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// The way down to the commit that adopted the workflow.
    pub(super) line: Line,
    /// Where the line merged history that lived by a policy which never stood on it and which the adoption did not bring.
    pub(super) rival: Option<Rival>,
    /// What stands in the tree of each.
    pub(super) tops: Tops,
}

/// Another beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rival {
    /// What brought it to the line.
    pub(super) merge: Oid,
    /// The oldest commit with a policy of its own.
    commit: Oid,
    /// What the line began with.
    adoption: Oid,
}

impl Rival {
    /// Says what the merge did.
    pub(super) fn told(&self) -> Finding {
        let [begun, adoption] =
            [self.commit, self.adoption].map(|oid| CommitId::new(oid.to_string()));
        rules::another_beginning(&begun, &adoption)
    }
}

impl Begun {
    /// Looks at the whole chain and at all that does not stand above its oldest policy, but for what an earlier audit kept in
    /// the folder `audits`.
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
        let mut is_new = look(&mut tops, &chain, graph, pool, signers)?;
        let holds_policy =
            |tops: &Tops, place| tops.at(place).is_some_and(|it| it.policy.is_some());
        let mut below = chain.iter().copied();
        let oldest = below.rfind(|&place| holds_policy(&tops, place));
        let below: Vec<Place> = graph.reach(oldest).iter().collect();
        is_new |= look(&mut tops, &below, graph, pool, signers)?;
        let mut holding = graph.nothing();
        for place in chain.into_iter().chain(below) {
            if holds_policy(&tops, place) {
                holding.add(place);
            }
        }
        let line = pool.with(|repository| Ok(repository.line(graph, force.tip, &holding)?))?;
        let beside = beside(graph, tip, &line);
        is_new |= look(&mut tops, &beside, graph, pool, signers)?;
        let rival = rival(graph, tip, &line, &beside, &tops);
        if let Some(kept) = kept.filter(|_| is_new) {
            // Where nothing can be kept, the next one looks again.
            let _ = tops.keep(&kept);
        }
        Ok(Self { line, rival, tops })
    }
}

/// Lists what a tip reaches and what stands neither above nor below the adoption.
fn beside(graph: &Graph, tip: Place, line: &Line) -> Vec<Place> {
    let Some(adoption) = line.adoption.and_then(|oid| graph.find(oid)) else {
        return Vec::new();
    };
    let mut beside = graph.reach([tip]);
    beside.remove_all(&graph.reach([adoption]));
    beside.remove_all(&graph.above([adoption]));
    beside.iter().collect()
}

/// Finds the oldest of `beside` whose policy and signers never stood together on the line.
fn rival(graph: &Graph, tip: Place, line: &Line, beside: &[Place], tops: &Tops) -> Option<Rival> {
    let next = |&place: &Place| {
        let turn = line.turns.get(&graph.id(place));
        let turn = turn.and_then(|&turn| graph.find(turn));
        turn.or_else(|| graph.first_parent(place))
    };
    let way: Vec<Place> = std::iter::successors(Some(tip), next).collect();
    let ruled: HashSet<Top> = way.iter().filter_map(|&place| tops.at(place)).collect();
    let is_rival = |&place: &Place| {
        let top = tops.at(place).filter(|top| top.policy.is_some());
        top.is_some_and(|top| !ruled.contains(&top))
    };
    let rival = beside.iter().copied().find(is_rival)?;
    let above = graph.above([rival]);
    let merge = way.into_iter().rfind(|&place| above.holds(place))?;
    Some(Rival {
        merge: graph.id(merge),
        commit: graph.id(rival),
        adoption: line.adoption?,
    })
}

/// Looks at those that nobody looked at; says whether there were any.
fn look(
    tops: &mut Tops,
    places: &[Place],
    graph: &Graph,
    pool: &Pool,
    signers: &str,
) -> Result<bool, Error> {
    let new = places.iter().copied();
    let new: Vec<Place> = new.filter(|&place| tops.at(place).is_none()).collect();
    let paths = [POLICY_FILE.as_bytes(), signers.as_bytes()];
    let read = |part: &[Place]| {
        pool.with(|repository| {
            let top = |&place: &Place| {
                let [policy, signers] = repository.entries(graph.tree(place), paths)?;
                Ok((place, Top { policy, signers }))
            };
            part.iter().map(top).collect()
        })
    };
    let parts = new.par_chunks(ROW).map(read);
    let parts: Vec<Vec<(Place, Top)>> = parts.collect::<Result<_, Error>>()?;
    for (place, top) in parts.into_iter().flatten() {
        tops.add(place, top);
    }
    Ok(!new.is_empty())
}

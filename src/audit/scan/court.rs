//! Commits judged part by part: what was kept is taken, the rest is read and judged by all processors.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::footing::Footings;
use super::replays::Replays;
use super::work::{Material, Shared};
use super::{ROW, Request};
use crate::audit::class;
use crate::audit::judge::{Ages, Judged};
use crate::audit::landings::{self, Landings, Step};
use crate::audit::pool::Pool;
use crate::audit::report::{Entry, Row};
use crate::audit::signed::Signed;
use crate::audit::timeline::Timeline;
use crate::audit::trace::Traces;
use crate::audit::verdicts::{Cache, Ruled};
use crate::audit::waivers::Waivers;
use crate::change::Validation;
use crate::error::Error;
use crate::finding::Finding;
use crate::git::graph::Place;
use crate::git::{Mailmap, Oid, Repository};
use crate::id::CommitId;
use crate::proof::known::Known;
use crate::proof::standing::{Ground, all_passed};

/// How many commits are in memory at once.
const TOGETHER: usize = 2048;

/// All by which commits are judged when their objects have been read.
pub(super) struct Court<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) line: &'a Timeline,
    pub(super) known: &'a Known,
    pub(super) pool: &'a Pool,
    pub(super) signed: &'a Signed<'a>,
    pub(super) traces: &'a Traces<'a>,
    pub(super) astray: &'a HashMap<Oid, Vec<Finding>>,
    /// Those that count for what has not landed.
    pub(super) waivers: Waivers,
    pub(super) people: &'a Mailmap,
    /// Whether verdicts are kept.
    pub(super) keeps: bool,
}

impl Court<'_> {
    /// Judges commits part by part and hands each on.
    ///
    /// # Errors
    /// An object is missing, or the report cannot be written.
    pub(super) fn hold(
        &self,
        (ground, landings): (&landings::Ground<'_>, &mut Landings),
        shared: &Shared<'_>,
        commits: &[Place],
        mut cache: Cache<'_>,
        mut take: impl FnMut(Entry) -> std::io::Result<()>,
    ) -> Result<(), Error> {
        let repository = ground.repository;
        let footings = Footings::new(self.line);
        let replays = Replays::new(self.line, self.known, shared.lines.clone());
        let policies = self.line.policies.iter();
        let grounds: Vec<Ground<'_>> = policies
            .map(|policy| Ground::over(repository, self.known, policy, &footings))
            .collect();
        // The landings that were judged and are still asked for.
        let mut open = HashSet::new();
        let mut squashes = HashSet::new();
        for (number, part) in commits.chunks(TOGETHER).enumerate() {
            let first = number * TOGETHER;
            let kept = part.iter().enumerate();
            let kept: Vec<_> = kept
                .map(|(at, &place)| cache.find(first + at, place))
                .collect();
            let new = part.iter().zip(&kept).filter(|(_, kept)| kept.is_none());
            let new: Vec<Place> = new.map(|(&place, _)| place).collect();
            let steps: BTreeSet<usize> =
                new.iter().filter_map(|&it| self.line.step_of(it)).collect();
            let steps: Vec<usize> = steps
                .into_iter()
                .filter(|step| open.insert(*step))
                .collect();
            let by = (self.known, &shared.lines, self.line as &dyn Ages);
            squashes.extend(landings.judge(ground, self.pool, by, &steps)?);
            let materials = load(shared, &squashes, &new)?;
            for ground in &grounds {
                let scopes = materials.iter();
                ground.take_scopes(
                    scopes.filter_map(|it| Some((self.line.graph.id(it.place), it.scope.clone()?))),
                );
            }
            let mut standings = Vec::with_capacity(materials.len());
            for material in &materials {
                let standing = self.standing(repository, &grounds, &footings, material)?;
                let is_open = matches!(&standing, Validation::Known(states) if !all_passed(states));
                standings.push(
                    match is_open && replays.stand(repository, landings, material.place)? {
                        true => Validation::Known(Vec::new()),
                        false => standing,
                    },
                );
            }
            let judged = materials.into_par_iter().zip(standings);
            let told = &*landings;
            let judged =
                judged.map(|(material, validation)| self.judge(told, material, validation));
            let judged: Vec<Ruled> = judged.collect::<Result<_, _>>()?;
            let mut judged = judged.into_iter();
            for (at, (kept, &place)) in kept.into_iter().zip(part).enumerate() {
                let entry = match kept {
                    Some(kept) => Entry::kept(kept),
                    None => {
                        let Some(ruled) = judged.next() else { break };
                        cache.add(first + at, self.line.graph.id(place), &ruled);
                        ruled.entry
                    }
                };
                take(entry).map_err(Error::Print)?;
            }
            repository.let_go();
            let ended = |&place: &Place| {
                let step = self.line.step_of(place)?;
                (landings.steps[step].to == self.line.graph.id(place)).then_some(step)
            };
            let ended: Vec<usize> = new.iter().filter_map(ended).collect();
            landings.forget(&ended);
        }
        cache.close();
        Ok(())
    }

    fn standing(
        &self,
        repository: &Repository,
        grounds: &[Ground<'_>],
        footings: &Footings<'_>,
        material: &Material,
    ) -> Result<Validation, Error> {
        if material.scope.is_none() {
            return Ok(Validation::Undecided);
        }
        let at = self.line.policy_of(material.place);
        let commit = &material.loaded.judged.commit;
        footings.note(&grounds[at], &self.line.policies[at], repository, commit)?;
        Ok(Validation::Known(grounds[at].of(commit)?))
    }

    fn judge(
        &self,
        landings: &Landings,
        material: Material,
        validation: Validation,
    ) -> Result<Ruled, Error> {
        let step = self.line.step_of(material.place);
        let policy = Arc::clone(&self.line.policies[self.line.policy_of(material.place)]);
        let mut judged = material.conclude(self.line, validation);
        let astray = self.astray.get(&judged.commit.id);
        judged
            .findings
            .extend(astray.into_iter().flatten().cloned());
        match step {
            Some(step) => landings.settle(step, &mut judged),
            None if judged.findings.is_empty() => {}
            None => judged.lift(&self.waivers),
        }
        let step = step.map(|step| &landings.steps[step]);
        let verdict = self.verdict(step, &mut judged)?;
        let tasks = match self.keeps {
            true => policy.tasks_in(&judged.message.subject),
            false => Vec::new(),
        };
        let row = Row::of(judged, verdict, self.people);
        Ruled::of(row, self.keeps, &tasks).map_err(Error::Print)
    }

    fn verdict(&self, step: Option<&Step>, judged: &mut Judged) -> Result<class::Verdict, Error> {
        let trace = self.traces.of(&CommitId::new(judged.commit.id.to_string()));
        let verdict = class::of(judged, &trace);
        self.pool.with(|repository| {
            let mut verdict = self.signed.settle(repository, step, judged, verdict);
            if self.request.assumed.is_some() {
                verdict.notes.push("policy assumed".into());
            }
            Ok(verdict)
        })
    }
}

fn load(
    shared: &Shared<'_>,
    squashes: &HashSet<Oid>,
    part: &[Place],
) -> Result<Vec<Material>, Error> {
    let rows = part.par_chunks(ROW).map(|row| shared.load(row, squashes));
    let rows: Vec<Vec<Material>> = rows.collect::<Result<_, _>>()?;
    Ok(rows.into_iter().flatten().collect())
}

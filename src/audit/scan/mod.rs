//! The audit of a whole history: read by all processors, judged in order, handed on commit by commit.

mod choice;
mod footing;
mod pool;
mod timeline;
mod work;

use std::sync::Arc;

use rayon::prelude::*;

use super::class;
use super::judge::{Era, lines};
use super::report::{Entry, Head, PolicyName, Row, Sink, Tail};
use super::trace::Traces;
use super::{astray, moves};
use crate::change::Validation;
use crate::error::Error;
use crate::evidence::ledger;
use crate::git::graph::{Graph, Place};
use crate::git::{InForce, Oid, Repository};
use crate::id::CommitId;
use crate::policy::Policy;
use crate::progress::Count;
use crate::proof::known::Known;
use crate::proof::standing::Ground;

pub use choice::Choice;

use footing::Footings;
use pool::Pool;
use timeline::Timeline;
use work::{Material, Shared};

/// How many commits are in memory at once.
const TOGETHER: usize = 2048;
/// How many neighbours one thread reads in a row.
const ROW: usize = 64;

/// What to judge.
#[derive(Debug)]
pub struct Request<'a> {
    /// What is judged: all that these reach …
    pub tips: Vec<Oid>,
    /// … and these do not.
    pub without: Vec<Oid>,
    /// Whether what stands before the adoption is listed.
    pub with_past: bool,
    /// What was asked for, for the report.
    pub range: Option<String>,
    /// The policy in force now.
    pub force: &'a InForce,
    /// A policy that judges everything as if it had been in force.
    pub assumed: Option<&'a Policy>,
    /// Which of them are reported.
    pub choice: Choice,
    /// Whether a person at a terminal sees how far it is.
    pub shows_progress: bool,
}

/// Judges history and hands each commit on, parents before children.
///
/// # Errors
/// An object is missing, a policy is bad, or the report cannot be written.
pub fn scan(
    repository: &mut Repository,
    request: &Request<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    let mut progress = Count::new(request.shows_progress, "reading history");
    let graph = graph(repository, request)?;
    repository.attach(Arc::clone(&graph));
    let repository = &*repository;
    let pool = Pool::of(repository);
    let line = match request.assumed {
        Some(policy) => {
            let force = InForce {
                policy: policy.clone(),
                ..request.force.clone()
            };
            Timeline::assumed(Arc::clone(&graph), force)
        }
        None => Timeline::of(Arc::clone(&graph), repository, request.force, &pool)?,
    };
    let ledger = ledger::read(&repository.pdd_folder())?;
    let traces = Traces::read(repository, &ledger)?;
    let people = repository.mailmap()?;
    let asks = |rule: &str| {
        let mut policies = line.policies.iter();
        policies.any(|force| force.policy.level(rule).is_some() && !force.policy.check.is_empty())
    };
    let known = match asks("validation") || asks("red-first") {
        true => Known::read(repository, None)?,
        false => Known::default(),
    };
    let shared = Shared {
        line: &line,
        known: &known,
        lines: lines(&ledger),
        pool: &pool,
    };
    let policy = match request.assumed {
        Some(policy) => PolicyName::assumed(policy),
        None => PolicyName::of(request.force),
    };
    let head = Head::new(request.range.clone(), policy);
    sink.begin(&head).map_err(Error::Print)?;
    let astray = astray::findings(repository, &graph, &line.policies[0].policy, line.adoption)?;
    let mut tail = Tail::default();
    let commits = commits(&graph, &line, request);
    let commits = request.choice.among(commits, &graph, &pool, &people)?;
    progress.begin(commits.len());
    let footings = Footings::new(&line);
    let grounds: Vec<Ground<'_>> = line
        .policies
        .iter()
        .map(|force| Ground::over(repository, &known, &force.policy, &footings))
        .collect();
    for part in commits.chunks(TOGETHER) {
        let mut materials = load(&shared, part)?;
        let scopes = materials
            .iter_mut()
            .filter_map(|it| Some((graph.id(it.place), it.scope.clone()?)))
            .collect::<Vec<_>>();
        for ground in &grounds {
            ground.take_scopes(scopes.iter().cloned());
        }
        let mut standings = Vec::with_capacity(materials.len());
        for material in &materials {
            standings.push(standing(repository, &line, &grounds, &footings, material)?);
        }
        let judged: Vec<Entry> = materials
            .into_par_iter()
            .zip(standings)
            .map(|(material, validation)| {
                let oid = graph.id(material.place);
                let mut judged = material.conclude(&line, validation);
                judged
                    .findings
                    .extend(astray.get(&oid).cloned().unwrap_or_default());
                let trace = traces.of(&CommitId::new(oid.to_string()));
                let verdict = class::of(&judged, &trace);
                Entry::of(Row::of(judged, verdict, &people))
            })
            .collect();
        for entry in &judged {
            tail.summary.add(entry.row());
            sink.row(entry).map_err(Error::Print)?;
        }
        progress.add(judged.len());
    }
    tail.notes = ledger
        .faults
        .iter()
        .map(|fault| format!("line {} of the ledger {}", fault.line, fault.what))
        .collect();
    tail.notes
        .extend(moves::notes(repository, &request.force.policy, &ledger)?);
    // Forms that write at their end must not write into it.
    drop(progress);
    sink.end(&tail).map_err(Error::Print)
}

fn load(shared: &Shared<'_>, part: &[Place]) -> Result<Vec<Material>, Error> {
    let rows = part.par_chunks(ROW).map(|row| shared.load(row));
    let rows: Vec<Vec<Material>> = rows.collect::<Result<_, _>>()?;
    Ok(rows.into_iter().flatten().collect())
}

fn standing(
    repository: &Repository,
    line: &Timeline,
    grounds: &[Ground<'_>],
    footings: &Footings<'_>,
    material: &Material,
) -> Result<Validation, Error> {
    if material.scope.is_none() {
        return Ok(Validation::Undecided);
    }
    let at = line.policy_of(material.place);
    let (ground, policy) = (&grounds[at], &line.policies[at].policy);
    let commit = &material.loaded.judged.commit;
    footings.note(ground, policy, repository, commit)?;
    Ok(Validation::Known(ground.of(commit)?))
}

fn graph(repository: &Repository, request: &Request<'_>) -> Result<Arc<Graph>, Error> {
    let mut tips = request.tips.clone();
    tips.push(request.force.tip);
    tips.extend(&request.without);
    let mut seen = std::collections::HashSet::new();
    tips.retain(|&tip| repository.has_object(tip) && seen.insert(tip));
    Ok(Arc::new(repository.graph(&tips)?))
}

fn commits(graph: &Graph, line: &Timeline, request: &Request<'_>) -> Vec<Place> {
    let places =
        |oids: &[Oid]| -> Vec<Place> { oids.iter().filter_map(|&oid| graph.find(oid)).collect() };
    let mut asked = graph.reach(places(&request.tips));
    asked.remove_all(&graph.reach(places(&request.without)));
    let is_asked = |&place: &Place| request.with_past || line.era_of(place) != Era::Before;
    asked.iter().filter(is_asked).collect()
}

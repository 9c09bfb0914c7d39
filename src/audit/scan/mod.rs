//! The audit of a whole history: read by all processors, judged in order, handed on commit by commit.

mod adoption;
mod choice;
mod court;
mod footing;
mod replays;
mod work;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::approval::SignersAt;
use super::judge::{Era, lines};
use super::landings::{self, Landings};
use super::pool::Pool;
use super::report::{Head, PolicyName, Sink, Tail};
use super::signed::Signed;
use super::timeline::Timeline;
use super::trace::Traces;
use super::verdicts::{self, Cache, Facts, Keys};
use super::waivers::{self, Waivers};
use super::{astray, moves};
use crate::error::Error;
use crate::evidence::ledger::{self, Ledger};
use crate::git::graph::{Graph, Place};
use crate::git::{Error as GitError, InForce, Oid, Repository};
use crate::policy::Policy;
use crate::progress::Count;
use crate::proof::known::{Known, spoken};
use jiff::Timestamp;

pub use choice::Choice;

use adoption::Begun;
use court::Court;
use work::Shared;

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
    /// What is known of how the hooks stand now, a sentence each.
    pub notes: Vec<String>,
    /// Whether an assumed policy is tried where no hooks were ever installed: nobody went round any.
    pub is_stranger: bool,
    /// Which of them are reported.
    pub choice: Choice,
    /// Whether verdicts are taken from earlier audits, and kept for later ones.
    pub keeps: bool,
    /// Whether a person at a terminal sees how far it is.
    pub shows_progress: bool,
}

impl Request<'_> {
    /// The policy that judges what has not landed.
    fn policy(&self) -> &Policy {
        self.assumed.unwrap_or(&self.force.policy)
    }
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
    let ledger = ledger::read(&repository.pdd_folder())?;
    let traces = Traces::read(repository, &ledger)?.of_stranger(request.is_stranger);
    let audits = request
        .keeps
        .then(|| verdicts::folder(repository))
        .flatten();
    let graph = graph(repository, request, &traces, audits.as_deref())?;
    traces.place(&graph);
    repository.attach(Arc::clone(&graph));
    repository.hold_diffs();
    let repository = &*repository;
    let pool = Pool::of(repository);
    let spoken = spoken(repository, None)?;
    let Begun {
        line: way,
        rival,
        tops,
    } = match request.assumed {
        Some(_) => Begun::default(),
        None => Begun::read(&graph, request.force, &pool, audits.as_deref())?,
    };
    let adoption = way.adoption.and_then(|oid| graph.find(oid));
    let ground = landings::Ground {
        repository,
        ledger: &ledger,
        force: request.force,
        tops: &tops,
        line: &way,
        now: Timestamp::now(),
    };
    let (mut landings, line) = match request.assumed {
        Some(policy) => {
            let line = Timeline::assumed(Arc::clone(&graph), policy);
            (Landings::default(), line)
        }
        None => {
            let landings = Landings::cut(&ground, &spoken)?;
            let line = Timeline::of(Arc::clone(&graph), request.force, adoption, &landings);
            (landings, line)
        }
    };
    let people = repository.mailmap()?;
    let commits = commits(&graph, &line, request);
    let commits = request.choice.among(commits, &graph, &pool, &people)?;
    refuse_shallow(repository, &graph, adoption, &commits)?;
    let known = match asks(&line, "validation") || asks(&line, "red-first") {
        true => Known::read(repository, None)?,
        false => Known::default(),
    };
    let traces = traces.with_runs(&known);
    let mut astray = astray::findings(repository, &graph, request.policy(), &ledger, adoption)?;
    if let Some(rival) = rival {
        astray.entry(rival.merge).or_default().push(rival.told());
    }
    let signed = Signed::read(
        repository,
        &spoken,
        request.policy(),
        request.force.tip,
        ground.now,
    )?;
    let written = lines(&ledger);
    let cache = match audits {
        None => Cache::nothing(),
        Some(audits) => {
            let keys = Keys::new(
                repository,
                &line,
                &landings,
                (&traces, &written),
                &astray,
                (&spoken, &known, ground.now),
            );
            let facts = Facts {
                force: request.force,
                assumed: request.assumed,
                is_stranger: request.is_stranger,
                adoption: way.adoption,
                signers: signed.signers(),
                steps: &landings.steps,
                people: &people,
                waivers: keys.waivers(),
                git: &repository.git().line(&["--version"])?,
                now: ground.now,
            };
            Cache::open(repository, &audits, &facts, keys, (&graph, &commits))
        }
    };
    let court = Court {
        request,
        line: &line,
        known: &known,
        pool: &pool,
        signed: &signed,
        traces: &traces,
        astray: &astray,
        waivers: unlanded_waivers(repository, request, ground.now)?,
        people: &people,
        keeps: cache.keeps(),
    };
    let shared = Shared {
        line: &line,
        known: &known,
        lines: Arc::clone(&written),
        pool: &pool,
    };
    let policy = match request.assumed {
        Some(policy) => PolicyName::assumed(policy),
        None => PolicyName::of(request.force),
    };
    let head = Head::new(request.range.clone(), policy);
    sink.begin(&head).map_err(Error::Print)?;
    let mut tail = Tail::default();
    progress.begin(commits.len());
    court.hold(
        (&ground, &mut landings),
        &shared,
        &commits,
        cache,
        |entry| {
            progress.add(1);
            tail.summary.add(entry.class(), &entry.findings());
            sink.row(&entry)
        },
    )?;
    // Forms that write at their end must not write into it.
    drop(progress);
    tell(repository, request, (&ledger, &traces), &mut tail)?;
    sink.end(&tail).map_err(Error::Print)
}

fn graph(
    repository: &Repository,
    request: &Request<'_>,
    traces: &Traces<'_>,
    audits: Option<&Path>,
) -> Result<Arc<Graph>, Error> {
    let mut tips = request.tips.clone();
    tips.push(request.force.tip);
    tips.extend(&request.without);
    let branches = &request.policy().branch;
    for branch in branches.protected.iter().chain(&branches.integration) {
        tips.extend(repository.find_commit_at(&format!("refs/heads/{branch}"))?);
        for name in repository.tracking_names(branch)? {
            tips.extend(repository.find_commit_at(&name)?);
        }
    }
    tips.extend(traces.wanted(repository));
    let mut seen = HashSet::new();
    tips.retain(|&tip| repository.has_object(tip) && seen.insert(tip));
    let graph = match audits {
        Some(audits) => repository.graph_kept(&tips, &audits.join("history"))?,
        None => repository.graph(&tips)?,
    };
    Ok(Arc::new(graph))
}

fn commits(graph: &Graph, line: &Timeline, request: &Request<'_>) -> Vec<Place> {
    let places =
        |oids: &[Oid]| -> Vec<Place> { oids.iter().filter_map(|&oid| graph.find(oid)).collect() };
    let mut asked = graph.reach(places(&request.tips));
    asked.remove_all(&graph.reach(places(&request.without)));
    let is_asked = |&place: &Place| request.with_past || line.era_of(place) != Era::Before;
    asked.iter().filter(is_asked).collect()
}

/// A shallow clone may not reach far enough to say how a commit stands to the adoption.
fn refuse_shallow(
    repository: &Repository,
    graph: &Graph,
    adoption: Option<Place>,
    commits: &[Place],
) -> Result<(), Error> {
    let Some(adoption) = adoption.filter(|_| repository.is_shallow()) else {
        return Ok(());
    };
    let commits: Vec<Oid> = commits.iter().map(|&place| graph.id(place)).collect();
    match repository.hidden_beyond_edge(&commits, graph.id(adoption))? {
        Some(oid) => Err(GitError::Shallow {
            oid: oid.to_string(),
        }
        .into()),
        None => Ok(()),
    }
}

/// Whether any policy asks a rule that looks at records.
fn asks(line: &Timeline, rule: &str) -> bool {
    let mut policies = line.policies.iter();
    policies.any(|policy| policy.level(rule).is_some() && !policy.check.is_empty())
}

fn unlanded_waivers(
    repository: &Repository,
    request: &Request<'_>,
    now: Timestamp,
) -> Result<Waivers, Error> {
    let policy = request.policy();
    let signers = SignersAt::commit(repository, policy, request.force.tip)?;
    let ground = waivers::Ground {
        policy,
        signers: &signers,
        at: now,
    };
    Waivers::read(repository, None, ground)
}

/// Says what no commit shows.
fn tell(
    repository: &Repository,
    request: &Request<'_>,
    (ledger, traces): (&Ledger, &Traces<'_>),
    tail: &mut Tail,
) -> Result<(), Error> {
    let found = moves::find(repository, &request.force.policy, ledger, traces)?;
    tail.notes = ledger.complaints();
    tail.notes.extend(found.notes);
    tail.notes.extend(request.notes.iter().cloned());
    tail.moves = found.moves;
    if request.assumed.is_some() {
        tail.notes
            .push("approval is not asked under an assumed policy".into());
    }
    Ok(())
}

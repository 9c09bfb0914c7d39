//! When landings were received, and from where to where: a server's records of its moves, and what the ledger of here saw.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Ground;
use super::chain::Chain;
use crate::audit::approval::{SignersAt, Tip};
use crate::audit::report::Evidence;
use crate::error::Error;
use crate::evidence::Envelope;
use crate::evidence::ledger::Event;
use crate::evidence::signers::{Namespace, holders};
use crate::evidence::statement::{Predicate, Transition};
use crate::git::{Oid, Repository};
use crate::proof::known::{Spoken, Topic, Word};

/// The name under which `install --server` proposes to list a server's key.
const SERVER: &str = "server";

/// The moves that servers wrote down, by where they begin.
#[derive(Debug, Default)]
pub(super) struct Transitions {
    by_from: HashMap<Oid, Vec<Told>>,
}

/// One record of a move.
#[derive(Debug)]
struct Told {
    record: String,
    envelope: Envelope,
    says: Transition,
    time: Option<Timestamp>,
}

/// Where a landing ends, and what says so.
#[derive(Debug)]
pub(super) struct End {
    pub(super) place: usize,
    pub(super) received: Option<Timestamp>,
    pub(super) evidence: Vec<Evidence>,
}

impl Transitions {
    /// Reads what is recorded.
    pub(super) fn read(repository: &Repository, spoken: &[Spoken]) -> Self {
        let mut found = Self::default();
        for one in spoken {
            if !matches!(one.topic, Topic::Word(Word::Transition, _)) {
                continue;
            }
            let Some((from, told)) = Told::read(repository, one) else {
                continue;
            };
            found.by_from.entry(from).or_default().push(told);
        }
        found
    }

    /// Says where the move that began at a place of a chain ended, as far as somebody says so who is to be believed: the
    /// nearest end where there are several.
    pub(super) fn end(
        &self,
        ground: &Ground<'_>,
        chain: &Chain,
        at: usize,
        tip: &Tip,
    ) -> Option<End> {
        let begun = self.by_from.get(&chain.links[at].id)?;
        let ends = begun.iter().filter_map(|told| {
            let says = &told.says;
            let place = chain.place_of(ground.repository, says.to.as_str())?;
            let is_here = place > at
                && says.reference.strip_prefix("refs/heads/") == Some(&*chain.branch)
                && says.repository == tip.policy.approval.repository;
            let time = told.time.unwrap_or(ground.now).min(ground.now);
            let by = is_here.then(|| told.by(&tip.signers, time))??;
            Some((place, told, by))
        });
        let (place, told, by) = ends.min_by_key(|(place, ..)| *place)?;
        Some(End {
            place,
            received: told.time.map(|time| time.min(ground.now)),
            evidence: vec![Evidence {
                kind: "transition".into(),
                name: told.record.clone(),
                by,
            }],
        })
    }
}

impl Told {
    fn read(repository: &Repository, spoken: &Spoken) -> Option<(Oid, Self)> {
        let envelope = spoken.read(repository)?;
        let statement = envelope.statement().ok()?;
        let commit = statement.commit();
        let Predicate::Transition(says) = statement.predicate else {
            return None;
        };
        let from = repository.oid(says.from.as_ref()?.as_str()).ok()?;
        (commit.as_ref() == Some(&says.to)).then(|| {
            let told = Self {
                record: spoken.listed.name.clone(),
                envelope,
                time: says.time.parse().ok(),
                says: *says,
            };
            (from, told)
        })
    }

    /// Says who wrote it down, as those name them who stood at the old tip; none where it was nobody who is to be believed.
    /// Where nobody was listed, nobody could be.
    fn by(&self, signers: &SignersAt, at: Timestamp) -> Option<Option<String>> {
        let SignersAt::Listed(signers) = signers else {
            return Some(None);
        };
        let runners = signers.naming(Namespace::Runner);
        let as_runner = runners.verify(&self.envelope, Namespace::Runner, at);
        if let Some(signed) = as_runner.into_iter().flatten().next() {
            return Some(Some(signed.principal));
        }
        // A server signs as those do who work on things, and so could each of them: it is told by its name, or is a machine.
        let by_name = signers.verify(&self.envelope, Namespace::Evidence, at);
        let mut by_name = by_name.into_iter().flatten();
        if by_name.any(|signed| signed.principal == SERVER) {
            return Some(Some(SERVER.into()));
        }
        let keys = holders(&self.envelope, Namespace::Evidence).into_iter();
        let mut machines = keys.filter_map(|key| runners.listed(&key, Namespace::Runner, at).ok());
        machines.next().map(Some)
    }
}

/// Says for each place of a chain when the ledger of here first saw the branch there, or beyond; none where it did not.
pub(super) fn seen(ground: &Ground<'_>, chain: &Chain) -> Result<Vec<Option<Timestamp>>, Error> {
    let reference = format!("refs/heads/{}", chain.branch);
    let mut names = ground.repository.tracking_names(&chain.branch)?;
    names.push(reference);
    let mut seen = vec![None; chain.links.len()];
    let mut reached = 0;
    for line in &ground.ledger.lines {
        let entry = &line.entry;
        let (Event::Move, Some(reference), Some(to)) =
            (entry.event, &entry.reference, &entry.commit)
        else {
            continue;
        };
        if !names.contains(reference) {
            continue;
        }
        let place = chain.place_of(ground.repository, to.as_str());
        let (Some(place), Ok(time)) = (place, line.time.parse::<Timestamp>()) else {
            continue;
        };
        if place > reached {
            seen[reached + 1..=place].fill(Some(time.min(ground.now)));
        }
        reached = reached.max(place);
    }
    Ok(seen)
}

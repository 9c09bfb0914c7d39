//! A range of history judged: each commit by the policy that was in force for it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use jiff::Timestamp;

use super::approval::{SignersAt, Tops};
use super::astray;
use super::basis::Basis;
use super::class;
use super::judge::{Judge, Proofs};
use super::landings::{self, Landings};
use super::moves;
use super::recompute::Recompute;
use super::reds;
use super::report::{Head, PolicyName, Report, Row};
use super::trace::Traces;
use super::validations::{self, Judged as Group};
use super::waivers::{Ground, Waivers};
use crate::change::{Branch, Validation};
use crate::error::Error;
use crate::evidence::ledger;
use crate::git::{Error as GitError, InForce, Oid, Repository};
use crate::id::CommitId;
use crate::policy::Policy;
use crate::proof::known::{Known, spoken};

/// What to judge.
#[derive(Debug)]
pub struct Request<'a> {
    /// The commits, parents before children.
    pub commits: Vec<Oid>,
    /// What was asked for, for the report.
    pub range: Option<String>,
    /// The policy in force now.
    pub force: &'a InForce,
    /// Where the commits would land: by what they are judged then.
    pub basis: Option<&'a Basis<'a>>,
    /// Where validation is repeated and `basis` does not say what that found.
    pub recompute: Option<&'a Recompute<'a>>,
    /// The waivers that count; where none are given, those that are signed, by the policy in force for each commit.
    pub waivers: Option<&'a Waivers>,
}

/// Judges the commits.
///
/// # Errors
/// An object is missing, or a policy is bad.
pub fn judge(repository: &Repository, request: Request<'_>) -> Result<Report, Error> {
    let ledger = ledger::read(&repository.pdd_folder())?;
    let line = repository.line_to_adoption(request.force.tip)?;
    let adoption = line.adoption;
    if let Some(adoption) = adoption
        && let Some(oid) = repository.hidden_beyond_edge(&request.commits, adoption)?
    {
        return Err(GitError::Shallow {
            oid: oid.to_string(),
        }
        .into());
    }
    let judge = match request.basis {
        Some(basis) => basis.judge(&request.commits)?,
        None => Judge::new(repository, &ledger, adoption, &request.commits)?,
    };
    // How a commit was made here is told by the ledger of here, also where no judgement believes it.
    let traces = Traces::read(repository, &ledger)?;
    let ground = landings::Ground {
        repository,
        ledger: &ledger,
        force: request.force,
        tops: &Tops::default(),
        line: &line,
        now: Timestamp::now(),
    };
    let landings = match request.basis {
        Some(_) => Landings::default(),
        None => Landings::cut(&ground, &spoken(repository, None)?)?,
    };
    let steps = landings.of_commits(repository, &request.commits)?;
    let landed = steps
        .iter()
        .map(|(&oid, &step)| (oid, landings.steps[step].from));
    let landed: HashMap<Oid, Oid> = landed.collect();
    let policy = &request.force.policy;
    let mut astray = astray::read(repository, policy, &ledger, adoption)?;
    let earlier = match request.recompute {
        Some(_) => earlier_policies(repository, request.force, &landed)?,
        None => HashMap::new(),
    };
    let laws = landings.steps.iter();
    let laws = laws.map(|step| (step.from, Arc::clone(&step.policy)));
    let laws: HashMap<Oid, Arc<Policy>> = laws.collect();
    let above = match request.basis {
        Some(basis) => (&basis.policy, Some(basis.floor)),
        None => (&request.force.policy, Some(request.force.tip)),
    };
    let policy_of = |oid: &Oid| match landed.get(oid) {
        Some(before) => (
            laws.get(before).map_or(&request.force.policy, Arc::as_ref),
            Some(*before),
        ),
        None => above,
    };
    let own;
    let known = match (request.basis, request.recompute) {
        (Some(basis), _) => &basis.records,
        (None, Some(recompute)) => {
            let force_of = |oid: &Oid| {
                let before = landed.get(oid);
                before
                    .and_then(|before| earlier.get(before))
                    .unwrap_or(request.force)
            };
            run_again(recompute, &request.commits, force_of)?;
            own = recompute.known();
            &own
        }
        (None, None) => {
            own = records(repository, &request.commits, policy_of)?;
            &own
        }
    };
    let traces = traces.with_runs(known);
    let mut validations = validations(repository, &judge, known, &request.commits, policy_of)?;
    let given = request
        .waivers
        .or(request.basis.map(|basis| &basis.waivers));
    let mut waivers = ByFloor::default();
    let people = repository.mailmap()?;
    let mut rows = Vec::new();
    for &oid in &request.commits {
        let (policy, floor) = policy_of(&oid);
        let proofs = Proofs {
            validation: validations.remove(&oid).unwrap_or_default(),
            red: reds::of(repository, &judge, known, policy, floor, oid)?,
        };
        let mut judged = judge.judge(oid, policy, Branch::Unknown, proofs)?;
        judged
            .findings
            .extend(astray.remove(&oid).unwrap_or_default());
        if !judged.findings.is_empty() {
            judged.lift(match given {
                Some(given) => given,
                None => waivers.of(repository, policy, floor.unwrap_or(request.force.tip))?,
            });
        }
        let trace = traces.of(&CommitId::new(oid.to_string()));
        let verdict = class::of(&judged, &trace);
        rows.push(Row::of(judged, verdict, &people));
    }
    let mut notes = ledger.complaints();
    let found = moves::find(repository, &request.force.policy, &ledger, &traces)?;
    notes.extend(found.notes);
    let mut report = Report::new(
        Head::new(request.range, PolicyName::of(request.force)),
        rows,
        notes,
    );
    report.tail.moves = found.moves;
    Ok(report)
}

/// The waivers that count by the policy and the signers of each tip.
#[derive(Default)]
struct ByFloor(HashMap<Oid, Waivers>);

impl ByFloor {
    fn of(
        &mut self,
        repository: &Repository,
        policy: &Policy,
        tip: Oid,
    ) -> Result<&Waivers, Error> {
        Ok(match self.0.entry(tip) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let ground = Ground {
                    policy,
                    signers: &SignersAt::commit(repository, policy, tip)?,
                    at: Timestamp::now(),
                };
                place.insert(Waivers::read(repository, None, ground)?)
            }
        })
    }
}

/// What was in force at each old tip.
fn earlier_policies(
    repository: &Repository,
    force: &InForce,
    landed: &HashMap<Oid, Oid>,
) -> Result<HashMap<Oid, InForce>, Error> {
    let mut policies = HashMap::new();
    for &before in landed.values() {
        if policies.contains_key(&before) {
            continue;
        }
        let found = match repository.policy_at(before, &force.branch) {
            // It has been mended since; until then nothing could be judged by it.
            Err(GitError::Policy(_)) => None,
            found => found?,
        };
        policies.extend(found.map(|found| (before, found)));
    }
    Ok(policies)
}

/// Runs the commits, those of one landing after another.
fn run_again<'f>(
    recompute: &Recompute<'_>,
    commits: &[Oid],
    force_of: impl Fn(&Oid) -> &'f InForce,
) -> Result<(), Error> {
    for commits in commits.chunk_by(|one, next| force_of(one).tip == force_of(next).tip) {
        if let Some(first) = commits.first() {
            recompute.run(force_of(first), commits, None)?;
        }
    }
    Ok(())
}

/// What the records say of each commit, by the policy and from the floor that `policy_of` gives it.
fn validations<'p>(
    repository: &Repository,
    judge: &Judge<'_>,
    known: &Known,
    commits: &[Oid],
    policy_of: impl Fn(&Oid) -> (&'p Policy, Option<Oid>),
) -> Result<HashMap<Oid, Validation>, Error> {
    let mut groups: Vec<Group<'p>> = Vec::new();
    let mut places: HashMap<Option<Oid>, usize> = HashMap::new();
    for &oid in commits {
        let (policy, floor) = policy_of(&oid);
        let place = *places.entry(floor).or_insert_with(|| {
            groups.push(Group {
                policy,
                floor,
                commits: Vec::new(),
            });
            groups.len() - 1
        });
        groups[place].commits.push(oid);
    }
    validations::find(repository, judge, known, &groups)
}

/// What is recorded, where any of the policies asks for it.
fn records<'p>(
    repository: &Repository,
    commits: &[Oid],
    policy_of: impl Fn(&Oid) -> (&'p Policy, Option<Oid>),
) -> Result<Known, Error> {
    let asks = |rule: &str| {
        let mut policies = commits.iter().map(|oid| policy_of(oid).0);
        policies.any(|policy| policy.level(rule).is_some())
    };
    Ok(if asks("validation") || asks("red-first") {
        Known::read(repository, None)?
    } else {
        Known::default()
    })
}

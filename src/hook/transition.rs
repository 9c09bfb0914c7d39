//! post-receive: each move of a protected branch that the server let through is written down and signed, each record naming
//! the one before it. It stops nothing: the branches have moved, and what is missing the next push makes up for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use super::receiving::{self, Other, Receiving};
use super::session::State;
use crate::audit::arrival::Seat;
use crate::audit::landing::Move;
use crate::change::Role;
use crate::change::{ApprovalState, Moment};
use crate::error::Error;
use crate::evidence::Envelope;
use crate::evidence::ledger::Ledger;
use crate::evidence::signers::{Namespace, holders};
use crate::evidence::statement::{Predicate, Statement, Transition};
use crate::git::{InForce, Repository};
use crate::id::{CommitId, TreeId};
use crate::install::manifest::Manifest;
use crate::policy::Policy;
use crate::proof::known::{Word, words};
use crate::signing::{Asks, Key};

/// The file whose lock a writer holds, in the folder of local state.
const LOCK: &str = "transitions.lock";

const HEADS: &str = "refs/heads/";

/// One move to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    from: Option<CommitId>,
    to: CommitId,
    is_recovered: bool,
}

/// The newest record of a branch.
#[derive(Clone, Debug)]
struct Last {
    record: String,
    sequence: u64,
    to: CommitId,
}

/// What the records of moves are made from.
struct Log<'a> {
    repository: &'a Repository,
    policy: &'a Policy,
    key: Option<Key>,
    last: BTreeMap<String, Last>,
    /// Where each branch stood when the server was installed; none where it was not.
    began: Option<BTreeMap<String, String>>,
    own: Receiving,
    others: Vec<Other>,
}

/// Writes down what this push moved, and what earlier ones did and left unwritten.
///
/// # Errors
/// The repository cannot be read or written.
pub(super) fn record(state: &State, input: &[u8]) -> Result<(), Error> {
    let State { repository, pdd } = state;
    let own = Receiving::read(input);
    if let Some(force) = force_before(repository, &own)? {
        let _lock = lock(pdd)?;
        // The tips first: a push that has moved one since is then known by its file, or by its record.
        let tips = protected_tips(repository, &force.policy)?;
        let others = receiving::others(pdd);
        let manifest = Manifest::read(repository.common_folder())?;
        let began = manifest.and_then(|manifest| manifest.server);
        let key = Key::find(repository, Namespace::Evidence)?;
        let mut log = Log {
            repository,
            policy: &force.policy,
            last: chains(repository, key.as_ref())?,
            key,
            began: began.map(|server| server.began),
            own,
            others,
        };
        log.write_own()?;
        log.write_left(tips)?;
        for other in log.others.iter().filter(|other| !other.is_alive) {
            other.forget();
        }
    }
    receiving::done(pdd);
    Ok(())
}

/// Returns the records of the approvals that a move was let through for, as far as they are here.
fn approvals(repository: &Repository, reference: &str, step: &Step) -> Vec<String> {
    approved(repository, reference, step).unwrap_or_default()
}

fn approved(repository: &Repository, reference: &str, step: &Step) -> Result<Vec<String>, Error> {
    let Some(force) = repository.policy_in_force()? else {
        return Ok(Vec::new());
    };
    let from = step.from.as_ref();
    let from = from.map(|from| repository.oid(from.as_str())).transpose()?;
    let movement = Move {
        reference,
        from,
        to: Some(repository.oid(step.to.as_str())?),
        also_known: &[],
        replaced_by: None,
    };
    let ledger = Ledger::default();
    let mut seat = Seat::new(repository, &ledger, Moment::Receive);
    seat.pins = Some(repository.pinned_roots()?);
    let landing = seat.arrival(&force, &movement)?.landing;
    let ApprovalState::Known(approvals) = landing.approval else {
        return Ok(Vec::new());
    };
    let by = approvals.steps.into_iter().flat_map(|step| step.by);
    Ok(by.map(|approver| approver.record).collect())
}

impl Log<'_> {
    /// Writes down what this push moved.
    fn write_own(&mut self) -> Result<(), Error> {
        for moved in self.own.moves.clone() {
            let branch = moved.reference.strip_prefix(HEADS);
            let is_protected =
                branch.is_some_and(|branch| self.policy.role(branch, &[]) == Role::Protected);
            let Some(to) = moved.to.filter(|_| is_protected) else {
                continue;
            };
            if self.holds(&moved.reference, &to)? {
                continue;
            }
            let mut steps = self.missing(&moved.reference, moved.from.as_ref());
            steps.push(Step {
                from: moved.from,
                to,
                is_recovered: false,
            });
            self.write(&moved.reference, &steps)?;
        }
        Ok(())
    }

    /// Writes down where branches stand that no push in progress has moved there.
    fn write_left(&mut self, tips: Vec<(String, CommitId)>) -> Result<(), Error> {
        for (reference, tip) in tips {
            let is_moving = self
                .others
                .iter()
                .any(|other| other.is_alive && other.push.of(&reference).is_some());
            if is_moving || self.own.of(&reference).is_some() || self.holds(&reference, &tip)? {
                continue;
            }
            let steps = self.missing(&reference, Some(&tip));
            self.write(&reference, &steps)?;
        }
        Ok(())
    }

    /// Says whether the records of a branch lead to a commit, or past it.
    fn holds(&self, reference: &str, to: &CommitId) -> Result<bool, Error> {
        let Some(last) = self.last.get(reference) else {
            return Ok(false);
        };
        let last = self.repository.oid(last.to.as_str())?;
        let to = self.repository.oid(to.as_str())?;
        Ok(last == to || self.repository.is_ancestor(to, last)?)
    }

    /// Lists the moves from where the records of a branch end to `target`; pushes that were noted and not written down tell
    /// the ways between.
    fn missing(&self, reference: &str, target: Option<&CommitId>) -> Vec<Step> {
        let Some(target) = target else {
            return Vec::new();
        };
        let mut at = match (self.last.get(reference), &self.began) {
            (Some(last), _) => Some(last.to.clone()),
            (None, Some(began)) => began.get(reference).map(CommitId::new),
            // By hand, nobody knows where it began.
            (None, None) => Some(target.clone()),
        };
        let mut steps = Vec::new();
        let mut seen = BTreeSet::new();
        while at.as_ref() != Some(target) {
            let noted = self.others.iter().find_map(|other| {
                let moved = other.push.of(reference)?;
                let to = moved.to.clone()?;
                (moved.from == at && seen.insert(to.clone())).then_some(to)
            });
            let to = noted.unwrap_or_else(|| target.clone());
            steps.push(Step {
                from: at,
                to: to.clone(),
                is_recovered: true,
            });
            at = Some(to);
        }
        steps
    }

    /// Signs and stores the records of these moves, each naming the one before it.
    fn write(&mut self, reference: &str, steps: &[Step]) -> Result<(), Error> {
        for step in steps {
            let (statement, sequence) = self.statement(reference, step)?;
            let names = self.repository.add_records(&self.envelopes(statement)?)?;
            let last = Last {
                record: names.into_iter().next().unwrap_or_default(),
                sequence,
                to: step.to.clone(),
            };
            self.last.insert(reference.to_owned(), last);
        }
        Ok(())
    }

    /// Puts a statement into its envelope. A key that does not sign is an error, not an unsigned record: that one would count
    /// for nothing here, and the move would be written down again.
    fn envelopes(&self, statement: Statement) -> Result<Vec<Vec<u8>>, Error> {
        let envelopes = match &self.key {
            Some(key) => key.sign(&[statement], Namespace::Evidence, Asks::Never)?,
            None => vec![Envelope::unsigned(&statement)?],
        };
        let lines: Result<Vec<_>, _> = envelopes.iter().map(Envelope::to_line).collect();
        Ok(lines?)
    }

    fn statement(&self, reference: &str, step: &Step) -> Result<(Statement, u64), Error> {
        let push = self.push_of(reference, step);
        let last = self.last.get(reference);
        let sequence = last.map_or(0, |last| last.sequence).saturating_add(1);
        let oid = self.repository.oid(step.to.as_str())?;
        let tree = TreeId::new(self.repository.tree_of(oid)?.to_string());
        let transition = Transition {
            tool: concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")).to_owned(),
            time: push.map_or_else(|| self.own.time.clone(), |push| push.time.clone()),
            repository: self.policy.approval.repository.clone(),
            reference: reference.to_owned(),
            from: step.from.clone(),
            to: step.to.clone(),
            pusher: push.and_then(|push| push.pusher.clone()),
            sequence,
            previous: last.map(|last| last.record.clone()),
            approvals: approvals(self.repository, reference, step),
            recovered: step.is_recovered,
        };
        let predicate = Predicate::Transition(Box::new(transition));
        Ok((Statement::about(&tree, Some(&step.to), predicate), sequence))
    }

    /// Finds the push that made a move.
    fn push_of(&self, reference: &str, step: &Step) -> Option<&Receiving> {
        let all = std::iter::once(&self.own).chain(self.others.iter().map(|other| &other.push));
        let mut made = all.filter(|push| {
            push.of(reference)
                .is_some_and(|moved| moved.from == step.from && moved.to.as_ref() == Some(&step.to))
        });
        made.next()
    }
}

/// Finds the policy that was in force before this push; where there was none, the one that it brings.
fn force_before(repository: &Repository, push: &Receiving) -> Result<Option<InForce>, Error> {
    let names = repository.protected_candidates()?;
    for is_before in [true, false] {
        for name in &names {
            let reference = format!("{HEADS}{name}");
            let tip = match push.of(&reference) {
                Some(moved) => {
                    let end = if is_before { &moved.from } else { &moved.to };
                    end.as_ref()
                        .map(|end| repository.oid(end.as_str()))
                        .transpose()?
                }
                None => repository.find_commit_at(&reference)?,
            };
            let Some(tip) = tip else {
                continue;
            };
            if let Some(force) = repository.policy_at(tip, name)? {
                return Ok(Some(force));
            }
        }
    }
    Ok(None)
}

/// Returns the protected branches and where they stand.
fn protected_tips(
    repository: &Repository,
    policy: &Policy,
) -> Result<Vec<(String, CommitId)>, Error> {
    let mut tips = Vec::new();
    for name in &policy.branch.protected {
        let reference = format!("{HEADS}{name}");
        if let Some(tip) = repository.find_commit_at(&reference)? {
            tips.push((reference, CommitId::new(tip.to_string())));
        }
    }
    Ok(tips)
}

/// Reads the newest record of each branch. What somebody else pushed under the name of a transition is none: with a key,
/// only what it signed counts.
fn chains(repository: &Repository, key: Option<&Key>) -> Result<BTreeMap<String, Last>, Error> {
    let own = key.map(Key::fingerprint);
    let mut last: BTreeMap<String, Last> = BTreeMap::new();
    for (record, envelope) in words(repository, None, Word::Transition)? {
        let is_own = own
            .as_ref()
            .is_none_or(|own| holders(&envelope, Namespace::Evidence).contains(own));
        let Ok(statement) = envelope.statement() else {
            continue;
        };
        let Predicate::Transition(found) = statement.predicate else {
            continue;
        };
        let is_newer = last
            .get(&found.reference)
            .is_none_or(|last| last.sequence < found.sequence);
        if is_own && is_newer {
            let found = *found;
            let newest = Last {
                record,
                sequence: found.sequence,
                to: found.to,
            };
            last.insert(found.reference, newest);
        }
    }
    Ok(last)
}

/// Waits until no other push writes; the lock ends with the file.
fn lock(pdd: &Path) -> Result<File, Error> {
    let path = pdd.join(LOCK);
    let open = || {
        std::fs::create_dir_all(pdd)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)?;
        file.lock()?;
        Ok(file)
    };
    open().map_err(|source| Error::LockTransitions {
        path: path.clone(),
        source,
    })
}

//! reference-transaction, the rare part: a guarded reference really moves, or a merge is about to try. The small program
//! that git runs has seen to everything else.

use std::ffi::OsString;
use std::path::Path;

use super::caller::Caller;
use super::guard::{Update, updates};
use super::session::State;
use super::way_back::way_back;
use super::{guarded, print, report};
use crate::audit::arrival::{Arrival, Seat};
use crate::audit::landing::Move;
use crate::change::{Landing, Moment, Place, Role};
use crate::error::Error;
use crate::evidence::ledger::{self, BY_HAND, Entry, Event, Ledger};
use crate::exit::Exit;
use crate::git::{Error as GitError, InForce, Oid, Repository};
use crate::id::{BlobId, CommitId};
use crate::policy::Policy;

/// Judges one transaction; any state but `prepared` passes, known or not.
pub(super) fn run(state: State, args: &[OsString], input: &[u8]) -> Result<Exit, Error> {
    if args.first().is_none_or(|state| state != "prepared") {
        return Ok(Exit::Passed);
    }
    let ledger = ledger::read(&state.pdd)?;
    let updates = updates(input);
    let Some(force) = policy_for(&state.repository, &ledger, &updates)? else {
        return Ok(Exit::Passed);
    };
    let guard = Guard {
        state: &state,
        force: &force,
        ledger: &ledger,
        policy: state.repository.guarding(&force)?,
        caller: Caller::find(),
    };
    let exit = guard.judge(&updates)?;
    if exit == Exit::Passed {
        guarded::refresh(&state.repository, &state.pdd)?;
    }
    Ok(exit)
}

/// The policy in force; where the branch that held it was deleted, the one at its last recorded tip, so that it can be
/// made anew there and nowhere else.
fn policy_for(
    repository: &Repository,
    ledger: &Ledger,
    updates: &[Update],
) -> Result<Option<InForce>, Error> {
    match repository.policy_in_force() {
        Ok(Some(force)) => return Ok(Some(force)),
        Ok(None) | Err(GitError::NoProtectedBranch { .. } | GitError::LostPolicy { .. }) => {}
        // The defaults guard the branch meanwhile, so that a pull can bring the mended policy.
        Err(GitError::Policy(error)) => return defaults(repository, error.into()).map(Some),
        Err(error) => return Err(error.into()),
    }
    for update in updates {
        let name = String::from_utf8_lossy(update.name).into_owned();
        let Some(branch) = name.strip_prefix("refs/heads/") else {
            continue;
        };
        if let Some(tip) = ledger.last_recorded(&name)
            && let Ok(tip) = repository.oid(tip.as_str())
            && let Ok(Some(force)) = repository.policy_at(tip, branch)
        {
            return Ok(Some(force));
        }
    }
    // Where no protected branch exists the commit hooks say so; a fetch must be able to bring it back.
    Ok(None)
}

/// The default policy, in force on every branch where one is looked for; `error` where none of them exists.
fn defaults(repository: &Repository, error: Error) -> Result<InForce, Error> {
    for name in repository.protected_candidates()? {
        let mut names = repository.tracking_names(&name)?;
        names.push(format!("refs/heads/{name}"));
        for reference in names {
            if let Some(tip) = repository.find_commit_at(&reference)? {
                return Ok(InForce {
                    policy: Policy::default(),
                    blob: BlobId::new(""),
                    branch: String::new(),
                    tip,
                });
            }
        }
    }
    Err(error)
}

struct Guard<'a> {
    state: &'a State,
    force: &'a InForce,
    ledger: &'a Ledger,
    policy: Policy,
    caller: Caller,
}

/// Where one reference goes.
struct Step {
    name: String,
    from: Option<Oid>,
    to: Option<Oid>,
    /// The reference that takes its place.
    replaced_by: Option<String>,
}

impl Guard<'_> {
    fn judge(&self, updates: &[Update]) -> Result<Exit, Error> {
        if updates.iter().any(|update| update.name == b"ORIG_HEAD")
            && let Some(exit) = self.foresee_merge()?
        {
            return Ok(exit);
        }
        let mut steps = Vec::new();
        for update in updates {
            if let Some(step) = self.step(update)? {
                steps.push(step);
            }
        }
        let known: Vec<Oid> = steps
            .iter()
            .filter(|step| step.name.starts_with("refs/remotes/"))
            .filter_map(|step| step.to)
            .collect();
        let mut refused = false;
        let mut records = Vec::new();
        for step in &steps {
            let Some(arrival) = self.arrival(step, &known)? else {
                records.extend(self.tracking(step));
                continue;
            };
            let findings = arrival.findings(&arrival.basis.policy);
            if report(&findings, &Place::Reference(step.name.clone())) {
                refused = true;
                let head = self.state.repository.head()?.branch;
                let is_here = head.is_some_and(|head| step.name == format!("refs/heads/{head}"));
                let merges = !self.state.repository.merge_heads()?.is_empty();
                print(&way_back(self.caller.args.as_ref(), is_here, merges));
            } else {
                records.push(self.record(step, &arrival.landing)?);
            }
        }
        if refused {
            return Ok(Exit::Findings);
        }
        for record in records {
            ledger::append(&self.state.pdd, record)?;
        }
        Ok(Exit::Passed)
    }

    /// What one line really does: git hands over what its caller passed as the old value, so the reference itself is
    /// read, which still stands where it stood (githooks(5); zeros mean "not checked").
    fn step(&self, update: &Update) -> Result<Option<Step>, Error> {
        let name = String::from_utf8_lossy(update.name).into_owned();
        if !name.starts_with("refs/") || name.starts_with("refs/pdd/") {
            return Ok(None);
        }
        let repository = &self.state.repository;
        let from = repository.find_commit_at(&name)?;
        let new = String::from_utf8_lossy(update.new).into_owned();
        let replaced_by = new.strip_prefix("ref:").map(str::to_owned);
        let to = if let Some(target) = &replaced_by {
            repository.find_commit_at(target)?
        } else if new.bytes().all(|b| b == b'0') {
            None
        } else {
            // A tag may name what is no commit: that is no deletion.
            let oid = repository.oid(&new)?;
            Some(repository.peel(oid)?.unwrap_or(oid))
        };
        let stays = to == from || (to.is_none() && self.is_prune());
        if stays && replaced_by.is_none() {
            return Ok(None);
        }
        Ok(Some(Step {
            name,
            from,
            to,
            replaced_by,
        }))
    }

    /// `git pack-refs` removes the loose copy of a reference in what looks like a deletion; a real one holds the lock
    /// on the packed references meanwhile, in the files backend (tried on git 2.39 to 2.55).
    fn is_prune(&self) -> bool {
        let by_packing = self.caller.args.as_ref().map(|args| {
            matches!(
                args.command.as_str(),
                "pack-refs" | "gc" | "maintenance" | "repack"
            )
        });
        by_packing.unwrap_or_else(|| {
            !self
                .state
                .repository
                .common_folder()
                .join("packed-refs.lock")
                .exists()
        })
    }

    /// The branch that `git branch -M` puts in place of another: it deletes that one, which asks, and makes it anew,
    /// which does not (with reftables it never asks). It is written down and not refused: by then git has deleted the
    /// branch that is renamed, and a refusal would leave it so (tried on git 2.39 and 2.47).
    fn renamed_to(&self, name: &str) -> Result<Option<String>, Error> {
        let args = self.caller.args.as_ref();
        let Some(args) = args.filter(|args| args.command == "branch" && args.renames()) else {
            return Ok(None);
        };
        let names = args.rest.iter().filter(|name| !name.starts_with('-'));
        let names: Vec<&str> = names.map(String::as_str).collect();
        let branch = name.strip_prefix("refs/heads/").unwrap_or_default();
        let old = match names[..] {
            [new] if new == branch => self.state.repository.head()?.branch,
            [old, new] if new == branch => Some(old.to_owned()),
            _ => None,
        };
        Ok(old
            .filter(|old| old != branch)
            .map(|old| format!("refs/heads/{old}")))
    }

    fn arrival(&self, step: &Step, known: &[Oid]) -> Result<Option<Arrival<'_>>, Error> {
        if !self.is_guarded(&step.name) {
            return Ok(None);
        }
        let from_fetch = self.is_transfer() && step.name.starts_with("refs/tags/");
        if from_fetch {
            // What the remote has tagged is the remote's to judge.
            return Ok(None);
        }
        let movement = Move {
            reference: &step.name,
            from: step.from,
            to: step.to,
            also_known: known,
            replaced_by: step.replaced_by.as_deref(),
        };
        let seat = Seat::new(&self.state.repository, self.ledger, Moment::Commit);
        let mut force = self.force.clone();
        force.policy.clone_from(&self.policy);
        Ok(Some(seat.arrival(&force, &movement)?))
    }

    fn is_guarded(&self, name: &str) -> bool {
        if let Some(branch) = name.strip_prefix("refs/heads/") {
            let role = self.policy.role(branch, &[]);
            return matches!(role, Role::Protected | Role::Integration);
        }
        name.strip_prefix("refs/tags/")
            .is_some_and(|tag| self.policy.is_release_tag(tag))
    }

    /// Whether what moves comes from another repository: a fetch from this one says nothing that was not here before.
    fn is_transfer(&self) -> bool {
        let own = self.state.repository.common_folder().canonicalize().ok();
        let is_own = |place: &str| {
            Repository::open_at(Path::new(place)).is_ok_and(|other| {
                own.is_some() && other.common_folder().canonicalize().ok() == own
            })
        };
        self.caller.args.as_ref().is_some_and(|args| {
            !args.operands().iter().any(|place| is_own(place))
                && matches!(
                    args.command.as_str(),
                    "fetch"
                        | "pull"
                        | "push"
                        | "clone"
                        | "remote"
                        | "submodule"
                        | "fetch-pack"
                        | "send-pack"
                )
        })
    }

    /// A remote-tracking branch of a protected one that something else than a transfer moved: written down, and not
    /// believed afterwards.
    fn tracking(&self, step: &Step) -> Option<Entry> {
        let branch = step.name.strip_prefix("refs/remotes/")?.split_once('/')?.1;
        let is_protected = self.policy.role(branch, &[]) == Role::Protected;
        if !is_protected || self.caller.args.is_none() {
            return None;
        }
        let how = if self.is_transfer() {
            "fetched"
        } else {
            BY_HAND
        };
        Some(self.entry(step, how))
    }

    fn record(&self, step: &Step, landing: &Landing) -> Result<Entry, Error> {
        let how = match (step.from, step.to) {
            (_, None) => match self.renamed_to(&step.name)? {
                Some(other) => return Ok(self.entry(step, &format!("replaced by {other}"))),
                None => "deleted",
            },
            (None, _) => "created",
            _ if landing.is_pull => "pull",
            _ => "moved",
        };
        Ok(self.entry(step, how))
    }

    fn entry(&self, step: &Step, how: &str) -> Entry {
        let id = |oid: Oid| CommitId::new(oid.to_string());
        Entry {
            commit: step.to.map(id),
            parents: step.from.map(id).into_iter().collect(),
            how: Some(how.into()),
            hooks: vec!["reference-transaction".into()],
            policy: Some(self.policy.number),
            reference: Some(step.name.clone()),
            ..Entry::new(Event::Move)
        }
    }

    /// A fast-forward can be refused before git touches a file only here, at its update of `ORIG_HEAD`.
    fn foresee_merge(&self) -> Result<Option<Exit>, Error> {
        let Some(args) = self
            .caller
            .args
            .as_ref()
            .filter(|args| args.command == "merge")
        else {
            return Ok(None);
        };
        let repository = &self.state.repository;
        let makes_no_fast_forward = ["--no-ff", "--squash"]
            .iter()
            .any(|option| args.has(option, option))
            || repository.effective_config("merge.ff")?.as_deref() == Some("false");
        let head = repository.head()?;
        let (Some(branch), Some(from)) = (head.branch, head.commit) else {
            return Ok(None);
        };
        let revision = match args.operands()[..] {
            [] => "@{upstream}",
            [revision] => revision,
            _ => return Ok(None),
        };
        let Ok(to) = repository.resolve(revision) else {
            return Ok(None);
        };
        if makes_no_fast_forward || !repository.is_ancestor(from, to)? {
            return Ok(None);
        }
        let step = Step {
            name: format!("refs/heads/{branch}"),
            from: Some(from),
            to: Some(to),
            replaced_by: None,
        };
        let Some(arrival) = self.arrival(&step, &[])? else {
            return Ok(None);
        };
        let findings = arrival.findings(&arrival.basis.policy);
        if report(&findings, &Place::Reference(step.name)) {
            print("  = nothing was changed\n");
            return Ok(Some(Exit::Findings));
        }
        Ok(None)
    }
}

//! reference-transaction, the rare part: a guarded reference really moves, or a merge is about to try. The small program
//! that git runs has seen to everything else.

use std::ffi::OsString;

use super::caller::Caller;
use super::guard::{Update, updates};
use super::session::State;
use super::{guarded, print, report};
use crate::audit::landing::{BY_HAND, Move, facts};
use crate::change::{Landing, Moment, Place, Role};
use crate::error::Error;
use crate::evidence::ledger::{self, Entry, Event, Ledger};
use crate::exit::Exit;
use crate::git::{Error as GitError, InForce, Oid, Repository};
use crate::id::{BlobId, CommitId};
use crate::policy::Policy;
use crate::rules;

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
        ledger: &ledger,
        force: &force,
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
        Ok(None) | Err(GitError::NoProtectedBranch { .. }) => {}
        // The defaults guard the branch meanwhile, so that a pull can bring the mended policy.
        Err(GitError::Policy(error)) => return defaults(repository, error.into()).map(Some),
        Err(error) => return Err(error.into()),
    }
    for update in updates {
        let name = String::from_utf8_lossy(&update.name).into_owned();
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
    ledger: &'a Ledger,
    force: &'a InForce,
    caller: Caller,
}

/// Where one reference goes.
struct Step {
    name: String,
    from: Option<Oid>,
    to: Option<Oid>,
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
            let Some(landing) = self.landing(step, &known)? else {
                records.extend(self.tracking(step));
                continue;
            };
            let findings = rules::run_landing(&landing, &self.force.policy);
            if report(&findings, &Place::Reference(step.name.clone())) {
                refused = true;
                print(&self.way_back(step));
            } else {
                records.push(self.record(step, &landing));
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
        let name = String::from_utf8_lossy(&update.name).into_owned();
        if !name.starts_with("refs/") || name.starts_with("refs/pdd/") {
            return Ok(None);
        }
        let repository = &self.state.repository;
        let from = repository.find_commit_at(&name)?;
        let new = String::from_utf8_lossy(&update.new).into_owned();
        let to = if let Some(target) = new.strip_prefix("ref:") {
            repository.find_commit_at(target)?
        } else if new.bytes().all(|b| b == b'0') {
            None
        } else {
            repository.peel(repository.oid(&new)?)?
        };
        if to == from || (to.is_none() && self.is_prune()) {
            return Ok(None);
        }
        Ok(Some(Step { name, from, to }))
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

    fn landing(&self, step: &Step, known: &[Oid]) -> Result<Option<Landing>, Error> {
        if !self.is_guarded(&step.name)? {
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
        };
        let policy = self.policy()?;
        Ok(Some(facts(
            &self.state.repository,
            &policy,
            self.ledger,
            Moment::Commit,
            &movement,
        )?))
    }

    fn policy(&self) -> Result<Policy, Error> {
        let mut policy = self.force.policy.clone();
        policy.branch.protected.extend(self.outbidding()?);
        Ok(policy)
    }

    /// The names under which a policy would be found before the one in force is: a branch made up under one of them
    /// would bring a policy of its own.
    fn outbidding(&self) -> Result<Vec<String>, Error> {
        let names = self.state.repository.protected_candidates()?;
        Ok(names
            .into_iter()
            .take_while(|name| name != &self.force.branch)
            .collect())
    }

    fn is_guarded(&self, name: &str) -> Result<bool, Error> {
        if let Some(branch) = name.strip_prefix("refs/heads/") {
            let role = self.force.policy.role(branch, &self.outbidding()?);
            return Ok(matches!(role, Role::Protected | Role::Integration));
        }
        Ok(name
            .strip_prefix("refs/tags/")
            .is_some_and(|tag| self.force.policy.is_release_tag(tag)))
    }

    fn is_transfer(&self) -> bool {
        self.caller.args.as_ref().is_some_and(|args| {
            matches!(
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
        let is_protected = self.force.policy.role(branch, &[]) == Role::Protected;
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

    fn record(&self, step: &Step, landing: &Landing) -> Entry {
        let how = match (step.from, step.to) {
            (_, None) => "deleted",
            (None, _) => "created",
            _ if landing.is_pull => "pull",
            _ => "moved",
        };
        self.entry(step, how)
    }

    fn entry(&self, step: &Step, how: &str) -> Entry {
        let id = |oid: Oid| CommitId::new(oid.to_string());
        Entry {
            commit: step.to.map(id),
            parents: step.from.map(id).into_iter().collect(),
            how: Some(how.into()),
            hooks: vec!["reference-transaction".into()],
            policy: Some(self.force.policy.number),
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
        let makes_no_fast_forward = ["--no-ff", "--squash", "--no-commit"]
            .iter()
            .any(|option| args.has(option, option))
            || repository.effective_config("merge.ff")?.as_deref() == Some("false");
        let head = repository.head()?;
        let (Some(branch), Some(from)) = (head.branch, head.commit) else {
            return Ok(None);
        };
        let named: Vec<&str> = args.operands();
        let [revision] = named[..] else {
            return Ok(None);
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
        };
        let Some(landing) = self.landing(&step, &[])? else {
            return Ok(None);
        };
        let findings = rules::run_landing(&landing, &self.force.policy);
        if report(&findings, &Place::Reference(step.name)) {
            print("  = nothing was changed\n");
            return Ok(Some(Exit::Findings));
        }
        Ok(None)
    }

    /// Git has moved index and files before it asks: how to get back, without losing edits.
    fn way_back(&self, step: &Step) -> String {
        let command = self.caller.args.as_ref().map(|args| args.command.as_str());
        let back = match (command, step.from) {
            (Some("merge" | "pull"), _) => {
                "`git merge --abort`, or where no merge is in progress `git reset --merge`"
            }
            (Some("rebase"), _) => "`git rebase --abort`",
            (Some("cherry-pick"), _) => "`git cherry-pick --abort`",
            (Some("revert"), _) => "`git revert --abort`",
            (Some("am"), _) => "`git am --abort`",
            (Some("reset" | "checkout" | "switch"), Some(_)) => {
                "`git reset --keep` puts index and files back to the branch; what you had not committed before may be gone"
            }
            (Some("commit"), _) => {
                "the index is as it was: `git switch -c <type>/<TASK-ID>-<words>` and commit there"
            }
            _ => return "  = the reference was not moved\n".into(),
        };
        format!("  = the branch was not moved; the way back: {back}\n")
    }
}

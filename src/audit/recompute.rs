//! Validation and red proofs repeated from the objects: what a judgement counts then is what was found just now, whatever
//! is recorded. No ledger is believed either, so that a replayed commit runs as any other does.

use std::borrow::Cow;
use std::cell::Cell;

use super::basis::Basis;
use crate::change::{Branch, Kind, Place, Standing};
use crate::error::Error;
use crate::evidence::ledger::Ledger;
use crate::git::{Commit, InForce, Oid, Repository, Subject};
use crate::id::CommitId;
use crate::message::Message;
use crate::policy::Policy;
use crate::progress::Progress;
use crate::proof::known::Known;
use crate::proof::notebook::Notebook;
use crate::proof::red;
use crate::proof::request::Request;
use crate::proof::scope::Scope;
use crate::proof::standing::Ground;
use crate::proof::validation::Validator;
use crate::rules;

/// What is run again, and what that found.
#[derive(Debug)]
pub struct Recompute<'a> {
    repository: &'a Repository,
    notebook: Notebook,
    trees: Cell<usize>,
}

/// One commit of those that are run again.
struct Bench<'b, 'a> {
    repository: &'a Repository,
    force: &'b InForce,
    notebook: &'b Notebook,
    validator: Validator<'b>,
}

impl<'a> Recompute<'a> {
    /// Begins with nothing.
    ///
    /// # Errors
    /// There is no room for temporary files.
    pub fn new(repository: &'a Repository) -> Result<Self, Error> {
        Ok(Self {
            repository,
            notebook: Notebook::new()?,
            trees: Cell::new(0),
        })
    }

    /// Runs commits by the policy of `force` and from its tip on, oldest first: each with what its own change brings into
    /// scope; of `landing`, from where to where, the last with what the whole of it does. Those that are no part of the
    /// workflow yet are left out.
    ///
    /// # Errors
    /// An object is missing, or the slot cannot be used; what a check does wrong is no error.
    pub fn run(
        &self,
        force: &InForce,
        commits: &[Oid],
        landing: Option<(Oid, Oid)>,
    ) -> Result<(), Error> {
        let policy = &force.policy;
        if policy.level("validation").is_none() && policy.level("red-first").is_none() {
            return Ok(());
        }
        let commits = after_adoption(self.repository, force, commits)?;
        let mut bench = Bench {
            repository: self.repository,
            force,
            notebook: &self.notebook,
            validator: Validator::anew(self.repository, force, &self.notebook),
        };
        for (place, &oid) in commits.iter().enumerate() {
            let prefix = format!("commit {} of {}, ", place + 1, commits.len());
            let from = landing.and_then(|(from, to)| (to == oid).then_some(from));
            bench.one(oid, from, &prefix)?;
            self.trees.set(self.trees.get() + 1);
        }
        Ok(())
    }

    /// Runs commits and puts what that found in the place of records and ledger.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn replace(
        &self,
        basis: &mut Basis<'_>,
        force: &InForce,
        commits: &[Oid],
        landing: Option<(Oid, Oid)>,
    ) -> Result<(), Error> {
        self.run(force, commits, landing)?;
        basis.records = self.known();
        basis.ledger = Cow::Owned(Ledger::default());
        Ok(())
    }

    /// Returns what was found so far.
    pub fn known(&self) -> Known {
        self.notebook.known()
    }

    /// Says in one line what was done.
    pub fn words(&self) -> String {
        let (runs, trees) = (self.notebook.runs(), self.trees.get());
        let checks = if runs == 1 { "check" } else { "checks" };
        let commits = if trees == 1 { "commit" } else { "commits" };
        format!(
            "recomputed: {runs} {checks} ran for {trees} {commits}, whatever is recorded of them"
        )
    }
}

impl Bench<'_, '_> {
    /// Runs what a commit needs: the checks in scope, then, where they pass, its red proof or its seal.
    fn one(&mut self, oid: Oid, from: Option<Oid>, prefix: &str) -> Result<(), Error> {
        let (repository, policy) = (self.repository, &self.force.policy);
        let commit = repository.commit(oid)?;
        let message = Message::parse(&commit.message);
        let mut request = Request::of(repository, policy, commit.tree, &commit.parents)?;
        if let Some(from) = from {
            self.widen(&mut request, from)?;
        }
        let mut progress = Progress::at(prefix.to_owned());
        let checked = self.validator.run(&request, &mut progress)?;
        let has_passed = checked.iter().all(|one| one.standing == Standing::Passed);
        let is_asked = policy.level("red-first").is_some() && !request.scope.is_empty();
        if !has_passed || !is_asked {
            return Ok(());
        }
        let subject = subject(&commit, &message);
        let change = repository.load(&subject, Some(&message), policy)?;
        if change.kind != Kind::Ordinary {
            return Ok(());
        }
        if let Some(task) = rules::task_of(&change, &message, policy) {
            request = request.of_task(repository, policy, task)?;
        }
        red::prove(&mut self.validator, &request, &mut progress)?;
        if request.scope.is_tests_only {
            red::seal(&self.validator, &request)?;
        }
        Ok(())
    }

    /// Adds what the tip of a landing needs: what the whole of it asks for, and what it builds on lacks.
    fn widen(&self, request: &mut Request, from: Oid) -> Result<(), Error> {
        let (repository, policy): (_, &Policy) = (self.repository, &self.force.policy);
        let landed = repository.tree_of(from)?;
        let whole = Scope::of(repository, policy, Some(landed), request.tree)?;
        let known = self.notebook.known();
        let ground = Ground::new(repository, &known, policy, Some(from), &request.parents)?;
        let lacking = ground.lacking(request.parents.first().copied())?;
        for place in 0..policy.check.len() {
            if whole.holds(place) || lacking.contains(&place) {
                request.scope.add(place);
            }
        }
        Ok(())
    }
}

/// The commits that the workflow is asked of, in their order.
fn after_adoption(
    repository: &Repository,
    force: &InForce,
    commits: &[Oid],
) -> Result<Vec<Oid>, Error> {
    let mut commits = commits.to_vec();
    if let Some(adoption) = repository.line_to_adoption(force.tip)?.adoption {
        let after = repository.commits_between(&commits, &[adoption])?;
        let after: std::collections::HashSet<Oid> = after.into_iter().collect();
        commits.retain(|oid| after.contains(oid));
    }
    Ok(commits)
}

fn subject(commit: &Commit, message: &Message) -> Subject {
    let id = CommitId::new(commit.id.to_string());
    Subject {
        tree: commit.tree,
        parents: commit.parents.clone(),
        place: Place::Commit(id, message.subject.clone()),
        branch: Branch::Unknown,
        is_adoption: false,
        is_squash: false,
        replays: None,
    }
}

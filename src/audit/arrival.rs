//! A move of a guarded reference with all that is known of it: the facts of history, and, for a protected branch, approval,
//! policy and what the records that count say.

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::Timestamp;

use super::approval::{Asked, Goal, SignersAt, Votes, approvals};
use super::basis::Basis;
use super::begin::Begin;
use super::landing::{Move, facts};
use super::recompute::Recompute;
use super::reds;
use super::waivers::Waivers;
use crate::change::{ApprovalState, Landing, Moment, Role};
use crate::error::Error;
use crate::evidence::ledger::Ledger;
use crate::evidence::signers::Signers;
use crate::finding::Finding;
use crate::git::{InForce, Oid, Repository};
use crate::id::{CommitId, TreeId};
use crate::policy::Policy;
use crate::proof::known::{Court, Known};
use crate::proof::standing::{all_passed, of_landing};
use crate::rules;

/// Who asks, and when.
#[derive(Debug)]
pub struct Seat<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// What is known of how commits were made, here.
    pub ledger: &'a Ledger,
    /// Who asks.
    pub moment: Moment,
    /// Where a push brings the records to; none: as they stand.
    pub evidence: Option<Oid>,
    /// When it is received: what signatures are judged by, never a commit's time.
    pub at: Timestamp,
    /// The keys that may begin, where a server asks.
    pub pins: Option<Vec<String>>,
    /// Whether the policy was in force before what is received.
    pub was_in_force: bool,
    /// Where validation is repeated: then no record of one counts.
    pub recompute: Option<&'a Recompute<'a>>,
}

/// A move, and by what it and its commits are judged.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// What the rules of landings see.
    pub landing: Landing,
    /// By what its commits are judged.
    pub basis: Basis<'a>,
    /// Whether it is a landing on a protected branch, which is judged whole.
    pub is_landing: bool,
}

impl Arrival<'_> {
    /// Lists what the rules of a policy say of the move; a waiver of the commit that it moves to lifts what it lifts.
    pub fn findings(&self, policy: &Policy) -> Vec<Finding> {
        let mut findings = rules::run_landing(&self.landing, policy);
        let repository = self.basis.repository;
        let to = self.landing.to.as_ref().filter(|_| !findings.is_empty());
        // A tag may name what is no commit: no waiver is about that.
        let to = to.and_then(|to| repository.commit(repository.oid(to.as_str()).ok()?).ok());
        if let Some(to) = to {
            let tree = TreeId::new(to.tree.to_string());
            let commit = CommitId::new(to.id.to_string());
            self.basis.waivers.lift(&tree, Some(&commit), &mut findings);
        }
        findings
    }
}

impl<'a> Seat<'a> {
    /// Asks from here and now.
    pub fn new(repository: &'a Repository, ledger: &'a Ledger, moment: Moment) -> Self {
        Self {
            repository,
            ledger,
            moment,
            evidence: None,
            at: Timestamp::now(),
            pins: None,
            was_in_force: true,
            recompute: None,
        }
    }

    /// Gathers what is known of a move under the policy in force; a landing on a protected branch is judged by the policy
    /// and the signers of its old tip.
    ///
    /// # Errors
    /// History, records or the old policy cannot be read.
    pub fn arrival(&self, force: &InForce, movement: &Move<'_>) -> Result<Arrival<'a>, Error> {
        let begin = self.begin(force, movement)?;
        let policy = match &begin {
            Some(begin) => &begin.force.policy,
            None => &force.policy,
        };
        let mut landing = facts(self.repository, policy, self.ledger, self.moment, movement)?;
        let (Some(begin), Some(to)) = (&begin, movement.to) else {
            let basis = self.unlanded(force, &landing, movement)?;
            return Ok(Arrival {
                landing,
                basis,
                is_landing: false,
            });
        };
        // The first signers are asked for at the adoption that lists them, and where the branch ends.
        let mut begun = self.begun(begin, begin.commit)?;
        if begun == ApprovalState::Undecided {
            begun = self.begun(begin, to)?;
        }
        if begun != ApprovalState::Undecided || !self.is_landing(&landing, policy, begin, to)? {
            let by = match begin.is_adoption {
                true => force,
                false => &begin.force,
            };
            let basis = self.unlanded(by, &landing, movement)?;
            landing.approval = begun;
            return Ok(Arrival {
                landing,
                basis,
                is_landing: false,
            });
        }
        let mut basis = self.basis(begin, to)?;
        self.look(begin, to, &mut landing, &mut basis)?;
        basis.waivers = Waivers::of_landing(self, &begin.force, begin.commit, to, &landing)?;
        Ok(Arrival {
            landing,
            basis,
            is_landing: true,
        })
    }

    /// By what a move is judged that nobody could approve as it is: on a protected branch no waiver counts for it.
    fn unlanded(
        &self,
        force: &InForce,
        landing: &Landing,
        movement: &Move<'_>,
    ) -> Result<Basis<'a>, Error> {
        let repository = self.repository;
        let mut basis = Basis::in_force(repository, force, self.ledger, self.evidence)?;
        if let (Some(recompute), Some(to)) = (self.recompute, movement.to) {
            let commits = repository.commits_between(&[to], movement.from.as_slice())?;
            recompute.replace(&mut basis, force, &commits, None)?;
        }
        if let Some(branch) = landing.reference.strip_prefix("refs/heads/") {
            let nothing = ApprovalState::Undecided;
            basis.waivers = basis.waivers.on(repository, force, branch, &nothing)?;
        }
        Ok(basis)
    }

    fn is_landing(
        &self,
        landing: &Landing,
        policy: &Policy,
        begin: &Begin,
        to: Oid,
    ) -> Result<bool, Error> {
        // A rewind is PDD007's to refuse; where that is off, it is a move that nobody could have approved.
        let is_forward = landing.fast_forward || policy.level("branch").is_none();
        let could_be = begin.commit != to
            && policy.role(branch_of(landing), &[]) == Role::Protected
            && is_forward
            && landing.replaced_by.is_none()
            && !landing.is_pull
            && self.moment != Moment::Audit;
        Ok(could_be && !self.has_landed(landing, begin, to)?)
    }

    /// The records that count for a landing: signed by whom its old tip lists, or by whom it lists itself where it begins.
    /// Where nobody is listed, nobody can be asked for a signature.
    fn basis(&self, begin: &Begin, to: Oid) -> Result<Basis<'a>, Error> {
        let (repository, policy) = (self.repository, &begin.force.policy);
        let mut basis = Basis::in_force(repository, &begin.force, self.ledger, self.evidence)?;
        if self.moment < Moment::Push {
            return Ok(basis);
        }
        if let Some(recompute) = self.recompute {
            let commits = repository.commits_between(&[to], &[begin.commit])?;
            let landing = Some((begin.commit, to));
            recompute.replace(&mut basis, &begin.force, &commits, landing)?;
            return Ok(basis);
        }
        let mut signers = SignersAt::commit(repository, policy, begin.commit)?;
        if signers.listed().is_none() {
            let tree = repository.tree_of(to)?;
            signers = SignersAt::brought(repository, policy, tree)?;
        }
        let nobody = Signers::default();
        let signers = match &signers {
            SignersAt::Listed(signers) => signers,
            SignersAt::Unreadable(_) => &nobody,
            SignersAt::Missing => return Ok(basis),
        };
        let mut trees = HashSet::new();
        for oid in repository.commits_between(&[to], &[begin.commit])? {
            trees.insert(TreeId::new(repository.tree_of(oid)?.to_string()));
        }
        let accept = policy.evidence.accepted(signers.lists_runner());
        let court = Court {
            repository,
            tip: self.evidence,
            signers,
            accept: &accept,
            at: self.at,
        };
        basis.records = basis.records.vouched(&court, &trees)?;
        // A ledger is a file of whoever pushes: a server has none, and this is what it would say.
        basis.ledger = Cow::Owned(Ledger::default());
        Ok(basis)
    }

    fn look(
        &self,
        begin: &Begin,
        to: Oid,
        landing: &mut Landing,
        basis: &mut Basis<'_>,
    ) -> Result<(), Error> {
        let repository = self.repository;
        let policy = &begin.force.policy;
        let goal = Goal::of(&repository.commit(to)?);
        if self.moment >= Moment::Push {
            let from = Some(begin.commit);
            landing.validation = of_landing(repository, &basis.records, policy, from, Some(to))?;
            landing.vouched = basis.records.vouchers(&TreeId::new(goal.tree.to_string()));
        }
        landing.policy = self.policy_move(begin, goal.tree)?;
        landing.approval =
            self.approval(&begin.force, &landing.reference, begin.commit, &goal, basis)?;
        if let ApprovalState::Known(approvals) = &landing.approval {
            let squashes = approvals.steps.iter().filter(|step| step.is_squash);
            for step in squashes {
                basis.squashes.insert(repository.oid(step.to.as_str())?);
            }
        }
        if self.moment >= Moment::Push {
            landing.tasks = reds::of_landing(basis, landing)?;
        }
        Ok(())
    }

    fn policy_move(
        &self,
        begin: &Begin,
        tree: Oid,
    ) -> Result<Option<crate::change::PolicyMove>, Error> {
        let repository = self.repository;
        let before = repository.tree_of(begin.commit)?;
        let deltas = repository.diff(Some(before), Some(tree))?;
        Ok(repository.policy_move(&[before], tree, &deltas, &begin.force.policy)?)
    }

    /// Gathers what is known of a landing that is about to be made on the protected branch of `force`, whose tip `from` is;
    /// none where the branch has no policy there yet.
    ///
    /// # Errors
    /// An object is missing, or the store cannot be read.
    pub fn intended(
        &self,
        force: &InForce,
        reference: &str,
        from: Oid,
        goal: &Goal,
    ) -> Result<Option<Landing>, Error> {
        let branch = reference.strip_prefix("refs/heads/").unwrap_or(reference);
        let Some(found) = self.repository.policy_at(from, branch)? else {
            return Ok(None);
        };
        let begin = Begin {
            commit: from,
            force: found,
            is_adoption: false,
        };
        let basis = Basis::in_force(self.repository, force, self.ledger, self.evidence)?;
        let mut landing = Landing::bare(reference, self.moment);
        landing.from = Some(CommitId::new(from.to_string()));
        // It has no id yet; no rule of a landing that is about to be asks for it.
        landing.to = Some(CommitId::new(String::new()));
        landing.policy = self.policy_move(&begin, goal.tree)?;
        landing.approval = self.approval(&begin.force, reference, from, goal, &basis)?;
        Ok(Some(landing))
    }

    /// Asks whether a protected branch may move from the commit whose policy is `force`'s to `goal`.
    ///
    /// # Errors
    /// An object is missing, or the store cannot be read.
    pub fn approval(
        &self,
        force: &InForce,
        reference: &str,
        from: Oid,
        goal: &Goal,
        basis: &Basis<'_>,
    ) -> Result<ApprovalState, Error> {
        if force.policy.level("approval").is_none() {
            return Ok(ApprovalState::Undecided);
        }
        let votes = Votes::read(self.repository, self.evidence)?;
        let is_validated = |tree: Oid| self.is_validated(force, &basis.records, from, goal, tree);
        let asked = Asked {
            repository: self.repository,
            votes: &votes,
            reference,
            at: self.at,
            pins: self.pins.as_deref(),
            makers: basis.records.keys(),
            tips: None,
            is_validated: &is_validated,
        };
        Ok(ApprovalState::Known(Box::new(approvals(
            &asked, from, goal,
        )?)))
    }

    fn is_validated(
        &self,
        force: &InForce,
        records: &Known,
        from: Oid,
        goal: &Goal,
        tree: Oid,
    ) -> Result<bool, Error> {
        // A step on the way is validated, as every commit of a landing must be; before it is made, the hook that asks sees
        // to its validation.
        let Some(to) = goal.commit.filter(|_| goal.tree == tree) else {
            return Ok(true);
        };
        let state = of_landing(
            self.repository,
            records,
            &force.policy,
            Some(from),
            Some(to),
        )?;
        Ok(match state {
            crate::change::Validation::Known(states) => all_passed(&states),
            crate::change::Validation::Undecided => true,
        })
    }
}

pub(super) fn branch_of(landing: &Landing) -> &str {
    let reference = landing.reference.as_str();
    reference.strip_prefix("refs/heads/").unwrap_or(reference)
}

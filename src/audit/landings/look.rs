//! One landing, judged as it would have been when it was received.

use std::collections::HashSet;
use std::sync::Arc;

use super::ballots::Ballots;
use super::chain::Link;
use super::{Ground, Step};
use crate::audit::approval::{Asked, Goal, SignersAt, Tips, approvals};
use crate::audit::judge::Judge;
use crate::audit::reds;
use crate::audit::report::Evidence;
use crate::audit::waivers::Listed;
use crate::change::{
    ApprovalState, Approvals, Landing, Moment, OpenStep, RedFirst, Role, SignersState, Validation,
};
use crate::error::Error;
use crate::evidence::signers::Namespace;
use crate::git::Oid;
use crate::id::{CommitId, TreeId};
use crate::message::Message;
use crate::proof::known::Known;
use crate::proof::standing::{all_passed, of_landing};
use crate::rules;

/// What landings are judged with.
pub(super) struct Look<'a> {
    ground: &'a Ground<'a>,
    tips: &'a Tips<'a>,
    ballots: &'a Ballots,
    known: &'a Known,
    /// Who signed what lands is said where it lands, and not once more.
    makers: HashSet<String>,
}

impl<'a> Look<'a> {
    pub(super) fn new(
        ground: &'a Ground<'a>,
        tips: &'a Tips<'a>,
        ballots: &'a Ballots,
        known: &'a Known,
    ) -> Self {
        Self {
            ground,
            tips,
            ballots,
            known,
            makers: HashSet::new(),
        }
    }

    /// Asks of a landing whether it is approved, and what it does to policy and harness; `links` begin with the old tip.
    pub(super) fn judge(&self, step: &mut Step, links: &[Link]) -> Result<(), Error> {
        let (Some(old), Some(new)) = (links.first(), links.last()) else {
            return Ok(());
        };
        let policy = Arc::clone(&step.policy);
        if policy.role(&step.branch, &[]) != Role::Protected {
            return Ok(());
        }
        let reference = format!("refs/heads/{}", step.branch);
        let mut landing = Landing::bare(&reference, Moment::Audit);
        landing.from = Some(CommitId::new(step.from.to_string()));
        landing.to = Some(CommitId::new(step.to.to_string()));
        landing.approval = match policy.level("approval") {
            None => ApprovalState::Undecided,
            Some(_) => ApprovalState::Known(Box::new(self.approvals(step, links, &reference)?)),
        };
        if !is_approved(&landing.approval) && old.tree != new.tree {
            let repository = self.ground.repository;
            let deltas = repository.diff(Some(old.tree), Some(new.tree))?;
            landing.policy = repository.policy_move(&[old.tree], new.tree, &deltas, &policy)?;
        }
        step.is_unheard = is_unheard(&landing.approval);
        step.findings = rules::run_landing(&landing, &policy);
        self.take(step, &landing.approval, new)
    }

    /// Notes who approved, what they listed, and what stands for other commits.
    fn take(&self, step: &mut Step, approval: &ApprovalState, new: &Link) -> Result<(), Error> {
        let repository = self.ground.repository;
        step.waivers = Listed::of(repository, &step.policy, &step.branch, approval)?;
        if matches!(*step.signers, SignersAt::Missing) && step.waivers.is_some() {
            step.sponsors = self.tips.at(new.id, new.tree)?.signers;
        }
        let ApprovalState::Known(approvals) = approval else {
            return Ok(());
        };
        for approved in &approvals.steps {
            if approved.is_squash {
                step.squashes.push(repository.oid(approved.to.as_str())?);
            }
            step.evidence.extend(approved.by.iter().map(|by| Evidence {
                kind: "approval".into(),
                name: by.record.clone(),
                by: Some(by.principal.clone()),
            }));
        }
        Ok(())
    }

    fn approvals(&self, step: &Step, links: &[Link], reference: &str) -> Result<Approvals, Error> {
        let (old, brought) = (&links[0], &links[1..]);
        let new = &links[links.len() - 1];
        if self.ballots.are_silent(brought) {
            return self.nobodys(step, old, new);
        }
        let repository = self.ground.repository;
        let votes = self
            .ballots
            .about(&self.arriving(step, brought)?, step.received);
        let is_validated = |tree: Oid| {
            if tree != new.tree {
                return Ok(true);
            }
            let (from, to) = (Some(step.from), Some(step.to));
            let found = of_landing(repository, self.known, &step.policy, from, to)?;
            Ok(match found {
                Validation::Known(states) => all_passed(&states),
                Validation::Undecided => true,
            })
        };
        let asked = Asked {
            repository,
            votes: &votes,
            reference,
            at: step.received.unwrap_or(self.ground.now),
            pins: None,
            makers: &self.makers,
            tips: Some(self.tips),
            is_validated: &is_validated,
        };
        let goal = Goal {
            commit: Some(new.id),
            tree: new.tree,
            parents: new.parents.clone(),
        };
        approvals(&asked, step.from, &goal)
    }

    /// Everything that a landing brings, merged branches too: an approved move may lead along any of it.
    fn arriving(&self, step: &Step, brought: &[Link]) -> Result<Vec<Link>, Error> {
        if brought.iter().all(|link| link.parents.len() < 2) {
            return Ok(brought.to_vec());
        }
        let repository = self.ground.repository;
        let arriving = repository.commits_between(&[step.to], &[step.from])?;
        let links = arriving.into_iter().map(|oid| Link::read(repository, oid));
        links.collect()
    }

    /// What is to be said of a landing of which nobody said anything, without a search.
    fn nobodys(&self, step: &Step, old: &Link, new: &Link) -> Result<Approvals, Error> {
        let brought;
        let (signers, is_begun) = match *step.signers {
            SignersAt::Listed(_) => (&step.signers, true),
            _ => {
                brought = self.tips.at(new.id, new.tree)?.signers;
                (&brought, false)
            }
        };
        let signers = match &**signers {
            SignersAt::Listed(found) if is_begun => {
                SignersState::Listed(found.principals(Namespace::Approval))
            }
            SignersAt::Listed(found) => {
                SignersState::Beginning(found.principals(Namespace::Approval))
            }
            SignersAt::Unreadable(why) => SignersState::Unreadable(why.clone()),
            SignersAt::Missing => SignersState::Missing,
        };
        let head = match new.parents.as_slice() {
            [first, second] if *first == old.id => *second,
            _ => new.id,
        };
        Ok(Approvals {
            signers,
            steps: Vec::new(),
            open: Some(OpenStep {
                from: CommitId::new(old.id.to_string()),
                head: Some(CommitId::new(head.to_string())),
                to: Some(CommitId::new(new.id.to_string())),
                required: step.policy.approval.required,
                by: Vec::new(),
                set_aside: Vec::new(),
            }),
        })
    }

    /// Adds what the tasks lack that landings brought: source without any red proof. It is asked of those of which somebody
    /// said something, or that need nobody to: where nobody did, each commit has been looked at, and the landing is void.
    pub(super) fn tasks(
        &self,
        steps: &mut [Step],
        wanted: &[usize],
        judge: &Judge<'_>,
    ) -> Result<(), Error> {
        let mut found = Vec::new();
        for &place in wanted {
            let step = &steps[place];
            if step.is_unheard {
                continue;
            }
            let arriving = self.sources(step)?;
            if !arriving.is_empty() {
                found.push((place, arriving));
            }
        }
        for (place, arriving) in found {
            let step = &mut steps[place];
            let arriving: Vec<(CommitId, String)> = arriving
                .into_iter()
                .map(|(oid, subject)| (CommitId::new(oid.to_string()), subject))
                .collect();
            let mut landing = Landing::bare(&format!("refs/heads/{}", step.branch), Moment::Audit);
            landing.to = Some(CommitId::new(step.to.to_string()));
            landing.tasks = reds::tasks(
                self.ground.repository,
                judge,
                self.known,
                &step.policy,
                Some(step.from),
                &arriving,
            )?;
            let findings = rules::run_landing(&landing, &step.policy);
            step.findings.extend(findings);
            step.findings.sort_by_key(|found| found.code);
        }
        Ok(())
    }

    /// The commits of a landing that name one task and change source, with their subjects.
    fn sources(&self, step: &Step) -> Result<Vec<(Oid, String)>, Error> {
        let policy = &step.policy;
        if policy.level("red-first").is_none() || policy.role(&step.branch, &[]) != Role::Protected
        {
            return Ok(Vec::new());
        }
        let repository = self.ground.repository;
        let to = repository.commit(step.to)?;
        let arriving = match to.parents.as_slice() {
            [parent] if *parent == step.from => vec![step.to],
            _ => repository.commits_between(&[step.to], &[step.from])?,
        };
        let mut found = Vec::new();
        for oid in arriving {
            let commit = repository.commit(oid)?;
            let subject = Message::parse(&commit.message).subject;
            if commit.parents.len() > 1 || policy.tasks_in(&subject).len() != 1 {
                continue;
            }
            let tree = TreeId::new(commit.tree.to_string());
            let is_source = self.known.tells_red(&tree)
                || reds::changes_source(repository, policy, &commit, &RedFirst::Undecided)?;
            if is_source {
                found.push((oid, subject));
            }
        }
        Ok(found)
    }
}

fn is_unheard(approval: &ApprovalState) -> bool {
    let ApprovalState::Known(approvals) = approval else {
        return false;
    };
    let open = approvals.open.as_ref();
    let is_unheard = open.is_some_and(|open| open.by.is_empty() && open.set_aside.is_empty());
    approvals.steps.is_empty() && is_unheard
}

fn is_approved(approval: &ApprovalState) -> bool {
    matches!(approval, ApprovalState::Known(approvals) if approvals.open.is_none())
}

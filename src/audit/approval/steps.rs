//! From an old tip to a new one by approved moves: each begins where the one before it ended, under the policy and the
//! signers that stand there.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use jiff::Timestamp;

use super::signers::SignersAt;
use super::tally::{Ground, Tally, tally};
use super::tips::Tips;
use super::votes::{Vote, Votes};
use crate::change::{Approvals, ApprovedStep, OpenStep, SetAside, SignersState, WhyNot};
use crate::error::Error;
use crate::evidence::signers::{Namespace, Signers};
use crate::evidence::statement::Decision;
use crate::git::{Commit, InForce, Oid, Repository};
use crate::id::CommitId;

/// Who asks, and about which branch.
pub struct Asked<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// What people said.
    pub votes: &'a Votes,
    /// The full name of the branch.
    pub reference: &'a str,
    /// When it is judged: the time of receipt, never a commit's.
    pub at: Timestamp,
    /// The keys that may begin, on a server; none elsewhere.
    pub pins: Option<&'a [String]>,
    /// The keys that signed evidence of commits that land.
    pub makers: &'a HashSet<String>,
    /// What stands at tips, where many are asked about; none: each is read when it is asked.
    pub tips: Option<&'a Tips<'a>>,
    /// Whether a tree is validated, as far as that is asked.
    pub is_validated: &'a dyn Fn(Oid) -> Result<bool, Error>,
}

/// Where a branch goes: a commit, or what would become one.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The commit; none before it is made.
    pub commit: Option<Oid>,
    /// Its tree.
    pub tree: Oid,
    /// Its parents.
    pub parents: Vec<Oid>,
}

impl Goal {
    /// Goes to a commit.
    pub fn of(commit: &Commit) -> Self {
        Self {
            commit: Some(commit.id),
            tree: commit.tree,
            parents: commit.parents.clone(),
        }
    }
}

/// Says how far approved moves lead from `from` to `goal`.
///
/// # Errors
/// An object is missing, or the store cannot be read.
pub fn approvals(asked: &Asked<'_>, from: Oid, goal: &Goal) -> Result<Approvals, Error> {
    Search::new(asked, from, goal)?.run(from)
}

/// What stands at one tip.
pub(super) struct Place {
    pub(super) commit: Oid,
    force: Option<InForce>,
    signers: SignersAt,
}

pub(super) struct Search<'a> {
    pub(super) asked: &'a Asked<'a>,
    goal: &'a Goal,
    /// What lies between, by first parent; the goal is among it.
    children: HashMap<Oid, Vec<Goal>>,
    arriving: HashMap<Oid, Goal>,
}

impl<'a> Search<'a> {
    fn new(asked: &'a Asked<'a>, from: Oid, goal: &'a Goal) -> Result<Self, Error> {
        let tips: Vec<Oid> = match goal.commit {
            Some(commit) => vec![commit],
            None => goal.parents.clone(),
        };
        let mut search = Self {
            asked,
            goal,
            children: HashMap::new(),
            arriving: HashMap::new(),
        };
        for oid in asked.repository.commits_between(&tips, &[from])? {
            let between = Goal::of(&asked.repository.commit(oid)?);
            if let Some(&first) = between.parents.first() {
                let children = search.children.entry(first).or_default();
                children.push(between.clone());
            }
            search.arriving.insert(oid, between);
        }
        if let (None, Some(&first)) = (goal.commit, goal.parents.first()) {
            let children = search.children.entry(first).or_default();
            children.push(goal.clone());
        }
        Ok(search)
    }

    /// Breadth first: the fewest steps that lead there.
    fn run(&self, from: Oid) -> Result<Approvals, Error> {
        let mut open = VecDeque::from([(from, Vec::new())]);
        let mut seen = HashSet::from([from]);
        let line = self.first_parents();
        let mut last = None;
        while let Some((at, steps)) = open.pop_front() {
            let place = self.place(at)?;
            for next in self.candidates(&place) {
                let is_goal = next.commit == self.goal.commit;
                if next.commit.is_some_and(|next| seen.contains(&next)) {
                    continue;
                }
                let Some(step) = self.step(&place, &next)? else {
                    continue;
                };
                let mut steps: Vec<ApprovedStep> = steps.clone();
                steps.push(step);
                if is_goal {
                    let signers = self.signers_state(&place, &next)?;
                    return Ok(Approvals {
                        signers,
                        steps,
                        open: None,
                    });
                }
                if let Some(next) = next.commit {
                    seen.insert(next);
                    open.push_back((next, steps));
                }
            }
            // An approved commit that the goal merges is a step too, but not one that leads to it.
            if last.is_none() || line.contains(&at) {
                last = Some((place, steps));
            }
        }
        match last {
            Some((place, steps)) => self.refused(&place, steps),
            // The queue begins with one place, so there is a last one.
            None => Ok(Approvals {
                signers: SignersState::Missing,
                steps: Vec::new(),
                open: None,
            }),
        }
    }

    /// The goal's first-parent chain, as far as it arrives, and the commit below.
    fn first_parents(&self) -> HashSet<Oid> {
        let mut line = HashSet::new();
        let mut next = self.goal.parents.first().copied();
        while let Some(oid) = next {
            line.insert(oid);
            let between = self.arriving.get(&oid);
            next = between.and_then(|goal| goal.parents.first().copied());
        }
        line
    }

    fn place(&self, commit: Oid) -> Result<Place, Error> {
        let (repository, branch) = (self.asked.repository, self.branch());
        if let Some(tips) = self.asked.tips {
            let (force, signers) = tips.force(commit, branch)?;
            return Ok(Place {
                commit,
                force,
                signers,
            });
        }
        let force = repository.policy_at(commit, branch)?;
        let signers = match &force {
            Some(force) => SignersAt::commit(repository, &force.policy, commit)?,
            None => SignersAt::Missing,
        };
        Ok(Place {
            commit,
            force,
            signers,
        })
    }

    fn branch(&self) -> &'a str {
        let reference = self.asked.reference;
        reference.strip_prefix("refs/heads/").unwrap_or(reference)
    }

    /// Where an approval may lead from here: to a commit that it names, to a merge of one, or to one commit in place of
    /// several.
    fn candidates(&self, place: &Place) -> Vec<Goal> {
        let mut found: Vec<Goal> = Vec::new();
        if let Some(commit) = self.goal.commit
            && let Some(goal) = self.arriving.get(&commit)
        {
            found.push(goal.clone());
        }
        let children = self.children.get(&place.commit).into_iter().flatten();
        found.extend(children.filter(|child| child.parents.len() <= 2).cloned());
        for vote in self.asked.votes.on(self.asked.reference) {
            let head = self.asked.repository.oid(vote.approval.head.as_str());
            if let Ok(head) = head
                && let Some(goal) = self.arriving.get(&head)
            {
                found.push(goal.clone());
            }
        }
        let mut seen = HashSet::new();
        found.retain(|goal| seen.insert((goal.commit, goal.tree)));
        found
    }

    fn step(&self, place: &Place, next: &Goal) -> Result<Option<ApprovedStep>, Error> {
        let Some((tally, signers)) = self.count(place, next, false)? else {
            return Ok(None);
        };
        let Some(force) = &place.force else {
            return Ok(None);
        };
        if tally.by.len() < force.policy.approval.required as usize {
            return Ok(None);
        }
        let repository = self.asked.repository;
        let before = repository.tree_of(place.commit)?;
        let deltas = repository.diff(Some(before), Some(next.tree))?;
        let policy = repository.policy_move(&[before], next.tree, &deltas, &force.policy)?;
        let is_of = |record: &str, ask: &dyn Fn(&Vote) -> bool| {
            let mut votes = self.asked.votes.iter();
            votes.any(|vote| vote.record == record && ask(vote))
        };
        let id = |oid: Oid| CommitId::new(oid.to_string());
        let all = |ask: &dyn Fn(&Vote) -> bool| tally.by.iter().all(|by| is_of(&by.record, ask));
        let from = id(place.commit);
        let to = next.commit.map_or_else(|| CommitId::new(""), id);
        Ok(Some(ApprovedStep {
            is_replayed: !all(&|vote| vote.approval.from == from),
            is_squash: next.parents == [place.commit] && !all(&|vote| vote.approval.head == to),
            from,
            to,
            is_bootstrap: matches!(signers, SignersState::Beginning(_)),
            by: tally.by,
            named: tally.named,
            waivers: tally.waivers,
            policy,
        }))
    }

    /// Counts what people said of one step; none where nobody could say anything. `all` also gives what is about something
    /// near it: the same tree, or the same commit.
    fn count(
        &self,
        place: &Place,
        next: &Goal,
        all: bool,
    ) -> Result<Option<(Tally, SignersState)>, Error> {
        let Some(force) = &place.force else {
            return Ok(None);
        };
        let state = self.signers_state(place, next)?;
        let brought;
        let signers: &Signers = match (&state, place.signers.listed()) {
            (SignersState::Listed(_), Some(signers)) => signers,
            (SignersState::Beginning(_), _) => {
                brought = SignersAt::brought(self.asked.repository, &force.policy, next.tree)?;
                match brought.listed() {
                    Some(signers) => signers,
                    None => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        let mut votes = Vec::new();
        for vote in self.asked.votes.iter() {
            if !self.is_near(vote, next) {
                continue;
            }
            let unfit = self.unfit(place, next, force, vote)?;
            let is_rejection = vote.approval.decision == Decision::Reject;
            let is_withdrawal = vote.approval.decision == Decision::Withdraw;
            if !is_withdrawal && (all || unfit.is_none() || is_rejection) {
                votes.push((vote, unfit));
            }
        }
        let authors = self.authors(place, next, force)?;
        let ground = Ground {
            reference: self.asked.reference,
            policy: &force.policy,
            signers,
            is_bootstrap: matches!(state, SignersState::Beginning(_)),
            pins: self.asked.pins,
            at: self.asked.at,
            authors: &authors,
            makers: self.asked.makers,
        };
        Ok(Some((tally(&ground, self.asked.votes, &votes), state)))
    }

    /// Who may approve a step.
    fn signers_state(&self, place: &Place, next: &Goal) -> Result<SignersState, Error> {
        let names = |signers: &Signers| signers.principals(Namespace::Approval);
        Ok(match &place.signers {
            SignersAt::Listed(signers) => SignersState::Listed(names(signers)),
            // What nobody can read lists nobody: whoever mends it begins anew, on a server with a key that it was told of.
            SignersAt::Unreadable(_) | SignersAt::Missing => self.brought(place, next)?,
        })
    }

    /// Those whom the step itself brings, where its beginning has none that can be asked.
    fn brought(&self, place: &Place, next: &Goal) -> Result<SignersState, Error> {
        let Some(force) = &place.force else {
            return Ok(SignersState::Missing);
        };
        let found = SignersAt::brought(self.asked.repository, &force.policy, next.tree)?;
        Ok(match found {
            SignersAt::Listed(signers) => {
                SignersState::Beginning(signers.principals(Namespace::Approval))
            }
            SignersAt::Unreadable(why) => SignersState::Unreadable(why),
            SignersAt::Missing => SignersState::Missing,
        })
    }

    /// The addresses of those who wrote what lands, asked for only where they may not approve.
    fn authors(
        &self,
        place: &Place,
        next: &Goal,
        force: &InForce,
    ) -> Result<BTreeSet<String>, Error> {
        let mut found = BTreeSet::new();
        if force.policy.approval.authors_may_approve {
            return Ok(found);
        }
        let repository = self.asked.repository;
        let tips: Vec<Oid> = match next.commit {
            Some(commit) => vec![commit],
            None => next.parents.clone(),
        };
        for oid in repository.commits_between(&tips, &[place.commit])? {
            let commit = repository.commit(oid)?;
            found.extend([commit.author, commit.committer].map(|who| who.email.to_lowercase()));
        }
        Ok(found)
    }

    fn refused(&self, place: &Place, steps: Vec<ApprovedStep>) -> Result<Approvals, Error> {
        let required = match &place.force {
            Some(force) => force.policy.approval.required,
            None => 1,
        };
        let (tally, signers) = match self.count(place, self.goal, true)? {
            Some(counted) => counted,
            None => (Tally::default(), self.signers_state(place, self.goal)?),
        };
        let id = |oid: Oid| CommitId::new(oid.to_string());
        let head = match (self.goal.commit, self.goal.parents.as_slice()) {
            (_, [first, second]) if *first == place.commit => Some(id(*second)),
            (Some(commit), _) => Some(id(commit)),
            (None, _) => None,
        };
        let mut set_aside: Vec<SetAside> = tally.set_aside;
        // A rejection says most, then what was meant for this very move.
        set_aside.sort_by_key(|one| {
            let weight = match &one.why {
                WhyNot::IsRejection(_) => 0,
                WhyNot::OtherBase(..) | WhyNot::OtherReference(_) => 2,
                _ => 1,
            };
            (weight, one.record.clone())
        });
        Ok(Approvals {
            signers,
            steps,
            open: Some(OpenStep {
                from: id(place.commit),
                head,
                to: self.goal.commit.map(id),
                required,
                by: tally.by,
                set_aside,
            }),
        })
    }
}

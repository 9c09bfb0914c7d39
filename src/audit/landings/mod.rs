//! What landed on the protected branches since the adoption, cut as it was received, each landing judged as it would have
//! been then: by policy and signers of its old tip, at the time of its receipt (EVIDENCE.md, section 8).

mod ballots;
mod chain;
mod look;
mod received;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::approval::{SignersAt, Tips, Tops};
use super::judge::{Ages, Judge, Judged, Lines};
use super::pool::Pool;
use super::report::Evidence;
use super::waivers::{self, Listed, Waivers};
use crate::error::Error;
use crate::evidence::Envelope;
use crate::evidence::ledger::Ledger;
use crate::finding::Finding;
use crate::git::{IdMap, InForce, Line, Oid, Repository};
use crate::id::TreeId;
use crate::policy::Policy;
use crate::proof::known::{Known, Spoken, Topic, Word};

use ballots::Ballots;
use chain::Chain;
use received::Transitions;

/// How many landings one thread judges in a row.
const ROW: usize = 256;

/// By what landings are found and judged.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// What was seen here.
    pub ledger: &'a Ledger,
    /// The policy in force now: it says which branches are protected.
    pub force: &'a InForce,
    /// What was found in trees already.
    pub tops: &'a Tops,
    /// The way down to the commit that brought the first policy.
    pub line: &'a Line,
    /// Now.
    pub now: Timestamp,
}

/// One move of a protected branch.
#[derive(Clone, Debug)]
pub struct Step {
    /// The branch, without `refs/heads/`.
    pub branch: Arc<str>,
    /// The old tip: by what it holds the landing is judged.
    pub from: Oid,
    /// The new tip.
    pub to: Oid,
    /// When it was received, as far as anything tells.
    pub received: Option<Timestamp>,
    /// What shows it: a server's record, the approvals that count.
    pub evidence: Vec<Evidence>,
    /// What the rules of landings say of it; they stand on `to`.
    pub findings: Vec<Finding>,
    /// The commits that stand for others and were approved as they are.
    pub squashes: Vec<Oid>,
    /// The waivers that its approvals list; none where nobody is asked to list any.
    pub waivers: Option<Listed>,
    /// The policy of the old tip.
    pub policy: Arc<Policy>,
    /// The signers of the old tip.
    pub signers: Arc<SignersAt>,
    /// Who signed waivers that it takes: those of the old tip, or whom a first landing brings.
    sponsors: Arc<SignersAt>,
    /// Whether approval is asked, and nobody said anything of it.
    is_unheard: bool,
    place: Place,
}

/// Where a landing stands on its chain: from the old tip to the new one.
#[derive(Clone, Copy, Debug)]
struct Place {
    chain: usize,
    from: usize,
    to: usize,
}

/// The landings that history holds.
#[derive(Debug, Default)]
pub struct Landings {
    /// Each branch's, oldest first.
    pub steps: Vec<Step>,
    chains: Vec<Chain>,
    ballots: Ballots,
    /// The commits of the chains, each with the landing that brought it.
    by_commit: IdMap<usize>,
    /// Waivers by the tree that they are about.
    waivers: HashMap<TreeId, Vec<(String, Envelope)>>,
    now: Timestamp,
}

impl Step {
    /// Says whether it is one commit in place of those that were approved.
    pub fn is_squash(&self) -> bool {
        self.squashes.contains(&self.to)
    }

    /// Says whether it stands on the branch of the policy in force.
    pub fn is_on_first_chain(&self) -> bool {
        self.place.chain == 0
    }
}

impl Landings {
    /// Cuts the chains of the protected branches into landings: as a server wrote down, else as people approved, else at each
    /// first parent. Nothing is judged yet.
    ///
    /// # Errors
    /// An object is missing, or references cannot be read.
    pub fn cut(ground: &Ground<'_>, spoken: &[Spoken]) -> Result<Self, Error> {
        let repository = ground.repository;
        let tips = Tips::new(repository, ground.force, ground.tops);
        let transitions = Transitions::read(repository, spoken);
        let ballots = Ballots::read(repository, spoken);
        let mut steps = Vec::new();
        let mut landings = Self {
            chains: chain::chains(ground)?,
            now: ground.now,
            waivers: waivers_of(repository, spoken),
            ..Self::default()
        };
        for (number, chain) in landings.chains.iter().enumerate() {
            let seen = received::seen(ground, chain)?;
            let mut at = 0;
            while at + 1 < chain.links.len() {
                let old = &chain.links[at];
                let tip = tips.at(old.id, old.tree)?;
                let written = transitions.end(ground, chain, at, &tip);
                let (to, received, evidence) = match written {
                    Some(end) => (end.place, end.received, end.evidence),
                    None => {
                        let approved = ballots.end(ground, chain, &seen, at, (&tips, &tip))?;
                        let to = approved.unwrap_or(at + 1);
                        (to, None, Vec::new())
                    }
                };
                let place = steps.len();
                let brought = &chain.links[at + 1..=to];
                let brought = brought.iter().map(|link| (link.id, place));
                landings.by_commit.extend(brought);
                steps.push(Step {
                    branch: Arc::clone(&chain.branch),
                    from: old.id,
                    to: chain.links[to].id,
                    received: received.or(seen[to]),
                    evidence,
                    findings: Vec::new(),
                    squashes: Vec::new(),
                    waivers: None,
                    policy: tip.policy,
                    sponsors: Arc::clone(&tip.signers),
                    signers: tip.signers,
                    is_unheard: false,
                    place: Place {
                        chain: number,
                        from: at,
                        to,
                    },
                });
                at = to;
            }
        }
        landings.steps = steps;
        landings.ballots = ballots;
        Ok(landings)
    }

    /// Lists the votes, by number, that speak of one of these commits or of a tree.
    pub fn votes_about(&self, heads: impl Iterator<Item = Oid>, tree: Oid) -> Vec<usize> {
        self.ballots.near(heads, tree).collect()
    }

    /// Digests these votes, and those that speak of what they speak of; 0 for none.
    pub fn said(&self, votes: &[usize]) -> u64 {
        self.ballots.digest(votes)
    }

    /// Returns for each of these commits that landed the place in `steps` of the landing that brought it.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn of_commits(
        &self,
        repository: &Repository,
        commits: &[Oid],
    ) -> Result<HashMap<Oid, usize>, Error> {
        let mut open: HashSet<Oid> = commits.iter().copied().collect();
        let mut landed = HashMap::new();
        for &oid in commits {
            if let Some(&step) = self.by_commit.get(&oid) {
                open.remove(&oid);
                landed.insert(oid, step);
            }
        }
        for chain in &self.chains {
            for pair in chain.links.windows(2).rev() {
                let [before, link] = pair else { continue };
                let Some(&step) = self.by_commit.get(&link.id) else {
                    continue;
                };
                let side = link.parents.get(1..).unwrap_or_default();
                if open.is_empty() || side.is_empty() {
                    continue;
                }
                for oid in repository.commits_between(side, &[before.id])? {
                    if open.remove(&oid) {
                        landed.insert(oid, step);
                    }
                }
            }
        }
        Ok(landed)
    }

    /// Returns the landing that ends at a commit.
    pub fn ending_at(&self, oid: Oid) -> Option<&Step> {
        let step = &self.steps[*self.by_commit.get(&oid)?];
        (step.to == oid).then_some(step)
    }

    /// Judges the landings at these places of `steps`, rising, by all processors; `known` is what is recorded of trees. Returns
    /// the commits that stand for others and were approved as they are.
    ///
    /// # Errors
    /// An object is missing.
    pub fn judge(
        &mut self,
        ground: &Ground<'_>,
        pool: &Pool,
        (known, lines, ages): (&Known, &Lines<'_>, &dyn Ages),
        wanted: &[usize],
    ) -> Result<HashSet<Oid>, Error> {
        // Threads share all of it but the repository.
        let Ground {
            repository,
            ledger,
            force,
            tops,
            line,
            now,
        } = *ground;
        let ballots = &self.ballots;
        let judged: Vec<Vec<(usize, Step)>> = wanted
            .par_chunks(ROW)
            .map(|places| {
                pool.with(|repository| {
                    let ground = Ground {
                        repository,
                        ledger,
                        force,
                        tops,
                        line,
                        now,
                    };
                    let tips = Tips::new(repository, ground.force, ground.tops);
                    let look = look::Look::new(&ground, &tips, ballots, known);
                    let judge = |&place: &usize| {
                        let mut step = self.steps[place].clone();
                        let Place { chain, from, to } = step.place;
                        look.judge(&mut step, &self.chains[chain].links[from..=to])?;
                        Ok((place, step))
                    };
                    places.iter().map(judge).collect()
                })
            })
            .collect::<Result<_, Error>>()?;
        for (place, step) in judged.into_iter().flatten() {
            self.steps[place] = step;
        }
        let tips = Tips::new(repository, force, tops);
        let look = look::Look::new(ground, &tips, &self.ballots, known);
        let squashes = wanted.iter().flat_map(|&place| &self.steps[place].squashes);
        let squashes: HashSet<Oid> = squashes.copied().collect();
        let judge = Judge::over(repository, Arc::clone(lines), ages).with_squashes(&squashes);
        look.tasks(&mut self.steps, wanted, &judge)?;
        Ok(squashes)
    }

    /// Forgets what was said of these landings, which nobody will ask for again.
    pub fn forget(&mut self, judged: &[usize]) {
        for &place in judged {
            let step = &mut self.steps[place];
            step.findings = Vec::new();
            step.squashes = Vec::new();
            step.evidence = Vec::new();
            step.waivers = None;
        }
    }

    /// Adds to a landed commit what the rules say of the landing that ends there, and lets the waivers lift that its approvals
    /// list.
    pub fn settle(&self, step: usize, judged: &mut Judged) {
        let step = &self.steps[step];
        if step.to == judged.commit.id {
            judged.findings.extend(step.findings.iter().cloned());
        }
        let tree = TreeId::new(judged.commit.tree.to_string());
        let Some(waivers) = self.waivers.get(&tree) else {
            return;
        };
        if judged.findings.is_empty() || step.policy.waiver.rules.is_empty() {
            return;
        }
        let ground = waivers::Ground {
            policy: &step.policy,
            signers: &step.sponsors,
            at: step.received.unwrap_or(self.now),
        };
        judged.lift(&Waivers::weighed(waivers, ground).listed(step.waivers.clone()));
    }
}

/// Reads the waivers, which are few.
fn waivers_of(
    repository: &Repository,
    spoken: &[Spoken],
) -> HashMap<TreeId, Vec<(String, Envelope)>> {
    let mut found: HashMap<TreeId, Vec<(String, Envelope)>> = HashMap::new();
    for one in spoken {
        if !matches!(one.topic, Topic::Word(Word::Waiver, _)) {
            continue;
        }
        let Some(envelope) = one.read(repository) else {
            continue;
        };
        if let Some(tree) = envelope.statement().ok().and_then(|said| said.tree()) {
            let same = found.entry(tree).or_default();
            same.push((one.listed.name.clone(), envelope));
        }
    }
    found
}

//! By what a push, or a landing, is judged: the policy, where it stands, and which records count. The same for pre-push,
//! pre-receive and `check`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::judge::{Era, Judge, Judged, Proofs};
use super::waivers::Waivers;
use super::{reds, validations};
use crate::change::{Branch, Role};
use crate::error::Error;
use crate::evidence::ledger::Ledger;
use crate::git::{InForce, Oid, Repository};
use crate::policy::Policy;
use crate::proof::known::Known;

/// Policy and records, and the tip above which they judge.
#[derive(Debug)]
pub struct Basis<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// The policy.
    pub policy: Policy,
    /// The tip that holds it: all below has been judged before.
    pub floor: Oid,
    /// What is known of how commits were made; nothing, where signatures alone count.
    pub ledger: Cow<'a, Ledger>,
    /// What is recorded and counts.
    pub records: Known,
    /// The commit that brought the first policy.
    pub adoption: Option<Oid>,
    /// The commits that stand for others, approved as they are.
    pub squashes: HashSet<Oid>,
    /// The waivers, and which of them have to be listed by whom.
    pub waivers: Waivers,
}

impl<'a> Basis<'a> {
    /// Judges by the policy in force and by all that is recorded; `evidence` is where a push brings the records to.
    ///
    /// # Errors
    /// History or records cannot be read.
    pub fn in_force(
        repository: &'a Repository,
        force: &InForce,
        ledger: &'a Ledger,
        evidence: Option<Oid>,
    ) -> Result<Self, Error> {
        Ok(Self {
            repository,
            policy: force.policy.clone(),
            floor: force.tip,
            ledger: Cow::Borrowed(ledger),
            records: Known::read_for(repository, &force.policy, evidence)?,
            adoption: repository.adoption(force.tip)?,
            squashes: HashSet::new(),
            waivers: Waivers::in_force(repository, evidence, force)?,
        })
    }

    /// Prepares to judge single commits.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn judge(&self, commits: &[Oid]) -> Result<Judge<'_>, Error> {
        let judge = Judge::new(self.repository, &self.ledger, self.adoption, commits)?;
        Ok(judge.with_squashes(&self.squashes))
    }

    /// Judges commits, parents before children, that stand below `to` of `reference`; those before and at the adoption are
    /// left out. A work branch says for its own commits, those on its first-parent chain, on which branch they were made.
    ///
    /// # Errors
    /// An object is missing.
    pub fn commits(&self, reference: &str, to: Oid, commits: &[Oid]) -> Result<Vec<Judged>, Error> {
        let (repository, policy) = (self.repository, &self.policy);
        let judge = self.judge(commits)?;
        let floor = Some(self.floor);
        let group = validations::Judged {
            policy,
            floor,
            commits: commits.to_vec(),
        };
        let mut validations = validations::find(repository, &judge, &self.records, &[group])?;
        let work = reference
            .strip_prefix("refs/heads/")
            .filter(|branch| matches!(policy.role(branch, &[]), Role::Work(_)));
        let own = match work {
            Some(_) => first_parents(repository, to, commits)?,
            None => HashSet::new(),
        };
        let mut found = Vec::new();
        for &oid in commits {
            let on = match work {
                Some(branch) if own.contains(&oid) => Branch::Named(branch.to_owned()),
                _ => Branch::Unknown,
            };
            let proofs = Proofs {
                validation: validations.remove(&oid).unwrap_or_default(),
                red: reds::of(repository, &judge, &self.records, policy, floor, oid)?,
            };
            let mut judged = judge.judge(oid, policy, on, proofs)?;
            judged.lift(&self.waivers);
            if judged.era != Era::Before {
                found.push(judged);
            }
        }
        Ok(found)
    }
}

fn first_parents(repository: &Repository, to: Oid, commits: &[Oid]) -> Result<HashSet<Oid>, Error> {
    let new: HashSet<Oid> = commits.iter().copied().collect();
    let mut chain = HashSet::new();
    for commit in repository.first_parents(to) {
        let commit = commit?;
        if !new.contains(&commit.id) {
            break;
        }
        chain.insert(commit.id);
    }
    Ok(chain)
}

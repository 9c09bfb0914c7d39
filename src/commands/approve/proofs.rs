//! What is proven of a landing: the checks on the tree that the branch will have, by whose word, and the red proofs of the
//! source that comes with it.

use jiff::Timestamp;
use serde::Serialize;

use super::step::Step;
use crate::audit::judge::{Era, Judge, Proofs};
use crate::audit::reds;
use crate::change::{Branch, Kind, ProofVerdict, RedFirst, Standing};
use crate::error::Error;
use crate::evidence::Envelope;
use crate::evidence::signers::{Namespace, Signers};
use crate::git::{Commit, Oid, Person, Repository};
use crate::id::{CommitId, TreeId};
use crate::proof::known::{Known, validations};
use crate::proof::standing::Ground;

/// How one check stands on the tree that the branch will have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct CheckLine {
    /// The check.
    pub(in crate::commands) check: String,
    /// `passed`, `missing`, `sealed` or `not proven`.
    pub(in crate::commands) state: &'static str,
    /// Whose records say that it passed.
    pub(in crate::commands) by: Vec<Witness>,
}

/// Somebody who says that a check passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Witness {
    /// Who signed the record; none where nobody did whose signature holds.
    pub(in crate::commands) principal: Option<String>,
    /// Whether it is a machine's.
    pub(in crate::commands) runner: bool,
    /// The record.
    pub(in crate::commands) record: String,
}

/// What the red proofs of the arriving commits come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Reds {
    /// The changed functions that fail a test that counts.
    pub(in crate::commands) proven: usize,
    /// The changed functions.
    pub(in crate::commands) functions: usize,
    /// The commits that change source and prove nothing.
    pub(in crate::commands) unproven: Vec<Unproven>,
    /// The commits whose proof shows no more than a call, or is beyond stubs.
    pub(in crate::commands) weak: usize,
}

/// A commit that changes source and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Unproven {
    /// Its id.
    pub(in crate::commands) commit: CommitId,
    /// Its subject.
    pub(in crate::commands) subject: String,
    /// Its type, where that asks for no proof.
    pub(in crate::commands) free: Option<String>,
}

/// Says how each check in scope stands on the tree of a step; none where the policy asks for no validation.
///
/// # Errors
/// An object is missing, or the store cannot be read.
pub(in crate::commands) fn checks(
    repository: &Repository,
    step: &Step,
    known: &Known,
    signers: &Signers,
) -> Result<Option<Vec<CheckLine>>, Error> {
    let policy = &step.force.policy;
    if policy.level("validation").is_none() {
        return Ok(None);
    }
    let ground = Ground::new(repository, known, policy, Some(step.from), &[step.head])?;
    let states = if step.is_fast_forward {
        ground.landing(Some(step.from), step.head)?
    } else {
        ground.landing_of(Some(step.from), &merge_to_come(step))?
    };
    let records = validations(repository, &TreeId::new(step.to.to_string()))?;
    let line = |(check, standing): (String, Standing)| CheckLine {
        by: match standing {
            Standing::Passed => witnesses(&records, &check, signers),
            _ => Vec::new(),
        },
        state: match standing {
            Standing::Passed => "passed",
            Standing::Missing => "missing",
            Standing::Sealed => "sealed",
            _ => "not proven",
        },
        check,
    };
    let states = states.into_iter().map(|one| (one.check, one.standing));
    Ok(Some(states.map(line).collect()))
}

/// The merge that the branch will have, as far as anybody can know it: its parents and its tree.
fn merge_to_come(step: &Step) -> Commit {
    Commit {
        id: step.head,
        tree: step.to,
        parents: vec![step.from, step.head],
        author: Person::default(),
        committer: Person::default(),
        flaws: Vec::new(),
        message: Vec::new(),
    }
}

fn witnesses(records: &[(String, Envelope)], check: &str, signers: &Signers) -> Vec<Witness> {
    let now = Timestamp::now();
    let mut found = Vec::new();
    for (record, envelope) in records {
        let Ok(statement) = envelope.statement() else {
            continue;
        };
        let has = statement
            .claim()
            .is_some_and(|(_, said)| said.checks.iter().any(|one| one.name == check));
        if !has {
            continue;
        }
        let signed = |namespace| {
            let worth = signers.verify(envelope, namespace, now);
            worth.into_iter().find_map(Result::ok)
        };
        let (runner, signed) = match signed(Namespace::Runner) {
            Some(signed) => (true, Some(signed)),
            None => (false, signed(Namespace::Evidence)),
        };
        found.push(Witness {
            principal: signed.map(|signed| signed.principal),
            runner,
            record: record.clone(),
        });
    }
    found
}

/// Adds up the red proofs of the commits that arrive; none where the policy asks for none.
///
/// # Errors
/// An object is missing.
pub(in crate::commands) fn reds(
    repository: &Repository,
    step: &Step,
    judge: &Judge<'_>,
    known: &Known,
    commits: &[Oid],
) -> Result<Option<Reds>, Error> {
    let policy = &step.force.policy;
    if policy.level("red-first").is_none() {
        return Ok(None);
    }
    let mut sum = Reds::default();
    for &oid in commits {
        if judge.era(oid) != Era::After {
            continue;
        }
        let judged = judge.judge(oid, policy, Branch::Unknown, Proofs::default())?;
        let red = reds::of(repository, judge, known, policy, Some(step.from), oid)?;
        // Where no check could prove anything, the paths alone tell what is source.
        let seen = match policy.check.is_empty() {
            true => &RedFirst::Undecided,
            false => &red,
        };
        if judged.kind != Some(Kind::Ordinary)
            || !reds::changes_source(repository, policy, &judged.commit, seen)?
        {
            continue;
        }
        let verdict = match &red {
            RedFirst::Known(proof) => {
                let (proven, functions) = proof.functions();
                sum.proven += proven;
                sum.functions += functions;
                Some(proof.verdict())
            }
            _ => None,
        };
        match verdict {
            Some(ProofVerdict::Weak) => sum.weak += 1,
            Some(ProofVerdict::Proven | ProofVerdict::Partial) => {}
            Some(ProofVerdict::Unproven) | None => {
                let kind = judged.message.kind();
                let asks = policy.red.types.iter().any(|one| one == kind);
                sum.unproven.push(Unproven {
                    commit: CommitId::new(oid.to_string()),
                    free: (!asks).then(|| kind.to_owned()),
                    subject: judged.message.subject,
                });
            }
        }
    }
    Ok(Some(sum))
}

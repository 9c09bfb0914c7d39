//! What was said before: approvals, rejections and what became of them, and the waivers of what lands.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use super::step::Step;
use crate::audit::approval::{SignersAt, Vote, Votes};
use crate::audit::waivers::{Ground, worth};
use crate::error::{Error, LandingError};
use crate::evidence::Envelope;
use crate::evidence::expiry::ended;
use crate::evidence::signers::{Namespace, Signed, Signers, Unverified};
use crate::evidence::statement::{Decision, Predicate, Statement, Waiver};
use crate::git::{Oid, Repository};
use crate::policy::Policy;
use crate::proof::known::{Word as Kind, words};

/// An approval or a rejection that was given before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Said {
    /// The record's name.
    pub(in crate::commands) record: String,
    /// `approve` or `reject`.
    pub(in crate::commands) decision: Decision,
    /// Who signed it; none where nobody did whose signature holds.
    pub(in crate::commands) by: Option<String>,
    /// When, as it says itself.
    pub(in crate::commands) time: String,
    /// Why, in the person's words.
    pub(in crate::commands) reason: Option<String>,
    /// Why it counts for nothing; none where it counts.
    pub(in crate::commands) void: Option<String>,
}

impl Said {
    /// Says whether it is a rejection that counts.
    pub(in crate::commands) fn stands_against(&self) -> bool {
        self.decision == Decision::Reject && self.void.is_none()
    }
}

/// A waiver of something that lands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Waived {
    /// The record's name.
    pub(in crate::commands) record: String,
    /// The rules that it lifts.
    pub(in crate::commands) rules: Vec<String>,
    /// Why, in the person's words.
    pub(in crate::commands) reason: String,
    /// When it ends.
    pub(in crate::commands) expires: Option<String>,
    /// Who signed it.
    pub(in crate::commands) by: Option<String>,
    /// Why it counts for nothing; none where it counts.
    pub(in crate::commands) void: Option<String>,
    /// Whether the approval lists it.
    pub(in crate::commands) listed: bool,
}

/// Lists what was said of a step: of the same commit on the same branch, or of the same tree from the same tip.
pub(in crate::commands) fn before(votes: &Votes, step: &Step, signers: &Signers) -> Vec<Said> {
    let (head, from, to) = (
        step.head.to_string(),
        step.from.to_string(),
        step.to.to_string(),
    );
    let is_about = |vote: &&Vote| {
        let said = &vote.approval;
        let is_same =
            said.head.as_str() == head || said.from.as_str() == from && said.to.as_str() == to;
        is_same && said.decision != Decision::Withdraw
    };
    let on = votes.on(&step.reference).filter(is_about);
    on.map(|vote| said(votes, vote, &step.force.policy, signers))
        .collect()
}

fn said(votes: &Votes, vote: &Vote, policy: &Policy, signers: &Signers) -> Said {
    let now = Timestamp::now();
    let signed = vote.signed(signers, now);
    let approval = &vote.approval;
    let withdrawn = match &signed {
        Some(Ok(signed)) => votes.withdrawn(vote, signed, signers, now),
        _ => None,
    };
    let (by, unsigned) = who(signed.clone());
    let void = unsigned
        .or_else(|| {
            (approval.repository != policy.approval.repository)
                .then(|| "it is for another repository".into())
        })
        .or_else(|| ended(approval.expires.as_deref(), now))
        .or_else(|| withdrawn.map(|record| format!("it was taken back by {}", short(&record))));
    Said {
        record: vote.record.clone(),
        decision: approval.decision,
        by,
        time: approval.time.clone(),
        reason: approval.reason.clone(),
        void,
    }
}

/// Who signed, or why that counts for nothing.
fn who(signed: Option<Result<Signed, Unverified>>) -> (Option<String>, Option<String>) {
    match signed {
        Some(Ok(signed)) => (Some(signed.principal), None),
        Some(Err(why)) => (None, Some(why.to_string())),
        None => (None, Some("nobody signed it".into())),
    }
}

/// Lists the waivers of the commits that land and of the tree that comes of it.
///
/// # Errors
/// The store cannot be read, or a commit is missing.
pub(in crate::commands) fn waivers(
    repository: &Repository,
    step: &Step,
    commits: &[Oid],
    signers: &Signers,
    listed: &[String],
) -> Result<Vec<Waived>, Error> {
    let mut subjects = BTreeSet::from([step.to.to_string()]);
    for &oid in commits {
        subjects.insert(oid.to_string());
        subjects.insert(repository.tree_of(oid)?.to_string());
    }
    let mut found = Vec::new();
    for (record, envelope) in words(repository, None, Kind::Waiver)? {
        let Ok(statement) = envelope.statement() else {
            continue;
        };
        if !is_about(&statement, &subjects) {
            continue;
        }
        let Predicate::Waiver(waiver) = statement.predicate else {
            continue;
        };
        let listed = listed.contains(&record);
        let policy = &step.force.policy;
        found.push(waived(record, *waiver, &envelope, policy, signers, listed));
    }
    Ok(found)
}

/// Where a commit is named it alone is meant, else the tree.
fn is_about(statement: &Statement, subjects: &BTreeSet<String>) -> bool {
    match (statement.commit(), statement.tree()) {
        (Some(commit), _) => subjects.contains(commit.as_str()),
        (None, Some(tree)) => subjects.contains(tree.as_str()),
        (None, None) => false,
    }
}

fn waived(
    record: String,
    waiver: Waiver,
    envelope: &Envelope,
    policy: &Policy,
    signers: &Signers,
    listed: bool,
) -> Waived {
    let at = Timestamp::now();
    let signers = SignersAt::Listed(signers.clone());
    let ground = Ground {
        policy,
        signers: &signers,
        at,
    };
    let void = worth(envelope, &waiver, ground).err();
    let signed = signers
        .listed()
        .and_then(|signers| signers.signed(envelope, Namespace::Waiver, at));
    let (by, _) = who(signed);
    Waived {
        record,
        rules: waiver.rules,
        reason: waiver.reason,
        expires: waiver.expires,
        by,
        void,
        listed,
    }
}

/// Finds the records that were named, in full or by how they begin.
///
/// # Errors
/// One of them is not there, or several begin so.
pub(in crate::commands) fn named(
    given: &[String],
    known: &[String],
    what: &'static str,
) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for name in given {
        let mut fitting = known
            .iter()
            .filter(|known| known.starts_with(name.as_str()));
        match (fitting.next(), fitting.next()) {
            (Some(one), None) if !name.is_empty() => found.push(one.clone()),
            _ => {
                return Err(LandingError::FindRecord {
                    what,
                    name: name.clone(),
                    known: known.iter().map(|name| short(name).to_owned()).collect(),
                }
                .into());
            }
        }
    }
    Ok(found)
}

/// Returns as much of a record's name as people are shown.
pub(in crate::commands) fn short(record: &str) -> &str {
    record.get(..12).unwrap_or(record)
}

//! What went round the hooks, or left no trace, and was made good since: nothing is open against it, and somebody signed for
//! it who may.

use std::collections::HashMap;

use jiff::Timestamp;

use super::class::{Class, Verdict};
use super::judge::{Era, Judged};
use super::report::Evidence;
use super::witnesses::Witnesses;
use crate::evidence::statement::{Predicate, Statement};
use crate::finding::{Finding, Level, Waived};
use crate::git::{Flaw, Repository};
use crate::id::{CommitId, TreeId};
use crate::proof::known::{Spoken, Topic, Word};

/// What a late validation is noted as.
const LATE: &str = "validated late";

/// The records that could repair, by what they are about; read when they are asked for.
#[derive(Debug, Default)]
pub struct Repairs {
    by_tree: HashMap<TreeId, Vec<Spoken>>,
    waivers: HashMap<CommitId, Vec<Spoken>>,
}

impl Repairs {
    /// Finds them in what the store holds.
    pub fn read(spoken: &[Spoken]) -> Self {
        let mut found = Self::default();
        for one in spoken {
            let same = match &one.topic {
                Topic::Validation(tree) | Topic::RedGreen(tree) => {
                    found.by_tree.entry(tree.clone()).or_default()
                }
                Topic::Word(Word::Waiver, Some(commit)) => {
                    found.waivers.entry(commit.clone()).or_default()
                }
                Topic::Word(..) => continue,
            };
            same.push(one.clone());
        }
        found
    }

    /// Says what became of a commit whose findings are settled: one that went round the hooks, or is foreign, may be repaired,
    /// or have been validated late. Waivers of the commit itself lift what is open against it, if together they lift all.
    pub fn settle(
        &self,
        repository: &Repository,
        witnesses: &Witnesses<'_>,
        judged: &mut Judged,
        mut verdict: Verdict,
    ) -> Verdict {
        let is_broken = matches!(verdict.class, Class::Bypassed | Class::Foreign);
        if !is_broken || judged.era != Era::After {
            return verdict;
        }
        let waived = self.waived(repository, witnesses, judged);
        lift(&waived, &mut judged.findings);
        let since = since(judged, &verdict);
        if let Some(evidence) = self.of(repository, witnesses, judged, &waived, since) {
            verdict.class = Class::Repaired;
            verdict.evidence.push(evidence);
        } else if self.is_late(repository, judged, since) {
            verdict.notes.push(LATE.into());
        }
        verdict
    }

    /// Finds the signature over a commit against which nothing is open: a machine's or an approver's validation of its tree
    /// after it was made, or a waiver of the commit itself. What was signed before is no word for who went round the hooks
    /// with that tree.
    fn of(
        &self,
        repository: &Repository,
        witnesses: &Witnesses<'_>,
        judged: &Judged,
        waived: &[(Waived, Vec<String>)],
        since: Option<i64>,
    ) -> Option<Evidence> {
        if judged.findings.iter().any(is_open) {
            return None;
        }
        let id = CommitId::new(judged.commit.id.to_string());
        let by_tree = self.about(judged).find_map(|one| {
            let kind = match one.topic {
                Topic::Validation(_) => "validation",
                _ => "red-green",
            };
            let envelope = one.read(repository)?;
            let statement = envelope.statement().ok()?;
            // Of the id nobody knew before it was made.
            let is_after = statement.commit().as_ref() == Some(&id) || is_later(&statement, since);
            let by = witnesses.repairs(&envelope).filter(|_| is_after)?;
            Some(shown(kind, one.listed.name.clone(), by))
        });
        by_tree.or_else(|| {
            let (waived, _) = waived.first()?;
            Some(shown("waiver", waived.record.clone(), waived.by.clone()))
        })
    }

    /// The waivers of the commit itself that count, each with the rules that it lifts.
    fn waived(
        &self,
        repository: &Repository,
        witnesses: &Witnesses<'_>,
        judged: &Judged,
    ) -> Vec<(Waived, Vec<String>)> {
        let commit = CommitId::new(judged.commit.id.to_string());
        let tree = TreeId::new(judged.commit.tree.to_string());
        let records = self.waivers.get(&commit).into_iter().flatten();
        let found = records.filter_map(|one| {
            let envelope = one.read(repository)?;
            let statement = envelope.statement().ok()?;
            let is_it = statement.tree() == Some(tree.clone());
            let Predicate::Waiver(waiver) = statement.predicate else {
                return None;
            };
            let by = witnesses.waives(&envelope, &waiver).filter(|_| is_it)?;
            let waived = Waived {
                record: one.listed.name.clone(),
                by,
                reason: waiver.reason,
                expires: waiver.expires,
            };
            Some((waived, waiver.rules))
        });
        found.collect()
    }

    fn about(&self, judged: &Judged) -> impl Iterator<Item = &Spoken> {
        let tree = TreeId::new(judged.commit.tree.to_string());
        self.by_tree.get(&tree).into_iter().flatten()
    }

    /// Whether its tree was validated after it was noticed or, where nobody noticed, made.
    fn is_late(&self, repository: &Repository, judged: &Judged, since: Option<i64>) -> bool {
        let mut validations = self
            .about(judged)
            .filter(|one| matches!(one.topic, Topic::Validation(_)));
        validations.any(|one| {
            let envelope = one.read(repository);
            let statement = envelope.and_then(|envelope| envelope.statement().ok());
            statement.is_some_and(|statement| is_later(&statement, since))
        })
    }
}

/// The second in which a commit was noticed or, where nobody noticed, made, as its committer says; none where that
/// cannot be read.
fn since(judged: &Judged, verdict: &Verdict) -> Option<i64> {
    let noticed = verdict.noticed.as_ref().map(|time| time.parse());
    let commit = &judged.commit;
    let is_undated = |flaw: &Flaw| matches!(flaw, Flaw::NoCommitter | Flaw::CommitterDate);
    let made = || match commit.flaws.iter().any(is_undated) {
        true => None,
        false => Timestamp::from_second(commit.committer.seconds).ok(),
    };
    let stamp = noticed.and_then(Result::ok).or_else(made);
    stamp.map(Timestamp::as_second)
}

/// Whether a record was made after a second. Commits know no parts of one: what was recorded in the same may have been first.
fn is_later(statement: &Statement, since: Option<i64>) -> bool {
    let time = time(statement).zip(since);
    time.is_some_and(|(time, since)| time.as_second() > since)
}

/// Lifts what is open, if all of it is lifted.
fn lift(waived: &[(Waived, Vec<String>)], findings: &mut [Finding]) {
    let by = |finding: &Finding| {
        let mut lifts = waived.iter();
        let found = lifts.find(|(_, rules)| rules.iter().any(|rule| rule == finding.rule));
        found.map(|(waived, _)| waived.clone())
    };
    let mut open: Vec<&mut Finding> = findings.iter_mut().filter(|one| is_open(one)).collect();
    if open.iter().all(|finding| by(finding).is_some()) {
        for finding in &mut open {
            if let Some(waived) = by(finding) {
                finding.waive(waived);
            }
        }
    }
}

fn is_open(finding: &Finding) -> bool {
    finding.level != Level::Waived
}

fn shown(kind: &str, name: String, by: String) -> Evidence {
    Evidence {
        kind: kind.into(),
        name,
        by: Some(by),
    }
}

/// When a passing validation, or a red proof, was recorded; none of what contradicts itself or failed.
fn time(statement: &Statement) -> Option<Timestamp> {
    let time = match &statement.predicate {
        Predicate::RedGreen(proof) => &proof.time,
        _ => &statement.claim()?.1.time,
    };
    time.parse().ok()
}

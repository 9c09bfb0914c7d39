//! What records say of how commits were made elsewhere: receipts (`commit-check`) of those that the hooks of another clone saw
//! through, gaps of those that went round them.

use std::collections::HashMap;

use super::class::{Class, Verdict};
use super::judge::{Era, Judged};
use super::report::Evidence;
use super::witnesses::{Doubt, Witnesses};
use crate::evidence::ledger::{self, digest};
use crate::evidence::statement::{CommitCheck, Gap, Predicate};
use crate::git::{Commit, Repository};
use crate::id::{CommitId, TreeId};
use crate::proof::known::{Spoken, Topic, Word};

/// How a commit is said to have been made whose signed receipt is of another one.
const UNLIKE: &str = "evidence does not match";

/// The receipts and gaps that are recorded, by commit; read when they are asked for.
#[derive(Debug, Default)]
pub struct Receipts {
    by_commit: HashMap<CommitId, Vec<Spoken>>,
}

/// What the records of one commit say.
#[derive(Debug, Default)]
struct Said {
    /// A receipt that fits, and who signed it.
    receipt: Option<(Evidence, Box<CommitCheck>)>,
    /// A receipt that somebody signed and that does not fit.
    unlike: Option<Evidence>,
    /// What a receipt says that does not count, and why.
    doubtful: Option<String>,
    /// A gap, signed by somebody listed.
    gap: Option<(Evidence, Box<Gap>)>,
    /// A gap that nobody signed: nobody lies against himself.
    confessed: Option<(Evidence, Box<Gap>)>,
}

impl Receipts {
    /// Finds them in what the store holds.
    pub fn of(spoken: &[Spoken]) -> Self {
        let mut found = Self::default();
        for one in spoken {
            if let Topic::Word(Word::CommitCheck | Word::Gap, Some(commit)) = &one.topic {
                let same = found.by_commit.entry(commit.clone()).or_default();
                same.push(one.clone());
            }
        }
        found
    }

    /// Says what became of a commit, now that the records are asked too: what the ledger of here saw stands, as long as no gap
    /// says otherwise; where it saw nothing, a receipt counts that somebody signed who is believed.
    pub fn settle(
        &self,
        repository: &Repository,
        witnesses: &Witnesses<'_>,
        judged: &Judged,
        mut verdict: Verdict,
    ) -> Verdict {
        let id = CommitId::new(judged.commit.id.to_string());
        let Some(records) = self.by_commit.get(&id).filter(|_| judged.era == Era::After) else {
            return verdict;
        };
        let said = read(repository, witnesses, &judged.commit, records);
        let is_seen = verdict.evidence.iter().any(|shown| shown.kind == "ledger");
        let gap = match &said.receipt {
            None => said.gap.or(said.confessed),
            Some(_) => said.gap,
        };
        if let Some((evidence, gap)) = gap {
            if !is_seen || verdict.class != Class::Bypassed {
                verdict.class = Class::Bypassed;
                verdict.how = gap.how;
                verdict.noticed = Some(gap.time);
            }
            verdict.evidence.push(evidence);
        } else if let Some((evidence, check)) = said.receipt {
            if is_seen && verdict.class == Class::Bypassed {
                let class = class_of(&check).as_str();
                let note = format!("a record by {} says {class}", by(&evidence));
                verdict.notes.push(note);
                return verdict;
            }
            if !is_seen {
                verdict = received(*check, verdict);
            }
            verdict.evidence.push(evidence);
        } else if let Some(evidence) = said.unlike {
            if is_seen {
                verdict.notes.push(format!(
                    "the record of it by {} does not match it",
                    by(&evidence)
                ));
            } else {
                verdict.class = Class::Bypassed;
                verdict.how = Some(UNLIKE.into());
                verdict.evidence.push(evidence);
            }
        } else if let Some(note) = said.doubtful.filter(|_| !is_seen) {
            verdict.notes.push(note);
        }
        verdict
    }
}

fn by(evidence: &Evidence) -> &str {
    evidence.by.as_deref().unwrap_or("nobody")
}

fn class_of(check: &CommitCheck) -> Class {
    match check.class {
        ledger::Class::Enforced => Class::Enforced,
        ledger::Class::Replayed => Class::Replayed,
        ledger::Class::Merge => Class::Merge,
        ledger::Class::Bypassed => Class::Bypassed,
    }
}

/// Takes over what a receipt says.
fn received(check: CommitCheck, verdict: Verdict) -> Verdict {
    Verdict {
        class: class_of(&check),
        how: None,
        of: check.of,
        personas: check.personas,
        noticed: Some(check.time),
        ..verdict
    }
}

fn read(
    repository: &Repository,
    witnesses: &Witnesses<'_>,
    commit: &Commit,
    records: &[Spoken],
) -> Said {
    let mut said = Said::default();
    for one in records {
        let Some(envelope) = one.read(repository) else {
            continue;
        };
        let Ok(statement) = envelope.statement() else {
            continue;
        };
        let tree = TreeId::new(commit.tree.to_string());
        let is_tree = statement.tree() == Some(tree);
        let signed = witnesses.accepted(&envelope);
        let evidence = |kind: &str| Evidence {
            kind: kind.into(),
            name: one.listed.name.clone(),
            by: signed.as_ref().ok().map(|signed| signed.principal.clone()),
        };
        match statement.predicate {
            Predicate::CommitCheck(check) => match (is_tree && fits(&check, commit), &signed) {
                (true, Ok(_)) => said.receipt = Some((evidence("commit-check"), check)),
                (false, Ok(_)) => said.unlike = Some(evidence("commit-check")),
                (_, Err(doubt)) => said.doubtful = Some(doubtful(&check, doubt)),
            },
            Predicate::Gap(gap) if is_tree => {
                let place = match &signed {
                    Ok(_) => &mut said.gap,
                    Err(_) => &mut said.confessed,
                };
                let is_earlier = place
                    .as_ref()
                    .is_none_or(|(_, other)| gap.time < other.time);
                if is_earlier {
                    *place = Some((evidence("gap"), gap));
                }
            }
            _ => {}
        }
    }
    said
}

/// Whether a receipt is of this very commit.
fn fits(check: &CommitCheck, commit: &Commit) -> bool {
    let parents = commit.parents.iter().map(ToString::to_string);
    let is_possible = match check.class {
        ledger::Class::Bypassed => false,
        ledger::Class::Merge => commit.parents.len() > 1,
        ledger::Class::Enforced | ledger::Class::Replayed => true,
    };
    is_possible
        && check.message == digest(&commit.message)
        && parents.eq(check.parents.iter().map(|id| id.as_str().to_owned()))
}

fn doubtful(check: &CommitCheck, doubt: &Doubt) -> String {
    let class = class_of(check).as_str();
    match doubt {
        Doubt::Unlisted => format!("a record that nobody listed signed says {class}"),
        Doubt::NotAccepted(who) => format!(
            "a record by {who} says {class}, and only a runner's word counts here (`[evidence] accept`)"
        ),
    }
}

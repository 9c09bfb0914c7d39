//! The class of a commit (EVIDENCE.md, section 9): from the ledger, else from the reflog, else from its shape.

use serde::{Deserialize, Serialize};

use super::how;
use super::judge::{Era, Judged};
use super::origins::Origin;
use super::report::Evidence;
use super::trace::Trace;
use crate::evidence::ledger::{self, Line};
use crate::finding::Level;
use crate::id::CommitId;

/// The rule that asks for a run.
const VALIDATION: &str = "PDD008";

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Attempt, receipt and commit agree.
    Enforced,
    /// Made here, round the hooks.
    Bypassed,
    /// Git replayed a commit that existed.
    Replayed,
    /// The hooks saw it through, and a signed waiver lifts a rule.
    Waived,
    /// Two or more parents, automatic.
    Merge,
    /// One commit in place of those that were approved.
    Squashed,
    /// It went round the hooks or left no trace; nothing is open against it now, and a runner or an approver signed for it.
    Repaired,
    /// No trace here: another clone, plumbing, another tool.
    Foreign,
    /// It brought the policy.
    Adoption,
    /// An ancestor of the adoption.
    PreAdoption,
}

impl Class {
    /// Every class, worst first.
    pub const ALL: [Self; 10] = [
        Self::Bypassed,
        Self::Foreign,
        Self::Repaired,
        Self::Waived,
        Self::Squashed,
        Self::Replayed,
        Self::Merge,
        Self::Enforced,
        Self::Adoption,
        Self::PreAdoption,
    ];

    /// Returns the word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Bypassed => "bypassed",
            Self::Replayed => "replayed",
            Self::Waived => "waived",
            Self::Merge => "merge",
            Self::Squashed => "squashed",
            Self::Repaired => "repaired",
            Self::Foreign => "foreign",
            Self::Adoption => "adoption",
            Self::PreAdoption => "pre-adoption",
        }
    }
}

/// What became of a commit, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The class.
    pub class: Class,
    /// How it went round the hooks, was replayed, or came here.
    pub how: Option<String>,
    /// The commit that it replays or takes back.
    pub of: Option<CommitId>,
    /// The personas that it declares, as far as a hook saw them.
    pub personas: Vec<String>,
    /// What shows the class.
    pub evidence: Vec<Evidence>,
    /// When it was first noticed, RFC 3339 in UTC; none where now is the first time.
    pub noticed: Option<String>,
    /// What could not be known.
    pub notes: Vec<String>,
}

impl Verdict {
    /// Gives a class, and says nothing more.
    pub fn new(class: Class, how: Option<String>) -> Self {
        Self {
            class,
            how,
            of: None,
            personas: Vec::new(),
            evidence: Vec::new(),
            noticed: None,
            notes: Vec::new(),
        }
    }
}

/// Says what became of a judged commit. A waiver outranks what the hooks saw through; who went round them is told of that
/// first, and a commit without a trace stays one: their findings show the waiver all the same.
pub fn of(judged: &Judged, trace: &Trace<'_>) -> Verdict {
    let mut verdict = traced(judged, trace);
    if matches!(
        verdict.class,
        Class::Enforced | Class::Replayed | Class::Merge
    ) && judged.is_waived()
    {
        verdict.class = Class::Waived;
    }
    verdict
}

fn traced(judged: &Judged, trace: &Trace<'_>) -> Verdict {
    match judged.era {
        Era::Before => return Verdict::new(Class::PreAdoption, None),
        Era::Adoption => return Verdict::new(Class::Adoption, None),
        Era::After => {}
    }
    if let Some(line) = trace.line
        && let Some(class) = line.entry.class
    {
        return written(judged, trace, line, class);
    }
    if let Some(action) = trace.action {
        let mut verdict = made_here(judged, trace);
        verdict.evidence.push(Evidence {
            kind: "reflog".into(),
            name: action.into(),
            by: None,
        });
        return verdict;
    }
    if judged.is_automatic_merge {
        return Verdict::new(Class::Merge, None);
    }
    let how = match trace.origin() {
        Origin::Clone => Some(how::ANOTHER_CLONE),
        Origin::Plumbing => Some(how::PLUMBING),
        Origin::Unknown => None,
    };
    let mut verdict = Verdict::new(Class::Foreign, how.map(str::to_owned));
    if how.is_none() && trace.is_unlogged {
        verdict.notes.push("no reflog here".into());
    }
    verdict
}

/// The ledger has a line about it, which is worth what the chain, the commit and the records say.
fn written(judged: &Judged, trace: &Trace<'_>, line: &Line, class: ledger::Class) -> Verdict {
    let (class, how) = match class {
        _ if trace.is_rewritten || !fits(judged, line) => {
            (Class::Bypassed, Some(how::LEDGER_REWRITTEN.to_owned()))
        }
        ledger::Class::Enforced if is_forged(judged, trace, line) => {
            (Class::Bypassed, Some(how::FORGED_RECEIPT.to_owned()))
        }
        ledger::Class::Enforced => (Class::Enforced, line.entry.how.clone()),
        ledger::Class::Bypassed => (Class::Bypassed, line.entry.how.clone()),
        ledger::Class::Replayed => (Class::Replayed, line.entry.how.clone()),
        ledger::Class::Merge => (Class::Merge, line.entry.how.clone()),
    };
    Verdict {
        of: line.entry.of.clone(),
        personas: line.entry.personas.clone(),
        evidence: vec![Evidence {
            kind: "ledger".into(),
            name: line.seq.to_string(),
            by: None,
        }],
        noticed: Some(line.time.clone()),
        ..Verdict::new(class, how)
    }
}

/// Whether the line is about this very commit: its tree and its parents.
fn fits(judged: &Judged, line: &Line) -> bool {
    let commit = &judged.commit;
    let parents: Vec<String> = commit.parents.iter().map(ToString::to_string).collect();
    let tree = line.entry.tree.as_ref();
    tree.is_none_or(|tree| tree.as_str() == commit.tree.to_string())
        && line
            .entry
            .parents
            .iter()
            .map(CommitId::as_str)
            .eq(parents.iter().map(String::as_str))
}

/// Whether the line says that the hooks saw the commit through, and the run that they would have asked for is nowhere,
/// although the store has older ones. By another policy than the line names, nothing is known of what they asked.
fn is_forged(judged: &Judged, trace: &Trace<'_>, line: &Line) -> bool {
    judged.lacks_run
        && line.entry.policy == Some(judged.policy)
        && trace.is_after_runs
        && judged.has_error(VALIDATION)
}

/// A command of git's made it here, and the ledger has no line about it.
fn made_here(judged: &Judged, trace: &Trace<'_>) -> Verdict {
    if trace.is_stranger {
        let mut verdict = Verdict::new(Class::Foreign, None);
        verdict.notes.push("no hooks were installed here".into());
        return verdict;
    }
    if !trace.is_lost {
        return Verdict::new(Class::Bypassed, Some(how::HOOKS_OFF.into()));
    }
    // What the ledger said of it is gone: only who left something to find is accused.
    let class = match judged
        .findings
        .iter()
        .any(|found| found.level == Level::Error)
    {
        true => Class::Bypassed,
        false => Class::Foreign,
    };
    Verdict::new(class, Some(how::LEDGER_DELETED.into()))
}

#[cfg(test)]
mod tests;

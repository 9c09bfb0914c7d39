//! The class of a commit (EVIDENCE.md, section 9): from the ledger, else from the reflog, else from its shape.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::judge::{Era, Judged};
use super::report::Evidence;
use super::trace::Trace;
use crate::evidence::ledger;
use crate::git::{Error, Repository};
use crate::id::CommitId;

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

/// What made a commit here, by the reflogs: its first entry's action.
#[derive(Debug, Default)]
pub struct Made {
    actions: HashMap<CommitId, String>,
}

impl Made {
    /// Reads the reflogs of `HEAD` and of every branch (git-reflog(1)). Their times say nothing: they are the committer's.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn read(repository: &Repository) -> Result<Self, Error> {
        let (code, stdout, _) = repository
            .git()
            .run(&["log", "--walk-reflogs", "--all", "--format=%H %gs"], &[])?;
        if code != Some(0) {
            // A repository without a commit has no reflog to walk.
            return Ok(Self::default());
        }
        let mut actions = HashMap::new();
        for line in String::from_utf8_lossy(&stdout).lines() {
            if let Some((id, action)) = line.split_once(' ')
                && makes_commit(action)
            {
                actions.insert(CommitId::new(id), action.to_owned());
            }
        }
        Ok(Self { actions })
    }

    /// Says whether a commit was made by a command of git's here.
    pub fn here(&self, id: &CommitId) -> bool {
        self.actions.contains_key(id)
    }

    /// Returns the action that made a commit here.
    pub fn action(&self, id: &CommitId) -> Option<&str> {
        self.actions.get(id).map(String::as_str)
    }
}

/// Whether a reflog action makes a commit, and does not only move a reference to one.
fn makes_commit(action: &str) -> bool {
    // `cherry-pick --ff` takes a commit over as it is where its parent is `HEAD` already.
    if action == "cherry-pick: fast-forward" {
        return false;
    }
    let makes = ["commit", "cherry-pick:", "revert:", "am:"]
        .iter()
        .any(|start| action.starts_with(start));
    let rebases = (action.starts_with("rebase") || action.starts_with("pull --rebase"))
        && action.contains(" (")
        && !["(start)", "(finish)", "(abort)", "(reset)"]
            .iter()
            .any(|step| action.contains(step));
    let merges = (action.starts_with("merge ") || action.starts_with("pull"))
        && action.contains("Merge made by");
    makes || rebases || merges
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
        let class = match class {
            ledger::Class::Enforced => Class::Enforced,
            ledger::Class::Bypassed => Class::Bypassed,
            ledger::Class::Replayed => Class::Replayed,
            ledger::Class::Merge => Class::Merge,
        };
        return Verdict {
            of: line.entry.of.clone(),
            personas: line.entry.personas.clone(),
            evidence: vec![Evidence {
                kind: "ledger".into(),
                name: line.seq.to_string(),
                by: None,
            }],
            noticed: Some(line.time.clone()),
            ..Verdict::new(class, line.entry.how.clone())
        };
    }
    if trace.action.is_some() {
        return Verdict::new(Class::Bypassed, Some("hooks off".into()));
    }
    if judged.is_automatic_merge {
        return Verdict::new(Class::Merge, None);
    }
    Verdict::new(Class::Foreign, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_that_make_a_commit_are_told_from_those_that_move_to_one() {
        for action in [
            "commit: x",
            "commit (amend): x",
            "commit (merge): x",
            "cherry-pick: x",
            "am: x",
            "rebase (pick): x",
            "pull --rebase origin main (pick): x",
            "merge f: Merge made by the 'ort' strategy.",
            "pull: Merge made by the 'ort' strategy.",
        ] {
            assert!(makes_commit(action), "{action}");
        }
        for action in [
            "checkout: moving from a to b",
            "reset: moving to HEAD~1",
            "pull: Fast-forward",
            "merge f: Fast-forward",
            "branch: Created from main",
            "rebase (finish): refs/heads/x onto y",
            "clone: from x",
            "cherry-pick: fast-forward",
        ] {
            assert!(!makes_commit(action), "{action}");
        }
    }
}

//! The class of a commit (EVIDENCE.md, section 9): from the ledger, else from the reflog, else from its shape.

use std::collections::HashMap;

use serde::Serialize;

use super::judge::{Era, Judged};
use crate::evidence::ledger::{self, Line};
use crate::git::{Error, Repository};
use crate::id::CommitId;

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
    /// No trace here: another clone, plumbing, another tool.
    Foreign,
    /// It brought the policy.
    Adoption,
    /// An ancestor of the adoption.
    PreAdoption,
}

impl Class {
    /// Every class, worst first.
    pub const ALL: [Self; 8] = [
        Self::Bypassed,
        Self::Foreign,
        Self::Waived,
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

/// Returns the class of a judged commit, and how it went round the hooks or was replayed. A waiver outranks what the hooks
/// saw through; who went round them is told of that first, and a commit without a trace stays one: their findings show the
/// waiver all the same.
pub fn of(judged: &Judged, line: Option<&Line>, made: &Made) -> (Class, Option<String>) {
    match traced(judged, line, made) {
        (Class::Enforced | Class::Replayed | Class::Merge, how) if judged.is_waived() => {
            (Class::Waived, how)
        }
        found => found,
    }
}

fn traced(judged: &Judged, line: Option<&Line>, made: &Made) -> (Class, Option<String>) {
    match judged.era {
        Era::Before => return (Class::PreAdoption, None),
        Era::Adoption => return (Class::Adoption, None),
        Era::After => {}
    }
    if let Some(entry) = line.map(|line| &line.entry)
        && let Some(class) = entry.class
    {
        let class = match class {
            ledger::Class::Enforced => Class::Enforced,
            ledger::Class::Bypassed => Class::Bypassed,
            ledger::Class::Replayed => Class::Replayed,
            ledger::Class::Merge => Class::Merge,
        };
        return (class, entry.how.clone());
    }
    if made.here(&CommitId::new(judged.commit.id.to_string())) {
        return (Class::Bypassed, Some("hooks off".into()));
    }
    if judged.is_automatic_merge {
        return (Class::Merge, None);
    }
    (Class::Foreign, None)
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

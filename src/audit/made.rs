//! What made commits here, by the reflogs: the action of the entry that first names one.

use std::collections::HashMap;

use crate::git::{Error, Log, ObjectFormat, Oid, Repository};
use crate::id::CommitId;

/// The commits that a command of git's made here.
#[derive(Debug, Default)]
pub struct Made {
    actions: HashMap<Oid, String>,
}

impl Made {
    /// Reads the reflogs of `HEAD` and of every branch (git-reflog(1)). Their times say nothing: they are the committer's.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn read(repository: &Repository) -> Result<Self, Error> {
        Ok(Self::of(&repository.reflogs()?))
    }

    /// Looks through reflogs that have been read.
    pub fn of(logs: &[Log]) -> Self {
        let mut actions = HashMap::new();
        for entry in logs.iter().flat_map(|log| &log.entries) {
            if let Some(to) = entry.to
                && makes_commit(&entry.action)
            {
                actions.entry(to).or_insert_with(|| entry.action.clone());
            }
        }
        Self { actions }
    }

    /// Says whether a commit was made by a command of git's here.
    pub fn here(&self, id: &CommitId) -> bool {
        self.action(id).is_some()
    }

    /// Returns the action that made a commit here.
    pub fn action(&self, id: &CommitId) -> Option<&str> {
        self.actions.get(&self.oid(id)?).map(String::as_str)
    }

    /// Returns the commit's id as a number.
    pub(super) fn oid(&self, id: &CommitId) -> Option<Oid> {
        read_id(id.as_str())
    }

    /// Says whether a commit was made by a command of git's here.
    pub fn holds(&self, oid: &Oid) -> bool {
        self.actions.contains_key(oid)
    }
}

/// Reads a whole id, of either length.
pub(super) fn read_id(text: &str) -> Option<Oid> {
    let format = match text.len() {
        64 => ObjectFormat::Sha256,
        _ => ObjectFormat::Sha1,
    };
    Oid::from_str_ext(text, format).ok()
}

/// Whether a reflog action makes a commit, and does not only move a reference to one.
pub(super) fn makes_commit(action: &str) -> bool {
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
    makes || rebases || merges(action)
}

/// Whether it makes a merge.
pub(super) fn merges(action: &str) -> bool {
    (action.starts_with("merge ") || action.starts_with("pull")) && action.contains("Merge made by")
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

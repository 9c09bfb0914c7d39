//! What made commits here, by the reflogs: the action of the entry that first names one.

use std::collections::{HashMap, HashSet};

use crate::git::{Error, Log, Moved, ObjectFormat, Oid, Repository};
use crate::id::CommitId;
use crate::message::Message;

/// The commits that a command of git's made here.
#[derive(Debug, Default)]
pub struct Made {
    actions: HashMap<Oid, String>,
    /// Those that were made under another word than git's own (`GIT_REFLOG_ACTION`), each with the whole action.
    disguised: HashSet<(Oid, String)>,
}

impl Made {
    /// Reads the reflogs of `HEAD` and of every branch (git-reflog(1)). Their times say nothing: they are the committer's.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn read(repository: &Repository) -> Result<Self, Error> {
        Ok(Self::of(repository, &repository.reflogs()?))
    }

    /// Looks through reflogs that have been read.
    pub fn of(repository: &Repository, logs: &[Log]) -> Self {
        let mut made = Self::default();
        let mut looked = HashSet::new();
        for log in logs {
            for entry in &log.entries {
                let Some(to) = entry.to else { continue };
                let is_disguised = log.is_local()
                    && !makes_commit(&entry.action)
                    && looked.insert((to, &entry.action))
                    && says_its_subject(repository, to, &entry.action);
                if is_disguised {
                    made.disguised.insert((to, entry.action.clone()));
                }
                if is_disguised || makes_commit(&entry.action) {
                    let known = made.actions.entry(to);
                    known.or_insert_with(|| entry.action.clone());
                }
            }
        }
        made
    }

    /// Says whether an entry made the commit that it put a reference on, and did not only move it there.
    pub(super) fn by(&self, entry: &Moved) -> bool {
        let is_disguised = |to| self.disguised.contains(&(to, entry.action.clone()));
        makes_commit(&entry.action) || entry.to.is_some_and(is_disguised)
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

/// Whether an action ends, as those do that make a commit, with the subject of what it put there; what git writes itself of
/// moves is no subject of anybody's.
fn says_its_subject(repository: &Repository, to: Oid, action: &str) -> bool {
    let Some((_, said)) = action.split_once(": ") else {
        return false;
    };
    let is_of_git = MOVES.iter().any(|it| said.eq_ignore_ascii_case(it));
    if is_of_git || !repository.has_object(to) {
        return false;
    }
    let Ok(commit) = repository.commit(to) else {
        return false;
    };
    let subject = Message::parse(&commit.message).subject;
    let words: Vec<&str> = subject.split_whitespace().collect();
    let subject = words.join(" ");
    let said = action.split_whitespace().collect::<Vec<_>>().join(" ");
    !subject.is_empty() && said.ends_with(&format!(": {subject}"))
}

/// What stands behind the colon where a reference was moved to a commit that was there before.
const MOVES: [&str; 5] = [
    "fast-forward",
    "forced-update",
    "storing head",
    "created from head",
    "updating head",
];

/// Whether it makes a merge.
pub(super) fn merges(action: &str) -> bool {
    action.contains(": Merge made by")
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
            "fetch: Merge made by the 'ort' strategy.",
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

//! Pushes that pre-push did not see: the reflog of a remote-tracking branch has them, the ledger has not.

use std::collections::{HashMap, HashSet};

use super::reflog::time;
use crate::audit::report::{Evidence, RefMove};
use crate::audit::trace::Traces;
use crate::error::Error;
use crate::evidence::ledger::{Event, Ledger};
use crate::git::{Moved, Oid, Repository};
use crate::id::CommitId;

/// A push without pre-push.
pub(super) const UNSEEN: &str = "push --no-verify";
/// What git writes into the reflog of a remote-tracking branch after a push (git-push(1)).
const BY_PUSH: &str = "update by push";

/// Finds the pushes of what was made under hooks that pre-push did not see.
pub(super) fn find(
    repository: &Repository,
    ledger: &Ledger,
    traces: &Traces<'_>,
) -> Result<Vec<RefMove>, Error> {
    if !ledger.lost.is_empty() {
        return Ok(Vec::new());
    }
    let mut seen: HashMap<&str, Vec<&str>> = HashMap::new();
    for entry in ledger.lines.iter().map(|line| &line.entry) {
        if let (Event::Push, Some(to), Some(name)) = (entry.event, &entry.commit, &entry.reference)
        {
            let branch = name.strip_prefix("refs/heads/").unwrap_or(name);
            seen.entry(to.as_str()).or_default().push(branch);
        }
    }
    let mut hooked = Hooked {
        repository,
        traces,
        known: HashMap::new(),
    };
    let mut found = Vec::new();
    for log in &traces.logs {
        let Some(name) = log.name.strip_prefix("refs/remotes/") else {
            continue;
        };
        let is_seen = |to: Oid| {
            let branches = seen.get(to.to_string().as_str());
            let is_this = |branch: &&&str| {
                let rest = name.strip_suffix(**branch);
                rest.is_some_and(|rest| rest.ends_with('/'))
            };
            branches.is_some_and(|branches| branches.iter().any(|branch| is_this(&branch)))
        };
        for entry in &log.entries {
            if let Some(to) = pushed(entry)
                && !is_seen(to)
                && hooked.holds(to)?
            {
                let id = |oid: Oid| CommitId::new(oid.to_string());
                found.push(RefMove {
                    reference: log.name.clone(),
                    from: entry.from.map(id),
                    to: entry.to.map(id),
                    how: UNSEEN.into(),
                    time: time(entry.time),
                    evidence: vec![Evidence {
                        kind: "reflog".into(),
                        name: entry.action.clone(),
                        by: None,
                    }],
                });
            }
        }
    }
    Ok(found)
}

/// A push that only says again what the remote has is none.
fn pushed(entry: &Moved) -> Option<Oid> {
    let to = entry.to?;
    (entry.action == BY_PUSH && entry.from != Some(to)).then_some(to)
}

/// Whether commits were made after the hooks were installed: they, or one below them, have a line in the ledger.
struct Hooked<'a> {
    repository: &'a Repository,
    traces: &'a Traces<'a>,
    known: HashMap<Oid, bool>,
}

impl Hooked<'_> {
    fn holds(&mut self, tip: Oid) -> Result<bool, Error> {
        if !self.repository.has_object(tip) {
            return Ok(false);
        }
        let mut path = HashSet::new();
        let mut holds = false;
        for commit in self.repository.first_parents(tip) {
            let commit = commit?;
            if let Some(&known) = self.known.get(&commit.id) {
                holds = known;
                break;
            }
            path.insert(commit.id);
            if self.traces.has_line(&CommitId::new(commit.id.to_string())) {
                holds = true;
                break;
            }
        }
        self.known.extend(path.into_iter().map(|oid| (oid, holds)));
        Ok(holds)
    }
}

//! Pushes that pre-push did not see: the reflog of a remote-tracking branch has them, the ledger has not.

use std::collections::{HashMap, HashSet};

use super::reflog::time;
use crate::audit::report::{Evidence, RefMove};
use crate::audit::trace::Traces;
use crate::error::Error;
use crate::evidence::ledger::{Event, Ledger};
use crate::git::{Log, Moved, Oid, Repository};
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
    let remotes = Remotes::read(repository)?;
    let mut seen: HashMap<&str, Vec<(&str, Option<&str>)>> = HashMap::new();
    for entry in ledger.lines.iter().map(|line| &line.entry) {
        if let (Event::Push, Some(to), Some(name)) = (entry.event, &entry.commit, &entry.reference)
        {
            let branch = name.strip_prefix("refs/heads/").unwrap_or(name);
            let asked = (branch, entry.how.as_deref());
            seen.entry(to.as_str()).or_default().push(asked);
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
            let asked = seen.get(to.to_string().as_str());
            let is_this = |&(branch, remote): &(&str, Option<&str>)| {
                let rest = name.strip_suffix(branch);
                rest.is_some_and(|rest| rest.ends_with('/'))
                    && remote.is_none_or(|remote| !remotes.is_of_another(log, remote))
            };
            asked.is_some_and(|asked| asked.iter().any(is_this))
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

/// Where the remotes' branches are followed: the targets of their fetch refspecs (git-fetch(1)), with `*`.
struct Remotes(Vec<(String, String)>);

impl Remotes {
    fn read(repository: &Repository) -> Result<Self, Error> {
        let args = ["config", "-z", "--get-regexp", r"^remote\..*\.fetch$"];
        // Git answers 1 where there is none.
        let (_, stdout, _) = repository.git().run(&args, &[])?;
        let text = String::from_utf8_lossy(&stdout);
        let found = text.split('\0').filter_map(|entry| {
            let (key, spec) = entry.split_once('\n')?;
            let remote = key.strip_prefix("remote.")?.strip_suffix(".fetch")?;
            let (_, target) = spec.split_once(':')?;
            Some((remote.to_owned(), target.to_owned()))
        });
        Ok(Self(found.collect()))
    }

    /// Whether a remote-tracking branch is followed for others than `remote`, and always was. Of a remote that was never
    /// called anything nothing is known.
    fn is_of_another(&self, log: &Log, remote: &str) -> bool {
        let name = log.name.as_str();
        let follows = |target: &str| match target.split_once('*') {
            Some((before, after)) => name
                .strip_prefix(before)
                .is_some_and(|rest| rest.ends_with(after)),
            None => name == target,
        };
        let mut owners = self
            .0
            .iter()
            .filter(|(_, target)| follows(target))
            .peekable();
        let is_named = !remote.contains(['/', ':']);
        let renamed = format!("remote: renamed refs/remotes/{remote}/");
        let mut entries = log.entries.iter();
        let was_its = entries.any(|entry| entry.action.starts_with(&renamed));
        is_named && !was_its && owners.peek().is_some() && owners.all(|(owner, _)| owner != remote)
    }
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

//! Guarded branches and release tags by their reflogs, beside what the ledger saw of them: what stands in the one and not
//! in the other went round the hooks.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::REPLACED;
use crate::audit::landing::tracking_tips;
use crate::audit::report::{Evidence, RefMove};
use crate::error::Error;
use crate::evidence::ledger::{Event, INSTALLED, Ledger};
use crate::git::{Log, Moved, Oid, Repository};
use crate::id::CommitId;
use crate::policy::Policy;

/// `git branch -C` or `-c`, which runs no hook.
pub(super) const BRANCH_COPY: &str = "branch -C";
/// `git branch -M` or `-m`, where the hooks could not name it.
pub(super) const BRANCH_RENAME: &str = "branch -M";
/// A file of git's written by something else than git.
pub(super) const DIRECT: &str = "direct write";
/// `git update-ref`, or what calls it.
const UPDATE_REF: &str = "update-ref";
/// A command of git's while no hook ran.
pub(super) const OFF: &str = "hooks off";
/// The same, and the branch lost commits.
pub(super) const REWIND: &str = "rewind";

/// How actions begin that bring a remote-tracking branch to where the remote has it (git-fetch(1), git-push(1)), or that
/// only name it anew.
const TRANSFERS: [&str; 7] = [
    "fetch",
    "pull",
    "clone",
    "initial pull",
    "remote",
    "update by push",
    "push",
];

/// What is looked at.
pub(super) struct Look<'a> {
    pub(super) repository: &'a Repository,
    pub(super) policy: &'a Policy,
    pub(super) ledger: &'a Ledger,
    pub(super) logs: &'a [Log],
}

impl Look<'_> {
    /// Looks at the protected and the integration branches.
    pub(super) fn branches(&self) -> Result<Vec<RefMove>, Error> {
        let branch = &self.policy.branch;
        let mut names: Vec<&String> = branch.protected.iter().chain(&branch.integration).collect();
        names.sort();
        names.dedup();
        let mut found = Vec::new();
        for name in names {
            let reference = format!("refs/heads/{name}");
            if let Some(log) = self.logs.iter().find(|log| log.name == reference) {
                found.extend(self.branch(log, name)?);
            }
        }
        Ok(found)
    }

    fn branch(&self, log: &Log, name: &str) -> Result<Vec<RefMove>, Error> {
        let seen: Vec<Seen<'_>> = self.seen(&log.name).collect();
        let known: HashSet<Oid> = seen.iter().filter_map(|line| line.to).collect();
        let entries = &log.entries;
        let start = start(log, &seen);
        let mut open = seen.as_slice();
        let mut found = Vec::new();
        let mut before = entries
            .get(..start)
            .and_then(<[_]>::last)
            .and_then(|it| it.to);
        for (index, entry) in entries.iter().enumerate().skip(start) {
            // An expired entry leaves such a gap too: then the log, or the ledger, has met the place before.
            if let Some(from) = entry.from
                && before.is_some_and(|before| before != from)
                && !known.contains(&from)
                && !entries
                    .iter()
                    .take(index)
                    .any(|other| other.to == Some(from))
            {
                found.push((before, Some(from), DIRECT, None));
            }
            before = entry.to;
            let is_told = entry.to.is_some_and(|to| known.contains(&to));
            let at = open.iter().position(|line| is_told && line.tells_of(entry));
            if let Some(at) = at {
                open = open.get(at + 1..).unwrap_or_default();
            } else if takes_over(entry, &log.name) {
                let how = self.how(entry)?;
                let is_known = entry.action.starts_with("Branch: renamed")
                    && seen.iter().any(|line| line.how.starts_with(REPLACED));
                found.extend((!is_known).then_some((None, entry.to, how, Some(entry))));
            } else if entry.from != entry.to {
                found.push((entry.from, entry.to, self.how(entry)?, Some(entry)));
            }
        }
        let tip = self.repository.find_commit_at(&log.name)?;
        let last = entries.last().and_then(|entry| entry.to);
        if tip.is_some() && tip != last {
            found.push((last, tip, DIRECT, None));
        }
        // Where the ledger has lost lines it does not tell what the hooks have seen: a copy and a write past git show it.
        if !self.ledger.lost.is_empty() {
            found.retain(|(_, _, how, _)| matches!(*how, BRANCH_COPY | DIRECT));
        }
        let landed = self.landed(name)?;
        let mut moves = Vec::new();
        for (from, to, how, entry) in found {
            if how == REWIND || !self.has_landed(to, &landed)? {
                moves.push(moved(&log.name, from, to, how, entry));
            }
        }
        Ok(moves)
    }

    /// Where a remote has a branch, as transfers told: a remote-tracking branch that something else put where it stands tells
    /// nothing of a remote. A clone may leave it without a log.
    fn landed(&self, name: &str) -> Result<Vec<Oid>, Error> {
        let mut landed = tracking_tips(self.repository, self.ledger, name)?;
        for tracking in self.repository.tracking_names(name)? {
            let Some(tip) = self.repository.find_commit_at(&tracking)? else {
                continue;
            };
            let log = self.logs.iter().find(|log| log.name == tracking);
            let is_told = log.and_then(|log| log.entries.last()).is_none_or(|last| {
                last.to == Some(tip) && TRANSFERS.iter().any(|it| last.action.starts_with(it))
            });
            if !is_told {
                landed.retain(|&other| other != tip);
            }
        }
        Ok(landed)
    }

    /// What a remote has there is the remote's to judge.
    fn has_landed(&self, to: Option<Oid>, landed: &[Oid]) -> Result<bool, Error> {
        let Some(to) = to.filter(|&to| self.repository.has_object(to)) else {
            return Ok(false);
        };
        for &tip in landed {
            if self.repository.is_ancestor(to, tip)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The ledger's lines about a reference.
    fn seen<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Seen<'s>> {
        let lines = self.ledger.lines.iter().map(|line| &line.entry);
        let lines = lines.filter(move |entry| {
            entry.event == Event::Move && entry.reference.as_deref() == Some(name)
        });
        let oid = |id: &CommitId| self.repository.oid(id.as_str()).ok();
        lines.map(move |entry| Seen {
            from: entry.parents.first().and_then(oid),
            to: entry.commit.as_ref().and_then(oid),
            how: entry.how.as_deref().unwrap_or_default(),
        })
    }

    fn how(&self, entry: &Moved) -> Result<&'static str, Error> {
        let action = entry.action.as_str();
        if action.starts_with("Branch: copied") {
            return Ok(BRANCH_COPY);
        }
        if action.starts_with("Branch: renamed") {
            return Ok(BRANCH_RENAME);
        }
        if let (Some(from), Some(to)) = (entry.from, entry.to)
            && [from, to]
                .iter()
                .all(|&oid| self.repository.has_object(oid))
            && self.repository.is_ancestor(to, from)?
        {
            return Ok(REWIND);
        }
        Ok(match action {
            "" => UPDATE_REF,
            _ => OFF,
        })
    }

    /// Looks at the release tags that the hooks have seen: tags have no reflogs.
    pub(super) fn tags(&self) -> Result<Vec<RefMove>, Error> {
        let mut names: Vec<&str> = Vec::new();
        for line in &self.ledger.lines {
            let Some(name) = line.entry.reference.as_deref() else {
                continue;
            };
            let tag = name.strip_prefix("refs/tags/").unwrap_or_default();
            if line.entry.event == Event::Move && self.policy.is_release_tag(tag) {
                names.push(name);
            }
        }
        names.sort_unstable();
        names.dedup();
        let mut moves = Vec::new();
        for name in names {
            let seen = self
                .ledger
                .reference(name)
                .and_then(|line| line.entry.commit.as_ref());
            let Some(seen) = seen else { continue };
            let now = self.repository.find_commit_at(name)?;
            if now.is_some_and(|now| now.to_string() != seen.as_str()) {
                let from = self.repository.oid(seen.as_str())?;
                moves.push(moved(name, Some(from), now, OFF, None));
            }
        }
        Ok(moves)
    }
}

/// What the ledger says of one move.
struct Seen<'a> {
    from: Option<Oid>,
    to: Option<Oid>,
    how: &'a str,
}

impl Seen<'_> {
    /// Whether it is about this move.
    fn tells_of(&self, entry: &Moved) -> bool {
        let stood = self.from.zip(entry.from);
        entry.to.is_some() && self.to == entry.to && stood.is_none_or(|(one, other)| one == other)
    }
}

/// Whether another branch, with its log, took the place of the one that this log is of.
fn takes_over(entry: &Moved, name: &str) -> bool {
    let is_it =
        entry.action.starts_with("Branch: copied") || entry.action.starts_with("Branch: renamed");
    is_it && entry.action.ends_with(&format!(" to {name}"))
}

/// The first entry that hooks could have seen: the one after where the branch stood when they were installed. A copy or a
/// rename brings the log of another branch, so that what is older tells nothing of this one.
fn start(log: &Log, seen: &[Seen<'_>]) -> usize {
    let entries = &log.entries;
    let others: HashMap<Oid, Vec<&Seen<'_>>> = seen
        .iter()
        .filter(|line| line.how != INSTALLED)
        .fold(HashMap::new(), |mut others, line| {
            if let Some(to) = line.to {
                others.entry(to).or_default().push(line);
            }
            others
        });
    let first = entries.iter().position(|entry| {
        let lines = entry.to.and_then(|to| others.get(&to));
        lines.is_some_and(|lines| lines.iter().any(|line| line.tells_of(entry)))
    });
    let known = first.unwrap_or(entries.len());
    let Some(line) = seen.iter().find(|line| line.how == INSTALLED) else {
        return known + 1;
    };
    let taken = entries
        .iter()
        .rposition(|entry| takes_over(entry, &log.name));
    let before = entries.get(..known).unwrap_or_default();
    let stood = before
        .iter()
        .rposition(|entry| entry.to.is_some() && entry.to == line.to);
    match (stood, taken) {
        (Some(stood), Some(taken)) if taken > stood => taken,
        (Some(stood), _) => stood + 1,
        (None, Some(taken)) => taken,
        (None, None) => known + 1,
    }
}

fn moved(
    name: &str,
    from: Option<Oid>,
    to: Option<Oid>,
    how: &str,
    entry: Option<&Moved>,
) -> RefMove {
    let id = |oid: Oid| CommitId::new(oid.to_string());
    RefMove {
        reference: name.to_owned(),
        from: from.map(id),
        to: to.map(id),
        how: how.to_owned(),
        time: entry.and_then(|entry| time(entry.time)),
        evidence: entry
            .map(|entry| Evidence {
                kind: "reflog".into(),
                name: entry.action.clone(),
                by: None,
            })
            .into_iter()
            .collect(),
    }
}

/// Writes when, RFC 3339 in UTC.
pub(super) fn time(seconds: i64) -> Option<String> {
    let stamp = Timestamp::from_second(seconds).ok()?;
    Some(stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

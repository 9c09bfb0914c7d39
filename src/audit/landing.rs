//! What is known of a guarded reference's move: the facts of a [`Landing`], gathered from history and the ledger.

use crate::change::{ChainCommit, Landing, Moment, Role};
use crate::evidence::ledger::Ledger;
use crate::git::{Commit, Error, Oid, Repository};
use crate::id::CommitId;
use crate::message::Message;
use crate::policy::{Class, FileKind, Policy};

/// A move of a reference; commits, tags peeled.
#[derive(Clone, Debug)]
pub struct Move<'a> {
    /// The full name.
    pub reference: &'a str,
    /// Where it stood.
    pub from: Option<Oid>,
    /// Where it goes.
    pub to: Option<Oid>,
    /// Further tips whose commits are nobody's news: what a fetch brings in the same breath.
    pub also_known: &'a [Oid],
    /// The reference that takes its place.
    pub replaced_by: Option<&'a str>,
}

/// Gathers the facts of a move.
///
/// # Errors
/// History cannot be walked.
pub fn facts(
    repository: &Repository,
    policy: &Policy,
    ledger: &Ledger,
    moment: Moment,
    movement: &Move<'_>,
) -> Result<Landing, Error> {
    let Move {
        reference,
        from,
        to,
        also_known,
        replaced_by,
    } = *movement;
    let branch = reference.strip_prefix("refs/heads/");
    let upstream = match branch {
        Some(branch) if moment == Moment::Commit => tracking_tips(repository, ledger, branch)?,
        _ => Vec::new(),
    };
    // Where a remote's reference stands may be unknown here, and a tag may name what is no commit.
    let is_known = |oid: &Oid| matches!(repository.peel(*oid), Ok(Some(_)));
    let fast_forward = match (from, to) {
        (Some(from), Some(to)) => {
            is_known(&from) && is_known(&to) && repository.is_ancestor(from, to)?
        }
        _ => true,
    };
    let mut is_pull = false;
    if let Some(to) = to {
        for &tip in &upstream {
            is_pull |=
                to == tip || (from.is_some() && fast_forward && repository.is_ancestor(to, tip)?);
        }
    }
    let mut contained: Vec<Oid> = [from.as_slice(), upstream.as_slice(), also_known].concat();
    for name in &policy.branch.protected {
        if branch != Some(name) {
            contained.extend(repository.find_commit_at(&format!("refs/heads/{name}"))?);
        }
        contained.extend(tracking_tips(repository, ledger, name)?);
    }
    contained.retain(is_known);
    let is_guarded_branch = branch.is_some();
    let chain = match to {
        Some(to) if is_guarded_branch => chain(repository, policy, to, &contained)?,
        _ => Vec::new(),
    };
    let is_protected = branch.is_some_and(|branch| policy.role(branch, &[]) == Role::Protected);
    let arriving = match to {
        Some(to) if is_protected && moment >= Moment::Push => arriving(repository, to, &contained)?,
        _ => Vec::new(),
    };
    let on_protected_chain = match to {
        Some(to) if !is_guarded_branch && is_known(&to) => {
            on_protected_chain(repository, policy, to, also_known)?
        }
        _ => false,
    };
    let id = |oid: Oid| CommitId::new(oid.to_string());
    Ok(Landing {
        from: from.map(id),
        to: to.map(id),
        fast_forward,
        is_pull,
        last_recorded: ledger.last_recorded(reference).cloned(),
        on_protected_chain,
        chain,
        arriving,
        replaced_by: replaced_by.map(str::to_owned),
        ..Landing::bare(reference, moment)
    })
}

fn arriving(
    repository: &Repository,
    to: Oid,
    contained: &[Oid],
) -> Result<Vec<(CommitId, String)>, Error> {
    repository
        .commits_between(&[to], contained)?
        .into_iter()
        .map(|oid| {
            let message = Message::parse(&repository.commit(oid)?.message);
            Ok((CommitId::new(oid.to_string()), message.subject))
        })
        .collect()
}

/// The tips of a branch's remote-tracking branches, without one that the ledger saw moved by hand to where it stands.
///
/// # Errors
/// Git cannot be asked.
pub fn tracking_tips(
    repository: &Repository,
    ledger: &Ledger,
    branch: &str,
) -> Result<Vec<Oid>, Error> {
    let mut tips = Vec::new();
    for name in repository.tracking_names(branch)? {
        let Some(tip) = repository.find_commit_at(&name)? else {
            continue;
        };
        if !ledger.moved_by_hand(&name, &tip.to_string()) {
            tips.push(tip);
        }
    }
    Ok(tips)
}

fn chain(
    repository: &Repository,
    policy: &Policy,
    to: Oid,
    contained: &[Oid],
) -> Result<Vec<ChainCommit>, Error> {
    let mut chain = Vec::new();
    for commit in repository.first_parents(to) {
        let commit = commit?;
        for &tip in contained {
            if repository.is_ancestor(commit.id, tip)? {
                return Ok(chain);
            }
        }
        chain.push(chain_commit(repository, policy, &commit)?);
    }
    Ok(chain)
}

/// Says of a commit of a first-parent chain what the rule of integration branches asks.
///
/// # Errors
/// An object is missing.
pub(super) fn chain_commit(
    repository: &Repository,
    policy: &Policy,
    commit: &Commit,
) -> Result<ChainCommit, Error> {
    let is_merge = commit.parents.len() > 1;
    let parent = commit
        .parents
        .first()
        .map(|&parent| repository.commit(parent))
        .transpose()?;
    let deltas = if is_merge {
        Vec::new()
    } else {
        repository.diff(parent.map(|parent| parent.tree), Some(commit.tree))?
    };
    let is_record = |path: &[u8], mode: i32| {
        let kind = if mode == 0o100_644 {
            FileKind::Plain
        } else {
            FileKind::Special
        };
        policy.class(path, kind) == Class::Record
    };
    let is_record_only = !deltas.is_empty()
        && deltas.iter().all(|delta| {
            [delta.old, delta.new]
                .into_iter()
                .flatten()
                .all(|entry| is_record(&delta.path, entry.mode))
        });
    Ok(ChainCommit {
        id: CommitId::new(commit.id.to_string()),
        subject: Message::parse(&commit.message).subject,
        is_merge,
        is_record_only,
    })
}

fn on_protected_chain(
    repository: &Repository,
    policy: &Policy,
    to: Oid,
    also_known: &[Oid],
) -> Result<bool, Error> {
    let mut tips = also_known.to_vec();
    for name in &policy.branch.protected {
        tips.extend(repository.find_commit_at(&format!("refs/heads/{name}"))?);
        for tracking in repository.tracking_names(name)? {
            tips.extend(repository.find_commit_at(&tracking)?);
        }
    }
    for tip in tips {
        if !repository.is_ancestor(to, tip)? {
            continue;
        }
        for commit in repository.first_parents(tip) {
            if commit?.id == to {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

//! Closing an attempt against the commit that git really made, and the line in the ledger that says what became of it.

use std::ffi::OsString;

use super::replay::{Verdict, exact, merged_by_rebase, passes, replay};
use super::session::Session;
use super::{Hook, beside, enrol, guarded, print, reverted};
use crate::audit::how;
use crate::error::Error;
use crate::evidence::attempt::{Attempt, Judged};
use crate::evidence::ledger::{self, Class, Entry, Event};
use crate::exit::Exit;
use crate::git::{Commit, Oid};
use crate::id::{CommitId, TreeId};
use crate::message::Message;

/// post-commit: closes against `HEAD`.
pub(super) fn after_commit(session: &Session, hook: Hook) -> Result<Exit, Error> {
    let Some(head) = session.repository.head()?.commit else {
        return Ok(Exit::Passed);
    };
    let (attempt, _) = session.attempt();
    if attempt.is_none() && is_adoption(session, head)? {
        // The hooks that ran before it found no policy; from here on they do.
        enrol::enrol()?;
        return Ok(Exit::Passed);
    }
    close(session, attempt.unwrap_or_default(), head, hook)?;
    Ok(Exit::Passed)
}

/// Whether the commit brought the policy that is now in force.
fn is_adoption(session: &Session, head: Oid) -> Result<bool, Error> {
    if session.force.tip != head {
        return Ok(false);
    }
    let parents = session.repository.commit(head)?.parents;
    let Some(&parent) = parents.first() else {
        return Ok(true);
    };
    let before = session
        .repository
        .policy_at(parent, &session.force.branch)?;
    Ok(before.is_none())
}

/// post-merge: closes a true merge; a fast-forward made no commit, and `--squash` none yet (its argument is 1).
pub(super) fn after_merge(session: &Session, args: &[OsString]) -> Result<Exit, Error> {
    if args.first().is_some_and(|squash| squash == "1") {
        return Ok(Exit::Passed);
    }
    match session.attempt() {
        (Some(attempt), _) if attempt.opened.is_some() => {
            let Some(head) = session.repository.head()?.commit else {
                return Ok(Exit::Passed);
            };
            close(session, attempt, head, Hook::PostMerge)?;
        }
        _ => guarded::write(
            &session.repository,
            &session.pdd,
            Some(&session.force.policy),
        )?,
    }
    Ok(Exit::Passed)
}

/// post-applypatch: closes against `HEAD`.
pub(super) fn after_am(session: &Session) -> Result<Exit, Error> {
    after_commit(session, Hook::PostApplypatch)
}

/// post-rewrite: what a rebase made without any hook of a commit's own is closed here, as a replay of the old commit.
pub(super) fn after_rewrite(
    session: &Session,
    args: &[OsString],
    input: &[u8],
) -> Result<Exit, Error> {
    if args.first().is_none_or(|command| command != "rebase") {
        return Ok(Exit::Passed);
    }
    for line in String::from_utf8_lossy(input).lines() {
        let mut ids = line.split(' ');
        let (Some(old), Some(new)) = (ids.next(), ids.next()) else {
            continue;
        };
        if ledger::find_commit(&session.pdd, &CommitId::new(new))?.is_some() {
            continue;
        }
        let (old, new) = (session.repository.oid(old)?, session.repository.oid(new)?);
        let commit = session.repository.commit(new)?;
        let verdict = replay(
            session,
            &commit,
            old,
            commit.parents.first().copied(),
            "rebase",
        )?;
        record(
            session,
            &commit,
            &Attempt::default(),
            Hook::PostRewrite,
            verdict,
        )?;
    }
    Ok(Exit::Passed)
}

/// Closes what an earlier attempt left open because it was killed or the ledger could not be written: its commit is
/// there, judged, and nobody wrote it down.
pub(super) fn finish_earlier(session: &Session) -> Result<(), Error> {
    let path = session.attempt_path();
    let Some(attempt) =
        Attempt::find(&path).filter(|attempt| attempt.caller != session.caller.process)
    else {
        return Ok(());
    };
    let (Some(judged), Some(_)) = (&attempt.judged, &attempt.receipt) else {
        return Ok(());
    };
    let Some(head) = session.repository.head()?.commit else {
        return Ok(());
    };
    let commit = session.repository.commit(head)?;
    let is_that_commit =
        matches(judged, &commit) && judged.message == ledger::digest(&commit.message);
    if is_that_commit
        && ledger::find_commit(&session.pdd, &CommitId::new(head.to_string()))?.is_none()
    {
        let class = if judged.is_automatic_merge {
            Class::Merge
        } else {
            Class::Enforced
        };
        let verdict = Verdict {
            class,
            how: Some("closed by the next attempt".into()),
            of: None,
        };
        record(session, &commit, &attempt, Hook::PostCommit, verdict)?;
        Attempt::clear(&path)?;
    }
    Ok(())
}

fn close(session: &Session, attempt: Attempt, head: Oid, hook: Hook) -> Result<(), Error> {
    let commit = session.repository.commit(head)?;
    let verdict = match enforced(session, &attempt, &commit)? {
        Some(verdict) => verdict,
        None => otherwise(session, &attempt, &commit)?,
    };
    let is_revert = verdict.how.as_deref() == Some("revert");
    record(session, &commit, &attempt, hook, verdict)?;
    Attempt::clear(&session.attempt_path())?;
    guarded::write(
        &session.repository,
        &session.pdd,
        Some(&session.force.policy),
    )?;
    if is_revert {
        reverted::tell(session, &commit)?;
    }
    Ok(())
}

/// Tree, parents and message are the ones that passed.
fn enforced(
    session: &Session,
    attempt: &Attempt,
    commit: &Commit,
) -> Result<Option<Verdict>, Error> {
    let (Some(_), Some(judged)) = (&attempt.receipt, &attempt.judged) else {
        return Ok(None);
    };
    if !matches(judged, commit) {
        return Ok(None);
    }
    // Another hook may have touched the message after ours: then what was committed is judged once more.
    if judged.message != ledger::digest(&commit.message) && !passes(session, commit)? {
        return Ok(None);
    }
    let class = if judged.is_automatic_merge {
        Class::Merge
    } else {
        Class::Enforced
    };
    Ok(Some(Verdict {
        class,
        how: None,
        of: None,
    }))
}

fn matches(judged: &Judged, commit: &Commit) -> bool {
    let tree = commit.tree.to_string();
    let parents: Vec<CommitId> = commit
        .parents
        .iter()
        .map(|oid| CommitId::new(oid.to_string()))
        .collect();
    judged.trees.iter().any(|judged| judged.as_str() == tree) && judged.parents.contains(&parents)
}

/// What a commit that no receipt covers is: a replay that git made itself, or a way round the hooks.
fn otherwise(session: &Session, attempt: &Attempt, commit: &Commit) -> Result<Verdict, Error> {
    let repository = &session.repository;
    let before = match attempt
        .opened
        .as_ref()
        .and_then(|opened| opened.head.as_ref())
    {
        Some(head) => Some(repository.oid(head.as_str())?),
        None => commit.parents.first().copied(),
    };
    let operation = match session.caller.operation() {
        Some(operation) => Some(operation.to_owned()),
        None => from_state(session)?.map(str::to_owned),
    };
    match operation.as_deref() {
        Some("rebase" | "am") if repository.is_rebasing()? => {
            if commit.parents.len() > 1 {
                return merged_by_rebase(session, commit);
            }
            if let Some(of) = repository.rebase_pick()? {
                // `fixup` and `squash` replace the commit before them: what they replay, they replay onto that one.
                let replaces = before.is_some_and(|before| commit.parents.first() != Some(&before));
                let onto = if replaces {
                    before
                } else {
                    commit.parents.first().copied()
                };
                return replay(session, commit, of, onto, "rebase");
            }
        }
        Some("cherry-pick") => {
            let picks = attempt
                .opened
                .as_ref()
                .and_then(|opened| opened.picks.as_ref());
            let of = match picks {
                Some(of) => Some(repository.oid(of.as_str())?),
                None => repository.cherry_pick_head()?,
            };
            if let Some(of) = of {
                return replay(session, commit, of, before, "cherry-pick");
            }
        }
        Some("revert") => {
            let named = Message::parse(&commit.message).reverted();
            let named = named.and_then(|of| repository.oid(of.as_str()).ok());
            if let Some(of) = repository.revert_head()?.or(named) {
                let plan = repository.revert_plan(of, before)?;
                return exact(session, commit, of, &plan, "revert");
            }
        }
        _ => {}
    }
    Ok(Verdict::bypassed(how(session, attempt, commit)))
}

fn from_state(session: &Session) -> Result<Option<&'static str>, Error> {
    let repository = &session.repository;
    Ok(if repository.is_rebasing()? {
        Some("rebase")
    } else if repository.cherry_pick_head()?.is_some() {
        Some("cherry-pick")
    } else if repository.revert_head()?.is_some() {
        Some("revert")
    } else {
        None
    })
}

fn how(session: &Session, attempt: &Attempt, commit: &Commit) -> &'static str {
    if session.caller.skips_hooks() {
        return how::NO_VERIFY;
    }
    let is_other_tree = |judged: &Judged| {
        let tree = commit.tree.to_string();
        judged.trees.iter().all(|judged| judged.as_str() != tree)
    };
    let repository = &session.repository;
    match (&attempt.receipt, &attempt.judged, &attempt.opened) {
        (None, _, Some(opened)) if opened.found_stale_receipt => how::STALE_RECEIPT,
        (Some(_), Some(judged), _) if is_other_tree(judged) => how::TREE_CHANGED,
        (Some(_), Some(judged), _) if matches(judged, commit) => how::MESSAGE_CHANGED,
        (Some(_), Some(_), _) => how::AMEND,
        (Some(_), None, _) => {
            beside::how_round(repository, Hook::CommitMsg).unwrap_or(how::MESSAGE_UNCHECKED)
        }
        // prepare-commit-msg ran, which nothing skips; the two that are skipped together did not, and stand there.
        (None, None, Some(_)) => {
            beside::how_round(repository, first(session)).unwrap_or(how::NO_VERIFY)
        }
        (None, _, _) => beside::how_round(repository, first(session)).unwrap_or(how::HOOK_MISSING),
    }
}

/// The hook that should have left the receipt.
fn first(session: &Session) -> Hook {
    match session.caller.operation() {
        Some("merge" | "pull") => Hook::PreMergeCommit,
        Some("am") => Hook::PreApplypatch,
        _ => Hook::PreCommit,
    }
}

fn record(
    session: &Session,
    commit: &Commit,
    attempt: &Attempt,
    hook: Hook,
    verdict: Verdict,
) -> Result<(), Error> {
    let id = CommitId::new(commit.id.to_string());
    if verdict.class == Class::Bypassed {
        let how = verdict.how.as_deref().unwrap_or("unknown");
        print(&format!(
            "pdd-hooks: commit {} is recorded as bypassed ({how})\n",
            id.short()
        ));
    }
    let mut hooks = attempt.hooks.clone();
    hooks.push(hook.name().into());
    let message = Message::parse(&commit.message);
    let task = attempt
        .judged
        .as_ref()
        .and_then(|judged| judged.task.clone());
    let policy = &session.force.policy;
    let task = task.or_else(|| policy.tasks_in(&message.subject).into_iter().next());
    ledger::append(
        &session.pdd,
        Entry {
            commit: Some(id),
            tree: Some(TreeId::new(commit.tree.to_string())),
            parents: commit
                .parents
                .iter()
                .map(|oid| CommitId::new(oid.to_string()))
                .collect(),
            task,
            personas: attempt
                .judged
                .as_ref()
                .map(|judged| judged.personas.clone())
                .unwrap_or_default(),
            class: Some(verdict.class),
            how: verdict.how,
            hooks,
            policy: Some(policy.number),
            of: verdict.of,
            ..Entry::new(Event::Commit)
        },
    )?;
    Ok(())
}

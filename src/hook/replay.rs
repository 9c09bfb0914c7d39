//! Commits that git made of others: whether one is exactly what git would have made, or holds more, which is judged.

use super::session::Session;
use crate::audit::made::Made;
use crate::audit::waivers::Waivers;
use crate::change::{Branch, Place};
use crate::error::Error;
use crate::evidence::ledger::{self, Class};
use crate::finding::Level;
use crate::git::{Commit, Oid, Plan, Subject};
use crate::id::CommitId;
use crate::message::Message;
use crate::rules;

/// What became of a commit.
pub(super) struct Verdict {
    /// Its class in the ledger.
    pub(super) class: Class,
    /// How it was replayed, or went round the hooks.
    pub(super) how: Option<String>,
    /// The commit that it replays.
    pub(super) of: Option<CommitId>,
}

impl Verdict {
    /// Says that it went round the hooks.
    pub(super) fn bypassed(how: impl Into<String>) -> Self {
        Self {
            class: Class::Bypassed,
            how: Some(how.into()),
            of: None,
        }
    }
}

/// A merge that a rebase made anew: automatic, or judged by what was added.
pub(super) fn merged_by_rebase(session: &Session, commit: &Commit) -> Result<Verdict, Error> {
    let plan = Plan::Parents(commit.parents.clone());
    if session
        .repository
        .beyond_merge(&plan, commit.tree)?
        .is_empty()
    {
        return Ok(Verdict {
            class: Class::Merge,
            how: Some("rebase".into()),
            of: None,
        });
    }
    edited(session, commit, "rebase")
}

/// The replay of one commit; during a rebase git runs no hook that could have judged what was edited.
pub(super) fn replay(
    session: &Session,
    commit: &Commit,
    of: Oid,
    onto: Option<Oid>,
    operation: &str,
) -> Result<Verdict, Error> {
    let plan = session.repository.replay_of(of, onto)?;
    exact(session, commit, of, &plan, operation)
}

/// What is known here of a commit that is replayed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Original {
    /// The ledger has it, as sound.
    Known,
    /// Nothing here tells of it.
    Foreign,
    /// It is recorded as bypassed, or was made here while no hook ran.
    Bypassed,
}

impl Original {
    fn of(session: &Session, id: &CommitId) -> Result<Self, Error> {
        if let Some(line) = ledger::find_commit(&session.pdd, id)? {
            let bypassed = line.entry.class == Some(Class::Bypassed);
            return Ok(if bypassed {
                Self::Bypassed
            } else {
                Self::Known
            });
        }
        let here = Made::read(&session.repository)?.here(id);
        Ok(if here { Self::Bypassed } else { Self::Foreign })
    }
}

/// A replay is exact where the tree is the one that the plan gives.
pub(super) fn exact(
    session: &Session,
    commit: &Commit,
    of: Oid,
    plan: &Plan,
    operation: &str,
) -> Result<Verdict, Error> {
    let of_id = CommitId::new(of.to_string());
    // What is taken back is gone, however it came; what is brought in has to be known.
    let original = match operation {
        "revert" => Original::Known,
        _ => Original::of(session, &of_id)?,
    };
    if original == Original::Bypassed {
        return Ok(Verdict {
            of: Some(of_id),
            ..Verdict::bypassed(format!("{operation} of a bypassed commit"))
        });
    }
    if operation == "rebase" && folds(session, commit, of)? {
        // What was put off until it is folded is judged now, with the commit that it became a part of.
        return edited(session, commit, operation);
    }
    if session
        .repository
        .beyond_merge(plan, commit.tree)?
        .is_empty()
    {
        return Ok(Verdict {
            class: Class::Replayed,
            how: Some(match original {
                Original::Foreign => format!("{operation} of a foreign commit"),
                Original::Known | Original::Bypassed => operation.into(),
            }),
            of: Some(of_id),
        });
    }
    if operation == "rebase" {
        return Ok(Verdict {
            of: Some(of_id),
            ..edited(session, commit, operation)?
        });
    }
    Ok(Verdict {
        of: Some(of_id),
        ..Verdict::bypassed(format!("edited {operation}"))
    })
}

/// Whether a rebase folded the commit `of` (`fixup!`, `squash!`, `amend!`) into another one.
fn folds(session: &Session, commit: &Commit, of: Oid) -> Result<bool, Error> {
    let is_autosquash = |message: &[u8]| Message::parse(message).autosquash().is_some();
    let original = session.repository.commit(of)?;
    Ok(is_autosquash(&original.message) && !is_autosquash(&commit.message))
}

/// A commit that was edited while git replayed it is judged as an ordinary change.
fn edited(session: &Session, commit: &Commit, operation: &str) -> Result<Verdict, Error> {
    let how = format!("edited {operation}");
    if passes(session, commit)? {
        return Ok(Verdict {
            class: Class::Replayed,
            how: Some(how),
            of: None,
        });
    }
    Ok(Verdict::bypassed(how))
}

/// Says whether a commit passes as an ordinary change.
pub(super) fn passes(session: &Session, commit: &Commit) -> Result<bool, Error> {
    let message = Message::parse(&commit.message);
    let subject = Subject {
        tree: commit.tree,
        parents: commit.parents.clone(),
        place: Place::Commit(
            CommitId::new(commit.id.to_string()),
            message.subject.clone(),
        ),
        branch: Branch::Unknown,
        is_adoption: false,
        is_squash: false,
        replays: None,
    };
    let change = session
        .repository
        .load(&subject, Some(&message), &session.force.policy)?;
    let mut findings = rules::run(&change, Some(&message), &session.force.policy);
    if !findings.is_empty() {
        let waivers = Waivers::in_force(&session.repository, None, &session.force)?;
        let id = CommitId::new(commit.id.to_string());
        waivers.lift(&change.tree, Some(&id), &mut findings);
    }
    Ok(findings.iter().all(|finding| finding.level != Level::Error))
}

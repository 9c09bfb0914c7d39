//! A change that is about to be committed, judged under each list of parents that it may get. Whether a commit amends
//! cannot be told from a hook's arguments, so the change is refused only where every candidate fails (DESIGN.md,
//! section 5).

use super::session::Session;
use super::validation::{self, Told};
use super::{red, report};
use crate::audit::approval::Goal;
use crate::audit::arrival::Seat;
use crate::audit::waivers::Waivers;
use crate::change::{ApprovalState, Branch, Change, Kind, Landing, Moment, Place, Role};
use crate::error::Error;
use crate::evidence::ledger::Ledger;
use crate::finding::{Finding, Level};
use crate::git::{Oid, Subject};
use crate::id::{CommitId, TaskId};
use crate::message::Message;
use crate::rules;
use crate::workflow::personalog;

/// What came of judging.
pub(super) struct Verdict {
    /// The lists of parents under which the change passed; empty where it is refused.
    pub(super) passed: Vec<Vec<CommitId>>,
    /// Whether the first that passed is a merge without anything beyond the automatic one.
    pub(super) is_automatic_merge: bool,
    /// The task that the message names.
    pub(super) task: Option<TaskId>,
    /// The personas declared for it: by the change, else the newest before it.
    pub(super) personas: Vec<String>,
}

/// Who sees to the validation of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Validate<'a> {
    /// This hook, as the policy says.
    Here,
    /// The hook that left the receipt for this very tree has, with these lists of parents.
    Done(&'a [Vec<CommitId>]),
}

/// Judges `tree` with `message` (none before it is known) and prints the findings.
pub(super) fn judge(
    session: &Session,
    tree: Oid,
    message: Option<&Message>,
    validate: Validate<'_>,
) -> Result<Verdict, Error> {
    let repository = &session.repository;
    let branch = branch(session)?;
    let place = Place::Staged(match &branch {
        Branch::Named(name) => Some(name.clone()),
        Branch::Detached | Branch::Unknown => None,
    });
    let mut verdict = Verdict {
        passed: Vec::new(),
        is_automatic_merge: false,
        task: None,
        personas: Vec::new(),
    };
    let mut refused: Option<Vec<Finding>> = None;
    for parents in candidates(session)? {
        let landing = landing(session, &branch, tree, &parents)?;
        let subject = Subject {
            is_squash: parents.len() == 1 && landing.as_ref().is_some_and(is_approved),
            tree,
            parents,
            place: place.clone(),
            branch: branch.clone(),
            is_adoption: false,
            replays: None,
        };
        let mut change = repository.load(&subject, message, &session.force.policy)?;
        let told = match validate {
            Validate::Done(passed) if passed.contains(&change.parents) => Told::default(),
            // Also where pre-commit refused these parents and let the change pass with others.
            Validate::Here | Validate::Done(_) => validation::validate(session, &subject)?,
        };
        change.validation = told.validation.clone();
        let proven = match message {
            Some(message) => red::prove(session, &subject, &change, message)?,
            None => red::Told::default(),
        };
        change.red = proven.red.clone();
        let mut findings = rules::run(&change, message, &session.force.policy);
        if let Some(landing) = landing.as_ref().filter(|_| change.kind == Kind::Merge) {
            findings.extend(rules::run_landing(landing, &session.force.policy));
        }
        if !findings.is_empty() {
            let waivers = waivers(session, &branch, landing.as_ref())?;
            waivers.lift(&change.tree, None, &mut findings);
        }
        if findings.iter().any(|finding| finding.level == Level::Error) {
            refused.get_or_insert(findings);
            continue;
        }
        if verdict.passed.is_empty() {
            told.print();
            proven.finish(session)?;
            report(&findings, &place);
            verdict.is_automatic_merge = change.kind == Kind::Merge && change.paths.is_empty();
            (verdict.task, verdict.personas) = declared(&change, message, session);
        }
        verdict.passed.push(change.parents);
    }
    if verdict.passed.is_empty()
        && let Some(findings) = refused
    {
        report(&findings, &place);
    }
    Ok(verdict)
}

/// The waivers of what is about to be committed; on a protected branch the approval of its landing has to list them.
fn waivers(
    session: &Session,
    branch: &Branch,
    landing: Option<&Landing>,
) -> Result<Waivers, Error> {
    let (repository, force) = (&session.repository, &session.force);
    let waivers = Waivers::in_force(repository, None, force)?;
    let nothing = ApprovalState::Undecided;
    let approval = landing.map_or(&nothing, |landing| &landing.approval);
    match branch {
        Branch::Named(name) => waivers.on(repository, force, name, approval),
        Branch::Detached | Branch::Unknown => Ok(waivers),
    }
}

/// The branch that a commit now would be made on.
pub(super) fn branch(session: &Session) -> Result<Branch, Error> {
    if let Some(name) = session.repository.head()?.branch {
        return Ok(Branch::Named(name));
    }
    Ok(session
        .repository
        .rebase_branch()?
        .map_or(Branch::Detached, Branch::Named))
}

/// What is known of the landing that a commit on a protected branch would be.
fn landing(
    session: &Session,
    branch: &Branch,
    tree: Oid,
    parents: &[Oid],
) -> Result<Option<Landing>, Error> {
    let Branch::Named(name) = branch else {
        return Ok(None);
    };
    let repository = &session.repository;
    let (Role::Protected, Some(&from)) = (session.force.policy.role(name, &[]), parents.first())
    else {
        return Ok(None);
    };
    let goal = Goal {
        commit: None,
        tree,
        parents: parents.to_vec(),
    };
    // What was pushed or pulled meanwhile is no landing of this commit's.
    let ledger = Ledger::default();
    let seat = Seat::new(repository, &ledger, Moment::Commit);
    let reference = format!("refs/heads/{name}");
    seat.intended(&session.force, &reference, from, &goal)
}

fn is_approved(landing: &Landing) -> bool {
    matches!(&landing.approval, ApprovalState::Known(found) if found.open.is_none())
}

/// The lists of parents that the commit may get.
fn candidates(session: &Session) -> Result<Vec<Vec<Oid>>, Error> {
    let repository = &session.repository;
    let Some(head) = repository.head()?.commit else {
        return Ok(vec![Vec::new()]);
    };
    let merged = repository.merge_heads()?;
    if !merged.is_empty() {
        return Ok(vec![[vec![head], merged].concat()]);
    }
    let amended = || Ok::<_, Error>(repository.commit(head)?.parents);
    Ok(match session.caller.amends() {
        Some(false) => vec![vec![head]],
        Some(true) => vec![amended()?],
        None => vec![vec![head], amended()?],
    })
}

/// The task of a message and the personas declared for it: by the change, else the newest one before.
pub(super) fn declared(
    change: &Change,
    message: Option<&Message>,
    session: &Session,
) -> (Option<TaskId>, Vec<String>) {
    let policy = &session.force.policy;
    let Some(task) = message.and_then(|message| rules::task_of(change, message, policy)) else {
        return (None, Vec::new());
    };
    let mut personas = Vec::new();
    for log in &change.logs {
        if log.task.as_ref().is_some_and(|owner| owner != &task) {
            continue;
        }
        let of_task = |text: &str| {
            personalog::declarations(text)
                .into_iter()
                .filter(|entry| entry.task == task.as_str())
                .collect::<Vec<_>>()
        };
        let before: Vec<_> = log.bases.iter().flat_map(|base| of_task(base)).collect();
        let now = of_task(log.text.as_deref().unwrap_or_default());
        let mut added: Vec<_> = now
            .iter()
            .filter(|entry| before.iter().all(|old| old.text != entry.text))
            .map(|entry| entry.persona.clone())
            .collect();
        added.reverse();
        added.dedup();
        if added.is_empty() {
            added.extend(now.first().map(|entry| entry.persona.clone()));
        }
        personas.extend(added);
    }
    (Some(task), personas)
}

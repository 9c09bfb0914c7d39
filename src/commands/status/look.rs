//! What there is to say: the task, who speaks for it, what is staged, what has been proven and approved, and what is next.

use std::collections::HashSet;

use jiff::Timestamp;

use super::next::{Situation, next};
use super::reached::{Reached, is_unstaged};
use super::{Approval, Boxes, CheckLine, Checkpoint, Status};
use crate::audit::approval::{Asked, Goal, Votes, approvals};
use crate::change::{
    Branch, Change, CheckState, Place, ProofVerdict, RedFirst, Role, Standing, Validation,
};
use crate::commands::approve::step::{Conflicts, Step};
use crate::commands::{check, suggest};
use crate::error::Error;
use crate::evidence::ledger;
use crate::finding::{Finding, Level};
use crate::git::{InForce, Oid, Repository, Subject};
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::{Class, OnCommit, Policy};
use crate::proof::known::Known;
use crate::proof::request::Request;
use crate::proof::{red, validation, waiting};
use crate::rules;
use crate::workflow::board::{Board, Row, State};
use crate::workflow::personalog::declarations;
use crate::workflow::tasklist::Status::Completed as Done;

/// Looks at everything.
pub(super) fn look(repository: &Repository, force: &InForce) -> Result<Status, Error> {
    let policy = &force.policy;
    let head = repository.head()?;
    let rebased = repository.rebase_branch()?;
    let branch = head.branch.clone().or(rebased);
    let role = branch.as_deref().map(|name| policy.role(name, &[]));
    let task = match &role {
        Some(Role::Work(task)) => Some(task.clone()),
        _ => None,
    };
    let tree = repository.index_tree()?;
    let text = |path: &str| Ok::<_, Error>(repository.text_at(tree, path)?.unwrap_or_default());
    let (list, past) = (text(&policy.task.tasklist)?, text(&policy.task.changelog)?);
    let board = Board::read(&list, &past, &|id| policy.is_task(id));
    let row = task
        .as_ref()
        .and_then(|task| board.find(task).first().copied());
    let log = task.as_ref().map(|task| policy.log_of(task));
    let speakers = match (&task, &log) {
        (Some(task), Some(log)) => speakers(&text(log)?, task),
        _ => Vec::new(),
    };
    let parents: Vec<Oid> = head
        .commit
        .into_iter()
        .chain(repository.merge_heads()?)
        .collect();
    let subject = Subject {
        tree,
        parents: parents.clone(),
        place: Place::Staged(branch.clone()),
        branch: branch.clone().map_or(Branch::Detached, Branch::Named),
        is_adoption: false,
        is_squash: false,
        replays: None,
    };
    let message = message(task.as_ref(), row, &board, policy);
    let mut change = repository.load(&subject, Some(&message), policy)?;
    let known = validation::known(repository, force, tree, &parents)?;
    let validation = lines(&known);
    if policy.validation.on_commit == OnCommit::Require {
        // Otherwise the commit itself will run what is missing.
        change.validation = known;
    }
    let mut lacks = rules::run(&change, Some(&message), policy);
    check::waivers(repository, force, &change.branch)?.lift(&change.tree, None, &mut lacks);
    // Where nothing is staged, nothing is on the wrong branch.
    let is_empty = change.paths.is_empty() && parents.len() < 2;
    let is_told = |finding: &Finding| match finding.code {
        "PDD001" | "PDD002" => task.is_some(),
        "PDD007" => !is_empty,
        _ => true,
    };
    let lacks: Vec<Finding> = lacks.into_iter().filter(is_told).collect();
    let waiting = match (head.commit, &task) {
        (Some(commit), Some(_)) => waiting(repository, force, commit)?,
        _ => Vec::new(),
    };
    let status = row.and_then(|row| row.status);
    let tasklist = policy.task.tasklist.as_str();
    let reached = Reached::by(repository, force, head.commit)?;
    let kind = row.and_then(|row| row.task.kind(board.text));
    let kind = kind.unwrap_or_else(|| "feat".to_owned());
    let speaker = speakers.first().filter(|speaker| *speaker != "PM");
    let to_pm = speaker.and_then(|from| suggest::handoff(policy, from, "PM", None));
    let done = task
        .as_ref()
        .filter(|_| row.is_none())
        .and_then(|task| board.entry(task));
    let approval = approval(repository, force, &reached)?;
    let approved = approval.as_ref().filter(|it| it.is_approved);
    let mut open = lacks.iter().filter(|it| it.level != Level::Waived);
    let lacking = open.find_map(|finding| finding.help.clone());
    let next = match lacking {
        Some(help) => help,
        None if !change.paths.is_empty() => commit(&change, task.as_ref(), &message, policy),
        None => next(&Situation {
            branch: branch.as_deref(),
            task: task.as_ref(),
            standing: status,
            is_done: done.is_some(),
            persona: speakers.first().map(String::as_str),
            before: speakers.get(1).map(String::as_str),
            waiting: waiting.len(),
            has_criteria: row.is_some_and(|row| !row.task.criteria.is_empty()),
            has_open_criteria: row.is_some_and(|row| row.criteria().0 < row.criteria().1),
            next_task: board.next().map(|row| &row.task.id),
            asks_for_red: policy.red.types.contains(&kind),
            to_pm: to_pm.as_deref(),
            unstaged: is_unstaged(repository, tasklist)?.then_some(tasklist),
            is_protected: role == Some(Role::Protected),
            is_standing: task.as_ref().is_some_and(|task| policy.is_standing(task)),
            is_merged: reached.is_merged,
            is_landed: reached.is_landed,
            may_land: approval.as_ref().is_some_and(|it| !it.is_approved),
            approved: approved.map(|it| it.landing.as_str()),
            integration: reached.integration,
            protected: &force.branch,
            devlog: &policy.task.devlog,
        }),
    };
    Ok(Status {
        title: row
            .map(|row| row.task.title.clone())
            .or(done.map(|done| done.entry.title.clone())),
        status: status.or(done.map(|_| Done)).map(|status| status.name()),
        priority: row.and_then(|row| row.priority).map(|it| it.name()),
        criteria: row
            .map(|row| row.criteria())
            .filter(|(_, of)| *of > 0)
            .map(Boxes::from),
        checkpoints: row.map(checkpoints).unwrap_or_default(),
        waits_for: row.map(|row| waits_for(&board, row)).unwrap_or_default(),
        persona: speakers.first().cloned(),
        policy: policy.number,
        policy_branch: force.branch.clone(),
        staged_paths: change.paths.len(),
        red: proof(repository, force, &subject, task.as_ref(), &message)?,
        approval,
        branch,
        task,
        log,
        validation,
        waiting,
        lacks,
        next,
    })
}

/// Lists who spoke for a task, newest first, none twice in a row.
fn speakers(log: &str, task: &TaskId) -> Vec<String> {
    let entries = declarations(log).into_iter();
    let of_task = entries.filter(|entry| entry.task == task.as_str());
    let mut names: Vec<String> = of_task.map(|entry| entry.persona).collect();
    names.dedup();
    names
}

/// The rules are asked about a message that has the right form, so that only what it needs besides is found.
fn message(
    task: Option<&TaskId>,
    row: Option<&Row>,
    board: &Board<'_>,
    policy: &Policy,
) -> Message {
    let of_task = row.and_then(|row| row.task.kind(board.text));
    let kind = suggest::kind(policy, of_task.as_deref());
    let subject = match task {
        Some(task) => format!("{kind}: description [{task}]"),
        None => format!("{kind}: description"),
    };
    Message::parse(subject.as_bytes())
}

/// The command that commits what is staged, with a type that fits it.
fn commit(change: &Change, task: Option<&TaskId>, message: &Message, policy: &Policy) -> String {
    let classes: Vec<Class> = change.paths.iter().map(|path| path.class).collect();
    // Where no task is in work, what needs none of its own goes under a standing one.
    let may_stand = classes.iter().all(|class| rules::may_stand(*class));
    let standing = policy.task.standing.first().filter(|_| may_stand);
    let task = task.map(TaskId::as_str).or(standing.map(String::as_str));
    let task = task.unwrap_or("TASK-ID");
    suggest::described(policy, classes, message.kind(), task)
}

fn checkpoints(row: &Row) -> Vec<Checkpoint> {
    let checkpoints = row.task.checkpoints.iter();
    let one = |checkpoint: &crate::workflow::tasklist::Checkpoint| Checkpoint {
        name: checkpoint.name.clone(),
        is_open: checkpoint.is_open(),
    };
    checkpoints.map(one).collect()
}

fn waits_for(board: &Board<'_>, row: &Row) -> Vec<String> {
    let waits = board.waits_for(row).into_iter();
    waits
        .map(|(task, state): (TaskId, State)| format!("{task} ({})", state.name()))
        .collect()
}

fn lines(validation: &Validation) -> Vec<CheckLine> {
    let Validation::Known(states) = validation else {
        return Vec::new();
    };
    let line = |state: &CheckState| CheckLine {
        check: state.check.clone(),
        passed: state.standing == Standing::Passed,
    };
    states.iter().map(line).collect()
}

/// What is known of the red proof of what is staged; none where nothing asks for one.
fn proof(
    repository: &Repository,
    force: &InForce,
    subject: &Subject,
    task: Option<&TaskId>,
    message: &Message,
) -> Result<Option<&'static str>, Error> {
    let policy = &force.policy;
    if policy.level("red-first").is_none() || !rules::asks_for_red(message, policy) {
        return Ok(None);
    }
    let request = Request::of(repository, policy, subject.tree, &subject.parents)?;
    if request.scope.is_empty() || request.scope.is_tests_only {
        return Ok(None);
    }
    let mut request = request.spoken_for(repository, policy, &subject.branch)?;
    if let Some(task) = task {
        request = request.of_task(repository, policy, task.clone())?;
    }
    let known = Known::read_for(repository, policy, None)?;
    let red = red::known(repository, policy, Some(force.tip), &known, &request)?;
    Ok(match red {
        RedFirst::Known(proof) if proof.sources.is_empty() => None,
        RedFirst::Known(proof) => Some(match proof.verdict() {
            ProofVerdict::Proven => "proven",
            ProofVerdict::Partial => "partial",
            ProofVerdict::Weak => "weak",
            ProofVerdict::Unproven => "unproven",
        }),
        RedFirst::Missing => Some("not yet"),
        RedFirst::Undecided => None,
    })
}

/// What is known of the approval of what stands here, where it could land, itself or with the branch that holds it; none
/// where nothing would.
fn approval(
    repository: &Repository,
    force: &InForce,
    reached: &Reached<'_>,
) -> Result<Option<Approval>, Error> {
    if force.policy.level("approval").is_none() {
        return Ok(None);
    }
    let ledger = ledger::read(&repository.pdd_folder())?;
    // What has been merged lands with the branch that took it.
    let is_merged = reached.is_merged && !reached.is_landed;
    let merged = reached.integration.filter(|_| is_merged);
    let found = merged.into_iter().chain(["HEAD"]).find_map(|revision| {
        let conflicts = Conflicts::TakeHead;
        let step = Step::find(repository, &ledger, &force.branch, revision, conflicts);
        Some((revision, step.ok()?))
    });
    // Nothing to land, or a branch that has diverged: `approve` says which.
    let Some((revision, step)) = found else {
        return Ok(None);
    };
    let goal = match step.is_fast_forward {
        true => Goal::of(&repository.commit(step.head)?),
        false => Goal {
            commit: None,
            tree: step.to,
            parents: vec![step.from, step.head],
        },
    };
    let votes = Votes::read(repository, None)?;
    let found = approvals(
        &Asked {
            repository,
            votes: &votes,
            reference: &step.reference,
            at: Timestamp::now(),
            pins: None,
            makers: &HashSet::new(),
            tips: None,
            is_validated: &|_| Ok(false),
        },
        step.from,
        &goal,
    )?;
    let names = |by: &[crate::change::Approver]| -> Vec<String> {
        by.iter()
            .map(|approver| approver.principal.clone())
            .collect()
    };
    let landing = step.landing(revision);
    Ok(Some(match &found.open {
        Some(open) => Approval {
            branch: step.branch,
            is_approved: false,
            required: open.required,
            by: names(&open.by),
            landing,
        },
        None => Approval {
            branch: step.branch,
            is_approved: true,
            required: force.policy.approval.required,
            by: found
                .steps
                .last()
                .map(|step| names(&step.by))
                .unwrap_or_default(),
            landing,
        },
    }))
}

//! `pdd-hooks handoff`: declares the persona that takes over, with what it has to know from git and the evidence.

mod decisions;
mod facts;

use std::io::Write;

use super::persona::{self, Intent};
use super::worktree::{self, Written};
use super::{print, range};
use crate::change::{Place, Role};
use crate::error::{CommandError, Error, TaskError};
use crate::exit::Exit;
use crate::git::Repository;
use crate::id::TaskId;
use crate::policy::Policy;
use crate::workflow::personalog;
use crate::workflow::tasklist::Status;
use crate::workflow::tasklist::steps::Step;
use facts::Facts;

/// Writes the declaration and the hand-over block (status, criteria, commits, decisions, tests, checks, questions) at the top
/// of the task's log, and what was decided into the Devlog, stages both, and suggests the commit. A task that QA hands back
/// to DEV from READY_FOR_VALIDATION is IN_PROGRESS again.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The persona that takes over, in any case: `PM`, `QA`, `DEV`, `TROUBLESHOOT`
    role: String,
    /// What it is to do; without it what that persona does at this step
    #[arg(value_name = "ACTION")]
    words: Vec<String>,
    /// The task; without it that of the branch
    #[arg(long, value_name = "TASK")]
    task: Option<String>,
    /// Something that was decided: an entry of the Devlog, where one of the two personas writes it; may be repeated
    #[arg(long, value_name = "TEXT")]
    decision: Vec<String>,
    /// Something that is to be answered; may be repeated
    #[arg(long, value_name = "TEXT")]
    question: Vec<String>,
    /// What is to be done next; may be repeated
    #[arg(long = "next", value_name = "TEXT")]
    steps: Vec<String>,
}

/// Hands the task over, or prints why it may not be.
///
/// # Errors
/// No policy, no such persona, no task, nobody who could hand over, or a document that cannot be read, written or staged.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let git = worktree::top()?;
    let repository = Repository::open()?;
    let force = range::policy(&repository, None)?;
    let policy = &force.policy;
    let branch = worktree::branch(&git)?;
    let task = task(args, policy, branch.as_deref())?;
    let to = persona::role(policy, &args.role)?;
    let path = policy.log_of(&task);
    let before = worktree::document(&git, &path)?;
    let Some(from) = personalog::newest(before.as_deref().unwrap_or_default(), &task) else {
        return Err(CommandError::FindSpeaker {
            task: task.to_string(),
            starts: policy.persona.start.join(" or "),
        }
        .into());
    };
    let list = worktree::document(&git, &policy.task.tasklist)?;
    let (date, by) = (worktree::now(), worktree::author(&git)?);
    let devlog = match decisions::may_write(&from, &to) {
        true => decisions::written(&git, policy, &task, (&date, &from), &args.decision)?,
        false => None,
    };
    let found = Facts::gather(
        &repository,
        &force,
        &task,
        list.as_deref().unwrap_or_default(),
        devlog.as_ref().map(|it| it.after.as_str()),
    )?;
    let is_sent_back =
        to == "DEV" && from == "QA" && found.status == Some(Status::ReadyForValidation);
    let action = match worktree::one_line(&args.words) {
        action if action.is_empty() => usual(&from, &to, is_sent_back).to_owned(),
        action => action,
    };
    let mut handoff = found.handoff(&from, &to, is_sent_back);
    if devlog.is_none() {
        handoff
            .decisions
            .splice(0..0, args.decision.iter().cloned());
    }
    handoff.questions = args.question.clone();
    handoff.next = match args.steps.is_empty() {
        true => vec![found.next(&to, is_sent_back)],
        false => args.steps.clone(),
    };
    let intent = Intent {
        role: to.clone(),
        task: task.clone(),
        action,
    };
    let after = persona::declare_with(
        policy,
        before.as_deref(),
        &intent,
        &date,
        &by,
        &handoff.lines(),
    );
    let place = Place::Staged(branch.clone());
    let findings = persona::judge(
        policy,
        place.clone(),
        &intent,
        before.clone(),
        after.clone(),
    );
    if persona::refuses(&findings, &place) {
        return Ok(Exit::Findings);
    }
    let mut written = vec![Written {
        path,
        before,
        after,
    }];
    if is_sent_back {
        written.extend(taken_up(policy, list, &task)?);
    }
    written.extend(devlog);
    worktree::stage(&git, &written)?;
    let staged: Vec<&str> = written.iter().map(|it| it.path.as_str()).collect();
    print(
        out,
        &format!(
            "{from} hands {task} over to {to}, staged: {}\n\n{}",
            staged.join(", "),
            handoff.lines()
        ),
    )?;
    if let Some(note) = found.note(&from, &to, &task, &policy.log_of(&task)) {
        print(out, &format!("\nnote: {note}\n"))?;
    }
    let commit = found.commit(policy, branch.as_deref(), &to, &task);
    print(out, &format!("\n{commit}\n"))?;
    Ok(Exit::Passed)
}

fn task(args: &Args, policy: &Policy, branch: Option<&str>) -> Result<TaskId, Error> {
    if let Some(word) = &args.task {
        let id = worktree::unbracketed(word);
        return match policy.is_task(id) {
            true => Ok(TaskId::new(id)),
            false => Err(CommandError::ReadTask {
                word: id.to_owned(),
                pattern: policy.task.id.as_str().to_owned(),
            }
            .into()),
        };
    }
    if let Some(Role::Work(task)) = branch.map(|name| policy.role(name, &[])) {
        return Ok(task);
    }
    Err(CommandError::FindTask {
        place: branch.map_or_else(|| "a detached HEAD".into(), |name| format!("`{name}`")),
        command: format!("pdd-hooks handoff {} --task TASK-007", args.role),
    }
    .into())
}

/// What a persona does where it takes over from another.
fn usual(from: &str, to: &str, is_sent_back: bool) -> &'static str {
    match (from, to) {
        (_, "DEV") if is_sent_back => "Rework",
        ("TROUBLESHOOT", "DEV") => "Fix",
        (_, "DEV") => "Implementation",
        ("DEV", "QA") => "Validation",
        (_, "QA") => "Test Design",
        ("QA", "PM") => "Completion",
        (_, "PM") => "Planning",
        (_, "TROUBLESHOOT") => "Root Cause Analysis",
        _ => "Next Step",
    }
}

/// The Tasklist with the task in progress again; none where there is none.
///
/// # Errors
/// A reader would not find there what was meant.
fn taken_up(
    policy: &Policy,
    list: Option<String>,
    task: &TaskId,
) -> Result<Option<Written>, Error> {
    let is_id = &|id: &str| policy.is_task(id);
    let Some(before) = list else {
        return Ok(None);
    };
    let path = policy.task.tasklist.clone();
    let text = &before;
    let after = Step { text, task, is_id }.to(Status::InProgress, &[]);
    let after = after.ok_or_else(|| TaskError::WriteEntry {
        task: task.clone(),
        path: path.clone(),
    })?;
    Ok(Some(Written {
        path,
        before: Some(before),
        after,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_persona_does_follows_from_who_hands_over() {
        for (from, to, back, action) in [
            ("PM", "QA", false, "Test Design"),
            ("QA", "DEV", false, "Implementation"),
            ("DEV", "QA", false, "Validation"),
            ("QA", "DEV", true, "Rework"),
            ("QA", "PM", false, "Completion"),
            ("DEV", "TROUBLESHOOT", false, "Root Cause Analysis"),
            ("TROUBLESHOOT", "DEV", false, "Fix"),
            ("TROUBLESHOOT", "PM", false, "Planning"),
            ("A", "B", false, "Next Step"),
        ] {
            assert_eq!(usual(from, to, back), action, "{from} -> {to}");
        }
    }
}

//! `pdd-hooks status`: task, persona, branch, and what the next commit lacks.

use std::io::Write;

use serde::Serialize;

use super::{Format, range};
use crate::change::{Branch, Place, Role};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::{Finding, printable};
use crate::git::{InForce, Repository, Subject};
use crate::id::TaskId;
use crate::message::Message;
use crate::rules;
use crate::workflow::personalog;

/// Exits with 0 whatever the next commit lacks: this only tells.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Status {
    branch: Option<String>,
    task: Option<TaskId>,
    persona: Option<String>,
    log: Option<String>,
    policy: u64,
    policy_branch: String,
    staged_paths: usize,
    lacks: Vec<Finding>,
    next: String,
}

/// Runs the command.
///
/// # Errors
/// There is no policy in force, or git cannot be asked.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    let force = range::policy(&repository, None)?;
    let status = look(&repository, &force)?;
    match args.format {
        Format::Text => super::print(out, &text(&status))?,
        Format::Json => super::print_json(out, &status)?,
    }
    Ok(Exit::Passed)
}

fn look(repository: &Repository, force: &InForce) -> Result<Status, Error> {
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
    let log = task.as_ref().map(|task| policy.log_of(task));
    let persona = match (&task, &log) {
        (Some(task), Some(log)) => repository.text_at(tree, log)?.and_then(|text| {
            personalog::declarations(&text)
                .into_iter()
                .find(|entry| entry.task == task.as_str())
                .map(|entry| entry.persona)
        }),
        _ => None,
    };
    // The rules are asked about a message that has the right form, so that only what it needs besides is found.
    let kind = policy.message.types.first().map_or("chore", String::as_str);
    let subject = match &task {
        Some(task) => format!("{kind}: description [{task}]"),
        None => format!("{kind}: description"),
    };
    let message = Message::parse(subject.as_bytes());
    let merged = repository.merge_heads()?;
    let change = repository.load(
        &Subject {
            tree,
            parents: head.commit.into_iter().chain(merged).collect(),
            place: Place::Staged(branch.clone()),
            branch: branch.clone().map_or(Branch::Detached, Branch::Named),
            is_adoption: false,
            replays: None,
        },
        Some(&message),
        policy,
    )?;
    let lacks: Vec<Finding> = rules::run(&change, Some(&message), policy)
        .into_iter()
        .filter(|finding| task.is_some() || finding.code != "PDD001" && finding.code != "PDD002")
        .collect();
    let next = match lacks.iter().find_map(|finding| finding.help.clone()) {
        Some(help) => help,
        None if change.paths.is_empty() => {
            "nothing is staged: `git add` what the next commit is to hold".into()
        }
        None => {
            let task = task.as_ref().map_or("TASK-ID", TaskId::as_str);
            format!("git commit -m \"type(scope): description [{task}]\"")
        }
    };
    Ok(Status {
        branch,
        task,
        persona,
        log,
        policy: policy.number,
        policy_branch: force.branch.clone(),
        staged_paths: change.paths.len(),
        lacks,
        next,
    })
}

fn text(status: &Status) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".into());
    let task = status
        .task
        .as_ref()
        .map_or("none: the branch's name holds no task", TaskId::as_str);
    let mut text = format!(
        "branch   {}\ntask     {task}\npersona  {}\npolicy   {} of {}\nstaged   {} paths\n",
        status.branch.as_deref().unwrap_or("none: HEAD is detached"),
        or_none(&status.persona),
        status.policy,
        status.policy_branch,
        status.staged_paths,
    );
    for finding in &status.lacks {
        let message = printable(&finding.message);
        text.push_str(&format!("lacks    {}: {message}\n", finding.code));
    }
    text.push_str(&format!("next     {}\n", printable(&status.next)));
    text
}

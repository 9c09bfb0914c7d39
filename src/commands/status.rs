//! `pdd-hooks status`: task, persona, branch, and what the next commit lacks.

use std::io::Write;

use serde::Serialize;

use super::{Format, check, range};
use crate::change::{Branch, CheckState, Place, Role, Standing, Validation};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::{Finding, Level, printable};
use crate::git::{InForce, Repository, Subject};
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::OnCommit;
use crate::proof::validation;
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
    validation: Vec<CheckLine>,
    lacks: Vec<Finding>,
    next: String,
}

/// One check that the staged tree needs.
#[derive(Debug, Serialize)]
struct CheckLine {
    check: String,
    passed: bool,
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
        (Some(task), Some(log)) => repository
            .text_at(tree, log)?
            .and_then(|text| personalog::newest(&text, task)),
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
    let subject = Subject {
        tree,
        parents: head.commit.into_iter().chain(merged).collect(),
        place: Place::Staged(branch.clone()),
        branch: branch.clone().map_or(Branch::Detached, Branch::Named),
        is_adoption: false,
        is_squash: false,
        replays: None,
    };
    let mut change = repository.load(&subject, Some(&message), policy)?;
    let known = validation::known(repository, force, tree, &subject.parents)?;
    let validation = lines(&known);
    if policy.validation.on_commit == OnCommit::Require {
        // Otherwise the commit itself will run what is missing.
        change.validation = known;
    }
    let mut lacks = rules::run(&change, Some(&message), policy);
    check::waivers(repository, force, &change.branch)?.lift(&change.tree, None, &mut lacks);
    let lacks: Vec<Finding> = lacks
        .into_iter()
        .filter(|finding| task.is_some() || finding.code != "PDD001" && finding.code != "PDD002")
        .collect();
    let mut open = lacks.iter().filter(|it| it.level != Level::Waived);
    let next = match open.find_map(|finding| finding.help.clone()) {
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
        validation,
        lacks,
        next,
    })
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
    if !status.validation.is_empty() {
        let state = |line: &CheckLine| {
            let state = if line.passed { "passed" } else { "not yet" };
            format!("{} {state}", line.check)
        };
        let all: Vec<String> = status.validation.iter().map(state).collect();
        text.push_str(&format!("checks   {}\n", all.join(", ")));
    }
    for finding in &status.lacks {
        let message = printable(&finding.message);
        let word = match finding.level {
            Level::Waived => "waived ",
            Level::Error | Level::Warn => "lacks  ",
        };
        text.push_str(&format!("{word}  {}: {message}\n", finding.code));
    }
    text.push_str(&format!("next     {}\n", printable(&status.next)));
    text
}

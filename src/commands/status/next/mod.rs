//! The next command: where a task stands, and who speaks for it, say what comes next. Pure.

use crate::id::TaskId;
use crate::workflow::tasklist::Status;

/// Where somebody stands, with nothing staged and nothing lacking.
#[derive(Clone, Debug, Default)]
pub(super) struct Situation<'a> {
    /// The branch; none where HEAD is detached.
    pub(super) branch: Option<&'a str>,
    /// The task that it is named after.
    pub(super) task: Option<&'a TaskId>,
    /// The status that the Tasklist has for it; none where it has not the task.
    pub(super) standing: Option<Status>,
    /// Whether the Changelog has it.
    pub(super) is_done: bool,
    /// Who speaks for it.
    pub(super) persona: Option<&'a str>,
    /// Who did before, if another.
    pub(super) before: Option<&'a str>,
    /// How many sealed tests wait for their source.
    pub(super) waiting: usize,
    /// Whether it names acceptance criteria.
    pub(super) has_criteria: bool,
    /// Whether some of them are open.
    pub(super) has_open_criteria: bool,
    /// Whether its Type asks for a test that fails first.
    pub(super) asks_for_red: bool,
    /// How PM comes to speak for it, where somebody else does: `pdd-hooks handoff PM`.
    pub(super) to_pm: Option<&'a str>,
    /// The Tasklist, where it stands with changes that are not staged.
    pub(super) unstaged: Option<&'a str>,
    /// Whether the branch is a protected one.
    pub(super) is_protected: bool,
    /// Whether it is a standing task.
    pub(super) is_standing: bool,
    /// Whether the integration branch holds what stands here.
    pub(super) is_merged: bool,
    /// Whether the protected branch does.
    pub(super) is_landed: bool,
    /// Whether what stands here could land, and waits for approval.
    pub(super) may_land: bool,
    /// The command that lands what stands here, where that is approved.
    pub(super) approved: Option<&'a str>,
    /// The task that comes next in the Tasklist.
    pub(super) next_task: Option<&'a TaskId>,
    /// The integration branch, where there is one.
    pub(super) integration: Option<&'a str>,
    /// The protected branch whose policy rules.
    pub(super) protected: &'a str,
    /// Where the Devlog stands.
    pub(super) devlog: &'a str,
}

/// Returns what comes next: a command, or what is to be done before one.
pub(super) fn next(at: &Situation<'_>) -> String {
    if let (Some(tasklist), Some(_)) = (at.unstaged, at.task) {
        return format!("git add {tasklist}");
    }
    // A task in work goes on, whoever has approved what there is of it.
    if let Some(landing) = at
        .approved
        .filter(|_| at.is_done || at.is_standing || at.task.is_none())
    {
        return landing.to_owned();
    }
    let Some(task) = at.task else {
        return planning(at);
    };
    if at.is_standing {
        return standing(at, task);
    }
    if at.is_done {
        return landing(at);
    }
    match at.standing {
        None => unlisted(at, task),
        Some(Status::Pending) => format!("pdd-hooks task start {task}"),
        Some(Status::Blocked) => as_pm(at, &format!("pdd-hooks task unblock {task}")),
        Some(Status::Completed) => format!("pdd-hooks task complete {task}"),
        Some(Status::InProgress) => working(at, task),
        Some(Status::ReadyForValidation) => validating(at, task),
    }
}

/// What there is to do where no task is in work.
fn planning(at: &Situation<'_>) -> String {
    if let Some(task) = at.next_task {
        return format!("pdd-hooks task start {task}");
    }
    let new = "pdd-hooks task new \"<title>\", then pdd-hooks task start";
    match at.integration {
        Some(name) if at.is_protected => format!("git switch {name} && {new}"),
        Some(name) if at.may_land && at.branch == Some(name) => format!(
            "{new}; or land what is here: pdd-hooks approve {name} --into {}",
            at.protected
        ),
        _ => new.to_owned(),
    }
}

/// How a task in work goes on.
fn working(at: &Situation<'_>, task: &TaskId) -> String {
    match at.persona {
        None => nobody(),
        Some("PM") => {
            "specify the task, tick PM's checkpoint, then: pdd-hooks handoff QA".to_owned()
        }
        Some("QA") if at.waiting > 0 => "pdd-hooks handoff DEV".to_owned(),
        Some("QA") if at.before == Some("DEV") && !at.has_criteria => format!(
            "write the acceptance criteria of {task} into the Tasklist and commit them, then: pdd-hooks task ready {task}"
        ),
        Some("QA") if at.before == Some("DEV") => format!("pdd-hooks task ready {task}"),
        Some("QA") if !at.asks_for_red => format!(
            "pdd-hooks handoff DEV, whose work needs no test that fails first; if all is there: pdd-hooks task ready {task}"
        ),
        Some("QA") => {
            "write tests that fail, stage and commit them, then: pdd-hooks handoff DEV".to_owned()
        }
        Some("DEV") if at.waiting > 0 => {
            let tests = match at.waiting {
                1 => "the sealed test".to_owned(),
                count => format!("the {count} sealed tests"),
            };
            format!(
                "write the source that turns {tests} green, stage it, then: pdd-hooks handoff QA"
            )
        }
        Some("DEV") => "pdd-hooks handoff QA".to_owned(),
        Some(other) => elsewise(at, other),
    }
}

/// How a task that QA looks at goes on.
fn validating(at: &Situation<'_>, task: &TaskId) -> String {
    match at.persona {
        None => nobody(),
        Some("PM") if at.has_open_criteria => format!(
            "tick the acceptance criteria that are met and commit, then: pdd-hooks task complete {task}"
        ),
        Some("PM") => format!("pdd-hooks task complete {task}"),
        Some("QA") if !at.has_criteria => format!(
            "write the acceptance criteria of {task} into the Tasklist, tick what is met and commit; then: pdd-hooks handoff PM"
        ),
        Some("QA") if at.has_open_criteria => {
            "tick the acceptance criteria that are met and commit; or send it back: pdd-hooks handoff DEV".to_owned()
        }
        Some("QA") => "pdd-hooks handoff PM".to_owned(),
        Some("DEV") => working(at, task),
        Some(other) => elsewise(at, other),
    }
}

fn nobody() -> String {
    "pdd-hooks persona PM \"<action>\"".to_owned()
}

fn elsewise(at: &Situation<'_>, persona: &str) -> String {
    match persona {
        "TROUBLESHOOT" => format!(
            "write the cause and its evidence into {}, commit it, then: pdd-hooks handoff DEV",
            at.devlog
        ),
        _ => "git add what the next commit is to hold".to_owned(),
    }
}

/// A task that the Tasklist does not have is PM's to add, or as a bug that of who looks for its cause.
fn unlisted(at: &Situation<'_>, task: &TaskId) -> String {
    let new = format!("pdd-hooks task new \"<title>\" --id {task}");
    match at.persona {
        Some("TROUBLESHOOT") => new,
        _ => as_pm(at, &new),
    }
}

/// A step that is PM's.
fn as_pm(at: &Situation<'_>, command: &str) -> String {
    match at.to_pm {
        Some(way) => format!("{way} && {command}"),
        None => command.to_owned(),
    }
}

/// What a standing task is for.
fn standing(at: &Situation<'_>, task: &TaskId) -> String {
    let does = format!("change docs or manifests and commit them with [{task}]");
    match (at.integration, at.branch) {
        (Some(integration), Some(branch)) => {
            format!("{does}, then: git switch {integration} && git merge --no-ff {branch}")
        }
        _ => format!(
            "{does}, then: pdd-hooks approve HEAD --into {}",
            at.protected
        ),
    }
}

/// How a task that is done goes on.
fn landing(at: &Situation<'_>) -> String {
    match (at.integration, at.branch) {
        (Some(integration), _) if at.is_landed => format!("git switch {integration}"),
        (None, _) if at.is_landed => format!("git switch {}", at.protected),
        (Some(integration), _) if at.is_merged => {
            format!("pdd-hooks approve {integration} --into {}", at.protected)
        }
        (Some(integration), Some(branch)) => {
            format!("git switch {integration} && git merge --no-ff {branch}")
        }
        _ => format!("pdd-hooks approve HEAD --into {}", at.protected),
    }
}

#[cfg(test)]
mod tests;

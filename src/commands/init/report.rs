//! What `init` says of what it found and wrote, and the next steps.

use std::fmt::Write as _;

use super::documents::Existing;
use super::plan::{Plan, Step, What};
use crate::error::Error;
use crate::git::Repository;
use crate::git::command::Git;
use crate::scaffold::languages::Project;
use crate::workflow::attributes::FILE;

/// Writes all of it.
///
/// # Errors
/// The policy in force cannot be read.
pub(super) fn text(git: &Git, plan: &Plan, is_dry_run: bool) -> Result<String, Error> {
    let found: Vec<String> = plan.projects.iter().map(Project::describe).collect();
    let found = match found.is_empty() {
        true => "no language that init knows".to_owned(),
        false => found.join(", "),
    };
    let mut text = format!("found {found} in {}\n", git.folder().display());
    text.extend(plan.existing.iter().map(Existing::describe));
    text.push_str(&branches(plan));
    for step in &plan.steps {
        text.push_str(&line(step, is_dry_run));
    }
    if !plan.steps.iter().any(Step::writes) {
        text.push_str("nothing to do: every file is there already\n");
    } else if !is_dry_run {
        let force = Repository::open_at(git.folder())?.policy_in_force()?;
        text.push_str(&match force {
            Some(force) => later(plan, &force.branch),
            None => adoption(plan),
        });
    }
    Ok(text)
}

fn line(step: &Step, is_dry_run: bool) -> String {
    let path = &step.path;
    let verb = |done: &'static str, would: &'static str| if is_dry_run { would } else { done };
    match &step.what {
        What::Keep => format!("kept {path}\n"),
        What::Leave(why) => format!("left {path} alone: {why}\n"),
        What::Create(_) => format!("{} {path}\n", verb("wrote", "would write")),
        What::Extend(old, new) => {
            let mut text = format!("{} {path}\n", verb("added to", "would add to"));
            let added = new.strip_prefix(old.as_str()).unwrap_or(new);
            for line in added.lines().filter(|line| !line.is_empty()) {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "  {line}");
            }
            text
        }
    }
}

/// Returns the branch that lands only by approval, and the one where work meets before, where that is there.
fn names(plan: &Plan) -> (&str, Option<&str>) {
    let branch = &plan.policy.branch;
    let protected = branch.protected.first().map_or("main", String::as_str);
    let mut integration = branch.integration.iter().map(String::as_str);
    (protected, integration.find(|name| plan.branches.has(name)))
}

fn branches(plan: &Plan) -> String {
    match names(plan) {
        (protected, Some(integration)) => format!(
            "branches: work is cut from `{integration}` and merged back with --no-ff; `{protected}` takes what people approve\n"
        ),
        (protected, None) => {
            format!(
                "branches: work is cut from `{protected}`, which takes it back as people approve\n"
            )
        }
    }
}

/// Names what comes after the adoption's files are written.
fn adoption(plan: &Plan) -> String {
    let (protected, integration) = names(plan);
    let switch = match plan.branches.current.as_deref() {
        Some(current) if current != protected => format!("git switch {protected} && "),
        _ => String::new(),
    };
    let mut steps = vec![
        "read .pdd.toml: what differs from the defaults, and the checks that each commit has to pass"
            .to_owned(),
        format!(
            "{switch}git add {} && git commit -m \"chore(pdd): adopt the workflow [MAINT-1]\"",
            rooms(plan)
        ),
        "pdd-hooks install".to_owned(),
    ];
    match (integration, plan.policy.branch.integration.first()) {
        (Some(name), _) => steps.push(format!("git switch {name} && git merge {protected}")),
        (None, Some(name)) => steps.push(format!(
            "git switch -c {name}: where work meets before it lands, if you want such a branch"
        )),
        (None, None) => {}
    }
    steps.push("pdd-hooks task new \"<title>\" && pdd-hooks task start".to_owned());
    numbered(&steps)
}

/// Names what comes after files were added to a repository that has adopted the workflow.
fn later(plan: &Plan, protected: &str) -> String {
    let mut steps = vec![format!(
        "on a work branch, as PM: git add {} && git commit -m \"chore(pdd): complete the workflow's files [TASK-ID]\"",
        rooms(plan)
    )];
    let is_harness = |step: &Step| step.path == FILE && step.writes();
    if plan.steps.iter().any(is_harness) {
        steps.push(format!(
            "pdd-hooks approve HEAD --into {protected} --policy: {FILE} decides how git merges"
        ));
    }
    numbered(&steps)
}

fn numbered(steps: &[String]) -> String {
    let mut text = String::from("\nnext:\n");
    for (at, step) in steps.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {}. {step}", at + 1);
    }
    text
}

/// Lists what to stage: folders that hold nothing else, and files.
fn rooms(plan: &Plan) -> String {
    let is_ours = |path: &str| plan.steps.iter().any(|step| step.path == path);
    let mut rooms: Vec<&str> = Vec::new();
    for step in &plan.steps {
        let path = step.path.as_str();
        let room = path.split('/').next().unwrap_or(path);
        let is_below = |file: &&String| file.split('/').next() == Some(room);
        let is_shared = plan
            .files
            .iter()
            .filter(is_below)
            .any(|file| !is_ours(file));
        let is_apart = is_shared && room != "context";
        let named = if is_apart { path } else { room };
        if !rooms.contains(&named) {
            rooms.push(named);
        }
    }
    rooms.join(" ")
}

//! `pdd-hooks persona`: writes a declaration at the top of the task's log and stages that file, unless the step is
//! forbidden.

use std::io::Write;

use super::print;
use super::worktree::{self, Written};
use crate::change::{
    Branch, Change, Documents, Kind, LogChange, Place, RedFirst, Role, Validation,
};
use crate::error::{CommandError, Error};
use crate::exit::Exit;
use crate::finding::{Finding, Level};
use crate::git::Repository;
use crate::id::{TaskId, TreeId};
use crate::message::Message;
use crate::policy::Policy;
use crate::rules;
use crate::words::nearest;
use crate::workflow::personalog;

/// The rule that judges the step from one persona to the next.
const TRANSITION: &str = "PDD005";

/// Arguments of `persona`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "pdd-hooks persona [OPTIONS] <ROLE> [TASK] <ACTION>...")]
pub struct Args {
    /// The persona, in any case: `PM`, `QA`, `DEV`, `TROUBLESHOOT`
    role: String,
    /// What the persona is about to do; the task goes before it where the branch is not named after the task
    #[arg(required = true, value_name = "ACTION")]
    words: Vec<String>,
}

/// A declaration before it is dated and signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// As the policy writes it.
    pub role: String,
    /// The task.
    pub task: TaskId,
    /// What the persona is about to do.
    pub action: String,
}

/// Declares the persona, or prints why it may not be declared now.
///
/// # Errors
/// No policy, no such persona, no task, or a log that cannot be read, written or staged.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let git = worktree::top()?;
    let policy = worktree::rules(&git, &Repository::open()?)?;
    let branch = worktree::branch(&git)?;
    let intent = intent(args, &policy, branch.as_deref())?;
    let path = policy.log_of(&intent.task);
    let before = worktree::document(&git, &path)?;
    let date = worktree::now();
    let text = declare(
        &policy,
        before.as_deref(),
        &intent,
        &date,
        &worktree::author(&git)?,
    );
    let place = Place::Staged(branch);
    let findings = judge(
        &policy,
        place.clone(),
        &intent,
        before.clone(),
        text.clone(),
    );
    if refuses(&findings, &place) {
        return Ok(Exit::Findings);
    }
    let written = Written {
        path: path.clone(),
        before,
        after: text,
    };
    worktree::stage(&git, &[written])?;
    let Intent { role, task, action } = &intent;
    print(
        out,
        &format!("declared {role} for {task} in {path}, staged: {action}\n"),
    )?;
    Ok(Exit::Passed)
}

/// Prints findings as a hook does, and says whether one of them refuses.
pub(super) fn refuses(findings: &[Finding], place: &Place) -> bool {
    for finding in findings {
        // A finding goes to stderr; where stderr is closed the exit code still tells.
        let _ = write!(anstream::stderr(), "{}", finding.render(&place.to_string()));
    }
    findings.iter().any(|finding| finding.level == Level::Error)
}

/// Asks the transition rule what a commit of the declaration would be told, in the same words.
pub fn judge(
    policy: &Policy,
    place: Place,
    intent: &Intent,
    before: Option<String>,
    after: String,
) -> Vec<Finding> {
    let change = Change {
        place,
        kind: Kind::Ordinary,
        branch: Branch::Unknown,
        tree: TreeId::new(""),
        parents: Vec::new(),
        paths: Vec::new(),
        logs: vec![LogChange {
            path: policy.log_of(&intent.task),
            task: Some(intent.task.clone()),
            bases: before.into_iter().collect(),
            text: Some(after),
        }],
        documents: Documents::default(),
        chains: Vec::new(),
        validation: Validation::Undecided,
        red: RedFirst::Undecided,
        policy: None,
    };
    let message = Message::parse(format!("[{}]", intent.task).as_bytes());
    rules::run(&change, Some(&message), policy)
        .into_iter()
        .filter(|finding| finding.code == TRANSITION)
        // The log is not written yet, so it has no such line.
        .map(|finding| Finding {
            line: None,
            ..finding
        })
        .collect()
}

/// Returns the log with the declaration at its top.
pub fn declare(
    policy: &Policy,
    log: Option<&str>,
    intent: &Intent,
    date: &str,
    by: &str,
) -> String {
    declare_with(policy, log, intent, date, by, "")
}

/// Returns the log with the declaration at its top, and these lines below it.
pub(super) fn declare_with(
    policy: &Policy,
    log: Option<&str>,
    intent: &Intent,
    date: &str,
    by: &str,
    lines: &str,
) -> String {
    let Intent { role, task, action } = intent;
    let mut entry = personalog::entry(role, task, action, date, by);
    // One log for all tasks is titled after none of them.
    let title = policy.persona.log.contains("{task}").then_some(task);
    if title.is_none() {
        // `merge=union` writes once what both sides' entries end with, and the same person may well write both.
        entry.push_str(&format!("**Task**: {task}\n"));
    }
    if !lines.is_empty() {
        entry.push('\n');
        entry.push_str(lines);
    }
    personalog::insert(log.unwrap_or_default(), &entry, title)
}

/// Returns the personas that the policy names, in the order in which it first names them.
fn personas(policy: &Policy) -> Vec<String> {
    let mut personas: Vec<String> = Vec::new();
    let steps = policy.persona.transitions.iter();
    let named = steps.flat_map(|step| step.split("->"));
    for name in named.chain(policy.persona.start.iter().map(String::as_str)) {
        let name = name.trim();
        if name != "*" && !personas.iter().any(|known| known == name) {
            personas.push(name.to_owned());
        }
    }
    personas
}

/// Finds the persona that a word names, in any case.
///
/// # Errors
/// The policy knows none of that name.
pub(super) fn role(policy: &Policy, word: &str) -> Result<String, Error> {
    let known = personas(policy);
    let named = |name: &&String| name.eq_ignore_ascii_case(word);
    let found = known.iter().find(named).cloned();
    Ok(found.ok_or_else(|| CommandError::FindPersona {
        word: word.to_owned(),
        nearest: nearest(word, known.iter().map(String::as_str)).map(str::to_owned),
        known: known.clone(),
    })?)
}

fn intent(args: &Args, policy: &Policy, branch: Option<&str>) -> Result<Intent, Error> {
    let role = role(policy, &args.role)?;
    let (task, words) = match args.words.split_first() {
        Some((first, rest)) if policy.is_task(worktree::unbracketed(first)) => {
            (TaskId::new(worktree::unbracketed(first)), rest)
        }
        _ => (task_of(policy, branch, &role)?, args.words.as_slice()),
    };
    // A line feed in the action would end the heading and begin something else.
    let action = worktree::one_line(words);
    if action.is_empty() {
        let task = task.to_string();
        return Err(CommandError::FindAction { role, task }.into());
    }
    Ok(Intent { role, task, action })
}

fn task_of(policy: &Policy, branch: Option<&str>, role: &str) -> Result<TaskId, super::Error> {
    if let Some(Role::Work(task)) = branch.map(|name| policy.role(name, &[])) {
        return Ok(task);
    }
    Err(CommandError::FindTask {
        place: branch.map_or_else(|| "a detached HEAD".into(), |name| format!("`{name}`")),
        command: format!("pdd-hooks persona {role} TASK-007 \"<action>\""),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(role: &str, words: &[&str]) -> Args {
        Args {
            role: role.into(),
            words: words.iter().map(|&word| word.into()).collect(),
        }
    }

    fn intended(role: &str, words: &[&str], branch: Option<&str>) -> Result<Intent, String> {
        intent(&args(role, words), &Policy::default(), branch).map_err(|error| error.render())
    }

    fn dev() -> Intent {
        intended("DEV", &["TASK-007", "code"], None).unwrap()
    }

    fn log(role: &str) -> String {
        let intent = Intent {
            role: role.into(),
            ..dev()
        };
        declare(
            &Policy::default(),
            None,
            &intent,
            "2026-01-15 10:00",
            "Ann <ann@example.org>",
        )
    }

    #[test]
    fn the_task_is_the_given_one_in_either_form_else_the_branchs() {
        let branch = Some("feat/TASK-007-search");
        let given = intended("dev", &["[TASK-008]", "rank", "results"], branch).unwrap();
        assert_eq!(given.role, "DEV");
        assert_eq!(given.task.as_str(), "TASK-008");
        assert_eq!(given.action, "rank results");
        let branchs = intended("Qa", &["design\nthe  tests"], branch).unwrap();
        assert_eq!(branchs.task.as_str(), "TASK-007");
        assert_eq!(branchs.action, "design the tests");
    }

    #[test]
    fn a_misspelt_persona_is_told_the_near_one() {
        assert_eq!(
            intended("DVE", &["x"], None).unwrap_err(),
            "error: the policy knows no persona `DVE`\n  = help: did you mean `DEV`?\n"
        );
        assert_eq!(
            intended("robot", &["x"], None).unwrap_err(),
            "error: the policy knows no persona `robot`\n  = help: it names PM, QA, DEV, TROUBLESHOOT\n"
        );
    }

    #[test]
    fn a_branch_without_a_task_asks_for_one() {
        assert_eq!(
            intended("PM", &["plan"], Some("main")).unwrap_err(),
            "error: no task was given, and `main` is named after none\n  \
             = help: name it: `pdd-hooks persona PM TASK-007 \"<action>\"`\n"
        );
        let detached = intended("PM", &["plan"], None).unwrap_err();
        assert!(detached.starts_with("error: no task was given, and a detached HEAD is"));
    }

    #[test]
    fn a_task_alone_asks_for_the_action() {
        assert_eq!(
            intended("PM", &["TASK-007"], None).unwrap_err(),
            "error: no action was given: a declaration says what PM is about to do\n  \
             = help: pdd-hooks persona PM TASK-007 \"<action>\"\n"
        );
    }

    fn judged(policy: &Policy, before: Option<String>) -> Vec<Finding> {
        let after = declare(
            policy,
            before.as_deref(),
            &dev(),
            "2026-01-15 11:00",
            "Ann <a@b>",
        );
        judge(policy, Place::Staged(None), &dev(), before, after)
    }

    #[test]
    fn a_step_that_the_policy_forbids_is_a_finding_that_names_the_allowed_ones() {
        let policy = Policy::default();
        let findings = judged(&policy, Some(log("PM")));
        assert_eq!(
            findings[0].render("staged change"),
            "error[PDD005]: `TASK-007` goes from PM to DEV, which is forbidden\n \
             --> context/personalog/TASK-007.md in staged change\n  \
             = help: pass through QA: after PM the log allows PM, QA, TROUBLESHOOT: \
             `pdd-hooks persona QA TASK-007 \"<action>\"`\n  \
             = note: pdd-hooks explain PDD005\n"
        );
        assert_eq!(findings.len(), 1);
        assert_eq!(judged(&policy, Some(log("QA"))), []);
    }

    #[test]
    fn a_task_does_not_begin_with_dev() {
        let findings = judged(&Policy::default(), None);
        assert_eq!(findings[0].message, "`TASK-007` begins with DEV");
    }

    #[test]
    fn a_rule_that_warns_says_so_and_a_rule_that_is_off_says_nothing() {
        let warn = Policy::parse("rules.transition = \"warn\"", "test").unwrap();
        assert_eq!(judged(&warn, None)[0].level, Level::Warn);
        let off = Policy::parse("rules.transition = \"off\"", "test").unwrap();
        assert_eq!(judged(&off, None), []);
    }

    #[test]
    fn a_standing_task_may_be_declared_by_anyone() {
        let policy = Policy::parse("task.standing = [\"TASK-007\"]", "test").unwrap();
        assert_eq!(judged(&policy, None), []);
    }

    #[test]
    fn the_newest_entry_of_the_same_task_counts_where_one_log_serves_all() {
        let other = Intent {
            role: "QA".into(),
            task: TaskId::new("TASK-008"),
            action: "test".into(),
        };
        let both = declare(
            &Policy::default(),
            Some(&log("PM")),
            &other,
            "2026-01-15 11:00",
            "Ann <a@b>",
        );
        assert_eq!(judged(&Policy::default(), Some(both)).len(), 1);
    }
}

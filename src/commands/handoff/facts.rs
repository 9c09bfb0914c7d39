//! What git, the documents and the evidence know of a task that is handed over.

use crate::change::{CheckState, Standing, Validation};
use crate::commands::suggest;
use crate::error::Error;
use crate::git::{InForce, Oid, Repository};
use crate::id::{CommitId, TaskId};
use crate::message::Message;
use crate::policy::{Class, Policy};
use crate::proof::{validation, waiting};
use crate::workflow::board::Board;
use crate::workflow::devlog;
use crate::workflow::handoff::Handoff;
use crate::workflow::personalog::declarations;
use crate::workflow::tasklist::Status;

/// What is known.
pub(super) struct Facts {
    /// The status that the Tasklist has.
    pub(super) status: Option<Status>,
    criteria: (usize, usize),
    /// The subjects of the task's commits since the last hand-over, newest first.
    commits: Vec<String>,
    decisions: Vec<String>,
    /// The test files that the task added or changed.
    tests: Vec<String>,
    failing: Vec<String>,
    checks: Vec<String>,
    /// The staged tests, and the staged source.
    staged_tests: Vec<String>,
    has_staged_source: bool,
    /// The classes of what is staged.
    staged: Vec<Class>,
    /// The title that the Tasklist has, and the Type.
    title: Option<String>,
    kind: Option<String>,
}

impl Facts {
    /// Gathers what is known; `list` is the Tasklist of the work tree, `devlog` the Devlog where it is written anew.
    pub(super) fn gather(
        repository: &Repository,
        force: &InForce,
        task: &TaskId,
        list: &str,
        devlog: Option<&str>,
    ) -> Result<Self, Error> {
        let policy = &force.policy;
        let board = Board::read(list, "", &|id| policy.is_task(id));
        let row = board.find(task).first().copied();
        let head = repository.head()?.commit;
        let tree = repository.index_tree()?;
        let base = head
            .map(|head| base(repository, force, head))
            .transpose()?
            .flatten();
        let own = match (head, base) {
            (Some(head), Some(base)) => own(repository, policy, task, head, base)?,
            _ => Vec::new(),
        };
        let devlog = match devlog {
            Some(text) => text.to_owned(),
            None => repository
                .text_at(tree, &policy.task.devlog)?
                .unwrap_or_default(),
        };
        let head_tree = head.map(|head| repository.tree_of(head)).transpose()?;
        let base_tree = base.map(|base| repository.tree_of(base)).transpose()?;
        let staged = repository.diff(head_tree, Some(tree))?;
        Ok(Self {
            staged: staged.iter().map(|delta| delta.class(policy)).collect(),
            title: row.map(|row| row.task.title.clone()),
            kind: row.and_then(|row| row.task.kind(list)),
            status: row.and_then(|row| row.status),
            criteria: row.map_or((0, 0), |row| row.criteria()),
            commits: since_handover(repository, policy, task, &own)?,
            decisions: decisions(&devlog, task, policy),
            tests: changed(repository, policy, base_tree, tree, &[Class::Test])?,
            failing: match head {
                Some(head) => waiting(repository, force, head)?,
                None => Vec::new(),
            },
            checks: checks(repository, force, tree, head, base)?,
            staged_tests: changed(repository, policy, head_tree, tree, &[Class::Test])?,
            has_staged_source: !changed(repository, policy, head_tree, tree, &[Class::Source])?
                .is_empty(),
        })
    }

    /// What the next persona gets.
    pub(super) fn handoff(&self, from: &str, to: &str, is_sent_back: bool) -> Handoff {
        Handoff {
            from: from.to_owned(),
            to: to.to_owned(),
            status: match is_sent_back {
                true => Some(Status::InProgress),
                false => self.status,
            },
            criteria: self.criteria,
            commits: self.commits.clone(),
            decisions: self.decisions.clone(),
            tests: self.tests.clone(),
            // What waited for the source that is staged is in the hands of the checks.
            failing: match from == "DEV" && self.has_staged_source {
                true => Vec::new(),
                false => self.failing.clone(),
            },
            checks: self.checks.clone(),
            questions: Vec::new(),
            next: Vec::new(),
        }
    }

    /// What the next persona is to do, where nobody said.
    pub(super) fn next(&self, to: &str, is_sent_back: bool) -> String {
        match to {
            "QA" if self.failing.is_empty() && self.tests.is_empty() => {
                "write tests that fail, and commit them alone".into()
            }
            "QA" => "validate what was written: tests, quality checks, acceptance criteria".into(),
            "DEV" if is_sent_back => "mend what did not pass the validation".into(),
            "DEV" if self.failing.is_empty() => {
                "write the source, with a test that fails without it".into()
            }
            "DEV" => "write the source that turns the failing tests green".into(),
            "PM" if self.status == Some(Status::ReadyForValidation) => "complete the task".into(),
            "PM" => "plan what follows".into(),
            "TROUBLESHOOT" => {
                "find the cause, and write it with its evidence into the Devlog".into()
            }
            _ => "go on".into(),
        }
    }

    /// The command that commits the hand-over, with what was staged before.
    pub(super) fn commit(
        &self,
        policy: &Policy,
        branch: Option<&str>,
        to: &str,
        task: &TaskId,
    ) -> String {
        let mut staged = self.staged.iter();
        if staged.all(|class| matches!(class, Class::Record | Class::Docs)) {
            let what = self.title.as_deref().unwrap_or(task.as_str());
            return suggest::commit_on(policy, branch, &format!("hand {what} over to {to}"), task);
        }
        let kind = suggest::kind(policy, self.kind.as_deref());
        let named = suggest::named(policy, branch, task);
        suggest::described(policy, self.staged.clone(), kind, named.as_str())
    }

    /// What whoever hands over may have overlooked: tests are sealed as those of QA while QA speaks.
    pub(super) fn note(&self, from: &str, to: &str, task: &TaskId, log: &str) -> Option<String> {
        let first = self.staged_tests.first()?;
        let more = match self.staged_tests.len() - 1 {
            0 => String::new(),
            1 => " and 1 more test file".into(),
            more => format!(" and {more} more test files"),
        };
        let are = if more.is_empty() { "is" } else { "are" };
        (from == "QA" && to == "DEV").then(|| {
            format!(
                "`{first}`{more} {are} staged: QA commits tests before the hand-over, so that they are sealed until the \
                 source comes: `git restore --staged {log}` and `git commit -m \"test: … [{task}]\"` first, then `git add {log}`"
            )
        })
    }
}

/// Where the work on the branch begins: where it left what landed or an integration branch last.
fn base(repository: &Repository, force: &InForce, head: Oid) -> Result<Option<Oid>, Error> {
    let mut tips = vec![force.tip];
    for name in &force.policy.branch.integration {
        tips.extend(repository.find_commit_at(&format!("refs/heads/{name}"))?);
        for remote in repository.tracking_names(name)? {
            tips.extend(repository.find_commit_at(&remote)?);
        }
    }
    let mut found: Option<Oid> = None;
    for tip in tips {
        for base in repository.merge_bases(head, tip)? {
            let is_newer = match found {
                Some(known) => repository.is_ancestor(known, base)?,
                None => true,
            };
            if is_newer {
                found = Some(base);
            }
        }
    }
    Ok(found)
}

/// The task's commits since the base, newest first.
fn own(
    repository: &Repository,
    policy: &Policy,
    task: &TaskId,
    head: Oid,
    base: Oid,
) -> Result<Vec<(Oid, String)>, Error> {
    let mut found = Vec::new();
    // Parents come before children.
    for oid in repository
        .commits_between(&[head], &[base])?
        .into_iter()
        .rev()
    {
        let subject = Message::parse(&repository.commit(oid)?.message).subject;
        if policy.tasks_in(&subject).contains(task) {
            found.push((oid, subject));
        }
    }
    Ok(found)
}

/// Those that came with or after the newest declaration that is committed.
fn since_handover(
    repository: &Repository,
    policy: &Policy,
    task: &TaskId,
    own: &[(Oid, String)],
) -> Result<Vec<String>, Error> {
    let path = policy.log_of(task);
    let declared = |oid: Oid| -> Result<usize, Error> {
        let log = repository
            .text_at(repository.tree_of(oid)?, &path)?
            .unwrap_or_default();
        let entries = declarations(&log).into_iter();
        Ok(entries.filter(|entry| entry.task == task.as_str()).count())
    };
    let mut lines = Vec::new();
    let newest = match own.first() {
        Some((oid, _)) => declared(*oid)?,
        None => return Ok(lines),
    };
    for (oid, subject) in own {
        if declared(*oid)? < newest {
            break;
        }
        let id = CommitId::new(oid.to_string());
        lines.push(format!("{} {subject}", id.short()));
    }
    Ok(lines)
}

/// The entries of the Devlog that belong to the task: newest first.
fn decisions(text: &str, task: &TaskId, policy: &Policy) -> Vec<String> {
    let all = devlog::decisions(text).into_iter();
    let is_id = |id: &str| policy.is_task(id);
    let of_task = all.filter(|it| devlog::tasks_of(text, &it.entry, &is_id).contains(task));
    of_task
        .map(|decision| {
            format!(
                "{} - {}",
                devlog::name(decision.number),
                decision.entry.title
            )
        })
        .collect()
}

/// The paths of some classes that differ between two trees and are there afterwards.
fn changed(
    repository: &Repository,
    policy: &Policy,
    base: Option<Oid>,
    tree: Oid,
    classes: &[Class],
) -> Result<Vec<String>, Error> {
    let deltas = repository.diff(base, Some(tree))?;
    let deltas = deltas.iter().filter(|delta| delta.new.is_some());
    let deltas = deltas.filter(|delta| classes.contains(&delta.class(policy)));
    Ok(deltas
        .map(|delta| String::from_utf8_lossy(&delta.path).into_owned())
        .collect())
}

/// What is known of the checks on what is staged; where that needs none, on the newest commit of the branch that did.
fn checks(
    repository: &Repository,
    force: &InForce,
    tree: Oid,
    head: Option<Oid>,
    base: Option<Oid>,
) -> Result<Vec<String>, Error> {
    let parents: Vec<Oid> = head.into_iter().collect();
    let found = states(repository, force, tree, &parents)?;
    let Some(head) = head.filter(|_| found.is_empty()) else {
        return Ok(found);
    };
    for commit in repository.first_parents(head) {
        let commit = commit?;
        if Some(commit.id) == base {
            break;
        }
        let found = states(repository, force, commit.tree, &commit.parents)?;
        if !found.is_empty() {
            let id = CommitId::new(commit.id.to_string());
            let on = |said: String| format!("{said} on {}", id.short());
            return Ok(found.into_iter().map(on).collect());
        }
    }
    Ok(Vec::new())
}

/// `tests passed`, for each check that the change needs.
fn states(
    repository: &Repository,
    force: &InForce,
    tree: Oid,
    parents: &[Oid],
) -> Result<Vec<String>, Error> {
    let Validation::Known(states) = validation::known(repository, force, tree, parents)? else {
        return Ok(Vec::new());
    };
    let word = |state: &CheckState| {
        let said = match &state.standing {
            Standing::Passed => "passed",
            Standing::Sealed => "passed but for sealed tests",
            Standing::Failed { .. } => "failed",
            _ => "not run yet",
        };
        format!("{} {said}", state.check)
    };
    Ok(states.iter().map(word).collect())
}

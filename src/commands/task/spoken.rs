//! Whether the commit that a step suggests would be refused: by who speaks for the task, or by the branch that it is made
//! on. The rules are asked before anything is written.

use super::Desk;
use super::lack::Lack;
use crate::change::{
    Branch, Change, DocumentChange, Documents, Kind, LogChange, Mode, PathChange, Place, RedFirst,
    Role, Status, Validation,
};
use crate::commands::{suggest, worktree};
use crate::error::Error;
use crate::finding::Level;
use crate::id::{TaskId, TreeId};
use crate::message::Message;
use crate::policy::FileKind;
use crate::rules;
use crate::workflow::personalog;

/// The rule on who changes what, and the one on what a branch takes.
const BOUNDARY: &str = "PDD006";
const BRANCH: &str = "PDD007";

/// How many branches of one name are looked for before it is given anyway.
const MOST: u32 = 20;

/// What the hooks would refuse of a commit.
pub(super) struct Refused {
    /// That somebody speaks for the task who may not write it.
    speaker: Option<Lack>,
    /// That the branch takes no such commit: which one does.
    branch: Option<Elsewhere>,
    here: String,
}

/// A branch that takes documents.
enum Elsewhere {
    /// An integration branch that is there.
    There(String),
    /// A work branch that is to be made.
    Made(String),
}

impl Refused {
    /// Lists what is refused, each with its mend.
    pub(super) fn lacks(self) -> Vec<Lack> {
        let what = format!("`{}` takes no commit of it", self.here);
        let branch = self.branch.map(|elsewhere| {
            let way = match elsewhere {
                Elsewhere::There(name) => format!("git switch {name}"),
                Elsewhere::Made(name) => format!("git switch -c {name}"),
            };
            Lack::new(what, way)
        });
        branch.into_iter().chain(self.speaker).collect()
    }

    /// Takes out that a branch is to be made first; returns its name.
    pub(super) fn take_made(&mut self) -> Option<String> {
        match self.branch.take() {
            Some(Elsewhere::Made(name)) => Some(name),
            other => {
                self.branch = other;
                None
            }
        }
    }
}

/// Lists what keeps a Tasklist of this text from being committed here, after a step of this task.
///
/// # Errors
/// The repository or the log cannot be read.
pub(super) fn lacks(desk: &Desk, task: &TaskId, after: &str) -> Result<Vec<Lack>, Error> {
    Ok(refused(desk, task, after)?.lacks())
}

/// Says what the hooks would refuse of a commit of a Tasklist of this text, after a step of this task.
///
/// # Errors
/// The repository or the log cannot be read.
pub(super) fn refused(desk: &Desk, task: &TaskId, after: &str) -> Result<Refused, Error> {
    let mut refused = Refused {
        speaker: None,
        branch: None,
        here: desk.branch.clone().unwrap_or_default(),
    };
    // Before the adoption nothing is judged.
    if desk.repository.policy_in_force()?.is_none() {
        return Ok(refused);
    }
    let policy = &desk.policy;
    let named = suggest::named(policy, desk.branch.as_deref(), task);
    let path = policy.log_of(&named);
    let log = worktree::document(&desk.git, &path)?.unwrap_or_default();
    let speaker = personalog::newest(&log, &named);
    let change = change(desk, &named, path, log, after)?;
    let message = Message::parse(format!("docs: plan [{named}]").as_bytes());
    let findings = rules::run(&change, Some(&message), policy);
    let is_refused = |code: &str| {
        let mut errors = findings.iter().filter(|it| it.level == Level::Error);
        errors.any(|it| it.code == code)
    };
    if is_refused(BRANCH) {
        refused.branch = Some(elsewhere(desk, &named)?);
    }
    refused.speaker = speaker.filter(|_| is_refused(BOUNDARY)).map(|speaker| {
        let is_other = desk.branchs().as_ref() != Some(&named);
        let way = suggest::handoff(policy, &speaker, "PM", is_other.then_some(&named));
        let way = way.unwrap_or_else(|| format!("pdd-hooks persona PM {named} \"plan\""));
        let what = format!("{speaker} speaks for `{named}`, and this is PM's to write");
        Lack::new(what, way)
    });
    Ok(refused)
}

/// The change that the commit would be, as far as these rules look at it.
fn change(
    desk: &Desk,
    named: &TaskId,
    log: String,
    declared: String,
    after: &str,
) -> Result<Change, Error> {
    let repository = &desk.repository;
    let head = repository.head()?.commit;
    let tree = head.map(|head| repository.tree_of(head)).transpose()?;
    let bases = |path: &str| -> Result<Vec<String>, Error> {
        let text = tree
            .map(|tree| repository.text_at(tree, path))
            .transpose()?;
        Ok(text.into_iter().map(Option::unwrap_or_default).collect())
    };
    let policy = &desk.policy;
    let path = policy.task.tasklist.clone();
    Ok(Change {
        place: Place::Staged(desk.branch.clone()),
        kind: Kind::Ordinary,
        branch: desk.branch.clone().map_or(Branch::Detached, Branch::Named),
        tree: TreeId::new(""),
        parents: Vec::new(),
        paths: vec![PathChange {
            class: policy.class(path.as_bytes(), FileKind::Plain),
            path: path.clone(),
            status: Status::Modified,
            is_test_within: false,
            is_conflicted: false,
            mode: Mode::Plain,
        }],
        logs: vec![LogChange {
            bases: bases(&log)?,
            path: log,
            task: Some(named.clone()),
            text: Some(declared),
        }],
        documents: Documents {
            tasklist: Some(DocumentChange {
                bases: bases(&path)?,
                path,
                is_touched: true,
                text: Some(after.to_owned()),
            }),
            ..Documents::default()
        },
        chains: Vec::new(),
        validation: Validation::Undecided,
        red: RedFirst::Undecided,
        policy: None,
    })
}

/// Where documents are committed instead: on an integration branch; where there is none, on a work branch.
fn elsewhere(desk: &Desk, named: &TaskId) -> Result<Elsewhere, Error> {
    for name in &desk.policy.branch.integration {
        let is_here = desk.branch.as_ref() == Some(name);
        if !is_here && !desk.repository.branch_tips(name)?.is_empty() {
            return Ok(Elsewhere::There(name.clone()));
        }
    }
    let kinds = ["docs", "chore", "feat", "task"].into_iter();
    let mut names = kinds.map(|kind| format!("{kind}/{named}"));
    let is_work = |name: &String| desk.policy.role(name, &[]) == Role::Work(named.clone());
    let Some(name) = names.find(is_work) else {
        return Ok(Elsewhere::Made("<a work branch>".to_owned()));
    };
    // One that is there already is somebody's, or waits to land.
    let others = (2..=MOST).map(|number| format!("{name}-{number}"));
    for other in [name.clone()].into_iter().chain(others).filter(is_work) {
        if desk.repository.branch_tips(&other)?.is_empty() {
            return Ok(Elsewhere::Made(other));
        }
    }
    Ok(Elsewhere::Made(name))
}

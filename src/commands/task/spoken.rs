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

/// Lists what keeps a Tasklist of this text from being committed here, after a step of this task.
///
/// # Errors
/// The repository or the log cannot be read.
pub(super) fn lacks(desk: &Desk, task: &TaskId, after: &str) -> Result<Vec<Lack>, Error> {
    // Before the adoption nothing is judged.
    if desk.repository.policy_in_force()?.is_none() {
        return Ok(Vec::new());
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
    let mut lacks = Vec::new();
    if is_refused(BRANCH) {
        lacks.push(elsewhere(desk, &named)?);
    }
    if let Some(speaker) = speaker.filter(|_| is_refused(BOUNDARY)) {
        let is_other = desk.branchs().as_ref() != Some(&named);
        let way = suggest::handoff(policy, &speaker, "PM", is_other.then_some(&named));
        let way = way.unwrap_or_else(|| format!("pdd-hooks persona PM {named} \"plan\""));
        let what = format!("{speaker} speaks for `{named}`, and this is PM's to write");
        lacks.push(Lack::new(what, way));
    }
    Ok(lacks)
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
fn elsewhere(desk: &Desk, named: &TaskId) -> Result<Lack, Error> {
    let here = desk.branch.as_deref().unwrap_or_default();
    let what = format!("`{here}` takes no commit of it");
    if let Some(name) = integration(desk)?.filter(|name| *name != here) {
        return Ok(Lack::new(what, format!("git switch {name}")));
    }
    let kinds = ["docs", "chore", "feat", "task"].into_iter();
    let mut names = kinds.map(|kind| format!("{kind}/{named}"));
    let is_work = |name: &String| desk.policy.role(name, &[]) == Role::Work(named.clone());
    let name = names.find(is_work);
    let name = name.unwrap_or_else(|| "<a work branch>".to_owned());
    Ok(Lack::new(what, format!("git switch -c {name}")))
}

/// The integration branch that is there, here or at a remote.
fn integration(desk: &Desk) -> Result<Option<&str>, Error> {
    let repository = &desk.repository;
    for name in &desk.policy.branch.integration {
        let local = format!("refs/heads/{name}");
        for place in [local].into_iter().chain(repository.tracking_names(name)?) {
            if repository.find_commit_at(&place)?.is_some() {
                return Ok(Some(name));
            }
        }
    }
    Ok(None)
}

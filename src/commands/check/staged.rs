//! What is staged, judged as the next commit.

use std::path::Path;

use crate::audit::report::{Head, PolicyName, Report, Row};
use crate::audit::waivers::Waivers;
use crate::change::{ApprovalState, Branch, Change, Place, RedFirst};
use crate::error::Error;
use crate::git::{InForce, Repository, Subject};
use crate::message::{self, Cleanup, Message};
use crate::proof::known::Known;
use crate::proof::red;
use crate::proof::request::Request as Asked;
use crate::proof::validation;
use crate::rules;

/// Judges it, with the message of a file where one is given.
pub(super) fn judge(
    repository: &Repository,
    force: &InForce,
    message: Option<&Path>,
) -> Result<Report, Error> {
    let head = repository.head()?;
    let message = match message {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|source| Error::ReadMessage {
                path: path.to_owned(),
                source,
            })?;
            // The file is what an editor leaves: git takes its comments and its scissors off before it commits.
            let clean = message::clean(&bytes, Cleanup::Strip, b"#", true);
            Some(Message::parse(&clean))
        }
        None => None,
    };
    let branch = match head.branch {
        Some(branch) => Some(branch),
        None => repository.rebase_branch()?,
    };
    let place = Place::Staged(branch.clone());
    let merged = repository.merge_heads()?;
    let subject = Subject {
        tree: repository.index_tree()?,
        parents: head.commit.into_iter().chain(merged).collect(),
        place: place.clone(),
        branch: branch.map_or(Branch::Detached, Branch::Named),
        is_adoption: false,
        is_squash: false,
        replays: None,
    };
    let mut change = repository.load(&subject, message.as_ref(), &force.policy)?;
    change.validation = validation::known(repository, force, subject.tree, &subject.parents)?;
    change.red = red_of_staged(repository, force, &subject, &change, message.as_ref())?;
    let mut findings = rules::run(&change, message.as_ref(), &force.policy);
    if !findings.is_empty() {
        let waivers = waivers(repository, force, &change.branch)?;
        waivers.lift(&change.tree, None, &mut findings);
    }
    let task = message
        .as_ref()
        .and_then(|message| rules::task_of(&change, message, &force.policy));
    let row = Row::staged(
        change.tree,
        change.parents,
        message.map(|message| message.subject),
        task,
        &place,
        findings,
    );
    Ok(Report::new(
        Head::new(None, PolicyName::of(force)),
        vec![row],
        Vec::new(),
    ))
}

/// The waivers of what is staged; what is staged on a protected branch nobody has approved yet.
pub(in crate::commands) fn waivers(
    repository: &Repository,
    force: &InForce,
    branch: &Branch,
) -> Result<Waivers, Error> {
    let waivers = Waivers::in_force(repository, None, force)?;
    match branch {
        Branch::Named(name) => waivers.on(repository, force, name, &ApprovalState::Undecided),
        Branch::Detached | Branch::Unknown => Ok(waivers),
    }
}

/// What is recorded of the red proof of what is staged.
fn red_of_staged(
    repository: &Repository,
    force: &InForce,
    subject: &Subject,
    change: &Change,
    message: Option<&Message>,
) -> Result<RedFirst, Error> {
    let policy = &force.policy;
    if policy.level("red-first").is_none() || subject.parents.len() > 1 {
        return Ok(RedFirst::Undecided);
    }
    let mut request = Asked::of(repository, policy, subject.tree, &subject.parents)?;
    request = request.spoken_for(repository, policy, &subject.branch)?;
    if let Some(task) = message.and_then(|message| rules::task_of(change, message, policy)) {
        request = request.of_task(repository, policy, task)?;
    }
    let known = Known::read(repository, None)?;
    Ok(red::known(
        repository,
        policy,
        Some(force.tip),
        &known,
        &request,
    )?)
}

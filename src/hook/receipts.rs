//! What the ledger says of the commits that a push brings, as records that others can be shown: a receipt for what the
//! hooks saw through, a gap for what went round them.

use std::collections::HashMap;

use super::push::Books;
use super::session::Session;
use crate::error::Error;
use crate::evidence::ledger::{Class, Event, Line, digest};
use crate::evidence::statement::{CommitCheck, Gap, Predicate, Statement};
use crate::git::{Commit, Oid};
use crate::id::{BlobId, CommitId, TreeId};
use crate::proof::known;
use crate::signing;

/// Adds what is lacking for the commits that were judged, all signed in one go.
pub(super) fn add(session: &Session, books: &Books<'_>) -> Result<(), Error> {
    let judged = &books.judged;
    let mut lines: HashMap<&str, &Line> = HashMap::new();
    for line in &books.ledger.lines {
        if let (Event::Commit, Some(commit)) = (line.entry.event, &line.entry.commit) {
            lines.insert(commit.as_str(), line);
        }
    }
    let mut ours: Vec<(Oid, &Line, &[String])> = Vec::new();
    for (oid, codes) in judged.iter() {
        if let Some(line) = lines.get(oid.to_string().as_str()) {
            ours.push((*oid, line, codes));
        }
    }
    if ours.is_empty() {
        return Ok(());
    }
    let done = known::receipted(&session.repository)?;
    let mut statements = Vec::new();
    for (oid, line, codes) in ours {
        if !done.contains(&CommitId::new(oid.to_string())) {
            let commit = session.repository.commit(oid)?;
            statements.extend(state(session, &commit, line, codes)?);
        }
    }
    if !statements.is_empty() {
        signing::record(&session.repository, &statements)?;
    }
    Ok(())
}

/// Says of one commit what the ledger says; nothing where that is of no class.
fn state(
    session: &Session,
    commit: &Commit,
    line: &Line,
    codes: &[String],
) -> Result<Option<Statement>, Error> {
    let entry = line.entry.clone();
    let predicate = match entry.class {
        None => return Ok(None),
        Some(class @ Class::Bypassed) => Predicate::Gap(Box::new(Gap {
            tool: line.tool.clone(),
            time: line.time.clone(),
            class,
            how: entry.how,
            hooks: entry.hooks,
            task: entry.task,
            rules: codes.to_vec(),
        })),
        Some(class) => Predicate::CommitCheck(Box::new(CommitCheck {
            log: log(session, commit, line)?,
            tool: line.tool.clone(),
            time: line.time.clone(),
            class,
            of: entry.of,
            hooks: entry.hooks,
            parents: entry.parents,
            message: digest(&commit.message),
            task: entry.task,
            personas: entry.personas,
            policy: entry.policy,
        })),
    };
    let tree = TreeId::new(commit.tree.to_string());
    let id = CommitId::new(commit.id.to_string());
    Ok(Some(Statement::about(&tree, Some(&id), predicate)))
}

/// Finds the blob of the task's persona log.
fn log(session: &Session, commit: &Commit, line: &Line) -> Result<Option<BlobId>, Error> {
    let Some(task) = &line.entry.task else {
        return Ok(None);
    };
    let path = session.force.policy.log_of(task);
    let found = session.repository.entry(commit.tree, path.as_bytes())?;
    Ok(found.map(|entry| BlobId::new(entry.oid.to_string())))
}

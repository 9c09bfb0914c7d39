//! A revert, which git makes without asking a hook (tried on git 2.39 and 2.47): what push and audit will say of it is said
//! at once, with what mends it while it is the newest commit.

use std::collections::BTreeSet;

use super::form::quoted;
use super::session::Session;
use super::{print, report};
use crate::audit::history::{self, Request};
use crate::change::Place;
use crate::error::Error;
use crate::finding::{Finding, Level, printable};
use crate::git::Commit;
use crate::id::CommitId;
use crate::message::Message;
use crate::policy::Class;

/// Judges a commit that git made of `git revert`, and tells what it lacks.
pub(super) fn tell(session: &Session, commit: &Commit) -> Result<(), Error> {
    let request = Request {
        commits: vec![commit.id],
        range: None,
        force: &session.force,
        basis: None,
        recompute: None,
        waivers: None,
    };
    let rows = history::judge(&session.repository, request)?.commits;
    let findings: Vec<Finding> = rows.into_iter().flat_map(|row| row.findings).collect();
    if findings.iter().all(|found| found.level != Level::Error) {
        return Ok(());
    }
    let id = CommitId::new(commit.id.to_string());
    let (records, is_all) = records(session, commit)?;
    if records.is_empty() {
        let subject = Message::parse(&commit.message).subject;
        report(&findings, &Place::Commit(id, subject));
        return Ok(());
    }
    let codes: BTreeSet<&str> = findings.iter().map(|found| found.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let mend = match is_all {
        // Nothing else would be left to commit.
        true => "git reset --keep HEAD~1".to_owned(),
        false => format!(
            "git restore --source=HEAD~1 --staged --worktree -- {} && git commit --amend --no-edit",
            records.join(" ")
        ),
    };
    print(&format!(
        "pdd-hooks: commit {} takes back documents of the workflow too, which no revert may: git asks no hook about it, push and audit refuse it ({})\n  = help: {mend}\n",
        id.short(),
        codes.join(", "),
    ));
    Ok(())
}

/// The workflow's documents that a commit changes, from the top as sh takes them, and whether it changes nothing else.
fn records(session: &Session, commit: &Commit) -> Result<(Vec<String>, bool), Error> {
    let Some(&parent) = commit.parents.first() else {
        return Ok((Vec::new(), false));
    };
    let repository = &session.repository;
    let base = repository.tree_of(parent)?;
    let deltas = repository.diff(Some(base), Some(commit.tree))?;
    let records = deltas
        .iter()
        .filter(|delta| delta.class(&session.force.policy) == Class::Record);
    let names = records.map(|delta| printable(&String::from_utf8_lossy(&delta.path)).to_string());
    let names: Vec<String> = names.map(|name| quoted(&format!(":/{name}"))).collect();
    let is_all = names.len() == deltas.len();
    Ok((names, is_all))
}

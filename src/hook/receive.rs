//! pre-receive: every new commit of every pushed branch and tag is judged from quarantine, by the policy at the old tip.

use super::push::{Books, judge_commits, landing_tasks, landing_validation};
use super::session::Session;
use super::{guard, print, report, store};
use crate::audit::landing::{Move, facts};
use crate::change::{Moment, Place, Role};
use crate::error::Error;
use crate::evidence::ledger;
use crate::exit::Exit;
use crate::git::{Oid, RECORDS};
use crate::rules;

/// pre-receive; `<old> <new> <ref>` a line (githooks(5)).
pub(super) fn check(session: &Session, input: &[u8]) -> Result<Exit, Error> {
    let repository = &session.repository;
    let policy = &session.force.policy;
    let ledger = ledger::read(&session.pdd)?;
    // Records may come in one push with what they prove.
    let evidence = guard::updates(input)
        .into_iter()
        .find(|update| update.name == RECORDS.as_bytes());
    let evidence = match evidence {
        Some(update) => commit(session, update.new)?,
        None => None,
    };
    let books = Books::read(session, ledger, evidence)?;
    // Only what a branch holds is known: another namespace is no way in.
    let known: Vec<Oid> = repository
        .commits_below("refs/heads/")?
        .into_iter()
        .map(|(_, tip)| tip)
        .collect();
    let landing = landing_tips(session, input)?;
    let mut refused = store::refuses(session, input)?;
    for update in guard::updates(input) {
        let name = String::from_utf8_lossy(update.name).into_owned();
        let branch = name.strip_prefix("refs/heads/");
        let tag = name.strip_prefix("refs/tags/");
        if branch.is_none() && tag.is_none() {
            continue;
        }
        let from = commit(session, update.old)?;
        let to = commit(session, update.new)?;
        if let Some(to) = to {
            let role = branch.map(|branch| policy.role(branch, &[]));
            // A landing is judged whole, whatever other branch holds its commits already.
            let without: Vec<Oid> = if role == Some(Role::Protected) {
                from.into_iter().collect()
            } else {
                known.clone()
            };
            let commits = repository.commits_between(&[to], &without)?;
            refused |= judge_commits(session, &books, &name, to, &commits)?;
        }
        let guarded = branch.is_some_and(|branch| {
            matches!(
                policy.role(branch, &[]),
                Role::Protected | Role::Integration
            )
        }) || tag.is_some_and(|tag| policy.is_release_tag(tag));
        if guarded {
            let movement = Move {
                reference: &name,
                from,
                to,
                // A release may come in one push with the landing that it names.
                also_known: if tag.is_some() { &landing } else { &[] },
                replaced_by: None,
            };
            let mut landing = facts(
                repository,
                policy,
                &books.ledger,
                Moment::Receive,
                &movement,
            )?;
            landing.validation = landing_validation(session, &books, &landing, from, to)?;
            landing.tasks = landing_tasks(session, &books, &landing)?;
            refused |= report(
                &rules::run_landing(&landing, policy),
                &Place::Reference(name.clone()),
            );
        }
    }
    if refused && books.records.is_empty() && policy.level("validation").is_some() {
        print(&format!(
            "  = what a clone has recorded comes with `git push <remote> {RECORDS}`\n"
        ));
    }
    Ok(if refused {
        Exit::Findings
    } else {
        Exit::Passed
    })
}

/// Where this push would put the protected branches.
fn landing_tips(session: &Session, input: &[u8]) -> Result<Vec<Oid>, Error> {
    let policy = &session.force.policy;
    let mut tips = Vec::new();
    for update in guard::updates(input) {
        let name = String::from_utf8_lossy(update.name);
        let branch = name.strip_prefix("refs/heads/");
        if branch.is_some_and(|branch| policy.role(branch, &[]) == Role::Protected) {
            tips.extend(commit(session, update.new)?);
        }
    }
    Ok(tips)
}

fn commit(session: &Session, id: &[u8]) -> Result<Option<Oid>, Error> {
    let text = String::from_utf8_lossy(id);
    if text.bytes().all(|b| b == b'0') {
        return Ok(None);
    }
    Ok(session.repository.peel(session.repository.oid(&text)?)?)
}

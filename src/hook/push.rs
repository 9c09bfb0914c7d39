//! pre-push: every commit that would be new to the remote is judged again, and every move of a guarded branch.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::session::Session;
use super::{Hook, print, publish, report};
use crate::audit::arrival::{Arrival, Seat};
use crate::audit::basis::Basis;
use crate::audit::judge::{Era, Judged};
use crate::audit::landing::{Move, tracking_tips};
use crate::change::{Moment, Place, Role};
use crate::error::Error;
use crate::evidence::ledger::{self, Entry, Event, Ledger};
use crate::exit::Exit;
use crate::git::{GUARD, Oid};
use crate::id::CommitId;
use crate::rules;

/// One line of the hook's input (githooks(5), pre-push).
struct Push {
    to: Option<Oid>,
    reference: String,
    from: Option<Oid>,
}

/// pre-push; the arguments are the remote's name and address.
pub(super) fn check(session: &Session, args: &[OsString], input: &[u8]) -> Result<Exit, Error> {
    let remote = args
        .first()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let pushes = parse(session, input)?;
    let ledger = ledger::read(&session.pdd)?;
    // A remote-tracking branch that was moved by hand tells nothing of what the remote has.
    let mut known: Vec<Oid> = session
        .repository
        .commits_below(&format!("refs/remotes/{remote}/"))?
        .into_iter()
        .filter(|(name, tip)| !ledger.moved_by_hand(name, &tip.to_string()))
        .map(|(_, tip)| tip)
        .collect();
    // What a protected branch of another remote holds has landed, and was judged there: a fork is brought it as it is.
    for branch in &session.force.policy.branch.protected {
        known.extend(tracking_tips(&session.repository, &ledger, branch)?);
    }
    let basis = Basis::in_force(&session.repository, &session.force, &ledger, None)?;
    let mut books = Books {
        ledger: &ledger,
        judged: BTreeMap::new(),
    };
    let mut refused = false;
    let landing = landing_tips(session, &pushes);
    for push in &pushes {
        refused |= check_one(session, &basis, &mut books, push, [&known, &landing])?;
    }
    if !refused {
        publish::publish(session, &books, &remote, args.get(1), input);
        note(session, &remote, &pushes)?;
    }
    Ok(if refused {
        Exit::Findings
    } else {
        Exit::Passed
    })
}

/// Writes down what is let through, so that the audit can tell the pushes that were not asked about.
fn note(session: &Session, remote: &str, pushes: &[Push]) -> Result<(), Error> {
    // The records' own push runs this hook too, and brings no work of anybody's.
    if publish::is_dry(session) || std::env::var_os(GUARD).is_some() {
        return Ok(());
    }
    for push in pushes {
        let (Some(to), true) = (push.to, push.reference.starts_with("refs/heads/")) else {
            continue;
        };
        let id = |oid: Oid| CommitId::new(oid.to_string());
        let entry = Entry {
            commit: Some(id(to)),
            parents: push.from.map(id).into_iter().collect(),
            how: Some(remote.to_owned()),
            hooks: vec![Hook::PrePush.name().into()],
            policy: Some(session.force.policy.number),
            reference: Some(push.reference.clone()),
            ..Entry::new(Event::Push)
        };
        ledger::append(&session.pdd, entry)?;
    }
    Ok(())
}

/// What is known of the commits of a push.
pub(super) struct Books<'a> {
    pub(super) ledger: &'a Ledger,
    /// The commits that were judged, each with the codes of its findings.
    pub(super) judged: BTreeMap<Oid, Vec<String>>,
}

fn check_one(
    session: &Session,
    basis: &Basis<'_>,
    books: &mut Books<'_>,
    push: &Push,
    [known, landing]: [&[Oid]; 2],
) -> Result<bool, Error> {
    let repository = &session.repository;
    if push.reference.starts_with("refs/pdd/") {
        // The records are commits of their own making, and no work of anybody's.
        return Ok(false);
    }
    let arrival = match is_guarded(session, push) && !is_adoption(session, push)? {
        true => {
            let movement = Move {
                reference: &push.reference,
                from: push.from,
                to: push.to,
                // A release may go in one push with the landing that it names.
                also_known: match push.reference.starts_with("refs/tags/") {
                    true => landing,
                    false => &[],
                },
                replaced_by: None,
            };
            let seat = Seat::new(repository, books.ledger, Moment::Push);
            let mut arrival = seat.arrival(&session.force, &movement)?;
            // What the ledger saw here says nothing of the remote's reference.
            arrival.landing.last_recorded = None;
            Some(arrival)
        }
        false => None,
    };
    let mut refused = false;
    if let Some(to) = push.to {
        let basis = arrival.as_ref().map_or(basis, |arrival| &arrival.basis);
        let is_landing = arrival.as_ref().is_some_and(|arrival| arrival.is_landing);
        let without: Vec<Oid> = match is_landing {
            // A landing is judged whole, as a server does.
            true => push.from.into_iter().collect(),
            false => known.iter().copied().chain(push.from).collect(),
        };
        let commits = repository.commits_between(&[to], &without)?;
        let judged = basis.commits(&push.reference, to, &commits)?;
        refused |= report_commits(&judged);
        for one in judged.iter().filter(|one| one.era == Era::After) {
            let codes = one.findings.iter().map(|found| found.code.to_owned());
            books.judged.insert(one.commit.id, codes.collect());
        }
    }
    if let Some(arrival) = arrival {
        refused |= report_landing(&arrival);
    }
    Ok(refused)
}

/// Prints what the rules say of commits and says whether any of it stops git.
pub(super) fn report_commits(commits: &[Judged]) -> bool {
    let judged = commits.iter().filter(|judged| judged.era != Era::Before);
    judged.fold(false, |refused, judged| {
        report(&judged.findings, &judged.place()) | refused
    })
}

/// Prints what the rules say of a move and says whether any of it stops git; a landing that passes says by whose word.
pub(super) fn report_landing(arrival: &Arrival<'_>) -> bool {
    let landing = &arrival.landing;
    let findings = arrival.findings(&arrival.basis.policy);
    let refused = report(&findings, &Place::Reference(landing.reference.clone()));
    if !refused && let Some(words) = rules::landing_words(landing) {
        print(&format!("pdd-hooks: {words}\n"));
    }
    refused
}

/// Where this push would put the protected branches.
fn landing_tips(session: &Session, pushes: &[Push]) -> Vec<Oid> {
    let policy = &session.force.policy;
    let is_protected = |push: &&Push| {
        let branch = push.reference.strip_prefix("refs/heads/");
        branch.is_some_and(|branch| policy.role(branch, &[]) == Role::Protected)
    };
    let landing = pushes.iter().filter(is_protected);
    landing.filter_map(|push| push.to).collect()
}

fn is_guarded(session: &Session, push: &Push) -> bool {
    let policy = &session.force.policy;
    if let Some(branch) = push.reference.strip_prefix("refs/heads/") {
        return matches!(
            policy.role(branch, &[]),
            Role::Protected | Role::Integration
        );
    }
    push.reference
        .strip_prefix("refs/tags/")
        .is_some_and(|tag| policy.is_release_tag(tag))
}

/// Whether the remote's branch has no policy yet: then this push brings it, and is no landing.
fn is_adoption(session: &Session, push: &Push) -> Result<bool, Error> {
    let known = |from: &Oid| session.repository.has_object(*from);
    let Some(from) = push.from.filter(known) else {
        return Ok(false);
    };
    Ok(push.to.is_some()
        && session
            .repository
            .policy_at(from, &push.reference)?
            .is_none())
}

fn parse(session: &Session, input: &[u8]) -> Result<Vec<Push>, Error> {
    let repository = &session.repository;
    let commit = |text: &str| -> Result<Option<Oid>, Error> {
        if text.bytes().all(|b| b == b'0') {
            return Ok(None);
        }
        let oid = repository.oid(text)?;
        // What the remote has may be unknown here, and stands there all the same: nothing is known to descend from it.
        if repository.has_object(oid) {
            Ok(repository.peel(oid)?)
        } else {
            Ok(Some(oid))
        }
    };
    lines(&String::from_utf8_lossy(input))
        .map(|[to, reference, from]| {
            Ok(Push {
                to: commit(to)?,
                reference: reference.into(),
                from: commit(from)?,
            })
        })
        .collect()
}

/// Takes `<local ref> <local oid> <remote ref> <remote oid>` lines apart, but for the first field: it is what the user
/// wrote and may hold blanks (`HEAD@{1 hour ago}`).
fn lines(input: &str) -> impl Iterator<Item = [&str; 3]> {
    input.lines().filter_map(|line| {
        let mut fields = line.rsplitn(4, ' ');
        let (from, reference, to) = (fields.next()?, fields.next()?, fields.next()?);
        fields.next().map(|_| [to, reference, from])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_local_name_may_hold_blanks() {
        let input = "HEAD@{1 hour ago} a refs/heads/x b\nshort line\n(delete) 0 refs/heads/y c\n";
        let found: Vec<_> = lines(input).collect();
        assert_eq!(
            found,
            [["a", "refs/heads/x", "b"], ["0", "refs/heads/y", "c"]]
        );
    }

    proptest! {
        #[test]
        fn any_input_is_taken_apart_without_a_panic(input: Vec<u8>, near in "([a-z/~^ ]{0,6} ?[0-9a-f]{0,41} ?\n?){0,9}") {
            let lossy = String::from_utf8_lossy(&input);
            prop_assert!(lines(&lossy).count() <= lossy.lines().count());
            prop_assert!(lines(&near).count() <= near.lines().count());
        }
    }
}

//! pre-push: every commit that would be new to the remote is judged again, and every move of a guarded branch.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;

use super::session::Session;
use super::{publish, report};
use crate::audit::judge::{Era, Judge, Proofs};
use crate::audit::landing::{Move, facts, tracking_tips};
use crate::audit::{reds, validations};
use crate::change::{Branch, Landing, Moment, Place, Role, TaskWork, Validation};
use crate::error::Error;
use crate::evidence::ledger::{self, Ledger};
use crate::exit::Exit;
use crate::git::Oid;
use crate::proof::known::Known;
use crate::proof::standing::of_landing;
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
    let books = Books::read(session, ledger, None)?;
    let mut refused = false;
    for push in &pushes {
        refused |= check_one(session, &books, push, &known)?;
    }
    if !refused {
        publish::publish(session, &books, &remote, args.get(1), input);
    }
    Ok(if refused {
        Exit::Findings
    } else {
        Exit::Passed
    })
}

/// What is read once for all references of a push.
pub(super) struct Books {
    pub(super) ledger: Ledger,
    pub(super) records: Known,
    pub(super) adoption: Option<Oid>,
    /// The commits that were judged, each with the codes of its findings.
    pub(super) judged: RefCell<BTreeMap<Oid, Vec<String>>>,
}

impl Books {
    /// Reads them; `evidence` is where a push brings the records to.
    pub(super) fn read(
        session: &Session,
        ledger: Ledger,
        evidence: Option<Oid>,
    ) -> Result<Self, Error> {
        let (repository, force) = (&session.repository, &session.force);
        Ok(Self {
            ledger,
            records: Known::read_for(repository, &force.policy, evidence)?,
            adoption: repository.adoption(force.tip)?,
            judged: RefCell::default(),
        })
    }
}

fn check_one(session: &Session, books: &Books, push: &Push, known: &[Oid]) -> Result<bool, Error> {
    let repository = &session.repository;
    let policy = &session.force.policy;
    let mut refused = false;
    if push.reference.starts_with("refs/pdd/") {
        // The records are commits of their own making, and no work of anybody's.
        return Ok(false);
    }
    if let Some(to) = push.to {
        let without: Vec<Oid> = known.iter().copied().chain(push.from).collect();
        let commits = repository.commits_between(&[to], &without)?;
        refused |= judge_commits(session, books, &push.reference, to, &commits)?;
    }
    if is_guarded(session, push) && !is_adoption(session, push)? {
        let movement = Move {
            reference: &push.reference,
            from: push.from,
            to: push.to,
            also_known: &[],
            replaced_by: None,
        };
        let mut landing = facts(repository, policy, &books.ledger, Moment::Push, &movement)?;
        landing.validation = landing_validation(session, books, &landing, push.from, push.to)?;
        landing.tasks = landing_tasks(session, books, &landing)?;
        // What the ledger saw here says nothing of the remote's reference.
        landing.last_recorded = None;
        let findings = rules::run_landing(&landing, policy);
        refused |= report(&findings, &Place::Reference(push.reference.clone()));
    }
    Ok(refused)
}

/// Judges the commits that a push brings to a reference and prints the findings. A work branch says for its own
/// commits, those on its first-parent chain, on which branch they were made.
pub(super) fn judge_commits(
    session: &Session,
    books: &Books,
    reference: &str,
    to: Oid,
    commits: &[Oid],
) -> Result<bool, Error> {
    let (repository, policy) = (&session.repository, &session.force.policy);
    let judge = Judge::new(repository, &books.ledger, books.adoption, commits)?;
    let floor = Some(session.force.tip);
    let group = validations::Judged {
        policy,
        floor,
        commits: commits.to_vec(),
    };
    let mut validations = validations::find(repository, &judge, &books.records, &[group])?;
    let work = reference
        .strip_prefix("refs/heads/")
        .filter(|branch| matches!(policy.role(branch, &[]), Role::Work(_)));
    let own = match work {
        Some(_) => first_parents(session, to, commits)?,
        None => HashSet::new(),
    };
    let mut refused = false;
    for &oid in commits {
        let on = match work {
            Some(branch) if own.contains(&oid) => Branch::Named(branch.to_owned()),
            _ => Branch::Unknown,
        };
        let proofs = Proofs {
            validation: validations.remove(&oid).unwrap_or_default(),
            red: reds::of(repository, &judge, &books.records, policy, floor, oid)?,
        };
        let judged = judge.judge(oid, policy, on, proofs)?;
        if judged.era == Era::After {
            let codes = judged.findings.iter().map(|found| found.code.to_string());
            books.judged.borrow_mut().insert(oid, codes.collect());
            refused |= report(&judged.findings, &judged.place());
        }
    }
    Ok(refused)
}

/// What the records say of the tip of a landing on a protected branch. One that is new here, or stood nobody here knows
/// where, begins at the branch whose policy is in force.
pub(super) fn landing_validation(
    session: &Session,
    books: &Books,
    landing: &Landing,
    from: Option<Oid>,
    to: Option<Oid>,
) -> Result<Validation, Error> {
    let policy = &session.force.policy;
    let branch = landing.reference.strip_prefix("refs/heads/");
    if !branch.is_some_and(|branch| policy.role(branch, &[]) == Role::Protected) {
        return Ok(Validation::Undecided);
    }
    let (repository, force) = (&session.repository, &session.force);
    let from = from.filter(|from| repository.has_object(*from));
    let from = from.or(Some(force.tip));
    Ok(of_landing(repository, &books.records, policy, from, to)?)
}

/// What the tasks that a landing brings do to source.
pub(super) fn landing_tasks(
    session: &Session,
    books: &Books,
    landing: &Landing,
) -> Result<Vec<TaskWork>, Error> {
    let (repository, force) = (&session.repository, &session.force);
    let commits = landing.arriving.iter();
    let commits = commits
        .map(|(id, _)| repository.oid(id.as_str()))
        .collect::<Result<Vec<Oid>, _>>()?;
    let judge = Judge::new(repository, &books.ledger, books.adoption, &commits)?;
    let floor = Some(force.tip);
    let arriving = &landing.arriving;
    reds::tasks(
        repository,
        &judge,
        &books.records,
        &force.policy,
        floor,
        arriving,
    )
}

fn first_parents(session: &Session, to: Oid, commits: &[Oid]) -> Result<HashSet<Oid>, Error> {
    let new: HashSet<Oid> = commits.iter().copied().collect();
    let mut chain = HashSet::new();
    for commit in session.repository.first_parents(to) {
        let commit = commit?;
        if !new.contains(&commit.id) {
            break;
        }
        chain.insert(commit.id);
    }
    Ok(chain)
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

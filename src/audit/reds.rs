//! What the records say of the red proofs of commits, and of the tasks that they are for.

use std::collections::HashSet;

use super::basis::Basis;
use super::judge::{Era, Judge, Proofs};
use crate::change::{Branch, Kind, Landing, RedFirst, TaskWork, TestVerdict};
use crate::error::Error;
use crate::git::{Commit, Oid, Repository};
use crate::id::{CommitId, TaskId};
use crate::message::Message;
use crate::policy::{Acceptance, Class, Policy};
use crate::proof::known::Known;
use crate::proof::red;
use crate::proof::request::Request;
use crate::workflow::tasklist;

/// Says what is recorded of the red proof of a commit; undecided where nothing is asked of it.
///
/// # Errors
/// An object is missing.
pub fn of(
    repository: &Repository,
    judge: &Judge<'_>,
    known: &Known,
    policy: &Policy,
    floor: Option<Oid>,
    oid: Oid,
) -> Result<RedFirst, Error> {
    let commit = repository.commit(oid)?;
    if judge.era(oid) != Era::After || commit.parents.len() > 1 {
        return Ok(RedFirst::Undecided);
    }
    Ok(at(repository, known, policy, floor, &commit)?)
}

fn at(
    repository: &Repository,
    known: &Known,
    policy: &Policy,
    floor: Option<Oid>,
    commit: &Commit,
) -> Result<RedFirst, crate::proof::Error> {
    if policy.level("red-first").is_none() {
        return Ok(RedFirst::Undecided);
    }
    let mut request = Request::of(repository, policy, commit.tree, &commit.parents)?;
    let message = Message::parse(&commit.message);
    if let [task] = policy.tasks_in(&message.subject).as_slice() {
        request = request.of_task(repository, policy, task.clone())?;
    }
    red::known(repository, policy, floor, known, &request)
}

/// Says what the tasks that a landing brings do to source.
///
/// # Errors
/// An object is missing.
pub fn of_landing(basis: &Basis<'_>, landing: &Landing) -> Result<Vec<TaskWork>, Error> {
    let arriving: Vec<(CommitId, String)> = landing.arriving.clone();
    let commits = arriving
        .iter()
        .map(|(id, _)| basis.repository.oid(id.as_str()))
        .collect::<Result<Vec<Oid>, _>>()?;
    let judge = basis.judge(&commits)?;
    let floor = Some(basis.floor);
    let (records, policy) = (&basis.records, &basis.policy);
    tasks(basis.repository, &judge, records, policy, floor, &arriving)
}

/// Says what each task that a landing brings does to source, in the order of their first commits.
///
/// # Errors
/// An object is missing.
pub fn tasks(
    repository: &Repository,
    judge: &Judge<'_>,
    known: &Known,
    policy: &Policy,
    floor: Option<Oid>,
    arriving: &[(CommitId, String)],
) -> Result<Vec<TaskWork>, Error> {
    let mut works: Vec<TaskWork> = Vec::new();
    let mut proven = HashSet::new();
    if policy.level("red-first").is_none() {
        return Ok(works);
    }
    for (id, subject) in arriving {
        let oid = repository.oid(id.as_str())?;
        let [task] = &policy.tasks_in(subject)[..] else {
            continue;
        };
        let red = of(repository, judge, known, policy, floor, oid)?;
        let judged = judge.judge(oid, policy, Branch::Unknown, Proofs::default())?;
        let commit = &judged.commit;
        if let Some(Kind::Replayed { of }) = &judged.kind {
            let original = repository.oid(of.as_str())?;
            if proven_before(repository, judge, (known, policy, floor), original)? {
                proven.insert(task.clone());
            }
            continue;
        }
        if judged.kind != Some(Kind::Ordinary) || !changes_source(repository, policy, commit, &red)?
        {
            continue;
        }
        let work = match works.iter_mut().position(|work| work.task == *task) {
            Some(at) => &mut works[at],
            None => {
                let is_red_free = is_red_free(repository, policy, commit, task)?;
                works.push(TaskWork {
                    task: task.clone(),
                    source: Vec::new(),
                    is_proven: false,
                    is_red_free,
                });
                // It was pushed just now.
                let last = works.len() - 1;
                &mut works[last]
            }
        };
        work.source.push(id.clone());
        work.is_proven |= is_proven(&red, policy);
    }
    for work in &mut works {
        work.is_proven |= proven.contains(&work.task);
    }
    Ok(works)
}

/// Whether a commit that was replayed, or one that it replays itself, has a red proof.
fn proven_before(
    repository: &Repository,
    judge: &Judge<'_>,
    (known, policy, floor): (&Known, &Policy, Option<Oid>),
    original: Oid,
) -> Result<bool, Error> {
    let mut seen = HashSet::new();
    let mut next = Some(original);
    while let Some(oid) = next.filter(|&oid| repository.has_object(oid) && seen.insert(oid)) {
        let commit = repository.commit(oid)?;
        if commit.parents.len() > 1 {
            break;
        }
        if is_proven(&at(repository, known, policy, floor, &commit)?, policy) {
            return Ok(true);
        }
        next = judge.vouched_original(oid);
    }
    Ok(false)
}

/// Says whether a commit changes source, as its proof or, without one, its paths tell.
///
/// # Errors
/// An object is missing.
pub fn changes_source(
    repository: &Repository,
    policy: &Policy,
    commit: &Commit,
    red: &RedFirst,
) -> Result<bool, Error> {
    if let RedFirst::Known(proof) = red {
        return Ok(!proof.sources.is_empty());
    }
    let base = match commit.parents.first() {
        Some(&parent) => Some(repository.tree_of(parent)?),
        None => None,
    };
    let deltas = repository.diff(base, Some(commit.tree))?;
    Ok(deltas
        .iter()
        .any(|delta| delta.class(policy) == Class::Source))
}

/// Whether the Tasklist below a task's first commit with source gives it a type that asks for no red proof.
fn is_red_free(
    repository: &Repository,
    policy: &Policy,
    first: &Commit,
    task: &TaskId,
) -> Result<bool, Error> {
    let Some(&parent) = first.parents.first() else {
        return Ok(false);
    };
    let tree = repository.tree_of(parent)?;
    let text = repository.text_at(tree, &policy.task.tasklist)?;
    let kind = text.and_then(|text| tasklist::kind_of(&text, task, &|id| policy.is_task(id)));
    Ok(kind.is_some_and(|kind| {
        policy.message.types.contains(&kind) && !policy.red.types.contains(&kind)
    }))
}

/// Says whether a proof shows a test that counts.
fn is_proven(red: &RedFirst, policy: &Policy) -> bool {
    let RedFirst::Known(proof) = red else {
        return false;
    };
    let counts = |verdict| match verdict {
        TestVerdict::Proven => true,
        TestVerdict::Weak => policy.red.weak == Acceptance::Accept,
        _ => false,
    };
    proof.tests.iter().any(|test| counts(test.verdict))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{RedProof, RedTest, Seen};

    fn red(verdict: TestVerdict) -> RedFirst {
        let test = RedTest {
            check: "tests".into(),
            id: "adds".into(),
            file: None,
            line: None,
            is_sealed: false,
            without: Seen::Failed,
            throwing: None,
            empty: None,
            with: Seen::Passed,
            verdict,
            said: None,
        };
        RedFirst::Known(Box::new(RedProof {
            tests: vec![test],
            ..RedProof::default()
        }))
    }

    #[test]
    fn a_weak_test_counts_for_a_task_where_the_policy_accepts_it() {
        let mut policy = Policy::default();
        policy.red.weak = Acceptance::Accept;
        assert!(is_proven(&red(TestVerdict::Weak), &policy));
        policy.red.weak = Acceptance::Refuse;
        assert!(!is_proven(&red(TestVerdict::Weak), &policy));
        assert!(is_proven(&red(TestVerdict::Proven), &policy));
    }
}

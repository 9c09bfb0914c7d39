//! What the records say of the validation of many commits at once: each by the policy that judges it, replays by their
//! originals.

use std::collections::{HashMap, HashSet};

use super::judge::{Era, Judge};
use crate::change::{CheckState, Validation};
use crate::error::Error;
use crate::git::{Oid, Repository};
use crate::policy::Policy;
use crate::proof::known::Known;
use crate::proof::standing::{Ground, all_passed};

/// Commits that one policy judges.
#[derive(Debug)]
pub struct Judged<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The old tip of the landing that brought them, or the tip of the protected branch; none where nothing counts as
    /// judged before.
    pub floor: Option<Oid>,
    /// The commits, parents before children.
    pub commits: Vec<Oid>,
}

/// Says of each commit what is known of its validation. A replayed commit whose original was validated needs no run of
/// its own if a later commit of `groups` that holds it is validated.
///
/// # Errors
/// An object is missing.
pub fn find(
    repository: &Repository,
    judge: &Judge<'_>,
    known: &Known,
    groups: &[Judged<'_>],
) -> Result<HashMap<Oid, Validation>, Error> {
    let mut states: HashMap<Oid, Vec<CheckState>> = HashMap::new();
    let mut grounds = Vec::new();
    for group in groups {
        if group.policy.level("validation").is_none() {
            continue;
        }
        let commits = group.commits.iter().copied();
        let judged: Vec<Oid> = commits
            .filter(|&oid| judge.era(oid) == Era::After)
            .collect();
        let ground = Ground::new(repository, known, group.policy, group.floor, &judged)?;
        for &oid in &judged {
            states.insert(oid, ground.of(&repository.commit(oid)?)?);
        }
        grounds.push((ground, judged));
    }
    let covered = covered(repository, groups, &states)?;
    for (ground, judged) in &grounds {
        for &oid in judged {
            let is_open = states.get(&oid).is_some_and(|found| !all_passed(found));
            if is_open && covered.contains(&oid) && is_replay(repository, judge, ground, oid)? {
                states.insert(oid, Vec::new());
            }
        }
    }
    let found = states
        .into_iter()
        .map(|(oid, states)| (oid, Validation::Known(states)));
    Ok(found.collect())
}

/// The commits of a group that replay validated ones.
///
/// # Errors
/// An object is missing.
pub fn replays(
    repository: &Repository,
    judge: &Judge<'_>,
    known: &Known,
    group: &Judged<'_>,
) -> Result<HashSet<Oid>, Error> {
    let ground = Ground::new(repository, known, group.policy, group.floor, &group.commits)?;
    let mut found = HashSet::new();
    for &oid in &group.commits {
        if is_replay(repository, judge, &ground, oid)? {
            found.insert(oid);
        }
    }
    Ok(found)
}

/// Says whether a commit is the exact replay of one that is validated.
fn is_replay(
    repository: &Repository,
    judge: &Judge<'_>,
    ground: &Ground<'_>,
    oid: Oid,
) -> Result<bool, Error> {
    let original = judge.vouched_original(oid);
    let Some(of) = original.filter(|&of| repository.has_object(of)) else {
        return Ok(false);
    };
    ground.reach(&[of])?;
    Ok(all_passed(&ground.of(&repository.commit(of)?)?))
}

/// The commits below a validated one.
fn covered(
    repository: &Repository,
    groups: &[Judged<'_>],
    states: &HashMap<Oid, Vec<CheckState>>,
) -> Result<HashSet<Oid>, Error> {
    let mut covered = HashSet::new();
    let children_first = groups
        .iter()
        .rev()
        .flat_map(|group| group.commits.iter().rev());
    for &oid in children_first {
        let is_validated = states.get(&oid).is_some_and(|found| all_passed(found));
        if is_validated || covered.contains(&oid) {
            covered.extend(repository.commit(oid)?.parents);
        }
    }
    Ok(covered)
}

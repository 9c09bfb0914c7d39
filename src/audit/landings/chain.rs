//! The first-parent chains of the protected branches, from the adoption to where they stand; they turn where its line does.

use std::sync::Arc;

use super::Ground;
use crate::audit::landing::tracking_tips;
use crate::error::Error;
use crate::git::{Error as GitError, IdMap, IdSet, Oid, POLICY_FILE, Repository};

/// One commit of a chain.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) id: Oid,
    pub(super) tree: Oid,
    pub(super) parents: Vec<Oid>,
}

impl Link {
    /// Reads a commit.
    ///
    /// # Errors
    /// It is missing.
    pub(super) fn read(repository: &Repository, id: Oid) -> Result<Self, Error> {
        Ok(Self {
            id,
            tree: repository.tree_of(id)?,
            parents: repository.parents_of(id)?,
        })
    }
}

/// A chain, oldest first. The first link landed nowhere: it is the adoption, or stands on another branch's chain.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub(super) branch: Arc<str>,
    pub(super) links: Vec<Link>,
    places: IdMap<usize>,
}

impl Chain {
    /// Returns the place of a commit.
    pub(super) fn place(&self, oid: Oid) -> Option<usize> {
        self.places.get(&oid).copied()
    }

    /// Returns the place of a commit that is named by its id.
    pub(super) fn place_of(&self, repository: &Repository, id: &str) -> Option<usize> {
        self.place(repository.oid(id).ok()?)
    }
}

/// Follows each protected branch that stands here, that of the policy in force first. What two have in common landed on
/// the first.
pub(super) fn chains(ground: &Ground<'_>) -> Result<Vec<Chain>, Error> {
    let force = ground.force;
    let mut branches = vec![force.branch.as_str()];
    let names = force.policy.branch.protected.iter().map(String::as_str);
    branches.extend(names.filter(|name| *name != force.branch));
    let mut seen = IdSet::default();
    let mut found = Vec::new();
    for branch in branches {
        for tip in tips(ground, branch)? {
            let Some(links) = links(ground, tip, &seen)? else {
                continue;
            };
            seen.extend(links.iter().map(|link| link.id));
            let places = links.iter().enumerate();
            found.push(Chain {
                branch: branch.into(),
                places: places.map(|(place, link)| (link.id, place)).collect(),
                links,
            });
        }
    }
    Ok(found)
}

/// Where a branch stands, here and as far as transfers told: the furthest, or each where none holds the others.
fn tips(ground: &Ground<'_>, branch: &str) -> Result<Vec<Oid>, Error> {
    let (repository, force) = (ground.repository, ground.force);
    let mut tips = Vec::new();
    if branch == force.branch {
        tips.push(force.tip);
    }
    tips.extend(repository.find_commit_at(&format!("refs/heads/{branch}"))?);
    tips.extend(tracking_tips(repository, ground.ledger, branch)?);
    let mut furthest: Vec<Oid> = Vec::new();
    for tip in tips {
        let mut is_held = false;
        for &other in &furthest {
            is_held |= repository.is_ancestor(tip, other)?;
        }
        if is_held {
            continue;
        }
        let mut kept = vec![tip];
        for other in furthest {
            if !repository.is_ancestor(other, tip)? {
                kept.push(other);
            }
        }
        furthest = kept;
    }
    Ok(furthest)
}

/// Goes down from a tip to the adoption, or to what stands on a chain already; none where nothing was adopted.
fn links(ground: &Ground<'_>, tip: Oid, seen: &IdSet) -> Result<Option<Vec<Link>>, Error> {
    let repository = ground.repository;
    let mut links = Vec::new();
    let mut is_based = false;
    let mut next = Some(tip);
    while let Some(id) = next {
        let link = match Link::read(repository, id) {
            Err(Error::Git(GitError::Shallow { .. })) => break,
            link => link?,
        };
        is_based = seen.contains(&id) || ground.line.adoption == Some(id);
        next = ground.line.below(id, &link.parents).filter(|_| !is_based);
        links.push(link);
    }
    if !is_based {
        let mut oldest = None;
        for (place, link) in links.iter().enumerate() {
            let is_there = match ground.tops.of(link.id) {
                Some(top) => top.policy.is_some(),
                None => repository
                    .entry(link.tree, POLICY_FILE.as_bytes())?
                    .is_some(),
            };
            oldest = is_there.then_some(place).or(oldest);
        }
        let Some(oldest) = oldest else {
            return Ok(None);
        };
        links.truncate(oldest + 1);
    }
    links.reverse();
    Ok(Some(links))
}

//! What people said, by what it is about: of ten thousand landings nearly all are about others.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use jiff::Timestamp;

use super::Ground;
use super::chain::{Chain, Link};
use crate::audit::approval::{SignersAt, Tip, Tips, Vote, Votes};
use crate::error::Error;
use crate::evidence::statement::Decision;
use crate::git::{Oid, Repository};
use crate::proof::known::{Spoken, Topic, Word};

/// All votes, and where to find them; each place is one in the order of the records.
#[derive(Debug, Default)]
pub(super) struct Ballots {
    votes: Vec<Vote>,
    /// What each would land; none where that is no id of this repository's.
    heads: Vec<Option<Oid>>,
    by_head: HashMap<Oid, Vec<usize>>,
    by_tree: HashMap<Oid, Vec<usize>>,
    by_from: HashMap<Oid, Vec<usize>>,
    /// Withdrawals, by the record that is taken back.
    back: HashMap<String, Vec<usize>>,
}

impl Ballots {
    /// Reads what is recorded.
    pub(super) fn read(repository: &Repository, spoken: &[Spoken]) -> Self {
        let approvals = spoken
            .iter()
            .filter(|one| matches!(one.topic, Topic::Word(Word::Approval, _)));
        let read = approvals
            .filter_map(|one| Some((one.listed.name.clone(), one.read(repository)?)))
            .collect();
        let mut found = Self {
            votes: Votes::of(read).iter().cloned().collect(),
            ..Self::default()
        };
        for (place, vote) in found.votes.iter().enumerate() {
            let said = &vote.approval;
            found.heads.push(repository.oid(said.head.as_str()).ok());
            for record in &said.withdraws {
                found.back.entry(record.clone()).or_default().push(place);
            }
            for (index, id) in [
                (&mut found.by_head, said.head.as_str()),
                (&mut found.by_tree, said.to.as_str()),
                (&mut found.by_from, said.from.as_str()),
            ] {
                if let Ok(oid) = repository.oid(id) {
                    index.entry(oid).or_default().push(place);
                }
            }
        }
        found
    }

    /// Says whether nobody said anything that could be about one of these commits.
    pub(super) fn are_silent(&self, links: &[Link]) -> bool {
        self.votes.is_empty()
            || links
                .iter()
                .all(|link| self.near_link(link).next().is_none())
    }

    fn near_link(&self, link: &Link) -> impl Iterator<Item = usize> {
        let heads = [Some(link.id), link.parents.get(1).copied()];
        self.near(heads.into_iter().flatten(), link.tree)
    }

    /// What was said of one of these heads, or of a tree.
    pub(super) fn near(
        &self,
        heads: impl IntoIterator<Item = Oid>,
        tree: Oid,
    ) -> impl Iterator<Item = usize> {
        let heads = heads.into_iter();
        let by_head = heads.filter_map(|head| self.by_head.get(&head)).flatten();
        let by_tree = self.by_tree.get(&tree).into_iter().flatten();
        by_head.chain(by_tree).copied()
    }

    /// Digests the names of these votes and of all that hang together with them; 0 for none.
    pub(super) fn digest(&self, votes: &[usize]) -> u64 {
        if votes.is_empty() {
            return 0;
        }
        let places = self.together(votes.iter().copied().collect());
        let mut hasher = DefaultHasher::new();
        for place in places {
            self.votes[place].record.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Adds to some votes the others of the same heads, and what takes any of them back.
    fn together(&self, mut places: BTreeSet<usize>) -> BTreeSet<usize> {
        // A rejection is about whatever lands the same head, also where that was squashed.
        let heads = places.iter().filter_map(|&place| self.heads[place]);
        let same = heads.filter_map(|head| self.by_head.get(&head)).flatten();
        let same: Vec<usize> = same.copied().collect();
        places.extend(same);
        let back = places
            .iter()
            .filter_map(|&place| self.back.get(&self.votes[place].record));
        let back: Vec<usize> = back.flatten().copied().collect();
        places.extend(back);
        places
    }

    /// Takes what was said of what lands, as it stood when that was received: nobody rejects, or takes back, what is done.
    pub(super) fn about(&self, links: &[Link], received: Option<Timestamp>) -> Votes {
        let near = links.iter().flat_map(|link| self.near_link(link));
        let places = self.together(near.collect());
        let votes = places.into_iter().map(|place| &self.votes[place]);
        let votes = votes.filter(|vote| !is_late(vote, received));
        Votes::some(votes.cloned().collect())
    }

    /// Returns the furthest place of a chain to which somebody, who is listed, approved a fast-forward from `at`. What the
    /// ledger saw in between stands apart.
    pub(super) fn end(
        &self,
        ground: &Ground<'_>,
        chain: &Chain,
        seen: &[Option<Timestamp>],
        at: usize,
        tips: (&Tips<'_>, &Tip),
    ) -> Result<Option<usize>, Error> {
        let mut furthest = None;
        let (tips, tip) = tips;
        for &vote in self.by_from.get(&chain.links[at].id).into_iter().flatten() {
            let said = &self.votes[vote].approval;
            let Some(place) = self.heads[vote].and_then(|head| chain.place(head)) else {
                continue;
            };
            let is_here = place > at
                && seen[place] == seen[at + 1]
                && said.decision == Decision::Approve
                && said.reference.strip_prefix("refs/heads/") == Some(&*chain.branch)
                && said.repository == tip.policy.approval.repository
                && said.to.as_str() == chain.links[place].tree.to_string();
            if !is_here || Some(place) < furthest {
                continue;
            }
            let link = &chain.links[place];
            // Where nobody was listed, the landing itself says who may.
            let signers = match *tip.signers {
                SignersAt::Listed(_) => Arc::clone(&tip.signers),
                _ => tips.at(link.id, link.tree)?.signers,
            };
            let time = seen[place].unwrap_or(ground.now);
            let signed = |signers| self.votes[vote].signed(signers, time);
            if matches!(signers.listed().and_then(signed), Some(Ok(_))) {
                furthest = Some(place);
            }
        }
        Ok(furthest)
    }
}

/// Whether a word against a landing was said when it was received already.
fn is_late(vote: &Vote, received: Option<Timestamp>) -> bool {
    let is_against = vote.approval.decision != Decision::Approve;
    let said = vote.approval.time.parse::<Timestamp>();
    match (received, said) {
        (Some(received), Ok(said)) => is_against && said >= received,
        _ => false,
    }
}

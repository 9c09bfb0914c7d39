//! Whether a word is about one step: the branch, the tip that it begins at, the outcome, and what lands.

use super::steps::{Goal, Place, Search};
use super::votes::Vote;
use crate::change::WhyNot;
use crate::error::Error;
use crate::git::{InForce, Oid, Plan};

impl Search<'_> {
    /// Whether a word could be meant for a step: it names what lands, or the outcome.
    pub(super) fn is_near(&self, vote: &Vote, next: &Goal) -> bool {
        let said = &vote.approval;
        let is_head = |oid: &Oid| said.head.as_str() == oid.to_string();
        said.to.as_str() == next.tree.to_string()
            || next.commit.as_ref().is_some_and(is_head)
            || next.parents.get(1).is_some_and(is_head)
    }

    /// Says why a word is about something else than this step.
    pub(super) fn unfit(
        &self,
        place: &Place,
        next: &Goal,
        force: &InForce,
        vote: &Vote,
    ) -> Result<Option<WhyNot>, Error> {
        let said = &vote.approval;
        if said.reference != self.asked.reference {
            return Ok(Some(WhyNot::OtherReference(said.reference.clone())));
        }
        if said.policy.as_ref() != Some(&force.blob) {
            let is_here = said.from.as_str() == place.commit.to_string();
            return Ok(Some(match is_here {
                true => WhyNot::OtherPolicy,
                false => WhyNot::OtherBase(said.from.clone(), None),
            }));
        }
        let is_here = said.from.as_str() == place.commit.to_string();
        if is_here && said.to.as_str() != next.tree.to_string() {
            return Ok(Some(WhyNot::OtherResult));
        }
        if !is_here && let Some(why) = self.outlives(place, next, force, vote)? {
            return Ok(Some(why));
        }
        Ok((!self.is_shaped(place, next, vote, is_here)?).then_some(WhyNot::OtherHistory))
    }

    /// Whether what lands is the approved commit itself, a merge of it, or one commit in its place.
    fn is_shaped(
        &self,
        place: &Place,
        next: &Goal,
        vote: &Vote,
        is_here: bool,
    ) -> Result<bool, Error> {
        let head = vote.approval.head.as_str();
        let is_head = |oid: &Oid| oid.to_string() == head;
        Ok(match next.parents.as_slice() {
            // An octopus onto a protected branch is no landing.
            [first, _, _, ..] if *first == place.commit => false,
            [first, second] if *first == place.commit && is_head(second) => true,
            [first] if *first == place.commit => true,
            _ if is_here && next.commit.as_ref().is_some_and(is_head) => match next.commit {
                Some(commit) => self.asked.repository.is_ancestor(place.commit, commit)?,
                None => false,
            },
            _ => false,
        })
    }

    /// Why a word from another tip does not hold here; none where merging what it approved into this tip gives just what
    /// lands.
    fn outlives(
        &self,
        place: &Place,
        next: &Goal,
        force: &InForce,
        vote: &Vote,
    ) -> Result<Option<WhyNot>, Error> {
        let said = &vote.approval;
        let other = |why: Option<&str>| {
            let why = why.map(str::to_owned);
            Ok(Some(WhyNot::OtherBase(said.from.clone(), why)))
        };
        if !force.policy.approval.survives_clean_merge {
            return other(None);
        }
        let repository = self.asked.repository;
        let ids = [said.from.as_str(), said.head.as_str(), said.to.as_str()];
        let [Ok(from), Ok(head), Ok(to)] = ids.map(|id| repository.oid(id)) else {
            return other(None);
        };
        let is_known = |oid| repository.has_object(oid);
        if !is_known(from) || !repository.is_ancestor(from, place.commit)? {
            return other(None);
        }
        if !is_known(head) {
            return other(Some("what it approved is not here to be merged anew"));
        }
        if self.is_spent(place, from, head)? {
            return other(Some("it has landed already"));
        }
        // What was approved is what merging gave there, so merging is all that is repeated here.
        let is_merge = |onto, tree| self.is_automatic(onto, head, tree);
        if !is_merge(from, to)? || !is_merge(place.commit, next.tree)? {
            return other(Some("merging it anew gives another tree"));
        }
        if !(self.asked.is_validated)(next.tree)? {
            return other(Some("what merging it anew gives is not validated"));
        }
        Ok(None)
    }

    /// Whether what was approved at `from` has landed on the way to a place: an approval is for once, and merging anew what
    /// is there already, or was taken back, could bring anything as nothing.
    fn is_spent(&self, place: &Place, from: Oid, head: Oid) -> Result<bool, Error> {
        let repository = self.asked.repository;
        if repository.is_ancestor(head, place.commit)? {
            return Ok(true);
        }
        for commit in repository.first_parents(place.commit) {
            let commit = commit?;
            if commit.id == from {
                break;
            }
            if let [parent] = commit.parents[..]
                && self.is_automatic(parent, head, commit.tree)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether merging `head` into `onto` gives this tree, by itself.
    fn is_automatic(&self, onto: Oid, head: Oid, tree: Oid) -> Result<bool, Error> {
        let repository = self.asked.repository;
        if repository.is_ancestor(onto, head)? {
            return Ok(repository.tree_of(head)? == tree);
        }
        if !repository.has_object(tree) {
            // A tree that nobody has is compared by its name alone.
            let merged = repository.merged_tree(onto, head)?;
            return Ok(merged == Some(tree));
        }
        let plan = Plan::Parents(vec![onto, head]);
        Ok(repository.beyond_merge(&plan, tree)?.is_empty())
    }
}

//! A range of commits, oldest first: each on its own tree, replays by the last commit of the range.

use std::collections::HashSet;
use std::io::Write;

use super::report::Tree;
use super::{Bench, id};
use crate::audit::judge::{Era, Judge};
use crate::audit::validations::{self, Judged};
use crate::change::{Branch, Place, Standing};
use crate::commands::range::{self, Range};
use crate::error::Error;
use crate::evidence::ledger;
use crate::git::{Commit, Oid, Subject};
use crate::id::TreeId;
use crate::message::Message;
use crate::proof::checked::Checked;
use crate::proof::known::Known;
use crate::proof::request::Request;
use crate::proof::scope::Scope;
use crate::proof::standing::Ground;
use crate::signing;

impl Bench<'_> {
    /// Validates the commits of a range, or one commit.
    pub(super) fn commits(&mut self, range: &str, out: &mut dyn Write) -> Result<(), Error> {
        let commits = self.listed(range)?;
        let Some(&tip) = commits.last() else {
            return Ok(());
        };
        let repository = self.repository;
        let ledger = ledger::read(&repository.pdd_folder())?;
        let adoption = repository.adoption(self.force.tip)?;
        let judge = Judge::new(repository, &ledger, adoption, &commits)?;
        let judged: Vec<Oid> = commits
            .iter()
            .copied()
            // Who names one commit means it, whatever the adoption says of it.
            .filter(|&oid| judge.era(oid) == Era::After || commits.len() == 1)
            .collect();
        self.sign_first(&judged)?;
        let replays = self.replays(&judge, &judged, tip)?;
        let below = self.below(range)?;
        let mut waiting = Vec::new();
        for (place, &oid) in judged.iter().enumerate() {
            let commit = repository.commit(oid)?;
            let subject = subject_of(&commit);
            if replays.contains(&oid) {
                waiting.push(oid);
                self.report.add(Tree::replayed(&subject, &commit), out)?;
                continue;
            }
            let request = if oid == tip {
                self.request_of_tip(&subject, below)?
            } else {
                self.request(&subject)?
            };
            let prefix = match judged.len() {
                1 => String::new(),
                count => format!("commit {} of {count}, ", place + 1),
            };
            let message = Message::parse(&commit.message);
            let ran = self.validate(&subject, request, Some(&message), prefix)?;
            let contradicted = self.contradicted(&commit, &ran.checked)?;
            let tree = Tree::of(&subject, &commit, ran);
            self.report.add(tree.contradicts(&contradicted), out)?;
        }
        if !waiting.is_empty() && !self.report.passed(&id(tip)) {
            let fallen: Vec<_> = waiting.into_iter().map(id).collect();
            self.report.uncover(&fallen, out)?;
        }
        Ok(())
    }

    /// Signs what was recorded of these commits before there was a key: a seal has another name then, and the proofs that
    /// come now are to name it.
    fn sign_first(&self, commits: &[Oid]) -> Result<(), Error> {
        let trees = commits.iter().map(|&oid| {
            let tree = self.repository.tree_of(oid)?;
            Ok(TreeId::new(tree.to_string()))
        });
        let trees = trees.collect::<Result<Vec<_>, Error>>()?;
        signing::sign_anew(self.repository, &trees)?;
        Ok(())
    }

    /// The checks that failed now and are recorded as passed on this very tree: by another toolchain, in another
    /// environment, or because their tests are not steady. Records only grow, so that one stands.
    fn contradicted(&self, commit: &Commit, checked: &[Checked]) -> Result<Vec<String>, Error> {
        let has_failed = |one: &&Checked| matches!(one.standing, Standing::Failed { .. });
        if !checked.iter().any(|one| has_failed(&one)) {
            return Ok(Vec::new());
        }
        let (repository, policy) = (self.repository, self.policy());
        let known = Known::read_for(repository, policy, None)?;
        let ground = Ground::new(
            repository,
            &known,
            policy,
            Some(self.force.tip),
            &[commit.id],
        )?;
        let states = ground.of(commit)?;
        let is_recorded = |one: &&Checked| {
            let mut states = states.iter();
            states.any(|state| state.check == one.check && state.standing == Standing::Passed)
        };
        let found = checked.iter().filter(has_failed).filter(is_recorded);
        Ok(found.map(|one| one.check.clone()).collect())
    }

    fn listed(&self, range: &str) -> Result<Vec<Oid>, Error> {
        let is_range = range.contains("..") || range.starts_with('^');
        if !is_range && let Ok(one) = self.repository.resolve(range) {
            return Ok(vec![one]);
        }
        range::commits(self.repository, &Range::Given(range), None)
    }

    /// The replayed commits whose originals are validated: they need no run of their own where the tip passes.
    fn replays(&self, judge: &Judge<'_>, commits: &[Oid], tip: Oid) -> Result<HashSet<Oid>, Error> {
        let known = Known::read_for(self.repository, self.policy(), None)?;
        let group = Judged {
            policy: self.policy(),
            floor: Some(self.force.tip),
            commits: commits.to_vec(),
        };
        let mut found = validations::replays(self.repository, judge, &known, &group)?;
        found.remove(&tip);
        Ok(found)
    }

    /// The commit that a range `<from>..<to>` begins above.
    fn below(&self, range: &str) -> Result<Option<Oid>, Error> {
        let from = range.split_once("..").map(|(from, _)| from);
        match from.filter(|from| !from.is_empty()) {
            Some(from) => Ok(Some(self.repository.resolve(from)?)),
            None => Ok(None),
        }
    }

    /// What the last commit needs beside the checks that its own change asks for: all that a landing of the range asks
    /// for, from `below` and from the protected branch, and what the commits below lack.
    fn request_of_tip(&self, subject: &Subject, below: Option<Oid>) -> Result<Request, Error> {
        let mut request = self.request(subject)?;
        let (repository, policy) = (self.repository, self.policy());
        let mut whole = Vec::new();
        for from in below.into_iter().chain([self.force.tip]) {
            let landed = repository.tree_of(from)?;
            whole.push(Scope::of(repository, policy, Some(landed), subject.tree)?);
        }
        let known = Known::read_for(repository, policy, None)?;
        let parents: Vec<Oid> = subject.parents.clone();
        let ground = Ground::new(repository, &known, policy, Some(self.force.tip), &parents)?;
        let lacking = ground.lacking(parents.first().copied())?;
        for place in 0..policy.check.len() {
            if whole.iter().any(|scope| scope.holds(place)) || lacking.contains(&place) {
                request.scope.add(place);
            }
        }
        Ok(request)
    }
}

fn subject_of(commit: &Commit) -> Subject {
    let message = Message::parse(&commit.message);
    Subject {
        tree: commit.tree,
        parents: commit.parents.clone(),
        place: Place::Commit(id(commit.id), message.subject),
        branch: Branch::Unknown,
        is_adoption: false,
        is_squash: false,
        replays: None,
    }
}

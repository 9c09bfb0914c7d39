//! What all verdicts of an audit have in common. Where any of it is another, nothing that was kept is of use.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::digest;
use crate::audit::approval::SignersAt;
use crate::audit::landings::Step;
use crate::git::{InForce, Mailmap, Oid};
use crate::policy::Policy;

/// What the verdicts have in common.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The policy in force.
    pub force: &'a InForce,
    /// The policy that is assumed.
    pub assumed: Option<&'a Policy>,
    /// Whether no hooks were ever installed here.
    pub is_stranger: bool,
    /// The commit that adopted the workflow.
    pub adoption: Option<Oid>,
    /// Whom the tip in force lists.
    pub signers: &'a SignersAt,
    /// The landings.
    pub steps: &'a [Step],
    /// What people are called.
    pub people: &'a Mailmap,
    /// Digests of the waivers: which there are, and which have ended.
    pub waivers: (u64, usize),
    /// Which git says what a merge gives by itself.
    pub git: &'a str,
    /// Now.
    pub now: Timestamp,
}

impl Facts<'_> {
    /// Digests them; none where certificates may sign, whose times are not known beforehand.
    pub fn digest(&self) -> Option<u64> {
        let mut seen: HashMap<*const SignersAt, usize> = HashMap::new();
        let mut phases = vec![phase(self.signers, self.now)?];
        for step in self.steps {
            let known = Arc::as_ptr(&step.signers);
            if let std::collections::hash_map::Entry::Vacant(place) = seen.entry(known) {
                let phase = phase(&step.signers, self.now)?;
                place.insert(phase);
                phases.push(phase);
            }
        }
        let Self { force, assumed, .. } = self;
        Some(digest::of(&(
            (program(), self.git),
            (force.blob.as_str(), &force.branch),
            (assumed.map(digest::of_debug), self.is_stranger),
            self.adoption.map(|oid| oid.to_string()),
            digest::of_debug(self.signers),
            phases.iter().sum::<usize>(),
            self.people,
            self.waivers,
        )))
    }
}

/// How many of the times at which somebody's key begins or ends to count have gone by.
fn phase(signers: &SignersAt, now: Timestamp) -> Option<usize> {
    match signers {
        SignersAt::Listed(signers) => signers.phase(now),
        SignersAt::Missing | SignersAt::Unreadable(_) => Some(0),
    }
}

/// Which program judges: another build may judge otherwise.
fn program() -> (&'static str, u64, Option<Timestamp>) {
    let facts = std::env::current_exe().and_then(std::fs::metadata);
    let (length, made) = match facts {
        Ok(facts) => (facts.len(), facts.modified().ok()),
        Err(_) => (0, None),
    };
    let made = made.and_then(|made| Timestamp::try_from(made).ok());
    (env!("CARGO_PKG_VERSION"), length, made)
}

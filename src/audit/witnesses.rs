//! Who is believed about one commit: those whom the tip in force lists now and, for what has landed, those whom the old tip of
//! its landing listed when that was received.

use jiff::Timestamp;

use super::approval::SignersAt;
use super::landings::Step;
use super::waivers::{self, Ground};
use crate::evidence::Envelope;
use crate::evidence::signers::{Namespace, Signed};
use crate::evidence::statement::Waiver;
use crate::policy::{Policy, Witness};
use crate::proof::known::Bench;

/// Those whose signatures count for one commit, the present ones first.
#[derive(Debug)]
pub struct Witnesses<'a> {
    sides: Vec<Side<'a>>,
}

/// Policy and signers of one tip, and when they are asked.
#[derive(Clone, Copy, Debug)]
struct Side<'a> {
    policy: &'a Policy,
    signers: &'a SignersAt,
    at: Timestamp,
}

impl<'a> Witnesses<'a> {
    /// Believes whom the tip in force lists now, and whom the landing's old tip listed then.
    pub fn new(
        policy: &'a Policy,
        signers: &'a SignersAt,
        now: Timestamp,
        landing: Option<&'a Step>,
    ) -> Self {
        let mut sides = vec![Side {
            policy,
            signers,
            at: now,
        }];
        sides.extend(landing.map(|step| Side {
            policy: &step.policy,
            signers: &step.signers,
            at: step.received.unwrap_or(now),
        }));
        Self { sides }
    }

    /// Says who signed a record, of those whose word counts at a landing (`evidence.accept`).
    ///
    /// # Errors
    /// Nobody did who is listed, or who is believed.
    pub fn accepted(&self, envelope: &Envelope) -> Result<Signed, Doubt> {
        let mut doubt = Doubt::Unlisted;
        for side in &self.sides {
            let SignersAt::Listed(signers) = side.signers else {
                continue;
            };
            let accept = side.policy.evidence.accepted(signers.lists_runner());
            let all = [Witness::SelfSigned, Witness::Runner];
            if let Ok((_, signed)) = Bench::new(signers, &accept, side.at).weigh(envelope) {
                return Ok(signed);
            }
            if let Ok((_, signed)) = Bench::new(signers, &all, side.at).weigh(envelope) {
                doubt = Doubt::NotAccepted(signed.principal);
            }
        }
        Err(doubt)
    }

    /// Says who signed a record as a machine, or with a key that may approve.
    pub fn repairs(&self, envelope: &Envelope) -> Option<String> {
        self.sides.iter().find_map(|side| {
            let signers = side.signers.listed()?;
            let runners = signers.naming(Namespace::Runner);
            let as_runner = runners.verify(envelope, Namespace::Runner, side.at);
            let as_approver = signers.verify(envelope, Namespace::Evidence, side.at);
            let may_approve = |signed: &Signed| {
                let listed = signers.listed(&signed.key, Namespace::Approval, side.at);
                listed.is_ok()
            };
            let as_approver = as_approver.into_iter().flatten().filter(may_approve);
            let mut both = as_runner.into_iter().flatten().chain(as_approver);
            both.next().map(|signed| signed.principal)
        })
    }

    /// Says who waives, where that counts.
    pub fn waives(&self, envelope: &Envelope, waiver: &Waiver) -> Option<String> {
        self.sides.iter().find_map(|side| {
            let ground = Ground {
                policy: side.policy,
                signers: side.signers,
                at: side.at,
            };
            waivers::worth(envelope, waiver, ground).ok()
        })
    }
}

/// Why a record is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Nobody signed it who is listed.
    Unlisted,
    /// Somebody did whose word does not count; who.
    NotAccepted(String),
}

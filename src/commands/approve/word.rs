//! The word itself: what every approval, rejection and withdrawal says, and until when.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::step::Step;
use super::voice::Voice;
use crate::commands::random;
use crate::error::{Error, LandingError};
use crate::evidence::statement::{Approval, Decision};
use crate::id::{CommitId, TreeId};

/// The end of what lasts only for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) struct Until(Timestamp);

impl Until {
    /// Reads a time to come: a day, to its end in UTC, or RFC 3339.
    ///
    /// # Errors
    /// The text is neither, or the time is past.
    pub(in crate::commands) fn parse(text: &str) -> Result<Self, Error> {
        let unread = || LandingError::ReadDate { text: text.into() };
        let end = match text.len() {
            10 => text
                .parse::<Date>()
                .and_then(|day| day.at(23, 59, 59, 0).to_zoned(TimeZone::UTC))
                .map(|end| end.timestamp()),
            _ => text.parse::<Timestamp>(),
        };
        let end = end.map_err(|_| unread())?;
        if end <= Timestamp::now() {
            return Err(LandingError::PastDate { text: text.into() }.into());
        }
        Ok(Self(end))
    }
}

impl std::fmt::Display for Until {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Says something of a step, without reason and end.
///
/// # Errors
/// The system gives no random bytes.
pub(in crate::commands) fn word(
    step: &Step,
    voice: &Voice,
    decision: Decision,
) -> Result<Approval, Error> {
    let policy = &step.force;
    Ok(Approval {
        tool: concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")).into(),
        time: Timestamp::now().to_string(),
        decision,
        repository: policy.policy.approval.repository.clone(),
        reference: step.reference.clone(),
        from: CommitId::new(step.from.to_string()),
        head: CommitId::new(step.head.to_string()),
        to: TreeId::new(step.to.to_string()),
        policy: Some(policy.blob.clone()),
        bootstrap: voice.is_bootstrap,
        policy_files: None,
        waivers: Vec::new(),
        over: Vec::new(),
        withdraws: Vec::new(),
        expires: None,
        reason: None,
        nonce: random::digits()?,
    })
}

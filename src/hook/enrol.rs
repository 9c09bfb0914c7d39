//! What `install` leaves for the hooks besides themselves: the guard file, and where the protected branches stand, so
//! that one that is deleted can be made anew there and nowhere else.

use super::guarded;
use super::session::State;
use crate::error::Error;
use crate::evidence::ledger::{self, Entry, Event, INSTALLED};
use crate::id::CommitId;

/// Writes the guard file and records the tips that the ledger does not know yet.
///
/// # Errors
/// Git cannot be asked, or local state not written.
pub fn enrol() -> Result<(), Error> {
    let State { repository, pdd } = State::find()?;
    guarded::refresh(&repository, &pdd)?;
    // Before the adoption, or under a policy that cannot be read, nothing is guarded yet.
    let Ok(Some(force)) = repository.policy_in_force() else {
        return Ok(());
    };
    let known = ledger::read(&pdd)?;
    let mut names = repository.protected_candidates()?;
    names.extend(force.policy.branch.protected);
    names.sort();
    names.dedup();
    for name in names {
        let reference = format!("refs/heads/{name}");
        let Some(tip) = repository.find_commit_at(&reference)? else {
            continue;
        };
        let tip = CommitId::new(tip.to_string());
        if known.last_recorded(&reference) == Some(&tip) {
            continue;
        }
        let entry = Entry {
            commit: Some(tip),
            how: Some(INSTALLED.into()),
            policy: Some(force.policy.number),
            reference: Some(reference),
            ..Entry::new(Event::Move)
        };
        ledger::append(&pdd, entry)?;
    }
    Ok(())
}

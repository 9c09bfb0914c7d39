//! What the ledger and the branches say of moves that no commit shows: a protected branch that stands where nobody let it.

use crate::evidence::ledger::{BY_HAND, Event, Ledger};
use crate::git::{Error, Repository};
use crate::id::CommitId;
use crate::policy::Policy;

/// How the ledger names a branch whose place another one took begins with this.
const REPLACED: &str = "replaced by";

/// Returns one note for each guarded reference that was moved round the hooks, as far as anything here shows it.
///
/// # Errors
/// Git cannot be asked.
pub fn notes(
    repository: &Repository,
    policy: &Policy,
    ledger: &Ledger,
) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    for line in &ledger.lines {
        let entry = &line.entry;
        let (Event::Move, Some(reference), Some(how)) = (entry.event, &entry.reference, &entry.how)
        else {
            continue;
        };
        if how == BY_HAND || how.starts_with(REPLACED) {
            let to = entry.commit.as_ref().map_or("nothing", CommitId::short);
            let (time, seq) = (&line.time, line.seq);
            notes.push(format!(
                "`{reference}` was {how}, to {to}, at {time} (seq {seq} of the ledger)"
            ));
        }
    }
    for branch in &policy.branch.protected {
        notes.extend(unapproved(repository, ledger, branch)?);
    }
    Ok(notes)
}

/// A protected branch beyond its remote-tracking branches, or, where it has none, beyond where the hooks last saw it.
fn unapproved(
    repository: &Repository,
    ledger: &Ledger,
    branch: &str,
) -> Result<Option<String>, Error> {
    let reference = format!("refs/heads/{branch}");
    let Some(tip) = repository.find_commit_at(&reference)? else {
        return Ok(None);
    };
    let id = CommitId::new(tip.to_string());
    let mut tracking = None;
    for name in repository.tracking_names(branch)? {
        let Some(upstream) = repository.find_commit_at(&name)? else {
            continue;
        };
        if repository.is_ancestor(tip, upstream)? {
            return Ok(None);
        }
        tracking.get_or_insert(name);
    }
    let seen = ledger.last_recorded(&reference);
    if seen == Some(&id) || (tracking.is_none() && seen.is_none()) {
        return Ok(None);
    }
    // The adoption is nobody's landing.
    if repository.adoption(tip)? == Some(tip) {
        return Ok(None);
    }
    Ok(match (tracking, seen) {
        (Some(name), _) => Some(format!(
            "`{reference}` stands at {}, which `{name}` does not contain and the hooks did not let through",
            id.short()
        )),
        (None, Some(seen)) => Some(format!(
            "`{reference}` stands at {}; the hooks last saw it at {}",
            id.short(),
            seen.short()
        )),
        (None, None) => None,
    })
}

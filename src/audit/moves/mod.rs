//! The references that were moved round the hooks, as far as ledger, reflogs and references show it: what no commit
//! shows.

mod pushes;
mod reflog;
mod words;

use std::collections::BTreeSet;

use crate::error::Error;
use crate::evidence::ledger::{BY_HAND, Event, Ledger, Line};
use crate::git::Repository;
use crate::id::CommitId;
use crate::policy::Policy;

use super::report::{Evidence, RefMove};
use super::trace::Traces;

/// How the ledger names a branch whose place another one took begins with this.
const REPLACED: &str = "replaced by";

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The moves.
    pub moves: Vec<RefMove>,
    /// Where references stand that nobody let stand there, and what could not be seen.
    pub notes: Vec<String>,
}

/// Finds each guarded reference that was moved round the hooks.
///
/// # Errors
/// Git cannot be asked.
pub fn find(
    repository: &Repository,
    policy: &Policy,
    ledger: &Ledger,
    traces: &Traces<'_>,
) -> Result<Found, Error> {
    let mut found = Found::default();
    found.moves.extend(ledger.lines.iter().filter_map(written));
    let look = reflog::Look {
        repository,
        policy,
        ledger,
        logs: &traces.logs,
    };
    found.moves.extend(look.branches()?);
    found.moves.extend(look.tags()?);
    found
        .moves
        .extend(pushes::find(repository, ledger, traces)?);
    let names: BTreeSet<&String> = policy.branch.protected.iter().collect();
    for branch in names {
        found.notes.extend(unapproved(repository, ledger, branch)?);
    }
    let has_branches = !repository.is_bare() && repository.head()?.commit.is_some();
    if traces.logs.is_empty() && has_branches && !ledger.lines.is_empty() {
        found.notes.push(
            "no reflog here: what was made or moved while the hooks were off leaves no trace \
             (`git config --unset core.logAllRefUpdates`)"
                .into(),
        );
    }
    Ok(found)
}

/// What the ledger itself names.
fn written(line: &Line) -> Option<RefMove> {
    let entry = &line.entry;
    let (Event::Move, Some(reference), Some(how)) = (entry.event, &entry.reference, &entry.how)
    else {
        return None;
    };
    (how == BY_HAND || how.starts_with(REPLACED)).then(|| RefMove {
        reference: reference.clone(),
        from: entry.parents.first().cloned(),
        to: entry.commit.clone(),
        how: how.clone(),
        time: Some(line.time.clone()),
        evidence: vec![Evidence {
            kind: "ledger".into(),
            name: line.seq.to_string(),
            by: None,
        }],
    })
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
    if repository.line_to_adoption(tip)?.adoption == Some(tip) {
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

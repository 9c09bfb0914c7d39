//! Which references the reference-transaction hook has to look at, kept in the guard file that its small program reads.

use std::path::Path;

use super::chain::CHAIN_FILE;
use super::guard::{self, Guard};
use crate::error::Error;
use crate::git::Repository;
use crate::policy::Policy;

/// Writes the guard file anew where what it should hold has changed.
///
/// # Errors
/// Git cannot be asked, or the file not written.
pub(super) fn refresh(repository: &Repository, pdd: &Path) -> Result<(), Error> {
    let policy = match repository.policy_in_force() {
        Ok(force) => force.map(|force| force.policy),
        // A policy that cannot be read, or that has lost its branch, guards what the defaults name.
        Err(_) => None,
    };
    write(repository, pdd, policy.as_ref())
}

/// Writes the guard file anew where what it should hold under this policy has changed.
///
/// # Errors
/// Git cannot be asked, or the file not written.
pub(super) fn write(
    repository: &Repository,
    pdd: &Path,
    policy: Option<&Policy>,
) -> Result<(), Error> {
    let guard = guard_for(repository, pdd, policy)?;
    guard::write_if_changed(pdd, &guard).map_err(|source| Error::WriteGuard {
        path: pdd.to_owned(),
        source,
    })
}

fn guard_for(repository: &Repository, pdd: &Path, policy: Option<&Policy>) -> Result<Guard, Error> {
    let mut protected = repository.protected_candidates()?;
    let defaults = Policy::default();
    let policy = policy.unwrap_or(&defaults);
    protected.extend(policy.branch.protected.iter().cloned());
    let mut refs = Vec::new();
    for name in &protected {
        refs.push(format!("refs/heads/{name}"));
        refs.extend(repository.tracking_names(name)?);
    }
    refs.extend(
        policy
            .branch
            .integration
            .iter()
            .map(|name| format!("refs/heads/{name}")),
    );
    refs.sort();
    refs.dedup();
    let mut prefixes: Vec<String> = policy
        .branch
        .release_tags
        .as_slice()
        .iter()
        .map(|glob| {
            let literal = glob
                .split(['*', '?', '[', '{', '\\'])
                .next()
                .unwrap_or_default();
            format!("refs/tags/{literal}")
        })
        .collect();
    prefixes.sort();
    prefixes.dedup();
    let chain = std::fs::read_to_string(pdd.join(CHAIN_FILE))
        .ok()
        .map(|folder| folder.trim_end_matches('\n').into());
    Ok(Guard {
        chain,
        refs,
        prefixes,
    })
}

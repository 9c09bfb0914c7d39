//! Which changed functions a test reaches, as the words of a failed one tell.

use std::collections::BTreeSet;

use super::look::Sight;
use super::parts::Parts;
use crate::evidence::ledger;

/// How often what was not reached yet is looked for behind what was.
pub(super) const ROUNDS: usize = 3;

/// A function: its file and its name there.
pub(super) type Place = (String, String);

/// What tells the functions of one file from those of others in what their stubs say.
pub(super) fn tag(path: &str) -> String {
    let digest = ledger::digest(path.as_bytes());
    format!("{}:", &digest[..8])
}

/// What a stub says of its function: `3f2a9c01:Money.add`.
pub(super) fn mark(path: &str, name: &str) -> String {
    format!("{}{name}", tag(path))
}

/// All functions that the change added or changed.
pub(super) fn all(parts: &Parts) -> Vec<Place> {
    let sources = parts.files.iter().filter(|part| part.is_source());
    sources
        .flat_map(|part| {
            let names = part.functions.iter();
            names.map(|function| (part.path.clone(), function.name.clone()))
        })
        .collect()
}

/// Those of the replaced functions that failed tests name. Where one alone was replaced, it is the one, said or not.
pub(super) fn named<'s>(
    replaced: &[Place],
    sights: impl Iterator<Item = &'s Sight>,
) -> BTreeSet<Place> {
    let mut found = BTreeSet::new();
    for sight in sights.filter(|sight| sight.seen.is_red()) {
        if let [one] = replaced {
            found.insert(one.clone());
        }
        let is_named = |place: &&Place| sight.reached.contains(&mark(&place.0, &place.1));
        found.extend(replaced.iter().filter(is_named).cloned());
    }
    found
}

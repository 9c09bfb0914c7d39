//! What each test said on each side of the last proof of a tree: kept beside the passes, to be shown to who asks why. It
//! is no evidence, and may be removed.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::look::Sight;
use crate::change::Seen;
use crate::git::Repository;
use crate::proof::Error;
use crate::proof::cache::Cache;
use crate::proof::request::Request;

/// One test of a proof, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its check's name.
    pub check: String,
    /// How it is named.
    pub id: String,
    /// What it said, in the order of the runs.
    pub sides: Vec<Said>,
}

/// What a test said on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Which side.
    pub side: Side,
    /// What became of it.
    pub seen: Seen,
    /// What its runner reports of it, as far as it is kept.
    pub output: String,
}

/// A tree that tests run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// R.
    Without,
    /// S0.
    Throwing,
    /// S1.
    Empty,
    /// T.
    With,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Without => "without the change",
            Self::Throwing => "with functions that throw",
            Self::Empty => "with functions that do nothing",
            Self::With => "with the change",
        })
    }
}

impl Shown {
    pub(super) fn of(check: &str, id: String, sides: &[(Side, Option<&Sight>)]) -> Self {
        let said = sides.iter().filter_map(|(side, sight)| {
            let sight = (*sight)?;
            Some(Said {
                side: *side,
                seen: sight.seen.clone(),
                output: sight.message.clone(),
            })
        });
        Self {
            check: check.to_owned(),
            id,
            sides: said.collect(),
        }
    }
}

/// Finds what the tests of a change said when it was proven last.
///
/// # Errors
/// The repository cannot be asked.
pub fn shown(repository: &Repository, request: &Request) -> Result<Vec<Shown>, Error> {
    let cache = Cache::new(&repository.pdd_folder());
    Ok(cache.said(&key(repository, request)?).unwrap_or_default())
}

/// Keeps it.
///
/// # Errors
/// It cannot be written.
pub(super) fn keep(
    cache: &Cache,
    repository: &Repository,
    request: &Request,
    shown: &[Shown],
) -> Result<(), Error> {
    cache.keep_said(&key(repository, request)?, shown)
}

fn key(repository: &Repository, request: &Request) -> Result<String, Error> {
    let base = super::prove::base_tree(repository, request)?;
    let base = base.map_or_else(|| "root".to_owned(), |base| base.to_string());
    Ok(format!("{}-{base}", request.tree))
}

//! Which commits are reported: by time, author and path. It never says how one is judged.

use rayon::prelude::*;
use regex::Regex;

use super::ROW;
use crate::audit::pool::Pool;
use crate::error::Error;
use crate::git::graph::{Graph, Place};
use crate::git::{Commit, Mailmap, Oid, Pathspec, Plan, Repository};

/// What a commit must be to be reported; all of it.
#[derive(Debug, Default)]
pub struct Choice {
    /// Committed at this second since 1970 or later.
    pub since: Option<i64>,
    /// One of these is found in `Name <address>` of its author, by the mailmap; any author where there is none.
    pub authors: Vec<Regex>,
    /// It changes one of these paths.
    pub paths: Option<Pathspec>,
}

impl Choice {
    /// Leaves those that are chosen.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn among(
        &self,
        mut commits: Vec<Place>,
        graph: &Graph,
        pool: &Pool,
        people: &Mailmap,
    ) -> Result<Vec<Place>, Error> {
        if let Some(since) = self.since {
            commits.retain(|&place| graph.time(place) >= since);
        }
        if self.authors.is_empty() && self.paths.is_none() {
            return Ok(commits);
        }
        let rows = commits.par_chunks(ROW).map(|row| {
            pool.with(|repository| {
                let mut chosen = Vec::new();
                for &place in row {
                    if self.takes(repository, graph.id(place), people)? {
                        chosen.push(place);
                    }
                }
                Ok(chosen)
            })
        });
        let rows: Vec<Vec<Place>> = rows.collect::<Result<_, Error>>()?;
        Ok(rows.concat())
    }

    fn takes(&self, repository: &Repository, oid: Oid, people: &Mailmap) -> Result<bool, Error> {
        let commit = repository.commit(oid)?;
        Ok(self.takes_author(&commit, people) && self.takes_paths(repository, &commit)?)
    }

    fn takes_author(&self, commit: &Commit, people: &Mailmap) -> bool {
        if self.authors.is_empty() {
            return true;
        }
        let author = commit.author.clone();
        let (name, email) = people.resolve(author.name, author.email);
        let who = format!("{name} <{email}>");
        self.authors.iter().any(|author| author.is_match(&who))
    }

    fn takes_paths(&self, repository: &Repository, commit: &Commit) -> Result<bool, Error> {
        let Some(paths) = &self.paths else {
            return Ok(true);
        };
        let deltas = match commit.parents[..] {
            [] => repository.diff(None, Some(commit.tree))?,
            // Beyond the edge of a shallow clone there is nothing to compare with: git shows all of the tree there.
            [parent] if !repository.has_object(parent) => {
                repository.diff(None, Some(commit.tree))?
            }
            [parent] => {
                let base = repository.tree_of(parent)?;
                repository.diff(Some(base), Some(commit.tree))?
            }
            _ => {
                let plan = Plan::Parents(commit.parents.clone());
                repository.beyond_merge(&plan, commit.tree)?
            }
        };
        Ok(deltas.iter().any(|delta| paths.takes(&delta.path)))
    }
}

//! How commits hang together. Their objects are read raw: libgit2 would apply grafts, and git replace references, to what
//! it shows.

use std::collections::HashSet;
use std::sync::Arc;

use git2::{ObjectType, Oid, Sort};

use super::graph::{Graph, Place};
use super::{Commit, Error, Repository};

impl Repository {
    /// Reads a commit.
    ///
    /// # Errors
    /// It is missing, or not a commit; in a shallow clone, [`Error::Shallow`].
    pub fn commit(&self, oid: Oid) -> Result<Commit, Error> {
        self.commits.get(oid, || self.read_commit(oid))
    }

    /// Returns a commit's parents, first parent first.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub fn parents_of(&self, commit: Oid) -> Result<Vec<Oid>, Error> {
        let known = self.graph.as_ref().and_then(|graph| {
            let place = graph.find(commit).filter(|&place| !graph.is_cut(place))?;
            let parents = graph.parents(place);
            Some(parents.map(|parent| graph.id(parent)).collect())
        });
        match known {
            Some(parents) => Ok(parents),
            None => Ok(self.commit(commit)?.parents),
        }
    }

    /// Returns a commit's tree.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub fn tree_of(&self, commit: Oid) -> Result<Oid, Error> {
        let graph = self.graph.as_ref();
        let known = graph.and_then(|graph| Some(graph.tree(graph.find(commit)?)));
        match known {
            Some(tree) => Ok(tree),
            None => Ok(self.commit(commit)?.tree),
        }
    }

    fn read_commit(&self, oid: Oid) -> Result<Commit, Error> {
        let odb = self.inner.odb().map_err(|source| Error::ReadObject {
            oid: oid.to_string(),
            source,
        })?;
        let object = match self.with_object(oid, || odb.read(oid)) {
            Err(Error::ReadObject { source, .. })
                if source.code() == git2::ErrorCode::NotFound && self.is_shallow() =>
            {
                return Err(Error::Shallow {
                    oid: oid.to_string(),
                });
            }
            result => result?,
        };
        if object.kind() != ObjectType::Commit {
            return Err(Error::DamagedCommit {
                oid: oid.to_string(),
                fault: "it is another kind of object",
            });
        }
        Commit::parse(self, oid, object.data())
    }

    /// Says whether `below` is `above` or one of its ancestors.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn is_ancestor(&self, below: Oid, above: Oid) -> Result<bool, Error> {
        if below == above {
            return Ok(true);
        }
        if let Some((graph, below, above)) = self.both(below, above) {
            return Ok(graph.is_ancestor(below, above));
        }
        self.inner
            .graph_descendant_of(above, below)
            .map_err(|source| Error::WalkHistory {
                oid: above.to_string(),
                source,
            })
    }

    /// Lists the best common ancestors of two commits (git-merge-base(1), `--all`); none where they have nothing in common.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn merge_bases(&self, one: Oid, other: Oid) -> Result<Vec<Oid>, Error> {
        if let Some((graph, one, other)) = self.both(one, other) {
            let found = graph.merge_bases(one, other).into_iter();
            return Ok(found.map(|place| graph.id(place)).collect());
        }
        match self.inner.merge_bases(one, other) {
            Ok(found) => Ok(found.iter().copied().collect()),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(Vec::new()),
            Err(source) => Err(Error::WalkHistory {
                oid: one.to_string(),
                source,
            }),
        }
    }

    /// Lets questions about history be answered by a graph of it, as far as it holds what they are about.
    pub fn attach(&mut self, graph: Arc<Graph>) {
        self.graph = Some(graph);
    }

    fn both(&self, one: Oid, other: Oid) -> Option<(&Graph, Place, Place)> {
        let graph = self.graph.as_deref()?;
        Some((graph, graph.find(one)?, graph.find(other)?))
    }

    /// Returns what `tips` reach and `without` do not, parents before children.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn commits_between(&self, tips: &[Oid], without: &[Oid]) -> Result<Vec<Oid>, Error> {
        let failed = |source| Error::WalkHistory {
            oid: tips.first().map(Oid::to_string).unwrap_or_default(),
            source,
        };
        let mut walk = self.inner.revwalk().map_err(failed)?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)
            .map_err(failed)?;
        for &tip in tips {
            walk.push(tip).map_err(failed)?;
        }
        for &oid in without {
            // What the other side has may be unknown here; then it excludes nothing.
            if self.has_object(oid) {
                walk.hide(oid).map_err(failed)?;
            }
        }
        walk.collect::<Result<_, _>>().map_err(failed)
    }

    /// Returns a commit beyond the edge of a shallow clone without which nobody can say how each of `commits` stands to
    /// `adoption`; none where the clone is whole or reaches far enough.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn hidden_beyond_edge(&self, commits: &[Oid], adoption: Oid) -> Result<Option<Oid>, Error> {
        if !self.is_shallow() {
            return Ok(None);
        }
        let is_missing = |oid: &Oid| !self.has_object(*oid);
        let mut after = HashSet::from([adoption]);
        let mut edge = None;
        for oid in self.commits_between(commits, &[])? {
            let parents = self.commit(oid)?.parents;
            edge = edge.or(parents.iter().copied().find(is_missing));
            if parents.iter().any(|parent| after.contains(parent)) {
                after.insert(oid);
            }
        }
        // What is after the adoption must be there whole: policies, landings and seals are looked for in all of it.
        if let Some(parent) = self.cut_below(commits, &[adoption])? {
            return Ok(Some(parent));
        }
        // What stands beyond the edge may be older policies, so that this is no adoption, or lead from the adoption to
        // a commit that here seems to have nothing to do with it.
        let before: HashSet<Oid> = self
            .commits_between(&[adoption], &[])?
            .into_iter()
            .collect();
        let hides_adoption = self.commit(adoption)?.parents.iter().any(is_missing);
        let is_sure = |oid: &Oid| match *oid == adoption {
            true => !hides_adoption,
            false => after.contains(oid) || before.contains(oid),
        };
        Ok(edge.filter(|_| !commits.iter().all(is_sure)))
    }

    /// Returns a commit that a shallow clone has without its parents, and that `tips` reach and `without` do not; none where
    /// nothing is cut off there.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn cut_below(&self, tips: &[Oid], without: &[Oid]) -> Result<Option<Oid>, Error> {
        if !self.is_shallow() {
            return Ok(None);
        }
        // What a deeper history left here may still be found, and git does not look at it (gitrepository-layout(5)).
        let path = self.common_folder().join("shallow");
        let edge = std::fs::read_to_string(&path).unwrap_or_default();
        let edge: HashSet<&str> = edge.lines().map(str::trim).collect();
        for oid in self.commits_between(tips, without)? {
            if edge.contains(oid.to_string().as_str())
                && let Some(&parent) = self.commit(oid)?.parents.first()
            {
                return Ok(Some(parent));
            }
        }
        Ok(None)
    }

    /// Returns the first-parent chain of `tip`, newest first, down to a root or the edge of a shallow clone.
    ///
    /// # Errors
    /// A commit is missing.
    pub fn first_parents(&self, tip: Oid) -> impl Iterator<Item = Result<Commit, Error>> + '_ {
        let mut next = Some(tip);
        std::iter::from_fn(move || {
            let oid = next.take()?;
            match self.commit(oid) {
                Ok(commit) => {
                    next = commit.parents.first().copied();
                    Some(Ok(commit))
                }
                Err(Error::Shallow { .. }) => None,
                Err(error) => Some(Err(error)),
            }
        })
    }
}

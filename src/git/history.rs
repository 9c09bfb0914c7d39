//! Commits and how they hang together. Commit objects are read raw: libgit2 would apply grafts, and git replace
//! references, to what it shows.

use std::collections::HashSet;
use std::sync::Arc;

use git2::{ObjectType, Oid, Sort};

use super::graph::{Graph, Place};
use super::{Error, Repository};

/// A commit as its object says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: Oid,
    /// Its tree.
    pub tree: Oid,
    /// Its parents, first parent first.
    pub parents: Vec<Oid>,
    /// The author.
    pub author: Person,
    /// The committer.
    pub committer: Person,
    /// The message, in the bytes it was committed with.
    pub message: Vec<u8>,
    /// How its object breaks git's form.
    pub flaws: Vec<Flaw>,
}

/// How a commit object that can be read all the same breaks git's form: old histories hold such commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Nobody is its author.
    NoAuthor,
    /// When it was written is no number that git could have meant.
    AuthorDate,
    /// Nobody is its committer.
    NoCommitter,
    /// When it was committed is no number that git could have meant.
    CommitterDate,
    /// The first of its trees counts.
    Trees,
    /// Parents stand right behind the tree; what stands elsewhere git passes over.
    Parent,
}

impl Flaw {
    /// Says it as a note on the commit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAuthor => "it names no author",
            Self::AuthorDate => "the author's date cannot be read",
            Self::NoCommitter => "it names no committer",
            Self::CommitterDate => "the committer's date cannot be read",
            Self::Trees => "it names more than one tree",
            Self::Parent => "a parent stands where git does not look for one",
        }
    }
}

/// Who, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name, lossily decoded.
    pub name: String,
    /// The address, without its angle brackets.
    pub email: String,
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// The offset from UTC in minutes.
    pub offset: i32,
}

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
        self.parse_commit(oid, object.data())
    }

    fn parse_commit(&self, id: Oid, data: &[u8]) -> Result<Commit, Error> {
        let damaged = |fault| Error::DamagedCommit {
            oid: id.to_string(),
            fault,
        };
        let (mut tree, mut parents, mut flaws) = (None, Vec::new(), Vec::new());
        let (mut author, mut committer) = (None, None);
        // Parents stand right behind the tree, and of what stands twice the first counts, as git reads them.
        let mut takes_parents = false;
        let mut rest = data;
        while let Some(end) = rest.iter().position(|&b| b == b'\n') {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            rest = after;
            if line.is_empty() {
                break;
            }
            let line = String::from_utf8_lossy(line);
            let field = line.split_once(' ');
            match field {
                Some(("tree", oid)) if tree.is_none() => tree = Some(self.oid(oid)?),
                Some(("tree", _)) => flaws.push(Flaw::Trees),
                Some(("parent", oid)) if takes_parents => parents.push(self.oid(oid)?),
                Some(("parent", _)) => flaws.push(Flaw::Parent),
                Some(("author", text)) if author.is_none() => author = Some(Person::parse(text)),
                Some(("committer", text)) if committer.is_none() => {
                    committer = Some(Person::parse(text));
                }
                _ => {}
            }
            takes_parents = match field {
                Some(("tree", _)) => !flaws.contains(&Flaw::Trees),
                Some(("parent", _)) => takes_parents,
                _ => false,
            };
        }
        let tree = tree.ok_or_else(|| damaged("it names no tree"))?;
        let mut known = |person: Option<(Person, bool)>, missing, undated| {
            let (person, is_dated) = person.unwrap_or_else(|| {
                flaws.push(missing);
                (Person::default(), true)
            });
            if !is_dated {
                flaws.push(undated);
            }
            person
        };
        let author = known(author, Flaw::NoAuthor, Flaw::AuthorDate);
        let committer = known(committer, Flaw::NoCommitter, Flaw::CommitterDate);
        flaws.sort_unstable();
        flaws.dedup();
        Ok(Commit {
            id,
            tree,
            parents,
            author,
            committer,
            message: rest.to_vec(),
            flaws,
        })
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

impl Person {
    /// Reads `Ann <ann@example.org> 1768467600 +0100`, leniently: history holds every form. Says with it whether the date
    /// could be read.
    fn parse(text: &str) -> (Self, bool) {
        let (name, rest) = text.split_once('<').unwrap_or((text, ""));
        // As git does: the address ends at the first bracket, the date stands after the last.
        let email = rest.split('>').next().unwrap_or_default();
        let stamp = rest.rsplit_once('>').map_or("", |(_, stamp)| stamp);
        let mut stamp = stamp.split_whitespace();
        let seconds: Option<i64> = stamp.next().and_then(|text| text.parse().ok());
        let zone: i32 = stamp.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        let person = Self {
            name: name.trim().to_owned(),
            email: email.trim().to_owned(),
            seconds: seconds.unwrap_or(0),
            offset: zone / 100 * 60 + zone % 100,
        };
        (person, seconds.is_some())
    }
}

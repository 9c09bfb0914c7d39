//! The rules of the store, which a server keeps for all (EVIDENCE.md, section 8): it only grows, and what it holds are
//! records. They ask nothing of what a record says, or of who signed it.

use std::collections::HashSet;

use git2::{ObjectType, Oid};

use super::{FILE, FOLDER, Place, Repository, name_in};
use crate::evidence::envelope::{self, Envelope, LARGEST};
use crate::git::Error;

/// What is wrong with a move of the store's reference; its `Display` follows the reference's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreFault {
    /// It would be gone.
    #[error("may not be deleted")]
    Deleted,
    /// The new tip does not descend from the old one.
    #[error("may only go forward, and does not go on from {old}")]
    Rewritten {
        /// The old tip.
        old: Oid,
    },
    /// It would name no commit.
    #[error("may only name a commit")]
    NoCommit,
    /// A commit lacks a file of a parent.
    #[error("loses `{path}` in {commit}")]
    Removed {
        /// The path.
        path: String,
        /// The commit.
        commit: Oid,
    },
    /// A commit holds another file than a parent.
    #[error("changes `{path}` in {commit}")]
    Changed {
        /// The path.
        path: String,
        /// The commit.
        commit: Oid,
    },
    /// A file does not stand where a record stands.
    #[error("holds `{path}`, which is no record: its path is not `<aa>/<sha-256>.json`")]
    Misplaced {
        /// The path.
        path: String,
    },
    /// A link, a program, a folder, a submodule.
    #[error("holds `{path}`, which is no record: not a regular file")]
    NoFile {
        /// The path.
        path: String,
    },
    /// More than is read.
    #[error("holds `{path}` of {size} bytes; {LARGEST} are taken")]
    TooLong {
        /// The path.
        path: String,
        /// Its length in bytes.
        size: usize,
    },
    /// The name says another digest.
    #[error("holds `{path}`, whose bytes are not what its name says")]
    Misnamed {
        /// The path.
        path: String,
    },
    /// The bytes are no envelope of a statement.
    #[error("holds `{path}`, which is no record: {why}")]
    NoRecord {
        /// The path.
        path: String,
        /// What is wrong with it.
        why: String,
    },
}

impl StoreFault {
    /// Returns the next step.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Deleted => "leave it out of the push: records are kept for good",
            Self::Rewritten { .. } => {
                "pdd-hooks evidence push, which unites what is here with what is there"
            }
            Self::NoCommit => "push `refs/pdd/evidence` of a clone",
            Self::Removed { .. } | Self::Changed { .. } => {
                "records are added and never removed or changed: add yours to the store as the remote has it"
            }
            Self::TooLong { .. } => {
                "split the check into several: each test's name stands in the record"
            }
            Self::Misplaced { .. }
            | Self::NoFile { .. }
            | Self::Misnamed { .. }
            | Self::NoRecord { .. } => {
                "only what pdd-hooks wrote belongs there; `pdd-hooks evidence verify` names the rest"
            }
        }
    }
}

impl Repository {
    /// Says what is wrong with a move of the store's reference from `old` (none: it is new) to `new` (none: it would be
    /// gone). Each commit between the two is looked at, so that nothing comes and goes unseen.
    ///
    /// # Errors
    /// Objects cannot be read.
    pub fn store_faults(
        &self,
        old: Option<Oid>,
        new: Option<Oid>,
    ) -> Result<Vec<StoreFault>, Error> {
        let Some(new) = new else {
            return Ok(vec![StoreFault::Deleted]);
        };
        if let Some(old) = old
            && !self.is_ancestor(old, new)?
        {
            return Ok(vec![StoreFault::Rewritten { old }]);
        }
        self.faults_beyond(old, new)
    }

    /// Says what is wrong with the commits that `new` reaches and `old` does not.
    pub(super) fn faults_beyond(
        &self,
        old: Option<Oid>,
        new: Oid,
    ) -> Result<Vec<StoreFault>, Error> {
        let without: Vec<Oid> = old.into_iter().collect();
        let mut look = Look {
            repository: self,
            seen: HashSet::new(),
            faults: Vec::new(),
        };
        for id in self.commits_between(&[new], &without)? {
            let commit = self.commit(id)?;
            if commit.parents.is_empty() {
                look.step(id, None, commit.tree)?;
            }
            for parent in commit.parents {
                let before = self.tree_of(parent)?;
                look.step(id, Some(before), commit.tree)?;
            }
        }
        Ok(look.faults)
    }
}

/// What was found on the way.
struct Look<'a> {
    repository: &'a Repository,
    /// Files that were looked at: a merge brings them a second time.
    seen: HashSet<(Vec<u8>, Place)>,
    faults: Vec<StoreFault>,
}

impl Look<'_> {
    /// Compares a commit with one parent.
    fn step(&mut self, commit: Oid, before: Option<Oid>, after: Oid) -> Result<(), Error> {
        let folder_of = |place: Option<Place>| {
            place
                .filter(|&(mode, _)| mode == FOLDER)
                .map(|(_, oid)| oid)
        };
        for (folder, before, after) in self.repository.changed(before, Some(after))? {
            if let Some(place) = after.filter(|&(mode, _)| mode != FOLDER) {
                self.file(&folder, place);
            }
            let (before, after) = (folder_of(before), folder_of(after));
            for (file, before, after) in self.repository.changed(before, after)? {
                let path = [folder.as_slice(), b"/", &file].concat();
                let text = || String::from_utf8_lossy(&path).into_owned();
                match (before, after) {
                    (Some(_), None) => {
                        let path = text();
                        self.faults.push(StoreFault::Removed { path, commit });
                        continue;
                    }
                    (Some(_), Some(_)) => {
                        let path = text();
                        self.faults.push(StoreFault::Changed { path, commit });
                    }
                    (None, _) => {}
                }
                if let Some(place) = after {
                    self.file(&path, place);
                }
            }
        }
        Ok(())
    }

    /// Looks at one file, once.
    fn file(&mut self, path: &[u8], place: Place) {
        if self.seen.insert((path.to_vec(), place)) {
            let path = String::from_utf8_lossy(path).into_owned();
            self.faults.extend(self.fault(path, place));
        }
    }

    fn fault(&self, path: String, (mode, oid): Place) -> Option<StoreFault> {
        let Some(name) = name_in(&path).map(str::to_owned) else {
            return Some(StoreFault::Misplaced { path });
        };
        if mode != FILE {
            return Some(StoreFault::NoFile { path });
        }
        let repository = self.repository;
        let odb = || repository.inner.odb()?.read_header(oid);
        match repository.with_object(oid, odb) {
            Ok((size, ObjectType::Blob)) if size <= LARGEST => {}
            Ok((size, ObjectType::Blob)) => return Some(StoreFault::TooLong { path, size }),
            Ok(_) => return Some(StoreFault::NoFile { path }),
            Err(error) => return Some(unread(path, &error)),
        }
        let line = match repository.blob(oid) {
            Ok(line) => line,
            Err(error) => return Some(unread(path, &error)),
        };
        if envelope::name(&line) != name {
            return Some(StoreFault::Misnamed { path });
        }
        let statement = Envelope::parse(&line).and_then(|envelope| envelope.statement());
        let error = statement.err()?;
        Some(unread(path, &error))
    }
}

/// Names an error with its causes on one line.
fn unread(path: String, error: &dyn std::error::Error) -> StoreFault {
    let mut why = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        why.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    StoreFault::NoRecord { path, why }
}

//! Trees and blobs: what differs between two trees, what stands at a path, what the index would commit.

use std::cmp::Ordering;
use std::sync::Arc;

use git2::{ObjectType, Odb, Oid};

use super::entries::{Entries, RawEntry};
use super::{Error, Repository};

/// What stands at a path: its mode as git writes it (`0o100644`) and its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The mode.
    pub mode: i32,
    /// The object.
    pub oid: Oid,
}

/// One path that differs between two trees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    /// The path, in bytes.
    pub path: Vec<u8>,
    /// On the old side.
    pub old: Option<Entry>,
    /// On the new side.
    pub new: Option<Entry>,
    /// Whether merging left it to a person to settle; never where two trees are compared.
    pub is_conflicted: bool,
}

impl Repository {
    /// Returns the tree that the index would commit, the index being the one that git handed to the hook.
    ///
    /// # Errors
    /// The index cannot be read, or holds conflicts.
    pub fn index_tree(&self) -> Result<Oid, Error> {
        if is_large() {
            return self.index_tree_by_git();
        }
        match self.index_tree_in_process() {
            Ok(Some(tree)) => Ok(tree),
            // libgit2 reads neither sparse nor split indexes, and would commit what is only announced (`add -N`).
            Ok(None) | Err(_) => self.index_tree_by_git(),
        }
    }

    fn index_tree_by_git(&self) -> Result<Oid, Error> {
        let text = self.git.line(&["write-tree"])?;
        self.oid(&text)
    }

    fn index_tree_in_process(&self) -> Result<Option<Oid>, git2::Error> {
        let mut index = self.inner.index()?;
        // The bit of `git add --intent-to-add` (gitformat-index(5)).
        const INTENT_TO_ADD: u16 = 1 << 13;
        if index
            .iter()
            .any(|entry| entry.flags_extended & INTENT_TO_ADD != 0)
        {
            return Ok(None);
        }
        index.write_tree().map(Some)
    }

    /// Returns the empty tree's id.
    ///
    /// # Errors
    /// It cannot be computed.
    pub fn empty_tree(&self) -> Result<Oid, Error> {
        Oid::hash_object_ext(ObjectType::Tree, b"", self.inner.object_format()).map_err(|source| {
            Error::ReadObject {
                oid: "the empty tree".into(),
                source,
            }
        })
    }

    /// Returns what differs between two trees (none: the empty tree), sorted by path; no renames.
    ///
    /// # Errors
    /// A tree is missing.
    pub fn diff(&self, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<Delta>, Error> {
        let deltas = self.diffs.get((old, new), || {
            let held = self.held.as_ref();
            if let Some(deltas) = held.and_then(|held| held.get(&(old, new))) {
                return Ok(deltas);
            }
            let mut deltas = Vec::new();
            let trees = self.trees()?;
            trees.diff_below(&mut Vec::new(), old, new, &mut deltas)?;
            deltas.sort_by(|a, b| a.path.cmp(&b.path));
            let deltas = Arc::new(deltas);
            if let Some(held) = held {
                held.put((old, new), Arc::clone(&deltas));
            }
            Ok::<_, Error>(deltas)
        })?;
        Ok(Arc::unwrap_or_clone(deltas))
    }

    /// Prepares to read trees in place.
    pub(super) fn trees(&self) -> Result<Trees<'_>, Error> {
        Ok(Trees {
            repository: self,
            odb: self.odb()?,
            width: self.id_width(),
        })
    }

    /// Returns what stands at `path` in a tree.
    ///
    /// # Errors
    /// A tree is missing.
    pub fn entry(&self, tree: Oid, path: &[u8]) -> Result<Option<Entry>, Error> {
        let trees = self.trees()?;
        let mut tree = tree;
        let mut rest = path;
        loop {
            let (name, below) = match rest.iter().position(|&b| b == b'/') {
                Some(slash) => (&rest[..slash], Some(&rest[slash + 1..])),
                None => (rest, None),
            };
            let object = trees.read(Some(tree))?;
            let mut entries = object.entries();
            let Some(found) = entries.find(|entry| entry.name == name) else {
                object.whole(entries)?;
                return Ok(None);
            };
            let Some(entry) = trees.entry(Some(found))? else {
                return Ok(None);
            };
            match below {
                None => return Ok(Some(entry)),
                Some(below) if entry.mode == FOLDER => (tree, rest) = (entry.oid, below),
                Some(_) => return Ok(None),
            }
        }
    }

    /// Returns the objects that stand at some paths of a tree; the top of it is read once.
    ///
    /// # Errors
    /// A tree is missing.
    pub fn entries<const N: usize>(
        &self,
        tree: Oid,
        paths: [&[u8]; N],
    ) -> Result<[Option<Oid>; N], Error> {
        let trees = self.trees()?;
        let top = trees.read(Some(tree))?;
        let mut found = [None; N];
        let mut entries = top.entries();
        for entry in entries.by_ref() {
            for (place, path) in paths.iter().enumerate() {
                let Some(rest) = path.strip_prefix(entry.name) else {
                    continue;
                };
                found[place] = match rest {
                    [] => trees.entry(Some(entry))?.map(|entry| entry.oid),
                    [b'/', ..] => self.entry(tree, path)?.map(|entry| entry.oid),
                    _ => continue,
                };
            }
        }
        top.whole(entries)?;
        Ok(found)
    }

    /// Returns the bytes of a blob.
    ///
    /// # Errors
    /// It is missing, or no blob.
    pub fn blob(&self, oid: Oid) -> Result<Vec<u8>, Error> {
        self.with_object(oid, || Ok(self.inner.find_blob(oid)?.content().to_vec()))
    }

    /// Returns the text of the file at `path` in a tree, lossily decoded; none where there is no file.
    ///
    /// # Errors
    /// An object is missing.
    pub fn text_at(&self, tree: Oid, path: &str) -> Result<Option<String>, Error> {
        match self.entry(tree, path.as_bytes())? {
            Some(entry) if entry.mode != FOLDER && entry.mode != SUBMODULE => Ok(Some(
                String::from_utf8_lossy(&self.blob(entry.oid)?).into_owned(),
            )),
            _ => Ok(None),
        }
    }
}

/// Whether the index that git names to its hooks is so large that reading it takes longer than starting git, which maps
/// it where libgit2 copies every entry.
fn is_large() -> bool {
    const LARGE: u64 = 2 * 1024 * 1024;
    std::env::var_os("GIT_INDEX_FILE")
        .and_then(|path| std::fs::metadata(path).ok())
        .is_some_and(|index| index.len() > LARGE)
}

/// The mode of a folder in a tree.
pub(super) const FOLDER: i32 = 0o040_000;
/// The mode of a file that is nothing special.
pub(super) const PLAIN: i32 = 0o100_644;
/// The mode of a file that may be run.
pub(super) const EXECUTABLE: i32 = 0o100_755;
/// The mode of a submodule.
const SUBMODULE: i32 = 0o160_000;

/// Reads trees in place: of thousands of entries a few differ.
pub(super) struct Trees<'r> {
    repository: &'r Repository,
    odb: Odb<'r>,
    width: usize,
}

impl Trees<'_> {
    fn diff_below(
        &self,
        prefix: &mut Vec<u8>,
        old: Option<Oid>,
        new: Option<Oid>,
        deltas: &mut Vec<Delta>,
    ) -> Result<(), Error> {
        if old == new {
            return Ok(());
        }
        let (old, new) = (self.read(old)?, self.read(new)?);
        let (mut left, mut right) = (old.entries(), new.entries());
        left.skip_shared(&mut right);
        let (mut before, mut after) = (left.next(), right.next());
        loop {
            let order = match (&before, &after) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.order(b),
            };
            let (mut one, mut other) = (None, None);
            if order != Ordering::Greater {
                one = std::mem::replace(&mut before, left.next());
            }
            if order != Ordering::Less {
                other = std::mem::replace(&mut after, right.next());
            }
            let Some(child) = one.or(other).filter(|_| one != other) else {
                continue;
            };
            let (was, is) = (self.entry(one)?, self.entry(other)?);
            let length = prefix.len();
            prefix.extend_from_slice(child.name);
            if child.is_folder() {
                prefix.push(b'/');
                self.diff_below(prefix, was.map(|e| e.oid), is.map(|e| e.oid), deltas)?;
            } else {
                deltas.push(Delta {
                    path: prefix.clone(),
                    old: was,
                    new: is,
                    is_conflicted: false,
                });
            }
            prefix.truncate(length);
        }
        old.whole(left)?;
        new.whole(right)
    }

    /// Takes an entry out of its tree.
    pub(super) fn entry(&self, entry: Option<RawEntry<'_>>) -> Result<Option<Entry>, Error> {
        let read = |entry: RawEntry<'_>| {
            let oid = Oid::from_bytes(entry.id).map_err(|source| Error::ReadObject {
                oid: String::from_utf8_lossy(entry.name).into_owned(),
                source,
            })?;
            Ok(Entry {
                mode: entry.mode,
                oid,
            })
        };
        entry.map(read).transpose()
    }

    /// Reads a tree without making anything of it; none is the empty tree.
    pub(super) fn read(&self, tree: Option<Oid>) -> Result<RawTree, Error> {
        let Some(oid) = tree else {
            return Ok(RawTree {
                object: None,
                oid: None,
                width: 0,
            });
        };
        let object = self.repository.trees.get(oid, || {
            let object = self.repository.with_object(oid, || self.odb.read(oid))?;
            match object.kind() {
                ObjectType::Tree => Ok(object.data().into()),
                _ => Err(damaged(oid, "it is another kind of object")),
            }
        })?;
        Ok(RawTree {
            object: Some(object),
            oid: Some(oid),
            width: self.width,
        })
    }
}

/// A tree's bytes.
pub(super) struct RawTree {
    object: Option<Arc<[u8]>>,
    oid: Option<Oid>,
    width: usize,
}

impl RawTree {
    pub(super) fn entries(&self) -> Entries<'_> {
        let data = self.object.as_deref().unwrap_or_default();
        Entries::new(data, self.width)
    }

    /// Fails where what was read of the entries ended before their end.
    pub(super) fn whole(&self, read: Entries<'_>) -> Result<(), Error> {
        match self.oid {
            Some(oid) if read.is_damaged() => Err(damaged(oid, "an entry of it cannot be read")),
            _ => Ok(()),
        }
    }
}

fn damaged(oid: Oid, fault: &'static str) -> Error {
    Error::DamagedTree {
        oid: oid.to_string(),
        fault,
    }
}

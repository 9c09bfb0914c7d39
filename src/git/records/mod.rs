//! The store of records: a set of files that only grows, in the tree of a reference of its own. It knows their names, not
//! what they say; index, work tree and `HEAD` are never touched, and no hook runs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use git2::{ErrorCode, ObjectType, Oid, Signature, Time, Tree, TreeEntry};

use super::tree::FOLDER;
use super::{Error, Repository};
use crate::evidence::envelope::{self, LARGEST};

mod exchange;
mod faults;
mod list;
mod tips;
mod union;

pub use exchange::{Destination, GUARD, Pushed};
pub use faults::StoreFault;
pub use list::Listed;

/// The reference whose newest tree holds every record (EVIDENCE.md, section 8); git's garbage collection keeps what it
/// reaches.
pub const RECORDS: &str = "refs/pdd/evidence";

/// How long a writer goes on against other writers, each of which holds the reference for milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The mode of a regular file in a tree.
const FILE: i32 = 0o100_644;

/// Records as they stand in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// Each record's name, the SHA-256 of its bytes in hexadecimal, and its bytes; sorted by name.
    pub records: Vec<(String, Vec<u8>)>,
    /// What stands there and is no record, sorted by path.
    pub faults: Vec<RecordFault>,
}

/// A place in the store that holds no record, or, against an older tip, no longer does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordFault {
    /// The path in the store's tree, lossily decoded.
    pub path: String,
    /// What is wrong with it.
    pub what: &'static str,
}

impl Repository {
    /// Adds records and returns their names, in order; what is there already is not added again. First the objects are
    /// written, then the reference is moved, so that a writer that is killed leaves the store as it was.
    ///
    /// # Errors
    /// A record is too long, an object cannot be written, or the reference not be moved.
    pub fn add_records(&self, lines: &[Vec<u8>]) -> Result<Vec<String>, Error> {
        if let Some(line) = lines.iter().find(|line| line.len() > LARGEST) {
            return Err(Error::AddLargeRecord { size: line.len() });
        }
        let names: Vec<String> = lines.iter().map(|line| envelope::name(line)).collect();
        let mut blobs = BTreeMap::new();
        for (name, line) in names.iter().zip(lines) {
            blobs.insert(name.as_str(), self.inner.blob(line).map_err(failed)?);
        }
        self.go_on(|tip| self.commit_with(tip, &blobs))?;
        Ok(names)
    }

    /// Moves the reference to what `next` makes of its tip, again where another writer was faster; none: it stays.
    fn go_on(&self, next: impl Fn(Option<Oid>) -> Result<Option<Oid>, Error>) -> Result<(), Error> {
        let begun = Instant::now();
        loop {
            let tip = self.find_commit_at(RECORDS)?;
            let Some(new) = next(tip)? else {
                return Ok(());
            };
            match self.move_records(tip, new) {
                Ok(()) => return Ok(()),
                Err(Refused::ForGood(error)) => return Err(error),
                Err(Refused::ForNow(error)) if begun.elapsed() > PATIENCE => return Err(error),
                Err(Refused::ForNow(_)) => pause(Duration::from_millis(16)),
            }
        }
    }

    /// Returns every record of a store whose newest commit is `tip`.
    ///
    /// # Errors
    /// The commit or a tree is missing.
    pub fn records_at(&self, tip: Oid) -> Result<Records, Error> {
        self.records_since(None, tip)
    }

    /// Returns the records that the tip `new` has and `old` has not; what `old` has and `new` no longer, or otherwise, is
    /// a fault.
    ///
    /// # Errors
    /// A commit or a tree is missing.
    pub fn records_since(&self, old: Option<Oid>, new: Oid) -> Result<Records, Error> {
        let old = old.map(|tip| self.tree_of(tip)).transpose()?;
        self.records_in(old, self.tree_of(new)?)
    }

    fn records_in(&self, old: Option<Oid>, new: Oid) -> Result<Records, Error> {
        let mut found = Records::default();
        for (folder, before, after) in self.changed(old, Some(new))? {
            let is_folder = |place: &Option<Place>| place.is_some_and(|(mode, _)| mode == FOLDER);
            if after.is_some() && !is_folder(&after) {
                found.fault(&folder, "is no record: not in a folder");
            }
            let [before, after] =
                [before, after].map(|place| place.filter(|&(mode, _)| mode == FOLDER));
            let oid = |place: Option<Place>| place.map(|(_, oid)| oid);
            for (name, before, after) in self.changed(oid(before), oid(after))? {
                let path = [folder.as_slice(), b"/", &name].concat();
                self.look(&path, before, after, &mut found);
            }
        }
        found.records.sort();
        found.faults.sort();
        Ok(found)
    }

    /// Looks at one path of the store that differs between two tips.
    fn look(&self, path: &[u8], before: Option<Place>, after: Option<Place>, found: &mut Records) {
        let Some((mode, oid)) = after else {
            return found.fault(path, "was removed");
        };
        if before.is_some() {
            found.fault(path, "was changed");
        }
        let text = String::from_utf8_lossy(path);
        match self.record(&text, mode, oid) {
            Ok((name, line)) => found.records.push((name, line)),
            Err(what) => found.fault(path, what),
        }
    }

    /// Reads a file of the store; says what is wrong where it is no record.
    fn record(&self, path: &str, mode: i32, oid: Oid) -> Result<(String, Vec<u8>), &'static str> {
        let name = name_in(path).ok_or("is no record: its path is not `<aa>/<sha-256>.json`")?;
        if mode != FILE {
            return Err("is no record: not a regular file");
        }
        let size = self.with_object(oid, || self.inner.odb()?.read_header(oid));
        match size {
            Ok((size, ObjectType::Blob)) if size <= LARGEST => {}
            Ok((_, ObjectType::Blob)) => return Err("is too long to be read"),
            _ => return Err("cannot be read"),
        }
        let line = self.blob(oid).map_err(|_| "cannot be read")?;
        if envelope::name(&line) == name {
            Ok((name.to_owned(), line))
        } else {
            Err("does not hold what its name says: edited or damaged")
        }
    }

    /// Returns the entries that differ between two trees, sorted by name; folders are not entered.
    fn changed(&self, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<Difference>, Error> {
        if old == new {
            return Ok(Vec::new());
        }
        let (old, mut new) = (self.places(old)?, self.places(new)?);
        let mut changed = Vec::new();
        for (name, before) in old {
            let after = new.remove(&name);
            if after != Some(before) {
                changed.push((name, Some(before), after));
            }
        }
        changed.extend(
            new.into_iter()
                .map(|(name, after)| (name, None, Some(after))),
        );
        changed.sort();
        Ok(changed)
    }

    fn places(&self, tree: Option<Oid>) -> Result<BTreeMap<Vec<u8>, Place>, Error> {
        let Some(oid) = tree else {
            return Ok(BTreeMap::new());
        };
        let tree = self.with_object(oid, || self.inner.find_tree(oid))?;
        Ok(tree
            .iter()
            .map(|entry| {
                let place = (entry.filemode_raw(), entry.id());
                (entry.name_bytes().to_vec(), place)
            })
            .collect())
    }

    /// Writes the commit after `tip` that has these records too; none where `tip` has them all.
    fn commit_with(
        &self,
        tip: Option<Oid>,
        blobs: &BTreeMap<&str, Oid>,
    ) -> Result<Option<Oid>, Error> {
        let root = match tip {
            Some(tip) => {
                let oid = self.tree_of(tip)?;
                Some(self.with_object(oid, || self.inner.find_tree(oid))?)
            }
            None => None,
        };
        let (tree, added) = self.tree_with(root.as_ref(), blobs)?;
        if added == 0 {
            return Ok(None);
        }
        let message = match added {
            1 => "evidence: add 1 record\n".to_owned(),
            count => format!("evidence: add {count} records\n"),
        };
        let parents: Vec<Oid> = tip.into_iter().collect();
        let commit = self.write_commit(&parents, tree, &message);
        Ok(Some(commit.map_err(failed)?))
    }

    /// Writes the tree that has these records too, and counts those that were not there.
    fn tree_with(
        &self,
        root: Option<&Tree<'_>>,
        blobs: &BTreeMap<&str, Oid>,
    ) -> Result<(Oid, usize), Error> {
        let mut top = self.inner.treebuilder(root).map_err(failed)?;
        let mut added = 0;
        let folders: BTreeSet<&str> = blobs.keys().map(|name| &name[..2]).collect();
        for folder in folders {
            let old = match root.and_then(|root| root.get_name(folder)) {
                Some(entry) => {
                    Some(self.with_object(entry.id(), || self.inner.find_tree(entry.id()))?)
                }
                None => None,
            };
            let files = blobs
                .range(folder..)
                .take_while(|(name, _)| name.starts_with(folder));
            let (tree, count) = self.folder_with(old.as_ref(), files).map_err(failed)?;
            top.insert(folder, tree, FOLDER).map_err(failed)?;
            added += count;
        }
        Ok((top.write().map_err(failed)?, added))
    }

    fn folder_with<'a>(
        &self,
        old: Option<&Tree<'_>>,
        files: impl Iterator<Item = (&'a &'a str, &'a Oid)>,
    ) -> Result<(Oid, usize), git2::Error> {
        let mut builder = self.inner.treebuilder(old)?;
        let mut added = 0;
        for (name, &blob) in files {
            let file = format!("{name}.json");
            let is_it = |entry: TreeEntry<'_>| entry.id() == blob && entry.filemode_raw() == FILE;
            // The name says what the file holds, so another one of that name is damaged and gives way.
            if !builder.get(&file)?.is_some_and(is_it) {
                builder.insert(&file, blob, FILE)?;
                added += 1;
            }
        }
        Ok((builder.write()?, added))
    }

    fn write_commit(&self, parents: &[Oid], tree: Oid, message: &str) -> Result<Oid, git2::Error> {
        let tree = self.inner.find_tree(tree)?;
        let parents = parents.iter().map(|&oid| self.inner.find_commit(oid));
        let parents = parents.collect::<Result<Vec<_>, _>>()?;
        let now = Time::new(jiff::Timestamp::now().as_second(), 0);
        // Who committed a record says nothing; who signed it does. A person's name here would be a false claim.
        let author = Signature::new("pdd-hooks", "pdd-hooks@localhost", &now)?;
        let parents: Vec<_> = parents.iter().collect();
        self.inner
            .commit(None, &author, &author, message, &tree, &parents)
    }

    /// Moves the reference, if it still stands at `old`.
    fn move_records(&self, old: Option<Oid>, new: Oid) -> Result<(), Refused> {
        // No such object: the reference must not exist (git-update-ref(1)).
        let zeros = "0".repeat(new.as_bytes().len() * 2);
        if self.is_reftable {
            return self.move_records_by_git(&old.map_or(zeros, |oid| oid.to_string()), new);
        }
        let expected = match old {
            Some(oid) => oid,
            None => self.oid(&zeros).map_err(Refused::ForGood)?,
        };
        let moved =
            self.inner
                .reference_matching(RECORDS, new, true, expected, "evidence: add records");
        match moved {
            Ok(_) => Ok(()),
            Err(source) => {
                let is_passing = matches!(source.code(), ErrorCode::Modified | ErrorCode::Locked);
                let error = failed(source);
                Err(if is_passing {
                    Refused::ForNow(error)
                } else {
                    Refused::ForGood(error)
                })
            }
        }
    }

    fn move_records_by_git(&self, old: &str, new: Oid) -> Result<(), Refused> {
        let new = new.to_string();
        // The hooks judge moves of branches; this one they would let pass at the price of a process.
        let args = [
            "-c",
            "core.hooksPath=/dev/null",
            "update-ref",
            "--no-deref",
            RECORDS,
            &new,
            old,
        ];
        // Git tells a moved or locked reference from other faults only in words, and in the user's language.
        self.git.read(&args).map(drop).map_err(Refused::ForNow)
    }
}

/// Mode and object of an entry.
type Place = (i32, Oid);

/// An entry's name and what it was and is.
type Difference = (Vec<u8>, Option<Place>, Option<Place>);

/// Why the reference did not move.
enum Refused {
    /// Another writer was faster, or is at it.
    ForNow(Error),
    /// Trying again gives the same.
    ForGood(Error),
}

impl Records {
    fn fault(&mut self, path: &[u8], what: &'static str) {
        let path = String::from_utf8_lossy(path).into_owned();
        self.faults.push(RecordFault { path, what });
    }
}

fn failed(source: git2::Error) -> Error {
    Error::AddRecords { source }
}

/// Returns the path of a record in the store's tree.
fn path(name: &str) -> String {
    format!("{}/{name}.json", name.get(..2).unwrap_or(name))
}

/// Returns the name of the record that belongs at a path; none where none does.
fn name_in(path: &str) -> Option<&str> {
    let (folder, file) = path.split_once('/')?;
    let name = file.strip_suffix(".json")?;
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_name = name.len() == 64 && name.bytes().all(is_digit) && name.starts_with(folder);
    (is_name && folder.len() == 2).then_some(name)
}

/// Waits for a part of `most`, each writer for another, so that those who met once do not meet again and again.
fn pause(most: Duration) {
    let mut random = [0];
    // Without random bytes all wait equally long, and the patience decides.
    let _ = getrandom::fill(&mut random);
    std::thread::sleep(Duration::from_millis(1) + most * u32::from(random[0]) / 256);
}

//! The attempt: what the hooks of one `git commit` have seen so far, kept between them in
//! `<git common dir>/pdd/attempts/<worktree>.json`. A receipt is the part that pre-commit leaves.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Error;
use crate::id::{CommitId, TaskId, TreeId};

/// A process, told from a later one with the same number by when it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Clock ticks from boot to its start (proc(5), stat, field 22).
    pub started: u64,
}

/// What a file looked like when it was read: enough to see that it was written since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    inode: u64,
    size: u64,
    seconds: i64,
    nanoseconds: i64,
}

impl Stamp {
    /// Reads a file's stamp; none where there is no such file.
    pub fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let data = std::fs::metadata(path).ok()?;
        Some(Self {
            inode: data.ino(),
            size: data.size(),
            seconds: data.mtime(),
            nanoseconds: data.mtime_nsec(),
        })
    }
}

/// What pre-commit saw and passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The tree.
    pub tree: TreeId,
    /// The index it was read from.
    pub index: Option<Stamp>,
    /// Each list of parents with which it passed.
    #[serde(default)]
    pub parents: Vec<Vec<CommitId>>,
}

/// What prepare-commit-msg saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// `HEAD` before the commit; none before the first.
    pub head: Option<CommitId>,
    /// Whether an earlier attempt's receipt lay there: it proves nothing for this one.
    pub found_stale_receipt: bool,
    /// The commit that a cherry-pick was copying: git forgets it before post-commit where it started `git commit`.
    #[serde(default)]
    pub picks: Option<CommitId>,
}

/// What commit-msg judged and passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// SHA-256 of the message as git will commit it.
    pub message: String,
    /// The trees that were judged.
    pub trees: Vec<TreeId>,
    /// Each list of parents with which the change passed.
    pub parents: Vec<Vec<CommitId>>,
    /// The task that the message names.
    pub task: Option<TaskId>,
    /// The personas that the change declares for it, or the newest before it.
    pub personas: Vec<String>,
    /// Whether it is a merge that holds only what the automatic merge gives.
    pub is_automatic_merge: bool,
}

/// One attempt to commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The git that runs the hooks; none where the system does not tell.
    pub caller: Option<Process>,
    /// The hooks that ran, in order.
    pub hooks: Vec<String>,
    /// From pre-commit, pre-merge-commit or pre-applypatch.
    pub receipt: Option<Receipt>,
    /// From prepare-commit-msg.
    pub opened: Option<Opened>,
    /// From commit-msg or pre-applypatch.
    pub judged: Option<Judged>,
}

impl Attempt {
    /// Returns the file of a worktree's attempt.
    pub fn path(pdd: &Path, worktree: &str) -> PathBuf {
        pdd.join("attempts").join(format!("{worktree}.json"))
    }

    /// Reads the attempt that lies there; one that cannot be read (a kill in mid-write leaves none) counts as none.
    pub fn find(path: &Path) -> Option<Self> {
        Self::parse(&std::fs::read(path).ok()?)
    }

    /// Reads an attempt's bytes; none where they are no attempt.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Keeps the attempt: written beside the file, then renamed over it.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep(&self, path: &Path) -> Result<(), Error> {
        let failed = |source| Error::KeepAttempt {
            path: path.to_owned(),
            source,
        };
        let folder = path.parent().unwrap_or(Path::new("."));
        let write = || -> io::Result<()> {
            // One worktree's hooks run one after another under git's index lock, so the name need not be unique.
            let beside = path.with_extension("json.new");
            std::fs::write(&beside, serde_json::to_vec(self)?)?;
            std::fs::rename(&beside, path)
        };
        match write() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                std::fs::create_dir_all(folder).map_err(failed)?;
                write().map_err(failed)
            }
            result => result.map_err(failed),
        }
    }

    /// Removes the attempt.
    ///
    /// # Errors
    /// It is there and cannot be removed.
    pub fn clear(path: &Path) -> Result<(), Error> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::KeepAttempt {
                path: path.to_owned(),
                source: error,
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn attempt() -> Attempt {
        Attempt {
            caller: Some(Process {
                pid: 7,
                started: 11,
            }),
            hooks: vec!["pre-commit".into()],
            receipt: Some(Receipt {
                tree: TreeId::new("ab"),
                index: None,
                parents: Vec::new(),
            }),
            ..Attempt::default()
        }
    }

    #[test]
    fn an_attempt_is_read_as_it_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = Attempt::path(folder.path(), "main");
        attempt().keep(&path).unwrap();
        assert_eq!(Attempt::find(&path), Some(attempt()));
        Attempt::clear(&path).unwrap();
        assert_eq!(Attempt::find(&path), None);
        Attempt::clear(&path).unwrap();
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, cut in 0usize..400, flip in 0usize..400) {
            prop_assert_eq!(Attempt::parse(&bytes), None);
            let mut near = serde_json::to_vec(&attempt()).unwrap();
            let at = flip % near.len();
            near[at] ^= 0x11;
            near.truncate(cut);
            let _ = Attempt::parse(&near);
        }
    }
}

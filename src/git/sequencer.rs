//! What git is in the middle of: a merge, a cherry-pick, a revert, a rebase, `git am`; read from the state that git
//! documents for it (gitrevisions(7), git-rebase(1)).

use std::path::Path;
use std::{fs, io};

use git2::Oid;

use super::{Error, Repository};

impl Repository {
    /// Returns the commits being merged into `HEAD`; empty where no merge is in progress.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn merge_heads(&self) -> Result<Vec<Oid>, Error> {
        // MERGE_HEAD is a file in every reference backend: it can hold several ids.
        let Some(text) = self.state("MERGE_HEAD")? else {
            return Ok(Vec::new());
        };
        text.split_whitespace().map(|oid| self.oid(oid)).collect()
    }

    /// Returns the commit being cherry-picked, or picked by a rebase that stopped.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn cherry_pick_head(&self) -> Result<Option<Oid>, Error> {
        self.find_commit_at("CHERRY_PICK_HEAD")
    }

    /// Returns the commit being reverted.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn revert_head(&self) -> Result<Option<Oid>, Error> {
        self.find_commit_at("REVERT_HEAD")
    }

    /// Returns the branch that a rebase in progress will move, without `refs/heads/`.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn rebase_branch(&self) -> Result<Option<String>, Error> {
        for state in ["rebase-merge/head-name", "rebase-apply/head-name"] {
            if let Some(name) = self.state(state)? {
                return Ok(name.trim().strip_prefix("refs/heads/").map(str::to_owned));
            }
        }
        Ok(None)
    }

    /// Says whether a rebase is in progress, and not a plain `git am`.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn is_rebasing(&self) -> Result<bool, Error> {
        Ok(self.state("rebase-merge/head-name")?.is_some()
            || self.state("rebase-apply/rebasing")?.is_some())
    }

    /// Returns the commit that a rebase in progress is replaying now.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn rebase_pick(&self) -> Result<Option<Oid>, Error> {
        if let Some(oid) = self.state("rebase-apply/original-commit")? {
            return Ok(Some(self.oid(oid.trim())?));
        }
        let Some(done) = self.state("rebase-merge/done")? else {
            return Ok(None);
        };
        let Some(line) = done.lines().rfind(|line| !line.trim().is_empty()) else {
            return Ok(None);
        };
        // `pick <id> <subject>`, `fixup -C <id> …`, `merge -C <id> <label>`.
        let id = line
            .split_whitespace()
            .skip(1)
            .find(|word| word.len() >= 7 && word.bytes().all(|b| b.is_ascii_hexdigit()));
        match id {
            Some(id) => self.resolve(id).map(Some),
            None => Ok(None),
        }
    }

    /// Returns the message that `git am` is about to commit, as it stands on disk.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn am_message(&self) -> Result<Option<Vec<u8>>, Error> {
        read(&self.state_folder().join("rebase-apply/final-commit"))
    }

    fn state(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(read(&self.state_folder().join(name))?
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(source) => Err(Error::ReadState {
            path: path.to_owned(),
            source,
        }),
    }
}

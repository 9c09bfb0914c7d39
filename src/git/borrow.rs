//! What a repository of the program's own needs to read the user's objects without being the user's repository: where
//! they stand, in which format, and that they are here at all. It writes nothing of the user's but fetched objects.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};

use super::{Error, Repository};

impl Repository {
    /// Lists the folders that hold this repository's objects, canonical: its own, and those that the environment adds
    /// while a push is in quarantine (git-receive-pack(1)).
    ///
    /// # Errors
    /// One of them is not there.
    pub fn object_folders(&self) -> io::Result<Vec<PathBuf>> {
        let mut folders = vec![self.common_folder().join("objects")];
        folders.extend(std::env::var_os("GIT_OBJECT_DIRECTORY").map(Into::into));
        if let Some(list) = std::env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES") {
            folders
                .extend(std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()));
        }
        let mut canonical = Vec::new();
        for folder in folders {
            let folder = std::fs::canonicalize(folder)?;
            if !canonical.contains(&folder) {
                canonical.push(folder);
            }
        }
        Ok(canonical)
    }

    /// Returns the configuration that lets an empty repository read objects of this one's format.
    pub fn format_config(&self) -> String {
        let format = self.inner.object_format();
        match format {
            // Version 0 is what every other reader of repositories knows.
            git2::ObjectFormat::Sha1 => "[core]\n\trepositoryformatversion = 0\n".into(),
            _ => format!(
                "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = {format}\n"
            ),
        }
    }

    /// Returns how many bytes an object id of this repository has.
    pub fn id_bytes(&self) -> usize {
        match self.inner.object_format() {
            git2::ObjectFormat::Sha1 => 20,
            _ => 32,
        }
    }

    /// Has git fetch what a remote has promised of a tree, in bulk; says whether there was anything to ask for.
    ///
    /// # Errors
    /// Git cannot fetch it.
    pub fn fetch_content(&self, tree: Oid) -> Result<bool, Error> {
        if !self.is_partial() {
            return Ok(false);
        }
        let (empty, tree) = (self.empty_tree()?.to_string(), tree.to_string());
        // Counting lines reads every blob, and a diff asks for all that are missing at once.
        self.git.read(&[
            "diff",
            "--numstat",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            &empty,
            &tree,
        ])?;
        Ok(true)
    }

    /// Lists the tops of all work trees of this repository that are there, canonical, this one first.
    pub fn work_trees(&self) -> Vec<PathBuf> {
        let common = self.common_folder();
        let mut found: Vec<PathBuf> = self.work_tree().map(Path::to_owned).into_iter().collect();
        if common.ends_with(".git") {
            found.extend(common.parent().map(Path::to_owned));
        }
        // A linked worktree's state names its `.git` file, which a relative path does from there.
        let states = std::fs::read_dir(common.join("worktrees"));
        for state in states.into_iter().flatten().flatten() {
            if let Ok(bytes) = std::fs::read(state.path().join("gitdir")) {
                let name = OsStr::from_bytes(bytes.trim_ascii_end());
                let file = state.path().join(name);
                found.extend(file.parent().map(Path::to_owned));
            }
        }
        let mut canonical = Vec::new();
        for folder in found {
            if let Ok(folder) = std::fs::canonicalize(folder)
                && !canonical.contains(&folder)
            {
                canonical.push(folder);
            }
        }
        canonical
    }

    /// Writes a commit of this tree and these parents into the repository whose git folder is `folder`. The same tree
    /// on the same parents is the same commit: its time is that of its youngest parent.
    ///
    /// # Errors
    /// A parent is missing here, or the object cannot be written.
    pub fn write_commit_into(
        &self,
        folder: &Path,
        tree: Oid,
        parents: &[Oid],
    ) -> Result<Oid, Error> {
        let mut seconds = 0;
        let mut text = format!("tree {tree}\n");
        for parent in parents {
            seconds = seconds.max(self.commit(*parent)?.committer.seconds);
            text.push_str(&format!("parent {parent}\n"));
        }
        let who = format!("pdd-hooks <pdd-hooks@localhost> {seconds} +0000");
        text.push_str(&format!(
            "author {who}\ncommitter {who}\n\nthe tree under test\n"
        ));
        git2::Repository::open(folder)
            .and_then(|repository| repository.odb()?.write(ObjectType::Commit, text.as_bytes()))
            .map_err(|source| Error::WriteObject { source })
    }
}

/// Writes folders as `objects/info/alternates` holds them (gitrepository-layout(5)).
pub fn alternates(folders: &[PathBuf]) -> Vec<u8> {
    let mut lines = Vec::new();
    for folder in folders {
        let bytes = folder.as_os_str().as_bytes();
        if bytes.contains(&b'\n') {
            // A path that a line cannot hold is quoted as C would.
            lines.push(b'"');
            for &byte in bytes {
                match byte {
                    b'\n' => lines.extend_from_slice(b"\\n"),
                    b'"' | b'\\' => lines.extend_from_slice(&[b'\\', byte]),
                    _ => lines.push(byte),
                }
            }
            lines.push(b'"');
        } else {
            lines.extend_from_slice(bytes);
        }
        lines.push(b'\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_line_and_one_that_no_line_holds_is_quoted() {
        let folders = ["/a b/objects".into(), "/a\n\"b\\/objects".into()];
        assert_eq!(
            String::from_utf8(alternates(&folders)).unwrap(),
            "/a b/objects\n\"/a\\n\\\"b\\\\/objects\"\n"
        );
    }
}

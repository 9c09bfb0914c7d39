//! The slot's own repository, which no test is told of: it brings the work tree to a tree and says afterwards what was
//! changed there. Its configuration is written anew each time, so that nothing decides the content but the tree.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::super::Error;
use super::super::process::MARKER;
use super::files::{ensure_folder, failed, remove, write};
use super::index::{self, Tracked};
use super::sweep::sweep;
use crate::git::command::Git;
use crate::git::{self, Oid, Repository};

/// What decides content, said whatever the defaults of this git are. No filter of the user's is known here, so none runs.
const CONFIG: &str = "\
[core]
	bare = false
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
	autocrlf = false
	fileMode = true
	symlinks = true
	ignoreCase = false
	trustctime = true
	checkStat = default
	fsmonitor = false
	untrackedCache = false
	splitIndex = false
	sparseCheckout = false
[index]
	version = 2
	sparse = false
[submodule]
	recurse = false
[gc]
	auto = 0
[maintenance]
	auto = false
";

/// The repository and the work tree that it fills.
pub(super) struct Control<'a> {
    /// The slot's top folder.
    pub(super) root: &'a Path,
    /// The user's repository, whose objects are read.
    pub(super) repository: &'a Repository,
}

impl Control<'_> {
    fn folder(&self) -> PathBuf {
        self.root.join("git")
    }

    /// Returns the work tree.
    pub(super) fn tree(&self) -> PathBuf {
        self.root.join("tree")
    }

    /// Returns where the index stands.
    pub(super) fn index_file(&self) -> PathBuf {
        self.folder().join("index")
    }

    /// Brings the work tree to exactly this tree and the carried paths; returns what is tracked in it. What a filled slot
    /// does not give up, an empty one does: it is tried once more from nothing.
    pub(super) fn fill(&self, tree: Oid, carried: &[String]) -> Result<Vec<Tracked>, Error> {
        match self.try_fill(tree, carried) {
            Ok(tracked) => Ok(tracked),
            Err(Error::Interrupted) => Err(Error::Interrupted),
            Err(_) => {
                self.repository.fetch_content(tree)?;
                self.empty()?;
                self.try_fill(tree, &[])
            }
        }
    }

    /// Throws the work tree and the repository away.
    pub(super) fn empty(&self) -> Result<(), Error> {
        remove(&self.tree())?;
        remove(&self.folder())
    }

    fn try_fill(&self, tree: Oid, carried: &[String]) -> Result<Vec<Tracked>, Error> {
        self.prepare()?;
        match self.tracked() {
            Some(tracked) => self.sweep(&tracked, carried)?,
            None => self.empty().and_then(|()| self.prepare())?,
        }
        let id = tree.to_string();
        // Files whose time stamps were moved, or content changed behind git's back, are written anew: `--reset` asks the
        // system about each one (git-read-tree(1)).
        self.git(&["read-tree", "--reset", "-u", &id], &id, None)?;
        self.tracked().ok_or_else(|| Error::FillSlot {
            tree: id,
            stderr: "git left no index that can be read".into(),
        })
    }

    /// Lists tracked paths whose content, mode or presence is not the tree's any more. What is untracked is removed
    /// first: a left `.gitattributes` would have a say in what counts as changed.
    pub(super) fn changed(
        &self,
        tracked: &[Tracked],
        carried: &[String],
    ) -> Result<Vec<String>, Error> {
        self.prepare()?;
        self.sweep(tracked, carried)?;
        // A run that has put its own index here has taken the measure away.
        if self.tracked().as_deref() != Some(tracked) {
            self.empty()?;
            return Ok(vec!["the slot's index".into()]);
        }
        // Git would note in the index what it found unchanged, and the next run not write a file anew whose time stamp
        // was moved; so it looks at a copy.
        let copy = self.folder().join("index.copy");
        copy_index(&self.index_file(), &copy)?;
        let paths = self.git(
            &[
                "diff",
                "--name-only",
                "-z",
                "--no-renames",
                "--no-ext-diff",
                "--no-textconv",
                "--ignore-submodules=all",
            ],
            "under test",
            Some(&copy),
        )?;
        let paths = paths.split(|&byte| byte == 0);
        Ok(paths
            .filter(|path| !path.is_empty())
            .map(|path| String::from_utf8_lossy(path).into_owned())
            .collect())
    }

    fn sweep(&self, tracked: &[Tracked], carried: &[String]) -> Result<(), Error> {
        let probe = self.folder().join("info");
        let facts = fs::metadata(&probe).map_err(failed("read", &probe))?;
        sweep(
            &self.tree(),
            tracked,
            carried,
            facts.permissions().mode() & 0o7777,
        )
    }

    /// Writes all of the repository anew but its index, and removes a lock on that: the slot's own lock is held.
    fn prepare(&self) -> Result<(), Error> {
        let folder = self.folder();
        ensure_folder(&folder)?;
        ensure_folder(&self.tree())?;
        for entry in fs::read_dir(&folder).map_err(failed("read", &folder))? {
            let entry = entry.map_err(failed("read", &folder))?;
            if entry.file_name() != "index" {
                remove(&entry.path())?;
            }
        }
        ensure_folder(&folder.join("objects/info"))?;
        ensure_folder(&folder.join("refs"))?;
        ensure_folder(&folder.join("info"))?;
        write(&folder.join("HEAD"), "ref: refs/heads/slot\n")?;
        write(
            &folder.join("config"),
            self.repository.format_config() + CONFIG,
        )?;
        let objects = self.repository.object_folders();
        let objects = objects.map_err(failed("find", self.repository.common_folder()))?;
        write(
            &folder.join("objects/info/alternates"),
            git::alternates(&objects),
        )
    }

    /// Reads the index; none where it is missing or not to be trusted.
    fn tracked(&self) -> Option<Vec<Tracked>> {
        let file = self.index_file();
        if !fs::symlink_metadata(&file).ok()?.is_file() {
            return None;
        }
        index::read(&fs::read(file).ok()?, self.repository.id_bytes())
    }

    fn git(&self, args: &[&str], tree: &str, index: Option<&Path>) -> Result<Vec<u8>, Error> {
        let (folder, work_tree) = (self.folder(), self.tree());
        let mut all = vec![OsStr::new("--git-dir"), folder.as_os_str()];
        all.extend([OsStr::new("--work-tree"), work_tree.as_os_str()]);
        all.extend(args.iter().map(OsStr::new));
        // The marker lets the next owner of the slot end a git that outlived this process.
        let mut env = vec![(MARKER, self.root.as_os_str())];
        env.extend(index.map(|index| ("GIT_INDEX_FILE", index.as_os_str())));
        let (code, stdout, stderr) = Git::new(&work_tree).run_isolated_with(&all, &env)?;
        if code == Some(0) {
            return Ok(stdout);
        }
        Err(Error::FillSlot {
            tree: tree.to_owned(),
            stderr: String::from_utf8_lossy(&stderr).trim().to_owned(),
        })
    }
}

/// Copies an index with its time stamp: by that git tells which files may have changed since without a trace.
pub(super) fn copy_index(from: &Path, to: &Path) -> Result<(), Error> {
    fs::copy(from, to)
        .and_then(|_| {
            let modified = fs::metadata(from)?.modified()?;
            let file = fs::File::options().write(true).open(to)?;
            file.set_modified(modified)
        })
        .map_err(failed("copy", to))
}

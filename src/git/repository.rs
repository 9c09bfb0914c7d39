//! A repository, opened as git handed it to the hook: from the environment, never by looking for `.git` (DESIGN.md, section 2).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use git2::{ObjectFormat, ObjectType, Odb, Oid, opts};

use super::command::Git;
use super::graph::Graph;
use super::held::Held;
use super::recent::Recent;
use super::shelf::Shelf;
use super::{Commit, Delta, Error};

/// A repository with what libgit2 can read of it, and git itself for the rest.
pub struct Repository {
    pub(super) inner: git2::Repository,
    pub(super) git: Git,
    pub(super) is_reftable: bool,
    /// As it stood when the repository was opened: libgit2 would look at every file again for each key.
    config: git2::Config,
    /// History in memory, where somebody attached it.
    pub(super) graph: Option<Arc<Graph>>,
    pub(super) commits: Recent<Oid, Commit>,
    pub(super) trees: Shelf,
    pub(super) diffs: Recent<Sides, Arc<Vec<Delta>>>,
    /// Diffs that other threads may ask for as well, where somebody holds them.
    pub(super) held: Option<Arc<Held>>,
    /// The symbolic links of trees that were walked, by tree.
    pub(super) links: super::links::Memo,
}

/// The trees of a diff, old and new; none is the empty one.
pub(super) type Sides = (Option<Oid>, Option<Oid>);

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Repository")
            .field(&self.inner.path())
            .finish()
    }
}

impl Repository {
    /// Opens the repository that `GIT_DIR`, `GIT_WORK_TREE`, `GIT_INDEX_FILE` and the object variables name, or the one
    /// around the current folder: so the index under `commit -a` and a push's quarantine are seen (githooks(5)).
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn open() -> Result<Self, Error> {
        prepare();
        let inner =
            git2::Repository::open_from_env().map_err(|source| Error::OpenRepository { source })?;
        let folder = inner.workdir().unwrap_or_else(|| inner.path()).to_owned();
        // A hook may stand in a subfolder; the environment's relative paths hold from where it stands.
        let folder = match std::env::var_os("GIT_DIR") {
            Some(_) => PathBuf::from("."),
            None => folder,
        };
        Self::around(inner, folder)
    }

    /// Opens the repository at or above `folder`, whatever the environment says.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn open_at(folder: &Path) -> Result<Self, Error> {
        prepare();
        let inner = git2::Repository::discover(folder)
            .map_err(|source| Error::OpenRepository { source })?;
        let folder = inner.workdir().unwrap_or_else(|| inner.path()).to_owned();
        Self::around(inner, folder)
    }

    /// Returns what other threads open the same repository by, with the same history in memory.
    pub fn seed(&self) -> Seed {
        Seed {
            path: self.inner.path().to_owned(),
            folder: self.git.folder().to_owned(),
            graph: self.graph.clone(),
            held: self.held.clone(),
        }
    }

    /// Holds every diff from now on, for whatever is opened by this one's seed too, until [`Self::let_go`].
    pub fn hold_diffs(&mut self) {
        self.held = Some(Arc::default());
    }

    /// Lets go of the diffs that are held.
    pub fn let_go(&self) {
        if let Some(held) = &self.held {
            held.clear();
        }
    }

    fn around(inner: git2::Repository, folder: PathBuf) -> Result<Self, Error> {
        let config = inner
            .config()
            .and_then(|mut config| config.snapshot())
            .map_err(|source| Error::ReadConfig {
                key: "extensions".into(),
                source,
            })?;
        let is_reftable = config
            .get_string("extensions.refstorage")
            .is_ok_and(|format| format.starts_with("reftable"));
        Ok(Self {
            inner,
            git: Git::new(folder),
            is_reftable,
            config,
            graph: None,
            commits: Recent::default(),
            trees: Shelf::default(),
            diffs: Recent::default(),
            held: None,
            links: super::links::Memo::default(),
        })
    }

    /// Returns git itself, in this repository.
    pub fn git(&self) -> &Git {
        &self.git
    }

    /// Returns the folder that linked worktrees share: `.git` of the main one.
    pub fn common_folder(&self) -> &Path {
        self.inner.commondir()
    }

    /// Returns the folder of this worktree's own state.
    pub fn state_folder(&self) -> &Path {
        self.inner.path()
    }

    /// Returns the top of the work tree; none in a bare repository.
    pub fn work_tree(&self) -> Option<&Path> {
        self.inner.workdir()
    }

    /// Returns the folder of all local state of this program.
    pub fn pdd_folder(&self) -> PathBuf {
        self.common_folder().join("pdd")
    }

    /// Names this worktree in file names: `main`, or `wt-<name>` for a linked one (gitrepository-layout(5)).
    pub fn worktree_name(&self) -> String {
        let state = self.state_folder();
        match (self.inner.is_worktree(), state.file_name()) {
            (true, Some(name)) => format!("wt-{}", name.to_string_lossy()),
            _ => "main".into(),
        }
    }

    /// Says whether it has no work tree, as on a server.
    pub fn is_bare(&self) -> bool {
        self.inner.is_bare() && !self.inner.is_worktree()
    }

    /// Says whether history was cut when this repository was cloned.
    pub fn is_shallow(&self) -> bool {
        self.inner.is_shallow()
    }

    /// Says whether an object is here; parents beyond the edge of a shallow clone are not.
    pub fn has_object(&self, oid: Oid) -> bool {
        self.inner.odb().is_ok_and(|odb| odb.exists(oid))
    }

    /// Says whether objects may be missing here that a remote has promised: one that `extensions.partialClone` names, or
    /// any with `remote.<name>.promisor` (git-clone(1), `--filter`).
    pub(super) fn is_partial(&self) -> bool {
        let promises = |name| {
            self.config
                .entries(Some(name))
                .is_ok_and(|mut found| found.next().is_some())
        };
        promises("^extensions\\.partialclone$") || promises("^remote\\..*\\.promisor$")
    }

    /// Returns all values of a configuration key, from every scope but the command line.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn config_values(&self, key: &str) -> Result<Vec<String>, Error> {
        let failed = |source| Error::ReadConfig {
            key: key.into(),
            source,
        };
        let entries = match self.config.multivar(key, None) {
            Ok(entries) => entries,
            Err(source) if source.code() == git2::ErrorCode::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(failed(source)),
        };
        let mut values = Vec::new();
        entries
            .for_each(|entry| values.extend(entry.value().map(str::to_owned)))
            .map_err(failed)?;
        Ok(values)
    }

    /// Returns the fingerprints of the keys that may begin, as `install --server` pinned them: where a branch lists no
    /// signers yet, only these may approve.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn pinned_roots(&self) -> Result<Vec<String>, Error> {
        self.config_values("pdd.root")
    }

    /// Returns the value of a configuration key as git itself sees it, `-c` and `GIT_CONFIG_COUNT` included.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn effective_config(&self, key: &str) -> Result<Option<String>, Error> {
        let overridden = ["GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
        if overridden {
            return self.git.find(&["config", "--get", key]);
        }
        match self.config.get_string(key) {
            Ok(value) => Ok(Some(value)),
            Err(source) if source.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(source) => Err(Error::ReadConfig {
                key: key.into(),
                source,
            }),
        }
    }

    /// Returns the store of its objects.
    pub(super) fn odb(&self) -> Result<Odb<'_>, Error> {
        self.inner.odb().map_err(|source| Error::ReadObject {
            oid: "the object store".into(),
            source,
        })
    }

    /// Returns how many bytes an object id has here.
    pub fn id_width(&self) -> usize {
        match self.inner.object_format() {
            ObjectFormat::Sha256 => 32,
            _ => 20,
        }
    }

    /// Reads an object id in this repository's format.
    ///
    /// # Errors
    /// The text is no id of that format.
    pub(crate) fn oid(&self, text: &str) -> Result<Oid, Error> {
        Oid::from_str_ext(text, self.inner.object_format()).map_err(|source| Error::ReadObject {
            oid: text.into(),
            source,
        })
    }

    /// Runs `read`; where the object is missing from a partial clone, lets git fetch it and tries once more, since
    /// libgit2 knows no promisor remotes.
    pub(super) fn with_object<T>(
        &self,
        oid: Oid,
        read: impl Fn() -> Result<T, git2::Error>,
    ) -> Result<T, Error> {
        let failed = |source| Error::ReadObject {
            oid: oid.to_string(),
            source,
        };
        match read() {
            Err(error) if error.code() == git2::ErrorCode::NotFound && self.is_partial() => {
                self.git.read(&["cat-file", "-e", &oid.to_string()])?;
                self.inner
                    .odb()
                    .and_then(|odb| odb.refresh())
                    .map_err(failed)?;
                read().map_err(failed)
            }
            result => result.map_err(failed),
        }
    }
}

/// By what threads open one repository, each for itself: libgit2 lets none be used by two at a time.
#[derive(Clone, Debug)]
pub struct Seed {
    path: PathBuf,
    folder: PathBuf,
    graph: Option<Arc<Graph>>,
    held: Option<Arc<Held>>,
}

impl Seed {
    /// Opens it.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub fn open(&self) -> Result<Repository, Error> {
        let inner = git2::Repository::open(&self.path)
            .map_err(|source| Error::OpenRepository { source })?;
        let mut repository = Repository::around(inner, self.folder.clone())?;
        repository.graph.clone_from(&self.graph);
        repository.held.clone_from(&self.held);
        Ok(repository)
    }
}

/// Sets libgit2's options, once a process.
fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Reading an object back is not the moment to check its hash again: fsck does.
        opts::strict_hash_verification(false);
        #[expect(
            unsafe_code,
            reason = "libgit2's options are global; this runs once, before any repository is opened"
        )]
        // SAFETY: no other thread uses libgit2 yet.
        unsafe {
            // Without these names libgit2 refuses to open such a repository at all; what it cannot read of them
            // (reftables, a promisor's objects) git reads for us. An error leaves the defaults, which open the rest.
            let _ = opts::set_extensions(&["refstorage", "partialclone", "relativeworktrees"]);
            // Trees are kept by us ([`Shelf`]); commits are read once or twice, one after another.
            let _ = opts::set_cache_object_limit(ObjectType::Tree, 0);
            let _ = opts::set_cache_object_limit(ObjectType::Commit, 0);
        }
    });
}

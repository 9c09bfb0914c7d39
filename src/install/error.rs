//! What can go wrong when hooks are installed, removed or examined.

use std::path::{Path, PathBuf};

use crate::evidence::signers::SignersError;
use crate::git;

/// Says what was tried and how it failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No repository is here.
    #[error("could not find a git repository here")]
    FindRepository {
        /// What git said.
        source: git::Error,
    },
    /// The folder is inside `.git`, where a relative `core.hooksPath` has no meaning.
    #[error("this is the inside of a git folder, not a work tree")]
    FindWorkTree,
    /// `core.hooksPath` holds a value that git cannot use, or only for one command.
    #[error("could not use `core.hooksPath = {value}` of {origin}")]
    UseHooksPath {
        /// The value as written.
        value: String,
        /// The scope and file that set it.
        origin: String,
    },
    /// A program of ours is not where it should be.
    #[error("could not find `{name}` in {}", joined(folders))]
    FindProgram {
        /// The program.
        name: String,
        /// The folders that were searched.
        folders: Vec<PathBuf>,
    },
    /// A file or folder could not be read.
    #[error("could not read {}", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file or folder could not be written, moved or removed.
    #[error("could not write {}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A folder stands where a hook belongs.
    #[error("a folder stands where a hook belongs: {}", path.display())]
    ReplaceFolder {
        /// The path.
        path: PathBuf,
    },
    /// The manifest is not what an install wrote.
    #[error("could not understand {}", path.display())]
    ParseManifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// Another process is writing the configuration, or died while it was.
    #[error("could not lock {}: `{}` exists", file.display(), lock.display())]
    LockConfig {
        /// The configuration file.
        file: PathBuf,
        /// Its lock.
        lock: PathBuf,
    },
    /// Another process wrote the configuration while the change was worked out.
    #[error("could not change {}: another process changed it just now", file.display())]
    ChangeConfig {
        /// The configuration file.
        file: PathBuf,
    },
    /// Hooks from configuration are unknown to this git.
    #[error("could not use `--config-hooks`: it needs git 2.54 or later, and this is {found}")]
    UseConfigHooks {
        /// The version found.
        found: String,
    },
    /// The hooks are installed in the other way.
    #[error("could not install twice: the hooks are already installed {mode}")]
    InstallTwice {
        /// The way they are installed.
        mode: String,
    },
    /// Hooks of ours are in a configuration file that other repositories read too.
    #[error(
        "could not install twice: the hooks are already installed in the {scope} configuration (`hook.pdd-*`)"
    )]
    InstallBesideShared {
        /// `global` or `system`.
        scope: String,
    },
    /// The hooks were written, but git takes others; all was put back.
    #[error("could not make git use {}: {origin} wins", hooks.display())]
    ReachHooks {
        /// Where ours were written.
        hooks: PathBuf,
        /// The setting that wins.
        origin: String,
    },
    /// A server was asked for in a repository that somebody works in.
    #[error("could not install a server: {} is a work tree", top.display())]
    ServeWorkTree {
        /// Its top.
        top: PathBuf,
    },
    /// The hooks of a clone were asked for in a bare repository.
    #[error("could not install the hooks of a clone: {} is bare", common.display())]
    InstallBare {
        /// The git folder.
        common: PathBuf,
    },
    /// Nobody is named who may approve of the first landing.
    #[error(
        "could not install a server: no key is pinned, and no protected branch lists one that may approve"
    )]
    PinRoot,
    /// A text that begins like a fingerprint is none.
    #[error("could not understand the fingerprint `{text}`")]
    ReadFingerprint {
        /// The text.
        text: String,
    },
    /// A file of keys is not understood.
    #[error("could not read the keys in {}", path.display())]
    ReadRoots {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<SignersError>,
    },
    /// A file has no key that may approve.
    #[error("could not find a key that may approve in {}", path.display())]
    FindRoots {
        /// The file.
        path: PathBuf,
    },
    /// The server's key was not made.
    #[error("could not make the key {}: {reason}", path.display())]
    MakeKey {
        /// The file.
        path: PathBuf,
        /// What `ssh-keygen` said.
        reason: String,
    },
    /// Nothing is installed.
    #[error("could not uninstall: nothing of pdd-hooks is installed in {}", common.display())]
    FindInstall {
        /// The git common folder.
        common: PathBuf,
    },
    /// The scratch repository of the self-test could not be made.
    #[error("could not make the scratch repository of the self-test: {reason}")]
    MakeScratch {
        /// What failed.
        reason: String,
    },
    /// The repository cannot be asked.
    #[error(transparent)]
    Git(#[from] git::Error),
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::FindRepository { .. } => "run it in a work tree, or `git init` first".into(),
            Self::FindWorkTree => "run it at the top of the work tree".into(),
            Self::UseHooksPath { .. } => {
                "unset it, or set it to a folder in a configuration file".into()
            }
            Self::FindProgram { .. } => {
                "run `./install.sh` again: it puts every program in its place".into()
            }
            Self::ReplaceFolder { path } => format!("move {} away", path.display()),
            Self::ParseManifest { path, .. } => format!(
                "move {} away and run `pdd-hooks install`; kept hooks are beside it",
                path.display()
            ),
            Self::LockConfig { lock, .. } => {
                format!("if no git is running, remove {}", lock.display())
            }
            Self::ChangeConfig { .. } => "run it again".into(),
            Self::UseConfigHooks { .. } => {
                "run `pdd-hooks install` without it: hook files work with every git".into()
            }
            Self::InstallTwice { .. } => "run `pdd-hooks uninstall` first".into(),
            Self::InstallBesideShared { .. } => "remove those settings first".into(),
            Self::ReachHooks { .. } => "remove that setting and install again".into(),
            Self::ServeWorkTree { .. } => {
                "run it in the bare repository that is pushed to; `pdd-hooks install` is for clones".into()
            }
            Self::InstallBare { .. } => {
                "`pdd-hooks install --server` judges what is pushed to it".into()
            }
            Self::PinRoot => "`pdd-hooks install --server --root <clone>/.pdd/allowed_signers`, or the fingerprint that `ssh-keygen -lf key.pub` prints".into(),
            Self::ReadFingerprint { .. } => {
                "`ssh-keygen -lf key.pub` prints it: `SHA256:` and 43 characters".into()
            }
            Self::ReadRoots { .. } | Self::FindRoots { .. } => {
                "name a file of public keys, or a signers file that lists a key for `approval@pdd-hooks`".into()
            }
            Self::MakeKey { .. } => {
                "install OpenSSH, or set `pdd.signingKey` to a key of this server's own".into()
            }
            Self::FindInstall { .. } => "`pdd-hooks install` installs".into(),
            Self::Git(error) => return error.help(),
            Self::Read { .. } | Self::Write { .. } | Self::MakeScratch { .. } => return None,
        };
        Some(help)
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }
}

fn joined(folders: &[PathBuf]) -> String {
    folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect::<Vec<_>>()
        .join(" or ")
}

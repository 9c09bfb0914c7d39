//! Where git looks for hooks in this repository, and where ours go: git is asked, nothing is guessed.

use std::path::{Path, PathBuf};

use super::managers::Manager;
use super::{Error, files};
use crate::git::command::Git;

/// The repository, and the hooks folder that is in effect in this work tree.
#[derive(Clone, Debug)]
pub struct Target {
    /// The git common folder, absolute, symlinks followed.
    pub common: PathBuf,
    /// The top of the work tree; none in a bare repository.
    pub top: Option<PathBuf>,
    /// The folder in which git looks for hooks, absolute.
    pub hooks: PathBuf,
    /// What sets that folder, where something does.
    pub setting: Option<Setting>,
    git: Git,
}

/// A value of `core.hooksPath`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// `system`, `global`, `local` or `worktree`.
    pub scope: String,
    /// Where it is written: `file:.git/config`.
    pub origin: String,
    /// The value, `~` expanded.
    pub value: String,
}

/// Why nothing is written into the folder that is in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The setting is not this repository's own.
    Shared,
    /// The repository tracks the folder.
    Tracked,
    /// Another manager generates the folder.
    Generated(Manager),
    /// The folder is outside the git folder: a work tree's, or other repositories' too.
    Outside,
}

impl Target {
    /// Asks git about the repository that `folder` is in.
    ///
    /// # Errors
    /// There is no repository, or `core.hooksPath` cannot be used.
    pub fn find(folder: &Path) -> Result<Self, Error> {
        let git = Git::new(folder);
        let common = git
            .path(&["rev-parse", "--path-format=absolute", "--git-common-dir"])
            .map_err(|source| Error::FindRepository { source })?;
        let common = files::resolved(&common);
        let top = top_of(&git)?;
        let setting = Setting::find(&git)?;
        let hooks = match &setting {
            None => common.join("hooks"),
            // Git resolves a relative value where it runs hooks: at the top of the work tree, in a bare repository in the
            // git folder (git-config(1)). `rev-parse --git-path` would resolve it against the caller's folder.
            Some(setting) => top.as_deref().unwrap_or(&common).join(&setting.value),
        };
        Ok(Self {
            common,
            top,
            hooks,
            setting,
            git,
        })
    }

    /// Returns the git that was asked.
    pub(super) fn git(&self) -> &Git {
        &self.git
    }

    /// Returns the folder of all our state.
    pub(super) fn pdd(&self) -> PathBuf {
        self.common.join("pdd")
    }

    /// Returns the folder that holds our hooks where the one in effect is not ours to write.
    pub(super) fn own_hooks(&self) -> PathBuf {
        self.pdd().join("hooks")
    }

    /// Says why nothing may be written into the folder in effect; none where ours may go there.
    pub(super) fn reason(&self) -> Result<Option<Reason>, Error> {
        if let Some(manager) = Manager::of_folder(&self.hooks) {
            return Ok(Some(Reason::Generated(manager)));
        }
        let scope = self.setting.as_ref().map(|setting| setting.scope.as_str());
        if matches!(scope, Some("system" | "global")) {
            return Ok(Some(Reason::Shared));
        }
        // Symlinks followed: `.git/hooks` is at times a symlink to a tracked folder.
        let real = files::resolved(&self.hooks);
        if self.tracks(&real)? {
            return Ok(Some(Reason::Tracked));
        }
        // A folder elsewhere may serve other repositories, which must not lose their hooks; one in the work tree is the
        // user's, and with a relative value each linked work tree has another.
        Ok((!real.starts_with(&self.common)).then_some(Reason::Outside))
    }

    fn tracks(&self, folder: &Path) -> Result<bool, Error> {
        let Some(top) = &self.top else {
            return Ok(false);
        };
        if !folder.starts_with(top) || folder.starts_with(&self.common) {
            return Ok(false);
        }
        let args = [
            "--literal-pathspecs".as_ref(),
            "ls-files".as_ref(),
            "-z".as_ref(),
            "--".as_ref(),
            folder.as_os_str(),
        ];
        Ok(!self.git.read(&args)?.is_empty())
    }
}

impl Setting {
    /// Asks git which value of `core.hooksPath` is in effect.
    pub(super) fn find(git: &Git) -> Result<Option<Self>, Error> {
        let asked = git.find(&[
            "config",
            "--show-scope",
            "--show-origin",
            "-z",
            "--type=path",
            "--get",
            "core.hooksPath",
        ])?;
        let Some(text) = asked else {
            return Ok(None);
        };
        let mut parts = text.split('\0').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        let setting = Self {
            scope: next(),
            origin: next(),
            value: next(),
        };
        if setting.scope == "command" || setting.value.is_empty() {
            return Err(Error::UseHooksPath {
                value: setting.value.clone(),
                origin: setting.place(),
            });
        }
        Ok(Some(setting))
    }

    /// Names the scope and the file: `global configuration (file:/home/ann/.gitconfig)`.
    pub(super) fn place(&self) -> String {
        format!(
            "{} configuration ({})",
            self.scope,
            self.origin.trim_end_matches(':')
        )
    }
}

impl Reason {
    /// Says it in a few words, for the plan.
    pub(super) fn words(self) -> String {
        match self {
            Self::Shared => "the setting is shared with other repositories".into(),
            Self::Tracked => "the repository tracks that folder".into(),
            Self::Generated(manager) => format!("{} generates that folder", manager.name()),
            Self::Outside => "that folder is not this repository's own".into(),
        }
    }
}

fn top_of(git: &Git) -> Result<Option<PathBuf>, Error> {
    let facts = git.line(&["rev-parse", "--is-bare-repository", "--is-inside-work-tree"])?;
    match facts.split_once('\n').unwrap_or((&facts, "")) {
        (_, "true") => {
            let top = git.path(&["rev-parse", "--show-toplevel"])?;
            Ok(Some(files::resolved(&top)))
        }
        ("true", _) => Ok(None),
        _ => Err(Error::FindWorkTree),
    }
}

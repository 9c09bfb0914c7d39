//! From which work trees git reaches the hooks.

use std::path::PathBuf;

use super::doctor::Report;
use super::files;
use super::managers::Manager;
use super::manifest::{Manifest, Mode};
use super::target::Target;
use super::{Error, HOOKS};
use crate::git::command::Git;

impl Report {
    /// Checks for each work tree that git takes its hooks from where ours are.
    pub(super) fn reached(&mut self, target: &Target, manifest: &Manifest) -> Result<(), Error> {
        if manifest.mode == Mode::Config {
            return self.listed(target);
        }
        let hooks = files::resolved(&manifest.hooks.path(&target.common));
        for folder in work_trees(target)? {
            let there = match Target::find(&folder) {
                Ok(there) => there,
                // A work tree on a disk that is not there now, or removed by hand: nobody commits in it.
                Err(_) if !folder.exists() => continue,
                Err(error) => return Err(error),
            };
            let name = format!("reached from {}", folder.display());
            if files::resolved(&there.hooks) == hooks {
                self.well(&name, "yes");
                continue;
            }
            let whose = Manager::of_folder(&there.hooks)
                .map_or(String::new(), |manager| format!(", of {}", manager.name()));
            let by = there.setting.as_ref().map_or(String::new(), |setting| {
                format!(", set by {}", setting.place())
            });
            self.problem(
                &name,
                format!(
                    "git takes its hooks from {}{whose}{by}",
                    there.hooks.display()
                ),
                format!("run `pdd-hooks install` in {}", folder.display()),
            );
        }
        Ok(())
    }

    /// Checks for each work tree that git lists each hook of the configuration: an `enabled = false` in any scope hides it.
    fn listed(&mut self, target: &Target) -> Result<(), Error> {
        for folder in work_trees(target)?.iter().filter(|folder| folder.exists()) {
            let git = Git::new(folder);
            let mut missing = Vec::new();
            for name in HOOKS {
                let list = git
                    .find(&["hook", "list", "--show-scope", name])?
                    .unwrap_or_default();
                let ours = format!("pdd-{name}");
                let is_on = |line: &str| {
                    line.ends_with(&ours)
                        && !line.split('\t').any(|word| word.ends_with("disabled"))
                };
                if !list.lines().any(is_on) {
                    missing.push(name);
                }
            }
            let name = format!("reached from {}", folder.display());
            if missing.is_empty() {
                self.well(&name, "yes");
            } else {
                self.problem(
                    &name,
                    format!("git does not run {}", missing.join(", ")),
                    "remove `hook.pdd-*.enabled` from the configuration, or `pdd-hooks doctor --fix`",
                );
            }
        }
        Ok(())
    }
}

/// Returns the work trees of the repository, the main one first; a bare repository has itself.
fn work_trees(target: &Target) -> Result<Vec<PathBuf>, Error> {
    // GIT_DIR goes before the folder: asked from anywhere, git would speak of this work tree alone.
    if std::env::var_os("GIT_DIR").is_some() {
        return Ok(vec![
            target.top.clone().unwrap_or_else(|| target.common.clone()),
        ]);
    }
    let list = target
        .git()
        .line(&["worktree", "list", "--porcelain", "-z"])?;
    let mut folders: Vec<PathBuf> = list
        .split('\0')
        .filter_map(|line| line.strip_prefix("worktree "))
        .map(PathBuf::from)
        .collect();
    // Of a separate git folder git lists that folder as the main work tree; the one in use counts.
    if let Some(top) = &target.top
        && !folders.contains(top)
    {
        folders.retain(|folder| *folder != target.common);
        folders.insert(0, top.clone());
    }
    Ok(folders)
}

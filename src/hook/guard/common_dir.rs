//! Where the repository's common folder is, found as git finds it but without asking git, which would cost more than
//! the whole hook. It reads at most two small files.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::path_of;

/// Finds the common folder from `GIT_COMMON_DIR`, `GIT_DIR` and the folder that the hook runs in.
///
/// Measured with git 2.39 to 2.55: where git does not export `GIT_DIR`, `.git` stands in the hook's folder; where it
/// does, a relative value starts at the hook's folder, and a linked worktree's value is its own folder, never the
/// common one.
pub(super) fn find(
    common: Option<OsString>,
    git: Option<OsString>,
    folder: &Path,
) -> Option<PathBuf> {
    if let Some(common) = common.filter(|path| !path.is_empty()) {
        return Some(folder.join(common));
    }
    let git = match git.filter(|path| !path.is_empty()) {
        Some(git) => folder.join(git),
        None => folder.join(".git"),
    };
    let git = behind_file(git)?;
    Some(match line_of(&git.join("commondir"), b"") {
        Some(common) => git.join(common),
        None => git,
    })
}

/// Follows a `.git` that is a file: `gitdir: <path>` (gitrepository-layout(5)).
fn behind_file(git: PathBuf) -> Option<PathBuf> {
    if std::fs::metadata(&git).ok()?.is_dir() {
        return Some(git);
    }
    let target = line_of(&git, b"gitdir: ")?;
    Some(git.parent()?.join(target))
}

fn line_of(file: &Path, before: &[u8]) -> Option<PathBuf> {
    let text = std::fs::read(file).ok()?;
    let line = text.strip_prefix(before)?.trim_ascii_end();
    (!line.is_empty()).then(|| path_of(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> assert_fs::TempDir {
        let temp = assert_fs::TempDir::new().unwrap();
        for (path, text) in files {
            let path = temp.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        temp
    }

    fn found(temp: &assert_fs::TempDir, common: Option<&str>, git: Option<&str>) -> Option<String> {
        let found = find(common.map(Into::into), git.map(Into::into), temp.path())?;
        let inside = found.strip_prefix(temp.path()).unwrap();
        Some(inside.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_git_folder_beside_the_hook_is_the_common_one() {
        let temp = folder_with(&[(".git/config", "")]);
        assert_eq!(found(&temp, None, None).as_deref(), Some(".git"));
    }

    #[test]
    fn a_git_file_leads_to_the_folder_it_names() {
        let temp = folder_with(&[("modules/m/config", ""), (".git", "gitdir: modules/m\n")]);
        assert_eq!(found(&temp, None, None).as_deref(), Some("modules/m"));
    }

    #[test]
    fn the_folder_of_a_linked_worktree_leads_on_to_the_common_one() {
        let temp = folder_with(&[("g/worktrees/w/commondir", "../..\n")]);
        assert_eq!(
            found(&temp, None, Some("g/worktrees/w")).as_deref(),
            Some("g/worktrees/w/../..")
        );
    }

    #[test]
    fn the_variable_for_the_common_folder_comes_first() {
        let temp = folder_with(&[("g/worktrees/w/commondir", "../..\n"), (".git/config", "")]);
        assert_eq!(
            found(&temp, Some("other"), Some("g/worktrees/w")).as_deref(),
            Some("other")
        );
    }

    #[test]
    fn empty_variables_count_as_unset() {
        let temp = folder_with(&[(".git/config", "")]);
        assert_eq!(found(&temp, Some(""), Some("")).as_deref(), Some(".git"));
    }

    #[test]
    fn a_folder_without_a_repository_has_none() {
        assert_eq!(found(&folder_with(&[]), None, None), None);
        let broken = folder_with(&[(".git", "not a git file\n")]);
        assert_eq!(found(&broken, None, None), None);
    }
}

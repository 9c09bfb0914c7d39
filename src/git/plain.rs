//! Whether a file of the work tree may be rewritten and staged.

use std::path::Path;

use super::Error;
use super::command::Git;

/// Why a file is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// `git add` would declare its conflict resolved.
    Conflict,
    /// git takes nothing from beyond a symbolic link, and what lies there is not the repository's to write to.
    Linked,
    /// It is a symbolic link, a folder or worse.
    Special,
}

impl Obstacle {
    /// Says it of a file, which is named before.
    pub fn state(self) -> &'static str {
        match self {
            Self::Conflict => "has a merge conflict",
            Self::Linked => "is beyond a symbolic link",
            Self::Special => "is not a plain file",
        }
    }
}

/// Returns what keeps a file from being rewritten; nothing, where it is a plain one or not there. git runs at the top of the
/// work tree.
///
/// # Errors
/// git cannot be asked.
pub fn obstacle(git: &Git, path: &str) -> Result<Option<Obstacle>, Error> {
    let unmerged = git.read(&["--literal-pathspecs", "ls-files", "--unmerged", "--", path])?;
    if !unmerged.is_empty() {
        return Ok(Some(Obstacle::Conflict));
    }
    let mut folders = Path::new(path).ancestors().skip(1);
    if folders
        .any(|folder| !folder.as_os_str().is_empty() && git.folder().join(folder).is_symlink())
    {
        return Ok(Some(Obstacle::Linked));
    }
    let metadata = git.folder().join(path).symlink_metadata();
    let is_special = metadata.is_ok_and(|metadata| !metadata.is_file());
    Ok(is_special.then_some(Obstacle::Special))
}

//! The work tree as commands see it: its top, its policy file, its branch, and files written whole or not at all.

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::error::{CommandError, Error};
use crate::git::command::Git;
use crate::policy::Policy;

/// Where the policy stands, from the top.
pub(super) const POLICY: &str = ".pdd.toml";

/// Returns git at the top of the work tree that this folder lies in.
///
/// # Errors
/// The folder lies in none, or git cannot be started.
pub(super) fn top() -> Result<Git, Error> {
    // Outside a work tree git ends with 128 and words of its own, which differ from version to version.
    match Git::new(".").run(&["rev-parse", "--show-toplevel"], &[])? {
        (Some(0), stdout, _) => {
            let text = String::from_utf8_lossy(&stdout);
            Ok(Git::new(text.strip_suffix('\n').unwrap_or(&text)))
        }
        _ => Err(CommandError::FindTop.into()),
    }
}

/// Reads the policy as it stands in the work tree; none where there is no file.
///
/// # Errors
/// The file cannot be read, or is no policy.
pub(super) fn policy(top: &Path) -> Result<Option<Policy>, Error> {
    let path = top.join(POLICY);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(Policy::parse(&text, POLICY)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CommandError::ReadFile { path, source }.into()),
    }
}

/// Returns the branch that is checked out, without `refs/heads/`; none where HEAD is detached.
///
/// # Errors
/// git cannot be asked.
pub(super) fn branch(git: &Git) -> Result<Option<String>, Error> {
    let head = git.find(&["symbolic-ref", "-q", "HEAD"])?;
    Ok(head.map(|name| {
        name.strip_prefix("refs/heads/")
            .map_or_else(|| name.clone(), str::to_owned)
    }))
}

/// Writes a new file, with its folders; one that has appeared meanwhile is kept.
///
/// # Errors
/// The file cannot be written; nothing of it is left then.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Error> {
    write(path, text, |file| match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    })
}

/// Puts the new text in a file's place in one step, so that no reader sees half of it; its permissions stay.
///
/// # Errors
/// The file cannot be written; the old one stands then.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    write(path, text, |file| {
        if let Ok(metadata) = path.metadata() {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    })
}

fn write(
    path: &Path,
    text: &str,
    place: impl FnOnce(tempfile::NamedTempFile) -> io::Result<()>,
) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let attempt = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".pdd-")
            // As any new file: the umask takes from it what the user does not want.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        place(file)
    };
    attempt().map_err(|source| {
        let path = path.to_owned();
        CommandError::WriteFile { path, source }.into()
    })
}

//! Files as an install sees them: what stands at a path, and writes that a kill cannot cut in half. It knows no git.

use std::fs::{self, Metadata, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::Error;

/// What stands at a path; symlinks are not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    File { sha256: String, mode: u32 },
    Link { target: PathBuf },
    Other,
}

/// Looks at one path.
pub(super) fn look(path: &Path) -> Result<Found, Error> {
    let Some(facts) = facts(path)? else {
        return Ok(Found::Nothing);
    };
    if facts.is_symlink() {
        let target = fs::read_link(path).map_err(Error::read(path))?;
        return Ok(Found::Link { target });
    }
    if facts.is_file() {
        return Ok(Found::File {
            sha256: sha256(&read(path)?),
            mode: facts.mode() & 0o7777,
        });
    }
    Ok(Found::Other)
}

/// Says whether git would run the file: it is there, symlinks followed, and executable by someone.
pub(super) fn is_runnable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|facts| facts.is_file() && facts.mode() & 0o111 != 0)
}

/// Reads a whole file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(Error::read(path))
}

/// Reads a whole file, or nothing where there is none.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::read(path)(error)),
    }
}

/// Writes a file whole or not at all: a temporary file in the same folder, then a rename.
pub(super) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    put(path, bytes, mode, false)
}

/// Writes a file as [`write`] does, and waits until the disk has it: a journal is worth nothing before.
pub(super) fn write_durably(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    put(path, bytes, mode, true)
}

fn put(path: &Path, bytes: &[u8], mode: u32, durably: bool) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |source| Error::write(path)(source);
    let mut file = tempfile::Builder::new()
        .prefix(".pdd-")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file()
        .set_permissions(Permissions::from_mode(mode))
        .map_err(failed)?;
    if durably {
        file.as_file().sync_all().map_err(failed)?;
    }
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Makes a folder and its parents.
pub(super) fn make_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(Error::write(path))
}

/// Removes a file or symlink; one that is not there is no fault.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::write(path)(error)),
        _ => Ok(()),
    }
}

/// Renames, and removes the old name where both were one file: rename(2) then leaves both.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    let same = match (facts(from)?, facts(to)?) {
        (Some(a), Some(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    };
    if same {
        return remove(from);
    }
    fs::rename(from, to).map_err(Error::write(to))
}

/// Gives a file a second name, so that the first can be replaced without a moment in which neither is there. Where the
/// file system has no hard links the file is renamed.
pub(super) fn keep(from: &Path, to: &Path) -> Result<(), Error> {
    if facts(to)?.is_some() || facts(from)?.is_none() {
        return Ok(());
    }
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(_) => fs::rename(from, to).map_err(Error::write(to)),
    }
}

/// Makes a symlink, in place of whatever symlink or file is there.
pub(super) fn link(target: &Path, path: &Path) -> Result<(), Error> {
    let beside = path.with_file_name(format!(".pdd-link-{}", std::process::id()));
    remove(&beside)?;
    std::os::unix::fs::symlink(target, &beside).map_err(Error::write(path))?;
    fs::rename(&beside, path).map_err(Error::write(path))
}

/// Returns the names in a folder, sorted; none where there is no folder.
pub(super) fn names(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(Error::read(folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(PathBuf::from(
            entry.map_err(Error::read(folder))?.file_name(),
        ));
    }
    names.sort();
    Ok(names)
}

/// Returns the SHA-256 in lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Follows symlinks as far as the path exists; what does not exist yet is appended as written.
pub(super) fn resolved(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_owned(),
    }
}

fn facts(path: &Path) -> Result<Option<Metadata>, Error> {
    match fs::symlink_metadata(path) {
        Ok(facts) => Ok(Some(facts)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(Error::read(path)(error)),
    }
}

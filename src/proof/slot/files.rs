//! Writing and removing what stands in the slot, whatever a test has made of it. It knows no git.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use super::super::Error;

/// Names the file in an error of this room.
pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Slot {
        action,
        path,
        source,
    }
}

/// Writes a file, a link or folder in its place removed first: nothing is written through it.
pub(super) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Error> {
    remove(path)?;
    fs::write(path, content).map_err(failed("write", path))
}

/// Makes a folder with those above it; one that is there stays as it is.
pub(super) fn make_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(failed("make", path))
}

/// Makes a folder that only its owner can look into, with those above it.
pub(super) fn make_private(path: &Path) -> Result<(), Error> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o700)))
        .map_err(failed("make", path))
}

/// Makes a folder where anything else may stand.
pub(super) fn ensure_folder(path: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(facts) if facts.is_dir() => Ok(()),
        Ok(_) => remove(path).and_then(|()| make_folder(path)),
        Err(_) => make_folder(path),
    }
}

/// Removes a file, a link or a whole folder; what is not there is removed.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    let result = match fs::symlink_metadata(path) {
        Ok(facts) if facts.is_dir() => remove_folder(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

fn remove_folder(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            // A test has closed a folder to its own user: what the user owns the user can open again.
            open_up(path);
            fs::remove_dir_all(path)
        }
        result => result,
    }
}

/// Makes a folder and those below it readable and writable, as far as its owner may.
fn open_up(folder: &Path) {
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_folder_is_removed_with_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let closed = folder.path().join("closed");
        fs::create_dir_all(closed.join("deep/er")).unwrap();
        fs::write(closed.join("deep/er/file"), "1").unwrap();
        for name in ["deep/er", "deep", ""] {
            fs::set_permissions(closed.join(name), fs::Permissions::from_mode(0o000)).unwrap();
        }
        remove(&closed).unwrap();
        assert!(!closed.exists());
        remove(&closed).unwrap();
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (user, link) = (folder.path().join("user"), folder.path().join("link"));
        fs::write(&user, "the user's").unwrap();
        std::os::unix::fs::symlink(&user, &link).unwrap();
        write(&link, "ours").unwrap();
        assert_eq!(fs::read_to_string(&user).unwrap(), "the user's");
        assert_eq!(fs::read_to_string(&link).unwrap(), "ours");
    }
}

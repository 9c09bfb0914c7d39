//! Where slots stand, whose they are, and whether somebody uses them: a folder in the user's cache for each worktree.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::Error;
use super::carry::hex;
use super::files::{failed, make_private, remove};
use crate::git::Repository;

/// Says whose a slot is, so that one whose worktree is gone can be told.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Owner {
    version: u32,
    /// The canonical git common folder, as [`written`] writes it.
    common: String,
    /// The canonical state folder of the worktree, likewise.
    state: String,
}

const VERSION: u32 = 1;

/// Returns the folder of all slots: `pdd-hooks/slots` in the user's cache folder.
///
/// # Errors
/// Neither `XDG_CACHE_HOME` nor `HOME` is set to an absolute path (XDG Base Directory Specification).
pub fn folder() -> Result<PathBuf, Error> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("pdd-hooks/slots"))
        .ok_or(Error::NoCacheFolder)
}

/// Makes the slot of this worktree below `slots` and locks it; calls `waiting` once where another process has the lock.
pub(super) fn take(
    slots: &Path,
    repository: &Repository,
    waiting: &mut dyn FnMut(),
) -> Result<(PathBuf, File), Error> {
    make_private(slots)?;
    let slots = fs::canonicalize(slots).map_err(failed("find", slots))?;
    let canonical = |path: &Path| fs::canonicalize(path).map_err(failed("find", path));
    let common = canonical(repository.common_folder())?;
    let state = canonical(repository.state_folder())?;
    let mut digest = Sha256::new();
    digest.update(common.as_os_str().as_bytes());
    digest.update([0]);
    digest.update(repository.worktree_name());
    let root = slots.join(&hex(&digest.finalize())[..16]);
    let mut told = false;
    let lock = loop {
        make_private(&root)?;
        let file = root.join("lock");
        let lock = open(&file)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                if !std::mem::replace(&mut told, true) {
                    waiting();
                }
                lock.lock().map_err(failed("lock", &file))?;
            }
            Err(TryLockError::Error(error)) => return Err(failed("lock", &file)(error)),
        }
        // Who had the lock may have removed the slot, and this file with it.
        let is_same = |there: &fs::Metadata, here: &fs::Metadata| {
            (there.dev(), there.ino()) == (here.dev(), here.ino())
        };
        if let (Ok(there), Ok(here)) = (fs::metadata(&file), lock.metadata())
            && is_same(&there, &here)
        {
            break lock;
        }
    };
    let owner = Owner {
        version: VERSION,
        common: written(common.as_os_str()),
        state: written(state.as_os_str()),
    };
    keep(&root, &owner)?;
    Ok((root, lock))
}

fn open(file: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(file)
        .map_err(failed("lock", file))
}

fn keep(root: &Path, owner: &Owner) -> Result<(), Error> {
    let (file, new) = (root.join("owner.json"), root.join("owner.json.new"));
    serde_json::to_vec(owner)
        .map_err(Into::into)
        .and_then(|text| fs::write(&new, text))
        .and_then(|()| fs::rename(&new, &file))
        .map_err(failed("write", &file))
}

/// A slot as it lies in the cache folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its folder.
    pub folder: PathBuf,
    /// The state folder of its worktree; none where the slot does not say whose it is.
    pub owner: Option<PathBuf>,
    /// Whether that worktree or its repository is gone, or nobody can be told of.
    pub is_abandoned: bool,
}

/// Lists the slots below `slots`, sorted by their folders.
///
/// # Errors
/// The folder is there and cannot be read.
pub fn list(slots: &Path) -> Result<Vec<Placed>, Error> {
    let entries = match fs::read_dir(slots) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed("read", slots))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let folder = entry.map_err(failed("read", slots))?.path();
        if folder.is_dir() {
            found.push(placed(folder));
        }
    }
    found.sort_by(|one, other| one.folder.cmp(&other.folder));
    Ok(found)
}

/// Lists the folders of the slots below `slots` whose repository or worktree is gone, or that nobody can be told of.
///
/// # Errors
/// As [`list`].
pub fn abandoned(slots: &Path) -> Result<Vec<PathBuf>, Error> {
    let all = list(slots)?.into_iter();
    Ok(all
        .filter(|slot| slot.is_abandoned)
        .map(|slot| slot.folder)
        .collect())
}

fn placed(folder: PathBuf) -> Placed {
    let owner = fs::read(folder.join("owner.json"))
        .ok()
        .and_then(|text| serde_json::from_slice::<Owner>(&text).ok());
    let Some(owner) = owner else {
        return Placed {
            folder,
            owner: None,
            is_abandoned: true,
        };
    };
    let (common, state) = (read(&owner.common), read(&owner.state));
    Placed {
        folder,
        // A newer version may know more of its owner than this one: it is left alone.
        is_abandoned: owner.version <= VERSION && !(common.is_dir() && state.is_dir()),
        owner: Some(state),
    }
}

/// Removes a slot; says whether it did, since one that is in use stays.
///
/// # Errors
/// Something in it cannot be removed.
pub fn discard(root: &Path) -> Result<bool, Error> {
    let lock = open(&root.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(false),
        Err(TryLockError::Error(error)) => return Err(failed("lock", root)(error)),
    }
    super::super::process::end_leftovers(root);
    remove(root)?;
    Ok(true)
}

/// Writes a path as text, bytes that are no printable ASCII as `%` and two digits.
fn written(path: &OsStr) -> String {
    let mut text = String::new();
    for &byte in path.as_bytes() {
        if byte.is_ascii_graphic() && byte != b'%' {
            text.push(byte.into());
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn read(text: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        let digits = more.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &more[2..];
            }
            _ => bytes.push(*first),
        }
    }
    OsStr::from_bytes(&bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_bytes_is_written_and_read_back() {
        let path = OsStr::from_bytes(b"/a b/100%41/\xff\n/\xc3\xa9");
        assert_eq!(written(path), "/a%20b/100%2541/%FF%0A/%C3%A9");
        assert_eq!(read(&written(path)), Path::new(path));
    }

    #[test]
    fn a_slot_that_nobody_owns_is_abandoned_and_one_in_use_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let owner = |common: &str, state: &str| Owner {
            version: VERSION,
            common: written(at(common).as_os_str()),
            state: written(at(state).as_os_str()),
        };
        for name in [
            "there",
            "slots/mine",
            "slots/moved",
            "slots/pruned",
            "slots/unknown",
        ] {
            fs::create_dir_all(at(name)).unwrap();
        }
        keep(&at("slots/mine"), &owner("there", "there")).unwrap();
        keep(&at("slots/moved"), &owner("gone", "gone")).unwrap();
        keep(&at("slots/pruned"), &owner("there", "gone")).unwrap();
        let slots = at("slots");
        let expected = ["slots/moved", "slots/pruned", "slots/unknown"].map(at);
        assert_eq!(abandoned(&slots).unwrap(), expected);

        let lock = open(&at("slots/moved/lock")).unwrap();
        lock.lock().unwrap();
        assert!(!discard(&at("slots/moved")).unwrap());
        drop(lock);
        // A thread that is just starting a process has a copy of the lock for a moment.
        while !discard(&at("slots/moved")).unwrap() {
            std::thread::yield_now();
        }
        assert_eq!(abandoned(&slots).unwrap(), expected[1..]);
        assert_eq!(abandoned(&at("none")).unwrap(), Vec::<PathBuf>::new());
    }
}

//! Removes from the work tree what git does not know there: left files, nested repositories wherever they stand, folders
//! in place of files. `git clean` would leave a `.git` inside a tracked folder, and what a moved `.gitignore` hides.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::super::Error;
use super::files::{failed, remove};
use super::index::{Kind, Tracked};

/// What may stay.
struct Known<'a> {
    paths: HashMap<&'a [u8], Kind>,
    folders: HashSet<&'a [u8]>,
    carried: HashSet<&'a [u8]>,
    /// The permission bits that a new folder has here.
    mode: u32,
}

/// Removes all from `tree` that is neither tracked nor carried. What is tracked and missing, or of another kind, is for
/// git to write. Folders get the permission bits `mode`.
pub(super) fn sweep(
    tree: &Path,
    tracked: &[Tracked],
    carried: &[String],
    mode: u32,
) -> Result<(), Error> {
    let mut known = Known {
        paths: tracked
            .iter()
            .map(|entry| (entry.path.as_slice(), entry.kind))
            .collect(),
        folders: HashSet::new(),
        carried: carried.iter().map(|path| path_bytes(path)).collect(),
        mode,
    };
    let paths = tracked.iter().map(|entry| entry.path.as_slice());
    for path in paths.chain(carried.iter().map(|path| path_bytes(path))) {
        let mut end = path.len();
        while let Some(slash) = path[..end].iter().rposition(|&byte| byte == b'/') {
            // The folders above were noted with the first path below this one.
            if !known.folders.insert(&path[..slash]) {
                break;
            }
            end = slash;
        }
    }
    below(tree, &mut Vec::new(), &known)
}

fn path_bytes(path: &str) -> &[u8] {
    path.trim_end_matches('/').as_bytes()
}

fn below(folder: &Path, prefix: &mut Vec<u8>, known: &Known<'_>) -> Result<(), Error> {
    let facts = fs::symlink_metadata(folder).map_err(failed("read", folder))?;
    if facts.permissions().mode() & 0o7777 != known.mode {
        fs::set_permissions(folder, fs::Permissions::from_mode(known.mode))
            .map_err(failed("open", folder))?;
    }
    for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
        let entry = entry.map_err(failed("read", folder))?;
        let kind = entry.file_type().map_err(failed("read", folder))?;
        let length = prefix.len();
        prefix.extend_from_slice(entry.file_name().as_bytes());
        let path = prefix.as_slice();
        if !known.carried.contains(path) {
            match known.paths.get(path) {
                Some(Kind::File) if kind.is_file() => {}
                Some(Kind::Symlink) if kind.is_symlink() => {}
                Some(Kind::Submodule) if kind.is_dir() => empty(&entry.path())?,
                None if kind.is_dir() && known.folders.contains(path) => {
                    prefix.push(b'/');
                    below(&entry.path(), prefix, known)?;
                }
                _ => remove(&entry.path())?,
            }
        }
        prefix.truncate(length);
    }
    Ok(())
}

fn empty(folder: &Path) -> Result<(), Error> {
    let mut entries = fs::read_dir(folder).map_err(failed("read", folder))?;
    if entries.next().is_none() {
        return Ok(());
    }
    remove(folder)?;
    fs::create_dir(folder).map_err(failed("make", folder))
}

/// Returns the path below the work tree that these bytes name.
pub(super) fn as_path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn tracked(path: &str, kind: Kind) -> Tracked {
        Tracked {
            path: path.into(),
            kind,
            id: Vec::new(),
        }
    }

    fn all(folder: &Path, top: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.strip_prefix(top).unwrap().to_str().unwrap().to_owned());
            if path.is_dir() && !path.is_symlink() {
                all(&path, top, found);
            }
        }
    }

    #[test]
    fn only_what_is_known_stays() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path();
        for path in [
            "kept",
            "d/kept",
            "d/.git/config",
            "d/left",
            "left/deep/file",
            ".git/config",
            "wrong/file",
            "module/file",
            "carried/deep/file",
            "under/carried",
            "under/left",
        ] {
            fs::create_dir_all(top.join(path).parent().unwrap()).unwrap();
            fs::write(top.join(path), "").unwrap();
        }
        std::os::unix::fs::symlink("carried", top.join("linked")).unwrap();
        std::os::unix::fs::symlink("carried", top.join("folder")).unwrap();
        fs::set_permissions(top.join("d"), fs::Permissions::from_mode(0o000)).unwrap();
        let known = [
            tracked("d/kept", Kind::File),
            tracked("folder/file", Kind::File),
            tracked("kept", Kind::File),
            tracked("linked", Kind::Symlink),
            tracked("missing", Kind::File),
            tracked("module", Kind::Submodule),
            tracked("wrong", Kind::File),
        ];
        let carried = ["carried/".to_owned(), "under/carried".to_owned()];
        sweep(top, &known, &carried, 0o755).unwrap();
        let mut found = BTreeSet::new();
        all(top, top, &mut found);
        let expected = [
            "carried",
            "carried/deep",
            "carried/deep/file",
            "d",
            "d/kept",
            "kept",
            "linked",
            "module",
            "under",
            "under/carried",
        ];
        assert_eq!(found, expected.map(String::from).into());
        let mode = fs::metadata(top.join("d")).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o755);
    }
}

//! Untracked paths that the checks need, `.venv` or `node_modules`: copied from the user's work tree, never linked, since
//! what a test writes there must not be the user's.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::super::Error;
use super::super::outcome::Fault;
use super::files::{failed, make_folder, remove, write};
use super::index::Tracked;
use super::sweep::as_path;

/// What was copied, and what source and copy looked like then: by path, two digests.
type Copied = BTreeMap<String, [String; 2]>;

/// Returns a digest of what stands at these paths: names, sizes, time stamps, modes and targets of links, no content.
/// A path that is not there has one too. It is part of what a cached outcome hangs on.
pub fn fingerprint(work_tree: &Path, carry: &[String]) -> String {
    let mut digest = Sha256::new();
    for path in carry {
        digest.update((path.len() as u64).to_be_bytes());
        digest.update(path);
        digest.update(look(&work_tree.join(path), &source_facts));
    }
    hex(&digest.finalize())
}

/// Brings the carried paths into `tree`; a fault names the first that cannot be carried.
pub(super) fn bring(
    work_tree: Option<&Path>,
    tree: &Path,
    carry: &[String],
    tracked: &[Tracked],
    list: &Path,
) -> Result<Option<Fault>, Error> {
    if carry.is_empty() {
        return remove(list).map(|()| None);
    }
    let mut copied: Copied = fs::read(list)
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    copied.retain(|path, _| carry.contains(path));
    let mut fault = None;
    // What stands below another carried path comes with it.
    let is_below = |path: &&String| {
        carry
            .iter()
            .any(|other| other != *path && Path::new(path).starts_with(other))
    };
    for path in carry.iter().filter(|path| !is_below(path)) {
        let is_fault = |reason: String| Fault::Carry {
            path: path.clone(),
            reason,
        };
        let copy = match check(work_tree, tree, path, tracked) {
            Ok(copy) => copy,
            Err(reason) => {
                fault = Some(is_fault(reason));
                break;
            }
        };
        let source = hex(&look(&copy.source, &source_facts));
        let earlier = copied.remove(path);
        let is_same = |[from, to]: &[String; 2]| {
            *from == source && *to == hex(&look(&copy.target, &copy_facts))
        };
        if let Some(earlier) = earlier.filter(is_same) {
            copied.insert(path.clone(), earlier);
            continue;
        }
        // A copy that is broken off must not be on the list.
        keep(list, &copied)?;
        remove(&copy.target)?;
        if let Some(parent) = copy.target.parent() {
            make_folder(parent)?;
        }
        if let Err((place, error)) = copy.all() {
            remove(&copy.target)?;
            fault = Some(is_fault(format!("`{}`: {error}", place.display())));
            break;
        }
        let target = hex(&look(&copy.target, &copy_facts));
        copied.insert(path.clone(), [source, target]);
    }
    keep(list, &copied)?;
    Ok(fault)
}

fn keep(list: &Path, copied: &Copied) -> Result<(), Error> {
    let text = serde_json::to_vec(copied).map_err(|error| failed("write", list)(error.into()))?;
    write(list, text)
}

/// Says why a path cannot be carried, or from where to where it is.
fn check<'a>(
    work_tree: Option<&'a Path>,
    tree: &'a Path,
    path: &str,
    tracked: &[Tracked],
) -> Result<Copy<'a>, String> {
    let Some(work_tree) = work_tree else {
        return Err("a bare repository has no work tree to copy it from".into());
    };
    let parts: Vec<_> = Path::new(path).components().collect();
    let is_inside = |part: &Component<'_>| matches!(part, Component::Normal(name) if !name.eq_ignore_ascii_case(".git"));
    if parts.is_empty() || !parts.iter().all(is_inside) {
        return Err("it is no path below the work tree".into());
    }
    let bytes = path.trim_end_matches('/');
    if let Some(entry) = tracked
        .iter()
        .map(|entry| as_path(&entry.path))
        .find(|entry| entry.starts_with(bytes) || Path::new(bytes).starts_with(entry))
    {
        return Err(format!("`{}` is tracked", entry.display()));
    }
    let (source, target) = (work_tree.join(bytes), tree.join(bytes));
    if fs::symlink_metadata(&source).is_err() {
        return Err("it is not there".into());
    }
    let mut above = target.ancestors().skip(1).take(parts.len() - 1);
    if let Some(link) = above.find(|folder| folder.is_symlink()) {
        // Nothing is written through a link: it may lead to the user's files.
        return Err(format!("`{}` is a link", link.display()));
    }
    Ok(Copy {
        work_tree,
        tree,
        source,
        target,
    })
}

struct Copy<'a> {
    work_tree: &'a Path,
    tree: &'a Path,
    source: PathBuf,
    target: PathBuf,
}

impl Copy<'_> {
    fn all(&self) -> Result<(), (PathBuf, io::Error)> {
        self.copy(&self.source, &self.target)
    }

    fn copy(&self, source: &Path, target: &Path) -> Result<(), (PathBuf, io::Error)> {
        let at = |error| (source.to_owned(), error);
        let facts = fs::symlink_metadata(source).map_err(at)?;
        if facts.is_symlink() {
            let to = fs::read_link(source).map_err(at)?;
            return symlink(self.counterpart(source, to), target).map_err(at);
        }
        if facts.is_dir() {
            fs::create_dir(target).map_err(at)?;
            for entry in fs::read_dir(source).map_err(at)? {
                let entry = entry.map_err(at)?;
                self.copy(&entry.path(), &target.join(entry.file_name()))?;
            }
            return fs::set_permissions(target, facts.permissions()).map_err(at);
        }
        if facts.is_file() {
            fs::copy(source, target).map_err(at)?;
            // Compiled Python is used only while its source has the time stamp that it names.
            return set_modified(target, &facts).map_err(at);
        }
        // A socket or a pipe means nothing without the process at its other end.
        Ok(())
    }

    /// Returns where the copy of a link has to point: an absolute one into the user's work tree to the slot's counterpart,
    /// a relative one out of it to the same place as before.
    fn counterpart(&self, link: &Path, to: PathBuf) -> PathBuf {
        if to.is_absolute() {
            return to
                .strip_prefix(self.work_tree)
                .map_or_else(|_| to.clone(), |rest| self.tree.join(rest));
        }
        let mut full = link.parent().unwrap_or(link).to_owned();
        for part in to.components() {
            match part {
                Component::ParentDir => drop(full.pop()),
                Component::CurDir => {}
                _ => full.push(part),
            }
        }
        if full.starts_with(self.work_tree) {
            to
        } else {
            full
        }
    }
}

fn set_modified(file: &Path, facts: &Metadata) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_OMIT, utimensat};
    // By path, not by handle: a file that is read-only cannot be opened for it.
    let times = Timestamps {
        last_access: Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        },
        last_modification: Timespec {
            tv_sec: facts.mtime(),
            tv_nsec: facts.mtime_nsec() as _,
        },
    };
    Ok(utimensat(CWD, file, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// What tells that a source changed.
fn source_facts(facts: &Metadata) -> Vec<i64> {
    let size = if facts.is_dir() { 0 } else { facts.size() };
    vec![
        facts.mode().into(),
        size.cast_signed(),
        facts.mtime(),
        facts.mtime_nsec(),
    ]
}

/// What tells that a copy was touched, even where its time stamp was put back: nobody sets the time of change.
fn copy_facts(facts: &Metadata) -> Vec<i64> {
    let mut all = source_facts(facts);
    all.extend([facts.ino().cast_signed(), facts.ctime(), facts.ctime_nsec()]);
    all
}

fn look(path: &Path, facts_of: &dyn Fn(&Metadata) -> Vec<i64>) -> Vec<u8> {
    let mut digest = Sha256::new();
    look_into(path, &mut digest, facts_of);
    digest.finalize().to_vec()
}

fn look_into(path: &Path, digest: &mut Sha256, facts_of: &dyn Fn(&Metadata) -> Vec<i64>) {
    let Ok(facts) = fs::symlink_metadata(path) else {
        digest.update(b"missing");
        return;
    };
    for fact in facts_of(&facts) {
        digest.update(fact.to_be_bytes());
    }
    if facts.is_symlink() {
        let target = fs::read_link(path).unwrap_or_default();
        text(digest, target.as_os_str());
    } else if facts.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
        names.sort();
        digest.update((names.len() as u64).to_be_bytes());
        for name in names {
            text(digest, &name);
            look_into(&path.join(&name), digest, facts_of);
        }
    }
}

fn text(digest: &mut Sha256, text: &OsStr) {
    digest.update((text.len() as u64).to_be_bytes());
    digest.update(text.as_bytes());
}

/// Writes bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Changes of one configuration file. git edits a copy, which then takes the file's place under git's own lock: the change
//! is there whole or not at all, and its bytes are known before it is made.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::manifest::{ConfigChange, Place, Value};
use super::{Error, files, remotes};
use crate::git::command::Git;

/// A change that is worked out but not made.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) change: ConfigChange,
    /// The bytes to save before the change is made; none where those saved by an earlier install stay right.
    save: Option<Vec<u8>>,
    now: Option<Vec<u8>>,
    after: Vec<u8>,
}

/// One thing to set.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// Replaces whatever the file sets.
    Set { key: String, value: String },
    /// Stands beside what the file sets.
    Add { key: String, value: String },
}

impl Edit {
    pub(super) fn parts(&self) -> (&str, &str) {
        match self {
            Self::Set { key, value } | Self::Add { key, value } => (key, value),
        }
    }
}

/// The file that is changed, and what an earlier install made of it.
pub(super) struct Site<'a> {
    pub(super) git: &'a Git,
    pub(super) common: &'a Path,
    pub(super) file: PathBuf,
    pub(super) scope: &'static str,
    pub(super) earlier: Option<&'a ConfigChange>,
    /// Where its bytes are saved.
    pub(super) saved: PathBuf,
}

/// Works out what the edits make of the file; none where it says all that already.
pub(super) fn draft(site: &Site<'_>, edits: &[Edit]) -> Result<Option<Draft>, Error> {
    let now = files::read_if_there(&site.file)?;
    let copy = Copy::new(site.git, now.as_deref().unwrap_or_default())?;
    let mut values = Vec::new();
    for edit in edits {
        let (key, value) = edit.parts();
        if !copy.values(key)?.iter().any(|present| present == value) {
            values.push(copy.make(edit)?);
        }
    }
    if values.is_empty() {
        return Ok(None);
    }
    let after = copy.bytes()?;
    let mut change = ConfigChange {
        file: Place::of(site.common, &site.file),
        saved: Place::of(site.common, &site.saved),
        scope: site.scope.into(),
        before: now.as_deref().map(files::sha256),
        after: files::sha256(&after),
        values,
    };
    let mut save = Some(now.clone().unwrap_or_default());
    if let Some(earlier) = site.earlier {
        change.saved = earlier.saved.clone();
        let untouched = change.before.as_deref() == Some(&earlier.after);
        let mut held = Vec::new();
        for value in &earlier.values {
            if copy.key_of(value)?.is_some()
                && !change
                    .values
                    .iter()
                    .any(|new| new.key == value.key && new.value == value.value)
            {
                held.push(value.clone());
            }
        }
        if untouched {
            change.before.clone_from(&earlier.before);
            save = None;
        } else if !held.is_empty() {
            // The bytes of now hold values of ours: they are none to go back to, so values are unset one by one.
            change.before = Some(String::new());
        }
        held.append(&mut change.values);
        change.values = held;
    }
    Ok(Some(Draft {
        change,
        save,
        now,
        after,
    }))
}

/// Saves the bytes before; to be done before the manifest names the change.
pub(super) fn save(common: &Path, draft: &Draft) -> Result<(), Error> {
    match &draft.save {
        Some(bytes) => files::write_durably(&draft.change.saved.path(common), bytes, 0o600),
        None => Ok(()),
    }
}

/// Makes the change, if the file is still what the draft began with.
pub(super) fn make(common: &Path, draft: &Draft) -> Result<(), Error> {
    let file = draft.change.file.path(common);
    let lock = Lock::take(&file)?;
    if files::read_if_there(&file)? != draft.now {
        return Err(Error::ChangeConfig { file });
    }
    lock.put(&draft.after)
}

/// Says whether the values of a change are all still set in its file.
pub(super) fn holds(git: &Git, common: &Path, change: &ConfigChange) -> Result<bool, Error> {
    let Some(bytes) = files::read_if_there(&change.file.path(common))? else {
        return Ok(false);
    };
    let copy = Copy::new(git, &bytes)?;
    for value in &change.values {
        // A remote may be renamed or removed, and its refspec with it.
        if !remotes::is_ours(&value.value) && !copy.values(&value.key)?.contains(&value.value) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes a change back: the bytes before where nobody changed the file since, else only our own values.
pub(super) fn undo(git: &Git, common: &Path, change: &ConfigChange) -> Result<(), Error> {
    let file = change.file.path(common);
    let lock = Lock::take(&file)?;
    let Some(now) = files::read_if_there(&file)? else {
        return Ok(());
    };
    if files::sha256(&now) == change.after {
        return match files::read_if_there(&change.saved.path(common))? {
            Some(_) if change.before.is_none() => files::remove(&file),
            Some(bytes) if Some(files::sha256(&bytes)) == change.before => lock.put(&bytes),
            _ => lock.put(&without(git, &now, change)?),
        };
    }
    let rest = without(git, &now, change)?;
    if rest == now {
        return Ok(());
    }
    lock.put(&rest)
}

fn without(git: &Git, now: &[u8], change: &ConfigChange) -> Result<Vec<u8>, Error> {
    let copy = Copy::new(git, now)?;
    // Backwards: `.event` goes before `.command`, without which git stops at the event.
    for value in change.values.iter().rev() {
        let Some(key) = copy.key_of(value)? else {
            continue;
        };
        copy.edit(&["--fixed-value", "--unset-all", &key, &value.value])?;
        for old in &value.replaced {
            copy.edit(&["--add", &value.key, old])?;
        }
    }
    copy.bytes()
}

/// A copy of a configuration file for git to edit.
struct Copy<'a> {
    git: &'a Git,
    folder: tempfile::TempDir,
}

impl<'a> Copy<'a> {
    fn new(git: &'a Git, bytes: &[u8]) -> Result<Self, Error> {
        let folder = tempfile::tempdir().map_err(Error::write(&std::env::temp_dir()))?;
        let copy = Self { git, folder };
        files::write(&copy.path(), bytes, 0o600)?;
        Ok(copy)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    fn bytes(&self) -> Result<Vec<u8>, Error> {
        files::read(&self.path())
    }

    fn edit(&self, args: &[&str]) -> Result<(), Error> {
        let path = self.path();
        let mut all = vec!["config".as_ref(), "--file".as_ref(), path.as_os_str()];
        all.extend(args.iter().map(|arg| std::ffi::OsStr::new(*arg)));
        self.git.read(&all)?;
        Ok(())
    }

    fn values(&self, key: &str) -> Result<Vec<String>, Error> {
        let path = self.path();
        let args = [
            "config".as_ref(),
            "--file".as_ref(),
            path.as_os_str(),
            "-z".as_ref(),
            "--get-all".as_ref(),
            key.as_ref(),
        ];
        let text = self.git.find(&args)?.unwrap_or_default();
        Ok(text.split_terminator('\0').map(str::to_owned).collect())
    }

    /// Finds where a value of ours stands now; none where it is gone.
    fn key_of(&self, value: &Value) -> Result<Option<String>, Error> {
        if self.values(&value.key)?.contains(&value.value) {
            return Ok(Some(value.key.clone()));
        }
        if remotes::is_ours(&value.value) {
            return remotes::key_of(self.git, &self.path(), &value.value);
        }
        Ok(None)
    }

    fn make(&self, edit: &Edit) -> Result<Value, Error> {
        match edit {
            Edit::Set { key, value } => {
                let replaced = self.values(key)?;
                self.edit(&["--replace-all", key, value])?;
                Ok(Value {
                    key: key.clone(),
                    value: value.clone(),
                    replaced,
                })
            }
            Edit::Add { key, value } => {
                self.edit(&["--add", key, value])?;
                Ok(Value {
                    key: key.clone(),
                    value: value.clone(),
                    replaced: Vec::new(),
                })
            }
        }
    }
}

/// git's own lock of a configuration file: `config.lock` beside it, which is removed or renamed in its place.
struct Lock {
    file: PathBuf,
    path: PathBuf,
    held: bool,
}

impl Lock {
    fn take(file: &Path) -> Result<Self, Error> {
        let file = files::resolved(file);
        let mut name = file.clone().into_os_string();
        name.push(".lock");
        let path = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => Ok(Self {
                file,
                path,
                held: true,
            }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(Error::LockConfig { file, lock: path })
            }
            Err(error) => Err(Error::write(&path)(error)),
        }
    }

    fn put(mut self, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path.clone();
        let failed = |source| Error::write(&path)(source);
        let mut file = OpenOptions::new()
            .write(true)
            .open(&self.path)
            .map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        let mode = std::fs::metadata(&self.file).map_or(0o644, |facts| facts.permissions().mode());
        file.set_permissions(std::fs::Permissions::from_mode(mode & 0o7777))
            .map_err(failed)?;
        file.sync_all().map_err(failed)?;
        std::fs::rename(&self.path, &self.file).map_err(Error::write(&self.file))?;
        self.held = false;
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // After the rename a lock of that name would be another process's.
        if self.held {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

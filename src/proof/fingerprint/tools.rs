//! Which programs a check runs, as far as its argv and their first lines tell, and the stamps by which a changed program
//! is known. What a program starts beyond that is not seen; the languages' own ways stand in `languages.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::Environment;
use crate::policy::CheckBlock;

/// How many programs deep a chain of wrappers and interpreters is followed; none is deeper, but a ring would be endless.
const DEEPEST: usize = 8;

/// Returns the stamps of the programs that a check runs, sorted: one line for each file or folder, with its path, its
/// time and, for a file, its size.
pub(super) fn stamps(check: &CheckBlock, environment: &Environment) -> BTreeSet<String> {
    let mut tools = Tools {
        environment,
        assigned: BTreeMap::new(),
        stamps: BTreeSet::new(),
        depth: 0,
    };
    for (name, value) in &check.env {
        tools.assign(name, value);
    }
    tools.command(&check.run);
    tools.stamps
}

/// The programs found so far, and the variables by which the next ones are found.
pub(super) struct Tools<'a> {
    environment: &'a Environment,
    /// What the check's block or an `env` before the program sets.
    assigned: BTreeMap<OsString, OsString>,
    stamps: BTreeSet<String>,
    depth: usize,
}

impl Tools<'_> {
    /// Returns a variable as the program will see it; an empty one counts as none.
    pub(super) fn value(&self, name: &str) -> Option<OsString> {
        let assigned = self.assigned.get(OsStr::new(name)).map(OsString::as_os_str);
        let value = assigned.or_else(|| self.environment.value(name))?;
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Returns the folder that a variable names, else one in the user's home. A relative one is in the tree: none.
    pub(super) fn folder(&self, name: &str, in_home: &str) -> Option<PathBuf> {
        let folder = match self.value(name) {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(self.value("HOME")?).join(in_home),
        };
        folder.is_absolute().then_some(folder)
    }

    pub(super) fn assign(&mut self, name: &str, value: &str) {
        self.assigned.insert(name.into(), value.into());
    }

    /// Follows a whole command: its program, and the one that this program runs.
    pub(super) fn command(&mut self, argv: &[String]) {
        let Some((program, rest)) = argv.split_first() else {
            return;
        };
        if self.depth == DEEPEST {
            return;
        }
        self.depth += 1;
        self.program(program);
        self.wrapped(base(Path::new(program)), rest);
        self.depth -= 1;
    }

    /// Follows a program by its name.
    pub(super) fn program(&mut self, name: &str) {
        if Path::new(name).is_absolute() {
            return self.file(Path::new(name));
        }
        // A relative path is in the tree or carried, and both are part of the key already; what it runs is not.
        if name.contains('/') {
            return self.anything();
        }
        match self.find(name) {
            Some(path) => self.file(&path),
            None => {
                self.note(format!("{name} is not on PATH"));
            }
        }
    }

    /// Searches PATH for a program. Its relative folders are in the tree or carried.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        let path = self.value("PATH")?;
        std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .find(|file| is_program(file))
    }

    /// Follows a program by its path: its stamp, its interpreter, and what its language keeps beside it.
    pub(super) fn file(&mut self, path: &Path) {
        // The path as it was found names a virtual environment; the one behind its links, the interpreter.
        if !self.note(format!("program {path:?}")) {
            return;
        }
        if !self.stamp(path) {
            self.note(format!("{path:?} is not there"));
            return;
        }
        self.beside(path);
        if self.depth < DEEPEST
            && let Some(interpreter) = interpreter(path)
        {
            self.command(&interpreter);
        }
    }

    /// Notes a file's or a folder's stamp; says whether it is there.
    pub(super) fn stamp(&mut self, path: &Path) -> bool {
        // Without the inode: a copy of the same time and size is taken for the same program.
        let Ok((canonical, data)) = resolved(path) else {
            return false;
        };
        let size = if data.is_dir() {
            // The size of a folder tells nothing that its time does not.
            "folder".to_owned()
        } else {
            data.size().to_string()
        };
        let (seconds, nanoseconds) = (data.mtime(), data.mtime_nsec());
        self.note(format!("{canonical:?} {size} {seconds}.{nanoseconds:09}"));
        true
    }

    /// Notes the stamp of a file in the user's home.
    pub(super) fn stamp_in_home(&mut self, path: &str) {
        if let Some(home) = self.value("HOME") {
            self.stamp(&Path::new(&home).join(path));
        }
    }

    /// Adds a line; says whether it is a new one.
    fn note(&mut self, line: String) -> bool {
        self.stamps.insert(line)
    }
}

fn resolved(path: &Path) -> std::io::Result<(PathBuf, Metadata)> {
    let canonical = path.canonicalize()?;
    let data = canonical.metadata()?;
    Ok((canonical, data))
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// Returns the last part of a path as text; empty where it is no text.
pub(super) fn base(path: &Path) -> &str {
    path.file_name().and_then(OsStr::to_str).unwrap_or("")
}

/// Returns the paths in a folder, sorted; none where it cannot be read.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = found.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Returns the interpreter that a script's first line names, with its arguments (execve(2)).
fn interpreter(path: &Path) -> Option<Vec<String>> {
    // Linux reads no more of the line than this.
    let mut start = [0; 256];
    let length = std::fs::File::open(path).ok()?.read(&mut start).ok()?;
    let line = start[..length].strip_prefix(b"#!")?;
    let line = line.split(|&byte| byte == b'\n').next()?;
    let text = OsStr::from_bytes(line).to_str()?;
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    (!words.is_empty()).then_some(words)
}

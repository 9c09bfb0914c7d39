//! The guard: which references are watched, as a small file, and the question whether a reference transaction touches
//! one. The `reference-transaction` hook is linked from this room alone, so it names only the standard library and
//! tempfile: no git2, no regular expression, no TOML.

mod common_dir;
mod gate;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

pub use gate::main;

const FILE: &str = "guard";
const FIRST_LINE: &str = "pdd-guard 1";
const LAST_LINE: &str = "end";

/// ENOEXEC, the same number on every Unix: what the system says of a script without an interpreter line.
pub(super) const NO_EXECUTABLE_FORMAT: i32 = 8;

/// Where no guard can be read, everything that could be a protected branch or a release is watched.
const ALL: [&[u8]; 3] = [b"refs/heads/", b"refs/remotes/", b"refs/tags/"];
/// Our own references: the guard would otherwise stop the program it calls.
const OWN: &[u8] = b"refs/pdd/";

/// What the tiny hook knows of the policy: `<git common dir>/pdd/guard`.
///
/// A text of lines: `pdd-guard 1`, then `chain <folder>`, `ref <name>` and `prefix <prefix>` in any number, then `end`.
/// It holds more rather than less than the policy protects: whoever is handed a transaction judges it in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// The folder of the hooks that stood there before; a relative one starts at the folder that git runs hooks in.
    pub chain: Option<PathBuf>,
    /// Full names of references: `refs/heads/main`.
    pub refs: Vec<String>,
    /// What the names of watched references begin with: `refs/tags/v`.
    pub prefixes: Vec<String>,
}

impl Guard {
    /// Writes the file's text; bytes, since a folder's name may be any.
    pub fn render(&self) -> Vec<u8> {
        use std::os::unix::ffi::OsStrExt as _;
        let mut text = Vec::new();
        let mut line = |parts: [&[u8]; 2]| {
            text.extend_from_slice(&parts.concat());
            text.push(b'\n');
        };
        line([FIRST_LINE.as_bytes(), b""]);
        if let Some(folder) = &self.chain {
            line([b"chain ", folder.as_os_str().as_bytes()]);
        }
        for name in &self.refs {
            line([b"ref ", name.as_bytes()]);
        }
        for prefix in &self.prefixes {
            line([b"prefix ", prefix.as_bytes()]);
        }
        line([LAST_LINE.as_bytes(), b""]);
        text
    }

    /// Reads the file's text; none where it is of another version, cut short, or holds a line that is not understood.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut lines = text
            .strip_suffix(b"\n")
            .unwrap_or(text)
            .split(|&byte| byte == b'\n');
        if lines.next()? != FIRST_LINE.as_bytes() || lines.next_back()? != LAST_LINE.as_bytes() {
            return None;
        }
        let mut guard = Self::default();
        for line in lines {
            let blank = line.iter().position(|&byte| byte == b' ')?;
            let (word, value) = (&line[..blank], &line[blank + 1..]);
            let text = || String::from_utf8(value.to_vec()).ok();
            match word {
                _ if value.is_empty() => return None,
                b"chain" if guard.chain.is_none() => guard.chain = Some(path_of(value)),
                b"ref" => guard.refs.push(text()?),
                b"prefix" => guard.prefixes.push(text()?),
                _ => return None,
            }
        }
        Some(guard)
    }

    fn watches(&self, name: &[u8]) -> bool {
        self.refs.iter().any(|watched| watched.as_bytes() == name)
            || self
                .prefixes
                .iter()
                .any(|prefix| name.starts_with(prefix.as_bytes()))
    }
}

/// One line of the hook's stdin (githooks(5)): `<old> <new> <name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update<'a> {
    /// The id that the caller expects, 40 or 64 hexadecimal digits; all zero where it did not say, which is no proof
    /// that the reference is new. Since git 2.46 also `ref:<name>`.
    pub old: &'a [u8],
    /// The id to be; all zero where the reference is deleted or only verified. Since git 2.46 also `ref:<name>`.
    pub new: &'a [u8],
    /// The full name; empty where the line is not of this form.
    pub name: &'a [u8],
}

impl<'a> Update<'a> {
    fn parse(line: &'a [u8]) -> Self {
        let mut parts = line.splitn(3, |&byte| byte == b' ');
        let mut part = || parts.next().unwrap_or_default();
        Self {
            old: part(),
            new: part(),
            name: part(),
        }
    }

    /// Says whether the reference keeps a value that git has checked under its lock.
    ///
    /// Two zero ids are a deletion without an expected value: `git update-ref -d <name>`.
    pub fn keeps_value(&self) -> bool {
        self.old == self.new && !is_zero(self.new)
    }

    fn is_understood(&self) -> bool {
        !self.old.is_empty() && !self.new.is_empty() && !self.name.is_empty()
    }
}

/// Says whether an id is all zeros, of whichever length.
pub fn is_zero(id: &[u8]) -> bool {
    id.iter().all(|&byte| byte == b'0')
}

/// Reads the hook's stdin: every line that is not empty gives one update, whatever it holds.
pub fn updates(stdin: &[u8]) -> Vec<Update<'_>> {
    each_update(stdin).collect()
}

fn each_update(stdin: &[u8]) -> impl Iterator<Item = Update<'_>> {
    stdin
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(Update::parse)
}

/// Says whether the transaction must be judged in full; `reflog_action` is the value of `GIT_REFLOG_ACTION`.
///
/// A line that is not understood must be. So must the `ORIG_HEAD` that `git merge` and `git pull` write: it is the one
/// moment at which a fast-forward can be refused before git has touched index and files.
pub fn decide(guard: Option<&Guard>, stdin: &[u8], reflog_action: Option<&[u8]>) -> bool {
    let merges = reflog_action
        .is_some_and(|action| action.starts_with(b"merge") || action.starts_with(b"pull"));
    each_update(stdin).any(|update| {
        if !update.is_understood() {
            return true;
        }
        if update.name == b"ORIG_HEAD" {
            return merges;
        }
        !update.keeps_value() && is_watched(guard, update.name)
    })
}

fn is_watched(guard: Option<&Guard>, name: &[u8]) -> bool {
    if name.starts_with(OWN) {
        return false;
    }
    match guard {
        Some(guard) => guard.watches(name),
        None => ALL.iter().any(|prefix| name.starts_with(prefix)),
    }
}

/// Writes `<pdd>/guard` where it does not hold this guard already; readers see the old file or the new one.
///
/// # Errors
/// A folder or name holds a line feed, which the file cannot; or the file cannot be written.
pub fn write_if_changed(pdd: &Path, guard: &Guard) -> io::Result<()> {
    let text = guard.render();
    if Guard::parse(&text).as_ref() != Some(guard) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a guarded name or the chained folder is empty or holds a line feed",
        ));
    }
    let path = pdd.join(FILE);
    if std::fs::read(&path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    use std::os::unix::fs::PermissionsExt as _;
    // tempfile would make it readable by this user alone; a shared repository's other users need it too, by the umask.
    let mut file = tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o666))
        .tempfile_in(pdd)?;
    file.write_all(&text)?;
    file.persist(&path)?;
    Ok(())
}

fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(test)]
mod tests;

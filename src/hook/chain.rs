//! The hook that stood there before: run first, in git's own environment, with the same arguments and input.

use std::ffi::{OsStr, OsString};
use std::io::{ErrorKind, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Hook, State, guard};
use crate::error::Error;

/// The file that names the folder of kept hooks, in the folder of local state.
pub(super) const CHAIN_FILE: &str = "chain";

/// Runs the kept hook; returns its exit code where it refuses.
pub(super) fn run_kept(
    hook: Hook,
    state: &State,
    args: &[OsString],
    input: &[u8],
) -> Result<Option<u8>, Error> {
    let Some(program) = find(hook, &state.pdd)? else {
        return Ok(None);
    };
    let failed = |source| Error::RunChained {
        program: program.clone(),
        source,
    };
    let start = |command: &mut Command| {
        let stdin = if hook.reads_stdin() {
            Stdio::piped()
        } else {
            Stdio::inherit()
        };
        command.args(args).stdin(stdin).spawn()
    };
    let mut child = match start(&mut Command::new(&program)) {
        // git gives a script without an interpreter line to the shell; so do we.
        Err(error) if error.raw_os_error() == Some(guard::NO_EXECUTABLE_FORMAT) => {
            start(Command::new("sh").arg(&program))
        }
        started => started,
    }
    .map_err(failed)?;
    if let Some(mut pipe) = child.stdin.take() {
        // A hook may end without reading: a broken pipe is no fault of its.
        let _ = pipe.write_all(input);
    }
    let status = child.wait().map_err(failed)?;
    let code = status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    Ok((code != 0).then(|| u8::try_from(code).unwrap_or(1)))
}

/// Finds the kept hook: executable, and not this program itself.
///
/// # Errors
/// The chain file cannot be read or holds no path: hooks that should run would be left out in silence.
fn find(hook: Hook, pdd: &Path) -> Result<Option<PathBuf>, Error> {
    let path = pdd.join(CHAIN_FILE);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(source) => return Err(Error::ReadChain { path, source }),
    };
    let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    if line.is_empty() || line.iter().any(u8::is_ascii_control) {
        let source = std::io::Error::new(ErrorKind::InvalidData, "it holds no path of a folder");
        return Err(Error::ReadChain { path, source });
    }
    let folder = Path::new(OsStr::from_bytes(line));
    // A repository that was moved took along the hooks that are kept in it; the file names where they were.
    let folder = if folder.exists() { folder } else { pdd };
    Ok(runnable(folder.join(hook.name())))
}

fn runnable(program: PathBuf) -> Option<PathBuf> {
    let data = std::fs::metadata(&program).ok()?;
    if !data.is_file() || data.permissions().mode() & 0o111 == 0 {
        return None;
    }
    let same =
        |own: PathBuf| std::fs::canonicalize(own).ok() == std::fs::canonicalize(&program).ok();
    if std::env::current_exe().is_ok_and(same) {
        return None;
    }
    // A bare name would be looked up on PATH.
    Some(if program.is_absolute() {
        program
    } else {
        Path::new(".").join(program)
    })
}

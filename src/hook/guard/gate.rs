//! What the `reference-transaction` program does: run the hook that stood there before, let through what touches no
//! watched reference, and hand the rest to `pdd-hooks`. It judges nothing itself.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{FILE, Guard, NO_EXECUTABLE_FORMAT, common_dir, decide, path_of};
use crate::exit::Exit;

const HOOK: &str = "reference-transaction";

/// Why a transaction could not be passed on; it is refused then.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("could not find the git folder of this repository")]
    FindGitFolder,
    #[error("could not read the reference updates from stdin ({reason})")]
    ReadUpdates { reason: io::Error },
    #[error("could not keep the reference updates in a temporary file ({reason})")]
    KeepUpdates { reason: io::Error },
    #[error("could not run `{}`, the hook that stood here before ({reason})", .hook.display())]
    RunChained { hook: PathBuf, reason: io::Error },
    #[error("could not judge the move of a watched reference: `{}` does not start ({reason})", .program.display())]
    HandOver { program: PathBuf, reason: io::Error },
}

impl Error {
    fn help(&self) -> &'static str {
        match self {
            Self::FindGitFolder => "run git inside the repository, or set GIT_DIR",
            Self::ReadUpdates { .. } => "repeat the git command",
            Self::KeepUpdates { .. } => "free space in the repository's file system, then repeat",
            Self::RunChained { .. } => {
                "mend that hook, or remove it and run `pdd-hooks install` again"
            }
            Self::HandOver { .. } => "run `pdd-hooks install` in this repository, then repeat",
        }
    }
}

/// Runs the hook with git's arguments to its exit code; what cannot be decided is refused.
pub fn main(arguments: &[&OsStr]) -> i32 {
    attempt(arguments).unwrap_or_else(|error| {
        let text = format!("error: {error}\n  = help: {}\n", error.help());
        // Where nobody listens the exit code still speaks.
        let _ = io::stderr().write_all(text.as_bytes());
        i32::from(Exit::Undecided.code())
    })
}

fn attempt(arguments: &[&OsStr]) -> Result<i32, Error> {
    let common = common_dir::find(
        std::env::var_os("GIT_COMMON_DIR"),
        std::env::var_os("GIT_DIR"),
        Path::new("."),
    );
    let pdd = common.map(|common| common.join("pdd"));
    let guard = pdd.as_deref().and_then(read_guard);
    let chained = chained_hook(pdd.as_deref(), guard.as_ref());
    // git 2.54 brought the state `preparing`; what comes later is not known. Only a `prepared` transaction is locked.
    let prepared = arguments.first().is_some_and(|&state| state == "prepared");
    if chained.is_none() && !prepared {
        return Ok(0);
    }
    let mut stdin = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut stdin)
        .map_err(|reason| Error::ReadUpdates { reason })?;
    if let Some(hook) = chained {
        let code = run_chained(&hook, arguments, keep(pdd.as_deref(), &stdin)?)?;
        if code != 0 {
            return Ok(code);
        }
    }
    let action = std::env::var_os("GIT_REFLOG_ACTION");
    let action = action.as_deref().map(OsStr::as_encoded_bytes);
    if !prepared || !decide(guard.as_ref(), &stdin, action) {
        return Ok(0);
    }
    hand_over(&pdd.ok_or(Error::FindGitFolder)?, &stdin)
}

fn read_guard(pdd: &Path) -> Option<Guard> {
    Guard::parse(&std::fs::read(pdd.join(FILE)).ok()?)
}

/// Finds the hook that git would run if ours were not here: executable, and not ourselves.
fn chained_hook(pdd: Option<&Path>, guard: Option<&Guard>) -> Option<PathBuf> {
    let folder = match guard {
        Some(guard) => guard.chain.clone(),
        None => pdd.and_then(recorded_chain),
    }?;
    // A repository that was moved took along the hooks that are kept in it.
    let folder = if folder.exists() {
        folder
    } else {
        pdd?.to_owned()
    };
    let hook = folder.join(HOOK);
    let there = std::fs::metadata(&hook).ok()?;
    let runs = there.is_file() && there.permissions().mode() & 0o111 != 0;
    (runs && !is_this_program(&there)).then_some(hook)
}

/// Reads `<pdd>/chain`, which the installer writes, where the guard file does not tell.
fn recorded_chain(pdd: &Path) -> Option<PathBuf> {
    let text = std::fs::read(pdd.join("chain")).ok()?;
    let folder = text.strip_suffix(b"\n").unwrap_or(&text);
    (!folder.is_empty()).then(|| path_of(folder))
}

fn is_this_program(there: &std::fs::Metadata) -> bool {
    std::env::current_exe()
        .and_then(std::fs::metadata)
        .is_ok_and(|ours| (ours.dev(), ours.ino()) == (there.dev(), there.ino()))
}

/// Puts the updates where another program can read them from the start.
///
/// A pipe would not do: whoever leaves it unread would end this program by SIGPIPE, and nobody would be left to fill it
/// after `exec`.
fn keep(pdd: Option<&Path>, stdin: &[u8]) -> Result<File, Error> {
    let write = |mut file: File| {
        file.write_all(stdin)?;
        file.rewind()?;
        Ok(file)
    };
    pdd.map_or_else(tempfile::tempfile, tempfile::tempfile_in)
        .or_else(|_| tempfile::tempfile())
        .and_then(write)
        .map_err(|reason| Error::KeepUpdates { reason })
}

fn run_chained(hook: &Path, arguments: &[&OsStr], stdin: File) -> Result<i32, Error> {
    let failed = |reason| Error::RunChained {
        hook: hook.to_owned(),
        reason,
    };
    let again = stdin.try_clone().map_err(failed)?;
    let status = match Command::new(hook).args(arguments).stdin(stdin).status() {
        // git gives a script without an interpreter line to the shell; so do we.
        Err(error) if is_no_program(&error) => Command::new("sh")
            .arg(hook)
            .args(arguments)
            .stdin(again)
            .status(),
        status => status,
    };
    let status = status.map_err(failed)?;
    let by_signal = || 128 + status.signal().unwrap_or(0);
    Ok(status.code().unwrap_or_else(by_signal))
}

fn is_no_program(error: &io::Error) -> bool {
    error.raw_os_error() == Some(NO_EXECUTABLE_FORMAT)
}

/// Becomes `pdd-hooks hook reference-transaction prepared`; returns only where there is nothing to become.
fn hand_over(pdd: &Path, stdin: &[u8]) -> Result<i32, Error> {
    // Hooks from a template run in repositories that are not enrolled, `git clone` among them.
    if matches!(pdd.try_exists(), Ok(false)) {
        return Ok(0);
    }
    let program = pdd.join("pdd-hooks");
    let arguments: [OsString; 3] = ["hook".into(), HOOK.into(), "prepared".into()];
    let reason = Command::new(&program)
        .args(arguments)
        .stdin(keep(Some(pdd), stdin)?)
        .exec();
    Err(Error::HandOver { program, reason })
}

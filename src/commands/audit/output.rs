//! Where a report goes: to stdout, or whole into a file.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{CommandError, Error};

/// A file that takes its name only once it is whole.
pub(super) struct Output {
    path: PathBuf,
    place: Place,
}

enum Place {
    /// Beside the file, until it is whole.
    Beside(BufWriter<NamedTempFile>),
    /// A device or a pipe: nothing may take its place.
    Itself(BufWriter<File>),
}

impl Output {
    /// Prepares to write a file, before anything is judged.
    ///
    /// # Errors
    /// Its folder is not there or not writable, or a folder has its name.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let failed = |source| CommandError::WriteFile {
            path: path.to_owned(),
            source,
        };
        fs::metadata(folder_of(path)).map_err(failed)?;
        // What a link names is written, and the link stays.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let facts = fs::metadata(&real).ok();
        let place = match &facts {
            Some(facts) if facts.is_dir() => {
                let path = path.to_owned();
                return Err(CommandError::WriteFolder { path }.into());
            }
            Some(facts) if !facts.is_file() => {
                let file = File::options().write(true).open(&real).map_err(failed)?;
                Place::Itself(BufWriter::new(file))
            }
            _ => {
                let mode = facts.map_or(0o666, |facts| facts.permissions().mode());
                Place::Beside(BufWriter::new(beside(&real, mode).map_err(failed)?))
            }
        };
        Ok(Self { path: real, place })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// The disk is full; what stood there before still does.
    pub(super) fn keep(self) -> Result<(), Error> {
        let Self { path, place } = self;
        let kept = match place {
            Place::Itself(mut file) => file.flush(),
            Place::Beside(file) => file
                .into_inner()
                .map_err(io::IntoInnerError::into_error)
                .and_then(|file| {
                    file.as_file().sync_all()?;
                    file.persist(&path).map_err(|error| error.error)?;
                    Ok(())
                }),
        };
        kept.map_err(|source| CommandError::WriteFile { path, source }.into())
    }

    /// Says that the file could not be written.
    pub(super) fn failed(&self, source: io::Error) -> Error {
        let path = self.path.clone();
        CommandError::WriteFile { path, source }.into()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.place {
            Place::Beside(file) => file.write(bytes),
            Place::Itself(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.place {
            Place::Beside(file) => file.flush(),
            Place::Itself(file) => file.flush(),
        }
    }
}

fn beside(path: &Path, mode: u32) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".pdd-")
        // As any new file: the umask takes from it what the user does not want.
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder_of(path))
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// A reader who may leave before the end: what is written then goes nowhere, and the report is counted to its end.
pub(super) struct Patient<'w> {
    out: &'w mut dyn Write,
    is_gone: bool,
}

impl<'w> Patient<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self {
            out,
            is_gone: false,
        }
    }

    fn note(&mut self, result: io::Result<()>) -> io::Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_gone = true;
                Ok(())
            }
            result => result,
        }
    }
}

impl Write for Patient<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_gone {
            let result = self.out.write_all(bytes);
            self.note(result)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_gone {
            return Ok(());
        }
        let result = self.out.flush();
        self.note(result)
    }
}

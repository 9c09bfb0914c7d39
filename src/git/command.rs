//! The `git` command itself, for what libgit2 does not do: configuration scopes, reftable references, sparse indexes.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Error;

/// How `git` ended: its exit code (none where a signal ended it), stdout and stderr.
pub type Outcome = (Option<i32>, Vec<u8>, Vec<u8>);

/// Runs `git` in one folder, in the environment of this process, without replace references.
#[derive(Clone, Debug)]
pub struct Git {
    folder: PathBuf,
}

impl Git {
    /// Will run `git` in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns what `git` writes to stdout; any exit code but 0 is an error.
    ///
    /// # Errors
    /// `git` cannot be started, or fails.
    pub fn read<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<Vec<u8>, Error> {
        let (code, stdout, stderr) = self.run(args, &[])?;
        if code == Some(0) {
            Ok(stdout)
        } else {
            Err(failed(args, code, &stderr))
        }
    }

    /// Returns stdout without its last line feed, lossily decoded.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn line<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<String, Error> {
        let text = String::from_utf8_lossy(&self.read(args)?).into_owned();
        Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
    }

    /// Returns stdout without its last line feed as a path, in whatever bytes its name has.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn path<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<PathBuf, Error> {
        use std::os::unix::ffi::OsStringExt as _;
        let mut bytes = self.read(args)?;
        if bytes.ends_with(b"\n") {
            bytes.pop();
        }
        Ok(std::ffi::OsString::from_vec(bytes).into())
    }

    /// Returns stdout as [`Self::line`] does, or none where `git` exits with 1 ("not there").
    ///
    /// # Errors
    /// `git` cannot be started, or exits with another code.
    pub fn find<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<Option<String>, Error> {
        let (code, stdout, stderr) = self.run(args, &[])?;
        match code {
            Some(0) => {
                let text = String::from_utf8_lossy(&stdout).into_owned();
                Ok(Some(text.strip_suffix('\n').unwrap_or(&text).to_owned()))
            }
            Some(1) => Ok(None),
            code => Err(failed(args, code, &stderr)),
        }
    }

    /// Runs `git` with `stdin` to its exit code, stdout and stderr.
    ///
    /// # Errors
    /// `git` cannot be started.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S], stdin: &[u8]) -> Result<Outcome, Error> {
        self.run_with(args, stdin, &mut Command::new("git"))
    }

    /// Runs `git` as [`Self::run`] does, with further variables.
    ///
    /// # Errors
    /// `git` cannot be started.
    pub fn run_under<S: AsRef<OsStr>>(
        &self,
        args: &[S],
        env: &[(&str, &str)],
    ) -> Result<Outcome, Error> {
        self.run_with(args, &[], Command::new("git").envs(env.iter().copied()))
    }

    /// Runs `git` as [`Self::run`] does, in the repository of the folder alone: without the environment that names
    /// another one, and without the user's and the system's configuration.
    ///
    /// # Errors
    /// `git` cannot be started.
    pub fn run_isolated<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<Outcome, Error> {
        self.run_isolated_with(args, &[])
    }

    /// Runs `git` as [`Self::run_isolated`] does, with further variables.
    ///
    /// # Errors
    /// `git` cannot be started.
    pub fn run_isolated_with<S: AsRef<OsStr>>(
        &self,
        args: &[S],
        env: &[(&str, &OsStr)],
    ) -> Result<Outcome, Error> {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") && name != "GIT_EXEC_PATH" {
                command.env_remove(name);
            }
        }
        command
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .envs(env.iter().copied());
        self.run_with(args, &[], &mut command)
    }

    fn run_with<S: AsRef<OsStr>>(
        &self,
        args: &[S],
        stdin: &[u8],
        command: &mut Command,
    ) -> Result<Outcome, Error> {
        let start = |source| Error::StartGit {
            command: joined(args),
            source,
        };
        let mut child = command
            .args(args)
            .current_dir(&self.folder)
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            // A graft hides commits as a replacement does (gitrepository-layout(5), info/grafts).
            .env("GIT_GRAFT_FILE", "/dev/null")
            .stdin(if stdin.is_empty() {
                Stdio::null()
            } else {
                Stdio::piped()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(start)?;
        let writer = child.stdin.take().map(|mut pipe| {
            let bytes = stdin.to_vec();
            // A git that stops reading early closes the pipe; its exit code tells the rest.
            std::thread::spawn(move || pipe.write_all(&bytes))
        });
        let output = child.wait_with_output().map_err(start)?;
        if let Some(writer) = writer {
            let _ = writer.join();
        }
        Ok((output.status.code(), output.stdout, output.stderr))
    }
}

fn joined<S: AsRef<OsStr>>(args: &[S]) -> String {
    args.iter()
        .map(|arg| arg.as_ref().to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn failed<S: AsRef<OsStr>>(args: &[S], code: Option<i32>, stderr: &[u8]) -> Error {
    Error::RunGit {
        command: joined(args),
        code,
        stderr: String::from_utf8_lossy(stderr).trim().to_owned(),
    }
}

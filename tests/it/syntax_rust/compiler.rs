//! The compiler, on one file.

use std::io::Write as _;
use std::process::{Command, Stdio};

use assert_fs::TempDir;

/// What the compiler says of a text.
pub(super) struct Compiled {
    pub(super) is_ok: bool,
    pub(super) said: String,
    temp: TempDir,
}

impl Compiled {
    /// Checks a library.
    pub(super) fn library(edition: &str, text: &str) -> Self {
        Self::by(
            &["--crate-type=lib", "--emit=metadata", "--edition", edition],
            text,
        )
    }

    /// Builds the test program of a file.
    pub(super) fn tests(text: &str) -> Self {
        Self::by(&["--test", "--edition=2024"], text)
    }

    fn by(args: &[&str], text: &str) -> Self {
        let temp = TempDir::new().unwrap();
        let mut rustc = Command::new("rustc")
            .args(args)
            .args(["--crate-name=sample", "-o", "out", "-"])
            .current_dir(&temp)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        rustc
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let output = rustc.wait_with_output().unwrap();
        Self {
            is_ok: output.status.success(),
            said: String::from_utf8(output.stderr).unwrap(),
            temp,
        }
    }

    /// Runs the test program and returns all that it says.
    pub(super) fn run(&self) -> String {
        assert!(self.is_ok, "{}", self.said);
        let output = Command::new(self.temp.path().join("out")).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

//! A repository that has adopted the policy, on a work branch whose task is declared, with any number of files.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::run;

const LOG: &str = "## [PERSONA: DEV] - [TASK-001] - Implement\n\n**Date**: 2026-01-15 12:00\n\n\
    ## [PERSONA: QA] - [TASK-001] - Design tests\n\n**Date**: 2026-01-15 11:00\n\n\
    ## [PERSONA: PM] - [TASK-001] - Plan\n\n**Date**: 2026-01-15 10:00\n";
const TASKLIST: &str = "# Tasklist\n\n## IN_PROGRESS\n\n### TASK-001: Measure\n\n\
    - **Status**: IN_PROGRESS\n- **Priority**: P1\n- **Dependencies**: None\n";
/// One test check: what is measured is finding its pass again, not its run. DEV commits again and again.
const POLICY: &str = "policy = 1\nvalidation.declared = false\n\n[[check]]\nname = \"tests\"\nkind = \"test\"\nrun = [\"true\"]\n";
const WORK: &str = "feat/TASK-001-measure";

/// The repository in one folder.
pub(crate) struct Repository {
    folder: PathBuf,
    home: PathBuf,
}

impl Repository {
    /// Makes it below `parent`, with this many files in folders of a hundred; `content` gives the text of each.
    pub(crate) fn adopted(
        parent: &Path,
        name: &str,
        files: usize,
        content: fn(usize) -> String,
    ) -> io::Result<Self> {
        let repository = Self {
            folder: parent.join(name),
            home: parent.to_owned(),
        };
        std::fs::create_dir(&repository.folder)?;
        repository.git(&["init", "-q", "-b", "main"])?;
        // A repack in the middle of a series would be measured as a hook.
        repository.git(&["config", "gc.auto", "0"])?;
        repository.git(&["config", "maintenance.auto", "false"])?;
        repository.import(|pipe| pipe.write_all(adoption(files, content).as_bytes()))?;
        repository.git(&["reset", "-q", "--hard", "main"])?;
        repository.git(&["switch", "-q", "-c", WORK])?;
        Ok(repository)
    }

    /// Returns the full name of the branch that it is on.
    pub(crate) fn branch() -> String {
        format!("refs/heads/{WORK}")
    }

    /// Returns the top of the work tree.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Prepares a program at the top of the work tree in an environment without the user's configuration.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdin(Stdio::null());
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Ann Example")
                .env(format!("GIT_{role}_EMAIL"), "ann@example.org");
        }
        command
    }

    /// Runs git, which must succeed, and returns its stdout.
    pub(crate) fn git(&self, args: &[&str]) -> io::Result<String> {
        run(self.command("git").args(args))
    }

    /// Hands `git fast-import` what `write` writes.
    pub(crate) fn import(
        &self,
        write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut import = self
            .command("git")
            .args(["fast-import", "--quiet"])
            .stdin(Stdio::piped())
            .spawn()?;
        if let Some(pipe) = import.stdin.take() {
            let mut pipe = io::BufWriter::new(pipe);
            write(&mut pipe)?;
            pipe.flush()?;
        }
        match import.wait()?.success() {
            true => Ok(()),
            false => Err(io::Error::other("git fast-import failed")),
        }
    }

    /// Stages a change of one source file that no earlier change made.
    pub(crate) fn stage_change(&self, number: usize) -> io::Result<()> {
        self.stage(&path_of(0), number)
    }

    /// Stages a change of one document, in a folder of source files, that no earlier change made.
    pub(crate) fn stage_document(&self, number: usize) -> io::Result<()> {
        self.stage("source/0/about.md", number)
    }

    fn stage(&self, path: &str, number: usize) -> io::Result<()> {
        std::fs::write(self.folder.join(path), format!("changed {number}\n"))?;
        self.git(&["add", path]).map(drop)
    }
}

/// A text of a few bytes, another one in each file.
pub(crate) fn small(number: usize) -> String {
    format!("file {number}\n")
}

/// A text of 8 KiB on average that compresses about as well as source does, another one in each file.
pub(crate) fn large(number: usize) -> String {
    let mut text = String::new();
    let mut state = number as u64;
    // Between 4 and 12 KiB, of lines of 32 bytes.
    for line in 0..128 + number % 257 {
        // Knuth's linear congruential generator: the same texts in every series.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "let line_{line:04} = {:014};", state % 10_u64.pow(14));
    }
    text
}

/// Names a file of an adopted repository.
pub(crate) fn path_of(number: usize) -> String {
    format!("source/{}/{}.txt", number / 100, number % 100)
}

fn adoption(files: usize, content: fn(usize) -> String) -> String {
    let mut text = String::from(
        "commit refs/heads/main\ncommitter Ann Example <ann@example.org> 1768467600 +0100\ndata <<END\n\
         chore(pdd): adopt the workflow [MAINT-1]\nEND\n",
    );
    let mut add = |path: &str, content: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "M 100644 inline {path}\ndata {}\n{content}",
            content.len()
        );
    };
    add(".pdd.toml", POLICY);
    add("context/Tasklist.md", TASKLIST);
    add("context/personalog/TASK-001.md", LOG);
    for number in 0..files {
        add(&path_of(number), &content(number));
    }
    text
}

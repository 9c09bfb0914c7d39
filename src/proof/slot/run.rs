//! One run in the slot: its folders, its environment and command line, and what it left behind.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::super::outcome::Fault;
use super::super::process::{Ended, MARKER};
use super::super::{Environment, Error, runner};
use super::files::{failed, make_folder, remove, write};
use super::{Found, carry};
use crate::policy::{CheckBlock, ReportForm};

/// The longest report that is read, in bytes.
const REPORT: u64 = 64 << 20;
/// What stands for the report's path in a check.
const PLACEHOLDER: &str = "{report}";
/// The folder in `build/` that cargo builds into.
const CARGO: &str = "build/cargo";
/// Variables that name a tool's cache, and the folder in `build/` that it gets.
const CACHES: &[(&str, &str)] = &[
    ("BLACK_CACHE_DIR", "black"),
    ("MYPY_CACHE_DIR", "mypy"),
    ("RUFF_CACHE_DIR", "ruff"),
];
/// A person that is nobody, for suites that commit.
const GIT_CONFIG: &str = "\
[user]
	name = pdd-hooks
	email = pdd-hooks@localhost
[init]
	defaultBranch = main
";

/// Where one run stands.
pub(super) struct Run<'a> {
    /// The slot.
    pub(super) root: &'a Path,
    /// The check.
    pub(super) check: &'a CheckBlock,
    /// The tops of the user's work trees.
    pub(super) work_trees: &'a [PathBuf],
    /// The carried paths.
    pub(super) carry: &'a [String],
    folder: PathBuf,
    temporary: PathBuf,
    report: PathBuf,
    start: Option<SystemTime>,
}

impl<'a> Run<'a> {
    /// Makes the folders of a run, under a name that no earlier run had.
    pub(super) fn new(
        root: &'a Path,
        check: &'a CheckBlock,
        work_trees: &'a [PathBuf],
        carry: &'a [String],
    ) -> Result<Self, Error> {
        let mut random = [0; 4];
        getrandom::fill(&mut random).map_err(|error| failed("name", root)(error.into()))?;
        let name = carry::hex(&random);
        let folder = root.join("run").join(&name);
        let extension = match check.report {
            ReportForm::Junit => "xml",
            _ => "json",
        };
        let run = Self {
            root,
            check,
            work_trees,
            carry,
            report: folder.join("report").join(format!("report.{extension}")),
            // Short, since a socket's path has 107 bytes at most (unix(7)).
            temporary: root.join("tmp").join(&name),
            folder,
            start: None,
        };
        make_folder(&run.folder.join("report"))?;
        make_folder(&run.temporary)?;
        write(&run.folder.join("gitconfig"), GIT_CONFIG)?;
        make_folder(&root.join("logs"))?;
        Ok(run)
    }

    /// Removes the folders of this run and of all earlier ones: only one runs at a time.
    pub(super) fn clear(root: &Path) -> Result<(), Error> {
        remove(&root.join("run"))?;
        remove(&root.join("tmp"))
    }

    /// Returns the file that takes the output.
    pub(super) fn log(&self) -> PathBuf {
        self.root.join("logs").join(log_name(&self.check.name))
    }

    /// Returns the command line with the report's path in it.
    pub(super) fn argv(&self, more: &[String]) -> Result<Vec<String>, Error> {
        let mut argv: Vec<String> = self.check.run.iter().chain(more).cloned().collect();
        if self.check.report == ReportForm::Junit
            && !self.names_report(more)
            && let Some(at) = runner::end_of_nextest_options(&argv)
        {
            // Nextest takes the path from a configuration alone; a tool's own gives way to the repository's.
            let file = self.folder.join("nextest.toml");
            let path = toml::Value::String(self.report.display().to_string());
            write(&file, format!("[profile.default.junit]\npath = {path}\n"))?;
            let option = [
                "--tool-config-file".to_owned(),
                format!("pdd-hooks:{}", file.display()),
            ];
            argv.splice(at..at, option);
        }
        let report = self.report.display().to_string();
        Ok(argv
            .iter()
            .map(|arg| arg.replace(PLACEHOLDER, &report))
            .collect())
    }

    /// Says whether the check itself says where its report goes.
    fn names_report(&self, more: &[String]) -> bool {
        let mut words = self.check.run.iter().chain(more);
        words.any(|word| word.contains(PLACEHOLDER))
            || self
                .check
                .env
                .values()
                .any(|value| value.contains(PLACEHOLDER))
    }

    /// Returns the check's environment: the slot's places in place of the user's, then the check's own variables,
    /// then what no check may leave out.
    pub(super) fn environment(&self, base: &Environment) -> Result<Environment, Error> {
        let mut all = base.clone();
        let tree = self.root.join("tree");
        all.set("PWD", &tree);
        all.set("TMPDIR", &self.temporary);
        all.set("CARGO_TARGET_DIR", self.root.join(CARGO));
        for (name, folder) in CACHES {
            all.set(*name, self.root.join("build").join(folder));
        }
        all.set("PYTEST_ADDOPTS", "-p no:cacheprovider");
        all.set("GIT_CONFIG_GLOBAL", self.folder.join("gitconfig"));
        all.set("GIT_CEILING_DIRECTORIES", self.root);
        // What is carried is used where it was copied to; the rest of the user's tools where they are.
        for name in ["PATH", "VIRTUAL_ENV"] {
            all.map_paths(name, |path| self.counterpart(path, self.carry));
        }
        // A folder of Python's from elsewhere would put its code into every runner; a check that needs one names it.
        all.keep_paths("PYTHONPATH", |path| {
            self.work_trees.iter().any(|top| path.starts_with(top))
        });
        let report = self.report.display().to_string();
        for (name, value) in &self.check.env {
            all.set(name, value.replace(PLACEHOLDER, &report));
        }
        // After the check's own variables, for a `PYTHONPATH` among them would leave the guard out.
        self.guard_python(&mut all)?;
        all.set(MARKER, self.root);
        Ok(all)
    }

    /// Puts the guard before everything that Python loads; it needs no guard where there is no work tree of the user's.
    fn guard_python(&self, all: &mut Environment) -> Result<(), Error> {
        if self.work_trees.is_empty() {
            return Ok(());
        }
        let guard = self.root.join("guard");
        remove(&guard)?;
        make_folder(&guard)?;
        write(
            &guard.join("sitecustomize.py"),
            include_str!("sitecustomize.py"),
        )?;
        all.map_paths("PYTHONPATH", |path| {
            self.counterpart(path, &[String::new()])
        });
        let mut path = guard.into_os_string();
        if let Some(old) = all.value("PYTHONPATH").filter(|old| !old.is_empty()) {
            path.push(":");
            path.push(old);
        }
        all.set("PYTHONPATH", path);
        let trees: Vec<_> = self
            .work_trees
            .iter()
            .map(|tree| tree.as_os_str())
            .collect();
        all.set(
            "PDD_HOOKS_WORK_TREES",
            trees.join(std::ffi::OsStr::new(":")),
        );
        all.set("PDD_HOOKS_FOREIGN", self.foreign_file());
        Ok(())
    }

    /// Returns where a path stands in the slot, if it is one of `below` in a work tree of the user's.
    fn counterpart(&self, path: &Path, below: &[String]) -> OsString {
        let here = self.work_trees.iter().find_map(|top| {
            let rest = path.strip_prefix(top).ok()?;
            let is_below = below.iter().any(|part| rest.starts_with(part));
            (is_below && !path.starts_with(self.root)).then(|| self.root.join("tree").join(rest))
        });
        here.unwrap_or_else(|| path.to_owned()).into()
    }

    fn foreign_file(&self) -> PathBuf {
        self.folder.join("foreign")
    }

    /// Notes the start by the clock of the file system that the report is on, and removes nextest's earlier reports.
    pub(super) fn begin(&mut self) -> Result<(), Error> {
        for report in nextest_reports(&self.root.join(CARGO)) {
            remove(&report)?;
        }
        let file = self.folder.join("start");
        write(&file, "")?;
        let facts = fs::metadata(&file).and_then(|facts| facts.modified());
        self.start = Some(facts.map_err(failed("read", &file))?);
        Ok(())
    }

    /// Returns the report that the run left.
    pub(super) fn found(&self, more: &[String], ended: &Ended) -> Found {
        if let Some(found) = self.look(&self.report) {
            return found;
        }
        match self.check.report {
            ReportForm::ExitCode => Found::Missing,
            ReportForm::Junit => {
                let target = self.root.join("tree/target");
                let mut reports = nextest_reports(&target);
                reports.extend(nextest_reports(&self.root.join(CARGO)));
                let found: Vec<_> = reports.iter().filter_map(|path| self.look(path)).collect();
                let is_nextest = runner::end_of_nextest_options(&self.check.run).is_some();
                let mut fresh = found.iter().filter(|found| **found != Found::Old);
                match (is_nextest, fresh.next(), fresh.next()) {
                    // Of two reports nobody knows which one is meant.
                    (true, Some(one), None) => one.clone(),
                    (true, None, _) if !found.is_empty() => Found::Old,
                    _ => Found::Missing,
                }
            }
            _ if self.names_report(more) => Found::Missing,
            _ if ended.cut => Found::TooLarge,
            _ => Found::Bytes(ended.stdout.clone()),
        }
    }

    fn look(&self, path: &Path) -> Option<Found> {
        let facts = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let modified = facts.modified().ok()?;
        Some(if self.start.is_none_or(|start| modified < start) {
            Found::Old
        } else if facts.len() > REPORT {
            Found::TooLarge
        } else {
            fs::read(path).map_or(Found::Missing, Found::Bytes)
        })
    }

    /// Returns the first file that Python loaded from a work tree of the user's.
    pub(super) fn foreign(&self) -> Option<Fault> {
        let text = fs::read(self.foreign_file()).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let path = text.lines().next()?.to_owned();
        Some(Fault::Foreign { path })
    }
}

/// Lists `nextest/<profile>/<name>.xml` below a target folder, sorted.
fn nextest_reports(target: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries(&target.join("nextest"))
        .flat_map(|profile| entries(&profile.path()).map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
        .collect();
    found.sort();
    found
}

/// Returns the log's file name: the check's, or what a file may be called and the check's number.
fn log_name(check: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if check.chars().all(is_plain) && (1..=64).contains(&check.len()) {
        return format!("{check}.log");
    }
    let plain: String = check
        .chars()
        .take(48)
        .map(|letter| if is_plain(letter) { letter } else { '-' })
        .collect();
    let digest = carry::hex(&Sha256::digest(check));
    format!("{plain}-{}.log", &digest[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_of_any_name_have_logs_of_their_own() {
        assert_eq!(log_name("unit-tests"), "unit-tests.log");
        assert_eq!(log_name("../x"), "---x-d6b96a97.log");
        assert_ne!(log_name("a/b"), log_name("a b"));
        assert!(log_name(&"ä".repeat(300)).len() < 80);
    }
}

//! The slot: a persistent repository and work tree of the program's own in the user's cache folder, in which one check at
//! a time runs on exactly one tree (PROOF.md, section 6). Nothing of the user's is built, stashed, checked out or linked.
//!
//! Its layout, all of it written or looked through anew before each run:
//! - `lock`, held while a [`Slot`] lives; `owner.json`, whose slot it is
//! - `git/`: the repository that fills the work tree; `tree/`: the work tree, with a `.git` that the checks see
//! - `build/`: the build folders, which alone outlive everything; `logs/`; `guard/`: what keeps Python from the user's files
//! - `run/<id>/` and `tmp/<id>/`: what one run needs, and its `TMPDIR`; `carried.json`: what was copied into the work tree

pub mod carry;
mod control;
mod files;
mod index;
mod place;
mod run;
mod stand_in;
mod sweep;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use place::{Placed, abandoned, discard, folder, list};

use super::outcome::Fault;
use super::process::{self, End, Ended, Launch};
use super::{Environment, Error, runner};
use crate::git::{Oid, Repository};
use crate::policy::{CheckBlock, CheckKind, ReportForm};
use control::Control;
use run::Run;

/// How many paths a fault names.
const NAMED: usize = 5;

/// The slot of one worktree, locked while this lives.
#[derive(Debug)]
pub struct Slot {
    root: PathBuf,
    base: Environment,
    _lock: File,
}

/// What is to be tested.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// The tree.
    pub tree: Oid,
    /// The commits that the tree would be committed on.
    pub parents: &'a [Oid],
    /// The paths of `validation.carry`.
    pub carry: &'a [String],
}

/// What a run of a check gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempted {
    /// How it ended; where a fault kept it from being started, it cannot start.
    pub ended: Ended,
    /// Its report.
    pub report: Found,
    /// What makes the run worth nothing, whatever the report says.
    pub fault: Option<Fault>,
}

/// The report of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// What stands in it.
    Bytes(Vec<u8>),
    /// There is none.
    Missing,
    /// It is older than the run.
    Old,
    /// It is longer than the bound.
    TooLarge,
}

impl Slot {
    /// Takes the slot of this worktree in the user's cache folder: makes or repairs it, waits for its lock, and ends what
    /// an earlier run has left running. `waiting` is called once where another process has the lock.
    ///
    /// # Errors
    /// There is no cache folder, or the slot cannot be written.
    pub fn take(repository: &Repository, waiting: &mut dyn FnMut()) -> Result<Self, Error> {
        Self::take_in(&folder()?, Environment::base(), repository, waiting)
    }

    /// Takes the slot as [`Self::take`] does, below another folder and with another environment for the checks.
    ///
    /// # Errors
    /// The slot cannot be written.
    pub fn take_in(
        slots: &Path,
        base: Environment,
        repository: &Repository,
        waiting: &mut dyn FnMut(),
    ) -> Result<Self, Error> {
        let (root, lock) = place::take(slots, repository, waiting)?;
        process::end_leftovers(&root);
        Run::clear(&root)?;
        Ok(Self {
            root,
            base,
            _lock: lock,
        })
    }

    /// Returns the slot's folder.
    pub fn folder(&self) -> &Path {
        &self.root
    }

    /// Returns the folder that trees are tested in.
    pub fn tree(&self) -> PathBuf {
        self.root.join("tree")
    }

    /// Runs one check on exactly this tree: brings the slot to it, runs the check with `more` arguments, reads the report,
    /// and looks whether tracked files changed. Output goes to `watch` as it comes.
    ///
    /// # Errors
    /// The slot cannot be brought to the tree, or this process was asked to stop; the next run repairs what that leaves.
    pub fn run(
        &mut self,
        repository: &Repository,
        content: &Content<'_>,
        check: &CheckBlock,
        more: &[String],
        watch: &mut dyn FnMut(&[u8]),
    ) -> Result<Attempted, Error> {
        let control = Control {
            root: &self.root,
            repository,
        };
        let tree = control.tree();
        let tracked = control.fill(content.tree, content.carry)?;
        let work_trees = repository.work_trees();
        let mut run = Run::new(&self.root, check, &work_trees, content.carry)?;
        let list = self.root.join("carried.json");
        let work_tree = repository.work_tree();
        let carried = carry::bring(work_tree, &tree, content.carry, &tracked, &list)?;
        let fault = carried
            .or_else(|| shadowed(&tree, &check.run))
            .or_else(|| unguarded(check));
        if let Some(fault) = fault {
            return Ok(never_started(run.log(), fault));
        }
        stand_in::write_anew(&control, content)?;
        let (argv, environment) = (run.argv(more)?, run.environment(&self.base)?);
        run.begin()?;
        let launch = Launch {
            argv: &argv,
            folder: &tree,
            environment: &environment,
            // A policy without a limit that can be read was refused before.
            limit: check.time_limit().unwrap_or(Duration::from_secs(600)),
            // Cargo names the test programs on stderr and their tests on stdout.
            one_stream: check.report == ReportForm::Libtest,
            log: &run.log(),
            slot: &self.root,
        };
        let ended = process::run(&launch, watch)?;
        let report = run.found(more, &ended);
        let mut fault = run.foreign();
        let changed = control.changed(&tracked, content.carry)?;
        if !changed.is_empty() {
            let paths = changed.into_iter().take(NAMED).collect();
            fault = Some(Fault::TreeChanged { paths });
        }
        Run::clear(&self.root)?;
        Ok(Attempted {
            ended,
            report,
            fault,
        })
    }
}

fn never_started(log: PathBuf, fault: Fault) -> Attempted {
    Attempted {
        ended: Ended {
            end: End::CannotStart("the check was not started".into()),
            elapsed: Duration::ZERO,
            stdout: Vec::new(),
            cut: false,
            tail: String::new(),
            log,
        },
        report: Found::Missing,
        fault: Some(fault),
    }
}

/// Looks for a file or package at the top of the tree that Python would load in place of the runner's own modules.
fn shadowed(tree: &Path, argv: &[String]) -> Option<Fault> {
    let runners = runner::python_modules(argv);
    if runners.is_empty() {
        return None;
    }
    let mut names: Vec<_> = fs::read_dir(tree)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    for (runner, modules) in runners {
        for module in modules {
            if let Some(path) = names.iter().find_map(|name| taken_by(tree, name, module)) {
                return Some(Fault::Shadowed {
                    path,
                    runner: runner.to_owned(),
                });
            }
        }
    }
    None
}

/// Looks for options by which Python would not hear of the guard. A tool that only reads the source may have them.
fn unguarded(check: &CheckBlock) -> Option<Fault> {
    let option = runner::ignored_environment(&check.run)?.to_owned();
    (check.kind == CheckKind::Test).then_some(Fault::Unguarded { option })
}

/// Returns the file by which this entry is loaded as `module`; a folder without an `__init__` gives way to what is
/// installed (Python's import system, "namespace packages").
fn taken_by(tree: &Path, name: &str, module: &str) -> Option<String> {
    let is_code =
        |extension: &str| matches!(extension, "py" | "pyc" | "so") || extension.ends_with(".so");
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    if stem != module {
        return None;
    }
    if is_code(extension) {
        return Some(name.to_owned());
    }
    if !extension.is_empty() {
        return None;
    }
    let entries = fs::read_dir(tree.join(name)).ok()?;
    let mut names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    names
        .find(|file| {
            file.split_once('.')
                .is_some_and(|(stem, extension)| stem == "__init__" && is_code(extension))
        })
        .map(|file| format!("{name}/{file}"))
}

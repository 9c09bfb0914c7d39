//! Examines an install: each hook present, executable, ours, of this version and reached from every work tree. It changes
//! nothing; the live self-test works in a scratch repository of its own.

use std::path::Path;

use serde::Serialize;

use super::config_mode;
use super::files::{self, Found};
use super::managers::Manager;
use super::manifest::{Manifest, Mode, Place};
use super::target::Target;
use super::{Error, config, forward, remotes, selftest};
use crate::git::Repository;

/// What an examination found; as JSON `{"ok", "checks": [{"name", "ok", "message", "help"}]}`.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    ok: bool,
    checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Check {
    name: String,
    ok: bool,
    message: String,
    help: Option<String>,
}

/// Examines the repository that `folder` is in.
///
/// # Errors
/// There is no repository, or something cannot be read.
pub fn examine(folder: &Path) -> Result<Report, Error> {
    let target = Target::find(folder)?;
    let mut report = Report::default();
    report.version(&target)?;
    match Manifest::read(&target.common)? {
        None => report.problem(
            "install",
            format!("nothing is installed in {}", target.common.display()),
            "pdd-hooks install",
        ),
        Some(manifest) => report.install(&target, &manifest)?,
    }
    report.policy(&target);
    report.documents(&target)?;
    report.approvers(&target);
    report.slots();
    report.ok = report.checks.iter().all(|check| check.ok);
    Ok(report)
}

impl Report {
    /// Says whether every check passed.
    pub fn is_well(&self) -> bool {
        self.ok
    }

    /// Writes a line for each check, and the mend under each problem.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for check in &self.checks {
            let word = if check.ok { "ok" } else { "problem" };
            text.push_str(&format!("{word:<7} {}: {}\n", check.name, check.message));
            if let Some(help) = &check.help {
                text.push_str(&format!("  = help: {help}\n"));
            }
        }
        text
    }

    pub(super) fn well(&mut self, name: &str, message: impl Into<String>) {
        self.add(true, name, message.into(), None);
    }

    /// Says what is well and could still be tidied.
    pub(super) fn hint(&mut self, name: &str, message: String, help: &str) {
        self.add(true, name, message, Some(help.into()));
    }

    fn add(&mut self, ok: bool, name: &str, message: String, help: Option<String>) {
        self.checks.push(Check {
            name: name.into(),
            ok,
            message,
            help,
        });
    }

    pub(super) fn problem(
        &mut self,
        name: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(false, name, message.into(), Some(help.into()));
    }

    fn version(&mut self, target: &Target) -> Result<(), Error> {
        let text = target.git().line(&["--version"])?;
        let found = text.trim_start_matches("git version ").to_owned();
        if config_mode::version(&text).is_some_and(|version| version >= (2, 39)) {
            self.well("git", found);
        } else {
            self.problem("git", found, "use git 2.39 or later");
        }
        Ok(())
    }

    fn install(&mut self, target: &Target, manifest: &Manifest) -> Result<(), Error> {
        let ours = env!("CARGO_PKG_VERSION");
        if !manifest.complete {
            self.problem("install", "was cut short", "pdd-hooks install");
        } else if manifest.tool != ours {
            self.problem(
                "install",
                format!("version {}, and this is {ours}", manifest.tool),
                "pdd-hooks install",
            );
        } else {
            self.well("install", format!("version {ours}, {}", manifest.words()));
        }
        self.programs(target, manifest)?;
        self.kept(target, manifest);
        self.chain(target, manifest);
        self.configuration(target, manifest)?;
        self.remotes(target)?;
        self.reached(target, manifest)?;
        if manifest.server.is_some() {
            self.server(target)?;
        }
        match selftest::refuses(target, manifest)? {
            Ok(what) => self.well("self-test", what),
            Err(what) => self.problem("self-test", what, "pdd-hooks doctor --fix"),
        }
        Ok(())
    }

    fn programs(&mut self, target: &Target, manifest: &Manifest) -> Result<(), Error> {
        let folder = manifest.hooks.path(&target.common);
        let before = self.checks.len();
        for name in manifest.names() {
            self.program(target, manifest, name, &folder.join(name))?;
        }
        self.program(
            target,
            manifest,
            "pdd-hooks",
            &target.pdd().join("pdd-hooks"),
        )?;
        if self.checks.len() == before {
            self.well(
                "hooks",
                format!(
                    "{} in {}, executable and ours",
                    manifest.names().len(),
                    folder.display()
                ),
            );
        }
        Ok(())
    }

    /// Looks at one program; says nothing where it is well.
    fn program(
        &mut self,
        target: &Target,
        manifest: &Manifest,
        name: &str,
        path: &Path,
    ) -> Result<(), Error> {
        let mend = "pdd-hooks doctor --fix";
        match files::look(path)? {
            Found::Nothing => self.problem(name, format!("{} is missing", path.display()), mend),
            Found::File { sha256, mode }
                if manifest.wrote(&Place::of(&target.common, path), &sha256) =>
            {
                if mode & 0o111 == 0 {
                    self.problem(name, format!("{} is not executable", path.display()), mend);
                }
            }
            _ => match Manager::of_path(path) {
                Some(manager) => self.problem(
                    name,
                    format!("{} took over {}", manager.name(), path.display()),
                    "`pdd-hooks install` keeps its hook and runs it first",
                ),
                None => self.problem(
                    name,
                    format!("{} is not ours", path.display()),
                    "`pdd-hooks install` keeps it and runs it first",
                ),
            },
        }
        Ok(())
    }

    fn kept(&mut self, target: &Target, manifest: &Manifest) {
        for kept in &manifest.kept {
            let path = kept.to.path(&target.common);
            let message = format!("{} runs first", path.display());
            let was_executable = match &kept.thing {
                super::manifest::Thing::File { mode, .. } => mode & 0o111 != 0,
                super::manifest::Thing::Symlink { .. } => true,
            };
            if !was_executable {
                self.well(
                    "kept",
                    format!("{} was not executable and does not run", path.display()),
                );
            } else if files::is_runnable(&path) {
                self.well("kept", message);
            } else {
                self.problem(
                    "kept",
                    format!("{} cannot run", path.display()),
                    "put it back, or `pdd-hooks uninstall`, remove the hook, and install again",
                );
            }
        }
    }

    fn chain(&mut self, target: &Target, manifest: &Manifest) {
        let Some(chain) = manifest
            .chain
            .as_ref()
            .filter(|_| manifest.mode == Mode::Chain)
        else {
            return;
        };
        let top = target.top.as_deref().unwrap_or(&target.common);
        let folder = top.join(chain.as_written());
        let hooks = manifest.hooks.path(&target.common);
        for forward in forward::scripts(&hooks, &folder, &chain.as_written(), manifest.names()) {
            if !files::is_runnable(&forward.path) {
                let name = forward.path.file_name().unwrap_or_default().display();
                self.problem(
                    "chain",
                    format!("{name} of {} does not run", folder.display()),
                    "pdd-hooks install",
                );
            }
        }
        if folder.is_dir() {
            self.well(
                "chain",
                format!("the hooks in {} run first", folder.display()),
            );
        } else {
            self.problem(
                "chain",
                format!("{} is not there: none of its hooks run", folder.display()),
                "make it again (husky: run its install), or `pdd-hooks uninstall` and install",
            );
        }
    }

    fn configuration(&mut self, target: &Target, manifest: &Manifest) -> Result<(), Error> {
        for change in &manifest.config {
            let file = change.file.path(&target.common);
            if config::holds(target.git(), &target.common, change)? {
                self.well("config", format!("our values stand in {}", file.display()));
            } else {
                self.problem(
                    "config",
                    format!("our values are gone from {}", file.display()),
                    "pdd-hooks doctor --fix",
                );
            }
        }
        Ok(())
    }

    /// Checks that each remote's records are fetched with its branches.
    fn remotes(&mut self, target: &Target) -> Result<(), Error> {
        for edit in remotes::edits(target.git(), &target.common.join("config"))? {
            let (key, _) = edit.parts();
            let remote = key.trim_start_matches("remote.").trim_end_matches(".fetch");
            self.hint(
                "evidence",
                format!("`git fetch {remote}` does not bring its records"),
                "pdd-hooks install",
            );
        }
        Ok(())
    }

    fn policy(&mut self, target: &Target) {
        let Some(top) = &target.top else {
            return;
        };
        let force = Repository::open_at(top).map(|repository| repository.policy_in_force());
        let message = match force {
            Ok(Ok(Some(force))) => format!(
                "number {} is in force, as `{}` holds it",
                force.policy.number, force.branch
            ),
            _ if top.join(".pdd.toml").is_file() => {
                "`.pdd.toml` is in the work tree; it is in force from its adoption on".to_owned()
            }
            _ => "no `.pdd.toml` in the work tree; without a policy the hooks let everything pass"
                .to_owned(),
        };
        self.well("policy", message);
    }
}

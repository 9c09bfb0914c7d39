//! Puts the hooks where git runs them, puts everything back, and proves that they are reached.
//!
//! - [`target`] asks git where hooks go; [`programs`] finds ours; [`managers`] tells other tools' hooks.
//! - [`plan`] works out what to do and can be printed; `apply` journals it in the [`manifest`] and does it;
//!   [`uninstall()`] takes it back from the manifest alone; [`doctor`] looks at the result.
//!
//! It writes only hooks folders inside the git common folder, `<common>/pdd` and git's configuration files.

mod apply;
mod approvers;
mod config;
mod config_mode;
pub mod doctor;
pub mod documents;
mod error;
mod files;
mod forward;
mod hooks;
pub mod managers;
pub mod manifest;
pub mod plan;
mod present;
pub mod programs;
mod remotes;
mod selftest;
pub mod server;
pub mod slots;
pub mod target;
mod uninstall;
mod way;
mod words;
mod work_trees;

use std::path::Path;

pub use error::Error;
pub use present::{is_as_installed, is_turned_off, present, was_installed};
pub use uninstall::uninstall;

use manifest::{Manifest, Mode};
use plan::Plan;
use programs::Programs;
use server::Serve;
use target::{Setting, Target};

/// git's names of the hooks that are installed in a clone; the program of each is `pdd-<name>`.
pub const HOOKS: [&str; 13] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-merge-commit",
    "post-merge",
    "post-rewrite",
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "reference-transaction",
    "pre-push",
    "pre-receive",
];

/// git's names of the hooks that are installed on a server.
pub const SERVER_HOOKS: [&str; 2] = ["pre-receive", "post-receive"];

/// What the caller asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// Print the plan and write nothing.
    pub dry_run: bool,
    /// Install hooks by configuration instead of files.
    pub config_hooks: bool,
    /// Protected names to make known before any policy is read: those of the policy that are not main or master.
    pub protected: &'a [String],
    /// Install the hooks of a server; none in a clone.
    pub server: Option<Serve<'a>>,
}

/// Installs the hooks in the repository that `folder` is in, and returns the lines to print.
///
/// # Errors
/// The repository, our programs or git's version do not allow it, or a file cannot be written. A journal is kept: running
/// it again completes a half install, [`uninstall()`] takes it back.
pub fn install(folder: &Path, request: Request<'_>) -> Result<String, Error> {
    let target = Target::find(folder)?;
    let programs = Programs::find(names(request.server.is_some()))?;
    let plan = Plan::make(&target, &programs, request)?;
    if request.dry_run {
        return Ok(plan.dry());
    }
    if plan.is_done() {
        return Ok(plan.already());
    }
    let Some(moved) = plan.moves_from() else {
        apply::apply(&target, &programs, &plan)?;
        reach(folder, &target, &plan)?;
        return Ok(plan.done());
    };
    // The plan was made beside the old install; without it the configuration reads differently.
    let first = format!("took the hooks back from {}\n", moved.display());
    uninstall::take_back(&target, &uninstall::LASTING)?;
    Ok(first + &install(folder, request)?)
}

/// Says whether the hooks are installed by configuration in the repository that `folder` is in.
///
/// # Errors
/// There is no repository, or its manifest cannot be read.
pub fn is_by_configuration(folder: &Path) -> Result<bool, Error> {
    let manifest = Manifest::read(&Target::find(folder)?.common)?;
    Ok(manifest.is_some_and(|manifest| manifest.mode == Mode::Config))
}

/// Says whether a server is installed in the repository that `folder` is in.
///
/// # Errors
/// As [`is_by_configuration`].
pub fn is_server(folder: &Path) -> Result<bool, Error> {
    let manifest = Manifest::read(&Target::find(folder)?.common)?;
    Ok(manifest.is_some_and(|manifest| manifest.server.is_some()))
}

/// Returns git's names of the hooks of a server, or of a clone.
fn names(is_server: bool) -> &'static [&'static str] {
    if is_server { &SERVER_HOOKS } else { &HOOKS }
}

/// Makes sure that git now takes the hooks from where they were written; puts everything back where it does not.
fn reach(folder: &Path, target: &Target, plan: &Plan) -> Result<(), Error> {
    let now = Target::find(folder)?;
    let hooks = plan.hooks();
    if plan.is_by_configuration() || files::resolved(&now.hooks) == files::resolved(&hooks) {
        return Ok(());
    }
    let keeps: &[_] = if plan.old.is_some() {
        &uninstall::LASTING
    } else {
        &uninstall::EVIDENCE
    };
    uninstall::take_back(target, keeps)?;
    Err(Error::ReachHooks {
        hooks,
        origin: now
            .setting
            .as_ref()
            .map_or_else(|| "no setting".into(), Setting::place),
    })
}

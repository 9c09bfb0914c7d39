//! Carries a plan out: the journal first, then each step as one rename, so that a kill leaves nothing half written.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::hooks::{Action, Step};
use super::manifest::{Kept, Manifest};
use super::plan::Plan;
use super::programs::{Program, Programs};
use super::target::Target;
use super::{Error, config, files, server};

/// The mode of every program of ours.
pub(super) const MODE: u32 = 0o755;

/// Makes the plan true.
pub(super) fn apply(target: &Target, programs: &Programs, plan: &Plan) -> Result<(), Error> {
    let common = &target.common;
    let pdd = target.pdd();
    files::make_folder(&pdd)?;
    for draft in &plan.drafts {
        config::save(common, draft)?;
    }
    journal(plan).write(common)?;
    files::make_folder(&plan.hooks())?;
    put(&pdd.join("pdd-hooks"), programs.command())?;
    if plan.makes_key {
        server::make_key(target)?;
    }
    for hook in &plan.displaced {
        files::rename(&hook.from, &hook.to)?;
    }
    for link in &plan.manifest.links {
        let path = link.path.path(common);
        if path.symlink_metadata().is_err() {
            files::link(&link.target.as_written(), &path)?;
        }
    }
    put_chain(&pdd.join("chain"), plan.chain_line(common).as_deref())?;
    // The guard file names the chained folder too; the next hook writes it anew from the chain file.
    files::remove(&pdd.join("guard"))?;
    for step in &plan.steps {
        carry_out(common, programs, plan.manifest.kept_as(step.name), step)?;
    }
    for forward in &plan.forwards {
        files::write(&forward.path, &forward.bytes, MODE)?;
    }
    for draft in &plan.drafts {
        config::make(common, draft)?;
    }
    Manifest {
        complete: true,
        ..plan.manifest.clone()
    }
    .write(common)
}

/// Returns the manifest to write before anything else: it knows the programs that stand there now, too.
fn journal(plan: &Plan) -> Manifest {
    let mut journal = plan.manifest.clone();
    journal.complete = false;
    if let Some(old) = &plan.old {
        journal.written.extend(old.written.iter().cloned());
    }
    journal
}

fn carry_out(
    common: &Path,
    programs: &Programs,
    kept: Option<&Kept>,
    step: &Step,
) -> Result<(), Error> {
    match &step.action {
        Action::Same => return Ok(()),
        Action::Install | Action::Replace => {}
        Action::SetAside(aside) => files::keep(&step.path, aside)?,
        Action::Keep { .. } => {
            if let Some(kept) = kept {
                let to = kept.to.path(common);
                match &kept.retargeted {
                    Some(target) => files::link(&target.as_written(), &to)?,
                    None => files::keep(&step.path, &to)?,
                }
            }
        }
    }
    match programs.hook(step.name) {
        Some(program) => put(&step.path, program),
        None => Ok(()),
    }
}

fn put(path: &Path, program: &Program) -> Result<(), Error> {
    files::write(path, &program.bytes, MODE)
}

/// Writes the one line that tells the hook programs where the hooks to chain to are; nothing to chain, no file.
fn put_chain(path: &Path, folder: Option<&Path>) -> Result<(), Error> {
    match folder {
        None => files::remove(path),
        Some(folder) => {
            let mut line = folder.as_os_str().as_bytes().to_vec();
            line.push(b'\n');
            files::write(path, &line, 0o644)
        }
    }
}

//! Takes an install back from its manifest alone: each byte and mode as it was, at whatever point a kill left it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::files::{self, Found};
use super::manifest::{self, Kept, Manifest, Place};
use super::target::Target;
use super::{Error, config};

const LEDGER: &str = "ledger.jsonl";

/// The evidence, which an uninstall keeps.
pub(super) const EVIDENCE: [&str; 1] = [LEDGER];

/// What an install in another place goes on with: the evidence, and the key that signed it.
pub(super) const LASTING: [&str; 3] = [LEDGER, "server_ed25519", "server_ed25519.pub"];

/// What could not be put back, and why.
#[derive(Debug, Default)]
pub(super) struct Left {
    notes: Vec<String>,
    paths: Vec<PathBuf>,
}

/// Takes the hooks out of the repository that `folder` is in, and returns the lines to print.
///
/// # Errors
/// Nothing is installed, or a file cannot be written; running it again goes on from there.
pub fn uninstall(folder: &Path) -> Result<String, Error> {
    let target = Target::find(folder)?;
    let (manifest, left) = take_back(&target, &EVIDENCE)?;
    let end = if left.notes.is_empty() {
        "is as it was"
    } else {
        "is as it was, but for what is left"
    };
    let hooks = manifest.hooks.path(&target.common);
    let mut text = format!("uninstalled: {} {end}\n", hooks.display());
    // Writing to a String cannot fail.
    for note in left.notes {
        let _ = writeln!(text, "left: {note}");
    }
    let ledger = target.pdd().join(LEDGER);
    if ledger.exists() {
        let _ = writeln!(text, "kept: {}, the evidence", ledger.display());
    }
    Ok(text)
}

/// Puts everything back, but for the files of these names in our folder, and returns the manifest that said how.
pub(super) fn take_back(target: &Target, keeps: &[&str]) -> Result<(Manifest, Left), Error> {
    let common = &target.common;
    let manifest = Manifest::read(common)?.ok_or_else(|| Error::FindInstall {
        common: common.clone(),
    })?;
    let mut left = Left::default();
    // The configuration first: from then on git takes the hooks that were there before.
    for change in manifest.config.iter().rev() {
        config::undo(target.git(), common, change)?;
    }
    for name in manifest.names() {
        put_back(common, &manifest, name, &mut left)?;
    }
    remove_copies(common, &manifest, &mut left)?;
    for place in &manifest.earlier {
        left.keep(
            place.path(common),
            "a hook that was kept before another took its place",
        );
    }
    clear(
        &target.pdd(),
        &manifest::path_of(common),
        &left.paths,
        keeps,
    )?;
    files::remove(&manifest::path_of(common))?;
    for folder in [target.own_hooks(), target.pdd()]
        .into_iter()
        .chain(manifest.folders.iter().map(|folder| folder.path(common)))
    {
        // A folder that is not empty holds what is left, or what others put there.
        let _ = std::fs::remove_dir(folder);
    }
    Ok((manifest, left))
}

impl Left {
    fn keep(&mut self, path: PathBuf, why: &str) {
        if path.symlink_metadata().is_ok() {
            self.notes.push(format!("{}: {why}", path.display()));
            self.paths.push(path);
        }
    }
}

fn put_back(common: &Path, manifest: &Manifest, name: &str, left: &mut Left) -> Result<(), Error> {
    let path = manifest.hooks.path(common).join(name);
    let place = Place::of(common, &path);
    let found = files::look(&path)?;
    let kept = manifest.kept_as(name);
    let is_ours = matches!(&found, Found::File { sha256, .. } if manifest.wrote(&place, sha256));
    if is_ours || found == Found::Nothing {
        return match kept {
            Some(kept) if kept.to.path(common).symlink_metadata().is_ok() => restore(common, kept),
            Some(kept) => {
                let gone = kept.to.path(common);
                let note = format!("{}: gone, it cannot be put back", gone.display());
                left.notes.push(note);
                files::remove(&path)
            }
            None => files::remove(&path),
        };
    }
    match kept {
        // The install was killed before it replaced this hook.
        Some(kept) if kept.stands(&found) => files::remove(&kept.to.path(common)),
        Some(kept) => {
            left.keep(path, "changed since the install");
            left.keep(kept.to.path(common), "the hook that was there before");
            Ok(())
        }
        None => {
            left.keep(path, "changed since the install");
            Ok(())
        }
    }
}

fn restore(common: &Path, kept: &Kept) -> Result<(), Error> {
    let from = kept.from.path(common);
    let to = kept.to.path(common);
    if let (Some(_), manifest::Thing::Symlink { target }) = (&kept.retargeted, &kept.thing) {
        files::link(&target.as_written(), &from)?;
        return files::remove(&to);
    }
    files::rename(&to, &from)
}

/// Removes copies of our hooks under other names, such as the `.legacy` that another manager made of one.
fn remove_copies(common: &Path, manifest: &Manifest, left: &mut Left) -> Result<(), Error> {
    let folder = manifest.hooks.path(common);
    for name in files::names(&folder)? {
        let path = folder.join(&name);
        let is_hook = manifest
            .names()
            .iter()
            .any(|hook| name.as_os_str() == *hook);
        if let Found::File { sha256, .. } = files::look(&path)?
            && !is_hook
        {
            if manifest.know(&sha256) {
                files::remove(&path)?;
            } else if folder.starts_with(common.join("pdd")) {
                left.keep(path, "another tool's hook, set aside");
            }
        }
    }
    Ok(())
}

/// Empties our folder but for what it keeps, the manifest and what is left.
fn clear(folder: &Path, manifest: &Path, left: &[PathBuf], keeps: &[&str]) -> Result<(), Error> {
    for name in files::names(folder)? {
        let path = folder.join(&name);
        let holds_left = left.iter().any(|left| left.starts_with(&path));
        if keeps.iter().any(|kept| name.as_os_str() == *kept)
            || path == manifest
            || left.contains(&path)
        {
            continue;
        }
        let is_folder = path
            .symlink_metadata()
            .map_err(Error::read(&path))?
            .is_dir();
        match (is_folder, holds_left) {
            (true, true) => clear(&path, manifest, left, keeps)?,
            (true, false) => std::fs::remove_dir_all(&path).map_err(Error::write(&path))?,
            (false, _) => files::remove(&path)?,
        }
    }
    Ok(())
}

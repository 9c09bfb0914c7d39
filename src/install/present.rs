//! How the hooks stand now, for a report: each there, executable, ours and reached. It starts nothing and writes nothing;
//! [`super::doctor`] says more, and what to do.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::files::{self, Found};
use super::manifest::{self, Manifest, Mode, Place};
use crate::git::Repository;

/// Says in a sentence each what is wrong with the hooks of a repository; nothing where none were ever installed.
pub fn present(repository: &Repository) -> Vec<String> {
    let common = files::resolved(repository.common_folder());
    let manifest = match Manifest::read(&common) {
        Ok(Some(manifest)) => manifest,
        Ok(None) if common.join("pdd/ledger.jsonl").exists() => {
            return vec!["the hooks are not installed here any more: `pdd-hooks install`".into()];
        }
        Ok(None) => return Vec::new(),
        Err(error) => return vec![format!("the hooks cannot be looked at: {error}")],
    };
    let folder = manifest.hooks.path(&common);
    let since = changed(&manifest::path_of(&common));
    let mut states: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in manifest.names() {
        let Some(state) = state(&common, &manifest, &folder.join(name), since) else {
            continue;
        };
        match states.iter_mut().find(|(known, _)| *known == state) {
            Some((_, names)) => names.push(name),
            None => states.push((state, vec![name])),
        }
    }
    let mut notes: Vec<String> = states
        .into_iter()
        .map(|(state, names)| {
            let verb = if names.len() == 1 { "is" } else { "are" };
            format!(
                "now {} {verb} {state} in {}: `pdd-hooks doctor` says how to mend it",
                names.join(", "),
                folder.display()
            )
        })
        .collect();
    notes.extend(unreached(repository, &manifest, &folder));
    notes
}

/// Says whether hooks were ever installed in a repository, as far as anything of it is left.
pub fn was_installed(repository: &Repository) -> bool {
    let common = files::resolved(repository.common_folder());
    let ledger = ["pdd/ledger.jsonl", "pdd/ledger.top"].map(|path| common.join(path));
    !matches!(Manifest::read(&common), Ok(None)) || ledger.iter().any(|path| path.exists())
}

/// Says whether a program is one that an install wrote there; none where nothing is installed.
pub fn is_as_installed(common: &Path, path: &Path) -> Option<bool> {
    let common = files::resolved(common);
    let manifest = Manifest::read(&common).ok()??;
    let place = Place::of(&common, &files::resolved(path));
    Some(match files::look(path) {
        Ok(Found::File { sha256, .. }) => manifest.wrote(&place, &sha256),
        _ => false,
    })
}

/// Says whether the configuration turns a hook off that it installed.
pub fn is_turned_off(repository: &Repository, hook: &str) -> bool {
    let common = files::resolved(repository.common_folder());
    let manifest = Manifest::read(&common).ok().flatten();
    manifest.is_some_and(|manifest| manifest.mode == Mode::Config) && is_off(repository, hook)
}

fn is_off(repository: &Repository, hook: &str) -> bool {
    let key = format!("hook.pdd-{hook}.enabled");
    let value = repository.effective_config(&key).ok().flatten();
    value.is_some_and(|value| matches!(value.as_str(), "false" | "no" | "off" | "0"))
}

/// What is wrong with one hook.
fn state(
    common: &Path,
    manifest: &Manifest,
    path: &Path,
    since: Option<(i64, i64)>,
) -> Option<&'static str> {
    let Ok(facts) = std::fs::symlink_metadata(path) else {
        return Some("missing");
    };
    // What did not change since the install was finished need not be read: a change time cannot be chosen.
    let is_old = since.is_some_and(|since| (facts.ctime(), facts.ctime_nsec()) <= since);
    if facts.is_file() && is_old {
        return (facts.mode() & 0o111 == 0).then_some("not executable");
    }
    match files::look(path) {
        Ok(Found::File { sha256, mode }) if manifest.wrote(&Place::of(common, path), &sha256) => {
            (mode & 0o111 == 0).then_some("not executable")
        }
        _ => Some("not ours"),
    }
}

fn changed(path: &Path) -> Option<(i64, i64)> {
    let facts = std::fs::metadata(path).ok()?;
    Some((facts.ctime(), facts.ctime_nsec()))
}

/// Whether git takes its hooks from elsewhere, or was told to leave ours out.
fn unreached(repository: &Repository, manifest: &Manifest, folder: &Path) -> Option<String> {
    if manifest.mode == Mode::Config {
        let off: Vec<&str> = manifest
            .names()
            .iter()
            .copied()
            .filter(|name| is_off(repository, name))
            .collect();
        let is_any = !off.is_empty();
        return is_any
            .then(|| format!("now `hook.pdd-<name>.enabled` turns off {}", off.join(", ")));
    }
    let common = repository.common_folder();
    let base = repository.work_tree().unwrap_or(common);
    let setting = repository.effective_config("core.hooksPath").ok().flatten();
    let now = match &setting {
        Some(value) => match value.strip_prefix("~/").zip(std::env::home_dir()) {
            Some((rest, home)) => home.join(rest),
            None => base.join(value),
        },
        None => common.join("hooks"),
    };
    (files::resolved(&now) != files::resolved(folder)).then(|| {
        format!(
            "now git takes its hooks from {}, and ours stand in {}",
            now.display(),
            folder.display()
        )
    })
}

//! What an install does with each hook, and with the files beside them; worked out, not done.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::Error;
use super::files::{self, Found};
use super::managers::Manager;
use super::manifest::{Kept, Link, Manifest, Place, Thing};
use super::programs::{Program, Programs};

/// Names in `<common>/pdd` that are our own state: no file beside a kept hook may take one.
const OWN: [&str; 15] = [
    "manifest.json",
    "ledger.jsonl",
    "ledger.lock",
    "chain",
    "guard",
    "hooks",
    "pdd-hooks",
    "receipts",
    "attempts",
    "evidence",
    "slots",
    "receiving",
    "transitions.lock",
    "server_ed25519",
    "server_ed25519.pub",
];

/// What becomes of one hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Nothing stands there.
    Install,
    /// Ours of another version stands there.
    Replace,
    /// Ours of this version stands there.
    Same,
    /// Someone else's stands there: it is kept, and runs first if git ran it.
    Keep {
        manager: Option<Manager>,
        runs: bool,
    },
    /// Someone else's stands in our own folder, from which nothing is chained: it is set aside under this path.
    SetAside(PathBuf),
}

/// One hook and what becomes of it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) path: PathBuf,
    pub(super) action: Action,
}

/// A hook kept earlier that gives way to a newer one, and its new name.
#[derive(Clone, Debug)]
pub(super) struct Displaced {
    pub(super) from: PathBuf,
    pub(super) to: PathBuf,
}

/// Where hooks go and where those found there are kept.
pub(super) struct Site<'a> {
    pub(super) common: &'a Path,
    pub(super) hooks: &'a Path,
    /// Whether hooks found there are kept and chained: the folder is the repository's own.
    pub(super) keeps: bool,
    pub(super) old: Option<&'a Manifest>,
}

impl Site<'_> {
    /// Works out the step of each hook.
    pub(super) fn steps(&self, programs: &Programs) -> Result<Vec<Step>, Error> {
        programs
            .hooks()
            .iter()
            .map(|program| self.step(program))
            .collect()
    }

    fn step(&self, program: &Program) -> Result<Step, Error> {
        let path = self.hooks.join(program.name);
        let place = Place::of(self.common, &path);
        let action = match files::look(&path)? {
            Found::Nothing => Action::Install,
            Found::File { sha256, mode } if sha256 == program.sha256 => {
                if mode & 0o111 == 0o111 {
                    Action::Same
                } else {
                    Action::Replace
                }
            }
            Found::File { sha256, .. }
                if self.old.is_some_and(|old| old.wrote(&place, &sha256)) =>
            {
                Action::Replace
            }
            Found::Other => return Err(Error::ReplaceFolder { path }),
            _ if self.keeps => Action::Keep {
                manager: Manager::of_path(&path),
                runs: files::is_runnable(&path),
            },
            _ => Action::SetAside(free(&path, "replaced")),
        };
        Ok(Step {
            name: program.name,
            path,
            action,
        })
    }

    /// Returns the kept hooks after the steps, and those that give way to a newer one, with their new names.
    pub(super) fn kept(&self, steps: &[Step]) -> Result<(Vec<Kept>, Vec<Displaced>), Error> {
        let mut kept = Vec::new();
        let mut displaced = Vec::new();
        for step in steps {
            let before = self.old.and_then(|old| old.kept_as(step.name));
            let to = self.common.join("pdd").join(step.name);
            let there = files::look(&to)?;
            if !matches!(step.action, Action::Keep { .. }) {
                kept.extend(before.filter(|_| there != Found::Nothing).cloned());
                continue;
            }
            let new = self.keep(step, &to)?;
            let same =
                there == Found::Nothing || there == files::look(&step.path)? || new.stands(&there);
            if !same {
                displaced.push(Displaced {
                    to: free(&to, "earlier"),
                    from: to,
                });
            }
            kept.push(new);
        }
        Ok((kept, displaced))
    }

    fn keep(&self, step: &Step, to: &Path) -> Result<Kept, Error> {
        let mut retargeted = None;
        let thing = match files::look(&step.path)? {
            Found::Link { target } => {
                retargeted = self.retarget(&target).map(|target| Place::raw(&target));
                Thing::Symlink {
                    target: Place::raw(&target),
                }
            }
            Found::File { sha256, mode } => Thing::File { sha256, mode },
            Found::Nothing | Found::Other => {
                return Err(Error::ReplaceFolder {
                    path: step.path.clone(),
                });
            }
        };
        Ok(Kept {
            name: step.name.into(),
            from: Place::of(self.common, &step.path),
            to: Place::of(self.common, to),
            thing,
            retargeted,
        })
    }

    /// Returns the absolute target of a symlink that would lead elsewhere from `<common>/pdd`.
    fn retarget(&self, target: &Path) -> Option<PathBuf> {
        let here = self.hooks.join(target);
        if target.is_absolute() || !here.exists() {
            return None;
        }
        let there = self.common.join("pdd").join(target);
        // `pdd` may not exist yet; from a folder of the same depth `..` leads to the same place.
        let same_depth = self.hooks.parent() == Some(self.common) && target.starts_with("..");
        (!same_depth && files::resolved(&here) != files::resolved(&there)).then_some(here)
    }

    /// Returns the symlinks that stand for files beside the kept hooks, and a note on each file that gets none.
    pub(super) fn links(&self, programs: &Programs) -> Result<(Vec<Link>, Vec<String>), Error> {
        let pdd = self.common.join("pdd");
        let mut links = Vec::new();
        let mut notes = Vec::new();
        for name in files::names(self.hooks)? {
            let text = name.as_os_str();
            if is_sample(text) || programs.hooks().iter().any(|hook| text == hook.name) {
                continue;
            }
            let path = self.hooks.join(&name);
            if let Found::File { sha256, .. } = files::look(&path)?
                && (programs.know(&sha256) || self.old.is_some_and(|old| old.know(&sha256)))
            {
                notes.push(format!(
                    "{} is a copy of our own hook: left out",
                    path.display()
                ));
                continue;
            }
            if OWN.iter().any(|own| text == *own) || text.as_bytes().starts_with(b"config.before") {
                notes.push(format!(
                    "{} cannot stand beside the kept hooks: the name is ours",
                    path.display()
                ));
                continue;
            }
            let target = match self.hooks.strip_prefix(self.common) {
                Ok(inside) => Path::new("..").join(inside).join(&name),
                Err(_) => path,
            };
            links.push(Link {
                path: Place::of(self.common, &pdd.join(&name)),
                target: Place::raw(&target),
            });
        }
        Ok((links, notes))
    }
}

impl Kept {
    /// Says whether what was found is this hook.
    pub(super) fn stands(&self, found: &Found) -> bool {
        match (&self.thing, found) {
            (
                Thing::File { sha256, mode },
                Found::File {
                    sha256: now,
                    mode: bits,
                },
            ) => sha256 == now && mode == bits,
            (Thing::Symlink { target }, Found::Link { target: now }) => {
                let now = Place::raw(now);
                *target == now || self.retargeted.as_ref() == Some(&now)
            }
            _ => false,
        }
    }
}

fn is_sample(name: &OsStr) -> bool {
    name.as_bytes().ends_with(b".sample")
}

/// Returns the first free name of the form `pre-commit.earlier`, `pre-commit.earlier-2`.
fn free(path: &Path, word: &str) -> PathBuf {
    let mut number = 1_u32;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{word}"));
        if number > 1 {
            name.push(format!("-{number}"));
        }
        let candidate = PathBuf::from(name);
        if candidate.symlink_metadata().is_err() {
            return candidate;
        }
        number = number.saturating_add(1);
    }
}

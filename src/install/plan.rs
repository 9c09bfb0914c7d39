//! The plan of an install: worked out from what is there, printed by `--dry-run`, carried out by `apply`.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::apply::MODE;
use super::config::{self, Draft, Edit};
use super::forward::Forward;
use super::hooks::{Action, Displaced, Site, Step};
use super::manifest::{ConfigChange, Manifest, Mode, Place, Written};
use super::programs::Programs;
use super::server::Setup;
use super::target::{Reason, Target};
use super::way::Way;
use super::{Error, Request, config_mode, files, remotes};

/// What an install will do.
#[derive(Debug)]
pub struct Plan {
    pub(super) common: PathBuf,
    /// The manifest as it will be.
    pub(super) manifest: Manifest,
    /// The manifest of the install that is there.
    pub(super) old: Option<Manifest>,
    pub(super) steps: Vec<Step>,
    /// Hooks kept earlier that a newer one takes the place of.
    pub(super) displaced: Vec<Displaced>,
    pub(super) forwards: Vec<Forward>,
    pub(super) drafts: Vec<Draft>,
    pub(super) reason: Option<Reason>,
    pub(super) notes: Vec<String>,
    moves: bool,
    /// Whether the server's key is to be made.
    pub(super) makes_key: bool,
    pub(super) finished: bool,
}

impl Plan {
    /// Works out what to do; writes nothing.
    ///
    /// # Errors
    /// Something cannot be read, git is too old for what is asked, or the hooks are installed in the other way.
    pub fn make(target: &Target, programs: &Programs, request: Request<'_>) -> Result<Self, Error> {
        if request.config_hooks {
            config_mode::demand(target.git())?;
        }
        let old = Manifest::read(&target.common)?;
        config_mode::refuse_twice(old.as_ref(), request.config_hooks)?;
        config_mode::refuse_foreign(target.git())?;
        refuse_other_side(old.as_ref(), request.server.is_some())?;
        let setup = match request.server {
            Some(serve) => Some(Setup::plan(target, serve, old.as_ref())?),
            None => None,
        };
        if setup.is_none() && old.is_none() {
            refuse_bare(target)?;
        }
        let names = super::names(setup.is_some());
        let way = Way::find(target, old.as_ref(), request.config_hooks)?;
        let place = Place::of(&target.common, &way.hooks);
        let moves = old
            .as_ref()
            .is_some_and(|old| old.mode != way.mode || old.hooks != place);
        let site = Site {
            common: &target.common,
            hooks: &way.hooks,
            keeps: way.mode == Mode::Direct,
            old: old.as_ref().filter(|_| !moves),
        };
        let steps = site.steps(programs)?;
        let (forwards, passed_by) = way.forwards(target, site.old, names)?;
        let (kept, displaced) = site.kept(&steps)?;
        let (links, mut notes) = if kept.is_empty() {
            Default::default()
        } else {
            site.links(programs)?
        };
        notes.extend(passed_by);
        let mut more = added(request.protected);
        more.extend(setup.iter().flat_map(|setup| setup.edits.clone()));
        let drafts = drafts(target, &way, more, site.old)?;
        let manifest = Manifest {
            form: 1,
            tool: env!("CARGO_PKG_VERSION").into(),
            mode: way.mode,
            complete: true,
            hooks: place,
            chain: way.chain,
            kept,
            earlier: earlier(&target.common, site.old, &displaced),
            links,
            written: written(&target.common, &way.hooks, programs, &forwards),
            folders: folders(target, &way.hooks, site.old),
            config: configs(site.old, &drafts),
            server: setup.as_ref().map(|setup| setup.server.clone()),
        };
        let mut plan = Self {
            common: target.common.clone(),
            manifest,
            old,
            steps,
            displaced,
            forwards,
            drafts,
            reason: way.reason,
            notes,
            moves,
            makes_key: setup.is_some_and(|setup| setup.makes_key),
            finished: false,
        };
        plan.finished = plan.is_finished(target, programs)?;
        Ok(plan)
    }

    /// Returns the folder of the hook programs.
    pub(super) fn hooks(&self) -> PathBuf {
        self.manifest.hooks.path(&self.common)
    }

    pub(super) fn is_by_configuration(&self) -> bool {
        self.manifest.mode == Mode::Config
    }

    /// Says whether everything stands as planned already.
    pub(super) fn is_done(&self) -> bool {
        self.finished
    }

    /// Returns the folder of an install in another place, which is taken back first.
    pub(super) fn moves_from(&self) -> Option<PathBuf> {
        let old = self.old.as_ref().filter(|_| self.moves)?;
        Some(old.hooks.path(&self.common))
    }

    /// Returns what the chain file says: where the hook programs look for the hook to run first.
    pub(super) fn chain_line(&self, common: &Path) -> Option<PathBuf> {
        match (self.manifest.mode, &self.manifest.chain) {
            (Mode::Chain, Some(folder)) => Some(folder.as_written()),
            (Mode::Direct, _) if !self.manifest.kept.is_empty() => Some(common.join("pdd")),
            _ => None,
        }
    }

    fn is_finished(&self, target: &Target, programs: &Programs) -> Result<bool, Error> {
        let command = files::look(&target.pdd().join("pdd-hooks"))?;
        let is_ours = matches!(command, files::Found::File { sha256, mode }
            if sha256 == programs.command().sha256 && mode == MODE);
        let chain = files::read_if_there(&target.pdd().join("chain"))?;
        let line = self.chain_line(&target.common).map(|folder| {
            let mut line = folder.as_os_str().as_bytes().to_vec();
            line.push(b'\n');
            line
        });
        let forwarded = self.forwards.iter().all(|forward| {
            matches!(files::look(&forward.path), Ok(files::Found::File { sha256, mode })
                if sha256 == forward.sha256 && mode == MODE)
        });
        let links = &self.manifest.links;
        let linked = links
            .iter()
            .all(|link| link.path.path(&target.common).symlink_metadata().is_ok());
        Ok(is_ours
            && chain == line
            && linked
            && forwarded
            && self.drafts.is_empty()
            && !self.makes_key
            && self.steps.iter().all(|step| step.action == Action::Same)
            && self.old.as_ref() == Some(&self.manifest))
    }
}

/// Works out the changes of configuration files: at most one in the scope of the hooks, one for the rest.
fn drafts(
    target: &Target,
    way: &Way,
    more: Vec<Edit>,
    old: Option<&Manifest>,
) -> Result<Vec<Draft>, Error> {
    let hooks = match way.mode {
        Mode::Direct => Vec::new(),
        Mode::Chain => vec![Edit::Set {
            key: "core.hooksPath".into(),
            value: way.hooks.to_string_lossy().into_owned(),
        }],
        Mode::Config => config_mode::edits(&way.hooks),
    };
    let in_work_tree = way.mode == Mode::Chain
        && target
            .setting
            .as_ref()
            .is_some_and(|setting| setting.scope == "worktree");
    let local = target.common.join("config");
    let specs = remotes::edits(target.git(), &local)?;
    let files = if in_work_tree {
        let own = target.git().line(&[
            "rev-parse",
            "--path-format=absolute",
            "--git-path",
            "config.worktree",
        ])?;
        let own = files::resolved(Path::new(&own));
        let edits = more.into_iter().chain(specs).collect();
        vec![(own, "worktree", hooks), (local, "local", edits)]
    } else {
        let edits = hooks.into_iter().chain(more).chain(specs).collect();
        vec![(local, "local", edits)]
    };
    let known = old.map_or(&[][..], |old| &old.config);
    let mut drafts = Vec::new();
    for (file, scope, edits) in files {
        let place = Place::of(&target.common, &file);
        let earlier = known.iter().find(|change| change.file == place);
        let number = known.len() + drafts.len();
        let site = config::Site {
            git: target.git(),
            common: &target.common,
            file,
            scope,
            earlier,
            saved: target.pdd().join(format!("config.before.{number}")),
        };
        drafts.extend(config::draft(&site, &edits)?);
    }
    Ok(drafts)
}

/// Makes protected names known.
fn added(protected: &[String]) -> Vec<Edit> {
    let names = protected.iter().map(|name| Edit::Add {
        key: "pdd.protected".into(),
        value: name.clone(),
    });
    names.collect()
}

/// Refuses the hooks of a clone on a server and those of a server in a clone: they differ in all but pre-receive.
fn refuse_other_side(old: Option<&Manifest>, is_server: bool) -> Result<(), Error> {
    match old {
        Some(old) if old.server.is_some() != is_server => {
            Err(Error::InstallTwice { mode: old.words() })
        }
        _ => Ok(()),
    }
}

/// Refuses the hooks of a clone where nobody works: a bare repository without a linked worktree.
fn refuse_bare(target: &Target) -> Result<(), Error> {
    if target.top.is_some() {
        return Ok(());
    }
    let list = target.git().line(&["worktree", "list", "--porcelain"])?;
    let worktrees = list.lines().filter(|line| line.starts_with("worktree "));
    if worktrees.count() > 1 {
        return Ok(());
    }
    Err(Error::InstallBare {
        common: target.common.clone(),
    })
}

/// Returns the changes of configuration files after the drafts.
fn configs(old: Option<&Manifest>, drafts: &[Draft]) -> Vec<ConfigChange> {
    let new = drafts.iter().map(|draft| &draft.change);
    let known = old.map_or(&[][..], |old| &old.config);
    known
        .iter()
        .filter(|change| !new.clone().any(|new| new.file == change.file))
        .chain(new.clone())
        .cloned()
        .collect()
}

fn written(common: &Path, hooks: &Path, programs: &Programs, forwards: &[Forward]) -> Vec<Written> {
    let of = |path: &Path, sha256: &str| Written {
        path: Place::of(common, path),
        sha256: sha256.into(),
        mode: MODE,
    };
    let command = programs.command();
    programs
        .hooks()
        .iter()
        .map(|program| of(&hooks.join(program.name), &program.sha256))
        .chain([of(&common.join("pdd/pdd-hooks"), &command.sha256)])
        .chain(
            forwards
                .iter()
                .map(|forward| of(&forward.path, &forward.sha256)),
        )
        .collect()
}

fn folders(target: &Target, hooks: &Path, old: Option<&Manifest>) -> Vec<Place> {
    match old {
        Some(old) => old.folders.clone(),
        None if hooks.exists() || hooks.starts_with(target.pdd()) => Vec::new(),
        None => vec![Place::of(&target.common, hooks)],
    }
}

fn earlier(common: &Path, old: Option<&Manifest>, displaced: &[Displaced]) -> Vec<Place> {
    let known = old.map(|old| old.earlier.clone()).unwrap_or_default();
    known
        .into_iter()
        .chain(displaced.iter().map(|hook| Place::of(common, &hook.to)))
        .collect()
}

//! The plan of an install: worked out from what is there, printed by `--dry-run`, carried out by `apply`.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::apply::MODE;
use super::config::{self, Draft, Edit};
use super::forward::{self, Forward};
use super::hooks::{Action, Site, Step};
use super::managers::Manager;
use super::manifest::{ConfigChange, Manifest, Mode, Place, Written};
use super::programs::Programs;
use super::target::{Reason, Target};
use super::{Error, HOOKS, Request, config_mode, files};

/// What an install will do.
#[derive(Debug)]
pub struct Plan {
    common: PathBuf,
    /// The manifest as it will be.
    pub(super) manifest: Manifest,
    /// The manifest of the install that is there.
    pub(super) old: Option<Manifest>,
    pub(super) steps: Vec<Step>,
    /// Hooks kept earlier that a newer one takes the place of.
    pub(super) displaced: Vec<(PathBuf, PathBuf)>,
    pub(super) forwards: Vec<Forward>,
    pub(super) drafts: Vec<Draft>,
    reason: Option<Reason>,
    notes: Vec<String>,
    moves: bool,
    finished: bool,
}

/// Where the hooks go and what they chain to.
struct Way {
    mode: Mode,
    hooks: PathBuf,
    chain: Option<Place>,
    reason: Option<Reason>,
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
        let (forwards, passed_by) = way.forwards(target, site.old)?;
        let (kept, displaced) = site.kept(&steps)?;
        let (links, mut notes) = if kept.is_empty() {
            Default::default()
        } else {
            site.links(programs)?
        };
        notes.extend(passed_by);
        let drafts = drafts(target, &way, request.protected, site.old)?;
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
            && self.steps.iter().all(|step| step.action == Action::Same)
            && self.old.as_ref() == Some(&self.manifest))
    }

    /// Writes the plan, for `--dry-run`.
    pub(super) fn dry(&self) -> String {
        if self.finished {
            return self.already();
        }
        let mut text = String::new();
        // Writing to a String cannot fail.
        if let Some(moved) = self.moves_from() {
            let _ = writeln!(
                text,
                "would first take the hooks back from {}",
                moved.display()
            );
        }
        let _ = writeln!(text, "would install {}", self.head());
        for step in &self.steps {
            let _ = writeln!(text, "  {:<21} {}", step.name, self.words(step));
        }
        self.details(&mut text);
        text.push_str("nothing was written\n");
        text
    }

    /// Says that there is nothing to do.
    pub(super) fn already(&self) -> String {
        format!(
            "already installed: version {}, {}\n",
            self.manifest.tool,
            self.head()
        )
    }

    /// Says what was done, a line for each thing that matters.
    pub(super) fn done(&self) -> String {
        let mut text = format!("installed {}\n", self.head());
        for step in &self.steps {
            if matches!(step.action, Action::Keep { .. } | Action::SetAside(_)) {
                let _ = writeln!(text, "{}: {}", step.name, self.words(step));
            }
        }
        self.details(&mut text);
        text.push_str("undo: pdd-hooks uninstall\n");
        text
    }

    fn head(&self) -> String {
        let mut head = format!("{} hooks in {}", HOOKS.len(), self.hooks().display());
        if let (Mode::Chain, Some(chain)) = (self.manifest.mode, &self.manifest.chain) {
            let _ = write!(
                head,
                ", which run those in {} first",
                chain.as_written().display()
            );
        }
        if let Some(reason) = self.reason {
            let _ = write!(head, " ({})", reason.words());
        }
        if self.is_by_configuration() {
            head.push_str(", run by configuration; other hooks run as before");
        }
        head
    }

    fn words(&self, step: &Step) -> String {
        match &step.action {
            Action::Install => "install".into(),
            Action::Replace => "replace ours".into(),
            Action::Same => "is there".into(),
            Action::SetAside(path) => format!("another hook is set aside as {}", path.display()),
            Action::Keep { manager, runs } => {
                let to = self.common.join("pdd").join(step.name);
                let whose =
                    manager.map_or(String::new(), |manager| format!(" of {}", manager.name()));
                if *runs {
                    format!("the hook{whose} is kept as {} and runs first", to.display())
                } else {
                    format!(
                        "the hook{whose} is kept as {}; git did not run it, nor do we",
                        to.display()
                    )
                }
            }
        }
    }

    fn details(&self, text: &mut String) {
        for draft in &self.drafts {
            let values = &draft.change.values;
            let hooks = values
                .iter()
                .filter(|value| value.key.starts_with("hook."))
                .count();
            for value in values
                .iter()
                .filter(|value| !value.key.starts_with("hook."))
            {
                let _ = writeln!(
                    text,
                    "config: {} = {} ({})",
                    value.key, value.value, draft.change.scope
                );
            }
            if hooks > 0 {
                let _ = writeln!(
                    text,
                    "config: hook.pdd-*.command and .event, {hooks} values ({})",
                    draft.change.scope
                );
            }
        }
        for (from, to) in &self.displaced {
            let _ = writeln!(text, "note: {} becomes {}", from.display(), to.display());
        }
        for note in &self.notes {
            let _ = writeln!(text, "note: {note}");
        }
        for manager in self.managers() {
            let _ = writeln!(text, "note: {}", manager.advice());
        }
    }

    /// Returns the managers whose hooks are chained, each once.
    fn managers(&self) -> Vec<Manager> {
        let mut managers = Vec::new();
        let found = self.steps.iter().filter_map(|step| match step.action {
            Action::Keep { manager, .. } => manager,
            _ => None,
        });
        let generated = match self.reason {
            Some(Reason::Generated(manager)) => Some(manager),
            _ => None,
        };
        for manager in found.chain(generated) {
            if !managers.contains(&manager) {
                managers.push(manager);
            }
        }
        managers
    }
}

impl Way {
    fn find(target: &Target, old: Option<&Manifest>, by_config: bool) -> Result<Self, Error> {
        let own = target.own_hooks();
        if by_config {
            return Ok(Self {
                mode: Mode::Config,
                hooks: own,
                chain: None,
                reason: None,
            });
        }
        if files::resolved(&target.hooks) == own {
            // Our own setting is in effect: what it hid is in the manifest.
            let chain = old.and_then(|old| old.chain.clone());
            return Ok(Self {
                mode: Mode::Chain,
                hooks: own,
                chain: chain.or_else(|| Some(Place::raw(&target.common.join("hooks")))),
                reason: None,
            });
        }
        let Some(reason) = target.reason()? else {
            return Ok(Self {
                mode: Mode::Direct,
                hooks: files::resolved(&target.hooks),
                chain: None,
                reason: None,
            });
        };
        // A relative value stays relative: git resolves it in each work tree anew.
        let chain = match &target.setting {
            Some(setting) => PathBuf::from(&setting.value),
            None => target.hooks.clone(),
        };
        Ok(Self {
            mode: Mode::Chain,
            hooks: own,
            chain: Some(Place::raw(&chain)),
            reason: Some(reason),
        })
    }
}

impl Way {
    /// Returns the scripts for hooks of the chained folder that we have no program for, and notes on those that cannot be.
    fn forwards(
        &self,
        target: &Target,
        old: Option<&Manifest>,
    ) -> Result<(Vec<Forward>, Vec<String>), Error> {
        let (Mode::Chain, Some(chain)) = (self.mode, &self.chain) else {
            return Ok(Default::default());
        };
        let chain = chain.as_written();
        let folder = target.top.as_deref().unwrap_or(&target.common).join(&chain);
        let mut forwards = Vec::new();
        let mut notes = Vec::new();
        for forward in forward::scripts(&self.hooks, &folder, &chain) {
            let place = Place::of(&target.common, &forward.path);
            let is_free = match files::look(&forward.path)? {
                files::Found::Nothing => true,
                files::Found::File { sha256, .. } => {
                    sha256 == forward.sha256 || old.is_some_and(|old| old.wrote(&place, &sha256))
                }
                _ => false,
            };
            if is_free {
                forwards.push(forward);
            } else {
                notes.push(format!(
                    "{} is not ours and runs alone",
                    forward.path.display()
                ));
            }
        }
        Ok((forwards, notes))
    }
}

/// Works out the changes of configuration files: at most one in the scope of the hooks, one for the protected names.
fn drafts(
    target: &Target,
    way: &Way,
    protected: &[String],
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
    let names = protected.iter().map(|name| Edit::Add {
        key: "pdd.protected".into(),
        value: name.clone(),
    });
    let in_work_tree = way.mode == Mode::Chain
        && target
            .setting
            .as_ref()
            .is_some_and(|setting| setting.scope == "worktree");
    let local = target.common.join("config");
    let files = if in_work_tree {
        let own = target.git().line(&[
            "rev-parse",
            "--path-format=absolute",
            "--git-path",
            "config.worktree",
        ])?;
        let own = files::resolved(Path::new(&own));
        vec![(own, "worktree", hooks), (local, "local", names.collect())]
    } else {
        vec![(local, "local", hooks.into_iter().chain(names).collect())]
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

fn earlier(common: &Path, old: Option<&Manifest>, displaced: &[(PathBuf, PathBuf)]) -> Vec<Place> {
    let known = old.map(|old| old.earlier.clone()).unwrap_or_default();
    known
        .into_iter()
        .chain(displaced.iter().map(|(_, to)| Place::of(common, to)))
        .collect()
}

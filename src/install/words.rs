//! How a plan reads: in full for `--dry-run`, a line for each thing that matters once it is done.

use std::fmt::Write as _;

use super::hooks::{Action, Step};
use super::managers::Manager;
use super::manifest::Mode;
use super::plan::Plan;
use super::server;
use super::target::Reason;

impl Plan {
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
        if self.makes_key {
            let key = self.common.join("pdd").join(server::KEY);
            let _ = writeln!(text, "key: {} is made", key.display());
        }
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
        if self.manifest.server.is_some() {
            text.push_str(&server::words(&self.common.join("pdd")));
        }
        text.push_str("undo: pdd-hooks uninstall\n");
        text
    }

    fn head(&self) -> String {
        let mut head = format!("{} hooks in {}", self.steps.len(), self.hooks().display());
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
        for hook in &self.displaced {
            let (from, to) = (hook.from.display(), hook.to.display());
            let _ = writeln!(text, "note: {from} becomes {to}");
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

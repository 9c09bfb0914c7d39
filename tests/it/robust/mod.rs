//! What goes wrong on real machines: kills, full disks, damaged files, two at once. The error is clear, nothing is lost,
//! and the next commit works.

mod damaged;
mod full;
mod killed;
mod policy;
mod together;

use std::path::PathBuf;

use pdd_hooks::evidence::ledger::{self, Event};

use crate::support::Repo;

impl Repo {
    fn pdd_folder(&self) -> PathBuf {
        self.at(".git/pdd")
    }

    /// Replaces a kept hook, which runs before ours and as its child.
    fn keep_hook(&self, hook: &str, script: &str) {
        let folder = std::fs::read_to_string(self.pdd_folder().join("chain")).unwrap();
        let path = PathBuf::from(folder.trim_end()).join(hook);
        std::fs::write(&path, script).unwrap();
        crate::support::set_mode(&path, 0o755);
    }

    /// An enrolled repository with a kept hook of each of these names.
    fn enrolled_with(hooks: &[&str]) -> Self {
        let repo = Self::new();
        for hook in hooks {
            repo.write_program(&format!(".git/hooks/{hook}"), "#!/bin/sh\nexit 0\n");
        }
        repo.enroll()
    }

    /// The ledger holds one line for each of the last commits of the branch, all of them `enforced`, and no fault.
    #[track_caller]
    fn hold_ledger(&self) {
        let ledger = ledger::read(&self.pdd_folder()).unwrap();
        assert_eq!(ledger.faults, []);
        for id in self.ask(&["rev-list", "main..HEAD"]).lines() {
            let lines: Vec<_> = ledger
                .lines
                .iter()
                .filter(|line| line.entry.event == Event::Commit)
                .filter(|line| line.entry.commit.as_ref().is_some_and(|c| c.as_str() == id))
                .collect();
            assert_eq!(lines.len(), 1, "{id}: {lines:?}");
            assert_eq!(lines[0].entry.class, Some(ledger::Class::Enforced), "{id}");
        }
    }

    fn head(&self) -> String {
        self.ask(&["rev-parse", "HEAD"])
    }
}

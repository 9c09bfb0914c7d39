//! The slot through its public face: real git, real programs, whatever a test suite may do to the place it runs in.

mod carried;
mod exact;
mod forms;
mod processes;
mod python;
mod reports;
mod untouched;

use std::path::{Path, PathBuf};
use std::process::Command;

use pdd_hooks::git::{Oid, Repository};
use pdd_hooks::policy::CheckBlock;
use pdd_hooks::proof::process::End;
use pdd_hooks::proof::{Attempted, Content, Environment, Error, Slot};

use crate::support::{Repo, Snapshot, set_mode, snapshot};

/// A repository with its slot in `$TMP/slots`.
pub(super) struct Scene {
    repo: Repo,
    folder: PathBuf,
    carry: Vec<String>,
    env: Vec<(String, String)>,
}

impl Scene {
    fn new() -> Self {
        Self::of(Repo::new())
    }

    fn of(repo: Repo) -> Self {
        let folder = repo.folder().to_owned();
        Self {
            repo,
            folder,
            carry: Vec::new(),
            env: Vec::new(),
        }
    }

    fn slots(&self) -> PathBuf {
        self.repo.root().join("slots")
    }

    fn repository(&self) -> Repository {
        Repository::open_at(&self.folder).unwrap()
    }

    /// The environment that a shell would hand over.
    fn base(&self) -> Environment {
        let command = self.repo.command("git", &self.folder);
        let mut variables: Vec<_> = command
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        variables.extend(
            self.env
                .iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
        Environment::scrubbed(variables)
    }

    fn slot(&self) -> Slot {
        // Another test's thread that is just starting a process has a copy of every open file, locks included, for a
        // moment; so it may have to wait.
        Slot::take_in(&self.slots(), self.base(), &self.repository(), &mut || {}).unwrap()
    }

    fn tree(&self, name: &str) -> Oid {
        let revision = format!("{name}^{{tree}}");
        let output = self
            .repo
            .git_in(&self.folder, &["rev-parse", &revision])
            .ok();
        let text = output.stdout.trim();
        Oid::from_str_ext(text, format_of(text)).unwrap()
    }

    /// Commits all that stands in the work tree and returns its tree.
    fn commit(&self) -> Oid {
        self.repo.commit_all("next");
        self.tree("HEAD")
    }

    fn try_run(&self, tree: Oid, check: &CheckBlock) -> Result<Attempted, Error> {
        let parents = [];
        let content = Content {
            tree,
            parents: &parents,
            carry: &self.carry,
        };
        self.slot()
            .run(&self.repository(), &content, check, &[], &mut |_| {})
    }

    fn run(&self, tree: Oid, check: &CheckBlock) -> Attempted {
        self.try_run(tree, check).unwrap()
    }

    /// Runs a shell script on a tree.
    fn sh(&self, tree: Oid, script: &str) -> Attempted {
        self.run(tree, &shell(script))
    }

    /// Runs a script that must end well and without a fault; returns what it wrote.
    #[track_caller]
    fn ask(&self, tree: Oid, script: &str) -> String {
        let attempted = self.sh(tree, script);
        assert_eq!(
            attempted.ended.end,
            End::Exit(0),
            "{}",
            attempted.ended.tail
        );
        assert_eq!(attempted.fault, None);
        String::from_utf8(attempted.ended.stdout).unwrap()
    }

    /// Compares what a check sees with what git itself exports of the tree: names, kinds, modes, contents.
    #[track_caller]
    fn assert_exact(&self, tree: Oid, what: &str) {
        let (seen, export) = (self.repo.at("../seen"), self.repo.at("../export"));
        let _ = std::fs::remove_dir_all(&seen);
        let _ = std::fs::remove_dir_all(&export);
        std::fs::create_dir(&export).unwrap();
        let archive = format!(
            "git archive {tree} | tar -x --no-same-permissions -C '{}'",
            export.display()
        );
        let mut command = self.repo.command("sh", &self.folder);
        let _ = self.repo.run(command.args(["-c", &archive]), b"").ok();
        self.ask(
            tree,
            &format!("cp -a . '{0}' && rm -rf '{0}/.git'", seen.display()),
        );
        assert_eq!(below(&seen), below(&export), "{what}");
    }
}

fn format_of(id: &str) -> pdd_hooks::git::ObjectFormat {
    if id.len() == 40 {
        pdd_hooks::git::ObjectFormat::Sha1
    } else {
        pdd_hooks::git::ObjectFormat::Sha256
    }
}

/// Everything below a folder by its path from there; the folder itself is left out.
fn below(folder: &Path) -> Snapshot {
    snapshot(&[folder.to_owned()])
        .into_iter()
        .map(|(path, facts)| (path.strip_prefix(folder).unwrap().to_owned(), facts))
        .filter(|(path, _)| !path.as_os_str().is_empty())
        .collect()
}

/// A check of these lines in the form of `.pdd.toml`.
fn check(text: &str) -> CheckBlock {
    toml::from_str(&format!("name = \"unit\"\nkind = \"test\"\n{text}")).unwrap()
}

/// A check that runs a shell script, one minute at most.
fn shell(script: &str) -> CheckBlock {
    let mut check = check("run = []\ntimeout = \"60s\"\n");
    check.run = ["sh", "-c", script].map(String::from).into();
    check
}

/// Runs the test of this name once more in a process of its own, with `role` in `PDD_TEST_ROLE`: it then plays another
/// part, in an environment that a thread cannot have for itself.
fn part(repo: &Repo, name: &str, role: &str) -> Command {
    let mut command = repo.command(std::env::current_exe().unwrap(), repo.folder());
    command
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env("PDD_TEST_ROLE", role)
        .env("PDD_TEST_SLOTS", repo.root().join("slots"));
    command
}

/// The part that this process plays; none in the test itself.
fn role() -> Option<String> {
    std::env::var("PDD_TEST_ROLE").ok()
}

//! The repository that the rows of the table start from, and what its hooks wrote down.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Repo;

const LOGGED: [(&str, &str); 14] = [
    ("pre-commit", "pc"),
    ("prepare-commit-msg", "pcm"),
    ("commit-msg", "cm"),
    ("post-commit", "poc"),
    ("pre-merge-commit", "pmc"),
    ("post-merge", "pom"),
    ("post-rewrite", "prw"),
    ("applypatch-msg", "apm"),
    ("pre-applypatch", "pap"),
    ("post-applypatch", "pop"),
    ("pre-push", "pp"),
    ("pre-rebase", "prb"),
    ("post-checkout", "pco"),
    ("reference-transaction", "RT"),
];

/// A repository whose hooks, kept and chained by `install`, write down that they ran; every row gets it fresh.
pub(super) struct Scene {
    repo: Repo,
}

impl Scene {
    /// Enrols a repository.
    pub(super) fn new() -> Self {
        Self::built(Repo::new(), |_| {})
    }

    /// Enrols a repository of this git whose references are tables.
    pub(super) fn with_tables(git: &Path) -> Self {
        let repo = Repo::init_with(git, &["--ref-format=reftable"]);
        Self::built(repo, |_| {})
    }

    /// Enrols a new repository and makes more of it.
    pub(super) fn built(repo: Repo, more: impl FnOnce(&Repo)) -> Self {
        for (hook, short) in LOGGED {
            log_hook(&repo, &format!(".git/hooks/{hook}"), short);
        }
        let repo = repo.enroll();
        more(&repo);
        let built: Vec<_> = fs::read_dir(repo.root()).unwrap().collect();
        for entry in built {
            let entry = entry.unwrap();
            copy(&entry.path(), &pristine(&repo).join(entry.file_name()));
        }
        Self { repo }
    }

    /// Goes on with another git: the hooks are the same, and installing them is what takes long.
    pub(super) fn turn_to(&mut self, git: &Path) {
        self.repo.prepend_path(git);
    }

    /// Puts everything back to how it was built.
    pub(super) fn again(&self) -> &Repo {
        let kept = pristine(&self.repo);
        for entry in fs::read_dir(self.repo.root()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::remove_file(path).unwrap();
            } else if path != kept {
                fs::remove_dir_all(path).unwrap();
            }
        }
        copy(&kept, self.repo.root());
        &self.repo
    }
}

fn pristine(repo: &Repo) -> PathBuf {
    repo.root().join("pristine")
}

/// Copies a folder. Programs are linked: whoever writes one anew renames it into place.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else if from.is_file() && fs::metadata(from).unwrap().len() > 1 << 20 {
        fs::hard_link(from, to).unwrap();
    } else if from.is_file() {
        fs::copy(from, to).unwrap();
    }
}

/// Writes a hook that writes its short name down; reference-transaction only when it is asked about a reference.
pub(super) fn log_hook(repo: &Repo, path: &str, short: &str) {
    let fired = fired(repo);
    let fired = fired.display();
    let body = if path.ends_with("reference-transaction") {
        format!(
            "case $1 in prepared) as={short} ;; aborted) as={short}a ;; *) exit 0 ;; esac\n\
             grep -Eq ' (HEAD|refs/.*)$' && echo $as >> '{fired}'\nexit 0\n"
        )
    } else {
        format!("echo {short} >> '{fired}'\n")
    };
    repo.write_program(path, &format!("#!/bin/sh\n{body}"));
}

pub(super) fn fired(repo: &Repo) -> PathBuf {
    repo.root().join("fired")
}

/// Clears what was written down.
pub(super) fn forget(repo: &Repo) {
    let _ = fs::remove_file(fired(repo));
}

/// What ran since [`forget`], transactions that were aborted left out and runs of RT folded.
pub(super) fn what_fired(repo: &Repo) -> String {
    let text = what_fired_or_was_aborted(repo);
    let mut names: Vec<&str> = text
        .split_whitespace()
        .filter(|name| !name.ends_with("RTa"))
        .collect();
    names.dedup_by(|a, b| a == b && a.ends_with("RT"));
    names.join(" ")
}

/// The same with `RTa` for each transaction that was aborted, and nothing folded.
pub(super) fn what_fired_or_was_aborted(repo: &Repo) -> String {
    let text = fs::read_to_string(fired(repo)).unwrap_or_default();
    text.lines().collect::<Vec<_>>().join(" ")
}

//! Honest work of every kind, a chunk at a time.

use super::{git, head};
use crate::enrolled::{HONEST, WORK};
use crate::support::Repo;

/// The kinds, in the order in which they come.
pub(super) struct Kinds {
    next: usize,
}

type Kind = fn(&Repo, &str);

const KINDS: [Kind; 16] = [
    plain,
    all,
    pathspec,
    amended,
    rebased,
    squashed,
    applied,
    picked,
    reverted,
    mailed,
    merged,
    octopus,
    squash_merged,
    worktree,
    stashed,
    pulled,
];

impl Kinds {
    pub(super) fn new() -> Self {
        Self { next: 0 }
    }

    /// Does the next kind of work on a branch of its own, and goes back to the first one.
    pub(super) fn next(&mut self, repo: &Repo) {
        let kind = KINDS[self.next % KINDS.len()];
        let name = format!("feat/TASK-001-honest-{}", self.next);
        self.next += 1;
        git(repo, &["switch", "-q", "-c", &name, WORK]);
        kind(repo, &name);
        git(repo, &["switch", "-q", WORK]);
    }

    /// Does each kind that has not come yet, and what is lacking to two hundred commits.
    pub(super) fn rest(&mut self, repo: &Repo) {
        while self.next < KINDS.len() {
            self.next(repo);
        }
        let count = || {
            repo.ask(&["rev-list", "--count", "--branches"])
                .parse::<usize>()
                .unwrap()
        };
        // The ways themselves, the adoption and what was before it stand among them.
        let mut number = 0;
        while count() < super::HONEST_COMMITS + super::WAYS.len() + 15 {
            number += 1;
            repo.step(&format!("rest-{number}.txt"));
        }
    }
}

fn steps(repo: &Repo, name: &str, count: usize) {
    let stem = name.rsplit('/').next().unwrap();
    for number in 0..count {
        repo.step(&format!("{stem}-{number}.txt"));
    }
}

fn plain(repo: &Repo, name: &str) {
    steps(repo, name, 4);
    git(repo, &["commit", "-q", "--allow-empty", "-m", HONEST]);
}

fn all(repo: &Repo, _: &str) {
    for text in ["one\n", "two\n"] {
        repo.write("app.txt", text);
        git(repo, &["commit", "-q", "-a", "-m", HONEST]);
    }
}

fn pathspec(repo: &Repo, name: &str) {
    steps(repo, name, 1);
    repo.write("app.txt", "three\n");
    git(repo, &["commit", "-q", "-m", HONEST, "app.txt"]);
}

fn amended(repo: &Repo, name: &str) {
    steps(repo, name, 2);
    repo.stage("amended.txt", name);
    git(repo, &["commit", "-q", "--amend", "-m", HONEST]);
    git(
        repo,
        &[
            "commit",
            "-q",
            "--amend",
            "--date=2026-01-16T10:00:00Z",
            "--no-edit",
        ],
    );
}

/// Rebased onto a branch that stands elsewhere.
fn rebased(repo: &Repo, name: &str) {
    steps(repo, name, 8);
    git(repo, &["switch", "-q", "-c", &format!("{name}-base"), WORK]);
    repo.step("base.txt");
    git(repo, &["switch", "-q", name]);
    git(repo, &["rebase", "-q", &format!("{name}-base")]);
}

/// `fixup!` commits, folded by a rebase.
fn squashed(repo: &Repo, name: &str) {
    steps(repo, name, 2);
    let fixed = head(repo);
    for flag in ["--fixup", "--squash"] {
        repo.stage("squashed.txt", flag);
        let editor = [("GIT_EDITOR", "true")];
        let _ = repo.git_with(&editor, &["commit", "-q", flag, &fixed]).ok();
    }
    steps(repo, &format!("{name}-more"), 2);
    let editors = [("GIT_SEQUENCE_EDITOR", "true"), ("GIT_EDITOR", "true")];
    let args = ["rebase", "-q", "-i", "--autosquash", WORK];
    let _ = repo.git_with(&editors, &args).ok();
}

fn applied(repo: &Repo, name: &str) {
    steps(repo, name, 4);
    git(repo, &["switch", "-q", "-c", &format!("{name}-base"), WORK]);
    repo.step("applied.txt");
    git(repo, &["switch", "-q", name]);
    git(repo, &["rebase", "-q", "--apply", &format!("{name}-base")]);
}

fn picked(repo: &Repo, name: &str) {
    steps(repo, name, 6);
    git(repo, &["switch", "-q", "-c", &format!("{name}-to"), WORK]);
    repo.step("picked.txt");
    git(repo, &["cherry-pick", &format!("{WORK}..{name}")]);
}

fn reverted(repo: &Repo, name: &str) {
    steps(repo, name, 5);
    git(repo, &["revert", "--no-edit", &format!("{WORK}..{name}")]);
}

/// Written as patches and taken in again elsewhere.
fn mailed(repo: &Repo, name: &str) {
    steps(repo, name, 6);
    let patches = repo.root().join("patches");
    let folder = patches.to_str().unwrap();
    git(repo, &["format-patch", "-q", "-o", folder, WORK]);
    git(repo, &["switch", "-q", "-c", &format!("{name}-to"), WORK]);
    let mut files: Vec<_> = std::fs::read_dir(&patches)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut args = vec!["am", "-q"];
    args.extend(files.iter().map(|file| file.to_str().unwrap()));
    git(repo, &args);
}

fn merged(repo: &Repo, name: &str) {
    for number in 0..4 {
        let side = format!("{name}-side-{number}");
        git(repo, &["switch", "-q", "-c", &side, name]);
        repo.step(&format!("{}.txt", side.rsplit('/').next().unwrap()));
        git(repo, &["switch", "-q", name]);
        repo.step(&format!("merged-{number}.txt"));
        let message = "merge: a side [TASK-001]";
        git(repo, &["merge", "-q", "--no-ff", "-m", message, &side]);
    }
}

fn octopus(repo: &Repo, name: &str) {
    let sides = [format!("{name}-one"), format!("{name}-two")];
    for side in &sides {
        git(repo, &["switch", "-q", "-c", side, name]);
        steps(repo, side, 1);
    }
    git(repo, &["switch", "-q", name]);
    repo.step("octopus.txt");
    git(
        repo,
        &[
            "merge",
            "-q",
            "-m",
            "merge: sides [TASK-001]",
            &sides[0],
            &sides[1],
        ],
    );
}

fn squash_merged(repo: &Repo, name: &str) {
    let side = format!("{name}-side");
    git(repo, &["switch", "-q", "-c", &side, name]);
    steps(repo, &side, 3);
    git(repo, &["switch", "-q", name]);
    repo.step("before-squash.txt");
    git(repo, &["merge", "-q", "--squash", &side]);
    let _ = repo.commit(HONEST).ok();
}

fn worktree(repo: &Repo, name: &str) {
    git(repo, &["switch", "-q", WORK]);
    let folder = repo.root().join("linked");
    git(
        repo,
        &["worktree", "add", "-q", folder.to_str().unwrap(), name],
    );
    for number in 0..6 {
        std::fs::write(folder.join(format!("linked-{number}.txt")), "x\n").unwrap();
        let _ = repo.git_in(&folder, &["add", "-A"]).ok();
        let _ = repo.git_in(&folder, &["commit", "-q", "-m", HONEST]).ok();
    }
}

fn stashed(repo: &Repo, name: &str) {
    steps(repo, name, 1);
    repo.stage("stashed.txt", "stashed\n");
    git(repo, &["stash", "push", "-q"]);
    steps(repo, &format!("{name}-between"), 1);
    git(repo, &["stash", "pop", "-q"]);
    git(repo, &["add", "-A"]);
    let _ = repo.commit(HONEST).ok();
}

/// What somebody made elsewhere under hooks of their own: forwarded to it, then merged with it.
fn pulled(repo: &Repo, name: &str) {
    let other = repo.root().join("colleague");
    let (from, to) = (repo.folder().to_str().unwrap(), other.to_str().unwrap());
    git(repo, &["clone", "-q", "-b", name, from, to]);
    let _ = repo
        .git_in(&other, &["branch", "-q", "main", "origin/main"])
        .ok();
    let _ = repo.pdd_in(&other, &["install"]).ok();
    let make = |path: &str| {
        std::fs::write(other.join(path), path).unwrap();
        let _ = repo.git_in(&other, &["add", "-A"]).ok();
        let _ = repo.git_in(&other, &["commit", "-q", "-m", HONEST]).ok();
    };
    make("theirs-1.txt");
    git(repo, &["pull", "-q", "--ff-only", to, name]);
    make("theirs-2.txt");
    repo.step("ours.txt");
    let pull = ["pull", "-q", "--no-rebase", "--no-edit", to, name];
    git(repo, &pull);
    make("theirs-3.txt");
    repo.step("ours-again.txt");
    git(repo, &["pull", "-q", "--rebase", to, name]);
}

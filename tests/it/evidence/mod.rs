//! The store between repositories: what a push brings with it, what the commands say, what a fetch takes in.

mod commands;
mod published;
mod refspec;
mod server;
mod together;
mod union;

use std::path::PathBuf;

use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::statement::{Predicate, Statement};
use pdd_hooks::git::{RECORDS, Repository};
use pdd_hooks::id::TreeId;

use crate::support::Repo;

/// What is kept of the records of `origin`.
const TRACKING: &str = "refs/pdd/remotes/origin/evidence";

/// An enrolled repository whose remote `origin` has `main`.
fn scene() -> Repo {
    let repo = Repo::enrolled();
    add_remote(&repo, "origin");
    repo
}

/// Makes a bare repository beside it that has `main`, and a remote of that name.
fn add_remote(repo: &Repo, name: &str) -> PathBuf {
    let folder = format!("../{name}.git");
    let _ = repo
        .git(&["init", "-q", "--bare", "-b", "main", &folder])
        .ok();
    let _ = repo.git(&["remote", "add", name, &folder]).ok();
    let _ = repo.git(&["push", "-q", "--no-verify", name, "main"]).ok();
    repo.at(&folder)
}

fn open(folder: impl AsRef<std::path::Path>) -> Repository {
    Repository::open_at(folder.as_ref()).unwrap()
}

/// Writes an unsigned record that differs from others by its number.
fn line(number: usize) -> Vec<u8> {
    let statement = Statement::about(
        &TreeId::new(format!("{number:040x}")),
        None,
        Predicate::Other {
            kind: "https://example.org/thing/v1".into(),
            body: serde_json::Map::new(),
        },
    );
    Envelope::unsigned(&statement).unwrap().to_line().unwrap()
}

fn lines(numbers: std::ops::Range<usize>) -> Vec<Vec<u8>> {
    numbers.map(line).collect()
}

/// Lists the names of a repository's own records, or of those at another reference.
fn names(repo: &Repo, folder: &std::path::Path, reference: &str) -> Vec<String> {
    let output = repo.git_in(folder, &["ls-tree", "-r", "--name-only", reference]);
    let names = output.stdout.lines().map(str::to_owned);
    names.collect()
}

/// Lists the names of the records that the remote `origin` has.
fn there(repo: &Repo) -> Vec<String> {
    names(repo, &repo.at("../origin.git"), RECORDS)
}

/// Lists the names of the own records.
fn here(repo: &Repo) -> Vec<String> {
    names(repo, repo.folder(), RECORDS)
}

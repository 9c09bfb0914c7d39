//! Records in `refs/pdd/evidence`: written and read through the library, looked at with plain git.

mod document;
mod faults;
mod store;
mod together;

use pdd_hooks::git::{Oid, RECORDS, Repository};

use crate::support::Repo;

/// Makes a repository with a commit, and a linked worktree beside it, in every form that the git on PATH can make.
fn forms() -> Vec<Repo> {
    let forms: [&[&str]; 4] = [
        &[],
        &["--object-format=sha256"],
        &["--ref-format=reftable"],
        &["--ref-format=reftable", "--object-format=sha256"],
    ];
    let made = forms.iter().filter_map(|form| {
        let repo = Repo::bare_folder();
        let args = [&["init", "-q", "-b", "main"], *form].concat();
        // A git before 2.45 knows no reftables.
        (repo.git(&args).code() == 0).then(|| with_commit(repo))
    });
    made.collect()
}

fn with_commit(repo: Repo) -> Repo {
    repo.write("a.txt", "a\n");
    repo.commit_all("feat: first");
    let _ = repo.git(&["worktree", "add", "-q", "../linked"]).ok();
    repo
}

fn open(repo: &Repo) -> Repository {
    Repository::open_at(repo.folder()).unwrap()
}

/// Returns the newest commit of the store.
fn tip(repository: &Repository) -> Oid {
    repository.find_commit_at(RECORDS).unwrap().unwrap()
}

/// Returns lines that differ by their number.
fn lines(numbers: std::ops::Range<usize>) -> Vec<Vec<u8>> {
    numbers
        .map(|number| format!("{{\"n\":{number}}}\n").into_bytes())
        .collect()
}

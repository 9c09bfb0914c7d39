//! What the user has is as it was, to the byte and to the nanosecond: after a refusal, after `pdd-hooks validate`.

use std::path::{Path, PathBuf};

use super::scene::{MESSAGE, TESTS_THEN, findings};
use crate::support::Repo;
use crate::whole::Whole;

/// A repository with all that a user may have beside the tracked files: a stash, unstaged changes, ignored folders.
pub(super) fn busy() -> Repo {
    let repo = Repo::new();
    repo.write(".gitignore", "target/\nnode_modules/\n.venv/\n*.log\n");
    repo.write("other.txt", "committed\n");
    let repo = repo.check_with(TESTS_THEN);
    for path in [
        "target/debug/app",
        "node_modules/x/index.js",
        ".venv/pyvenv.cfg",
        "deep/left.txt",
        "a.log",
    ] {
        repo.write(path, "the user's\n");
    }
    repo.write_program("target/debug/run", "#!/bin/sh\n");
    std::os::unix::fs::symlink("debug/run", repo.at("target/link")).unwrap();
    repo.write("other.txt", "stashed\n");
    let _ = repo.git(&["stash", "-q"]).ok();
    repo.write("other.txt", "not staged\n");
    repo
}

/// All of it. In `.git` the objects, the records of validation and of hooks, and the logs may grow, and folders that they
/// stand in get new time stamps.
pub(super) fn all_of(repo: &Repo) -> Whole {
    all_but(repo, &[])
}

/// The same without further paths of `.git`: those that the git which was killed moves by itself.
pub(super) fn all_but(repo: &Repo, more: &[&str]) -> Whole {
    let git = repo.at(".git");
    let own = ["objects", "pdd", "refs/pdd", "logs"];
    let own: Vec<PathBuf> = own.iter().chain(more).map(|path| git.join(path)).collect();
    Whole::of_all_but(
        &[repo.folder().to_owned(), repo.at("../home/.gitconfig")],
        |path| own.iter().any(|part| path.starts_with(part)),
        |path: &Path| path.starts_with(&git) && path.is_dir(),
    )
}

#[test]
fn a_refused_commit_writes_nothing_of_the_users() {
    let repo = busy();
    repo.then("mkdir -p target .venv; echo x >target/x; echo x >.venv/x; echo x >left.txt");
    repo.stage("app.txt", "broken\n");
    // Git itself completes the index before it asks a hook.
    repo.write_program("../refuse/pre-commit", "#!/bin/sh\nexit 1\n");
    let path = format!("core.hooksPath={}", repo.at("../refuse").display());
    assert_eq!(
        repo.git(&["-c", &path, "commit", "-q", "-m", MESSAGE])
            .code(),
        1
    );
    let before = all_of(&repo);
    let refused = repo.commit(MESSAGE);
    assert_eq!(
        findings(&refused),
        ["PDD008: the check `tests` fails: `base`"]
    );
    before.assert_same(&all_of(&repo));
    assert_eq!(repo.ask(&["show", "stash@{0}:other.txt"]), "stashed");
}

#[test]
fn a_validation_writes_nothing_of_the_users() {
    let repo = busy();
    repo.then("mkdir -p target .venv; echo x >target/x; echo x >.venv/x; echo x >left.txt");
    for (source, code) in [("broken\n", 1), ("base\ngood\n", 0)] {
        repo.stage("app.txt", source);
        let before = all_of(&repo);
        assert_eq!(repo.pdd(&["validate"]).code(), code);
        before.assert_same(&all_of(&repo));
    }
    let before = all_of(&repo);
    let _ = repo.pdd(&["validate"]).ok();
    let _ = repo.pdd(&["validate", "main..HEAD"]).ok();
    before.assert_same(&all_of(&repo));
}

#[test]
fn a_commit_that_lands_writes_what_git_writes() {
    let repo = busy();
    repo.stage("app.txt", "base\ngood\n");
    let git = ["index", "COMMIT_EDITMSG", "refs/heads"];
    let before = all_but(&repo, &git);
    let _ = repo.commit(MESSAGE).ok();
    before.assert_same(&all_but(&repo, &git));
    assert_eq!(repo.ask(&["write-tree"]), repo.tree_of("HEAD"));
    assert_eq!(
        repo.ask(&["status", "--porcelain"]),
        " M other.txt\n?? deep/"
    );
}

//! Every kind of repository and every folder that git may be run from: the guard is found in all of them.

use std::path::Path;

use super::{Guarded, without_head};
use crate::support::{Repo, gits};

/// Moves `main` and a work branch there, and says what the recorder got.
fn moves_in(guarded: &Guarded, folder: &Path, env: &[(&str, &str)]) -> String {
    let id = guarded.commit(&format!("{} {env:?}", folder.display()));
    for name in ["refs/heads/work", "refs/heads/main"] {
        let mut command = guarded.repo.command("git", folder);
        command
            .args(["update-ref", name, &id])
            .envs(env.iter().copied());
        let _ = guarded.repo.run(&mut command, b"").ok();
    }
    without_head(&guarded.recorded("pdd-hooks")).replace(&id, "<id>")
}

/// What is recorded where `main` alone was handed over, by `update-ref` without an expected value.
fn main_alone() -> String {
    format!(
        "hook reference-transaction prepared\n{} <id> refs/heads/main\n",
        "0".repeat(40)
    )
}

#[test]
fn the_guard_is_found_wherever_git_is_run() {
    for git in gits() {
        let guarded = Guarded::in_repo(Repo::init_with(&git, &[]));
        let repo = &guarded.repo;
        let _ = repo
            .git(&["worktree", "add", "-q", "../linked", "-b", "linked"])
            .ok();
        let (top, absolute) = (repo.folder(), repo.at(".git"));
        let absolute = absolute.to_str().unwrap();
        for (place, env) in [
            (top.to_owned(), vec![]),
            (repo.at("folder"), vec![]),
            (repo.at(".git"), vec![]),
            (repo.at(".git/refs"), vec![]),
            (repo.at(".git/worktrees/linked"), vec![]),
            (repo.at("../linked"), vec![]),
            (repo.at("../linked/folder"), vec![]),
            (repo.at("folder"), vec![("GIT_DIR", "../.git")]),
            (
                repo.at("folder"),
                vec![("GIT_DIR", "../.git"), ("GIT_WORK_TREE", "..")],
            ),
            (
                repo.at("folder"),
                vec![("GIT_WORK_TREE", top.to_str().unwrap())],
            ),
            (repo.at(".."), vec![("GIT_DIR", absolute)]),
            (repo.at(".."), vec![("GIT_DIR", "linked/.git")]),
            (
                repo.at(".."),
                vec![
                    ("GIT_DIR", "repo/.git/worktrees/linked"),
                    ("GIT_COMMON_DIR", absolute),
                ],
            ),
        ] {
            assert_eq!(
                moves_in(&guarded, &place, &env),
                main_alone(),
                "{git:?} {place:?} {env:?}"
            );
        }
    }
}

#[test]
fn the_guard_of_a_bare_repository_is_found() {
    let repo = Repo::new();
    repo.write("folder/file", "one\n");
    repo.commit_all("first");
    let _ = repo
        .git(&["clone", "-q", "--bare", ".", "../bare.git"])
        .ok();
    let bare = repo.at("../bare.git");
    std::fs::create_dir(repo.at("../tree")).unwrap();
    let guarded = Guarded::at(repo, bare.clone());
    for (place, env) in [
        (bare.clone(), vec![]),
        (bare.join("refs"), vec![]),
        (bare.join(".."), vec![("GIT_DIR", "bare.git")]),
        (
            bare.join("../tree"),
            vec![("GIT_DIR", "../bare.git"), ("GIT_WORK_TREE", ".")],
        ),
    ] {
        assert_eq!(
            moves_in(&guarded, &place, &env),
            main_alone(),
            "{place:?} {env:?}"
        );
    }
}

#[test]
fn the_guard_of_a_submodule_and_of_a_separate_git_folder_is_found() {
    let repo = Repo::new();
    repo.commit_all("first");
    let _ = repo.git(&["init", "-q", "-b", "main", "../super"]).ok();
    let _ = repo
        .git_in(
            &repo.at("../super"),
            &["submodule", "--quiet", "add", "../repo", "part"],
        )
        .ok();
    let _ = repo
        .git(&[
            "clone",
            "-q",
            "--separate-git-dir=../separate",
            ".",
            "../apart",
        ])
        .ok();
    let mut repo = repo;
    for (common, tree) in [
        ("../super/.git/modules/part", "../super/part"),
        ("../separate", "../apart"),
    ] {
        let (common, tree) = (repo.at(common), repo.at(tree));
        let guarded = Guarded::at(repo, common);
        let _ = guarded
            .repo
            .git_in(&tree, &["commit", "-q", "--allow-empty", "-m", "second"])
            .ok();
        let recorded = guarded.recorded("pdd-hooks");
        assert!(
            recorded.starts_with("hook reference-transaction prepared\n"),
            "{recorded}"
        );
        assert!(recorded.ends_with(" refs/heads/main\n"), "{recorded}");
        repo = guarded.repo;
    }
}

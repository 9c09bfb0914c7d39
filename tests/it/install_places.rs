//! Wherever git takes its hooks from: shared, tracked and linked folders, work trees, submodules, separate git folders.

use crate::install::{RECORDER, assert_back, state, take_log};
use crate::support::{Repo, assert_same, pdd_hooks, snapshot};

#[test]
fn a_tracked_hooks_folder_is_chained_to_and_never_written() {
    let repo = Repo::new();
    repo.write_program("tools/hooks/pre-commit", RECORDER);
    repo.commit_all("one");
    let _ = repo.git(&["config", "core.hooksPath", "tools/hooks"]).ok();
    let before = state(&repo);
    let installed = repo.pdd(&["install"]).ok();
    assert_eq!(
        installed.text(),
        "exit: 0
--- stdout
installed 13 hooks in $REPO/.git/pdd/hooks, which run those in tools/hooks first (the repository tracks that folder)
config: core.hooksPath = $REPO/.git/pdd/hooks (local)
undo: pdd-hooks uninstall
--- stderr
"
    );
    assert_eq!(repo.read(".git/pdd/chain"), "tools/hooks\n");
    assert_eq!(repo.ask(&["status", "--porcelain"]), "");
    let _ = repo.git(&["commit", "--allow-empty", "-m", "two"]).ok();
    assert_eq!(take_log(&repo), "pre-commit:\nMARK= top=$REPO\n");
    let again = repo.pdd(&["install"]).ok();
    assert!(
        again.stdout.starts_with("already installed: "),
        "{}",
        again.text()
    );
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
}

#[test]
fn hooks_that_we_have_no_program_for_still_run_behind_ours() {
    let repo = Repo::new();
    repo.write_program("tools/it's/post-checkout", RECORDER);
    repo.commit_all("one");
    let _ = repo.git(&["config", "core.hooksPath", "tools/it's"]).ok();
    let before = state(&repo);
    let _ = repo.git(&["switch", "-q", "-c", "a"]).ok();
    let alone = take_log(&repo);
    assert!(alone.starts_with("post-checkout: "), "{alone}");
    let _ = repo.pdd(&["install"]).ok();
    let _ = repo.git(&["switch", "-q", "-c", "b"]).ok();
    assert_eq!(take_log(&repo), alone);

    repo.write_program("tools/it's/pre-rebase", RECORDER);
    let doctor = repo.pdd(&["doctor"]);
    assert!(doctor.text().contains(
        "problem chain: pre-rebase of $REPO/tools/it's does not run\n  = help: pdd-hooks install\n"
    ));
    let _ = repo.pdd(&["install"]).ok();
    assert_eq!(repo.pdd(&["doctor"]).code(), 0);
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
}

#[test]
fn a_global_hooks_folder_is_chained_to_and_never_written() {
    let repo = Repo::new();
    let folder = repo.root().join("home/hooks");
    repo.write_program("../home/hooks/pre-commit", RECORDER);
    let _ = repo
        .git(&["config", "--global", "core.hooksPath", "~/hooks"])
        .ok();
    let before = state(&repo);
    let shared = snapshot(std::slice::from_ref(&folder));
    let installed = repo.pdd(&["install"]).ok();
    assert!(installed.text().contains(
        "in $REPO/.git/pdd/hooks, which run those in $TMP/home/hooks first (the setting is shared with other repositories)"
    ), "{}", installed.text());
    let _ = repo.git(&["commit", "--allow-empty", "-m", "one"]).ok();
    assert!(take_log(&repo).starts_with("pre-commit:\n"));
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
    assert_same(&shared, &snapshot(&[folder]));
}

#[test]
fn a_hooks_folder_that_is_a_symlink_to_elsewhere_is_chained_to() {
    let repo = Repo::new();
    std::fs::remove_dir_all(repo.at(".git/hooks")).unwrap();
    repo.write_program("hooks/pre-commit", RECORDER);
    std::os::unix::fs::symlink("../hooks", repo.at(".git/hooks")).unwrap();
    let before = state(&repo);
    let content = snapshot(&[repo.at("hooks")]);
    let _ = repo.pdd(&["install"]).ok();
    assert_same(&content, &snapshot(&[repo.at("hooks")]));
    let _ = repo.git(&["commit", "--allow-empty", "-m", "one"]).ok();
    assert!(take_log(&repo).starts_with("pre-commit:\n"));
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
}

#[test]
fn a_setting_of_one_work_tree_is_answered_in_its_scope() {
    let repo = Repo::new();
    repo.write_program("../home/hooks/pre-commit", RECORDER);
    let _ = repo
        .git(&["config", "extensions.worktreeConfig", "true"])
        .ok();
    let folder = repo.root().join("home/hooks");
    let _ = repo
        .git(&[
            "config",
            "--worktree",
            "core.hooksPath",
            folder.to_str().unwrap(),
        ])
        .ok();
    let before = state(&repo);
    let installed = repo.pdd(&["install"]).ok();
    assert!(
        installed
            .text()
            .contains("config: core.hooksPath = $REPO/.git/pdd/hooks (worktree)\n")
    );
    let _ = repo.git(&["commit", "--allow-empty", "-m", "one"]).ok();
    assert!(take_log(&repo).starts_with("pre-commit:\n"));
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
}

#[test]
fn one_install_serves_every_linked_work_tree() {
    let repo = Repo::new();
    repo.write_program(".git/hooks/pre-commit", RECORDER);
    let _ = repo
        .git(&["commit", "-q", "--allow-empty", "-m", "one"])
        .ok();
    let _ = take_log(&repo);
    let _ = repo
        .git(&["worktree", "add", "-q", "../linked", "-b", "side"])
        .ok();
    let linked = repo.root().join("linked");
    let installed = repo.pdd_in(&linked, &["install"]).ok();
    assert!(
        installed
            .text()
            .contains("installed 13 hooks in $REPO/.git/hooks\n")
    );
    let _ = repo
        .git_in(&linked, &["commit", "-q", "--allow-empty", "-m", "two"])
        .ok();
    assert_eq!(take_log(&repo), "pre-commit:\nMARK= top=$REPO\n");
    let again = repo.pdd(&["install"]).ok();
    assert!(again.stdout.starts_with("already installed: "));
}

#[test]
fn a_submodule_and_a_separate_git_folder_are_installed_where_git_looks() {
    let repo = Repo::new();
    let _ = repo.git(&["init", "-q", "-b", "main", "../lib"]).ok();
    let lib = repo.root().join("lib");
    let _ = repo
        .git_in(&lib, &["commit", "-q", "--allow-empty", "-m", "lib"])
        .ok();
    let _ = repo
        .git(&[
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            "../lib",
            "sub",
        ])
        .ok();
    let _ = repo
        .git(&[
            "init",
            "-q",
            "--separate-git-dir",
            "../apart.git",
            "../apart",
        ])
        .ok();
    for (tree, common) in [
        (repo.at("sub"), repo.at(".git/modules/sub")),
        (repo.root().join("apart"), repo.root().join("apart.git")),
    ] {
        let before = snapshot(&[common.join("hooks"), common.join("config")]);
        let _ = repo.pdd_in(&tree, &["install"]).ok();
        assert!(common.join("hooks/commit-msg").is_file());
        let asked = repo
            .git_in(&tree, &["rev-parse", "--git-path", "hooks"])
            .ok();
        let asked = tree.join(asked.stdout.trim_end());
        assert_eq!(asked.canonicalize().unwrap(), common.join("hooks"));
        let _ = repo.pdd_in(&tree, &["uninstall"]).ok();
        assert_same(
            &before,
            &snapshot(&[common.join("hooks"), common.join("config")]),
        );
        assert!(!common.join("pdd").exists());
    }
}

#[test]
fn a_bare_repository_with_a_work_tree_elsewhere_is_installed() {
    let repo = Repo::new();
    let _ = repo.git(&["init", "-q", "--bare", "../home/dotfiles"]).ok();
    let home = repo.root().join("home");
    let place = home.join("dotfiles");
    let env = [
        ("GIT_DIR", place.to_str().unwrap()),
        ("GIT_WORK_TREE", home.to_str().unwrap()),
    ];
    let mut command = repo.command(pdd_hooks(), &home);
    let _ = repo.run(command.arg("install").envs(env), b"").ok();
    assert!(place.join("hooks/commit-msg").is_file());
    assert!(!repo.has(".git/pdd"));
    let doctor = repo.run(repo.command(pdd_hooks(), &place).arg("doctor"), b"");
    assert!(
        doctor
            .text()
            .contains("ok      reached from $TMP/home/dotfiles: yes\n"),
        "{}",
        doctor.text()
    );
}

#[test]
fn hooks_that_are_kept_move_along_with_the_repository() {
    let repo = Repo::new();
    for hook in ["pre-commit", "reference-transaction"] {
        repo.write_program(&format!(".git/hooks/{hook}"), "#!/bin/sh\necho $0 >&2\n");
    }
    let _ = repo.pdd(&["install"]).ok();
    let moved = repo.root().join("moved");
    std::fs::rename(repo.folder(), &moved).unwrap();
    let commit = ["commit", "-q", "--allow-empty", "-m", "one"];
    let said = repo.git_in(&moved, &commit).ok().stderr;
    for hook in ["pre-commit", "reference-transaction"] {
        assert!(said.contains(&format!("pdd/{hook}\n")), "{said}");
    }
}

#[test]
fn a_repository_whose_path_is_not_utf8_is_enrolled_itself() {
    use std::os::unix::ffi::OsStrExt as _;
    let repo = Repo::new();
    let odd = repo.root().join(std::ffi::OsStr::from_bytes(b"od\xffd"));
    std::fs::rename(repo.folder(), &odd).unwrap();
    let before = std::fs::read_dir(repo.root()).unwrap().count();
    let _ = repo.pdd_in(&odd, &["install"]).ok();
    assert!(odd.join(".git/hooks/pre-commit").exists());
    assert_eq!(std::fs::read_dir(repo.root()).unwrap().count(), before);
}

//! What the guard of references must not hinder.

use super::{id, land_elsewhere, recorded, unhooked, with_remote};
use crate::enrolled::WORK;
use crate::support::{Repo, gits, pdd_hooks};

/// Runs git commands one after another; each must succeed.
#[track_caller]
fn all(repo: &Repo, commands: &[&[&str]]) {
    for args in commands {
        let _ = repo.git(args).ok();
    }
}

#[test]
fn references_are_packed_and_pruned() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        all(
            &repo,
            &[
                &["branch", "dev", "main"],
                &["tag", "v1", "main"],
                &["pack-refs", "--all", "--prune"],
                &["tag", "v2", "main"],
            ],
        );
        assert!(!repo.has(".git/refs/heads/main"), "packed");
        all(&repo, &[&["gc", "-q"], &["gc", "-q", "--prune=now"]]);
        assert!(!repo.has(".git/refs/tags/v2"), "packed");
        assert_eq!(id(&repo, "main"), id(&repo, "v2"));
        assert_ne!(recorded(&repo, "refs/heads/main"), "deleted");
    }
}

#[test]
fn fetch_and_pull_bring_what_the_remote_has() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        with_remote(&repo);
        land_elsewhere(&repo, Some("v1"));
        let _ = repo.git(&["fetch", "-q", "--tags"]).ok();
        assert_eq!(id(&repo, "v1"), id(&repo, "origin/main"));
        assert_eq!(recorded(&repo, "refs/remotes/origin/main"), "fetched");
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        let _ = repo.git(&["pull", "-q"]).ok();
        assert_eq!(id(&repo, "main"), id(&repo, "v1"));
        assert_eq!(recorded(&repo, "refs/heads/main"), "pull");
        assert_eq!(repo.ask(&["status", "--porcelain"]), "");
    }
}

#[test]
fn one_pull_brings_branch_and_release() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        with_remote(&repo);
        land_elsewhere(&repo, Some("v1"));
        all(
            &repo,
            &[
                &["switch", "-q", "main"],
                &["pull", "-q", "--tags", "--ff-only", "origin", "main"],
            ],
        );
        assert_eq!(id(&repo, "main"), id(&repo, "v1"));
    }
}

/// A template's hooks run in every repository that is made with it, before any of them is enrolled.
#[test]
fn clone_and_init_work_with_the_hooks_of_a_template() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        repo.step("a.txt");
        let _ = repo.git(&["branch", "dev", "main"]).ok();
        unhooked(&repo, &["tag", "v1", "HEAD"]);
        let template = repo.root().join("template");
        std::fs::create_dir_all(template.join("hooks")).unwrap();
        for hook in pdd_hooks::install::HOOKS {
            let program = pdd_hooks().with_file_name(format!("pdd-{hook}"));
            std::fs::copy(program, template.join("hooks").join(hook)).unwrap();
        }
        let template = format!("init.templateDir={}", template.display());
        for (name, args) in [("plain", &[][..]), ("bare.git", &["--bare"])] {
            let start = ["-c", &template, "clone", "-q"];
            let url = format!("file://{}", repo.folder().display());
            let to = repo.at(&format!("../{name}"));
            let all = [&start[..], args, &[&url, to.to_str().unwrap()]].concat();
            let _ = repo.git(&all).ok();
        }
        let plain = repo.at("../plain");
        for args in [
            &["switch", "-q", "main"][..],
            &["switch", "-q", "dev"],
            &["fetch", "-q", "--tags", "--force"],
            &["gc", "-q"],
        ] {
            let _ = repo.git_in(&plain, args).ok();
        }
        let fresh = repo.at("../fresh");
        let fresh = fresh.to_str().unwrap();
        let _ = repo
            .git(&["-c", &template, "init", "-q", "-b", "main", fresh])
            .ok();
        let root = ["commit", "-q", "--allow-empty", "-m", "root"];
        let _ = repo.git_in(&repo.at("../fresh"), &root).ok();
    }
}

#[test]
fn a_fresh_clone_enrols_and_switches_to_main() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let clone = repo.at("../clone");
        let folder = clone.to_str().unwrap();
        all(&repo, &[&["clone", "-q", "-b", WORK, ".", folder]]);
        let _ = repo.pdd_in(&clone, &["install"]).ok();
        for args in [
            &["switch", "-q", "main"][..],
            &["switch", "-q", "-"],
            &["branch", "-q", "-D", "main"],
            &["branch", "main", "origin/main"],
        ] {
            let _ = repo.git_in(&clone, args).ok();
        }
    }
}

#[test]
fn the_first_commit_of_a_repository_is_free() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]);
        let _ = repo.pdd(&["install"]).ok();
        repo.write("a.txt", "a\n");
        repo.commit_all("anything");
        repo.write(".pdd.toml", "policy = 1\n");
        repo.commit_all("the adoption");
        let said = repo.git(&["commit", "-q", "--allow-empty", "-m", "anything"]);
        assert_eq!(said.code(), 1, "from here on it is guarded");
        assert_eq!(repo.class_of("HEAD"), "adoption");
    }
}

#[test]
fn a_repository_may_begin_with_its_policy() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]);
        let _ = repo.pdd(&["install"]).ok();
        repo.write(".pdd.toml", "policy = 1\n");
        repo.commit_all("root and adoption");
        assert_eq!(repo.class_of("HEAD"), "adoption");
    }
}

#[test]
fn work_branches_come_and_go() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        all(
            &repo,
            &[
                &["branch", "feat/TASK-002-a", "main"],
                &["branch", "-m", "feat/TASK-002-a", "feat/TASK-002-b"],
                &["branch", "-m", "feat/TASK-001-renamed"],
                &["branch", "-D", "feat/TASK-002-b"],
                &["branch", "-D", "main"],
            ],
        );
        assert_eq!(recorded(&repo, "refs/heads/main"), "deleted");
    }
}

#[test]
fn work_trees_and_stashes_come_and_go() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        all(
            &repo,
            &[
                &["switch", "-q", "main"],
                &["worktree", "add", "-q", "../linked", WORK],
                &["worktree", "add", "-q", "--detach", "../detached"],
                &["worktree", "remove", "../linked"],
                &["worktree", "remove", "../detached"],
            ],
        );
        repo.write("app.txt", "edited\n");
        all(&repo, &[&["stash", "-q"], &["stash", "pop", "-q"]]);
        assert_eq!(repo.read("app.txt"), "edited\n");
        all(
            &repo,
            &[
                &["reset", "-q", "--hard"],
                &["reset", "-q", "--hard", "main"],
                &["reset", "-q", "--soft", "HEAD"],
                &["checkout", "-q", "-B", "main"],
            ],
        );
        assert_eq!(repo.read("app.txt"), "base\n");
    }
}

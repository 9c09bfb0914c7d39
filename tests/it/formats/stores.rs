//! Forms of object and reference stores, of work trees and of the index.

use super::{Place, adopted, gits_from, remote};
use crate::enrolled::{HONEST, POLICY};
use crate::support::{Repo, gits};

#[test]
fn the_flow_holds_in_sha256_repositories() {
    for git in gits() {
        adopted(&git, &["--object-format=sha256"]).hold("sha256");
    }
}

#[test]
fn the_flow_holds_in_reftable_repositories() {
    for git in gits_from((2, 45)) {
        adopted(&git, &["--ref-format=reftable"]).hold("reftable");
    }
}

#[test]
fn the_flow_holds_in_reftable_repositories_with_sha256() {
    for git in gits_from((2, 45)) {
        adopted(&git, &["--ref-format=reftable", "--object-format=sha256"]).hold("both");
    }
}

#[test]
fn the_flow_holds_in_linked_worktrees() {
    for (git, args) in gits().into_iter().map(|git| (git, &[][..])).chain(
        gits_from((2, 45))
            .into_iter()
            .map(|git| (git, &["--ref-format=reftable"][..])),
    ) {
        let main = adopted(&git, args);
        main.git(&["worktree", "add", "-q", "--detach", "../linked", "main"]);
        let folder = main.repo.at("../linked");
        Place::at(main.repo, folder).hold("linked worktree");
    }
}

#[test]
fn the_flow_holds_in_a_bare_repository_with_a_work_tree() {
    for git in gits() {
        let repo = Repo::bare_folder().with_git(&git);
        let bare = repo.at("../bare.git");
        let _ = repo
            .git_in(
                repo.root(),
                &["init", "-q", "--bare", "-b", "main", "bare.git"],
            )
            .ok();
        let mut place = Place::of(repo);
        place.env = vec![("GIT_DIR", bare), ("GIT_WORK_TREE", place.folder.clone())];
        place.adopt();
        place.hold("bare repository with GIT_WORK_TREE");
    }
}

#[test]
fn the_flow_holds_with_a_separate_git_folder() {
    for git in gits() {
        let repo = Repo::bare_folder().with_git(&git);
        let _ = repo
            .git(&["init", "-q", "-b", "main", "--separate-git-dir", "../apart"])
            .ok();
        let place = Place::of(repo);
        place.adopt();
        place.hold("separate git folder");
    }
}

#[test]
fn the_flow_holds_in_a_submodule() {
    for git in gits() {
        let (repo, folder) = remote(&git);
        let _ = repo
            .git(&["submodule", "add", "-q", folder.to_str().unwrap(), "inner"])
            .ok();
        let inner = repo.at("inner");
        Place::at(repo, inner).hold("submodule");
    }
}

#[test]
fn the_flow_holds_with_a_sparse_index() {
    for git in gits() {
        let place = Place::of(Repo::init_with(&git, &[]));
        for folder in ["sub", "far/one", "far/two"] {
            place.stage(&format!("{folder}/file.txt"), "x\n");
        }
        place.adopt();
        place.git(&[
            "sparse-checkout",
            "set",
            "--cone",
            "--sparse-index",
            "sub",
            "context",
        ]);
        place.hold("sparse index");
        let sparse = place.git(&["ls-files", "--sparse"]);
        assert!(sparse.lines().any(|line| line == "far/"), "{sparse}");
    }
}

#[test]
fn the_flow_holds_with_a_split_index() {
    for git in gits() {
        let place = adopted(&git, &[]);
        place.git(&["config", "core.splitIndex", "true"]);
        place.git(&["update-index", "--split-index"]);
        let has_base = || {
            std::fs::read_dir(place.folder.join(".git"))
                .unwrap()
                .any(|file| {
                    file.unwrap()
                        .file_name()
                        .to_string_lossy()
                        .starts_with("sharedindex")
                })
        };
        assert!(has_base());
        place.hold("split index");
        assert!(has_base());
    }
}

#[test]
fn the_flow_holds_with_head_detached() {
    for git in gits() {
        let place = adopted(&git, &[]);
        place.pdd(&["install"]);
        place.git(&["switch", "-q", "--detach"]);
        place.pdd(&["persona", "PM", "TASK-001", "next step"]);
        place.stage("a.txt", "a\n");
        let refused = place.try_git(&["commit", "-q", "-m", "feat: no task"]);
        assert_eq!(refused.code(), 1);
        assert!(
            refused.stderr.starts_with("error[PDD001]"),
            "{}",
            refused.text()
        );
        place.git(&["commit", "-q", "-m", HONEST]);
        assert_eq!(place.audit("HEAD").0, "enforced");
        place.stage("b.txt", "b\n");
        place.git(&["commit", "-q", "-n", "-m", HONEST]);
        assert_eq!(place.audit("HEAD").0, "bypassed");
        place.hold_main_protected("detached");
        let status = place.pdd(&["status"]);
        assert!(
            status.starts_with("branch   none: HEAD is detached\n"),
            "{status}"
        );
    }
}

#[test]
fn the_flow_holds_in_a_repository_whose_first_commit_is_the_adoption() {
    for git in gits() {
        let place = Place::of(Repo::init_with(&git, &[]));
        place.pdd(&["install"]);
        place.stage("app.txt", "base\n");
        place.stage(".pdd.toml", POLICY);
        place.git(&[
            "commit",
            "-q",
            "-m",
            "chore(pdd): adopt the workflow [MAINT-1]",
        ]);
        assert_eq!(place.audit("HEAD").0, "adoption");
        place.hold("root commit");
    }
}

//! Moves of the protected branch round what would be asked.

use super::{id, recorded, refused, unhooked};
use crate::enrolled::WORK;
use crate::support::{Repo, gits};

const MOVED: &str = "PDD010: `main` may not take <id>: nobody is listed who could approve it";
const REWOUND: &str = "PDD007: `main` would move to <id>, which does not descend from it";
const CREATED: &str = "PDD007: `main` would be created at <id>, where it has not stood";

#[test]
fn the_protected_branch_is_not_moved_by_any_command() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let main = id(&repo, "main");
        let to = id(&repo, "HEAD");
        for args in [
            &["branch", "-f", "main", "main~1"][..],
            &["branch", "-f", "main", WORK],
            &["update-ref", "refs/heads/main", &to],
            &["update-ref", "refs/heads/main", "main~1"],
            &["push", "-q", ".", "HEAD:main"],
            &["fetch", "-q", ".", "HEAD:main"],
            &["checkout", "-q", "-B", "main"],
        ] {
            let said = repo.git(args);
            let is_back = args.contains(&"main~1");
            refused(&said, &[if is_back { REWOUND } else { MOVED }]);
            assert_eq!(id(&repo, "main"), main, "{args:?}");
        }
        let said = repo.run(
            repo.command("git", repo.folder())
                .args(["update-ref", "--stdin"]),
            format!("update refs/heads/x {to}\nupdate refs/heads/main {to}\n").as_bytes(),
        );
        refused(&said, &[MOVED]);
        assert_eq!(repo.ask(&["branch", "--list", "x"]), "", "all or nothing");
    }
}

/// Git asks only when the renamed branch is gone already: a refusal would lose it.
#[test]
fn a_branch_renamed_to_the_protected_one_is_written_down() {
    for git in gits() {
        for args in [
            &["branch", "-M", "main"][..],
            &["branch", "-fm", WORK, "main"],
            &["branch", "--move", "--force", WORK, "main"],
        ] {
            let repo = Repo::init_with(&git, &[]).enroll();
            let to = id(&repo, "HEAD");
            let _ = repo.git(args).ok();
            assert_eq!(id(&repo, "main"), to);
            let expected = format!("replaced by refs/heads/{WORK}");
            assert_eq!(recorded(&repo, "refs/heads/main"), expected, "{args:?}");
        }
    }
}

#[test]
fn the_protected_branch_comes_back_only_where_it_stood() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let main = id(&repo, "main");
        let _ = repo.git(&["branch", "-q", "-D", "main"]).ok();
        assert_eq!(recorded(&repo, "refs/heads/main"), "deleted");
        refused(&repo.git(&["branch", "main", WORK]), &[CREATED]);
        refused(
            &repo.git(&["branch", "main", &format!("{main}~1")]),
            &[CREATED],
        );
        refused(&repo.git(&["switch", "-q", "-c", "main"]), &[CREATED]);
        let _ = repo.git(&["branch", "main", &main]).ok();
        assert_eq!(recorded(&repo, "refs/heads/main"), "created");
        refused(&repo.git(&["branch", "-f", "main", WORK]), &[MOVED]);
    }
}

#[test]
fn a_deleted_protected_branch_stops_commits_and_not_its_return() {
    let repo = Repo::enrolled();
    let main = id(&repo, "main");
    let _ = repo.git(&["branch", "-q", "-D", "main"]).ok();
    let _ = repo.git(&["rm", "-q", "--cached", ".pdd.toml"]).ok();
    for _ in 0..2 {
        let said = repo.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
        assert_eq!(said.code(), 1, "{}", said.text());
        assert!(said.stderr.contains("pdd.protected"), "{}", said.text());
        // Neither with a policy below HEAD nor without one.
        unhooked(&repo, &["commit", "-q", "--allow-empty", "-m", "no policy"]);
    }
    let _ = repo.git(&["branch", "main", &main]).ok();
}

#[test]
fn a_branch_that_a_linked_worktree_has_checked_out_is_guarded_as_well() {
    let repo = Repo::enrolled();
    let _ = repo
        .git(&["worktree", "add", "-q", "../linked", "main"])
        .ok();
    let linked = repo.at("../linked");
    refused(
        &repo.git(&["update-ref", "refs/heads/main", WORK]),
        &[MOVED],
    );
    for args in [
        &["update-ref", "HEAD", WORK][..],
        &["merge", "-q", "--ff-only", WORK],
        &["reset", "-q", "--hard", WORK],
    ] {
        refused(&repo.git_in(&linked, args), &[MOVED]);
    }
    let _ = repo.git_in(&linked, &["reset", "-q", "--merge"]).ok();
    let status = repo.git_in(&linked, &["status", "--porcelain"]).ok();
    assert_eq!(status.stdout, "");
    // A work branch of the linked work tree is free.
    let free = ["switch", "-q", "-c", "feat/TASK-001-linked"];
    let _ = repo.git_in(&linked, &free).ok();
    let _ = repo
        .git(&["update-ref", "refs/heads/feat/TASK-001-linked", WORK])
        .ok();
}

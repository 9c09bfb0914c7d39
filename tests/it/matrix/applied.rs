//! `git am`, and commits made by plumbing.

use super::{Row, git, hold, other};
use crate::enrolled::HONEST;
use crate::support::{Repo, gits, version_of};

const OTHER: &str = "feat/TASK-001-other";

fn mailed(repo: &Repo) {
    other(repo, "b.txt");
    repo.step("a.txt");
    git(repo, &["format-patch", "-q", "-1", "-o", "../mail", OTHER]);
}

fn mail(repo: &Repo) -> String {
    let mut folder = std::fs::read_dir(repo.at("../mail")).unwrap();
    folder.next().unwrap().unwrap().path().to_str().unwrap().to_owned()
}

fn in_conflict(repo: &Repo) {
    git(repo, &["switch", "-q", "-c", OTHER]);
    repo.stage("app.txt", "theirs\n");
    let _ = repo.commit(HONEST).ok();
    git(repo, &["format-patch", "-q", "-1", "-o", "../mail", OTHER]);
    git(repo, &["switch", "-q", "-"]);
    repo.stage("app.txt", "ours\n");
    let _ = repo.commit(HONEST).ok();
    assert_ne!(repo.git(&["am", &mail(repo)]).code(), 0);
    repo.stage("app.txt", "both\n");
}

#[test]
fn mailed_patches_are_judged_with_the_tree_they_give() {
    hold(&[
        Row { name: "am", fires: "apm pap RT pop", class: "enforced", before: mailed, run: |repo| git(repo, &["am", "-q", &mail(repo)]) },
        Row {
            name: "am, conflict, --continue",
            fires: "pap RT pop",
            class: "enforced",
            before: in_conflict,
            run: |repo| git(repo, &["am", "--continue"]),
        },
        Row {
            name: "commit-tree",
            fires: "RT",
            class: "foreign",
            before: |repo| repo.step("a.txt"),
            run: |repo| {
                let made = repo.ask(&["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", HONEST]);
                git(repo, &["update-ref", "HEAD", &made]);
            },
        },
    ]);
}

#[test]
fn a_patch_applied_with_no_verify_is_seen_where_git_has_the_option() {
    for git in gits() {
        let repo = super::scene(&git);
        mailed(&repo);
        let _ = std::fs::remove_file(super::fired(&repo));
        let output = repo.git(&["am", "-q", "--no-verify", &mail(&repo)]);
        if version_of(&git) < (2, 40) {
            // Older gits have no such option: there is nothing to go round with.
            assert_eq!(output.code(), 129);
        } else {
            let _ = output.ok();
            assert_eq!(super::what_fired(&repo), "RT pop");
            assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
        }
    }
}

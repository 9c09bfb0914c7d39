//! `git am`, and commits made by plumbing.

use super::{NO_HOOKS, OTHER, Row, Scene, conflicting, forked, git, hold};
use crate::enrolled::HONEST;
use crate::support::{Repo, gits, version_of};

fn mailed(repo: &Repo) {
    forked(repo);
    git(repo, &["format-patch", "-q", "-1", "-o", "../mail", OTHER]);
}

fn mail(repo: &Repo) -> String {
    let mut folder = std::fs::read_dir(repo.at("../mail")).unwrap();
    folder
        .next()
        .unwrap()
        .unwrap()
        .path()
        .to_str()
        .unwrap()
        .to_owned()
}

fn in_conflict(repo: &Repo, args: &[&str]) {
    conflicting(repo);
    git(repo, &["format-patch", "-q", "-1", "-o", "../mail", OTHER]);
    let mail = mail(repo);
    let args = [&["am"], args, &[&mail]].concat();
    assert_ne!(repo.git(&args).code(), 0);
    repo.stage("app.txt", "both\n");
}

#[test]
fn mailed_patches_are_judged_with_the_tree_they_give() {
    hold(&[
        Row {
            name: "am",
            fires: "apm pap RT pop",
            class: "enforced",
            of: "HEAD",
            before: mailed,
            run: |repo| git(repo, &["am", "-q", &mail(repo)]),
        },
        Row {
            name: "am, conflict, --continue",
            fires: "pap RT pop",
            class: "enforced",
            of: "HEAD",
            before: |repo| in_conflict(repo, &[]),
            run: |repo| git(repo, &["am", "--continue"]),
        },
        Row {
            name: "commit-tree",
            fires: "",
            class: "foreign",
            of: "refs/made",
            before: |repo| repo.step("a.txt"),
            run: |repo| {
                let made = repo.ask(&["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", HONEST]);
                // The table asks by a name, which must fire nothing either.
                git(repo, &["-c", NO_HOOKS, "update-ref", "refs/made", &made]);
            },
        },
    ]);
}

#[test]
fn patches_applied_with_no_verify_are_seen_where_git_has_the_option() {
    let rows = [
        Row {
            name: "am --no-verify",
            fires: "RT pop",
            class: "bypassed (no-verify)",
            of: "HEAD",
            before: mailed,
            run: |repo| git(repo, &["am", "-q", "--no-verify", &mail(repo)]),
        },
        Row {
            name: "am --no-verify, conflict, --continue",
            fires: "pap RT pop",
            class: "enforced",
            of: "HEAD",
            before: |repo| in_conflict(repo, &["--no-verify"]),
            run: |repo| git(repo, &["am", "--continue"]),
        },
    ];
    let mut scene = Scene::new();
    for git in gits() {
        scene.turn_to(&git);
        if version_of(&git) >= (2, 40) {
            assert_eq!(super::deviations(&scene, &rows), "");
            continue;
        }
        // Older gits have no such option: there is nothing to go round with.
        let repo = scene.again();
        mailed(repo);
        assert_eq!(repo.git(&["am", "--no-verify", &mail(repo)]).code(), 129);
    }
}

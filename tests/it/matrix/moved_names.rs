//! Names of references that come, go and change without a commit: what fires, and that the commits keep their class.

use super::{OTHER, Row, Scene, deviations, forked, git, hold, nothing, other, remote, scene};
use crate::enrolled::WORK;
use crate::support::{Repo, gits, version_of};

const NEW: &str = "feat/TASK-001-new";

fn merged(repo: &Repo) {
    git(repo, &["branch", "-q", OTHER]);
}

fn ahead(repo: &Repo) {
    other(repo, "b.txt");
}

#[test]
fn branches_that_are_deleted_or_renamed_fire_for_what_goes() {
    hold(&[
        Row {
            name: "branch -d",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: merged,
            run: |repo| git(repo, &["branch", "-q", "-d", OTHER]),
        },
        Row {
            name: "branch -D",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: ahead,
            run: |repo| git(repo, &["branch", "-q", "-D", OTHER]),
        },
        Row {
            name: "update-ref -d",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: ahead,
            run: |repo| git(repo, &["update-ref", "-d", &format!("refs/heads/{OTHER}")]),
        },
        Row {
            name: "branch -m",
            fires: "RT",
            class: "enforced",
            of: NEW,
            before: ahead,
            run: |repo| git(repo, &["branch", "-m", OTHER, NEW]),
        },
        Row {
            name: "branch -M onto another",
            fires: "RT",
            class: "enforced",
            of: NEW,
            before: |repo| {
                ahead(repo);
                git(repo, &["branch", "-q", NEW]);
            },
            run: |repo| git(repo, &["branch", "-M", OTHER, NEW]),
        },
    ]);
}

#[test]
fn copied_branches_fire_nothing() {
    hold(&[
        Row {
            name: "branch -c",
            fires: "",
            class: "enforced",
            of: NEW,
            before: ahead,
            run: |repo| git(repo, &["branch", "-c", OTHER, NEW]),
        },
        Row {
            name: "branch -C onto a protected branch",
            fires: "",
            class: "enforced",
            of: "main",
            before: ahead,
            run: |repo| git(repo, &["branch", "-C", OTHER, "main"]),
        },
    ]);
}

#[test]
fn other_references_fire_as_branches_do() {
    hold(&[
        Row {
            name: "tag",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["tag", "-m", "a tag", "reviewed"]),
        },
        Row {
            name: "notes add",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["notes", "add", "-m", "a note"]),
        },
        Row {
            name: "notes merge",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: |repo| {
                git(repo, &["notes", "add", "-m", "a note"]);
                git(
                    repo,
                    &["notes", "--ref", "more", "add", "-m", "a note", "main"],
                );
            },
            run: |repo| git(repo, &["notes", "merge", "-q", "more"]),
        },
        Row {
            name: "replace",
            fires: "RT",
            class: "enforced",
            of: OTHER,
            before: forked,
            run: |repo| git(repo, &["replace", OTHER, "main"]),
        },
        Row {
            name: "worktree add",
            fires: "RT pco",
            class: "enforced",
            of: NEW,
            before: nothing,
            run: |repo| git(repo, &["worktree", "add", "-q", "../linked", "-b", NEW]),
        },
        Row {
            name: "fetch",
            fires: "RT",
            class: "enforced",
            of: "refs/remotes/origin/feat/TASK-001-steps",
            before: |repo| {
                remote(repo);
                git(repo, &["push", "-q", "--no-verify", "origin", WORK]);
                let tracking = format!("refs/remotes/origin/{WORK}");
                git(repo, &["update-ref", "-d", &tracking]);
            },
            run: |repo| git(repo, &["fetch", "-q", "origin"]),
        },
        Row {
            name: "fetch of nothing new",
            fires: "",
            class: "enforced",
            of: "HEAD",
            before: |repo| {
                remote(repo);
                git(repo, &["fetch", "-q", "origin"]);
            },
            run: |repo| git(repo, &["fetch", "-q", "origin"]),
        },
        Row {
            name: "pack-refs",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["pack-refs", "--all"]),
        },
        Row {
            name: "gc",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["gc", "-q"]),
        },
    ]);
}

#[test]
fn symbolic_references_fire_from_2_46_on() {
    let rows = |switched: &'static str, pointed: &'static str| {
        [
            Row {
                name: "checkout",
                fires: switched,
                class: "enforced",
                of: "HEAD",
                before: ahead,
                run: |repo| git(repo, &["checkout", "-q", OTHER]),
            },
            Row {
                name: "switch",
                fires: switched,
                class: "enforced",
                of: "HEAD",
                before: ahead,
                run: |repo| git(repo, &["switch", "-q", OTHER]),
            },
            Row {
                name: "symbolic-ref",
                fires: pointed,
                class: "enforced",
                of: "HEAD",
                before: merged,
                run: |repo| {
                    git(
                        repo,
                        &["symbolic-ref", "HEAD", &format!("refs/heads/{OTHER}")],
                    )
                },
            },
        ]
    };
    let mut scene = Scene::new();
    for git in gits() {
        scene.turn_to(&git);
        let rows = if version_of(&git) < (2, 46) {
            rows("pco", "")
        } else {
            rows("RT pco", "RT")
        };
        assert_eq!(deviations(&scene, &rows), "");
    }
}

#[test]
fn a_deletion_begins_with_a_transaction_that_is_aborted() {
    let mut scene = Scene::new();
    for git in gits() {
        scene.turn_to(&git);
        for args in [
            &["branch", "-q", "-D", OTHER][..],
            &["update-ref", "-d", &format!("refs/heads/{OTHER}")],
            &["stash", "drop", "-q"],
        ] {
            let repo = scene.again();
            ahead(repo);
            repo.write("app.txt", "changed\n");
            super::git(repo, &["stash", "push", "-q"]);
            scene::forget(repo);
            super::git(repo, args);
            let fired = scene::what_fired_or_was_aborted(repo);
            // Before it git 2.39 completes one that changes nothing.
            assert!(
                fired.ends_with("RTa RT"),
                "{args:?} {}: {fired}",
                git.display()
            );
        }
    }
}

#[test]
fn renames_and_copies_fire_nothing_where_references_are_tables() {
    let rows = [
        Row {
            name: "branch -m, reftable",
            fires: "",
            class: "enforced",
            of: NEW,
            before: ahead,
            run: |repo| git(repo, &["branch", "-m", OTHER, NEW]),
        },
        Row {
            name: "branch -C, reftable",
            fires: "",
            class: "enforced",
            of: "main",
            before: ahead,
            run: |repo| git(repo, &["branch", "-C", OTHER, "main"]),
        },
        Row {
            name: "pack-refs, reftable",
            fires: "",
            class: "enforced",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["pack-refs", "--all"]),
        },
    ];
    for git in gits() {
        if version_of(&git) < (2, 45) {
            let refused = Repo::bare_folder()
                .with_git(&git)
                .git(&["init", "--ref-format=reftable"]);
            assert_eq!(refused.code(), 129);
        } else {
            assert_eq!(deviations(&Scene::with_tables(&git), &rows), "");
        }
    }
}

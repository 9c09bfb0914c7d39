//! Merges.

use super::{OTHER, Row, forked, git, hold, nothing, other, remote};
use crate::enrolled::{HONEST, WORK};
use crate::support::Repo;

const MERGED: &str = "merge: bring the other branch in [TASK-001]";

fn ahead(repo: &Repo) {
    other(repo, "b.txt");
}

fn two_forks(repo: &Repo) {
    forked(repo);
    git(
        repo,
        &["switch", "-q", "-c", "feat/TASK-001-third", "HEAD~1"],
    );
    repo.step("c.txt");
    git(repo, &["switch", "-q", WORK]);
}

fn in_conflict(repo: &Repo) {
    super::stopped(repo, &["merge", OTHER]);
}

/// Publishes [`OTHER`] under the name of the work branch, and forgets it here.
fn published(repo: &Repo) {
    remote(repo);
    let refspec = format!("{OTHER}:{WORK}");
    git(repo, &["push", "-q", "--no-verify", "origin", &refspec]);
    git(
        repo,
        &["update-ref", "-d", &format!("refs/remotes/origin/{WORK}")],
    );
    git(repo, &["branch", "-q", "-D", OTHER]);
}

fn remote_ahead(repo: &Repo) {
    ahead(repo);
    published(repo);
}

fn remote_forked(repo: &Repo) {
    forked(repo);
    published(repo);
}

fn pull(repo: &Repo, args: &[&str]) {
    git(repo, &[&["pull", "-q"], args, &["origin", WORK]].concat());
}

#[test]
fn fast_forwards_make_no_commit() {
    hold(&[
        Row {
            name: "merge",
            fires: "RT pom",
            class: "enforced",
            of: "HEAD",
            before: ahead,
            run: |repo| git(repo, &["merge", "-q", OTHER]),
        },
        Row {
            name: "merge --ff-only",
            fires: "RT pom",
            class: "enforced",
            of: "HEAD",
            before: ahead,
            run: |repo| git(repo, &["merge", "-q", "--ff-only", OTHER]),
        },
        Row {
            name: "merge --no-verify",
            fires: "RT pom",
            class: "enforced",
            of: "HEAD",
            before: ahead,
            run: |repo| git(repo, &["merge", "-q", "--no-verify", OTHER]),
        },
        Row {
            name: "pull, fast-forward",
            fires: "RT pom",
            class: "enforced",
            of: "HEAD",
            before: remote_ahead,
            run: |repo| pull(repo, &["--no-rebase"]),
        },
        Row {
            name: "pull --ff-only --no-verify",
            fires: "RT pom",
            class: "enforced",
            of: "HEAD",
            before: remote_ahead,
            run: |repo| pull(repo, &["--ff-only", "--no-verify"]),
        },
    ]);
}

#[test]
fn true_merges_are_told_from_their_commits() {
    const TRUE: &str = "pmc pcm cm RT pom";
    hold(&[
        Row {
            name: "merge",
            fires: TRUE,
            class: "merge",
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["merge", "-m", MERGED, OTHER]),
        },
        Row {
            name: "merge --no-ff",
            fires: TRUE,
            class: "merge",
            of: "HEAD",
            before: ahead,
            run: |repo| git(repo, &["merge", "--no-ff", "-m", MERGED, OTHER]),
        },
        Row {
            name: "octopus",
            fires: TRUE,
            class: "merge",
            of: "HEAD",
            before: two_forks,
            run: |repo| git(repo, &["merge", "-m", MERGED, OTHER, "feat/TASK-001-third"]),
        },
        Row {
            name: "pull",
            fires: "RT pmc pcm cm RT pom",
            class: "merge",
            of: "HEAD",
            before: remote_forked,
            run: |repo| pull(repo, &["--no-rebase", "--no-edit"]),
        },
        Row {
            name: "pull --no-verify",
            fires: "RT pcm RT pom",
            class: "bypassed (no-verify)",
            of: "HEAD",
            before: remote_forked,
            run: |repo| pull(repo, &["--no-rebase", "--no-edit", "--no-verify"]),
        },
        Row {
            name: "merge --no-verify",
            fires: "pcm RT pom",
            class: "bypassed (no-verify)",
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["merge", "--no-verify", "-m", MERGED, OTHER]),
        },
    ]);
}

#[test]
fn merges_that_a_person_ends_are_judged_by_what_was_added() {
    const ENDED: &str = "pc pcm cm RT poc";
    hold(&[
        Row {
            name: "conflict, commit",
            fires: ENDED,
            class: "enforced",
            of: "HEAD",
            before: in_conflict,
            run: |repo| git(repo, &["commit", "-m", MERGED]),
        },
        Row {
            name: "conflict, merge --continue",
            fires: ENDED,
            class: "enforced",
            of: "HEAD",
            before: in_conflict,
            run: |repo| {
                std::fs::write(repo.at(".git/MERGE_MSG"), MERGED).unwrap();
                super::git_edited(repo, &["merge", "--continue"]);
            },
        },
        Row {
            name: "conflict, commit -n",
            fires: "pcm RT poc",
            class: "bypassed (no-verify)",
            of: "HEAD",
            before: in_conflict,
            run: |repo| git(repo, &["commit", "-n", "-m", MERGED]),
        },
        Row {
            name: "conflict, merge --continue --no-verify",
            fires: "",
            class: "enforced",
            of: "HEAD",
            before: in_conflict,
            run: |repo| {
                assert_eq!(
                    repo.git(&["merge", "--continue", "--no-verify"]).code(),
                    129
                );
            },
        },
        Row {
            name: "merge --no-commit, commit",
            fires: ENDED,
            class: "merge",
            of: "HEAD",
            before: |repo| {
                forked(repo);
                git(repo, &["merge", "-q", "--no-commit", OTHER]);
            },
            run: |repo| git(repo, &["commit", "-m", MERGED]),
        },
        Row {
            name: "merge --no-commit, commit -n",
            fires: "pcm RT poc",
            class: "bypassed (no-verify)",
            of: "HEAD",
            before: |repo| {
                forked(repo);
                git(repo, &["merge", "-q", "--no-commit", OTHER]);
            },
            run: |repo| git(repo, &["commit", "-n", "-m", MERGED]),
        },
        Row {
            name: "merge --squash, commit",
            fires: "pom pc pcm cm RT poc",
            class: "enforced",
            of: "HEAD",
            before: forked,
            run: |repo| {
                git(repo, &["merge", "-q", "--squash", OTHER]);
                git(repo, &["commit", "-m", HONEST]);
            },
        },
        Row {
            name: "merge of what is there",
            fires: "",
            class: "enforced",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["merge", "-q", "main"]),
        },
    ]);
}

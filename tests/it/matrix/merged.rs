//! Merges.

use super::{Row, git, hold, nothing, other};
use crate::enrolled::{HONEST, WORK};
use crate::support::Repo;

const OTHER: &str = "feat/TASK-001-other";
const MERGED: &str = "merge: bring the other branch in [TASK-001]";

fn ahead(repo: &Repo) {
    other(repo, "b.txt");
}

fn forked(repo: &Repo) {
    other(repo, "b.txt");
    repo.step("a.txt");
}

fn two_forks(repo: &Repo) {
    forked(repo);
    git(repo, &["switch", "-q", "-c", "feat/TASK-001-third", "HEAD~1"]);
    repo.step("c.txt");
    git(repo, &["switch", "-q", WORK]);
}

fn in_conflict(repo: &Repo) {
    git(repo, &["switch", "-q", "-c", OTHER]);
    repo.stage("app.txt", "theirs\n");
    let _ = repo.commit(HONEST).ok();
    git(repo, &["switch", "-q", WORK]);
    repo.stage("app.txt", "ours\n");
    let _ = repo.commit(HONEST).ok();
    assert_eq!(repo.git(&["merge", OTHER]).code(), 1);
    repo.stage("app.txt", "both\n");
}

fn remote_forked(repo: &Repo) {
    git(repo, &["init", "-q", "--bare", "../remote.git"]);
    git(repo, &["remote", "add", "origin", "../remote.git"]);
    forked(repo);
    git(repo, &["push", "-q", "--no-verify", "origin", &format!("{OTHER}:{WORK}")]);
    git(repo, &["branch", "-q", "-D", OTHER]);
}

#[test]
fn fast_forwards_make_no_commit() {
    hold(&[
        Row { name: "merge", fires: "RT pom", class: "enforced", before: ahead, run: |repo| git(repo, &["merge", "-q", OTHER]) },
        Row { name: "merge --ff-only", fires: "RT pom", class: "enforced", before: ahead, run: |repo| git(repo, &["merge", "-q", "--ff-only", OTHER]) },
        Row {
            name: "merge --no-verify",
            fires: "RT pom",
            class: "enforced",
            before: ahead,
            run: |repo| git(repo, &["merge", "-q", "--no-verify", OTHER]),
        },
    ]);
}

#[test]
fn true_merges_are_told_from_their_commits() {
    const TRUE: &str = "pmc pcm cm RT pom";
    hold(&[
        Row { name: "merge", fires: TRUE, class: "merge", before: forked, run: |repo| git(repo, &["merge", "-m", MERGED, OTHER]) },
        Row { name: "merge --no-ff", fires: TRUE, class: "merge", before: ahead, run: |repo| git(repo, &["merge", "--no-ff", "-m", MERGED, OTHER]) },
        Row {
            name: "octopus",
            fires: TRUE,
            class: "merge",
            before: two_forks,
            run: |repo| git(repo, &["merge", "-m", MERGED, OTHER, "feat/TASK-001-third"]),
        },
        Row {
            name: "pull",
            fires: "RT pmc pcm cm RT pom",
            class: "merge",
            before: remote_forked,
            run: |repo| {
                git(repo, &["pull", "-q", "--no-rebase", "--no-edit", "origin", WORK]);
                strip_fetch(repo);
            },
        },
        Row {
            name: "merge --no-verify",
            fires: "pcm RT pom",
            class: "bypassed (no-verify)",
            before: forked,
            run: |repo| git(repo, &["merge", "--no-verify", "-m", MERGED, OTHER]),
        },
    ]);
}

/// Whether the fetch of a pull moves a reference that the table counts depends on git; the row counts it.
fn strip_fetch(repo: &Repo) {
    let fired = super::what_fired(repo);
    let fired = if fired.starts_with("RT") { fired } else { format!("RT {fired}") };
    std::fs::write(super::fired(repo), fired.replace(' ', "\n")).unwrap();
}

#[test]
fn merges_that_a_person_ends_are_judged_by_what_was_added() {
    const ENDED: &str = "pc pcm cm RT poc";
    hold(&[
        Row { name: "conflict, commit", fires: ENDED, class: "enforced", before: in_conflict, run: |repo| git(repo, &["commit", "-m", MERGED]) },
        Row {
            name: "conflict, merge --continue",
            fires: ENDED,
            class: "enforced",
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
            before: in_conflict,
            run: |repo| git(repo, &["commit", "-n", "-m", MERGED]),
        },
        Row {
            name: "merge --no-commit, commit",
            fires: ENDED,
            class: "merge",
            before: |repo| {
                forked(repo);
                git(repo, &["merge", "-q", "--no-commit", OTHER]);
            },
            run: |repo| git(repo, &["commit", "-m", MERGED]),
        },
        Row {
            name: "merge --squash, commit",
            fires: "pom pc pcm cm RT poc",
            class: "enforced",
            before: forked,
            run: |repo| {
                git(repo, &["merge", "-q", "--squash", OTHER]);
                git(repo, &["commit", "-m", HONEST]);
            },
        },
        Row { name: "merge of what is there", fires: "", class: "enforced", before: nothing, run: |repo| git(repo, &["merge", "-q", "main"]) },
    ]);
}

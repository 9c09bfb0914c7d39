//! Commits and amends.

use super::{Row, git, hold, nothing};
use crate::enrolled::HONEST;
use crate::support::Repo;

const LINKED: &str = "feat/TASK-001-linked";
const ORPHAN: &str = "feat/TASK-001-orphan";

const COMMIT: &str = "pc pcm cm RT poc";
const SKIPPED: &str = "pcm RT poc";
const NO_VERIFY: &str = "bypassed (no-verify)";

fn staged(repo: &Repo) {
    repo.stage("a.txt", "a\n");
}

fn edited(repo: &Repo) {
    repo.write("app.txt", "changed\n");
}

fn edited_and_another_staged(repo: &Repo) {
    edited(repo);
    staged(repo);
}

/// A branch without a commit whose index declares PM anew.
fn orphan(repo: &Repo) {
    git(repo, &["checkout", "-q", "--orphan", ORPHAN]);
}

fn linked(repo: &Repo) {
    git(repo, &["worktree", "add", "-q", "../linked", "-b", LINKED]);
}

fn in_linked(repo: &Repo, args: &[&str]) {
    let _ = repo.git_in(&repo.at("../linked"), args).ok();
}

#[test]
fn commits_are_enforced() {
    hold(&[
        Row {
            name: "commit",
            fires: COMMIT,
            class: "enforced",
            of: "HEAD",
            before: staged,
            run: |repo| git(repo, &["commit", "-m", HONEST]),
        },
        Row {
            name: "commit -a",
            fires: COMMIT,
            class: "enforced",
            of: "HEAD",
            before: edited,
            run: |repo| git(repo, &["commit", "-am", HONEST]),
        },
        Row {
            name: "commit -- path",
            fires: COMMIT,
            class: "enforced",
            of: "HEAD",
            before: edited_and_another_staged,
            run: |repo| git(repo, &["commit", "-m", HONEST, "--", "app.txt"]),
        },
        Row {
            name: "commit --allow-empty",
            fires: COMMIT,
            class: "enforced",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["commit", "--allow-empty", "-m", HONEST]),
        },
        Row {
            name: "commit --fixup",
            fires: COMMIT,
            class: "enforced",
            of: "HEAD",
            before: staged,
            run: |repo| git(repo, &["commit", "--fixup", "HEAD"]),
        },
        Row {
            name: "commit on an orphan branch",
            fires: COMMIT,
            class: "enforced",
            of: "HEAD",
            before: orphan,
            run: |repo| git(repo, &["commit", "-m", HONEST]),
        },
        Row {
            name: "commit in a linked worktree",
            fires: COMMIT,
            class: "enforced",
            of: LINKED,
            before: linked,
            run: |repo| in_linked(repo, &["commit", "--allow-empty", "-m", HONEST]),
        },
    ]);
}

#[test]
fn commits_with_no_verify_are_seen() {
    hold(&[
        Row {
            name: "commit -n",
            fires: SKIPPED,
            class: NO_VERIFY,
            of: "HEAD",
            before: staged,
            run: |repo| git(repo, &["commit", "-nm", HONEST]),
        },
        Row {
            name: "commit -a --no-veri",
            fires: SKIPPED,
            class: NO_VERIFY,
            of: "HEAD",
            before: edited,
            run: |repo| git(repo, &["commit", "--no-veri", "-am", HONEST]),
        },
        Row {
            name: "commit -n -- path",
            fires: SKIPPED,
            class: NO_VERIFY,
            of: "HEAD",
            before: edited_and_another_staged,
            run: |repo| git(repo, &["commit", "-n", "-m", HONEST, "--", "app.txt"]),
        },
        Row {
            name: "commit -n --allow-empty",
            fires: SKIPPED,
            class: NO_VERIFY,
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["commit", "-n", "--allow-empty", "-m", HONEST]),
        },
        Row {
            name: "commit -n --fixup",
            fires: SKIPPED,
            class: NO_VERIFY,
            of: "HEAD",
            before: staged,
            run: |repo| git(repo, &["commit", "-n", "--fixup", "HEAD"]),
        },
        Row {
            name: "commit -n on an orphan branch",
            fires: SKIPPED,
            class: NO_VERIFY,
            of: "HEAD",
            before: orphan,
            run: |repo| git(repo, &["commit", "-nm", HONEST]),
        },
        Row {
            name: "commit -n in a linked worktree",
            fires: SKIPPED,
            class: NO_VERIFY,
            of: LINKED,
            before: linked,
            run: |repo| in_linked(repo, &["commit", "-n", "--allow-empty", "-m", HONEST]),
        },
        Row {
            name: "commit -n by an alias",
            fires: SKIPPED,
            class: NO_VERIFY,
            of: "HEAD",
            before: staged,
            run: |repo| {
                git(
                    repo,
                    &["-c", "alias.quick=commit -n", "quick", "-m", HONEST],
                )
            },
        },
    ]);
}

#[test]
fn amends_are_judged_against_what_they_replace() {
    hold(&[
        Row {
            name: "commit --amend",
            fires: "pc pcm cm RT poc prw",
            class: "enforced",
            of: "HEAD",
            before: staged,
            run: |repo| git(repo, &["commit", "--amend", "-m", HONEST]),
        },
        Row {
            name: "commit --amend -n",
            fires: "pcm RT poc prw",
            class: NO_VERIFY,
            of: "HEAD",
            before: staged,
            run: |repo| git(repo, &["commit", "-n", "--amend", "-m", HONEST]),
        },
    ]);
}

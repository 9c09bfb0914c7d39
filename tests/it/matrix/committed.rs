//! Commits and amends.

use super::{Row, git, hold, nothing};
use crate::enrolled::HONEST;
use crate::support::Repo;

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

#[test]
fn commits_are_enforced() {
    hold(&[
        Row { name: "commit", fires: COMMIT, class: "enforced", before: staged, run: |repo| git(repo, &["commit", "-m", HONEST]) },
        Row { name: "commit -a", fires: COMMIT, class: "enforced", before: edited, run: |repo| git(repo, &["commit", "-am", HONEST]) },
        Row {
            name: "commit -- path",
            fires: COMMIT,
            class: "enforced",
            before: edited_and_another_staged,
            run: |repo| git(repo, &["commit", "-m", HONEST, "--", "app.txt"]),
        },
        Row {
            name: "commit --allow-empty",
            fires: COMMIT,
            class: "enforced",
            before: nothing,
            run: |repo| git(repo, &["commit", "--allow-empty", "-m", HONEST]),
        },
        Row { name: "commit --fixup", fires: COMMIT, class: "enforced", before: staged, run: |repo| git(repo, &["commit", "--fixup", "HEAD"]) },
        Row {
            name: "commit on an orphan branch",
            fires: COMMIT,
            class: "enforced",
            before: |repo| git(repo, &["switch", "-q", "--orphan", "feat/TASK-001-orphan"]),
            run: |repo| {
                repo.declare("PM");
                git(repo, &["commit", "-m", HONEST]);
            },
        },
        Row {
            name: "commit in a linked worktree",
            fires: COMMIT,
            class: "enforced",
            before: |repo| git(repo, &["worktree", "add", "-q", "../linked", "-b", "feat/TASK-001-linked"]),
            run: |repo| {
                let linked = repo.at("../linked");
                std::fs::remove_file(super::fired(repo)).unwrap_or_default();
                let _ = repo.git_in(&linked, &["commit", "--allow-empty", "-m", HONEST]).ok();
                // The table looks at HEAD of the main work tree.
                let fired = super::what_fired(repo);
                git(repo, &["-c", "core.hooksPath=/dev/null", "merge", "-q", "--ff-only", "feat/TASK-001-linked"]);
                std::fs::write(super::fired(repo), fired.replace(' ', "\n")).unwrap();
            },
        },
    ]);
}

#[test]
fn commits_with_no_verify_are_seen() {
    hold(&[
        Row { name: "commit -n", fires: SKIPPED, class: NO_VERIFY, before: staged, run: |repo| git(repo, &["commit", "-nm", HONEST]) },
        Row {
            name: "commit -a --no-veri",
            fires: SKIPPED,
            class: NO_VERIFY,
            before: edited,
            run: |repo| git(repo, &["commit", "--no-veri", "-am", HONEST]),
        },
        Row {
            name: "commit -n -- path",
            fires: SKIPPED,
            class: NO_VERIFY,
            before: edited_and_another_staged,
            run: |repo| git(repo, &["commit", "-n", "-m", HONEST, "--", "app.txt"]),
        },
        Row {
            name: "commit -n by an alias",
            fires: SKIPPED,
            class: NO_VERIFY,
            before: staged,
            run: |repo| git(repo, &["-c", "alias.quick=commit -n", "quick", "-m", HONEST]),
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
            before: staged,
            run: |repo| git(repo, &["commit", "--amend", "-m", HONEST]),
        },
        Row {
            name: "commit --amend -n",
            fires: "pcm RT poc prw",
            class: NO_VERIFY,
            before: staged,
            run: |repo| git(repo, &["commit", "-n", "--amend", "-m", HONEST]),
        },
    ]);
}

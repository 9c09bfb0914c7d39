//! Rebases, cherry-picks and reverts.

use super::{Row, git, git_edited, hold, other};
use crate::enrolled::{HONEST, WORK};
use crate::support::Repo;

const OTHER: &str = "feat/TASK-001-other";

fn forked(repo: &Repo) {
    other(repo, "b.txt");
    repo.step("a.txt");
}

fn two_steps(repo: &Repo) {
    repo.step("a.txt");
    repo.step("c.txt");
}

fn conflicting(repo: &Repo) {
    git(repo, &["switch", "-q", "-c", OTHER]);
    repo.stage("app.txt", "theirs\n");
    let _ = repo.commit(HONEST).ok();
    git(repo, &["switch", "-q", WORK]);
    repo.stage("app.txt", "ours\n");
    let _ = repo.commit(HONEST).ok();
}

fn stopped(repo: &Repo, args: &[&str]) {
    conflicting(repo);
    assert_ne!(repo.git(args).code(), 0);
    repo.stage("app.txt", "both\n");
}

fn interactive(repo: &Repo, sed: &str, args: &[&str]) {
    let sequence = format!("sed -i '{sed}'");
    let _ = repo.git_with(&[("GIT_EDITOR", "true"), ("GIT_SEQUENCE_EDITOR", &sequence)], args).ok();
}

#[test]
fn rebases_replay() {
    const PICK: &str = "RT pcm RT poc RT prw";
    const REPLAYED: &str = "replayed (rebase)";
    hold(&[
        Row { name: "rebase", fires: PICK, class: REPLAYED, before: forked, run: |repo| git(repo, &["rebase", "-q", OTHER]) },
        Row { name: "rebase --no-verify", fires: PICK, class: REPLAYED, before: forked, run: |repo| git(repo, &["rebase", "-q", "--no-verify", OTHER]) },
        Row { name: "rebase --apply", fires: "RT apm pap RT pop prw RT", class: REPLAYED, before: forked, run: |repo| git(repo, &["rebase", "-q", "--apply", OTHER]) },
        Row {
            name: "rebase, conflict, --continue",
            fires: "pcm RT poc RT prw",
            class: "replayed (edited rebase)",
            before: |repo| stopped(repo, &["rebase", OTHER]),
            run: |repo| git_edited(repo, &["rebase", "--continue"]),
        },
        Row {
            name: "rebase -i, reword",
            fires: "RT pc pcm cm RT poc prw RT prw",
            class: "enforced",
            before: two_steps,
            run: |repo| {
                interactive(repo, "s/^pick/reword/", &["rebase", "-i", "HEAD~1"]);
            },
        },
        Row {
            name: "rebase -i, fixup",
            fires: "RT pcm RT poc prw RT prw",
            class: REPLAYED,
            before: two_steps,
            run: |repo| interactive(repo, "2s/^pick/fixup/", &["rebase", "-i", "HEAD~2"]),
        },
        Row {
            name: "rebase -i, squash",
            fires: "RT pcm RT poc prw RT prw",
            class: REPLAYED,
            before: two_steps,
            run: |repo| interactive(repo, "2s/^pick/squash/", &["rebase", "-i", "HEAD~2"]),
        },
        Row {
            name: "rebase -i, edit, --continue",
            fires: "RT pcm RT poc prw RT prw",
            class: "replayed (edited rebase)",
            before: two_steps,
            run: |repo| {
                interactive(repo, "s/^pick/edit/", &["rebase", "-i", "HEAD~1"]);
                repo.stage("d.txt", "d\n");
                git_edited(repo, &["rebase", "--continue"]);
            },
        },
        Row {
            name: "rebase that only fast-forwards",
            fires: "RT",
            class: "enforced",
            before: |repo| other(repo, "b.txt"),
            run: |repo| git(repo, &["rebase", "-q", OTHER]),
        },
        Row {
            name: "pull --rebase",
            fires: PICK,
            class: REPLAYED,
            before: |repo| {
                git(repo, &["init", "-q", "--bare", "../remote.git"]);
                git(repo, &["remote", "add", "origin", "../remote.git"]);
                forked(repo);
                git(repo, &["push", "-q", "--no-verify", "origin", OTHER]);
                git(repo, &["fetch", "-q", "origin"]);
            },
            run: |repo| git(repo, &["pull", "-q", "--rebase", "origin", OTHER]),
        },
    ]);
}

#[test]
fn cherry_picks_and_reverts_replay() {
    const PICK: &str = "pcm RT poc";
    const REPLAYED: &str = "replayed (cherry-pick)";
    const ENDED: &str = "pc pcm cm RT poc";
    hold(&[
        Row { name: "cherry-pick", fires: PICK, class: REPLAYED, before: forked, run: |repo| git(repo, &["cherry-pick", OTHER]) },
        Row { name: "cherry-pick -x", fires: PICK, class: REPLAYED, before: forked, run: |repo| git(repo, &["cherry-pick", "-x", OTHER]) },
        Row { name: "cherry-pick -e", fires: PICK, class: REPLAYED, before: forked, run: |repo| git_edited(repo, &["cherry-pick", "-e", OTHER]) },
        Row {
            name: "cherry-pick of several",
            fires: "pcm RT poc pcm RT poc",
            class: REPLAYED,
            before: |repo| {
                git(repo, &["switch", "-q", "-c", OTHER]);
                two_steps(repo);
                git(repo, &["switch", "-q", WORK]);
                repo.step("b.txt");
            },
            run: |repo| git(repo, &["cherry-pick", &format!("{OTHER}~2..{OTHER}")]),
        },
        Row {
            name: "cherry-pick --ff",
            fires: "RT",
            class: "enforced",
            before: |repo| other(repo, "b.txt"),
            run: |repo| git(repo, &["cherry-pick", "--ff", OTHER]),
        },
        Row {
            name: "cherry-pick, conflict, --continue",
            fires: ENDED,
            class: "enforced",
            before: |repo| stopped(repo, &["cherry-pick", OTHER]),
            run: |repo| git_edited(repo, &["cherry-pick", "--continue"]),
        },
        Row {
            name: "cherry-pick -n, commit",
            fires: ENDED,
            class: "enforced",
            before: forked,
            run: |repo| {
                git(repo, &["cherry-pick", "-n", OTHER]);
                git(repo, &["commit", "-m", HONEST]);
            },
        },
        Row {
            name: "cherry-pick -n, commit -n",
            fires: "pcm RT poc",
            class: "bypassed (no-verify)",
            before: forked,
            run: |repo| {
                git(repo, &["cherry-pick", "-n", OTHER]);
                git(repo, &["commit", "-n", "-m", HONEST]);
            },
        },
        Row { name: "revert", fires: PICK, class: "replayed (revert)", before: two_steps, run: |repo| git(repo, &["revert", "--no-edit", "HEAD~1"]) },
        Row { name: "revert, edited", fires: PICK, class: "replayed (revert)", before: two_steps, run: |repo| git_edited(repo, &["revert", "HEAD"]) },
    ]);
}

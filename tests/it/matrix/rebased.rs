//! Rebases, cherry-picks and reverts.

use super::{OTHER, Row, forked, git, git_edited, hold, other, remote, stopped};
use crate::enrolled::{HONEST, WORK};
use crate::support::Repo;

fn two_steps(repo: &Repo) {
    repo.step("a.txt");
    repo.step("c.txt");
}

/// Publishes [`OTHER`], of which this repository knows nothing yet.
fn published(repo: &Repo) {
    forked(repo);
    remote(repo);
    git(repo, &["push", "-q", "--no-verify", "origin", OTHER]);
    let tracking = format!("refs/remotes/origin/{OTHER}");
    git(repo, &["update-ref", "-d", &tracking]);
}

fn interactive(repo: &Repo, sed: &str, args: &[&str]) {
    let sequence = format!("sed -i '{sed}'");
    let _ = repo
        .git_with(
            &[("GIT_EDITOR", "true"), ("GIT_SEQUENCE_EDITOR", &sequence)],
            args,
        )
        .ok();
}

const PICK: &str = "prb RT pco pcm RT poc RT prw";
/// With `--no-verify`.
const PICK_UNASKED: &str = "RT pco pcm RT poc RT prw";
const REPLAYED: &str = "replayed (rebase)";

#[test]
fn rebases_replay() {
    hold(&[
        Row {
            name: "rebase",
            fires: PICK,
            class: REPLAYED,
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["rebase", "-q", OTHER]),
        },
        Row {
            name: "rebase --no-verify",
            fires: PICK_UNASKED,
            class: REPLAYED,
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["rebase", "-q", "--no-verify", OTHER]),
        },
        Row {
            name: "rebase --apply",
            fires: "prb RT pco apm pap RT pop prw RT",
            class: REPLAYED,
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["rebase", "-q", "--apply", OTHER]),
        },
        Row {
            name: "rebase --apply --no-verify",
            fires: "RT pco apm pap RT pop prw RT",
            class: REPLAYED,
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["rebase", "-q", "--apply", "--no-verify", OTHER]),
        },
        Row {
            name: "rebase --no-verify, conflict, --continue",
            fires: "pcm RT poc RT prw",
            class: "replayed (edited rebase)",
            of: "HEAD",
            before: |repo| stopped(repo, &["rebase", "--no-verify", OTHER]),
            run: |repo| git_edited(repo, &["rebase", "--continue"]),
        },
        Row {
            name: "rebase, conflict, --continue",
            fires: "pcm RT poc RT prw",
            class: "replayed (edited rebase)",
            of: "HEAD",
            before: |repo| stopped(repo, &["rebase", OTHER]),
            run: |repo| git_edited(repo, &["rebase", "--continue"]),
        },
        Row {
            name: "rebase that only fast-forwards",
            fires: "prb RT pco RT",
            class: "enforced",
            of: "HEAD",
            before: |repo| other(repo, "b.txt"),
            run: |repo| git(repo, &["rebase", "-q", OTHER]),
        },
        Row {
            name: "pull --rebase",
            fires: "RT prb RT pco pcm RT poc RT prw",
            class: REPLAYED,
            of: "HEAD",
            before: published,
            run: |repo| git(repo, &["pull", "-q", "--rebase", "origin", OTHER]),
        },
        Row {
            name: "pull --rebase --no-verify",
            fires: "RT prb RT pco pcm RT poc RT prw",
            class: REPLAYED,
            of: "HEAD",
            before: published,
            run: |repo| {
                git(
                    repo,
                    &["pull", "-q", "--rebase", "--no-verify", "origin", OTHER],
                )
            },
        },
    ]);
}

#[test]
fn interactive_rebases_judge_what_was_reworded_or_edited() {
    hold(&[
        Row {
            name: "rebase -i, reword",
            fires: "prb RT pco RT pc pcm cm RT poc prw RT prw",
            class: "enforced",
            of: "HEAD",
            before: two_steps,
            run: |repo| {
                interactive(repo, "s/^pick/reword/", &["rebase", "-i", "HEAD~1"]);
            },
        },
        Row {
            name: "rebase -i --no-verify, reword",
            fires: "RT pco RT pc pcm cm RT poc prw RT prw",
            class: "enforced",
            of: "HEAD",
            before: two_steps,
            run: |repo| {
                let args = ["rebase", "-i", "--no-verify", "HEAD~1"];
                interactive(repo, "s/^pick/reword/", &args);
            },
        },
        Row {
            name: "rebase -i, fixup",
            fires: "prb RT pco pcm RT poc prw RT prw",
            class: REPLAYED,
            of: "HEAD",
            before: two_steps,
            run: |repo| interactive(repo, "2s/^pick/fixup/", &["rebase", "-i", "HEAD~2"]),
        },
        Row {
            name: "rebase -i, squash",
            fires: "prb RT pco pcm RT poc prw RT prw",
            class: REPLAYED,
            of: "HEAD",
            before: two_steps,
            run: |repo| interactive(repo, "2s/^pick/squash/", &["rebase", "-i", "HEAD~2"]),
        },
        Row {
            name: "rebase -i, edit, --continue",
            fires: "prb RT pco RT pcm RT poc prw RT prw",
            class: "replayed (edited rebase)",
            of: "HEAD",
            before: two_steps,
            run: |repo| {
                interactive(repo, "s/^pick/edit/", &["rebase", "-i", "HEAD~1"]);
                repo.stage("d.txt", "d\n");
                git_edited(repo, &["rebase", "--continue"]);
            },
        },
    ]);
}

#[test]
fn cherry_picks_and_reverts_replay() {
    const PICK: &str = "pcm RT poc";
    const REPLAYED: &str = "replayed (cherry-pick)";
    const ENDED: &str = "pc pcm cm RT poc";
    hold(&[
        Row {
            name: "cherry-pick",
            fires: PICK,
            class: REPLAYED,
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["cherry-pick", OTHER]),
        },
        Row {
            name: "cherry-pick -x",
            fires: PICK,
            class: REPLAYED,
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["cherry-pick", "-x", OTHER]),
        },
        Row {
            name: "cherry-pick -e",
            fires: PICK,
            class: REPLAYED,
            of: "HEAD",
            before: forked,
            run: |repo| git_edited(repo, &["cherry-pick", "-e", OTHER]),
        },
        Row {
            name: "cherry-pick of several",
            fires: "pcm RT poc pcm RT poc",
            class: REPLAYED,
            of: "HEAD",
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
            of: "HEAD",
            before: |repo| other(repo, "b.txt"),
            run: |repo| git(repo, &["cherry-pick", "--ff", OTHER]),
        },
        Row {
            name: "cherry-pick, conflict, --continue",
            fires: ENDED,
            class: "enforced",
            of: "HEAD",
            before: |repo| stopped(repo, &["cherry-pick", OTHER]),
            run: |repo| git_edited(repo, &["cherry-pick", "--continue"]),
        },
        Row {
            name: "cherry-pick -n, commit",
            fires: ENDED,
            class: "enforced",
            of: "HEAD",
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
            of: "HEAD",
            before: forked,
            run: |repo| {
                git(repo, &["cherry-pick", "-n", OTHER]);
                git(repo, &["commit", "-n", "-m", HONEST]);
            },
        },
        Row {
            name: "cherry-pick --no-verify, revert --no-verify",
            fires: "",
            class: "enforced",
            of: "HEAD",
            before: forked,
            run: |repo| {
                for command in ["cherry-pick", "revert"] {
                    assert_eq!(repo.git(&[command, "--no-verify", OTHER]).code(), 129);
                }
            },
        },
        Row {
            name: "cherry-pick, conflict, commit -n",
            fires: "pcm RT poc",
            class: "bypassed (no-verify)",
            of: "HEAD",
            before: |repo| stopped(repo, &["cherry-pick", OTHER]),
            run: |repo| git(repo, &["commit", "-n", "-m", HONEST]),
        },
        Row {
            name: "revert",
            fires: PICK,
            class: "replayed (revert)",
            of: "HEAD",
            before: two_steps,
            run: |repo| git(repo, &["revert", "--no-edit", "HEAD~1"]),
        },
        Row {
            name: "revert, edited",
            fires: PICK,
            class: "replayed (revert)",
            of: "HEAD",
            before: two_steps,
            run: |repo| git_edited(repo, &["revert", "HEAD"]),
        },
    ]);
}

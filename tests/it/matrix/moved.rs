//! References moved to other commits: by plumbing, by porcelain, with hooks off, past git. What no hook saw is foreign,
//! unless the reflog tells that git itself made it here.

use super::{NO_HOOKS, OTHER, Row, Scene, forked, git, git_fed, hold, nothing};
use crate::enrolled::{HONEST, WORK};
use crate::support::{Repo, gits, version_of};

const HOOKS_OFF: &str = "bypassed (hooks off)";

/// Makes a commit on `HEAD` by plumbing, which fires nothing; the same one each time.
fn made(repo: &Repo) -> String {
    repo.ask(&["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", HONEST])
}

/// An alias of the work branch.
fn aliased(repo: &Repo) {
    let alias = "refs/heads/feat/TASK-001-alias";
    git(
        repo,
        &["symbolic-ref", alias, &format!("refs/heads/{WORK}")],
    );
}

fn dirty(repo: &Repo) {
    repo.write("app.txt", "changed\n");
}

fn stashed(repo: &Repo) {
    dirty(repo);
    git(repo, &["stash", "push", "-q"]);
}

fn mailed(repo: &Repo) {
    forked(repo);
    git(repo, &["format-patch", "-q", "-1", "-o", "../mail", OTHER]);
}

#[test]
fn what_plumbing_made_is_foreign_by_whatever_name_it_comes() {
    hold(&[
        Row {
            name: "update-ref",
            fires: "RT",
            class: "foreign (plumbing)",
            of: OTHER,
            before: nothing,
            run: |repo| {
                git(
                    repo,
                    &["update-ref", &format!("refs/heads/{OTHER}"), &made(repo)],
                )
            },
        },
        Row {
            name: "update-ref --stdin",
            fires: "RT",
            class: "foreign (plumbing)",
            of: OTHER,
            before: nothing,
            run: |repo| {
                let line = format!("create refs/heads/{OTHER} {}\n", made(repo));
                git_fed(repo, &["update-ref", "--stdin"], &line);
            },
        },
        Row {
            name: "update-ref HEAD",
            fires: "RT",
            class: "foreign (plumbing)",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["update-ref", "HEAD", &made(repo)]),
        },
        Row {
            name: "update-ref of an alias",
            fires: "RT",
            class: "foreign (plumbing)",
            of: "HEAD",
            before: aliased,
            run: |repo| {
                let alias = "refs/heads/feat/TASK-001-alias";
                git(repo, &["update-ref", alias, &made(repo)]);
            },
        },
        Row {
            name: "update-ref from where it does not stand",
            fires: "",
            class: "enforced",
            of: "HEAD",
            before: nothing,
            run: |repo| {
                let refused = repo.git(&["update-ref", "HEAD", &made(repo), "main"]);
                assert_eq!(refused.code(), 128);
            },
        },
        Row {
            name: "branch -f",
            fires: "RT",
            class: "foreign (plumbing)",
            of: OTHER,
            before: forked,
            run: |repo| git(repo, &["branch", "-q", "-f", OTHER, &made(repo)]),
        },
        Row {
            name: "fast-import",
            fires: "RT",
            class: "foreign (plumbing)",
            of: OTHER,
            before: nothing,
            run: |repo| {
                let stream = format!(
                    "commit refs/heads/{OTHER}\ncommitter A <a@example.org> 1768467600 +0100\n\
                     data {}\n{HONEST}\nfrom refs/heads/{WORK}\n",
                    HONEST.len()
                );
                git_fed(repo, &["fast-import", "--quiet"], &stream);
            },
        },
        Row {
            name: "filter-branch",
            fires: "RT",
            class: "foreign (plumbing)",
            of: "HEAD",
            before: |repo| repo.step("a.txt"),
            run: |repo| {
                let quiet = [("FILTER_BRANCH_SQUELCH_WARNING", "1")];
                let args = ["filter-branch", "--msg-filter", "cat; echo", "HEAD~1..HEAD"];
                let _ = repo.git_with(&quiet, &args).ok();
            },
        },
        Row {
            name: "reset --hard",
            fires: "RT",
            class: "foreign (plumbing)",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["reset", "-q", "--hard", &made(repo)]),
        },
        Row {
            name: "reset --soft",
            fires: "RT",
            class: "foreign (plumbing)",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["reset", "-q", "--soft", &made(repo)]),
        },
        Row {
            name: "checkout -B",
            fires: "RT pco",
            class: "foreign (plumbing)",
            of: "HEAD",
            before: forked,
            run: |repo| git(repo, &["checkout", "-q", "-B", OTHER, &made(repo)]),
        },
        Row {
            name: "a direct write to the file",
            fires: "",
            class: "foreign (plumbing)",
            of: "HEAD",
            before: nothing,
            run: |repo| repo.write(&format!(".git/refs/heads/{WORK}"), made(repo) + "\n"),
        },
        Row {
            name: "a fresh clone",
            fires: "",
            class: "foreign",
            of: "refs/made",
            before: nothing,
            run: |repo| {
                git(repo, &["clone", "-q", ".", "../clone"]);
                let args = ["commit", "-q", "--allow-empty", "-m", HONEST];
                let _ = repo.git_in(&repo.at("../clone"), &args).ok();
                // The table asks by a name, which must fire nothing either.
                git(
                    repo,
                    &["-c", NO_HOOKS, "fetch", "-q", "../clone", "HEAD:refs/made"],
                );
            },
        },
    ]);
}

#[test]
fn moves_to_judged_commits_leave_their_class_alone() {
    hold(&[
        Row {
            name: "reset --hard to the same commit",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: dirty,
            run: |repo| git(repo, &["reset", "-q", "--hard"]),
        },
        Row {
            name: "stash push",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: dirty,
            run: |repo| git(repo, &["stash", "push", "-q"]),
        },
        Row {
            name: "stash pop",
            fires: "RT",
            class: "enforced",
            of: "HEAD",
            before: stashed,
            run: |repo| git(repo, &["stash", "pop", "-q"]),
        },
        Row {
            name: "checkout --detach",
            fires: "RT pco",
            class: "enforced",
            of: "HEAD",
            before: nothing,
            run: |repo| git(repo, &["checkout", "-q", "--detach"]),
        },
    ]);
}

#[test]
fn what_git_makes_with_its_hooks_off_is_known_by_the_reflog() {
    hold(&[
        Row {
            name: "commit, -c core.hooksPath=/dev/null",
            fires: "",
            class: HOOKS_OFF,
            of: "HEAD",
            before: nothing,
            run: |repo| off(repo, &["commit", "--allow-empty", "-m", HONEST]),
        },
        Row {
            name: "commit, GIT_CONFIG_COUNT",
            fires: "",
            class: HOOKS_OFF,
            of: "HEAD",
            before: nothing,
            run: |repo| {
                let env = [
                    ("GIT_CONFIG_COUNT", "1"),
                    ("GIT_CONFIG_KEY_0", "core.hooksPath"),
                    ("GIT_CONFIG_VALUE_0", "/dev/null"),
                ];
                let args = ["commit", "--allow-empty", "-m", HONEST];
                let _ = repo.git_with(&env, &args).ok();
            },
        },
        Row {
            name: "commit --amend",
            fires: "",
            class: HOOKS_OFF,
            of: "HEAD",
            before: nothing,
            run: |repo| off(repo, &["commit", "--amend", "-m", "feat: else [TASK-001]"]),
        },
        Row {
            name: "merge",
            fires: "",
            class: HOOKS_OFF,
            of: "HEAD",
            before: forked,
            run: |repo| off(repo, &["merge", "-q", "--no-edit", OTHER]),
        },
        Row {
            name: "cherry-pick",
            fires: "",
            class: HOOKS_OFF,
            of: "HEAD",
            before: forked,
            run: |repo| off(repo, &["cherry-pick", OTHER]),
        },
        Row {
            name: "revert",
            fires: "",
            class: HOOKS_OFF,
            of: "HEAD",
            before: forked,
            run: |repo| off(repo, &["revert", "--no-edit", "HEAD"]),
        },
        Row {
            name: "rebase",
            fires: "",
            class: HOOKS_OFF,
            of: "HEAD",
            before: forked,
            run: |repo| off(repo, &["rebase", "-q", OTHER]),
        },
        Row {
            name: "am",
            fires: "",
            class: HOOKS_OFF,
            of: "HEAD",
            before: mailed,
            run: |repo| {
                off(
                    repo,
                    &["am", "-q", "../mail/0001-feat-app-one-step-TASK-001.patch"],
                )
            },
        },
    ]);
}

/// Runs git with its hooks off.
fn off(repo: &Repo, args: &[&str]) {
    git(repo, &[&["-c", NO_HOOKS], args].concat());
}

#[test]
fn what_newer_plumbing_rewrites_is_foreign() {
    let replay = Row {
        name: "replay",
        fires: "RT",
        class: "foreign (plumbing)",
        of: WORK,
        before: forked,
        run: |repo| {
            let range = format!("main..{WORK}");
            // Until 2.53 it prints what `update-ref --stdin` is to do.
            let said = repo.ask(&["replay", "--onto", OTHER, &range]);
            if !said.is_empty() {
                git_fed(repo, &["update-ref", "--stdin"], &(said + "\n"));
            }
        },
    };
    let history = Row {
        name: "history reword",
        fires: "RT",
        class: "foreign (plumbing)",
        of: "HEAD",
        before: nothing,
        run: |repo| {
            let editor = [("GIT_EDITOR", "sed -i 1s/step/leap/")];
            let _ = repo.git_with(&editor, &["history", "reword", "HEAD"]).ok();
        },
    };
    let mut scene = Scene::new();
    for git in gits() {
        scene.turn_to(&git);
        for (row, since) in [(&replay, (2, 44)), (&history, (2, 54))] {
            if version_of(&git) >= since {
                assert_eq!(super::deviations(&scene, std::slice::from_ref(row)), "");
            } else {
                let command = row.name.split(' ').next().unwrap();
                assert_eq!(scene.again().git(&[command]).code(), 1, "{command}");
            }
        }
    }
}

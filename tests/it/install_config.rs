//! `install --config-hooks` with every git of the machine: hooks by configuration from 2.54 on, a clear error before.

use crate::install::{RECORDER, state, take_log};
use crate::support::{Repo, assert_same, gits, version_of};

#[test]
fn hooks_by_configuration_survive_a_hooks_path_of_dev_null() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]);
        repo.write_program(".git/hooks/pre-commit", RECORDER);
        let before = state(&repo);
        let installed = repo.pdd(&["install", "--config-hooks"]);
        if version_of(&git) < (2, 54) {
            let version = repo.ask(&["--version"]);
            assert_eq!(
                installed.text(),
                format!(
                    "exit: 2
--- stdout
--- stderr
error: could not use `--config-hooks`: it needs git 2.54 or later, and this is git {}
  = help: run `pdd-hooks install` without it: hook files work with every git
",
                    version.trim_start_matches("git version ")
                )
            );
            assert_same(&before, &state(&repo));
            continue;
        }
        assert_eq!(
            installed.ok().text(),
            "exit: 0
--- stdout
installed 13 hooks in $REPO/.git/pdd/hooks, run by configuration; other hooks run as before
config: hook.pdd-*.command and .event, 26 values (local)
undo: pdd-hooks uninstall
--- stderr
"
        );
        assert!(!repo.has(".git/pdd/chain"));
        // Ours run before the file, which is left alone.
        let listed = repo.ask(&["hook", "list", "pre-commit"]);
        assert_eq!(listed, "pdd-pre-commit\nhook from hookdir");
        let _ = repo
            .git(&["commit", "-q", "--allow-empty", "-m", "one"])
            .ok();
        assert_eq!(take_log(&repo), "pre-commit:\nMARK= top=$REPO\n");
        let off = ["-c", "core.hooksPath=/dev/null"];
        let listed = repo
            .git(&[&off[..], &["hook", "list", "commit-msg"]].concat())
            .ok();
        assert_eq!(listed.stdout, "pdd-commit-msg\n");
        refuses_a_commit_without_a_task(&repo, &off);

        let doctor = repo.pdd(&["doctor"]);
        assert_eq!(doctor.code(), 0, "{}", doctor.text());
        let _ = repo
            .git(&["config", "--global", "hook.pdd-pre-push.enabled", "false"])
            .ok();
        let doctor = repo.pdd(&["doctor"]);
        let problem = "problem reached from $REPO: git does not run pre-push\n";
        assert!(doctor.text().contains(problem), "{}", doctor.text());
        std::fs::remove_file(repo.root().join("home/.gitconfig")).unwrap();
        let again = repo.pdd(&["install", "--config-hooks"]).ok();
        assert!(again.stdout.starts_with("already installed: "));
        let _ = repo.pdd(&["uninstall"]).ok();
        let mut after = state(&repo);
        after.retain(|path, _| !path.starts_with(repo.at(".git/pdd")));
        assert_same(&before, &after);
    }
}

/// Adopts a policy and sees a commit refused, with the hooks folder switched off.
fn refuses_a_commit_without_a_task(repo: &Repo, off: &[&str]) {
    repo.write(".pdd.toml", "policy = 1\n");
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let _ = repo.git(&["switch", "-q", "-c", "feat/TASK-001-x"]).ok();
    let refused = repo.git(&[off, &["commit", "--allow-empty", "-m", "no task"]].concat());
    assert_eq!(refused.code(), 1, "{}", refused.text());
    assert!(
        refused.stderr.contains("error[PDD001]"),
        "{}",
        refused.text()
    );
    let _ = take_log(repo);
}

#[test]
fn the_two_ways_are_never_installed_together() {
    let by_file = Repo::new();
    let _ = by_file.pdd(&["install"]).ok();
    for git in gits() {
        if version_of(&git) < (2, 54) {
            continue;
        }
        let by_configuration = Repo::init_with(&git, &[]);
        let _ = by_configuration.pdd(&["install", "--config-hooks"]).ok();
        let refused = by_configuration.pdd(&["install"]);
        assert_eq!(
            refused.text(),
            "exit: 2
--- stdout
--- stderr
error: could not install twice: the hooks are already installed as configuration (`--config-hooks`)
  = help: run `pdd-hooks uninstall` first
"
        );
    }
    let newest = gits()
        .into_iter()
        .max_by_key(|git| version_of(git))
        .unwrap();
    let by_file = by_file.with_git(&newest);
    let refused = by_file.pdd(&["install", "--config-hooks"]);
    assert_eq!(refused.code(), 2);
    let expected = if version_of(&newest) < (2, 54) {
        "could not use `--config-hooks`"
    } else {
        "could not install twice: the hooks are already installed as files in the hooks folder"
    };
    assert!(refused.stderr.contains(expected), "{}", refused.text());
}

#[test]
fn hooks_in_the_global_configuration_are_not_doubled() {
    let repo = Repo::new();
    let _ = repo
        .git(&["config", "--global", "hook.pdd-pre-commit.command", "true"])
        .ok();
    let refused = repo.pdd(&["install"]);
    assert_eq!(
        refused.text(),
        "exit: 2
--- stdout
--- stderr
error: could not install twice: the hooks are already installed in the global configuration (`hook.pdd-*`)
  = help: remove those settings first
"
    );
}

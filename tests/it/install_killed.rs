//! An install that was killed: whatever the moment, `uninstall` puts everything back and `install` completes it.

use crate::install::{HOOKS, RECORDER, state};
use crate::support::{Repo, Snapshot, assert_same};

/// Takes a complete install back to the moment when `count` hooks were in place and nothing later was done.
fn rewind(repo: &Repo, config: &str, count: usize) {
    let manifest = repo.read(".git/pdd/manifest.json");
    let hooks = if manifest.contains("\"mode\": \"direct\"") {
        ".git/hooks"
    } else {
        ".git/pdd/hooks"
    };
    for name in HOOKS.iter().skip(count) {
        let path = repo.at(&format!("{hooks}/{name}"));
        std::fs::remove_file(&path).unwrap();
        let kept = repo.at(&format!(".git/pdd/{name}"));
        if kept.exists() {
            std::fs::rename(kept, path).unwrap();
        }
    }
    repo.write(".git/config", config);
    repo.write(
        ".git/pdd/manifest.json",
        manifest.replace("\"complete\": true", "\"complete\": false"),
    );
}

/// A repository with two hooks, which `prepare` may change, and a policy with one more protected name.
fn repository(prepare: fn(&Repo)) -> Repo {
    let repo = Repo::new();
    repo.write(
        ".pdd.toml",
        "policy = 1\n[branch]\nprotected = [\"main\", \"trunk\"]\n",
    );
    repo.write_program(".git/hooks/pre-commit", RECORDER);
    repo.write_program(".git/hooks/post-rewrite", RECORDER);
    prepare(&repo);
    repo
}

fn chain(repo: &Repo) {
    repo.write_program("tools/hooks/pre-commit", RECORDER);
    repo.commit_all("one");
    let _ = repo.git(&["config", "core.hooksPath", "tools/hooks"]).ok();
}

/// The ledger is evidence: it stays where the hooks go.
fn without_ledger(repo: &Repo, state: &mut Snapshot) {
    state.remove(&repo.at(".git/pdd"));
    state.remove(&repo.at(".git/pdd/ledger.jsonl"));
}

#[test]
fn a_killed_install_is_taken_back_from_every_step() {
    for prepare in [|_: &Repo| (), chain as fn(&Repo)] {
        let repo = repository(prepare);
        let before = state(&repo);
        let config = repo.read(".git/config");
        for count in [0, 1, 2, 6, 7, 8, HOOKS.len()] {
            let _ = repo.pdd(&["install"]).ok();
            rewind(&repo, &config, count);
            let _ = repo.pdd(&["uninstall"]).ok();
            let mut after = state(&repo);
            without_ledger(&repo, &mut after);
            assert_same(&before, &after);
        }
    }
}

#[test]
fn a_killed_install_is_completed_by_the_next_from_every_step() {
    for prepare in [|_: &Repo| (), chain as fn(&Repo)] {
        let repo = repository(prepare);
        let before = state(&repo);
        let config = repo.read(".git/config");
        let _ = repo.pdd(&["install"]).ok();
        let complete = state(&repo);
        for count in [0, 1, 2, 6, 7, 8, HOOKS.len()] {
            rewind(&repo, &config, count);
            let doctor = repo.pdd(&["doctor"]);
            assert!(doctor.text().contains("problem install: was cut short\n"));
            let _ = repo.pdd(&["install"]).ok();
            assert_same(&complete, &state(&repo));
        }
        let _ = repo.pdd(&["uninstall"]).ok();
        let mut after = state(&repo);
        without_ledger(&repo, &mut after);
        assert_same(&before, &after);
    }
}

#[test]
fn a_hook_with_two_names_at_the_moment_of_the_kill_keeps_one() {
    let repo = repository(|_| ());
    let before = state(&repo);
    let config = repo.read(".git/config");
    let _ = repo.pdd(&["install"]).ok();
    rewind(&repo, &config, 0);
    // The second name is given before the first is replaced.
    std::fs::hard_link(
        repo.at(".git/hooks/pre-commit"),
        repo.at(".git/pdd/pre-commit"),
    )
    .unwrap();
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_same(&before, &state(&repo));
}

#[test]
fn a_killed_uninstall_goes_on_where_it_stopped() {
    let repo = repository(|_| ());
    let before = state(&repo);
    let config = repo.read(".git/config");
    let _ = repo.pdd(&["install"]).ok();
    repo.write(".git/config", &config);
    std::fs::rename(
        repo.at(".git/pdd/pre-commit"),
        repo.at(".git/hooks/pre-commit"),
    )
    .unwrap();
    std::fs::remove_file(repo.at(".git/hooks/commit-msg")).unwrap();
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_same(&before, &state(&repo));
}

#[test]
fn a_configuration_that_another_process_writes_is_waited_for_by_the_user() {
    let repo = repository(|_| ());
    let before = state(&repo);
    repo.write(".git/config.lock", "");
    let locked = repo.pdd(&["install"]);
    assert_eq!(
        locked.text(),
        "exit: 2
--- stdout
--- stderr
error: could not lock $REPO/.git/config: `$REPO/.git/config.lock` exists
  = help: if no git is running, remove $REPO/.git/config.lock
"
    );
    std::fs::remove_file(repo.at(".git/config.lock")).unwrap();
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_same(&before, &state(&repo));
}

#[test]
fn a_manifest_that_is_not_ours_is_an_error_with_the_mend() {
    let repo = repository(|_| ());
    repo.write(".git/pdd/manifest.json", "{ \"form\": 1");
    for command in ["install", "uninstall", "doctor"] {
        let refused = repo.pdd(&[command]);
        assert_eq!(
            refused.text(),
            "exit: 2
--- stdout
--- stderr
error: could not understand $REPO/.git/pdd/manifest.json
  caused by: EOF while parsing an object at line 1 column 11
  = help: move $REPO/.git/pdd/manifest.json away and run `pdd-hooks install`; kept hooks are beside it
"
        );
    }
}

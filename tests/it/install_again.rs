//! A second install, an upgrade, hooks and configuration that changed since.

use std::path::PathBuf;

use crate::install::{RECORDER, assert_back, state, take_log};
use crate::support::{Repo, assert_same, snapshot};

#[test]
fn protected_names_of_the_policy_are_made_known_and_taken_back() {
    let repo = Repo::new();
    repo.write(
        ".pdd.toml",
        "policy = 1\n[branch]\nprotected = [\"main\", \"trunk\"]\n",
    );
    let before = state(&repo);
    let _ = repo.pdd(&["install"]).ok();
    assert_eq!(
        repo.ask(&["config", "--local", "--get-all", "pdd.protected"]),
        "trunk"
    );
    let again = repo.pdd(&["install"]).ok();
    assert!(again.stdout.starts_with("already installed: "));
    // Another program wrote to the file since: only our value goes, its section with it.
    let _ = repo.git(&["config", "branch.main.remote", "origin"]).ok();
    let _ = repo.pdd(&["uninstall"]).ok();
    let mut expected = before.clone();
    let config = expected.get_mut(&repo.at(".git/config")).unwrap();
    config
        .2
        .extend_from_slice(b"[branch \"main\"]\n\tremote = origin\n");
    assert_back(&repo, &expected);
}

#[test]
fn a_second_install_says_so_and_changes_nothing() {
    let repo = Repo::new();
    let _ = repo.pdd(&["install"]).ok();
    let before = state(&repo);
    let again = repo.pdd(&["install"]).ok();
    assert_eq!(
        again.text(),
        format!(
            "exit: 0\n--- stdout\nalready installed: version {}, 13 hooks in $REPO/.git/hooks\n--- stderr\n",
            env!("CARGO_PKG_VERSION")
        )
    );
    assert_same(&before, &state(&repo));
}

#[test]
fn an_upgrade_replaces_our_own_files_and_no_other() {
    let repo = Repo::new();
    repo.write_program(".git/hooks/pre-commit", RECORDER);
    let before = state(&repo);
    let _ = repo.pdd(&["install"]).ok();
    let new = state(&repo);
    // What an older version would have left: other bytes, and a manifest that knows them.
    let manifest = repo.read(".git/pdd/manifest.json");
    let old = "#!/bin/sh\nexit 0\n";
    let hash = |path: &str| {
        let out = repo
            .run(repo.command("sha256sum", repo.folder()).arg(path), b"")
            .ok();
        out.stdout.split(' ').next().unwrap().to_owned()
    };
    let of_new = hash(".git/hooks/commit-msg");
    repo.write_program(".git/hooks/commit-msg", old);
    let of_old = hash(".git/hooks/commit-msg");
    repo.write(
        ".git/pdd/manifest.json",
        manifest.replace(&of_new, &of_old).replace(
            &format!("\"tool\": \"{}\"", env!("CARGO_PKG_VERSION")),
            "\"tool\": \"0.0.1\"",
        ),
    );
    let plan = repo.pdd(&["install", "--dry-run"]).ok();
    assert!(
        plan.text()
            .contains("  commit-msg            replace ours\n"),
        "{}",
        plan.text()
    );
    let _ = repo.pdd(&["install"]).ok();
    assert_same(&new, &state(&repo));
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
}

#[test]
fn a_hook_that_took_our_place_is_kept_and_chained() {
    let repo = Repo::new();
    let _ = repo.pdd(&["install"]).ok();
    std::fs::remove_file(repo.at(".git/hooks/pre-commit")).unwrap();
    repo.write_program(".git/hooks/pre-commit", RECORDER);
    let again = repo.pdd(&["install"]).ok();
    assert!(
        again
            .text()
            .contains("pre-commit: the hook is kept as $REPO/.git/pdd/pre-commit and runs first\n")
    );
    let _ = repo
        .git(&["commit", "-q", "--allow-empty", "-m", "one"])
        .ok();
    assert_eq!(take_log(&repo), "pre-commit:\nMARK= top=$REPO\n");
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_eq!(repo.read(".git/hooks/pre-commit"), RECORDER);
    assert!(!repo.has(".git/hooks/commit-msg"));
}

#[test]
fn an_uninstall_leaves_and_names_a_changed_hook_and_keeps_the_ledger() {
    let repo = Repo::new();
    repo.write_program(".git/hooks/pre-commit", "#!/bin/sh\n");
    let _ = repo.pdd(&["install"]).ok();
    repo.write_program(".git/hooks/pre-commit", "#!/bin/sh\n: mine\n");
    repo.write(".git/pdd/ledger.jsonl", "{}\n");
    let uninstalled = repo.pdd(&["uninstall"]).ok();
    assert_eq!(
        uninstalled.text(),
        "exit: 0
--- stdout
uninstalled: $REPO/.git/hooks is as it was, but for what is left
left: $REPO/.git/hooks/pre-commit: changed since the install
left: $REPO/.git/pdd/pre-commit: the hook that was there before
kept: $REPO/.git/pdd/ledger.jsonl, the evidence
--- stderr
"
    );
    assert_eq!(repo.read(".git/hooks/pre-commit"), "#!/bin/sh\n: mine\n");
    let names: Vec<_> = snapshot(&[repo.at(".git/pdd")]).into_keys().collect();
    let expected =
        ["", "/ledger.jsonl", "/pre-commit"].map(|end| repo.at(&format!(".git/pdd{end}")));
    assert_eq!(
        names,
        expected.map(|path| PathBuf::from(path.to_str().unwrap()))
    );
}

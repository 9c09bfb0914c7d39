//! `install` and `uninstall` against real git: what stood in the hooks folder still runs and comes back.

use std::path::PathBuf;

use crate::support::{Repo, Snapshot, assert_same, pdd_hooks, set_mode, snapshot};

pub(crate) const HOOKS: [&str; 13] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-merge-commit",
    "post-merge",
    "post-rewrite",
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "reference-transaction",
    "pre-push",
    "pre-receive",
];

/// A hook that writes down what it got: its folder from the top, its arguments, its stdin and one variable.
pub(crate) const RECORDER: &str = r#"#!/bin/sh
{
  echo "$(basename "$0"):" "$@"
  case $(basename "$0") in pre-push) cat ;; esac
  echo "MARK=$MARK top=$(cd "$(dirname "$0")/../.." && pwd)"
} >>"$HOME/log"
"#;

/// Returns what the recorders wrote, and forgets it.
pub(crate) fn take_log(repo: &Repo) -> String {
    let path = repo.root().join("home/log");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let _ = std::fs::remove_file(path);
    text.replace(repo.folder().to_str().unwrap(), "$REPO")
}

/// Looks at all that an install may touch.
pub(crate) fn state(repo: &Repo) -> Snapshot {
    let at = |path: &str| repo.at(path);
    snapshot(&[
        at(".git/hooks"),
        at(".git/config"),
        at(".git/config.worktree"),
        at(".git/pdd"),
        repo.root().join("home/.gitconfig"),
    ])
}

#[test]
fn a_script_in_the_hooks_folder_runs_as_before_and_comes_back() {
    let repo = Repo::new();
    repo.write_program(".git/hooks/pre-commit", RECORDER);
    repo.write_program(".git/hooks/commit-msg", RECORDER);
    set_mode(&repo.at(".git/hooks/commit-msg"), 0o750);
    let before = state(&repo);
    let _ = repo
        .git_with(&[("MARK", "1")], &["commit", "--allow-empty", "-m", "one"])
        .ok();
    let alone = take_log(&repo);
    assert_eq!(
        alone,
        "pre-commit:\nMARK=1 top=$REPO\ncommit-msg: .git/COMMIT_EDITMSG\nMARK=1 top=$REPO\n"
    );

    let installed = repo.pdd(&["install"]).ok();
    assert_eq!(
        installed.text(),
        "exit: 0
--- stdout
installed 13 hooks in $REPO/.git/hooks
pre-commit: the hook is kept as $REPO/.git/pdd/pre-commit and runs first
commit-msg: the hook is kept as $REPO/.git/pdd/commit-msg and runs first
undo: pdd-hooks uninstall
--- stderr
"
    );
    assert_eq!(
        repo.read(".git/pdd/chain"),
        format!("{}\n", repo.at(".git/pdd").display())
    );
    let _ = repo
        .git_with(&[("MARK", "1")], &["commit", "--allow-empty", "-m", "two"])
        .ok();
    assert_eq!(take_log(&repo), alone);

    let uninstalled = repo.pdd(&["uninstall"]).ok();
    assert!(
        uninstalled
            .text()
            .starts_with("exit: 0\n--- stdout\nuninstalled: $REPO/.git/hooks is as it was\n")
    );
    assert_back(&repo, &before);
}

/// Compares with the state before, the evidence apart: the ledger stays.
#[track_caller]
pub(crate) fn assert_back(repo: &Repo, before: &Snapshot) {
    let mut after = state(repo);
    after.remove(&repo.at(".git/pdd/ledger.jsonl"));
    if !before.contains_key(&repo.at(".git/pdd")) {
        after.remove(&repo.at(".git/pdd"));
    }
    assert_same(before, &after);
}

#[test]
fn a_kept_pre_push_hook_gets_its_arguments_and_stdin() {
    let repo = Repo::new();
    repo.commit_all("one");
    repo.write_program(".git/hooks/pre-push", RECORDER);
    let _ = repo.git(&["init", "-q", "--bare", "../other.git"]).ok();
    let _ = repo.git(&["remote", "add", "origin", "../other.git"]).ok();
    let _ = repo
        .git(&["push", "-q", "origin", "HEAD:refs/heads/a"])
        .ok();
    let alone = take_log(&repo);
    assert!(
        alone.starts_with("pre-push: origin ../other.git\nHEAD "),
        "{alone}"
    );

    let _ = repo.pdd(&["install"]).ok();
    let _ = repo
        .git(&["push", "-q", "origin", "HEAD:refs/heads/b"])
        .ok();
    assert_eq!(take_log(&repo), alone.replace("heads/a", "heads/b"));
}

#[test]
fn a_kept_hook_that_refuses_still_refuses() {
    let repo = Repo::new();
    repo.write_program(".git/hooks/pre-commit", "#!/bin/sh\necho no >&2\nexit 3\n");
    let _ = repo.pdd(&["install"]).ok();
    let refused = repo.git(&["commit", "--allow-empty", "-m", "one"]);
    assert_eq!(refused.text(), "exit: 1\n--- stdout\n--- stderr\nno\n");
}

#[test]
fn symlinked_hooks_lead_where_they_led() {
    let repo = Repo::new();
    repo.write_program("scripts/check", RECORDER);
    repo.write_program(".git/hooks/real", RECORDER);
    let links = [
        ("pre-commit", "../../scripts/check"),
        ("commit-msg", "real"),
        ("post-commit", "/nowhere/at/all"),
    ];
    for (name, target) in links {
        std::os::unix::fs::symlink(target, repo.at(".git/hooks").join(name)).unwrap();
    }
    let before = state(&repo);
    let _ = repo.pdd(&["install"]).ok();
    let target = |name: &str| std::fs::read_link(repo.at(".git/pdd").join(name)).unwrap();
    assert_eq!(target("pre-commit"), PathBuf::from("../../scripts/check"));
    assert_eq!(target("commit-msg"), repo.at(".git/hooks/real"));
    assert_eq!(target("post-commit"), PathBuf::from("/nowhere/at/all"));
    let _ = repo.git(&["commit", "--allow-empty", "-m", "one"]).ok();
    let log = take_log(&repo);
    assert!(
        log.contains("pre-commit:\n") && log.contains("commit-msg: .git/"),
        "{log}"
    );

    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
}

#[test]
fn a_hook_that_git_did_not_run_is_kept_and_not_run() {
    let repo = Repo::new();
    repo.write(".git/hooks/pre-commit", RECORDER);
    let before = state(&repo);
    let installed = repo.pdd(&["install"]).ok();
    assert_eq!(
        installed.text(),
        "exit: 0
--- stdout
installed 13 hooks in $REPO/.git/hooks
pre-commit: the hook is kept as $REPO/.git/pdd/pre-commit; git did not run it, nor do we
undo: pdd-hooks uninstall
--- stderr
"
    );
    let _ = repo.git(&["commit", "--allow-empty", "-m", "one"]).ok();
    assert_eq!(take_log(&repo), "");
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
}

#[test]
fn files_that_a_kept_hook_calls_are_found_beside_it() {
    let repo = Repo::new();
    repo.write_program(
        ".git/hooks/pre-commit",
        "#!/bin/sh\n. \"$(dirname \"$0\")/lib/common\"\n\"$(dirname \"$0\")/pre-commit.legacy\"\n",
    );
    repo.write(".git/hooks/lib/common", "echo common >>\"$HOME/log\"\n");
    repo.write_program(".git/hooks/pre-commit.legacy", RECORDER);
    repo.write(".git/hooks/chain", "not ours\n");
    let before = state(&repo);
    let installed = repo.pdd(&["install"]).ok();
    assert!(installed.text().contains(
        "note: $REPO/.git/hooks/chain cannot stand beside the kept hooks: the name is ours\n"
    ));
    let _ = repo.git(&["commit", "--allow-empty", "-m", "one"]).ok();
    assert_eq!(
        take_log(&repo),
        "common\npre-commit.legacy:\nMARK= top=$REPO\n"
    );
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_back(&repo, &before);
}

#[test]
fn a_dry_run_prints_the_plan_and_writes_nothing() {
    let repo = Repo::new();
    repo.write_program(".git/hooks/pre-push", RECORDER);
    repo.write(
        ".pdd.toml",
        "policy = 1\n[branch]\nprotected = [\"main\", \"trunk\"]\n",
    );
    let before = snapshot(&[repo.folder().to_owned()]);
    let plan = repo.pdd(&["install", "--dry-run"]).ok();
    assert_eq!(
        plan.text(),
        "exit: 0
--- stdout
would install 13 hooks in $REPO/.git/hooks
  pre-commit            install
  prepare-commit-msg    install
  commit-msg            install
  post-commit           install
  pre-merge-commit      install
  post-merge            install
  post-rewrite          install
  applypatch-msg        install
  pre-applypatch        install
  post-applypatch       install
  reference-transaction install
  pre-push              the hook is kept as $REPO/.git/pdd/pre-push and runs first
  pre-receive           install
config: pdd.protected = trunk (local)
nothing was written
--- stderr
"
    );
    assert_same(&before, &snapshot(&[repo.folder().to_owned()]));
}

#[test]
fn what_cannot_be_done_is_said_with_the_mend() {
    let repo = Repo::new();
    let server = repo.pdd(&["install", "--server"]);
    assert_eq!(
        server.text(),
        "exit: 2
--- stdout
--- stderr
error: could not install a server: $REPO is a work tree
  = help: run it in the bare repository that is pushed to; `pdd-hooks install` is for clones
"
    );
    let nothing = repo.pdd(&["uninstall"]);
    assert_eq!(
        nothing.text(),
        "exit: 2
--- stdout
--- stderr
error: could not uninstall: nothing of pdd-hooks is installed in $REPO/.git
  = help: `pdd-hooks install` installs
"
    );
    let home = repo.root().join("home");
    let nowhere = repo.pdd_in(&home, &["install"]);
    assert!(nowhere.text().starts_with(
        "exit: 2\n--- stdout\n--- stderr\nerror: could not find a git repository here\n  caused by: "
    ));
    assert!(
        nowhere
            .text()
            .ends_with("  = help: run it in a work tree, or `git init` first\n")
    );
    let lone = home.join("pdd-hooks");
    std::fs::copy(pdd_hooks(), &lone).unwrap();
    let lost = repo.run(repo.command(&lone, repo.folder()).arg("install"), b"");
    assert_eq!(
        lost.text(),
        "exit: 2
--- stdout
--- stderr
error: could not find `pdd-pre-commit` in $TMP/home or $TMP/home/../libexec/pdd-hooks
  = help: run `./install.sh` again: it puts every program in its place
"
    );
}

#[test]
fn programs_in_libexec_are_found_and_work_alone() {
    let repo = Repo::new();
    let prefix = repo.root().join("prefix");
    let beside = pdd_hooks().parent().unwrap();
    std::fs::create_dir_all(prefix.join("bin")).unwrap();
    std::fs::create_dir_all(prefix.join("libexec/pdd-hooks")).unwrap();
    std::fs::copy(pdd_hooks(), prefix.join("bin/pdd-hooks")).unwrap();
    for name in HOOKS {
        let file = format!("pdd-{name}");
        std::fs::copy(
            beside.join(&file),
            prefix.join("libexec/pdd-hooks").join(&file),
        )
        .unwrap();
    }
    let mut command = repo.command(prefix.join("bin/pdd-hooks"), repo.folder());
    let _ = repo.run(command.arg("install"), b"").ok();
    for name in HOOKS {
        assert!(repo.has(&format!(".git/hooks/{name}")), "{name}");
    }
}

#[test]
fn a_kept_script_without_an_interpreter_line_runs_as_git_runs_it() {
    let repo = Repo::new();
    repo.write_program(".git/hooks/pre-commit", "echo kept >&2\n");
    repo.write_program(".git/hooks/pre-push", "cat >&2\nexit 3\n");
    let _ = repo.pdd(&["install"]).ok();
    let said = repo
        .git(&["commit", "-q", "--allow-empty", "-m", "one"])
        .ok();
    assert_eq!(said.stderr, "kept\n");
    let said = repo.git(&["push", "-q", ".", "HEAD:refs/heads/copy"]);
    assert!(said.stderr.starts_with("HEAD "), "{}", said.text());
    assert_ne!(said.code(), 0);
}

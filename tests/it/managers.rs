//! Install over the hooks of other managers, the real ones: theirs run as before, come back byte for byte, and a
//! takeover is noticed. `tests/setup-managers.sh` makes their programs available.

use std::path::PathBuf;

use crate::install::{state, take_log};
use crate::support::{Repo, Snapshot, assert_same, snapshot};

/// Returns a manager's program, or fails with what makes it available.
fn program(path: &str) -> PathBuf {
    let folder = std::env::var_os("PDD_TEST_MANAGERS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/managers"),
        PathBuf::from,
    );
    let file = folder.join(path);
    assert!(
        file.exists(),
        "{} is missing: run tests/setup-managers.sh",
        file.display()
    );
    file
}

/// A repository with a remote, and files as given.
fn repository(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    for (path, text) in files {
        repo.write(path, text);
    }
    let _ = repo.git(&["init", "-q", "--bare", "../other.git"]).ok();
    let _ = repo.git(&["remote", "add", "origin", "../other.git"]).ok();
    repo.commit_all("first");
    let _ = repo
        .git(&["push", "-q", "origin", "HEAD:refs/heads/there"])
        .ok();
    repo
}

/// Runs a manager's program at the top of the work tree.
fn run(repo: &Repo, path: &str, args: &[&str]) {
    let _ = repo
        .run(repo.command(program(path), repo.folder()).args(args), b"")
        .ok();
}

/// Commits and pushes with a variable set, and returns what the manager's hooks wrote down.
fn use_hooks(repo: &Repo) -> String {
    let mark = [("MARK", "kept")];
    // lefthook runs nothing for a commit without a file.
    repo.write("file", repo.ask(&["rev-parse", "HEAD"]));
    let _ = repo.git(&["add", "-A"]).ok();
    let _ = repo.git_with(&mark, &["commit", "-q", "-m", "one"]).ok();
    let _ = repo
        .git_with(&mark, &["push", "-q", "origin", "+HEAD:refs/heads/there"])
        .ok();
    let log = take_log(repo);
    // Every commit has another name.
    log.replace(&repo.ask(&["rev-parse", "HEAD"]), "$HEAD")
        .lines()
        .map(|line| line.split(" old=").next().unwrap().to_owned() + "\n")
        .collect()
}

fn all(repo: &Repo) -> Snapshot {
    let mut found = state(repo);
    found.extend(snapshot(&[repo.at(".husky")]));
    found
}

/// Uninstalls, and compares with the state before the install; the ledger is evidence and stays.
fn uninstall(repo: &Repo, before: &Snapshot) {
    let _ = repo.pdd(&["uninstall"]).ok();
    let mut after = all(repo);
    after.retain(|path, _| !path.starts_with(repo.at(".git/pdd")));
    assert_same(before, &after);
}

/// Installs over a manager's hooks and takes ours out again; then lets the manager take over, and mends that.
fn holds(repo: &Repo, name: &str, expected: &str, reinstall: impl Fn(&Repo)) {
    assert_eq!(use_hooks(repo), expected);
    let before = all(repo);
    let installed = repo.pdd(&["install"]).ok();
    assert!(
        installed.text().contains(&format!(
            "the hook of {name} is kept as $REPO/.git/pdd/pre-commit and runs first\n"
        )),
        "{}",
        installed.text()
    );
    assert!(installed.stdout.contains("takes the hooks over again"));
    assert_eq!(use_hooks(repo), expected);
    uninstall(repo, &before);
    assert_eq!(use_hooks(repo), expected);

    let _ = repo.pdd(&["install"]).ok();
    reinstall(repo);
    let doctor = repo.pdd(&["doctor"]);
    assert_eq!(doctor.code(), 1);
    let noticed = format!("problem pre-commit: {name} took over $REPO/.git/hooks/pre-commit\n");
    assert!(doctor.text().contains(&noticed), "{}", doctor.text());
    let _ = repo.pdd(&["install"]).ok();
    assert_eq!(use_hooks(repo), expected);
    let doctor = repo.pdd(&["doctor"]);
    assert_eq!(doctor.code(), 0, "{}", doctor.text());
}

const FRAMEWORK: &str = r#"repos:
- repo: local
  hooks:
  - id: a
    name: a
    language: system
    entry: sh -c 'echo "pre-commit MARK=$MARK" >>"$HOME/log"'
    always_run: true
    pass_filenames: false
    stages: [pre-commit]
  - id: b
    name: b
    language: system
    entry: sh -c 'echo "commit-msg $1 MARK=$MARK" >>"$HOME/log"' --
    stages: [commit-msg]
  - id: c
    name: c
    language: system
    entry: sh -c 'echo "pre-push $PRE_COMMIT_REMOTE_NAME $PRE_COMMIT_REMOTE_BRANCH $PRE_COMMIT_TO_REF MARK=$MARK" >>"$HOME/log"'
    always_run: true
    pass_filenames: false
    stages: [pre-push]
"#;

const RECORDED: &str = "pre-commit MARK=kept
commit-msg .git/COMMIT_EDITMSG MARK=kept
pre-push origin refs/heads/there $HEAD MARK=kept
";

const TYPES: [&str; 7] = [
    "install",
    "-t",
    "pre-commit",
    "-t",
    "commit-msg",
    "-t",
    "pre-push",
];

#[test]
fn pre_commit_runs_as_before_and_comes_back() {
    let repo = repository(&[(".pre-commit-config.yaml", FRAMEWORK)]);
    let install = |repo: &Repo| run(repo, "venv/bin/pre-commit", &TYPES);
    install(&repo);
    holds(&repo, "pre-commit", RECORDED, install);
}

#[test]
fn prek_runs_as_before_and_comes_back() {
    let repo = repository(&[(".pre-commit-config.yaml", FRAMEWORK)]);
    run(&repo, "venv/bin/prek", &TYPES);
    // Without `-f` prek refuses to read a hook that is no text.
    holds(&repo, "prek", RECORDED, |repo| {
        run(repo, "venv/bin/prek", &[&TYPES[..], &["-f"]].concat());
    });
}

#[test]
fn a_hook_that_pre_commit_keeps_itself_still_runs() {
    let repo = repository(&[(".pre-commit-config.yaml", FRAMEWORK)]);
    repo.write_program(
        ".git/hooks/pre-commit",
        "#!/bin/sh\necho \"legacy MARK=$MARK\" >>\"$HOME/log\"\n",
    );
    run(&repo, "venv/bin/pre-commit", &TYPES);
    let expected = format!("legacy MARK=kept\n{RECORDED}");
    assert_eq!(use_hooks(&repo), expected);
    let before = all(&repo);
    let _ = repo.pdd(&["install"]).ok();
    assert_eq!(use_hooks(&repo), expected);
    uninstall(&repo, &before);
}

#[test]
fn lefthook_runs_as_before_and_comes_back() {
    let config = r#"pre-commit:
  jobs:
    - run: echo "pre-commit MARK=$MARK" >>"$HOME/log"
commit-msg:
  jobs:
    - run: echo "commit-msg {1} MARK=$MARK" >>"$HOME/log"
pre-push:
  jobs:
    - run: read -r _ head there old; echo "pre-push {1} $there $head MARK=$MARK" >>"$HOME/log"
      use_stdin: true
"#;
    let repo = repository(&[("lefthook.yml", config)]);
    let install = |repo: &Repo| run(repo, "node_modules/.bin/lefthook", &["install", "--force"]);
    install(&repo);
    holds(&repo, "lefthook", RECORDED, install);
}

#[test]
fn husky_runs_as_before_and_comes_back() {
    let repo = repository(&[
        ("package.json", "{}\n"),
        (
            ".husky/pre-commit",
            "echo \"pre-commit MARK=$MARK\" >>\"$HOME/log\"\n",
        ),
        (
            ".husky/commit-msg",
            "echo \"commit-msg $1 MARK=$MARK\" >>\"$HOME/log\"\n",
        ),
        (
            ".husky/pre-push",
            "read -r _ head there old; echo \"pre-push $1 $there $head MARK=$MARK\" >>\"$HOME/log\"\n",
        ),
    ]);
    run(&repo, "node_modules/.bin/husky", &[]);
    assert_eq!(use_hooks(&repo), RECORDED);
    let before = all(&repo);
    let installed = repo.pdd(&["install"]).ok();
    assert_eq!(
        installed.text(),
        "exit: 0
--- stdout
installed 13 hooks in $REPO/.git/pdd/hooks, which run those in .husky/_ first (husky generates that folder)
config: core.hooksPath = $REPO/.git/pdd/hooks (local)
config: remote.origin.fetch = +refs/pdd/evidence*:refs/pdd/remotes/origin/evidence* (local)
note: `husky` takes the hooks over again; `pdd-hooks doctor` notices and `pdd-hooks install` mends it
undo: pdd-hooks uninstall
--- stderr
"
    );
    assert_eq!(repo.read(".git/pdd/chain"), ".husky/_\n");
    assert_eq!(use_hooks(&repo), RECORDED);
    uninstall(&repo, &before);

    let _ = repo.pdd(&["install"]).ok();
    run(&repo, "node_modules/.bin/husky", &[]);
    let doctor = repo.pdd(&["doctor"]);
    let noticed = "git takes its hooks from $REPO/.husky/_, of husky, set by local configuration";
    assert!(doctor.text().contains(noticed), "{}", doctor.text());
    let _ = repo.pdd(&["install"]).ok();
    assert_eq!(use_hooks(&repo), RECORDED);
    assert_eq!(repo.pdd(&["doctor"]).code(), 0);
    uninstall(&repo, &before);
}

/// overcommit is a gem; its hook stands in as a fixture, and Ruby as a program that writes down what it is given.
#[test]
fn overcommit_runs_as_before_and_comes_back() {
    let ruby = r#"#!/bin/sh
name=$(basename "$1"); shift
case $name in
pre-push) read -r _ head there old; echo "pre-push $1 $there $head MARK=$MARK" >>"$HOME/log" ;;
commit-msg) echo "commit-msg $1 MARK=$MARK" >>"$HOME/log" ;;
*) echo "$name MARK=$MARK" >>"$HOME/log" ;;
esac
"#;
    let mut repo = repository(&[]);
    repo.write_program("../home/bin/ruby", ruby);
    let folder = repo.root().join("home/bin");
    repo.prepend_path(&folder);
    let install = |repo: &Repo| {
        let hook = include_str!("fixtures/overcommit-hook");
        for name in ["overcommit-hook", "pre-commit", "commit-msg", "pre-push"] {
            let path = format!(".git/hooks/{name}");
            // overcommit removes what is there, then copies.
            let _ = std::fs::remove_file(repo.at(&path));
            repo.write_program(&path, hook);
        }
    };
    install(&repo);
    holds(&repo, "overcommit", RECORDED, install);
}

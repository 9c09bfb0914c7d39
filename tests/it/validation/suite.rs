//! A suite that uses git as suites do, started by a hook of the very repository under test: it reaches a repository that
//! is thrown away, and nothing of the user's.

use std::path::Path;

use super::scene::{MESSAGE, TESTS_THEN};
use crate::support::{Output, Repo};

/// What a suite does with git, in its own folder and in a fresh one; what fails ends the check.
const WITH_GIT: &str = r#"set -e
work() {
  git init -q .
  git config user.name Test
  git config --local core.hooksPath /nowhere
  git config --global user.email test@example.org
  git config --global core.bare true
  git config --global --unset core.bare
  echo x >made.txt
  git add .
  git commit -q -m made
  git tag made
  git branch made
  git update-ref refs/heads/main HEAD
  git stash list >/dev/null
  rm made.txt
  git reset -q --hard HEAD
  git gc -q
}
mkdir "$TMPDIR/fresh"
(cd "$TMPDIR/fresh" && work && git rev-list --count HEAD >"$HOME/fresh")
work
git rev-list --count --all >"$HOME/own"
rm made.txt
"#;

/// Runs git as a user does whose global configuration is found by `HOME` alone.
fn git_of_home(repo: &Repo, folder: &Path, args: &[&str]) -> Output {
    let mut command = repo.command("git", folder);
    command.args(args).env_remove("GIT_CONFIG_GLOBAL");
    repo.run(&mut command, b"")
}

/// All that the suite could have reached, and what it must not change; the branch that the commit moves is left out.
fn state(repo: &Repo, folder: &Path, moved: &str) -> String {
    let ask = |args: &[&str]| git_of_home(repo, folder, args).ok().stdout;
    let references = ask(&["for-each-ref", "--format=%(refname) %(objectname)"]);
    let others: Vec<_> = references
        .lines()
        .filter(|line| !line.starts_with(&format!("refs/heads/{moved} ")))
        .filter(|line| !line.starts_with("refs/pdd/evidence "))
        .collect();
    let config = repo.read(".git/config");
    let home = repo.read("../home/.gitconfig");
    format!("{}\n{config}\n{home}", others.join("\n"))
}

fn scene() -> Repo {
    let repo = Repo::new();
    repo.write("../home/.gitconfig", "[user]\n\tname = Ann\n");
    let repo = repo.check_with(TESTS_THEN);
    repo.then(WITH_GIT);
    let _ = repo.git(&["tag", "kept"]).ok();
    repo.stage("kept.txt", "stashed\n");
    let _ = repo.git(&["stash", "-q"]).ok();
    repo
}

/// The suite did all of it, somewhere.
#[track_caller]
fn assert_ran(repo: &Repo) {
    assert_eq!(repo.read("../home/fresh"), "1\n");
    assert_ne!(repo.read("../home/own"), "0\n");
}

#[test]
fn under_commit_all_it_leaves_the_repository_as_it_is() {
    let repo = scene();
    let before = state(&repo, repo.folder(), crate::enrolled::WORK);
    repo.write("app.txt", "base\nchanged\n");
    let _ = git_of_home(&repo, repo.folder(), &["commit", "-q", "-a", "-m", MESSAGE]).ok();
    assert_eq!(state(&repo, repo.folder(), crate::enrolled::WORK), before);
    assert_ran(&repo);
    assert_eq!(repo.ask(&["show", "HEAD:app.txt"]), "base\nchanged");
    assert_eq!(repo.ask(&["status", "--porcelain"]), "");
    assert_eq!(repo.ask(&["write-tree"]), repo.tree_of("HEAD"));
    assert_eq!(
        repo.ask(&["log", "-1", "--format=%an %s"]),
        format!("Ann Example {MESSAGE}")
    );
}

#[test]
fn in_a_linked_worktree_it_leaves_both_as_they_are() {
    let repo = scene();
    let branch = "fix/TASK-001-b";
    let linked = repo.root().join("linked");
    let add = [
        "worktree",
        "add",
        "-q",
        "-b",
        branch,
        linked.to_str().unwrap(),
    ];
    let _ = repo.git(&add).ok();
    let before = state(&repo, repo.folder(), branch);
    let index = repo.ask(&["ls-files", "--stage"]);
    std::fs::write(linked.join("app.txt"), "base\nlinked\n").unwrap();
    let _ = git_of_home(&repo, &linked, &["commit", "-q", "-a", "-m", MESSAGE]).ok();
    assert_eq!(state(&repo, &linked, branch), before);
    assert_ran(&repo);
    assert_eq!(
        repo.ask(&["show", &format!("{branch}:app.txt")]),
        "base\nlinked"
    );
    let clean = repo.git_in(&linked, &["status", "--porcelain"]).ok();
    assert_eq!(clean.stdout, "");
    assert_eq!(repo.ask(&["ls-files", "--stage"]), index);
    assert_eq!(repo.ask(&["status", "--porcelain"]), "");
}

//! What a cached pass costs: no process of the user's, and no git of ours.

use std::os::unix::fs::symlink;
use std::path::Path;

use super::scene::MESSAGE;
use crate::support::{Repo, set_mode};

/// How many processes of git the hooks of one commit start; it may not rise.
const GITS: usize = 0;

/// Writes a program that notes its name and arguments in `$HOME/started`, then becomes the real one.
fn note(folder: &Path, name: &str, real: &Path) {
    let path = folder.join(name);
    let real = real.display();
    let text = format!("#!/bin/sh\necho \"{name} $*\" >>\"$HOME/started\"\nexec {real} \"$@\"\n");
    std::fs::write(&path, text).unwrap();
    set_mode(&path, 0o755);
}

/// A repository whose checks are run by a shell that leaves a mark, as does every git that is started by git or a hook.
fn marked() -> Repo {
    let mut repo = Repo::bare_folder();
    let programs = repo.root().join("programs");
    std::fs::create_dir(&programs).unwrap();
    note(&programs, "sh", Path::new("/bin/sh"));
    repo.prepend_path(&programs);
    // Git puts the folder of its programs before all others on the PATH of a hook.
    let real = repo.git(&["--exec-path"]).ok().stdout.trim().to_owned();
    let exec = repo.root().join("exec");
    std::fs::create_dir(&exec).unwrap();
    for program in std::fs::read_dir(&real).unwrap() {
        let name = program.unwrap().file_name();
        if name != "git" {
            symlink(Path::new(&real).join(&name), exec.join(&name)).unwrap();
        }
    }
    note(&exec, "git", &Path::new(&real).join("git"));
    let _ = repo.git(&["init", "-q", "-b", "main"]).ok();
    repo.check_with(super::scene::TESTS)
}

/// What is started by a commit, without the git that makes it.
fn started(repo: &Repo, hooks: &[&str], args: &[&str]) -> Vec<String> {
    let file = repo.root().join("home/started");
    let _ = std::fs::remove_file(&file);
    let exec = repo.root().join("exec");
    let env = [("GIT_EXEC_PATH", exec.to_str().unwrap())];
    let _ = repo.git_with(&env, &[hooks, args].concat()).ok();
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

const NO_HOOKS: [&str; 2] = ["-c", "core.hooksPath=/dev/null"];

#[test]
fn a_cached_commit_starts_nothing_of_the_users_and_no_git() {
    let repo = marked();
    repo.stage_step("one");
    let _ = repo.pdd(&["validate"]).ok();
    let commit = ["commit", "-q", "-m", MESSAGE];
    let with_hooks = started(&repo, &[], &commit);
    assert_eq!(repo.ask(&["log", "-1", "--format=%s"]), MESSAGE);

    let amend = ["commit", "--amend", "-q", "-m", MESSAGE];
    let without_hooks = started(&repo, &NO_HOOKS, &amend);
    let is_git = |line: &&String| line.starts_with("git ");
    let gits = |lines: &[String]| lines.iter().filter(is_git).count();
    assert_eq!(gits(&with_hooks) - gits(&without_hooks), GITS);
    let others: Vec<_> = with_hooks.iter().filter(|line| !is_git(line)).collect();
    assert_eq!(others, Vec::<&String>::new());
}

#[test]
fn the_marks_are_left_where_a_check_runs() {
    let repo = marked();
    repo.stage_step("one");
    let marks = started(&repo, &[], &["commit", "-q", "-m", MESSAGE]);
    let check = marks.iter().find(|line| line.starts_with("sh "));
    assert!(
        check.is_some_and(|line| line.starts_with("sh tests/run.sh ")),
        "{marks:?}"
    );
    // Filling the slot takes git.
    assert!(
        marks.iter().any(|line| line.contains("read-tree")),
        "{marks:?}"
    );
}

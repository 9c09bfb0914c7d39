//! The firing tables of git's hooks as an executable table: what git runs for each operation, and the class that the
//! audit gives to what came of it. Run on every git of the machine.
//!
//! The names: pc pre-commit, pcm prepare-commit-msg, cm commit-msg, poc post-commit, pmc pre-merge-commit, pom post-merge,
//! prw post-rewrite, apm applypatch-msg, pap pre-applypatch, pop post-applypatch, pp pre-push, RT reference-transaction
//! (prepared, for a branch or HEAD; several in a row count once).

mod applied;
mod committed;
mod merged;
mod moved;
mod pushed;
mod rebased;

use crate::enrolled::WORK;
use crate::support::{Repo, gits};

/// One row of the table.
struct Row {
    /// The operation.
    name: &'static str,
    /// What git runs, in order.
    fires: &'static str,
    /// The class of `HEAD` afterwards.
    class: &'static str,
    /// What stands before the operation.
    before: fn(&Repo),
    /// The operation.
    run: fn(&Repo),
}

const LOGGED: [(&str, &str); 12] = [
    ("pre-commit", "pc"),
    ("prepare-commit-msg", "pcm"),
    ("commit-msg", "cm"),
    ("post-commit", "poc"),
    ("pre-merge-commit", "pmc"),
    ("post-merge", "pom"),
    ("post-rewrite", "prw"),
    ("applypatch-msg", "apm"),
    ("pre-applypatch", "pap"),
    ("post-applypatch", "pop"),
    ("pre-push", "pp"),
    ("reference-transaction", "RT"),
];

/// A repository whose hooks, kept and chained by `install`, write down that they ran.
fn scene(git: &std::path::Path) -> Repo {
    let repo = Repo::init_with(git, &[]);
    for (hook, short) in LOGGED {
        let body = if short == "RT" {
            "#!/bin/sh\n[ \"$1\" = prepared ] && grep -Eq ' (HEAD|refs/heads/.*)$' && echo RT >> \"$FIRED\"\nexit 0\n"
                .to_owned()
        } else {
            format!("#!/bin/sh\necho {short} >> \"$FIRED\"\n")
        };
        repo.write_program(&format!(".git/hooks/{hook}"), &body.replace("$FIRED", fired(&repo).to_str().unwrap()));
    }
    repo.enroll()
}

fn fired(repo: &Repo) -> std::path::PathBuf {
    repo.root().join("fired")
}

/// What ran since the file was cleared, runs of RT folded.
fn what_fired(repo: &Repo) -> String {
    let text = std::fs::read_to_string(fired(repo)).unwrap_or_default();
    let mut names: Vec<&str> = text.lines().collect();
    names.dedup_by(|a, b| a == b && *a == "RT");
    names.join(" ")
}

/// Runs every row on every git and compares all at once.
#[track_caller]
fn hold(rows: &[Row]) {
    let mut wrong = String::new();
    for git in gits() {
        for row in rows {
            let repo = scene(&git);
            (row.before)(&repo);
            let _ = std::fs::remove_file(fired(&repo));
            (row.run)(&repo);
            let (fires, class) = (what_fired(&repo), repo.class_of("HEAD"));
            if (fires.as_str(), class.as_str()) != (row.fires, row.class) {
                wrong.push_str(&format!(
                    "{} with {}:\n  expected [{}] {}\n  found    [{fires}] {class}\n",
                    row.name,
                    git.display(),
                    row.fires,
                    row.class
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn nothing(_: &Repo) {}

/// Runs git and wants it to succeed.
fn git(repo: &Repo, args: &[&str]) {
    let _ = repo.git(args).ok();
}

/// Runs git with an editor that leaves everything as it is.
fn git_edited(repo: &Repo, args: &[&str]) {
    let _ = repo.git_with(&[("GIT_EDITOR", "true"), ("GIT_SEQUENCE_EDITOR", "true")], args).ok();
}

/// Makes a second work branch of the same task with an honest commit of `path`, and goes back.
fn other(repo: &Repo, path: &str) {
    git(repo, &["switch", "-q", "-c", "feat/TASK-001-other"]);
    repo.step(path);
    git(repo, &["switch", "-q", WORK]);
}

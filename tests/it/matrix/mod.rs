//! The firing tables of git's hooks as an executable table: what git runs for each operation, and the class that the
//! audit gives to what came of it. Run on every git of the machine.
//!
//! The names: pc pre-commit, pcm prepare-commit-msg, cm commit-msg, poc post-commit, pmc pre-merge-commit, pom post-merge,
//! prw post-rewrite, apm applypatch-msg, pap pre-applypatch, pop post-applypatch, pp pre-push, prb pre-rebase,
//! pco post-checkout, RT reference-transaction (prepared, for `HEAD` or what is below `refs/`; several in a row count
//! once).

mod applied;
mod committed;
mod merged;
mod moved;
mod moved_names;
mod pushed;
mod rebased;
mod scene;

use crate::enrolled::WORK;
use crate::support::{Repo, gits};
use scene::Scene;

/// A second work branch of the same task.
const OTHER: &str = "feat/TASK-001-other";
/// The setting with which git runs no hook.
const NO_HOOKS: &str = "core.hooksPath=/dev/null";

/// One row of the table.
struct Row {
    /// The operation.
    name: &'static str,
    /// What git runs, in order.
    fires: &'static str,
    /// The class of `of` afterwards.
    class: &'static str,
    /// The revision that shows what came of it.
    of: &'static str,
    /// What stands before the operation.
    before: fn(&Repo),
    /// The operation.
    run: fn(&Repo),
}

/// Runs every row on every git and compares all at once.
#[track_caller]
fn hold(rows: &[Row]) {
    let mut wrong = String::new();
    let mut scene = Scene::new();
    for git in gits() {
        scene.turn_to(&git);
        wrong.push_str(&deviations(&scene, rows));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Runs every row from the same scene and says where it differs.
fn deviations(scene: &Scene, rows: &[Row]) -> String {
    let mut wrong = String::new();
    for row in rows {
        let repo = scene.again();
        (row.before)(repo);
        scene::forget(repo);
        (row.run)(repo);
        let (fires, class) = (scene::what_fired(repo), repo.class_of(row.of));
        if (fires.as_str(), class.as_str()) != (row.fires, row.class) {
            wrong.push_str(&format!(
                "{} with {}:\n  expected [{}] {}\n  found    [{fires}] {class}\n",
                row.name,
                repo.ask(&["--version"]),
                row.fires,
                row.class
            ));
        }
    }
    wrong
}

fn nothing(_: &Repo) {}

/// Runs git and wants it to succeed.
fn git(repo: &Repo, args: &[&str]) {
    let _ = repo.git(args).ok();
}

/// Runs git with these bytes on stdin and wants it to succeed.
fn git_fed(repo: &Repo, args: &[&str], stdin: &str) {
    let mut command = repo.command("git", repo.folder());
    let _ = repo.run(command.args(args), stdin.as_bytes()).ok();
}

/// Runs git with an editor that leaves everything as it is.
fn git_edited(repo: &Repo, args: &[&str]) {
    let _ = repo
        .git_with(
            &[("GIT_EDITOR", "true"), ("GIT_SEQUENCE_EDITOR", "true")],
            args,
        )
        .ok();
}

/// Makes [`OTHER`] with an honest commit of `path`, and goes back.
fn other(repo: &Repo, path: &str) {
    git(repo, &["switch", "-q", "-c", OTHER]);
    repo.step(path);
    git(repo, &["switch", "-q", WORK]);
}

/// Makes [`OTHER`] and an honest commit on the work branch too, of other paths.
fn forked(repo: &Repo) {
    other(repo, "b.txt");
    repo.step("a.txt");
}

/// Commits different lines of one file on both branches.
fn conflicting(repo: &Repo) {
    git(repo, &["switch", "-q", "-c", OTHER]);
    repo.stage("app.txt", "theirs\n");
    let _ = repo.commit(crate::enrolled::HONEST).ok();
    git(repo, &["switch", "-q", WORK]);
    repo.stage("app.txt", "ours\n");
    let _ = repo.commit(crate::enrolled::HONEST).ok();
}

/// Lets git stop at a conflict, and settles it.
fn stopped(repo: &Repo, args: &[&str]) {
    conflicting(repo);
    assert_ne!(repo.git(args).code(), 0);
    repo.stage("app.txt", "both\n");
}

/// Makes a bare remote `origin` that has `main`.
fn remote(repo: &Repo) {
    git(repo, &["init", "-q", "--bare", "../remote.git"]);
    git(repo, &["remote", "add", "origin", "../remote.git"]);
    git(repo, &["push", "-q", "--no-verify", "origin", "main"]);
}

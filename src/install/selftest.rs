//! The live self-test: a scratch repository in which git runs the installed programs, and a commit that must be refused.
//! Only our programs are in it, so nobody else's hook runs.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use super::manifest::{Manifest, Mode};
use super::target::Target;
use super::{Error, SERVER_HOOKS, config_mode};

/// Says, by an inner error, what was not as it must be: a commit whose message names no task ends with exit code 1 and
/// PDD001.
pub(super) fn refuses(
    target: &Target,
    manifest: &Manifest,
) -> Result<Result<String, String>, Error> {
    let scratch = tempfile::Builder::new()
        .prefix("pdd-doctor-")
        .tempdir()
        .map_err(Error::write(&std::env::temp_dir()))?;
    let top = scratch.path();
    prepare(top)?;
    let hooks = manifest.hooks.path(&target.common);
    if manifest.server.is_some() {
        return refuses_push(top, &hooks);
    }
    if manifest.mode == Mode::Config {
        configure(top, &hooks)?;
    } else {
        borrow(&top.join(".git/hooks"), &hooks, manifest.names())?;
    }
    let pdd = top.join(".git/pdd");
    std::fs::create_dir_all(&pdd).map_err(Error::write(&pdd))?;
    borrow_one(&target.pdd().join("pdd-hooks"), &pdd.join("pdd-hooks"))?;
    let commit = git(top, &COMMIT)?;
    Ok(told(&commit, "a commit that names no task"))
}

/// As [`refuses`], of a push to a bare repository.
fn refuses_push(top: &Path, hooks: &Path) -> Result<Result<String, String>, Error> {
    must(git(top, &COMMIT)?)?;
    must(git(
        top,
        &[
            "init",
            "-q",
            "--bare",
            "-b",
            "main",
            "--template=",
            "server.git",
        ],
    )?)?;
    must(git(top, &["push", "-q", "server.git", "main"])?)?;
    borrow(&top.join("server.git/hooks"), hooks, &SERVER_HOOKS)?;
    let push = git(top, &["push", "-q", "server.git", "HEAD"])?;
    Ok(told(&push, "a push of a commit that names no task"))
}

/// A commit that must be refused.
const COMMIT: [&str; 4] = [
    "commit",
    "--allow-empty",
    "-m",
    "doctor: a commit without a task",
];

/// Tells whether git was stopped by the finding that it must be stopped by.
fn told(output: &Output, what: &str) -> Result<String, String> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(1) if stderr.contains("PDD001") => Ok(format!("{what} was refused")),
        Some(0) => Err(format!("{what} was let through")),
        code => Err(format!(
            "{what} ended with {}: {}",
            code.map_or("a signal".into(), |code| format!("exit code {code}")),
            stderr.trim().replace('\n', "; ")
        )),
    }
}

/// Makes a repository with a policy in force on `main`, and a work branch; no hook runs yet.
fn prepare(top: &Path) -> Result<(), Error> {
    let policy = top.join(".pdd.toml");
    must(git(top, &["init", "-q", "-b", "main", "--template="])?)?;
    std::fs::write(&policy, "policy = 1\n").map_err(Error::write(&policy))?;
    must(git(top, &["add", ".pdd.toml"])?)?;
    must(git(top, &["commit", "-q", "-m", "chore: adopt [MAINT-1]"])?)?;
    must(git(top, &["checkout", "-q", "-b", "feat/TASK-001-doctor"])?)
}

fn borrow(folder: &Path, hooks: &Path, names: &[&str]) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(Error::write(folder))?;
    for name in names {
        borrow_one(&hooks.join(name), &folder.join(name))?;
    }
    Ok(())
}

/// Names the installed file itself: a copy would prove nothing about its mode or its file system.
fn borrow_one(from: &Path, to: &Path) -> Result<(), Error> {
    if from.exists() {
        std::os::unix::fs::symlink(from, to).map_err(Error::write(to))?;
    }
    Ok(())
}

fn configure(top: &Path, hooks: &Path) -> Result<(), Error> {
    for edit in config_mode::edits(hooks) {
        let (key, value) = edit.parts();
        must(git(top, &["config", key, value])?)?;
    }
    Ok(())
}

/// Runs git in the scratch repository. The environment is made anew: a GIT_DIR of the caller would lead to the user's
/// repository, and the user's configuration may name hooks.
fn git(top: &Path, args: &[&str]) -> Result<Output, Error> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| OsString::from("/usr/bin:/bin"));
    let mut command = Command::new("git");
    command
        .current_dir(top)
        .args(args)
        .env_clear()
        .env("PATH", path)
        .env("HOME", top)
        .env("LC_ALL", "C")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CEILING_DIRECTORIES", top.parent().unwrap_or(top));
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "pdd-hooks doctor")
            .env(format!("GIT_{role}_EMAIL"), "doctor@localhost");
    }
    command.output().map_err(|error| Error::MakeScratch {
        reason: format!("git does not start: {error}"),
    })
}

fn must(output: Output) -> Result<(), Error> {
    if output.status.success() {
        return Ok(());
    }
    Err(Error::MakeScratch {
        reason: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

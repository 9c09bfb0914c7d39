//! The live self-test: a scratch repository in which git runs the installed programs, and a commit that must be refused.
//! Only our programs are in it, so nobody else's hook runs.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use super::manifest::{Manifest, Mode};
use super::target::Target;
use super::{Error, HOOKS, config_mode};

/// Says, by an inner error, what was not as it must be: a commit whose message names no task ends with exit code 1 and
/// PDD001.
pub(super) fn refuses(target: &Target, manifest: &Manifest) -> Result<Result<(), String>, Error> {
    let scratch = tempfile::Builder::new()
        .prefix("pdd-doctor-")
        .tempdir()
        .map_err(Error::write(&std::env::temp_dir()))?;
    let top = scratch.path();
    prepare(top)?;
    let hooks = manifest.hooks.path(&target.common);
    if manifest.mode == Mode::Config {
        configure(top, &hooks)?;
    } else {
        borrow(top, &hooks)?;
    }
    let pdd = top.join(".git/pdd");
    std::fs::create_dir_all(&pdd).map_err(Error::write(&pdd))?;
    borrow_one(&target.pdd().join("pdd-hooks"), &pdd.join("pdd-hooks"))?;
    let commit = git(
        top,
        &[
            "commit",
            "--allow-empty",
            "-m",
            "doctor: a commit without a task",
        ],
    )?;
    let stderr = String::from_utf8_lossy(&commit.stderr);
    Ok(match commit.status.code() {
        Some(1) if stderr.contains("PDD001") => Ok(()),
        Some(0) => Err("a commit that names no task was let through".into()),
        code => Err(format!(
            "a commit that names no task ended with {}: {}",
            code.map_or("a signal".into(), |code| format!("exit code {code}")),
            stderr.trim().replace('\n', "; ")
        )),
    })
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

fn borrow(top: &Path, hooks: &Path) -> Result<(), Error> {
    let folder = top.join(".git/hooks");
    std::fs::create_dir_all(&folder).map_err(Error::write(&folder))?;
    for name in HOOKS {
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

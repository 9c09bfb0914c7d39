//! A key for approvals, made by `ssh-keygen` beside the user's others.

use std::fs;
use std::io::IsTerminal as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::approver::address;
use crate::error::{CommandError, Error, LandingError};
use crate::evidence::signers::Namespace;
use crate::git::Repository;
use crate::git::command::Git;
use crate::signing::Key;

/// Its name in the folder of the user's keys.
const NAME: &str = "pdd_approver_ed25519";

/// Makes the key, lets this repository approve with it, and returns the public key and what was done; a dry run has a word
/// in the key's place.
///
/// # Errors
/// There is such a key already, git knows no address, or `ssh-keygen` refuses.
pub(super) fn make(git: &Git, is_dry_run: bool) -> Result<(String, String), Error> {
    let path = place()?;
    let shown = path.display();
    let public = path.with_extension("pub");
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    if is_there(&path) || is_there(&public) {
        let path = shown.to_string();
        return Err(LandingError::KeepKey { path }.into());
    }
    let owner = address(git)?;
    if is_dry_run {
        let public = format!("ssh-ed25519 <key> {owner}");
        return Ok((public, format!("would make {shown} for {owner}\n")));
    }
    let is_asked = std::io::stdin().is_terminal();
    generate(&path, &owner, is_asked)?;
    let text = fs::read_to_string(&public).map_err(|source| CommandError::ReadFile {
        path: public.clone(),
        source,
    })?;
    let path = path.to_string_lossy();
    git.read(&["config", "--local", "pdd.approvalKey", &path])?;
    let mut notes = format!("made {shown}; `pdd.approvalKey` of this repository names it\n");
    notes.push_str(&records(git, &path)?);
    if !is_asked {
        notes.push_str(&format!(
            "note: it has no passphrase, for want of a terminal: any program that runs as you can approve with it; `ssh-keygen -p -f {shown}` gives it one\n"
        ));
    }
    Ok((text.trim().to_owned(), notes))
}

/// Lets the key sign the records of checks too where no other would, and says what signs them.
fn records(git: &Git, path: &str) -> Result<String, Error> {
    let repository = Repository::open_at(git.folder())?;
    Ok(match Key::find(&repository, Namespace::Evidence) {
        Ok(None) => {
            git.read(&["config", "--local", "pdd.signingKey", path])?;
            "it signs the records of your checks too, for want of another key: `pdd.signingKey` names it as well\n".to_owned()
        }
        Ok(Some(other)) => format!(
            "note: the records of your checks are signed with another key, {}, which does not count unlisted: `git config pdd.signingKey {path}` has the new one sign them\n",
            other.fingerprint()
        ),
        Err(_) => format!(
            "note: the key that is to sign the records of your checks cannot be used: `git config pdd.signingKey {path}` has the new one sign them\n"
        ),
    })
}

fn place() -> Result<PathBuf, Error> {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    let home = home.ok_or_else(|| LandingError::MakeKey {
        reason: "HOME names no folder for it".into(),
    })?;
    Ok(Path::new(&home).join(".ssh").join(NAME))
}

/// Starts `ssh-keygen`, which asks for a passphrase itself where there is a terminal.
fn generate(path: &Path, owner: &str, is_asked: bool) -> Result<(), Error> {
    let failed = |reason: String| LandingError::MakeKey { reason };
    if let Some(folder) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        let made = builder.recursive(true).mode(0o700).create(folder);
        made.map_err(|error| failed(error.to_string()))?;
    }
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", "ed25519", "-C", owner]);
    if is_asked {
        // Stdout is for what this program says.
        command.stdout(Stdio::null()).stderr(Stdio::inherit());
    } else {
        command.args(["-N", ""]).stdin(Stdio::null());
    }
    let output = command
        .arg("-f")
        .arg(path)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let reason = stderr.trim().lines().next_back().unwrap_or("it refused");
    Err(failed(reason.to_owned()).into())
}

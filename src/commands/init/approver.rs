//! Who may approve: the signers file, written anew or added to, and the policy's number that rises with it.

use std::fs;
use std::io;
use std::path::Path;

use super::key;
use crate::change::Role;
use crate::commands::worktree::{self, POLICY};
use crate::error::{CommandError, Error, LandingError};
use crate::evidence::signers::Signers;
use crate::git::Repository;
use crate::git::command::Git;
use crate::policy::{Policy, renumbered};

/// What a person may sign.
const NAMESPACES: &str = "approval@pdd-hooks,waiver@pdd-hooks,evidence@pdd-hooks";

/// What a new signers file begins with.
const HEAD: &str = "# Who may sign what, in the form of allowed_signers (ssh-keygen(1)).\n";

/// Where the lines come from.
pub(super) enum Source<'a> {
    /// A public key, or a signers file.
    File(&'a Path),
    /// A key that is made now.
    NewKey,
}

/// Lines for the signers file, and what is to be said of them.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// The lines, without line feeds.
    pub(super) lines: Vec<String>,
    /// What was done for them; empty or whole lines.
    pub(super) notes: String,
}

impl Source<'_> {
    /// Reads or makes the lines.
    ///
    /// # Errors
    /// The file holds no key, git knows no address, or no key can be made.
    pub(super) fn lines(&self, git: &Git, is_dry_run: bool) -> Result<Listed, Error> {
        match self {
            Self::File(path) => {
                let lines = read(git, path)?;
                let notes = String::new();
                Ok(Listed { lines, notes })
            }
            Self::NewKey => {
                let (public, notes) = key::make(git, is_dry_run)?;
                let lines = vec![line(git, &public)?];
                Ok(Listed { lines, notes })
            }
        }
    }
}

fn read(git: &Git, path: &Path) -> Result<Vec<String>, Error> {
    let bad = |what: String| LandingError::ReadKey {
        path: path.display().to_string(),
        what,
    };
    let text = fs::read_to_string(path).map_err(|source| CommandError::ReadFile {
        path: path.to_owned(),
        source,
    })?;
    if text.contains("PRIVATE KEY-----") {
        return Err(bad("it is a private key".into()).into());
    }
    let mut lines = Vec::new();
    for given in text.lines().map(str::trim) {
        if given.is_empty() || given.starts_with('#') {
            continue;
        }
        let line = line(git, given)?;
        Signers::parse(&line).map_err(|fault| bad(fault.what))?;
        lines.push(line);
    }
    if lines.is_empty() {
        return Err(bad("it is empty".into()).into());
    }
    Ok(lines)
}

/// Makes a line of the signers file of a public key; a line of such a file stays as it is.
fn line(git: &Git, given: &str) -> Result<String, Error> {
    let mut fields = given.splitn(3, [' ', '\t']);
    let (kind, key) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
    let is_key = ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"];
    if !is_key.iter().any(|start| kind.starts_with(start)) {
        return Ok(given.to_owned());
    }
    let comment = fields.next().unwrap_or("").trim();
    let principal = match is_address(comment) {
        true => comment.to_owned(),
        false => address(git)?,
    };
    Ok(format!(
        "{principal} namespaces=\"{NAMESPACES}\" {kind} {key}"
    ))
}

/// Returns the address that git writes into commits.
///
/// # Errors
/// Git knows none that could stand in the signers file.
pub(super) fn address(git: &Git) -> Result<String, Error> {
    let found = git.find(&["config", "--get", "user.email"])?;
    let found = found.filter(|text| is_address(text));
    Ok(found.ok_or(LandingError::FindPrincipal)?)
}

/// Whether a text names one person and nothing of it is a pattern (ssh_config(5), PATTERNS).
fn is_address(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@.-_+".contains(c);
    text.contains('@') && !text.starts_with('@') && text.chars().all(is_plain)
}

/// Adds lines to a signers file that are not there yet.
pub(super) fn with_lines(old: &str, lines: &[String]) -> String {
    let mut text = match old {
        "" => HEAD.to_owned(),
        old => old.to_owned(),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    for line in lines {
        if text.lines().all(|known| known.trim() != line.trim()) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// Lists approvers in a repository that has a policy: writes the signers file and raises the policy's number.
///
/// # Errors
/// As [`Source::lines`]; a file cannot be read or written.
pub(super) fn add(
    git: &Git,
    policy: &Policy,
    source: &Source<'_>,
    is_dry_run: bool,
) -> Result<String, Error> {
    let path = git.folder().join(&policy.approval.signers);
    let old = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(CommandError::ReadFile { path, source }.into()),
    };
    let in_force = Repository::open_at(git.folder())?.policy_in_force()?;
    let listed = source.lines(git, is_dry_run)?;
    let new = with_lines(&old, &listed.lines);
    let mut text = listed.notes;
    let signers = &policy.approval.signers;
    if new == old {
        text.push_str(&format!("kept {signers}: every line is there already\n"));
        return Ok(text);
    }
    let verb = if is_dry_run { "would write" } else { "wrote" };
    text.push_str(&format!("{verb} {signers}\n"));
    let is_new = |line: &&str| !line.starts_with('#') && old.lines().all(|old| old != *line);
    for line in new.lines().filter(is_new) {
        text.push_str(&format!("  {line}\n"));
    }
    let raised = in_force
        .as_ref()
        .map(|force| force.policy.number)
        .filter(|&number| policy.number <= number)
        .map(|number| number.saturating_add(1));
    if !is_dry_run {
        worktree::replace(&path, &new)?;
    }
    if let Some(number) = raised {
        text.push_str(&format!("{verb} {POLICY}: policy = {number}\n"));
        if !is_dry_run {
            raise(git.folder(), number)?;
        }
    }
    if !is_dry_run {
        let branch = in_force.as_ref().map(|force| force.branch.as_str());
        text.push_str(&next_steps(git, policy, branch, old.is_empty())?);
    }
    Ok(text)
}

/// Raises the number of the policy in the work tree.
fn raise(top: &Path, number: u64) -> Result<(), Error> {
    let path = top.join(POLICY);
    let text = fs::read_to_string(&path).map_err(|source| CommandError::ReadFile {
        path: path.clone(),
        source,
    })?;
    worktree::replace(&path, &renumbered(&text, number))
}

fn next_steps(
    git: &Git,
    policy: &Policy,
    protected: Option<&str>,
    is_first: bool,
) -> Result<String, Error> {
    let signers = &policy.approval.signers;
    let Some(protected) = protected else {
        return Ok(format!(
            "\nnext:\n  git add {POLICY} {signers}: they come with the adoption of the workflow\n"
        ));
    };
    let branch = worktree::branch(git)?;
    let role = branch.as_deref().map(|name| policy.role(name, &[]));
    let (switch, task) = match role {
        Some(Role::Work(task)) => (String::new(), task.to_string()),
        _ => (
            "git switch -c chore/TASK-ID-approvers && ".into(),
            "TASK-ID".into(),
        ),
    };
    let who = match is_first {
        true => "by somebody whom it lists",
        false => "by somebody who is listed already",
    };
    Ok(format!(
        "\nnext:\n  \
         1. {switch}git add {POLICY} {signers} && git commit -m \"chore(pdd): list who approves [{task}]\"\n  \
         2. pdd-hooks approve HEAD --into {protected} --policy, {who}\n  \
         3. git switch {protected} && git merge -\n"
    ))
}

//! The work tree as commands see it: its top, its policy file, its branch, the workflow's documents, and files written
//! whole or not at all.

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::error::{CommandError, Error};
use crate::git::Repository;
use crate::git::command::Git;
use crate::git::plain::{self, Obstacle};
use crate::policy::Policy;

/// Where the policy stands, from the top.
pub(super) const POLICY: &str = ".pdd.toml";

/// Returns git at the top of the work tree that this folder lies in.
///
/// # Errors
/// The folder lies in none, or git cannot be started.
pub(super) fn top() -> Result<Git, Error> {
    // Outside a work tree git ends with 128 and words of its own, which differ from version to version.
    match Git::new(".").run(&["rev-parse", "--show-toplevel"], &[])? {
        (Some(0), stdout, _) => {
            let text = String::from_utf8_lossy(&stdout);
            Ok(Git::new(text.strip_suffix('\n').unwrap_or(&text)))
        }
        _ => Err(CommandError::FindTop.into()),
    }
}

/// Reads the policy as it stands in the work tree; none where there is no file.
///
/// # Errors
/// The file cannot be read, or is no policy.
pub(super) fn policy(top: &Path) -> Result<Option<Policy>, Error> {
    let path = top.join(POLICY);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(Policy::parse(&text, POLICY)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CommandError::ReadFile { path, source }.into()),
    }
}

/// Returns the branch that is checked out, without `refs/heads/`; none where HEAD is detached.
///
/// # Errors
/// git cannot be asked.
pub(super) fn branch(git: &Git) -> Result<Option<String>, Error> {
    let head = git.find(&["symbolic-ref", "-q", "HEAD"])?;
    Ok(head.map(|name| {
        name.strip_prefix("refs/heads/")
            .map_or_else(|| name.clone(), str::to_owned)
    }))
}

/// Returns the policy that would judge a commit made here: the one in force; before the adoption there is only the one in
/// the work tree.
///
/// # Errors
/// There is none, or it cannot be read.
pub(super) fn rules(git: &Git, repository: &Repository) -> Result<Policy, Error> {
    if let Some(force) = repository.policy_in_force()? {
        return Ok(force.policy);
    }
    let none = || CommandError::FindPolicy {
        path: git.folder().join(POLICY),
    };
    Ok(policy(git.folder())?.ok_or_else(none)?)
}

/// Returns `Name <email>` of the author that git would record.
///
/// # Errors
/// git knows none.
pub(super) fn author(git: &Git) -> Result<String, Error> {
    let ident = git.line(&["var", "GIT_AUTHOR_IDENT"])?;
    let end = ident.rfind('>').map_or(ident.len(), |at| at + 1);
    Ok(ident[..end].to_owned())
}

/// Returns the time as the documents write it: `2025-01-15 14:30`.
pub(super) fn now() -> String {
    jiff::Zoned::now().strftime("%Y-%m-%d %H:%M").to_string()
}

/// Joins words with one blank between two, and without line feeds, which would begin something else in a document.
pub(super) fn one_line(words: &[String]) -> String {
    let text = words.join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes the brackets off a task.
pub(super) fn unbracketed(word: &str) -> &str {
    word.strip_prefix('[')
        .and_then(|word| word.strip_suffix(']'))
        .unwrap_or(word)
}

/// Reads a document of the work tree; none where there is no file.
///
/// # Errors
/// It has a merge conflict, is beyond a symbolic link or no plain file, or cannot be read.
pub(super) fn document(git: &Git, path: &str) -> Result<Option<String>, Error> {
    if let Some(obstacle) = plain::obstacle(git, path)? {
        let help = match obstacle {
            Obstacle::Conflict => {
                format!("resolve it and `git add {path}` first: both sides' entries stay")
            }
            Obstacle::Linked => {
                "a document lies in folders of the repository; move away the link".to_owned()
            }
            Obstacle::Special => {
                "a document is a plain file; move away what stands there".to_owned()
            }
        };
        let (path, state) = (path.to_owned(), obstacle.state());
        return Err(CommandError::UseDocument { path, state, help }.into());
    }
    let file = git.folder().join(path);
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CommandError::ReadFile { path: file, source }.into()),
    }
}

/// A document with its new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// From the top of the work tree.
    pub(super) path: String,
    /// What it said; none where there was no file.
    pub(super) before: Option<String>,
    /// What it is to say.
    pub(super) after: String,
}

/// Writes documents and stages just those; all of them or none.
///
/// # Errors
/// One cannot be written or staged; the others say then what they said before.
pub(super) fn stage(git: &Git, documents: &[Written]) -> Result<(), Error> {
    let file = |written: &Written| git.folder().join(&written.path);
    let attempt = || -> Result<(), Error> {
        for written in documents {
            replace(&file(written), &written.after)?;
        }
        let paths = documents.iter().map(|written| written.path.as_str());
        let paths: Vec<&str> = paths.collect();
        // Of several files git stages those that are not ignored, and only then refuses the others.
        for more in [&["--dry-run", "--"][..], &["--"]] {
            let args = [&["--literal-pathspecs", "add"][..], more, &paths].concat();
            git.read(&args)?;
        }
        Ok(())
    };
    attempt().inspect_err(|_| {
        for written in documents {
            // Where that fails too, the first failure says more.
            match &written.before {
                Some(before) => drop(replace(&file(written), before)),
                None => drop(fs::remove_file(file(written))),
            }
        }
    })
}

/// Writes a new file, with its folders; one that has appeared meanwhile is kept.
///
/// # Errors
/// The file cannot be written; nothing of it is left then.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Error> {
    write(path, text, |file| match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    })
}

/// Puts the new text in a file's place in one step, so that no reader sees half of it; its permissions stay.
///
/// # Errors
/// The file cannot be written; the old one stands then.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    write(path, text, |file| {
        if let Ok(metadata) = path.metadata() {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    })
}

fn write(
    path: &Path,
    text: &str,
    place: impl FnOnce(tempfile::NamedTempFile) -> io::Result<()>,
) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let attempt = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".pdd-")
            // As any new file: the umask takes from it what the user does not want.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        place(file)
    };
    attempt().map_err(|source| {
        let path = path.to_owned();
        CommandError::WriteFile { path, source }.into()
    })
}

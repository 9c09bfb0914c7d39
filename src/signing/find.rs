//! Which key is the user's: what is configured for this, what git signs with, what lies where `ssh-keygen` puts it.

use std::path::{Path, PathBuf};

use super::{Error, Key};
use crate::evidence::signers::Namespace;
use crate::git::Repository;

/// The files that `ssh-keygen` makes by default, those of devices first.
const DEVICES: [&str; 2] = ["id_ed25519_sk", "id_ecdsa_sk"];
const FILES: [&str; 3] = ["id_ed25519", "id_ecdsa", "id_rsa"];

/// Finds the key for a purpose; see [`Key::find`].
pub(super) fn find(repository: &Repository, purpose: Namespace) -> Result<Option<Key>, Error> {
    let is_word = matches!(purpose, Namespace::Approval | Namespace::Waiver);
    let named: &[&'static str] = match is_word {
        true => &["pdd.approvalKey", "pdd.signingKey"],
        false => &["pdd.signingKey"],
    };
    for by in named {
        if let Some(value) = value(repository, by)? {
            return Key::named(&place(repository, &value), by).map(Some);
        }
    }
    if value(repository, "gpg.format")?.as_deref() == Some("ssh")
        && let Some(value) = value(repository, "user.signingKey")?
    {
        let by = "user.signingKey";
        return match literal(&value) {
            Some(text) => Key::literal(text, by).map(Some),
            None => Key::named(&place(repository, &value), by).map(Some),
        };
    }
    // Records are made without asking, so that a key that waits for a touch is the last resort there.
    let order: Vec<&str> = match is_word {
        true => DEVICES.into_iter().chain(FILES).collect(),
        false => FILES.into_iter().chain(DEVICES).collect(),
    };
    let Some(home) = home() else {
        return Ok(None);
    };
    let files = order
        .into_iter()
        .map(|name| home.join(".ssh").join(format!("{name}.pub")));
    // One that is too weak, or damaged, is as if it were not there: nobody named it.
    Ok(files.filter_map(|path| Key::in_file(&path).ok()).next())
}

fn value(repository: &Repository, key: &str) -> Result<Option<String>, Error> {
    let value = repository.effective_config(key)?;
    Ok(value.filter(|value| !value.is_empty()))
}

/// Returns the public key that git's configuration holds itself (git-config(1), `user.signingKey`).
fn literal(value: &str) -> Option<&str> {
    let key = value.strip_prefix("key::");
    key.or_else(|| value.starts_with("ssh-").then_some(value))
}

/// Returns the file that a configured path names: `~/` is the user's home, and a relative one begins at the top of the work
/// tree.
fn place(repository: &Repository, value: &str) -> PathBuf {
    if let (Some(rest), Some(home)) = (value.strip_prefix("~/"), home()) {
        return home.join(rest);
    }
    let top = repository
        .work_tree()
        .unwrap_or_else(|| repository.common_folder());
    top.join(Path::new(value))
}

fn home() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    home.map(PathBuf::from)
}

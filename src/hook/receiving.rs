//! What a server let through and has not written down yet: a small file for each push, made when pre-receive has accepted
//! it and removed when post-receive is done. One that is left tells who pushed what when the server ended in between.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::guard;
use crate::id::CommitId;

/// The folder of these files, in the folder of local state.
const FOLDER: &str = "receiving";

/// A push that was let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Receiving {
    /// When, RFC 3339 in UTC.
    pub(super) time: String,
    /// Who pushed, as far as the server knows.
    pub(super) pusher: Option<String>,
    /// What moves.
    pub(super) moves: Vec<Moved>,
}

/// One reference that moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moved {
    /// Its full name.
    pub(super) reference: String,
    /// Where it stood; none where it is created.
    pub(super) from: Option<CommitId>,
    /// Where it goes; none where it is deleted.
    pub(super) to: Option<CommitId>,
}

/// A push that another process let through.
#[derive(Clone, Debug)]
pub(super) struct Other {
    pub(super) push: Receiving,
    /// Whether that process is still there, and will write it down itself.
    pub(super) is_alive: bool,
    path: PathBuf,
}

impl Receiving {
    /// Reads what git tells a hook of this push.
    pub(super) fn read(input: &[u8]) -> Self {
        let moves = guard::updates(input).into_iter().map(|update| Moved {
            reference: String::from_utf8_lossy(update.name).into_owned(),
            from: commit(update.old),
            to: commit(update.new),
        });
        Self {
            time: jiff::Timestamp::now().to_string(),
            pusher: pusher(|name| std::env::var(name).ok()),
            moves: moves.collect(),
        }
    }

    /// Writes it down under this push's name. It is a help, never a condition: what cannot be written is left.
    pub(super) fn note(&self, pdd: &Path) {
        let path = path(pdd, std::os::unix::process::parent_id());
        if !pdd.is_dir() {
            return;
        }
        let _ = std::fs::create_dir(pdd.join(FOLDER));
        if let Ok(bytes) = serde_json::to_vec(self) {
            let _ = std::fs::write(path, bytes);
        }
    }

    /// Returns where this push moves a reference.
    pub(super) fn of(&self, reference: &str) -> Option<&Moved> {
        self.moves.iter().find(|moved| moved.reference == reference)
    }
}

/// Forgets what [`Receiving::note`] wrote of this push.
pub(super) fn done(pdd: &Path) {
    let _ = std::fs::remove_file(path(pdd, std::os::unix::process::parent_id()));
}

/// Returns the pushes of other processes that are not written down yet, in the order of their names.
pub(super) fn others(pdd: &Path) -> Vec<Other> {
    let own = std::os::unix::process::parent_id();
    let Ok(entries) = std::fs::read_dir(pdd.join(FOLDER)) else {
        return Vec::new();
    };
    let mut found: Vec<Other> = entries
        .flatten()
        .filter_map(|entry| {
            let number: u32 = entry.file_name().to_str()?.parse().ok()?;
            let bytes = std::fs::read(entry.path()).ok()?;
            let push = serde_json::from_slice(&bytes).ok()?;
            (number != own).then(|| Other {
                push,
                is_alive: is_alive(number),
                path: entry.path(),
            })
        })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

impl Other {
    /// Forgets it.
    pub(super) fn forget(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The parent of both hooks is the `git receive-pack` of the push.
fn path(pdd: &Path, process: u32) -> PathBuf {
    pdd.join(FOLDER).join(process.to_string())
}

fn is_alive(process: u32) -> bool {
    let Some(process) = i32::try_from(process)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    else {
        return false;
    };
    // Another user's process is there too, and says so by refusing.
    !matches!(
        rustix::process::test_kill_process(process),
        Err(rustix::io::Errno::SRCH)
    )
}

fn commit(id: &[u8]) -> Option<CommitId> {
    (!guard::is_zero(id)).then(|| CommitId::new(String::from_utf8_lossy(id)))
}

/// Finds who pushed: the signer of a push certificate that holds (git-receive-pack(1)), else the name that the server in
/// front of git gives, else the user of the process.
fn pusher(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let is_signed = variable("GIT_PUSH_CERT_STATUS").as_deref() == Some("G");
    let signer = is_signed.then_some("GIT_PUSH_CERT_SIGNER");
    signer
        .into_iter()
        .chain(["REMOTE_USER", "GL_USER", "GITEA_PUSHER_NAME", "USER"])
        .filter_map(variable)
        .find(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pairs: &[(&str, &str)]) -> Option<String> {
        pusher(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_certificate_that_holds_names_the_pusher_before_the_server_does() {
        let all = [
            ("GIT_PUSH_CERT_STATUS", "G"),
            ("GIT_PUSH_CERT_SIGNER", "ann"),
            ("REMOTE_USER", "web"),
            ("USER", "git"),
        ];
        assert_eq!(told(&all).as_deref(), Some("ann"));
        let mut bad = all;
        bad[0].1 = "B";
        assert_eq!(told(&bad).as_deref(), Some("web"));
        assert_eq!(told(&all[3..]).as_deref(), Some("git"));
        assert_eq!(told(&[("USER", "")]), None);
    }
}

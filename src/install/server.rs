//! What an install on a server has besides its two hooks: the pinned keys that may begin, a key that signs what it writes
//! down, and where the branches stood at the start. It judges nothing and signs nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::config::Edit;
use super::manifest::Manifest;
use super::target::Target;
use super::{Error, files};
use crate::evidence::signers::{Namespace, PublicKey, Signers};
use crate::git::Repository;

/// The name of the server's private key in `<git dir>/pdd`; the public one is beside it.
pub(super) const KEY: &str = "server_ed25519";

/// The configuration key of the pinned fingerprints.
pub(super) const ROOT: &str = "pdd.root";

/// The configuration key of the key that signs.
const SIGNING_KEY: &str = "pdd.signingKey";

/// What is asked of a server install beyond what every install is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serve<'a> {
    /// Fingerprints, or files of keys whose fingerprints are meant.
    pub roots: &'a [String],
}

/// What the manifest of a server install remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Each branch that stood there when the server was first installed, by its full name, and its tip.
    pub began: BTreeMap<String, String>,
}

/// What a server install sets.
pub(super) struct Setup {
    pub(super) server: Server,
    pub(super) edits: Vec<Edit>,
    /// Whether the key is to be made.
    pub(super) makes_key: bool,
}

impl Setup {
    /// Works out what to set; writes nothing.
    ///
    /// # Errors
    /// The repository has a work tree, no key is pinned, or one that is asked for cannot be read.
    pub(super) fn plan(
        target: &Target,
        serve: Serve<'_>,
        old: Option<&Manifest>,
    ) -> Result<Self, Error> {
        if let Some(top) = &target.top {
            return Err(Error::ServeWorkTree { top: top.clone() });
        }
        let began = match old.and_then(|old| old.server.as_ref()) {
            Some(server) => server.began.clone(),
            None => branches(target)?,
        };
        let mut edits: Vec<Edit> = roots(target, serve.roots)?
            .into_iter()
            .map(|value| Edit::Add {
                key: ROOT.into(),
                value,
            })
            .collect();
        let key = key_path(target);
        let set = signing_key(target)?;
        let is_own = set.as_ref().is_none_or(|set| *set == key);
        if is_own {
            edits.push(Edit::Set {
                key: SIGNING_KEY.into(),
                value: key.to_string_lossy().into_owned(),
            });
        }
        Ok(Self {
            server: Server { began },
            edits,
            makes_key: is_own && !key.exists(),
        })
    }
}

fn key_path(target: &Target) -> PathBuf {
    target.pdd().join(KEY)
}

/// Returns the key that this repository's own configuration names.
fn signing_key(target: &Target) -> Result<Option<PathBuf>, Error> {
    let args = ["config", "--local", "--type=path", "--get", SIGNING_KEY];
    Ok(target.git().find(&args)?.map(PathBuf::from))
}

/// Returns where every branch stands.
fn branches(target: &Target) -> Result<BTreeMap<String, String>, Error> {
    let args = [
        "for-each-ref",
        "--format=%(refname) %(objectname)",
        "refs/heads/",
    ];
    let list = target.git().line(&args)?;
    let pairs = list.lines().filter_map(|line| line.split_once(' '));
    Ok(pairs
        .map(|(name, tip)| (name.to_owned(), tip.to_owned()))
        .collect())
}

/// Returns the fingerprints to pin: those that are asked for; none where some are pinned already; else those of the keys
/// that may approve on the protected branch.
fn roots(target: &Target, asked: &[String]) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for root in asked {
        if root.starts_with("SHA256:") {
            found.push(fingerprint(root)?);
        } else {
            found.extend(keys_in(Path::new(root))?);
        }
    }
    if asked.is_empty() && pinned(target)?.is_empty() {
        found = listed(target)?;
        if found.is_empty() {
            return Err(Error::PinRoot);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|root| seen.insert(root.clone()));
    Ok(found)
}

/// Reads a fingerprint as `ssh-keygen -lf` prints it: 256 bits in base64 without padding.
fn fingerprint(text: &str) -> Result<String, Error> {
    use base64::Engine as _;
    let digest = text.strip_prefix("SHA256:").unwrap_or(text);
    match base64::engine::general_purpose::STANDARD_NO_PAD.decode(digest) {
        Ok(bytes) if bytes.len() == 32 => Ok(text.to_owned()),
        _ => Err(Error::ReadFingerprint {
            text: text.to_owned(),
        }),
    }
}

/// Reads the keys of a file: all of public key files, those that may approve of a signers file.
fn keys_in(path: &Path) -> Result<Vec<String>, Error> {
    let bytes = files::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim);
    let keys: Result<Vec<_>, _> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| PublicKey::parse(line).map(|key| key.fingerprint()))
        .collect();
    let found = match keys {
        Ok(keys) => keys,
        Err(_) => Signers::parse(&text)
            .map_err(|source| Error::ReadRoots {
                path: path.to_owned(),
                source: Box::new(source),
            })?
            .keys(Namespace::Approval),
    };
    if found.is_empty() {
        return Err(Error::FindRoots {
            path: path.to_owned(),
        });
    }
    Ok(found)
}

/// Lists the keys that may approve by the signers file of the protected branch.
fn listed(target: &Target) -> Result<Vec<String>, Error> {
    let repository = Repository::open_at(&target.common)?;
    let Some(force) = repository.policy_in_force()? else {
        return Ok(Vec::new());
    };
    let path = &force.policy.approval.signers;
    let tree = repository.tree_of(force.tip)?;
    let Some(text) = repository.text_at(tree, path)? else {
        return Ok(Vec::new());
    };
    let signers = Signers::parse(&text).map_err(|source| Error::ReadRoots {
        path: format!("{}:{path}", force.branch).into(),
        source: Box::new(source),
    })?;
    Ok(signers.keys(Namespace::Approval))
}

/// Lists the fingerprints that are pinned.
pub(super) fn pinned(target: &Target) -> Result<Vec<String>, Error> {
    let args = ["config", "--get-all", ROOT];
    let text = target.git().find(&args)?.unwrap_or_default();
    Ok(text.lines().map(str::to_owned).collect())
}

/// Makes the server's key where there is none.
pub(super) fn make_key(target: &Target) -> Result<(), Error> {
    let path = key_path(target);
    if path.exists() {
        return Ok(());
    }
    let failed = |reason: String| Error::MakeKey {
        path: path.clone(),
        reason,
    };
    let output = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "pdd-hooks server"])
        .arg("-f")
        .arg(&path)
        .output()
        .map_err(|error| failed(format!("`ssh-keygen` does not start: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(
        String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    ))
}

/// Writes the line of the signers file that lets clones verify what the server signs; none where it has no key of its own.
fn line(pdd: &Path) -> Option<String> {
    let text = std::fs::read_to_string(pdd.join(KEY).with_extension("pub")).ok()?;
    let key: Vec<&str> = text.split_whitespace().take(2).collect();
    let namespace = Namespace::Evidence.as_str();
    Some(format!(
        "server namespaces=\"{namespace}\" {}",
        key.join(" ")
    ))
}

/// Says what the key is for, where it is the server's own.
pub(super) fn words(pdd: &Path) -> String {
    line(pdd).map_or(String::new(), |line| {
        format!(
            "key: {} signs the record of each landing; clones verify it by this line of the signers file:\n  {line}\n",
            pdd.join(KEY).display()
        )
    })
}

impl super::doctor::Report {
    /// Looks at what a server has besides hooks.
    pub(super) fn server(&mut self, target: &Target) -> Result<(), Error> {
        let roots = pinned(target)?;
        match roots.len() {
            0 => self.problem(
                "roots",
                "no key is pinned: whoever pushes first would choose who approves",
                "pdd-hooks install --server --root FILE",
            ),
            _ => self.well("roots", roots.join(", ")),
        }
        let Some(key) = signing_key(target)? else {
            self.problem(
                "key",
                format!("`{SIGNING_KEY}` is not set: nothing would be signed"),
                "pdd-hooks doctor --fix",
            );
            return Ok(());
        };
        self.key(&key);
        Ok(())
    }

    fn key(&mut self, key: &Path) {
        use std::os::unix::fs::PermissionsExt as _;
        let public = std::fs::read_to_string(key.with_extension("pub"));
        let public = public
            .ok()
            .and_then(|text| PublicKey::parse(&text).ok())
            .map(|key| key.fingerprint());
        match (std::fs::metadata(key), public) {
            (Ok(facts), _) if facts.permissions().mode() & 0o077 != 0 => self.problem(
                "key",
                format!("{} can be read by others", key.display()),
                format!("chmod 600 {}", key.display()),
            ),
            (Ok(_), Some(fingerprint)) => {
                self.well("key", format!("{} ({fingerprint})", key.display()));
            }
            _ => self.problem(
                "key",
                format!("{} and its .pub cannot be read", key.display()),
                "pdd-hooks doctor --fix",
            ),
        }
    }
}

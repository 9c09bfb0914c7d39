//! SSH keys of people and machines, made by `ssh-keygen`, and the signers file that lists them.

use std::path::PathBuf;

use crate::support::Repo;

/// What a record is signed for.
pub(crate) const EVIDENCE: &str = "evidence@pdd-hooks";
/// What a machine's record is signed for.
pub(crate) const RUNNER: &str = "runner@pdd-hooks";
/// What an approval is signed for.
pub(crate) const APPROVAL: &str = "approval@pdd-hooks";
/// What a waiver is signed for.
pub(crate) const WAIVER: &str = "waiver@pdd-hooks";
/// Where the signers file stands.
pub(crate) const SIGNERS: &str = ".pdd/allowed_signers";

/// A key pair in `$TMP/keys`, without a passphrase.
pub(crate) struct Key {
    /// The file of the private key; the public one is beside it, as `.pub`.
    pub(crate) path: PathBuf,
    /// `ssh-ed25519 AAAA…`, without the comment.
    pub(crate) public: String,
    /// `SHA256:…`.
    pub(crate) fingerprint: String,
}

impl Key {
    /// Writes a line of the signers file.
    pub(crate) fn line(&self, principal: &str, namespaces: &[&str]) -> String {
        let namespaces = namespaces.join(",");
        format!("{principal} namespaces=\"{namespaces}\" {}\n", self.public)
    }
}

impl Repo {
    /// Makes an Ed25519 key.
    pub(crate) fn key(&self, name: &str) -> Key {
        self.key_of_type(name, "ed25519")
    }

    /// Makes a key of a type that `ssh-keygen -t` knows.
    pub(crate) fn key_of_type(&self, name: &str, kind: &str) -> Key {
        let folder = self.root().join("keys");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        let mut make = self.command("ssh-keygen", self.folder());
        make.args(["-q", "-t", kind, "-N", "", "-C", name, "-f"])
            .arg(&path);
        let _ = self.run(&mut make, b"").ok();
        let text = std::fs::read_to_string(path.with_extension("pub")).unwrap();
        let public = text.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let mut ask = self.command("ssh-keygen", self.folder());
        let told = self.run(ask.arg("-lf").arg(&path), b"").ok();
        let fingerprint = told.stdout.split(' ').nth(1).unwrap().to_owned();
        Key {
            path,
            public,
            fingerprint,
        }
    }

    /// Lets this repository sign its records with a key.
    pub(crate) fn sign_with(&self, key: &Key) {
        let path = key.path.to_str().unwrap();
        let _ = self.git(&["config", "pdd.signingKey", path]).ok();
    }
}

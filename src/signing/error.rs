//! What can go wrong while something is signed.

use std::path::PathBuf;
use std::time::Duration;

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The record cannot be written.
    #[error(transparent)]
    Evidence(#[from] crate::evidence::Error),
    /// The store cannot be read or written.
    #[error(transparent)]
    Git(Box<crate::git::Error>),
    /// There is no key.
    #[error("there is no SSH key to sign with")]
    FindKey,
    /// The key that was named cannot be used.
    #[error("the key `{key}`, which `{by}` names, cannot be used: {what}")]
    ReadKey {
        /// What was named.
        key: String,
        /// Who named it: an option or a key of the configuration.
        by: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// The configuration names another signer than there is.
    #[error("`pdd.signer` is `{found}`, which is neither `self` nor `runner`")]
    KnowSigner {
        /// What it is.
        found: String,
    },
    /// The key stands on a device, and nobody is there to touch it.
    #[error("the key {key} stands on a device that waits for a touch, and a hook waits for nobody")]
    Touch {
        /// The key's fingerprint.
        key: String,
    },
    /// The key cannot be used without asking for its passphrase.
    #[error(
        "the key {key} has a passphrase or no file, no agent holds it, and a hook does not ask"
    )]
    Ask {
        /// The key's fingerprint.
        key: String,
    },
    /// The agent did not answer.
    #[error("the agent did not sign with the key {key} within {} s", patience.as_secs())]
    Wait {
        /// The key's fingerprint.
        key: String,
        /// How long it was given.
        patience: Duration,
    },
    /// `ssh-keygen` cannot be started.
    #[error("could not start `ssh-keygen`")]
    StartSshKeygen {
        /// Why.
        source: std::io::Error,
    },
    /// `ssh-keygen` refuses.
    #[error("`ssh-keygen` did not sign with the key {key}{}", said(.what))]
    Sign {
        /// The key's fingerprint.
        key: String,
        /// What it wrote.
        what: String,
    },
    /// What is to be signed cannot be handed over, or the signature not be read.
    #[error("could not hand `{}` to `ssh-keygen`", path.display())]
    HandOver {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<crate::git::Error> for Error {
    fn from(error: crate::git::Error) -> Self {
        Self::Git(Box::new(error))
    }
}

fn said(what: &str) -> String {
    match what.lines().map(str::trim).rfind(|line| !line.is_empty()) {
        Some(line) => format!(": {line}"),
        None => String::new(),
    }
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Evidence(error) => return error.help(),
            Self::Git(error) => return error.help(),
            Self::FindKey => {
                "make one by `ssh-keygen -t ed25519`, or name one: `git config pdd.signingKey <file>`"
            }
            Self::ReadKey { .. } => {
                "name the file of a private key, or its `.pub`, of a type that OpenSSH makes today"
            }
            Self::KnowSigner { .. } => "`git config pdd.signer self`",
            Self::Touch { .. } => {
                "name a key for records that needs none: `git config pdd.signingKey <file>`"
            }
            Self::Ask { .. } => "hand it to your agent: `ssh-add <file>`",
            Self::Wait { .. } => {
                "let the agent sign without asking, or name another key: `git config pdd.signingKey <file>`"
            }
            Self::StartSshKeygen { .. } => "install OpenSSH's client programs",
            Self::Sign { .. } => "try it by hand: `ssh-keygen -Y sign -n file -f <key> <any file>`",
            Self::HandOver { .. } => "make room in the folder for temporary files",
        };
        Some(help.into())
    }
}

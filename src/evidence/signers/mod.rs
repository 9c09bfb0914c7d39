//! Who may sign what: the signers file, in OpenSSH's allowed_signers form (ssh-keygen(1), ALLOWED SIGNERS), and the
//! signatures that it vouches for. Everything is decided here, in process: no configuration of git or ssh is asked.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Envelope;
use line::Line;

mod key;
mod line;
mod options;
mod pattern;
mod signature;
mod time;
mod verify;

pub use key::PublicKey;

/// What a signature is for; each has an SSHSIG namespace of its own, so that a key listed for one counts for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// Records of one's own work.
    Evidence,
    /// Records of a machine's.
    Runner,
    /// Approvals, rejections, withdrawals.
    Approval,
    /// Waivers.
    Waiver,
}

impl Namespace {
    /// Returns the SSHSIG namespace.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence@pdd-hooks",
            Self::Runner => "runner@pdd-hooks",
            Self::Approval => "approval@pdd-hooks",
            Self::Waiver => "waiver@pdd-hooks",
        }
    }
}

/// A signature that holds, by somebody who is listed for what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who, as the signers file names them.
    pub principal: String,
    /// The key's fingerprint, `SHA256:…`.
    pub key: String,
    /// What it is for.
    pub namespace: Namespace,
    /// Whether the key stands on a device and somebody touched it.
    pub is_hardware: bool,
}

/// Why a signature counts for nothing; its `Display` follows the name of the record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The bytes are no SSHSIG, or one of a kind that is not supported.
    #[error("its signature cannot be read: {reason}")]
    Unreadable {
        /// What is wrong with them.
        reason: String,
    },
    /// It was made for something else.
    #[error("it was signed for `{found}`, not for `{wanted}`")]
    OtherNamespace {
        /// What it was made for.
        found: String,
        /// What was asked.
        wanted: &'static str,
    },
    /// It does not fit the bytes.
    #[error("its signature by {key} is not of these bytes")]
    Broken {
        /// The key's fingerprint.
        key: String,
    },
    /// Nobody of that key is listed.
    #[error("nobody with the key {key} is listed")]
    Unlisted {
        /// The key's fingerprint.
        key: String,
    },
    /// It is listed, for other things.
    #[error("{principal} is listed with the key {key}, but not for `{wanted}`")]
    NotFor {
        /// Who.
        principal: String,
        /// The key's fingerprint.
        key: String,
        /// What was asked.
        wanted: &'static str,
    },
    /// It is listed for another time.
    #[error("the key {key} of {principal} {when}")]
    OutOfTime {
        /// Who.
        principal: String,
        /// The key's fingerprint.
        key: String,
        /// `was good until …` or `is good from …`.
        when: String,
    },
}

/// A fault of the signers file; it counts for nothing as a whole then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct SignersError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it, and the mend.
    pub what: String,
}

/// The signers file, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signers {
    lines: Vec<Line>,
}

impl Signers {
    /// Reads the file's text.
    ///
    /// # Errors
    /// A line is not understood in full; what is not supported is never passed over.
    pub fn parse(text: &str) -> Result<Self, SignersError> {
        let mut lines = Vec::new();
        for (place, line) in text.split('\n').enumerate() {
            let failed = |what| SignersError {
                line: place + 1,
                what,
            };
            lines.extend(Line::parse(line).map_err(failed)?);
        }
        Ok(Self { lines })
    }

    /// Says what each signature of an envelope is worth for a namespace at a time, in the envelope's order.
    pub fn verify(
        &self,
        envelope: &Envelope,
        namespace: Namespace,
        at: Timestamp,
    ) -> Vec<Result<Signed, Unverified>> {
        verify::all(self, envelope, namespace, at)
    }

    /// Says who may sign with a key (`SHA256:…`) for a namespace at a time, before anything is signed. Of a certificate's key
    /// only a signature tells.
    ///
    /// # Errors
    /// The key is not listed itself, or not for that, or not then.
    pub fn listed(
        &self,
        key: &str,
        namespace: Namespace,
        at: Timestamp,
    ) -> Result<String, Unverified> {
        verify::listed(self, key, namespace, at)
    }

    /// Counts the times named in the file, at which a key begins or ends to count, that have gone by; none where certificates
    /// may sign, which have times of their own.
    pub fn phase(&self, now: Timestamp) -> Option<usize> {
        let options = || self.lines.iter().map(|line| &line.options);
        if options().any(|options| options.is_authority) {
            return None;
        }
        let begun = options().filter_map(|options| options.after);
        let ended = options().filter_map(|options| options.before);
        let count = begun.filter(|&after| after <= now).count();
        Some(count + ended.filter(|&before| before < now).count())
    }

    /// Says whether certificates may sign for a namespace.
    pub fn takes_certificates(&self, namespace: Namespace) -> bool {
        self.lines_for(namespace)
            .any(|line| line.options.is_authority)
    }

    /// Lists the principals that a line lists for a namespace, sorted, each once.
    pub fn principals(&self, namespace: Namespace) -> Vec<String> {
        let lines = self.lines_for(namespace);
        sorted(lines.map(|line| line.principals.text().to_owned()))
    }

    /// Lists the fingerprints of the keys that may sign for a namespace, authorities of certificates among them; sorted,
    /// each once.
    pub fn keys(&self, namespace: Namespace) -> Vec<String> {
        sorted(
            self.lines_for(namespace)
                .map(|line| key::fingerprint(&line.key)),
        )
    }

    /// Says whether a line names a machine: one that gives the runner's namespace by name.
    pub fn lists_runner(&self) -> bool {
        let mut given = self
            .lines
            .iter()
            .filter_map(|line| line.options.namespaces.as_ref());
        given.any(|namespaces| namespaces.names(Namespace::Runner.as_str()))
    }

    /// Says who signed an envelope: the first signature that holds, else why the first does not; none where nobody did.
    pub fn signed(
        &self,
        envelope: &Envelope,
        namespace: Namespace,
        at: Timestamp,
    ) -> Option<Result<Signed, Unverified>> {
        let mut found = self.verify(envelope, namespace, at);
        let best = found.iter().position(Result::is_ok).unwrap_or(0);
        (best < found.len()).then(|| found.swap_remove(best))
    }

    /// Keeps the lines that give a namespace by name: what a line without any allows, it does not ask for.
    #[must_use]
    pub fn naming(&self, namespace: Namespace) -> Self {
        let names = |line: &&Line| {
            let given = line.options.namespaces.as_ref();
            given.is_some_and(|given| given.names(namespace.as_str()))
        };
        Self {
            lines: self.lines.iter().filter(names).cloned().collect(),
        }
    }

    fn lines_for(&self, namespace: Namespace) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| {
            let given = line.options.namespaces.as_ref();
            given.is_none_or(|given| given.matches(namespace.as_str()))
        })
    }
}

/// Returns the fingerprints of the keys whose signatures for a namespace fit an envelope, in its order: who claims it, which
/// says nothing of who may.
pub fn holders(envelope: &Envelope, namespace: Namespace) -> Vec<String> {
    verify::holders(envelope, namespace)
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests;

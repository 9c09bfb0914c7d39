//! Signing: the user's SSH key, found as git finds it, and `ssh-keygen`, which asks the agent, a device or the key's file.
//! What cannot be signed stays unsigned and says so; nothing is verified here.

use crate::evidence::Envelope;
use crate::evidence::envelope::{self, PAYLOAD_TYPE};
use crate::evidence::signers::Namespace;
use crate::evidence::statement::Statement;
use crate::git::Repository;

mod error;
mod find;
mod key;
mod keygen;
mod record;

pub use error::Error;
pub use key::Key;
pub use record::{record, sign_anew, why_unsigned};

/// Whether somebody sits before the terminal and may be asked for a passphrase or a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A command that a person started.
    May,
    /// A hook: it never asks.
    Never,
}

impl Key {
    /// Finds the user's key; none where there is none. In order: `pdd.approvalKey` (for approvals and waivers),
    /// `pdd.signingKey`, git's `user.signingKey` where `gpg.format` is `ssh`, and the keys that `ssh-keygen` makes by
    /// default in `~/.ssh`: for approvals and waivers those on devices first, for records last.
    ///
    /// # Errors
    /// The configuration names one that cannot be used.
    pub fn find(repository: &Repository, purpose: Namespace) -> Result<Option<Self>, Error> {
        find::find(repository, purpose)
    }

    /// Puts statements into envelopes and signs each, all in one go.
    ///
    /// # Errors
    /// `ssh-keygen` cannot be started, or refuses; or somebody would have to be asked who may not be.
    pub fn sign(
        &self,
        statements: &[Statement],
        namespace: Namespace,
        asks: Asks,
    ) -> Result<Vec<Envelope>, Error> {
        let payloads = statements
            .iter()
            .map(Statement::to_json)
            .collect::<Result<Vec<_>, _>>()?;
        self.sign_payloads(payloads, namespace, asks)
    }

    fn sign_payloads(
        &self,
        payloads: Vec<Vec<u8>>,
        namespace: Namespace,
        asks: Asks,
    ) -> Result<Vec<Envelope>, Error> {
        let messages: Vec<Vec<u8>> = payloads
            .iter()
            .map(|payload| envelope::pae(PAYLOAD_TYPE, payload))
            .collect();
        let signatures = self.sign_bytes(&messages, namespace.as_str(), asks)?;
        let keyid = self.fingerprint();
        let signed = payloads.into_iter().zip(signatures).map(|(payload, sig)| {
            let keyid = keyid.clone();
            Envelope::signed(payload, vec![envelope::Signature { keyid, sig }])
        });
        Ok(signed.collect())
    }

    fn sign_bytes(
        &self,
        messages: &[Vec<u8>],
        namespace: &str,
        asks: Asks,
    ) -> Result<Vec<Vec<u8>>, Error> {
        keygen::sign(self, messages, namespace, asks)
    }
}

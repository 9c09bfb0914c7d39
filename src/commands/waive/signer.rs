//! The key that signs waivers here: it must be listed for them by the policy in force, or what it signs is not kept.

use std::path::Path;

use jiff::Timestamp;

use crate::audit::approval::SignersAt;
use crate::error::{Error, WaiverError};
use crate::evidence::Statement;
use crate::evidence::signers::{Namespace, Signed, Signers, Unverified};
use crate::git::{InForce, Repository};
use crate::signing::{Asks, Key};

/// A key, and those who may sign.
pub(super) struct Signer {
    key: Key,
    signers: Signers,
}

impl Signer {
    /// Finds the key, in `path` or where git is told of it, and asks the signers beside the policy in force for it.
    ///
    /// # Errors
    /// There is no key, or it is not listed for waivers.
    pub(super) fn find(
        repository: &Repository,
        force: &InForce,
        path: Option<&Path>,
    ) -> Result<Self, Error> {
        let policy = &force.policy;
        let none = |what| WaiverError::FindSigners { what };
        let signers = match SignersAt::commit(repository, policy, force.tip)? {
            SignersAt::Listed(signers) => signers,
            SignersAt::Unreadable(why) => return Err(none(why).into()),
            SignersAt::Missing => {
                let (branch, path) = (&force.branch, &policy.approval.signers);
                return Err(none(format!("`{branch}` holds no `{path}`")).into());
            }
        };
        let key = match path {
            Some(path) => Key::at(path)?,
            None => Key::find(repository, Namespace::Waiver)?.ok_or(WaiverError::FindKey)?,
        };
        let listed = signers.listed(&key.fingerprint(), Namespace::Waiver, Timestamp::now());
        match listed {
            // A certificate may speak for the key, which only the signature tells.
            Err(why) if !signers.takes_certificates(Namespace::Waiver) => {
                Err(unlisted(&signers, &why).into())
            }
            _ => Ok(Self { key, signers }),
        }
    }

    /// Signs a statement and keeps it; returns the record's name and who signed.
    ///
    /// # Errors
    /// The key does not sign, what it signed counts for nothing, or the store cannot be written.
    pub(super) fn record(
        &self,
        repository: &Repository,
        statement: Statement,
    ) -> Result<(String, Signed), Error> {
        let envelopes = self.key.sign(&[statement], Namespace::Waiver, Asks::May)?;
        let mut lines = Vec::new();
        let mut worth = None;
        for envelope in &envelopes {
            lines.push(envelope.to_line()?);
            let now = Timestamp::now();
            let found = self.signers.verify(envelope, Namespace::Waiver, now);
            worth = found.into_iter().next();
        }
        let signed = match worth {
            Some(Ok(signed)) => signed,
            Some(Err(why)) => return Err(unlisted(&self.signers, &why).into()),
            None => return Err(WaiverError::FindKey.into()),
        };
        let names = repository.add_records(&lines)?;
        let name = names.into_iter().next().ok_or(WaiverError::FindKey)?;
        Ok((name, signed))
    }
}

fn unlisted(signers: &Signers, why: &Unverified) -> WaiverError {
    WaiverError::List {
        why: why.to_string(),
        may: signers.principals(Namespace::Waiver),
    }
}

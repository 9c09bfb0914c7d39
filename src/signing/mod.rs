//! Signing: the user's SSH key, found as git finds it, and `ssh-keygen`, which asks the agent, a device or the key's file.
//! What cannot be signed stays unsigned and says so; nothing is verified here.

use crate::evidence::Envelope;
use crate::evidence::signers::Namespace;
use crate::evidence::statement::Statement;
use crate::git::Repository;

mod error;

pub use error::Error;

/// A key that signs.
#[derive(Clone, Debug)]
pub struct Key {}

/// Whether somebody sits before the terminal and may be asked for a passphrase or a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A command that a person started.
    May,
    /// A hook: it never asks.
    Never,
}

impl Key {
    /// Finds the user's key; none where there is none.
    ///
    /// # Errors
    /// The configuration names one that cannot be used.
    pub fn find(_repository: &Repository, _purpose: Namespace) -> Result<Option<Self>, Error> {
        Ok(None)
    }

    /// Reads the key in a file, private or public; `by` is who names it.
    ///
    /// # Errors
    /// The file holds no key.
    pub fn at(_path: &std::path::Path, _by: &'static str) -> Result<Self, Error> {
        Ok(Self {})
    }

    /// Returns the fingerprint, `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        String::new()
    }

    /// Says whether it stands on a device.
    pub fn is_hardware(&self) -> bool {
        false
    }

    /// Puts statements into envelopes and signs each, all in one go.
    ///
    /// # Errors
    /// `ssh-keygen` cannot be started, or refuses.
    pub fn sign(
        &self,
        _statements: &[Statement],
        _namespace: Namespace,
        _asks: Asks,
    ) -> Result<Vec<Envelope>, Error> {
        Ok(Vec::new())
    }
}

/// Adds records of one's own work to the store: signed where there is a key that signs without asking, else unsigned.
/// Returns their names, in order.
///
/// # Errors
/// The store cannot be written.
pub fn record(repository: &Repository, statements: &[Statement]) -> Result<Vec<String>, Error> {
    let mut lines = Vec::new();
    for statement in statements {
        lines.push(Envelope::unsigned(statement)?.to_line()?);
    }
    Ok(repository.add_records(&lines)?)
}

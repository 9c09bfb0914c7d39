//! The digest of a text.

use sha2::{Digest, Sha256};

/// Returns the SHA-256 of a text, in hexadecimal digits.
pub(super) fn of(said: &str) -> String {
    Sha256::digest(said)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

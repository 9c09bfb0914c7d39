//! Random text, for what has to differ from all else: the name of a repository, a word that is signed.

use std::fmt::Write as _;

use crate::error::{CommandError, Error};

/// Draws 128 random bits, written as 32 hexadecimal digits.
///
/// # Errors
/// The system gives none.
pub(super) fn digits() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| CommandError::DrawRandom {
        reason: error.to_string(),
    })?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

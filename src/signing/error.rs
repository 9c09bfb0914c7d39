//! What can go wrong while something is signed.

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The record cannot be written.
    #[error(transparent)]
    Evidence(#[from] crate::evidence::Error),
    /// The store cannot be read or written.
    #[error(transparent)]
    Git(#[from] crate::git::Error),
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Evidence(error) => error.help(),
            Self::Git(error) => error.help(),
        }
    }
}

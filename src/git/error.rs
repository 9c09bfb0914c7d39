//! What can go wrong when git is asked.

/// Says what was asked of git and how it failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The `git` program could not be started.
    #[error("could not start `git {command}`")]
    StartGit {
        /// The arguments, joined by blanks.
        command: String,
        /// Why.
        source: std::io::Error,
    },
    /// `git` ended with an exit code that was not expected.
    #[error("`git {command}` failed: {stderr}")]
    RunGit {
        /// The arguments, joined by blanks.
        command: String,
        /// Its exit code; none where a signal ended it.
        code: Option<i32>,
        /// What it wrote to stderr, trimmed.
        stderr: String,
    },
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::StartGit { .. } => Some("install git 2.39 or later and put it on PATH".into()),
            Self::RunGit { .. } => None,
        }
    }
}

//! A commit message: text to subject, body and trailers, and what git makes of it before it commits. Pure: no git, no policy.

/// A commit message as git commits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first paragraph on one line, as `git log --format=%s` shows it, lossily decoded.
    pub subject: String,
    /// What follows the subject, without the blank lines between.
    pub body: String,
    /// The trailers of the last paragraph, in order, names as written.
    pub trailers: Vec<Trailer>,
}

/// One `Name: value` line of the last paragraph (git-interpret-trailers(1)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// Before the colon.
    pub name: String,
    /// After it, folded lines joined by a blank.
    pub value: String,
}
impl Message {
    /// x
    pub fn parse(_bytes: &[u8]) -> Self { Self { subject: String::new(), body: String::new(), trailers: Vec::new() } }
    /// x
    pub fn trailer(&self, _name: &str) -> Option<&str> { None }
    /// x
    pub fn reverted(&self) -> Option<crate::id::CommitId> { None }
}

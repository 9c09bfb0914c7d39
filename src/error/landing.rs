//! What keeps a person's word on a landing from being given, with the next step.

/// Says why nobody can approve, reject or withdraw this.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither the branch nor a remote-tracking branch of it is here.
    #[error("no branch is called `{branch}`")]
    FindBranch {
        /// As it was given.
        branch: String,
    },
    /// The policy does not protect the branch.
    #[error("`{branch}` is no protected branch: nothing on it waits for approval")]
    Protect {
        /// The branch.
        branch: String,
        /// Those that are protected.
        protected: Vec<String>,
    },
    /// The branch stands at tips of which none contains the others.
    #[error("{} have diverged", list(names))]
    Diverge {
        /// The branch.
        branch: String,
        /// The full names of the references.
        names: Vec<String>,
    },
    /// The branch holds the commit already.
    #[error("`{branch}` contains `{revision}` already: nothing lands")]
    Contain {
        /// The branch.
        branch: String,
        /// As it was given.
        revision: String,
    },
    /// The merge has to be settled by hand, so that nobody knows yet what would land.
    #[error("merging `{revision}` into `{branch}` conflicts in {}", list(paths))]
    Conflict {
        /// The branch.
        branch: String,
        /// As it was given.
        revision: String,
        /// Where.
        paths: Vec<String>,
    },
    /// The text is no date.
    #[error("`{text}` is no date")]
    ReadDate {
        /// As it was given.
        text: String,
    },
    /// The date is past.
    #[error("`{text}` is past")]
    PastDate {
        /// As it was given.
        text: String,
    },
    /// The store holds no such record.
    #[error("no {what} has the record `{name}`")]
    FindRecord {
        /// A waiver or a rejection.
        what: &'static str,
        /// As it was given.
        name: String,
        /// Those that there are, shortened.
        known: Vec<String>,
    },
    /// There is no key to sign with.
    #[error("there is no key to sign with")]
    FindKey,
    /// The file of a key cannot be used.
    #[error("`{path}` holds no public key: {what}")]
    ReadKey {
        /// The file.
        path: String,
        /// What is wrong with it.
        what: String,
    },
    /// A key would be written over.
    #[error("`{path}` is there already, and no key is written over")]
    KeepKey {
        /// The file.
        path: String,
    },
    /// `ssh-keygen` did not make a key.
    #[error("`ssh-keygen` made no key: {reason}")]
    MakeKey {
        /// Why.
        reason: String,
    },
    /// Nobody can be named in the signers file.
    #[error("nobody can be named in the signers file: git knows no `user.email`")]
    FindPrincipal,
    /// There is nothing to take back.
    #[error("{who} said nothing of `{revision}` into `{branch}` that could be taken back")]
    FindWord {
        /// The principal.
        who: String,
        /// As it was given.
        revision: String,
        /// The branch.
        branch: String,
    },
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::FindBranch { .. } => "git fetch; `git branch --all` lists what there is".into(),
            Self::Protect { protected, .. } => format!("protected: {}", list(protected)),
            Self::Diverge { branch, .. } => format!(
                "bring them together first: `git switch {branch} && git pull`, or put a local branch that never landed out of the way"
            ),
            Self::Contain { .. } => "git log shows how it came there".into(),
            Self::Conflict { branch, .. } => format!(
                "on the work branch: `git merge {branch}`, settle them there, and approve what comes of it"
            ),
            Self::ReadDate { .. } => {
                "write `2026-12-31`, which lasts to the end of that day in UTC, or `2026-12-31T12:00:00Z`".into()
            }
            Self::PastDate { .. } => "name a time to come, or leave out `--until`".into(),
            Self::FindRecord { known, .. } if known.is_empty() => "there is none".into(),
            Self::FindRecord { known, .. } => format!("there are {}", list(known)),
            Self::FindKey => NO_KEY.into(),
            Self::ReadKey { .. } => {
                "name the file that ends in `.pub`, or a file of lines as ssh-keygen(1) has them under ALLOWED SIGNERS"
                    .into()
            }
            Self::KeepKey { path } => {
                format!("use it: `pdd-hooks init --approver {path}.pub`, `git config pdd.approvalKey {path}`, and where no other key signs your records `git config pdd.signingKey {path}`")
            }
            Self::MakeKey { .. } => "install OpenSSH, or make a key yourself and `pdd-hooks init --approver FILE`".into(),
            Self::FindPrincipal => "git config user.email <address>".into(),
            Self::FindWord { .. } => return None,
        })
    }
}

/// How somebody without a key comes by one.
pub const NO_KEY: &str = "name yours: `git config pdd.approvalKey <file>`, or `--key <file>`; `pdd-hooks init --new-approver-key` makes one";

/// Writes words in backticks, joined by commas.
fn list(words: &[String]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", crate::finding::printable(word)))
        .collect();
    quoted.join(", ")
}

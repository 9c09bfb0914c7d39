//! What can go wrong when git is asked.

use std::path::PathBuf;

use super::records::{RECORDS, StoreFault};
use crate::evidence::envelope::LARGEST;
use crate::policy;

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
    /// There is no repository here, or it cannot be read.
    #[error("could not open the repository")]
    OpenRepository {
        /// Why.
        source: git2::Error,
    },
    /// A configuration value could not be read.
    #[error("could not read the git configuration value `{key}`")]
    ReadConfig {
        /// Its key.
        key: String,
        /// Why.
        source: git2::Error,
    },
    /// The index could not be read as a tree.
    #[error("could not read the index as a tree")]
    ReadIndex {
        /// Why.
        source: git2::Error,
    },
    /// An object is missing or damaged.
    #[error("could not read the object {oid}")]
    ReadObject {
        /// Its id, or the text that should have been one.
        oid: String,
        /// Why.
        source: git2::Error,
    },
    /// A commit object breaks git's form.
    #[error("the commit {oid} is damaged: {fault}")]
    DamagedCommit {
        /// Its id.
        oid: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A tree object breaks git's form.
    #[error("the tree {oid} is damaged: {fault}")]
    DamagedTree {
        /// Its id.
        oid: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A reference could not be read.
    #[error("could not read the reference `{name}`")]
    ReadReference {
        /// Its full name.
        name: String,
        /// Why.
        source: git2::Error,
    },
    /// History could not be walked.
    #[error("could not walk the history of {oid}")]
    WalkHistory {
        /// Where the walk began.
        oid: String,
        /// Why.
        source: git2::Error,
    },
    /// Trees could not be merged in a scratch repository.
    #[error("could not recompute a merge")]
    MergeTrees {
        /// Why.
        source: git2::Error,
    },
    /// A commit could not be written into a repository of the program's own.
    #[error("could not write the commit of the tree under test")]
    WriteObject {
        /// Why.
        source: git2::Error,
    },
    /// The scratch repository for a merge could not be made.
    #[error("could not make a scratch repository for a merge")]
    MakeScratch {
        /// Why.
        source: std::io::Error,
    },
    /// A state file of git's (a merge, a rebase) could not be read.
    #[error("could not read `{}`", path.display())]
    ReadState {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A revision names nothing.
    #[error("`{revision}` names no commit")]
    UnknownRevision {
        /// As it was given.
        revision: String,
    },
    /// The policy that a commit holds is bad.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// History holds a policy, but none of the branches that could be protected exists.
    #[error(
        "this history holds a policy, but none of the branches {names} exists, so no policy is in force"
    )]
    NoProtectedBranch {
        /// The names that were looked for, joined by commas.
        names: String,
    },
    /// The hooks judged commits here, and now no protected branch holds a policy.
    #[error(
        "commits were judged here, but none of the branches {names} holds a `.pdd.toml` any more"
    )]
    LostPolicy {
        /// The names that were looked for, joined by commas.
        names: String,
    },
    /// A record is longer than any that is read.
    #[error("could not add a record of {size} bytes; {LARGEST} are read")]
    AddLargeRecord {
        /// Its length in bytes.
        size: usize,
    },
    /// Records could not be added; those that stood there are as they were.
    #[error("could not add records to `{RECORDS}`")]
    AddRecords {
        /// Why.
        source: git2::Error,
    },
    /// A revision names nothing, in a clone that lacks history.
    #[error("this clone is shallow, and `{revision}` names no commit in it")]
    UnknownBeyondEdge {
        /// As it was given.
        revision: String,
    },
    /// Another store is none.
    #[error("could not unite `{RECORDS}` with the other store, which {fault}")]
    UniteRecords {
        /// What is wrong with it, the first of all.
        fault: StoreFault,
    },
    /// A remote's store could not be fetched.
    #[error("could not fetch `{RECORDS}` of `{remote}`: {reason}")]
    FetchRecords {
        /// The remote.
        remote: String,
        /// What git said, one line.
        reason: String,
    },
    /// A pathspec is malformed.
    #[error("could not read the pathspec `{pathspec}`: {fault}")]
    ReadPathspec {
        /// As it was given.
        pathspec: String,
        /// What is wrong with it.
        fault: String,
    },
    /// A shallow clone does not reach far enough.
    #[error("this clone is shallow and ends before {oid}")]
    Shallow {
        /// The commit that is missing.
        oid: String,
    },
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Policy(error) => {
                let mend = "it is in force as it stands: pull the mended one, or commit it past the hooks, which the audit shows";
                return Some(
                    error
                        .help()
                        .map_or_else(|| mend.into(), |help| format!("{help}; {mend}")),
                );
            }
            Self::StartGit { .. } => "install git 2.39 or later and put it on PATH",
            Self::OpenRepository { source } if source.code() == git2::ErrorCode::NotFound => {
                "run this inside a git repository"
            }
            Self::OpenRepository { .. } => "git fsck, and look at what the cause names",
            Self::NoProtectedBranch { .. } => {
                "name the branch: `--into <branch>` for `check` and `audit`; for the hooks `git config --add pdd.protected <branch>`"
            }
            Self::LostPolicy { .. } => {
                "bring it back: `pdd-hooks uninstall`, restore `.pdd.toml` on the protected branch (`git log -- .pdd.toml` shows where it went), `pdd-hooks install`; to retire the hooks: `pdd-hooks uninstall`"
            }
            Self::AddLargeRecord { .. } => {
                "split the check into several: each test's name stands in the record"
            }
            Self::AddRecords { source } if source.code() == git2::ErrorCode::Locked => {
                "remove `refs/pdd/evidence.lock` in the git folder if no git is running"
            }
            Self::AddRecords { .. } => {
                "make room on the disk, or the git folder writable; `git fsck` names what is damaged"
            }
            Self::Shallow { .. } | Self::UnknownBeyondEdge { .. } => {
                "`git fetch --unshallow`; in CI check out all of history (`fetch-depth: 0`)"
            }
            Self::ReadPathspec { .. } => {
                "gitglossary(7) describes pathspecs; known here are `top`, `icase`, `literal`, `glob` and `exclude`"
            }
            Self::UniteRecords { .. } => {
                "whoever owns that remote can bring its store in order; records of this clone are as they were"
            }
            Self::FetchRecords { .. } => "git fetch <remote>, which says more",
            Self::ReadObject { .. } | Self::DamagedCommit { .. } | Self::DamagedTree { .. } => {
                "git fsck"
            }
            _ => return None,
        };
        Some(help.into())
    }
}

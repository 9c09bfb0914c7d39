//! What a rule sees: a change, its place and its landing, as plain data. No git2 type and no input or output.

mod approval;
mod documents;
mod landing;
mod red;

use crate::id::{CommitId, TaskId, TreeId};
use crate::policy::Class;

pub use approval::{
    ApprovalState, Approvals, ApprovedStep, Approver, OpenStep, SetAside, SignersState, WhyNot,
};
pub use documents::{Contract, DocumentChange, Documents};
pub use landing::{ChainCommit, Landing, PolicyMove, PolicyNumber, TaskWork, Voucher, Witness};
pub use red::{
    BrokenSeal, ChangedFunction, ChangedSource, Fate, OldTest, ProofVerdict, RedFirst, RedProof,
    RedTest, Seen, TestVerdict,
};

/// When the rules run (DESIGN.md, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// pre-commit, pre-merge-commit: the tree is known, the message is not.
    Commit,
    /// commit-msg, applypatch-msg, pre-applypatch.
    Message,
    /// pre-push.
    Push,
    /// pre-receive, or `check` in CI.
    Receive,
    /// History, re-judged.
    Audit,
}

/// Where a change stands; its `Display` follows ` --> ` in a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// What the index would commit, on this branch where there is one.
    Staged(Option<String>),
    /// A commit, with its subject.
    Commit(CommitId, String),
    /// A move of a reference: its full name.
    Reference(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Staged(Some(branch)) => write!(f, "staged change on {branch}"),
            Self::Staged(None) => write!(f, "staged change"),
            Self::Commit(id, subject) => write!(f, "commit {} ({subject})", id.short()),
            Self::Reference(name) => write!(f, "{name}"),
        }
    }
}

/// Which row of RULES.md's "Kinds of change" a change belongs to, as far as its trees and parents tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One parent, or none on a branch of its own.
    Ordinary,
    /// The commit that brought the policy (DESIGN.md, section 3).
    Adoption,
    /// Two or more parents; `paths` holds only what differs from the automatic merge.
    Merge,
    /// Its diff is the inverse of that commit's on all but record paths.
    Revert {
        /// The commit that is taken back.
        of: CommitId,
        /// Its subject, whose task counts.
        subject: String,
    },
    /// A landing in one commit: its parent and its tree are those that were approved.
    Squash,
    /// Exactly the three-way replay of that commit; `paths` is empty.
    Replayed {
        /// The commit that was replayed.
        of: CommitId,
    },
}

/// The branch that a change is made on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// `HEAD` names it, or a rebase in progress does: the name without `refs/heads/`.
    Named(String),
    /// Detached, and no rebase says where it belongs: undecided until push.
    Detached,
    /// History does not hold it.
    Unknown,
}

/// What a change does to one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathChange {
    /// The path from the top of the repository, lossily decoded.
    pub path: String,
    /// Its class under the policy in force, the stricter of both sides where they differ.
    pub class: Class,
    /// What happened.
    pub status: Status,
    /// Whether a source file changes in nothing but items that are test and nothing else; looked for where a rule asks.
    pub is_test_within: bool,
    /// Whether merging left it to a person to settle.
    pub is_conflicted: bool,
    /// What stands there after the change; plain where nothing does.
    pub mode: Mode,
}

/// What stands at a path of a tree, by its mode (gitformat-index(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A file (`100644`).
    Plain,
    /// A file that may be run (`100755`).
    Executable,
    /// A symbolic link, or the commit of a submodule.
    Other,
}

/// What a change does to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not in the base.
    Added,
    /// Not in the result.
    Deleted,
    /// In both, with other content or mode.
    Modified,
}

/// A persona log before and after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogChange {
    /// Its path from the top of the repository.
    pub path: String,
    /// The task that it belongs to; none where one log holds all tasks.
    pub task: Option<TaskId>,
    /// Its text in each parent, empty where it was absent; no element for a root commit.
    pub bases: Vec<String>,
    /// Its text after the change; none where it is absent.
    pub text: Option<String>,
}

/// One change: what a commit, made or about to be made, does to its base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands.
    pub place: Place,
    /// Its kind.
    pub kind: Kind,
    /// The branch it is made on.
    pub branch: Branch,
    /// Its tree.
    pub tree: TreeId,
    /// Its parents, first parent first.
    pub parents: Vec<CommitId>,
    /// The paths to judge, sorted.
    pub paths: Vec<PathChange>,
    /// The persona logs that it touches, and those of the tasks that its message names; sorted by path.
    pub logs: Vec<LogChange>,
    /// The workflow's documents, as far as a rule may ask for them.
    pub documents: Documents,
    /// The chains of attributes that it adds to source, as far as a rule may ask for them.
    pub chains: Vec<AddedChain>,
    /// What is known of the validation of its tree.
    pub validation: Validation,
    /// What is known of its red proof.
    pub red: RedFirst,
    /// What it does to the policy; none where it leaves every file of that class alone.
    pub policy: Option<PolicyMove>,
}

/// A chain of attributes on an added line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedChain {
    /// The path of its file from the top of the repository.
    pub path: String,
    /// The line, from 1: of those that it stands on, the first that was added.
    pub line: u32,
    /// What it says, on one line.
    pub text: String,
    /// Its names, first what it begins with.
    pub names: Vec<String>,
}

/// What is known of the validation of a tree (PROOF.md, section 6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// Another moment decides: the commit that is being judged has passed already, or is not to be judged yet.
    #[default]
    Undecided,
    /// Each check that the tree needs, in the policy's order.
    Known(Vec<CheckState>),
}

/// What became of one check on a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckState {
    /// The check's name.
    pub check: String,
    /// What became of it.
    pub standing: Standing,
}

/// What became of a check, as far as a tree is validated by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It passed.
    Passed,
    /// It failed.
    Failed {
        /// The tests that failed and are not forgiven, in the report's order; for a quality check itself.
        tests: Vec<String>,
        /// What the first of them says, one line.
        message: Option<String>,
    },
    /// It could not be run in a way that proves anything.
    EnvironmentError {
        /// What was missing.
        what: String,
        /// The next step.
        help: Option<String>,
    },
    /// It is in scope and has not run on this tree.
    Missing,
    /// It ran, and tests that are sealed fail: at a landing none may.
    Sealed,
    /// It passed by a record that does not count here; why.
    Unvouched(String),
    /// It is out of scope, and this commit, on which the tree builds, has not passed it.
    Unfounded(CommitId),
}

impl Change {
    /// Says whether there are paths and every one is a workflow document.
    pub fn is_record_only(&self) -> bool {
        !self.paths.is_empty() && self.paths.iter().all(|p| p.class == Class::Record)
    }
}

/// What a branch is to the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Lands only by approval.
    Protected,
    /// Takes merges and record-only commits.
    Integration,
    /// Named after this task.
    Work(TaskId),
    /// Matches no pattern.
    Other,
}

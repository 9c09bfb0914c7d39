//! A move of a guarded reference, as the rules of landings see it: plain data.

use super::{ApprovalState, Moment, Validation};
use crate::id::{BlobId, CommitId, TaskId};
use crate::policy::Class;

/// A reference that moves, with what is known of the move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The full name: `refs/heads/main`, `refs/tags/v1`.
    pub reference: String,
    /// Where it stood; none where it is created.
    pub from: Option<CommitId>,
    /// Where it goes; none where it is deleted.
    pub to: Option<CommitId>,
    /// Whether `to` descends from `from` (true for a creation).
    pub fast_forward: bool,
    /// Who asks: decides what "contained" can mean.
    pub moment: Moment,
    /// Whether the branch's remote-tracking branch contains `to`, and `to` descends from `from` or is exactly its tip.
    pub is_pull: bool,
    /// For a creation: the tip last recorded for this reference, where the ledger has one.
    pub last_recorded: Option<CommitId>,
    /// Whether `to` stands on the first-parent chain of a protected branch; decides for release tags.
    pub on_protected_chain: bool,
    /// The first-parent chain `from..to`, newest first, less what `from`, the upstream or a protected branch contains.
    pub chain: Vec<ChainCommit>,
    /// Every commit that the move brings, those of merged branches among them: id and subject, parents first. Gathered
    /// for protected branches alone, at push, receive and audit.
    pub arriving: Vec<(CommitId, String)>,
    /// The full name of the reference that takes its place: it becomes another name of that one
    /// (git-symbolic-ref(1)).
    pub replaced_by: Option<String>,
    /// For a protected branch what is known of the tree at `to`, every check in scope for `from..to` asked for.
    pub validation: Validation,
    /// For a protected branch what each task does to source, in the order of their first commits; gathered where red
    /// proofs are asked for.
    pub tasks: Vec<TaskWork>,
    /// For a protected branch who vouches for the validation of the tree at `to`; empty where the records are asked for no
    /// signature.
    pub vouched: Vec<Voucher>,
    /// For a protected branch who approved of the move.
    pub approval: ApprovalState,
    /// For a protected branch what the move as a whole does to the policy and to the harness; none where it leaves every
    /// such file alone.
    pub policy: Option<PolicyMove>,
}

impl Landing {
    /// Knows of a move nothing but which reference it is of, and who asks.
    pub fn bare(reference: &str, moment: Moment) -> Self {
        Self {
            reference: reference.into(),
            from: None,
            to: None,
            fast_forward: true,
            moment,
            is_pull: false,
            last_recorded: None,
            on_protected_chain: false,
            chain: Vec::new(),
            arriving: Vec::new(),
            replaced_by: None,
            validation: Validation::Undecided,
            tasks: Vec::new(),
            vouched: Vec::new(),
            approval: ApprovalState::Undecided,
            policy: None,
        }
    }
}

/// Somebody whose signed record says that a tree passed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Voucher {
    /// Whose word it is.
    pub witness: Witness,
    /// Who, as the signers file names them; for what was run again just now, the program.
    pub principal: String,
}

/// Whose word a validation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Witness {
    /// Whoever made the change.
    SelfAttested,
    /// A machine that the signers file lists.
    Runner,
    /// This program, which ran the checks again.
    Recomputed,
}

/// What the commits of one task that arrive do to source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskWork {
    /// The task.
    pub task: TaskId,
    /// Its commits that change source, oldest first; merges, reverts and replays of what is judged elsewhere left out.
    pub source: Vec<CommitId>,
    /// Whether one of them has a red proof.
    pub is_proven: bool,
    /// Whether its Type in the Tasklist was one that needs none, before the first of them.
    pub is_red_free: bool,
}

/// One commit of a first-parent chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainCommit {
    /// Its id.
    pub id: CommitId,
    /// Its subject.
    pub subject: String,
    /// Whether it has two or more parents.
    pub is_merge: bool,
    /// Whether it changes workflow documents alone.
    pub is_record_only: bool,
}

/// What a change or a landing does to the files that rule it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyMove {
    /// The changed paths of class policy and harness, lossily decoded and sorted, each with its class and its new blob, none
    /// where it is deleted.
    pub files: Vec<(String, Class, Option<BlobId>)>,
    /// The policy's number in each base; at a landing, in the old tip.
    pub before: Vec<PolicyNumber>,
    /// The policy's number afterwards.
    pub after: PolicyNumber,
    /// What is wrong with the signers afterwards; none where those who must approve can.
    pub signers: Option<String>,
    /// Whether it is the change that brings the first policy.
    pub is_adoption: bool,
    /// The changed paths that an adoption may not bring along: neither policy, harness, record nor docs, in a commit that
    /// has a parent. Empty for any other change.
    pub beside: Vec<String>,
}

/// What stands at the place of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyNumber {
    /// Nothing.
    Absent,
    /// A policy with this number.
    Number(u64),
    /// What cannot be read as one; why, one line.
    Unreadable(String),
}

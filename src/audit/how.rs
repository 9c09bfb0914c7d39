//! The ways round the hooks, each by the words that ledger and reports use for it. `docs/audit.md` says what to do about
//! each.

/// `--no-verify` of a commit, a merge or a mailed patch.
pub const NO_VERIFY: &str = "no-verify";
/// The last commit was replaced by one that is not what was judged.
pub const AMEND: &str = "amend";
/// Made here while no hook ran at all, and the ledger goes on.
pub const HOOKS_OFF: &str = "hooks off";
/// The hook that should have judged it is not there, or not executable.
pub const HOOK_MISSING: &str = "hook missing";
/// Another program stands in the place of the hook that should have judged it.
pub const HOOK_REPLACED: &str = "hook replaced";
/// The receipt was one of an earlier commit that was given up.
pub const STALE_RECEIPT: &str = "stale receipt";
/// What was committed is not what was judged.
pub const TREE_CHANGED: &str = "tree changed after the check";
/// The message is not the one that was judged.
pub const MESSAGE_CHANGED: &str = "message changed after the check";
/// Nothing judged the message.
pub const MESSAGE_UNCHECKED: &str = "message not checked";
/// Put on a branch here, and made by no command that a reflog names.
pub const PLUMBING: &str = "plumbing";
/// Brought by a fetch, a pull, a clone or a bundle.
pub const ANOTHER_CLONE: &str = "another clone";
/// The ledger's line about it is not the one that was written, or is not about it.
pub const LEDGER_REWRITTEN: &str = "ledger rewritten";
/// Made here, and the ledger lost what it said of that time.
pub const LEDGER_DELETED: &str = "ledger deleted";
/// The ledger says that the hooks saw it through, and no run is recorded that they asked for.
pub const FORGED_RECEIPT: &str = "forged receipt";

/// All of them, in the order of `docs/audit.md`.
pub const ALL: [&str; 14] = [
    NO_VERIFY,
    AMEND,
    HOOKS_OFF,
    HOOK_MISSING,
    HOOK_REPLACED,
    STALE_RECEIPT,
    TREE_CHANGED,
    MESSAGE_CHANGED,
    MESSAGE_UNCHECKED,
    PLUMBING,
    ANOTHER_CLONE,
    LEDGER_REWRITTEN,
    LEDGER_DELETED,
    FORGED_RECEIPT,
];

//! PDD010 approval: a protected branch moves only as people have approved.

mod words;

#[cfg(test)]
mod tests;

use super::{Check, Rule};
use crate::change::{ApprovalState, Landing};
use crate::finding::Finding;
use crate::policy::Policy;

pub use words::{landing_words, why_not};

/// PDD010.
pub(super) const RULE: Rule = Rule {
    code: "PDD010",
    name: "approval",
    summary: "a protected branch moved without the signed approval of enough people",
    explain: "\
## Requires
A person whom the signers file on the protected branch lists has signed exactly this move: this repository, this branch,
from this tip, landing this commit, with this tree as the outcome, under this policy. With `approval.required = 2`, two.

## Why
Tests and hooks tell whether a change does what it says; whether it should be, somebody has to answer for. A name that
stands in a commit message is nobody's word: a signature is, and one that names everything fits nothing else.

## Passes
- the approved commit itself (fast-forward), a merge of it, or one commit with the approved tree in its place (squash)
- several approved moves, one after the other, pushed or pulled at once
- a move that was approved from an older tip, where merging it into the newer one gives just the tree that lands and that
  tree is validated (`approval.survives-clean-merge`)
- the landing that brings the first signers file, approved by somebody whom it lists
- what a pull brings: it was judged where it landed

## Refused
- no approval, too few, or one that does not count; the help says why: another tip, branch, repository, tree or policy; a
  key that is not listed, or listed for other things; ended, withdrawn, or rejected by somebody
- a history that was not approved, under a tree that was
- on a server, first signers whose keys it was not told of (`pdd.root`)

## Settings
`[approval]`: `signers`, `required`, `authors-may-approve`, `require-hardware`, `survives-clean-merge`, `repository`.
`branch.protected` names the branches. `rules.approval` is `error`, `warn` or `off`.

## How to fix
`pdd-hooks approve <branch> --into main` shows what would land and signs it. Where nobody is listed yet:
`pdd-hooks init --approver <public key>`, on a work branch whose landing that person approves.
",
    checks: &[Check::Landing(check)],
};

fn check(landing: &Landing, _: &Policy) -> Vec<Finding> {
    let Some(branch) = landing.reference.strip_prefix("refs/heads/") else {
        return Vec::new();
    };
    let finding = match &landing.approval {
        ApprovalState::Undecided => None,
        ApprovalState::Begun(keys) => keys.first().map(|key| words::unknown_root(branch, key)),
        ApprovalState::BegunUnreadable(why) => Some(words::unreadable(branch, why)),
        ApprovalState::Known(approvals) => approvals
            .open
            .as_ref()
            .map(|open| words::open(branch, &approvals.signers, open)),
    };
    finding.into_iter().collect()
}

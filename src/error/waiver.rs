//! What keeps a waiver from being given, with the next step.

use super::NO_KEY;
use crate::finding::printable;

/// Says why nothing was waived.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rule is one that nobody can lift.
    #[error("no waiver lifts the rule `{rule}`: what it finds is mended by an approval")]
    Never {
        /// The rule's name.
        rule: &'static str,
    },
    /// The policy in force does not let the rule be lifted.
    #[error(
        "the policy on `{branch}` lets nobody waive `{rule}`: a waiver of it would count for nothing"
    )]
    Allow {
        /// The rule's name.
        rule: &'static str,
        /// The branch that holds the policy.
        branch: String,
        /// Those that it lets be lifted.
        allowed: Vec<String>,
    },
    /// No reason was given.
    #[error("no reason was given: it is what others are shown")]
    FindReason,
    /// There is nobody who could sign.
    #[error("nobody is listed who may sign a waiver: {what}")]
    FindSigners {
        /// What stands at the place of the signers file.
        what: String,
    },
    /// There is no key to sign with.
    #[error("there is no key to sign with")]
    FindKey,
    /// The key is not listed for waivers.
    #[error("a waiver by this key would count for nothing: {why}")]
    List {
        /// What is wrong with it.
        why: String,
        /// Who may sign.
        may: Vec<String>,
    },
}

impl Error {
    /// Returns the next step.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Never { .. } => "pdd-hooks approve <commit> --into <branch>".into(),
            Self::Allow { rule, allowed, .. } if allowed.is_empty() => format!(
                "it lets nothing be waived; let its `[waiver]` list it in `rules`, in a change that is approved with `--policy`, or mend what `pdd-hooks explain {rule}` tells of"
            ),
            Self::Allow { allowed, .. } => {
                let quoted: Vec<String> = allowed.iter().map(|rule| format!("`{rule}`")).collect();
                format!("`rules` of its `[waiver]` lists {}", quoted.join(", "))
            }
            Self::FindReason => "--reason \"<why this one case is as it should be>\"".into(),
            Self::FindSigners { .. } => {
                "on a work branch: `pdd-hooks init --approver FILE`, which somebody has to approve".into()
            }
            Self::FindKey => NO_KEY.into(),
            Self::List { may, .. } if may.is_empty() => {
                "nobody may sign one; whoever rules the repository has to list somebody for `waiver@pdd-hooks`".into()
            }
            Self::List { may, .. } => format!(
                "waivers are signed by {}; `--key FILE` or `git config pdd.approvalKey FILE` names another key",
                printable(&may.join(", "))
            ),
        })
    }
}

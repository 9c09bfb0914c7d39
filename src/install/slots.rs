//! What validation keeps outside the evidence: the slots in the user's cache folder and the passes of this repository.
//! `doctor` says what of it is no longer anybody's, `doctor --fix` removes that.

use std::path::Path;
use std::time::Duration;

use super::doctor::Report;
use super::target::Target;
use crate::error::Error;
use crate::proof::cache::Cache;
use crate::proof::slot::{self, Placed};

/// How long a pass is kept: 90 days. What is committed again later runs once more.
const KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

impl Report {
    /// Counts the slots of all repositories of this user and names those whose worktree is gone; they take room and do no
    /// harm, so they are no problem.
    pub(super) fn slots(&mut self) {
        // Without a cache folder there is no slot.
        let Ok(folder) = slot::folder() else {
            return;
        };
        let slots = match slot::list(&folder) {
            Ok(slots) if slots.is_empty() => return,
            Ok(slots) => slots,
            Err(error) => {
                let help = error.help().unwrap_or_default();
                return self.problem("slots", error.to_string(), help);
            }
        };
        let gone: Vec<&Placed> = slots.iter().filter(|slot| slot.is_abandoned).collect();
        self.well(
            "slots",
            format!(
                "{} in {}, {} of them of worktrees that are gone",
                slots.len(),
                folder.display(),
                gone.len()
            ),
        );
        for slot in gone {
            let message = format!("{}, {}", slot.folder.display(), whose(slot));
            self.hint("slot", message, "pdd-hooks doctor --fix");
        }
    }
}

/// Removes the slots whose repository or worktree is gone, but for those that are in use, and the passes that are older
/// than 90 days; returns the lines to print.
///
/// # Errors
/// There is no repository, or something cannot be read or removed.
pub fn tidy(folder: &Path) -> Result<String, Error> {
    let mut lines = String::new();
    if let Ok(slots) = slot::folder() {
        for slot in slot::list(&slots)? {
            if slot.is_abandoned {
                let was_removed = slot::discard(&slot.folder)?;
                let (word, why) = if was_removed {
                    ("removed", whose(&slot))
                } else {
                    ("kept", "which is in use".into())
                };
                lines.push_str(&format!("{word} {}, {why}\n", slot.folder.display()));
            }
        }
    }
    let count = Cache::new(&Target::find(folder)?.pdd()).prune(KEPT)?;
    if count > 0 {
        let passes = if count == 1 { "pass" } else { "passes" };
        lines.push_str(&format!(
            "removed {count} {passes} of checks, older than 90 days\n"
        ));
    }
    Ok(lines)
}

fn whose(slot: &Placed) -> String {
    match &slot.owner {
        Some(owner) => format!("whose worktree is gone: {}", owner.display()),
        None => "which does not say whose it is".into(),
    }
}

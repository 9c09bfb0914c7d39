//! How to get back after a refused move of a reference: git has often moved index and files before it asks.

use super::caller::Args;

/// Names the command that undoes what git did before it asked; `is_here` says whether `HEAD` names the reference,
/// `merges` whether a merge is in progress.
pub(super) fn way_back(args: Option<&Args>, is_here: bool, merges: bool) -> String {
    let back = match args.map(|args| args.command.as_str()) {
        Some("merge" | "pull") if merges => "the way back: `git merge --abort`",
        Some("rebase") => "the way back: `git rebase --abort`",
        Some("cherry-pick") => "the way back: `git cherry-pick --abort`",
        Some("am") => "the way back: `git am --abort`",
        Some("reset") => args.map_or("", reset),
        // Tried on git 2.39 to 2.55: `git revert --abort` finds nothing in progress after a single revert, and
        // `git reset --keep` leaves index and files where they went.
        Some("merge" | "pull" | "revert" | "checkout" | "switch") => {
            "the way back: `git reset --merge`, which keeps what is not staged"
        }
        Some("commit") => {
            "index and files are as they were: `git switch -c <type>/<TASK-ID>-<words>` and commit there"
        }
        None if is_here => {
            "where index or files have moved already, the way back: `git reset --merge`"
        }
        _ => "nothing else was changed",
    };
    format!("  = the reference was not moved; {back}\n")
}

fn reset(args: &Args) -> &'static str {
    if args.has("--soft", "--s") {
        "nothing else was changed"
    } else if args.has("--hard", "--ha") {
        "the way back: `git reset --merge`; what was not committed before `--hard` is gone"
    } else if args.has("--keep", "--k") || args.has("--merge", "--me") {
        "the way back: `git reset --merge`, which keeps what is not staged"
    } else {
        "the way back: `git reset`; files are as they were"
    }
}

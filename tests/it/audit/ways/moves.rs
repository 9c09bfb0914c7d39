//! References moved round the hooks, each way once, in a copy of the history. The table is data.

use std::path::Path;

use super::{audit, copy};
use crate::enrolled::WORK;
use crate::support::Repo;

/// A move, and what the audit says of it.
struct Step {
    /// The reference.
    reference: &'static str,
    /// How.
    how: &'static str,
    /// Does it.
    go: fn(&At<'_>),
}

/// A folder in which git runs.
struct At<'r> {
    repo: &'r Repo,
    folder: &'r Path,
    /// A commit of `main` that two others are below.
    ahead: String,
}

const MAIN: &str = "refs/heads/main";
const TRACKING: &str = "refs/remotes/origin/main";
const OTHER: &str = "refs/remotes/origin/feat/TASK-001-pushed";

/// In the order of the report: what the ledger names, what the reflogs name, what pre-push did not see. A copy and a
/// rename bring the log of the other branch, and take away what the old one told.
const STEPS: [Step; 9] = [
    Step {
        reference: TRACKING,
        how: "moved by hand",
        go: by_hand,
    },
    Step {
        reference: MAIN,
        how: "replaced by refs/heads/feat/TASK-001-mover",
        go: rename,
    },
    Step {
        reference: MAIN,
        how: "branch -C",
        go: branch_copy,
    },
    Step {
        reference: MAIN,
        how: "hooks off",
        go: with_hooks_off,
    },
    Step {
        reference: MAIN,
        how: "rewind",
        go: rewind,
    },
    Step {
        reference: MAIN,
        how: "update-ref",
        go: update_ref,
    },
    Step {
        reference: MAIN,
        how: "direct write",
        go: packed,
    },
    Step {
        reference: MAIN,
        how: "direct write",
        go: direct_write,
    },
    Step {
        reference: OTHER,
        how: "push --no-verify",
        go: push,
    },
];

impl At<'_> {
    fn git(&self, args: &[&str]) {
        let _ = self.repo.git_in(self.folder, args).ok();
    }

    fn off(&self, args: &[&str]) {
        self.git(&[&["-c", "core.hooksPath=/dev/null"], args].concat());
    }

    fn ask(&self, args: &[&str]) -> String {
        let said = self.repo.git_in(self.folder, args).ok().stdout;
        said.trim_end().to_owned()
    }
}

fn by_hand(at: &At<'_>) {
    at.git(&["update-ref", TRACKING, &format!("{}~2", at.ahead)]);
}

/// It deletes `main`, which asks, and makes it anew, which does not.
fn rename(at: &At<'_>) {
    at.git(&[
        "branch",
        "-q",
        "feat/TASK-001-mover",
        &format!("{}~1", at.ahead),
    ]);
    at.git(&["branch", "-q", "-M", "feat/TASK-001-mover", "main"]);
}

fn with_hooks_off(at: &At<'_>) {
    at.off(&["branch", "-q", "-f", "main", &at.ahead]);
}

fn rewind(at: &At<'_>) {
    at.off(&["branch", "-q", "-f", "main", &format!("{}~2", at.ahead)]);
}

fn branch_copy(at: &At<'_>) {
    at.git(&["branch", "-q", "copied", &format!("{}~1", at.ahead)]);
    at.git(&["branch", "-q", "-C", "copied", "main"]);
}

fn update_ref(at: &At<'_>) {
    let sibling = at.ask(&["rev-parse", "feat/TASK-001-unseen"]);
    at.off(&["update-ref", MAIN, &sibling]);
}

/// Written into the packed references; a move by git follows, which the hooks do not see either way.
fn packed(at: &At<'_>) {
    at.off(&["pack-refs", "--all"]);
    let path = at.folder.join(".git/packed-refs");
    let text = std::fs::read_to_string(&path).unwrap();
    let other = at.ask(&["rev-parse", "feat/TASK-001-no-verify"]);
    let lines = text
        .lines()
        .map(|line| match line.ends_with(" refs/heads/main") {
            true => format!("{other} refs/heads/main\n"),
            false => format!("{line}\n"),
        });
    std::fs::write(path, lines.collect::<String>()).unwrap();
    // The log goes on from there.
    let log = at.folder.join(".git/logs/refs/heads/main");
    let mut text = std::fs::read_to_string(&log).unwrap();
    text.push_str(&format!(
        "{other} {other} A <a@example.org> 1768467600 +0100\treset: moving to main\n"
    ));
    std::fs::write(log, text).unwrap();
}

fn direct_write(at: &At<'_>) {
    std::fs::write(
        at.folder.join(".git/refs/heads/main"),
        format!("{}\n", at.ahead),
    )
    .unwrap();
}

fn push(at: &At<'_>) {
    let name = "feat/TASK-001-pushed";
    at.git(&["branch", "-q", name, &format!("{}~1", at.ahead)]);
    at.git(&["push", "-q", "origin", &format!("{name}:{name}")]);
    at.git(&[
        "push",
        "-q",
        "--dry-run",
        "origin",
        &format!("{}:refs/heads/{name}", at.ahead),
    ]);
    at.git(&[
        "push",
        "-q",
        "--no-verify",
        "origin",
        &format!("{}:refs/heads/{name}", at.ahead),
    ]);
}

/// Moves in a copy of `repo`, and compares the whole list.
pub(super) fn hold(repo: &Repo) {
    let folder = repo.root().join("moves");
    copy(repo, &folder);
    let remote = repo.root().join("origin.git");
    let at = At {
        repo,
        folder: &folder,
        ahead: String::new(),
    };
    let ahead = at.ask(&["rev-parse", WORK]);
    let at = At { ahead, ..at };
    at.git(&[
        "clone",
        "-q",
        "--bare",
        "-b",
        "main",
        ".",
        remote.to_str().unwrap(),
    ]);
    at.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    at.git(&["fetch", "-q", "origin", &format!("main:{TRACKING}")]);
    let report = audit(repo, &folder);
    assert_eq!(
        report["moves"],
        serde_json::json!([]),
        "nothing was moved yet"
    );
    for step in &STEPS {
        (step.go)(&at);
    }
    let report = audit(repo, &folder);
    let found: Vec<(&str, &str)> = report["moves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| {
            (
                found["ref"].as_str().unwrap(),
                found["how"].as_str().unwrap(),
            )
        })
        .collect();
    let expected: Vec<(&str, &str)> = STEPS
        .iter()
        .map(|step| (step.reference, step.how))
        .collect();
    assert_eq!(found, expected);
    let text = repo.pdd_in(&folder, &["audit"]).ok().stdout;
    let warnings = text
        .lines()
        .filter(|line| line.starts_with("warning: `refs/"))
        .count();
    assert!(warnings >= STEPS.len(), "{text}");
}

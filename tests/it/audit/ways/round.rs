//! The ways round, each on a branch of its own; each returns the commit that went it.

use std::path::{Path, PathBuf};

use super::{branch, fed, git, head, off, set_mode, unseen};
use crate::enrolled::{HONEST, WORK};
use crate::support::Repo;

/// A message that the rules refuse.
const BAD: &str = "x";

/// Goes round on a new branch and comes back.
fn on(repo: &Repo, name: &str, go: impl FnOnce()) -> String {
    branch(repo, name);
    go();
    let made = head(repo);
    git(repo, &["switch", "-q", WORK]);
    made
}

fn evil(repo: &Repo, name: &str) {
    repo.stage(&format!("{name}.txt"), "evil\n");
}

pub(super) fn commit_no_verify(repo: &Repo) -> String {
    on(repo, "no-verify", || {
        evil(repo, "no-verify");
        git(repo, &["commit", "-q", "--no-verify", "-m", HONEST]);
    })
}

pub(super) fn commit_unseen(repo: &Repo) -> String {
    on(repo, "unseen", || {
        evil(repo, "unseen");
        let _ = unseen(repo, &["commit", "-q", "-n", "-m", HONEST]).ok();
    })
}

pub(super) fn amend_no_verify(repo: &Repo) -> String {
    on(repo, "amend-no-verify", || {
        repo.step("amend-no-verify.txt");
        evil(repo, "amended");
        git(repo, &["commit", "-q", "--amend", "-n", "-m", HONEST]);
    })
}

/// As a new commit it is empty and passes; what is really made brings what was never judged.
pub(super) fn amend_unseen(repo: &Repo) -> String {
    let mut made = String::new();
    let _ = on(repo, "amend-unseen", || {
        git(repo, &["switch", "-q", "-c", "topic"]);
        repo.stage("evil.rs", "evil\n");
        git(repo, &["commit", "-q", "-n", "-m", BAD]);
        let standing = "chore: tidy [MAINT-1]";
        let _ = unseen(repo, &["commit", "-q", "--amend", "-m", standing]).ok();
        made = head(repo);
    });
    made
}

fn side(repo: &Repo, name: &str) -> String {
    let side = format!("feat/TASK-001-{name}-side");
    git(repo, &["switch", "-q", "-c", &side]);
    repo.step(&format!("{name}-side.txt"));
    git(repo, &["switch", "-q", "-"]);
    side
}

pub(super) fn merge_no_verify(repo: &Repo) -> String {
    on(repo, "merge", || {
        let side = side(repo, "merge");
        repo.step("merge.txt");
        let message = "merge: a side [TASK-001]";
        git(repo, &["merge", "-q", "--no-verify", "-m", message, &side]);
    })
}

pub(super) fn am_no_verify(repo: &Repo) -> String {
    on(repo, "am", || {
        let side = side(repo, "am");
        let patch = repo.ask(&["format-patch", "-1", "--stdout", &side]);
        repo.step("am.txt");
        fed(repo, &["am", "-q", "--no-verify"], &(patch + "\n"));
    })
}

pub(super) fn rebased(repo: &Repo) -> String {
    on(repo, "rebased", || {
        evil(repo, "rebased");
        off(repo, &["commit", "-q", "-m", HONEST]);
        // A rebase that changes nothing makes the very same commit.
        let later = [("GIT_COMMITTER_DATE", "2026-01-16T10:00:00+01:00")];
        let _ = repo
            .git_with(&later, &["rebase", "-q", "--force-rebase", WORK])
            .ok();
        git(repo, &["reflog", "delete", "feat/TASK-001-rebased@{1}"]);
    })
}

pub(super) fn stale_receipt(repo: &Repo) -> String {
    on(repo, "stale", || {
        evil(repo, "stale");
        let lock = repo.at(".git/refs/heads/feat/TASK-001-stale.lock");
        std::fs::write(&lock, "").unwrap();
        assert_ne!(unseen(repo, &["commit", "-q", "-m", HONEST]).code(), 0);
        std::fs::remove_file(lock).unwrap();
        let _ = unseen(repo, &["commit", "-q", "-n", "-m", HONEST]).ok();
    })
}

fn hook(repo: &Repo, name: &str) -> PathBuf {
    repo.at(".git/hooks").join(name)
}

/// Takes something away while a commit is made.
fn without(repo: &Repo, name: &str, path: &Path, meanwhile: impl FnOnce()) -> String {
    on(repo, name, || {
        let kept = repo.root().join("kept");
        std::fs::rename(path, &kept).unwrap();
        meanwhile();
        evil(repo, name);
        git(repo, &["commit", "-q", "-m", HONEST]);
        if path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
        std::fs::rename(&kept, path).unwrap();
    })
}

pub(super) fn hook_removed(repo: &Repo) -> String {
    without(repo, "removed", &hook(repo, "pre-commit"), || {})
}

pub(super) fn hook_not_executable(repo: &Repo) -> String {
    on(repo, "not-executable", || {
        let path = hook(repo, "pre-commit");
        set_mode(&path, 0o644);
        evil(repo, "not-executable");
        git(repo, &["commit", "-q", "-m", HONEST]);
        set_mode(&path, 0o755);
    })
}

fn replaced(repo: &Repo, name: &str, replaced: &str) -> String {
    without(repo, name, &hook(repo, replaced), || {
        repo.write_program(&format!(".git/hooks/{replaced}"), "#!/bin/sh\n");
    })
}

pub(super) fn hook_replaced(repo: &Repo) -> String {
    replaced(repo, "replaced", "pre-commit")
}

pub(super) fn message_hook_replaced(repo: &Repo) -> String {
    replaced(repo, "message-replaced", "commit-msg")
}

/// Puts scripts around hooks of ours while a commit is made; `$OURS` stands for the hook itself.
fn wrapped(repo: &Repo, name: &str, scripts: &[(&str, &str)]) -> String {
    on(repo, name, || {
        for (hook_name, script) in scripts {
            let kept = repo.root().join(hook_name);
            std::fs::rename(hook(repo, hook_name), &kept).unwrap();
            let script = script.replace("$OURS", kept.to_str().unwrap());
            let path = format!(".git/hooks/{hook_name}");
            repo.write_program(&path, &format!("#!/bin/sh\n{script}"));
        }
        evil(repo, name);
        git(repo, &["commit", "-q", "-m", HONEST]);
        for (hook_name, _) in scripts {
            std::fs::rename(repo.root().join(hook_name), hook(repo, hook_name)).unwrap();
        }
        git(repo, &["reset", "-q", "--hard"]);
    })
}

/// Git reads the index after pre-commit, and no more after prepare-commit-msg.
pub(super) fn tree_changed(repo: &Repo) -> String {
    let more = "$OURS \"$@\" || exit 1\necho more > more.txt && git add more.txt\n";
    let less = "git update-index --force-remove more.txt\n$OURS \"$@\"\n";
    wrapped(
        repo,
        "tree-changed",
        &[("pre-commit", more), ("prepare-commit-msg", less)],
    )
}

pub(super) fn message_changed(repo: &Repo) -> String {
    let script = "$OURS \"$@\" || exit 1\necho worded anew > \"$1\"\n";
    wrapped(repo, "message-changed", &[("commit-msg", script)])
}

pub(super) fn all_hooks_removed(repo: &Repo) -> String {
    without(repo, "all-removed", &repo.at(".git/hooks"), || {})
}

pub(super) fn hooks_path(repo: &Repo) -> String {
    on(repo, "hooks-path", || {
        git(repo, &["config", "core.hooksPath", "/dev/null"]);
        evil(repo, "hooks-path");
        git(repo, &["commit", "-q", "-m", HONEST]);
        git(repo, &["config", "--unset", "core.hooksPath"]);
    })
}

pub(super) fn hooks_path_once(repo: &Repo) -> String {
    on(repo, "hooks-path-once", || {
        evil(repo, "hooks-path-once");
        off(repo, &["commit", "-q", "-m", BAD]);
    })
}

/// What `git pull` calls itself in the reflog, anybody may.
fn called(repo: &Repo, word: &str, args: &[&str]) {
    let off = ["-c", "core.hooksPath=/dev/null"];
    let env = [("GIT_REFLOG_ACTION", word)];
    let _ = repo.git_with(&env, &[&off[..], args].concat()).ok();
}

pub(super) fn hooks_path_as_a_pull(repo: &Repo) -> String {
    on(repo, "as-a-pull", || {
        evil(repo, "as-a-pull");
        called(repo, "pull", &["commit", "-q", "-m", HONEST]);
    })
}

pub(super) fn amend_as_a_fetch(repo: &Repo) -> String {
    on(repo, "as-a-fetch", || {
        repo.step("as-a-fetch.txt");
        evil(repo, "as-a-fetched");
        called(
            repo,
            "fetch origin",
            &["commit", "-q", "--amend", "-m", HONEST],
        );
    })
}

pub(super) fn enabled_false(repo: &Repo) -> String {
    on(repo, "enabled", || {
        evil(repo, "enabled");
        let setting = "hook.pdd-pre-commit.enabled=false";
        git(repo, &["-c", setting, "commit", "-q", "-m", HONEST]);
    })
}

/// A commit that only plumbing makes, on top of the work branch.
fn made(repo: &Repo, name: &str) -> String {
    let blob = repo.root().join("blob");
    std::fs::write(&blob, name).unwrap();
    let blob = repo.ask(&["hash-object", "-w", blob.to_str().unwrap()]);
    let entry = format!("100644,{blob},{name}.txt");
    git(repo, &["read-tree", "--index-output=.git/made", WORK]);
    let index = [("GIT_INDEX_FILE", ".git/made")];
    let _ = repo
        .git_with(&index, &["update-index", "--add", "--cacheinfo", &entry])
        .ok();
    let tree = repo.git_with(&index, &["write-tree"]).ok().stdout;
    repo.ask(&["commit-tree", "-p", WORK, "-m", HONEST, tree.trim_end()])
}

pub(super) fn commit_tree(repo: &Repo) -> String {
    let made = made(repo, "commit-tree");
    git(
        repo,
        &["update-ref", "refs/heads/feat/TASK-001-commit-tree", &made],
    );
    made
}

/// The branch stands there already; its log does not know where it was put.
pub(super) fn direct_write(repo: &Repo) -> String {
    branch(repo, "direct");
    git(repo, &["switch", "-q", WORK]);
    let made = made(repo, "direct");
    repo.write(".git/refs/heads/feat/TASK-001-direct", format!("{made}\n"));
    made
}

pub(super) fn fast_import(repo: &Repo) -> String {
    let name = "refs/heads/feat/TASK-001-import";
    let stream = format!(
        "commit {name}\ncommitter A <a@example.org> 1768467600 +0100\ndata {}\n{HONEST}\nfrom refs/heads/{WORK}\n",
        HONEST.len()
    );
    fed(repo, &["fast-import", "--quiet"], &stream);
    repo.ask(&["rev-parse", name])
}

pub(super) fn replay(repo: &Repo) -> String {
    on(repo, "replay", || {
        repo.step("replay.txt");
        let side = side(repo, "replay-base");
        git(
            repo,
            &["switch", "-q", "-c", "feat/TASK-001-replay-to", WORK],
        );
        repo.step("replay-to.txt");
        let range = format!("feat/TASK-001-replay..{side}");
        // Until 2.53 it prints what `update-ref --stdin` is to do.
        let said = repo.ask(&["replay", "--onto", "feat/TASK-001-replay-to", &range]);
        if !said.is_empty() {
            fed(repo, &["update-ref", "--stdin"], &(said + "\n"));
        }
        git(repo, &["switch", "-q", &side]);
    })
}

pub(super) fn history(repo: &Repo) -> String {
    on(repo, "history", || {
        repo.step("history.txt");
        let editor = [("GIT_EDITOR", "sed -i 1s/step/leap/")];
        let _ = repo.git_with(&editor, &["history", "reword", "HEAD"]).ok();
    })
}

/// Makes a commit in a clone that has no hooks, and returns its folder.
fn elsewhere(repo: &Repo, name: &str) -> PathBuf {
    let other = repo.root().join(name);
    let (from, to) = (repo.folder().to_str().unwrap(), other.to_str().unwrap());
    git(repo, &["clone", "-q", "-b", WORK, from, to]);
    std::fs::write(other.join(format!("{name}.txt")), "theirs\n").unwrap();
    let _ = repo.git_in(&other, &["add", "-A"]).ok();
    let _ = repo.git_in(&other, &["commit", "-q", "-m", BAD]).ok();
    other
}

pub(super) fn fetched(repo: &Repo) -> String {
    let other = elsewhere(repo, "unhooked");
    let to = "feat/TASK-001-fetched";
    git(
        repo,
        &[
            "fetch",
            "-q",
            other.to_str().unwrap(),
            &format!("{WORK}:{to}"),
        ],
    );
    repo.ask(&["rev-parse", to])
}

pub(super) fn bundled(repo: &Repo) -> String {
    let other = elsewhere(repo, "bundler");
    let bundle = repo.root().join("work.bundle");
    let bundle = bundle.to_str().unwrap();
    let _ = repo
        .git_in(&other, &["bundle", "create", "-q", bundle, WORK])
        .ok();
    on(repo, "bundled", || {
        git(repo, &["fetch", "-q", bundle, WORK]);
        git(repo, &["merge", "-q", "--ff-only", "FETCH_HEAD"]);
    })
}

fn ledger(repo: &Repo) -> String {
    repo.read(".git/pdd/ledger.jsonl")
}

/// Says of a commit that went round that the hooks saw it through.
pub(super) fn line_rewritten(repo: &Repo) -> String {
    let made = on(repo, "rewritten", || {
        evil(repo, "rewritten");
        git(repo, &["commit", "-q", "-n", "-m", HONEST]);
    });
    let lines = ledger(repo);
    let honest = |line: &str| {
        line.replace("\"bypassed\"", "\"enforced\"")
            .replace("\"how\":\"no-verify\"", "\"how\":null")
    };
    let is_it = |line: &str| line.contains(&format!("\"commit\":\"{made}\""));
    let lines: Vec<String> = lines
        .lines()
        .map(|line| {
            if is_it(line) {
                honest(line)
            } else {
                line.to_owned()
            }
        })
        .collect();
    repo.write(".git/pdd/ledger.jsonl", lines.join("\n") + "\n");
    repo.step("after-rewritten.txt");
    made
}

/// Adds a line, well chained, that says of a commit what was true of another.
pub(super) fn line_forged(repo: &Repo) -> String {
    repo.step("before-forged.txt");
    let made = on(repo, "forged", || {
        evil(repo, "forged");
        off(repo, &["commit", "-q", "-m", HONEST]);
    });
    let lines = ledger(repo);
    let last = lines.lines().last().unwrap();
    let mut line: serde_json::Value = serde_json::from_str(last).unwrap();
    line["seq"] = (line["seq"].as_u64().unwrap() + 1).into();
    line["prev"] = pdd_hooks::evidence::ledger::digest(last.as_bytes()).into();
    line["commit"] = made.clone().into();
    repo.write(".git/pdd/ledger.jsonl", format!("{lines}{line}\n"));
    repo.step("after-forged.txt");
    made
}

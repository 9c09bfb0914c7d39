//! One history of two hundred honest commits, among which each way round the hooks is gone once: the audit finds and
//! names each, and calls nothing bypassed that is not. The tables are data; a way that this git does not have is named.

mod honest;
mod moves;
mod proofs;
mod round;

use std::collections::BTreeMap;
use std::path::Path;

use crate::enrolled::{HONEST, WORK};
use crate::support::{Output, Repo, gits, set_mode, version_of};

/// The least number of honest commits.
const HONEST_COMMITS: usize = 200;

/// One way, and what the audit says of the commit that went it.
struct Way {
    /// The way.
    name: &'static str,
    /// The class.
    class: &'static str,
    /// How; none where the way leads nowhere.
    how: Option<&'static str>,
    /// The first git that has it.
    since: (u32, u32),
    /// Goes it on a branch of its own, and returns the commit.
    go: fn(&Repo) -> String,
}

/// Every git has it.
const ALWAYS: (u32, u32) = (0, 0);

const BYPASSED: &str = "bypassed";
const FOREIGN: &str = "foreign";

#[rustfmt::skip]
const WAYS: [Way; 29] = [
    Way { name: "commit --no-verify", class: BYPASSED, how: Some("no-verify"), since: ALWAYS, go: round::commit_no_verify },
    Way { name: "commit -n that no process table shows", class: BYPASSED, how: Some("no-verify"), since: ALWAYS, go: round::commit_unseen },
    Way { name: "commit --amend --no-verify", class: BYPASSED, how: Some("no-verify"), since: ALWAYS, go: round::amend_no_verify },
    Way { name: "an amend that is judged as a new commit", class: BYPASSED, how: Some("amend"), since: ALWAYS, go: round::amend_unseen },
    Way { name: "merge --no-verify", class: BYPASSED, how: Some("no-verify"), since: ALWAYS, go: round::merge_no_verify },
    Way { name: "am --no-verify", class: BYPASSED, how: Some("no-verify"), since: (2, 40), go: round::am_no_verify },
    Way { name: "rebase of a bypassed commit", class: BYPASSED, how: Some("rebase of a bypassed commit"), since: ALWAYS, go: round::rebased },
    Way { name: "the receipt of a commit that was given up", class: BYPASSED, how: Some("stale receipt"), since: ALWAYS, go: round::stale_receipt },
    Way { name: "pre-commit removed", class: BYPASSED, how: Some("hook missing"), since: ALWAYS, go: round::hook_removed },
    Way { name: "pre-commit without its executable bit", class: BYPASSED, how: Some("hook missing"), since: ALWAYS, go: round::hook_not_executable },
    Way { name: "pre-commit replaced", class: BYPASSED, how: Some("hook replaced"), since: ALWAYS, go: round::hook_replaced },
    Way { name: "commit-msg replaced", class: BYPASSED, how: Some("hook replaced"), since: ALWAYS, go: round::message_hook_replaced },
    Way { name: "pre-commit wrapped, so that it stages more", class: BYPASSED, how: Some("tree changed after the check"), since: ALWAYS, go: round::tree_changed },
    Way { name: "commit-msg wrapped, so that it words anew", class: BYPASSED, how: Some("message changed after the check"), since: ALWAYS, go: round::message_changed },
    Way { name: "all hooks removed", class: BYPASSED, how: Some("hooks off"), since: ALWAYS, go: round::all_hooks_removed },
    Way { name: "core.hooksPath switched away", class: BYPASSED, how: Some("hooks off"), since: ALWAYS, go: round::hooks_path },
    Way { name: "-c core.hooksPath", class: BYPASSED, how: Some("hooks off"), since: ALWAYS, go: round::hooks_path_once },
    Way { name: "-c core.hooksPath under the word of a pull", class: BYPASSED, how: Some("hooks off"), since: ALWAYS, go: round::hooks_path_as_a_pull },
    Way { name: "an amend with -c core.hooksPath under the word of a fetch", class: BYPASSED, how: Some("hooks off"), since: ALWAYS, go: round::amend_as_a_fetch },
    // Hooks that are files know nothing of this key, in any git.
    Way { name: "-c hook.pdd-pre-commit.enabled=false", class: "enforced", how: None, since: ALWAYS, go: round::enabled_false },
    Way { name: "commit-tree and update-ref", class: FOREIGN, how: Some("plumbing"), since: ALWAYS, go: round::commit_tree },
    Way { name: "commit-tree and a write past git", class: FOREIGN, how: Some("plumbing"), since: ALWAYS, go: round::direct_write },
    Way { name: "fast-import", class: FOREIGN, how: Some("plumbing"), since: ALWAYS, go: round::fast_import },
    Way { name: "replay", class: FOREIGN, how: Some("plumbing"), since: (2, 44), go: round::replay },
    Way { name: "history reword", class: FOREIGN, how: Some("plumbing"), since: (2, 54), go: round::history },
    Way { name: "a clone without hooks, fetched", class: FOREIGN, how: Some("another clone"), since: ALWAYS, go: round::fetched },
    Way { name: "a clone without hooks, as a bundle", class: FOREIGN, how: Some("another clone"), since: ALWAYS, go: round::bundled },
    Way { name: "a ledger line rewritten", class: BYPASSED, how: Some("ledger rewritten"), since: ALWAYS, go: round::line_rewritten },
    Way { name: "a ledger line about another tree", class: BYPASSED, how: Some("ledger rewritten"), since: ALWAYS, go: round::line_forged },
];

/// What the report says of every commit: class and how.
type Told = BTreeMap<String, (String, Option<String>)>;

/// The audit of all branches.
pub(super) fn audit(repo: &Repo, folder: &Path) -> serde_json::Value {
    let said = repo.pdd_in(folder, &["audit", "--all", "--format", "json"]);
    serde_json::from_str(&said.ok().stdout).unwrap()
}

fn told(report: &serde_json::Value) -> Told {
    let rows = report["commits"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    rows.map(|row| {
        let class = text(&row["class"]).unwrap();
        (text(&row["commit"]).unwrap(), (class, text(&row["how"])))
    })
    .collect()
}

/// Runs git, wants it to succeed.
fn git(repo: &Repo, args: &[&str]) {
    let _ = repo.git(args).ok();
}

/// Runs git without any hook.
fn off(repo: &Repo, args: &[&str]) {
    git(repo, &[&["-c", "core.hooksPath=/dev/null"], args].concat());
}

/// Runs git under another name: no hook can read its arguments then, as on a system without /proc.
fn unseen(repo: &Repo, args: &[&str]) -> Output {
    use std::os::unix::process::CommandExt as _;
    let mut command = repo.command("git", repo.folder());
    repo.run(command.arg0("vcs").args(args), b"")
}

/// Runs git with these bytes on stdin.
fn fed(repo: &Repo, args: &[&str], stdin: &str) {
    let mut command = repo.command("git", repo.folder());
    let _ = repo.run(command.args(args), stdin.as_bytes()).ok();
}

fn head(repo: &Repo) -> String {
    repo.ask(&["rev-parse", "HEAD"])
}

/// Goes to a new work branch, cut from the first one.
fn branch(repo: &Repo, name: &str) {
    git(
        repo,
        &["switch", "-q", "-c", &format!("feat/TASK-001-{name}"), WORK],
    );
}

/// Builds the history with this git and audits it.
fn hold(git: &Path) {
    let repo = Repo::init_with(git, &[]).enroll();
    let version = version_of(git);
    let mut honest = honest::Kinds::new();
    let mut gone = Vec::new();
    let mut lacking = Vec::new();
    for way in &WAYS {
        honest.next(&repo);
        if version < way.since {
            lacking.push(way.name);
            continue;
        }
        gone.push((way, (way.go)(&repo)));
    }
    honest.rest(&repo);
    let report = audit(&repo, repo.folder());
    let mut told = told(&report);
    let mut wrong = Vec::new();
    for (way, commit) in &gone {
        let expected = (way.class.to_owned(), way.how.map(str::to_owned));
        let found = told.remove(commit);
        if found.as_ref() != Some(&expected) {
            wrong.push(format!(
                "{}: expected {expected:?}, found {found:?}",
                way.name
            ));
        }
    }
    let judged: Vec<_> = told
        .iter()
        .filter(|(_, (class, _))| class != "pre-adoption" && class != "adoption")
        .collect();
    for (commit, (class, how)) in &judged {
        if class == BYPASSED || (class == FOREIGN && how.as_deref() != Some("another clone")) {
            let subject = repo.ask(&["log", "-1", "--format=%D %s", commit]);
            wrong.push(format!("honest: {commit} {class} {how:?}: {subject}"));
        }
    }
    assert_eq!(wrong, [""; 0], "git {version:?}");
    assert!(judged.len() >= HONEST_COMMITS, "{} honest", judged.len());
    let expected: Vec<_> = WAYS
        .iter()
        .filter(|way| version < way.since)
        .map(|way| way.name)
        .collect();
    assert_eq!(lacking, expected);
    let classes: std::collections::BTreeSet<_> = judged
        .iter()
        .map(|(_, (class, _))| class.as_str())
        .collect();
    assert_eq!(classes, ["enforced", "foreign", "merge", "replayed"].into());
    moves::hold(&repo);
    lost(&repo, &gone);
}

/// A copy whose ledger is gone, and one whose ledger ends early: what it said is lost, and nobody honest is accused.
fn lost(repo: &Repo, gone: &[(&Way, String)]) {
    let open = repo.ask(&["rev-parse", "feat/TASK-001-hooks-path-once"]);
    for (name, spoil) in [
        (
            "deleted",
            (|path| std::fs::remove_file(path).unwrap()) as fn(&Path),
        ),
        ("truncated", |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let kept: String = text
                .lines()
                .take(3)
                .map(|line| format!("{line}\n"))
                .collect();
            std::fs::write(path, kept).unwrap();
        }),
    ] {
        let folder = repo.root().join(name);
        copy(repo, &folder);
        spoil(&folder.join(".git/pdd/ledger.jsonl"));
        let report = audit(repo, &folder);
        let told = told(&report);
        let deleted = Some("ledger deleted".to_owned());
        assert_eq!(
            told[&open],
            (BYPASSED.to_owned(), deleted.clone()),
            "{name}: it has findings"
        );
        let honest = told
            .iter()
            .filter(|(id, _)| gone.iter().all(|(_, gone)| gone != *id));
        let accused: Vec<_> = honest.filter(|(_, (class, _))| class == BYPASSED).collect();
        assert_eq!(accused, [], "{name}");
        let lost = told
            .values()
            .filter(|(class, how)| class == FOREIGN && *how == deleted)
            .count();
        assert!(lost > 100, "{name}: {lost}");
        let notes = report["notes"].to_string();
        let note = match name {
            "deleted" => "the ledger is gone, and the hooks have written one",
            _ => "the ledger ends with seq 3, and seq ",
        };
        assert!(notes.contains(note), "{notes}");
        // It goes on from what was written last, and shows the break for good.
        let _ = repo
            .git_in(&folder, &["commit", "-q", "--allow-empty", "-m", HONEST])
            .ok();
        let report = audit(repo, &folder);
        let notes = report["notes"].to_string();
        let note = match name {
            "deleted" => "the ledger begins with seq ",
            _ => "line 4 of the ledger does not continue the line before it",
        };
        assert!(notes.contains(note), "{notes}");
        let head = repo.git_in(&folder, &["rev-parse", "HEAD"]).ok().stdout;
        assert_eq!(self::told(&report)[head.trim_end()].0, "enforced", "{name}");
    }
}

/// Copies the whole repository.
fn copy(repo: &Repo, folder: &Path) {
    let mut command = repo.command("cp", repo.root());
    let _ = repo
        .run(command.arg("-a").args([repo.folder(), folder]), b"")
        .ok();
}

#[test]
fn each_way_round_is_found_and_named_among_two_hundred_honest_commits() {
    hold(gits().last().unwrap());
}

#[test]
fn each_way_round_is_found_and_named_with_every_other_git() {
    let gits = gits();
    for git in &gits[..gits.len() - 1] {
        hold(git);
    }
}

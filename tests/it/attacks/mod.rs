//! Ways round the rules, each tried with real git: refused, or told by the ledger and the audit. And what must go on
//! working while the references are guarded.

mod branches;
mod commits;
mod policy;
mod protected;
mod pushes;
mod tags;
mod traces;
mod unbroken;
mod ways_back;

use std::os::unix::process::CommandExt as _;

use crate::enrolled::WORK;
use crate::support::{Output, Repo};

/// A work branch's name that the policy does not know, so that any task may be named on it.
const TOPIC: &str = "topic";

/// Runs git under another name: no hook can read its arguments then, as on a system without /proc.
fn unseen(repo: &Repo, args: &[&str]) -> Output {
    let mut command = repo.command("git", repo.folder());
    repo.run(command.arg0("vcs").args(args), b"")
}

/// The findings that a program printed, without ids: `PDD007: a direct commit on …`.
fn findings(output: &Output) -> Vec<String> {
    output
        .stderr
        .lines()
        .filter_map(|line| {
            line.strip_prefix("error[")
                .or(line.strip_prefix("remote: error["))
        })
        .map(|line| nameless(&line.trim_end().replacen("]: ", ": ", 1)))
        .collect()
}

/// Writes `<id>` for every run of 12 or more hexadecimal digits.
fn nameless(text: &str) -> String {
    let is_id = |word: &str| word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let word = |word: &str| match word.strip_suffix([',', ':']) {
        Some(id) if is_id(id) => word.replace(id, "<id>"),
        _ if is_id(word) => "<id>".to_owned(),
        _ => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Expects git to have been refused with these findings.
#[track_caller]
fn refused(output: &Output, expected: &[&str]) {
    assert_ne!(output.code(), 0, "{}", output.text());
    assert_eq!(findings(output), expected, "{}", output.text());
}

/// What the ledger says last of a reference.
fn recorded(repo: &Repo, reference: &str) -> String {
    let text = repo.read(".git/pdd/ledger.jsonl");
    text.lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .rfind(|line| line["ref"] == reference)
        .map_or_else(
            || "nothing".to_owned(),
            |line| line["how"].as_str().unwrap().to_owned(),
        )
}

/// The commit that a revision names.
fn id(repo: &Repo, revision: &str) -> String {
    repo.ask(&["rev-parse", revision])
}

/// Runs git without any hook: how things come to stand that no hook has seen.
fn unhooked(repo: &Repo, args: &[&str]) {
    let all = [&["-c", "core.hooksPath=/dev/null"], args].concat();
    let _ = repo.git(&all).ok();
}

/// A remote that has what `main` has, and knows nothing of hooks.
fn with_remote(repo: &Repo) {
    let remote = repo.root().join("remote.git");
    let remote = remote.to_str().unwrap();
    let _ = repo.git(&["clone", "-q", "--bare", ".", remote]).ok();
    let _ = repo.git(&["remote", "add", "origin", remote]).ok();
    let _ = repo.git(&["fetch", "-q"]).ok();
    unhooked(repo, &["branch", "-q", "-u", "origin/main", "main"]);
}

/// Somebody else lands the work branch on the remote's `main` by a merge.
fn land_elsewhere(repo: &Repo, tag: Option<&str>) {
    let other = repo.root().join("other");
    let remote = repo.root().join("remote.git");
    let (folder, remote) = (other.to_str().unwrap(), remote.to_str().unwrap());
    let _ = repo.git(&["push", "-q", "--no-verify", remote, WORK]).ok();
    let _ = repo
        .git(&["clone", "-q", "-b", "main", remote, folder])
        .ok();
    let work = format!("origin/{WORK}");
    let merge = ["merge", "-q", "--no-ff", "-m", "Merge the steps", &work];
    let _ = repo.git_in(&other, &merge).ok();
    if let Some(tag) = tag {
        let _ = repo.git_in(&other, &["tag", tag]).ok();
    }
    let _ = repo
        .git_in(&other, &["push", "-q", "--tags", "origin", "main"])
        .ok();
}

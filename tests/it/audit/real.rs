//! A real history, audited by a policy that it never had: the counts are those that `git log` and `grep` give.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Repo;

/// Every rule at its default but the validation, and no subject too long.
const POLICY: &str = "\
policy = 1
rules.validation = \"off\"
rules.task-state = \"off\"
rules.boundary = \"off\"
message.max-subject = 500
message.types = [\"feat\", \"fix\", \"refactor\", \"perf\", \"test\", \"docs\", \"style\", \"build\", \"ci\", \"chore\"]
";
/// A task in brackets, as grep has it.
const TASK: &str = r"\[[A-Z][A-Z0-9]*-[0-9]+(-[A-Z])?\]";
/// What stands before a description, and its first letter.
const HEAD: &str = r"^(feat|fix|refactor|perf|test|docs|style|build|ci|chore)(\([^)]*[^)[:space:]][^)]*\))?!?: [^[:space:]]";
/// What a forge may add.
const NUMBER: &str = r"( \(#[0-9]+\))?$";
/// Ordinary commits alone: what reverts and merges are excused from, no grep can tell.
const ORDINARY: [&str; 4] = [
    "--no-merges",
    "-E",
    "--invert-grep",
    "--grep=This reverts commit |^(fixup|squash|amend)! ",
];

/// The history of this project, or the one that `PDD_HISTORY` names; all of `HEAD`, or the range in `PDD_RANGE`.
fn history() -> (PathBuf, String) {
    let own = || env!("CARGO_MANIFEST_DIR").into();
    let folder: PathBuf = std::env::var_os("PDD_HISTORY").map_or_else(own, PathBuf::from);
    let is_there = folder.join(".git").exists() || folder.join("objects").exists();
    assert!(
        is_there,
        "{} is no repository: this test needs a clone of this project, or another one that PDD_HISTORY names",
        folder.display()
    );
    let range = std::env::var("PDD_RANGE").unwrap_or_else(|_| "HEAD".into());
    (folder, range)
}

/// Lists the subjects, one a line, that `grep` passes on.
#[track_caller]
fn grep(repo: &Repo, folder: &Path, args: &[&str], lines: &str) -> String {
    let mut command = repo.command("grep", folder);
    let output = repo.run(command.arg("-aE").args(args), lines.as_bytes());
    // Nothing found is no fault.
    assert!(output.code() < 2, "{}", output.text());
    output.stdout
}

#[test]
fn counts_by_rule_are_those_that_git_log_and_grep_give() {
    let (folder, range) = history();
    let repo = Repo::bare_folder();
    let policy = repo.root().join("policy.toml");
    std::fs::write(&policy, POLICY).unwrap();
    let policy = policy.to_str().unwrap();
    let args = ["audit", "--policy", policy, "--format", "json", &range];
    let said = repo.pdd_in(&folder, &args).ok();
    let report: Value = serde_json::from_str(&said.stdout).unwrap();
    let rows = report["commits"].as_array().unwrap();

    let ask = |args: &[&str]| repo.git_in(&folder, args).ok().stdout;
    let every: HashSet<String> = ask(&["rev-list", &range]).lines().map(Into::into).collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        let id = row["commit"].as_str().unwrap();
        assert!(every.contains(id), "{id} was not asked for");
        assert_eq!(places.insert(id, place), None, "{id} is there twice");
        for parent in row["parents"].as_array().unwrap() {
            let parent = parent.as_str().unwrap();
            let is_below = !every.contains(parent) || places.contains_key(parent);
            assert!(is_below, "{id} stands before its parent {parent}");
        }
    }
    assert_eq!(places.len(), every.len());

    let summary = &report["summary"];
    let classes = summary["classes"].as_object().unwrap().values();
    let classes: u64 = classes.map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(summary["commits"], every.len());
    assert_eq!(classes, every.len() as u64);

    let ordinary = ask(&[&["log", "--format=%H"], &ORDINARY[..], &[&range]].concat());
    let ordinary: HashSet<&str> = ordinary.lines().collect();
    let subjects = ask(&[&["log", "--format=%s"], &ORDINARY[..], &[&range]].concat());
    assert_eq!(subjects.lines().count(), ordinary.len());
    assert!(ordinary.len() > 100, "no history to speak of");
    let found = |code: &str| {
        let has = |row: &&Value| {
            let mut findings = row["findings"].as_array().unwrap().iter();
            ordinary.contains(row["commit"].as_str().unwrap())
                && findings.any(|finding| finding["code"] == code)
        };
        rows.iter().filter(has).count()
    };
    let passes = |args: &[&str], lines: &str| grep(&repo, &folder, args, lines);
    let count = |lines: &str| lines.lines().count();

    // Exactly one task.
    let without = passes(&["-v", TASK], &subjects);
    let several = passes(&[&format!("{TASK}.*{TASK}")], &subjects);
    assert_eq!(found("PDD001"), count(&without) + count(&several));

    // Of the form: the task, where there is one, stands last.
    let one = passes(
        &["-v", &format!("{TASK}.*{TASK}")],
        &passes(&[TASK], &subjects),
    );
    let formed = passes(&[&format!("{HEAD}.* {TASK}{NUMBER}")], &one);
    let others = passes(&[HEAD], &(without + &several));
    assert_eq!(
        found("PDD002"),
        ordinary.len() - count(&formed) - count(&others)
    );
}

//! What an audit keeps for the next one: an audit costs only what is new, and says what one without memory says. Every other
//! test of the audit compares the two as well (`Repo::pdd_in`).

use std::fs;
use std::path::PathBuf;

use crate::support::{Output, Repo, pdd_hooks};

const AUDIT: [&str; 3] = ["audit", "--format", "jsonl"];

/// A repository with hooks, and three commits of one task.
fn scene() -> Repo {
    let repo = Repo::enrolled();
    for text in ["one", "two", "three"] {
        repo.stage("notes.txt", text);
        let _ = repo.commit(&format!("docs: {text} [TASK-001]")).ok();
    }
    repo
}

/// The folders of what is kept, one for each kind of audit.
fn kinds(repo: &Repo) -> Vec<PathBuf> {
    let entries = fs::read_dir(repo.at(".git/pdd/audit")).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    folders.filter(|path| path.is_dir()).collect()
}

fn only<T>(list: Vec<T>) -> T {
    assert_eq!(list.len(), 1);
    list.into_iter().next().unwrap()
}

/// The file of the rows that are kept.
fn rows(repo: &Repo) -> PathBuf {
    let entries = fs::read_dir(only(kinds(repo))).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let is_rows = |path: &PathBuf| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("rows")
    };
    only(files.filter(is_rows).collect())
}

fn audit(repo: &Repo) -> Output {
    let mut command = repo.command(pdd_hooks(), repo.folder());
    repo.run(command.args(AUDIT), b"")
}

#[test]
fn a_second_audit_judges_only_what_is_new() {
    let repo = scene();
    let first = repo.pdd(&AUDIT).ok().stdout;
    let kept = fs::read_to_string(rows(&repo)).unwrap();
    // Every row stands there once, as it was reported.
    let reported: String = first
        .lines()
        .filter(|line| line.contains("\"commit\""))
        .collect();
    assert_eq!(kept, reported);
    assert_eq!(repo.pdd(&AUDIT).ok().stdout, first);
    assert_eq!(
        fs::read_to_string(rows(&repo)).unwrap(),
        kept,
        "judged again"
    );

    repo.stage("notes.txt", "four");
    let _ = repo.commit("docs: four [TASK-001]").ok();
    let last = repo.pdd(&AUDIT).ok().stdout;
    let now = fs::read_to_string(rows(&repo)).unwrap();
    let new = now.strip_prefix(&kept).unwrap();
    assert!(last.contains(new) && new.contains("docs: four"), "{new}");
    assert_eq!(new.matches("\"tree\"").count(), 1, "{new}");
}

#[test]
fn what_was_kept_is_taken_as_it_stands_and_not_with_no_cache() {
    let repo = scene();
    let first = repo.pdd(&AUDIT).ok().stdout;
    let rows = rows(&repo);
    let kept = fs::read_to_string(&rows).unwrap();
    fs::write(&rows, kept.replace("docs: two", "docs: TWO")).unwrap();
    let damaged = audit(&repo);
    assert!(
        damaged
            .stderr
            .contains("is damaged: remove that file, or run again with `--no-cache`"),
        "{}",
        damaged.stderr
    );
    let anew = repo.pdd(&[&AUDIT[..], &["--no-cache"]].concat()).ok();
    assert_eq!(anew.stdout, first);
    fs::remove_file(&rows).unwrap();
    assert_eq!(repo.pdd(&AUDIT).ok().stdout, first);
}

#[test]
fn whatever_is_cut_short_or_overwritten_is_judged_again() {
    let repo = scene();
    let first = repo.pdd(&AUDIT).ok().stdout;
    let folder = only(kinds(&repo));
    for name in ["index", "../history", "../tops"] {
        let path = folder.join(name);
        let whole = fs::read(&path).unwrap();
        for damaged in [
            &whole[..0],
            &whole[..5],
            &whole[..whole.len() - 1],
            b"something else",
        ] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(
                repo.pdd(&AUDIT).ok().stdout,
                first,
                "{name}, {}",
                damaged.len()
            );
        }
    }
    assert_eq!(repo.pdd(&AUDIT).ok().stdout, first);
}

#[test]
fn a_clone_that_is_only_looked_at_stays_as_it_is() {
    let repo = scene();
    let _ = repo.git(&["clone", "-q", ".", "../other"]).ok();
    let other = repo.root().join("other");
    let mut command = repo.command(pdd_hooks(), &other);
    let _ = repo.run(command.args(AUDIT), b"").ok();
    assert!(!other.join(".git/pdd").exists());
    let _ = repo.pdd(&[&AUDIT[..], &["--no-cache"]].concat()).ok();
    assert!(!repo.has(".git/pdd/audit"));
}

#[test]
fn audits_by_other_policies_and_under_other_names_keep_apart() {
    let repo = scene();
    let first = repo.pdd(&AUDIT).ok().stdout;
    let assumed = [&AUDIT[..], &["--policy", ".pdd.toml"]].concat();
    let _ = repo.pdd(&assumed).ok();
    assert_eq!(kinds(&repo).len(), 2);
    assert_eq!(repo.pdd(&AUDIT).ok().stdout, first);
    repo.write(
        ".mailmap",
        "Anna Example <anna@example.org> <ann@example.org>\n",
    );
    let named = repo.pdd(&AUDIT).ok().stdout;
    assert!(named.contains("Anna Example") && named != first);
    for number in 0..6 {
        repo.write(
            ".mailmap",
            format!("Anna {number} <anna@example.org> <ann@example.org>\n"),
        );
        let _ = repo.pdd(&AUDIT).ok();
    }
    assert!(kinds(&repo).len() <= 5, "{:?}", kinds(&repo));
}

#[test]
fn a_ledger_that_loses_a_line_and_a_reflog_that_is_cut_change_what_is_said() {
    let repo = scene();
    let first = repo.pdd(&AUDIT).ok().stdout;
    let ledger = repo.read(".git/pdd/ledger.jsonl");
    let lines: Vec<&str> = ledger.lines().collect();
    repo.write(
        ".git/pdd/ledger.jsonl",
        lines[..lines.len() - 1].join("\n") + "\n",
    );
    let lost = repo.pdd(&AUDIT).ok().stdout;
    assert_ne!(lost, first);
    repo.write(".git/pdd/ledger.jsonl", &ledger);
    assert_eq!(repo.pdd(&AUDIT).ok().stdout, first);
    fs::remove_dir_all(repo.at(".git/logs")).unwrap();
    repo.write(".git/pdd/ledger.jsonl", "");
    assert_ne!(repo.pdd(&AUDIT).ok().stdout, first);
}

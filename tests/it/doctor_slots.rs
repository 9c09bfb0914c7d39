//! `doctor` and the slots: how many there are, which are nobody's any more, and what `--fix` removes of slots and passes.

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::support::{Output, Repo};

/// A repository with a slot of its own and one of a linked worktree; each worktree's slot, its own first.
fn two_slots() -> (Repo, PathBuf, PathBuf) {
    let repo = Repo::checked("");
    repo.validated_step("one");
    let own = slots(&repo);
    let linked = repo.root().join("linked");
    let path = linked.to_str().unwrap();
    let _ = repo
        .git(&["worktree", "add", "-q", "-b", "fix/TASK-001-b", path])
        .ok();
    repo.write("../linked/app.txt", "base\none\nmore\n");
    let _ = repo.git_in(&linked, &["add", "."]).ok();
    let _ = repo.pdd_in(&linked, &["validate"]).ok();
    let other = slots(&repo).into_iter().find(|slot| !own.contains(slot));
    (repo, own[0].clone(), other.unwrap())
}

fn folder(repo: &Repo) -> PathBuf {
    repo.root().join("home/.cache/pdd-hooks/slots")
}

fn slots(repo: &Repo) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(repo)).unwrap();
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn remove_worktree(repo: &Repo) {
    let linked = repo.root().join("linked");
    let path = linked.to_str().unwrap();
    let _ = repo.git(&["worktree", "remove", "--force", path]).ok();
}

/// What the output says of slots and passes, a help under each line that has one.
fn said(output: &Output) -> String {
    let mut text = String::new();
    let mut lines = output.stdout.lines().peekable();
    while let Some(line) = lines.next() {
        if line.contains("slot") || line.contains("of checks") {
            text.push_str(&format!("{line}\n"));
            if let Some(help) = lines.next_if(|line| line.starts_with("  = help")) {
                text.push_str(&format!("{help}\n"));
            }
        }
    }
    text
}

#[test]
fn slots_are_counted_and_those_that_are_nobodys_are_named() {
    let (repo, own, other) = two_slots();
    let count = |gone| {
        let folder = folder(&repo);
        let folder = folder.display();
        format!("ok      slots: 2 in {folder}, {gone} of them of worktrees that are gone\n")
    };
    assert_eq!(said(&repo.pdd(&["doctor"]).ok()), count(0));

    remove_worktree(&repo);
    let state = repo.at(".git/worktrees/linked");
    let told = format!(
        "{}ok      slot: {}, whose worktree is gone: {}\n  = help: pdd-hooks doctor --fix\n",
        count(1),
        other.display(),
        state.display()
    );
    assert_eq!(said(&repo.pdd(&["doctor"]).ok()), told);
    // Looking changes nothing.
    assert!(own.is_dir() && other.is_dir());
}

#[test]
fn a_fix_removes_what_is_nobodys_and_leaves_what_is_used() {
    let (repo, own, other) = two_slots();
    remove_worktree(&repo);
    let stray = folder(&repo).join("stray");
    std::fs::create_dir(&stray).unwrap();
    let lock = File::open(other.join("lock")).unwrap();
    lock.lock().unwrap();

    let told = said(&repo.pdd(&["doctor", "--fix"]).ok());
    let kept = format!("kept {}, which is in use\n", other.display());
    let removed = format!(
        "removed {}, which does not say whose it is\n",
        stray.display()
    );
    assert!(told.starts_with(&format!("{kept}{removed}")), "{told}");
    let mut expected = [own.clone(), other.clone()];
    expected.sort();
    assert_eq!(slots(&repo), expected);

    drop(lock);
    let told = said(&repo.pdd(&["doctor", "--fix"]).ok());
    let state = repo.at(".git/worktrees/linked");
    let removed = format!(
        "removed {}, whose worktree is gone: {}\n",
        other.display(),
        state.display()
    );
    assert!(told.starts_with(&removed), "{told}");
    assert_eq!(slots(&repo), [own]);
}

#[test]
fn a_repository_that_is_gone_leaves_no_slot_behind_a_fix() {
    let (gone, ..) = two_slots();
    let repo = Repo::new();
    let _ = repo.pdd(&["install"]).ok();
    let cache = gone.root().join("home/.cache");
    std::fs::remove_dir_all(gone.folder()).unwrap();
    let env = [("XDG_CACHE_HOME", cache.to_str().unwrap())];
    let _ = repo.pdd_with(&env, &["doctor", "--fix"]).ok();
    assert_eq!(slots(&gone), Vec::<PathBuf>::new());
}

#[test]
fn a_fix_removes_passes_that_are_older_than_90_days() {
    let (repo, ..) = two_slots();
    let passes = || {
        let entries = std::fs::read_dir(repo.at(".git/pdd/validated")).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let before = passes();
    let day = Duration::from_secs(86_400);
    for (path, days) in before.iter().zip([91, 89]) {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - day * days).unwrap();
    }
    let told = repo.pdd(&["doctor", "--fix"]).ok();
    assert!(
        told.stdout
            .contains("removed 1 pass of checks, older than 90 days\n"),
        "{}",
        told.text()
    );
    assert_eq!(passes(), before[1..]);
}

//! Many writers at once, as threads and as processes that git's own hooks start.

use std::path::Path;
use std::process::Command;

use pdd_hooks::evidence::envelope;
use pdd_hooks::git::{RECORDS, Repository};

use super::{forms, lines, open, tip};
use crate::support::Repo;

/// Set for the process that this file's test starts itself as: the number of its record.
const WRITER: &str = "PDD_TEST_WRITER";

#[test]
fn writers_in_two_worktrees_lose_nothing_to_each_other() {
    const WRITERS: usize = 8;
    const EACH: usize = 4;
    for repo in forms() {
        let folders = [repo.folder().to_owned(), repo.at("../linked")];
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let folder = &folders[writer % 2];
                scope.spawn(move || {
                    let repository = Repository::open_at(folder).unwrap();
                    for line in lines(writer * EACH..(writer + 1) * EACH) {
                        // Each adds one of its own and one that all add.
                        repository.add_records(&[line, b"{}\n".to_vec()]).unwrap();
                    }
                });
            }
        });
        let found = open(&repo).records().unwrap();
        let mut expected: Vec<_> = lines(0..WRITERS * EACH);
        expected.push(b"{}\n".to_vec());
        let mut expected: Vec<_> = expected
            .into_iter()
            .map(|line| (envelope::name(&line), line))
            .collect();
        expected.sort();
        assert_eq!((found.records, found.faults), (expected, vec![]));
        let count = repo.ask(&["rev-list", "--count", RECORDS]);
        assert_eq!(count, (WRITERS * EACH).to_string());
    }
}

#[test]
fn a_writer_waits_for_a_lock_that_another_holds() {
    let repo = Repo::new();
    let repository = open(&repo);
    repository.add_records(&lines(0..1)).unwrap();
    let lock = repo.at(".git/refs/pdd/evidence.lock");
    std::fs::write(&lock, "").unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| open(&repo).add_records(&lines(1..2)).unwrap());
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert!(!writer.is_finished());
        std::fs::remove_file(&lock).unwrap();
        writer.join().unwrap();
    });
    assert_eq!(repository.records().unwrap().records.len(), 2);
}

#[test]
fn hooks_of_commits_at_once_add_their_records_and_leave_the_commits_as_they_are() {
    if let Some(number) = std::env::var_os(WRITER) {
        return write_one(number.to_str().unwrap().parse().unwrap());
    }
    for repo in forms() {
        install_writer(&repo);
        std::thread::scope(|scope| {
            for (number, folder) in ["../repo", "../linked"].into_iter().enumerate() {
                let (repo, folder) = (&repo, repo.at(folder));
                scope.spawn(move || commit(repo, &folder, number));
            }
        });
        for (number, branch) in ["main", "linked"].into_iter().enumerate() {
            let log = repo.ask(&["log", "--format=%s", branch]);
            assert_eq!(log, "feat: second\nfeat: first");
            let changed = repo.ask(&["diff", "--name-only", "main~1", branch]);
            assert_eq!(changed, format!("new-{number}.txt"));
        }
        let found = open(&repo).records().unwrap();
        assert_eq!((found.records.len(), found.faults), (2, vec![]));
        assert_eq!(repo.ask(&["rev-list", "--count", RECORDS]), "2");
        assert_ne!(
            tip(&open(&repo)).to_string(),
            repo.ask(&["rev-parse", "main"])
        );
    }
}

/// Makes this very test the pre-commit hook.
fn install_writer(repo: &Repo) {
    let program = std::env::current_exe().unwrap();
    let test = "records::together::hooks_of_commits_at_once_add_their_records_and_leave_the_commits_as_they_are";
    repo.write_program(
        ".git/hooks/pre-commit",
        &format!(
            "#!/bin/sh\nexec '{}' --exact {test} >&2\n",
            program.display()
        ),
    );
}

/// Commits by path, for which git hands the hook an index of its own making, in a work tree that has more staged.
fn commit(repo: &Repo, folder: &Path, number: usize) {
    let name = format!("new-{number}.txt");
    for file in [name.as_str(), "other.txt"] {
        std::fs::write(folder.join(file), "x\n").unwrap();
        let _ = repo.git_in(folder, &["add", file]).ok();
    }
    let mut command: Command = repo.command("git", folder);
    command
        .args(["commit", "-q", "-m", "feat: second", "--", &name])
        .env(WRITER, number.to_string());
    let output = repo.run(&mut command, b"").ok();
    assert!(output.stderr.contains("1 passed"), "{}", output.text());
    let status = repo.git_in(folder, &["status", "--porcelain"]).ok();
    assert_eq!(status.stdout, "A  other.txt\n");
}

/// Adds a record as a hook does: in the repository that git's variables name.
fn write_one(number: usize) {
    assert!(std::env::var_os("GIT_INDEX_FILE").is_some());
    let repository = Repository::open().unwrap();
    let names = repository.add_records(&lines(number..number + 1)).unwrap();
    assert!(repository.has_record(&names[0]).unwrap());
}

//! What the store is: a commit chain over files named by what they hold, beside everything else of the repository.

use pdd_hooks::git::{RECORDS, Records};

use super::{forms, lines, open, tip};
use crate::support::{Repo, assert_same, snapshot};

const NAMES: [&str; 3] = [
    "298e2724dcffbc0547c4c71e793720faa0a91783980ff828140008c642ccf58c",
    "cedf74272c9fc8db5448283a93277e7e7eb7534b71df3bd8ab35fd9b1b73404c",
    "087445c6a1d220ff86f021220758657911eb16065256ea54fab1604225b91e7b",
];

#[test]
fn records_are_files_named_by_their_digest_in_a_chain_of_commits() {
    for repo in forms() {
        let repository = open(&repo);
        assert_eq!(repository.records().unwrap(), Records::default());
        assert!(!repository.has_record(NAMES[0]).unwrap());
        let mut names = repository.add_records(&lines(0..2)).unwrap();
        names.extend(repository.add_records(&lines(2..3)).unwrap());
        assert_eq!(names, NAMES);
        let listed = repo.ask(&["ls-tree", "-r", RECORDS]);
        let mut expected: Vec<String> = names
            .iter()
            .zip(lines(0..3))
            .map(|(name, line)| {
                let text = String::from_utf8(line).unwrap();
                repo.write("blob", &text);
                let blob = repo.ask(&["hash-object", "--no-filters", "blob"]);
                format!("100644 blob {blob}\t{}/{name}.json", &name[..2])
            })
            .collect();
        expected.sort_by(|a, b| a.split('\t').nth(1).cmp(&b.split('\t').nth(1)));
        assert_eq!(listed, expected.join("\n"));
        let log = repo.ask(&[
            "log",
            "--format=%an <%ae> %cn <%ce> %ad %B",
            "--date=format:%z",
            RECORDS,
        ]);
        assert_eq!(
            log,
            "pdd-hooks <pdd-hooks@localhost> pdd-hooks <pdd-hooks@localhost> +0000 evidence: add 1 record\n\n\
             pdd-hooks <pdd-hooks@localhost> pdd-hooks <pdd-hooks@localhost> +0000 evidence: add 2 records"
        );
        let _ = repo.git(&["fsck", "--strict", "--no-dangling"]).ok();
        let mut records: Vec<_> = names.into_iter().zip(lines(0..3)).collect();
        records.sort();
        let found = repository.records().unwrap();
        assert_eq!((found.records, found.faults), (records, vec![]));
        assert!(repository.has_record(NAMES[2]).unwrap());
    }
}

#[test]
fn a_record_that_is_there_is_no_new_commit() {
    for repo in forms() {
        let repository = open(&repo);
        assert_eq!(repository.add_records(&[]).unwrap(), Vec::<String>::new());
        assert_eq!(repository.find_commit_at(RECORDS).unwrap(), None);
        let twice = [lines(0..1), lines(0..1)].concat();
        let names = repository.add_records(&twice).unwrap();
        assert_eq!(names, [NAMES[0], NAMES[0]]);
        let first = tip(&repository);
        assert_eq!(repository.add_records(&lines(0..1)).unwrap(), [NAMES[0]]);
        assert_eq!(tip(&repository), first);
        assert_eq!(
            repo.ask(&["log", "--format=%s", RECORDS]),
            "evidence: add 1 record"
        );
    }
}

#[test]
fn index_work_tree_and_head_stay_as_they_are_and_no_hook_runs() {
    for repo in forms() {
        let hook = "#!/bin/sh\necho \"$0\" >>\"$HOME/ran\"\n";
        repo.write_program(".git/hooks/reference-transaction", hook);
        repo.write_program(".git/hooks/post-commit", hook);
        let _ = repo.git(&["update-ref", "refs/heads/other", "main"]).ok();
        assert!(repo.has("../home/ran"), "the hook does not work");
        std::fs::remove_file(repo.at("../home/ran")).unwrap();
        repo.write("staged.txt", "x\n");
        let _ = repo.git(&["add", "staged.txt"]).ok();
        let paths = [
            "a.txt",
            "staged.txt",
            "../linked",
            ".git/index",
            ".git/HEAD",
            ".git/refs/heads",
            ".git/logs",
            ".git/config",
            ".git/packed-refs",
            ".git/worktrees",
        ]
        .map(|path| repo.at(path));
        let (before, refs) = (snapshot(&paths), repo.ask(&["for-each-ref", "refs/heads"]));
        open(&repo).add_records(&lines(0..2)).unwrap();
        assert_same(&before, &snapshot(&paths));
        assert_eq!(repo.ask(&["for-each-ref", "refs/heads"]), refs);
        assert!(!repo.has("../home/ran"), "{}", repo.read("../home/ran"));
    }
}

#[test]
fn linked_worktrees_share_the_store() {
    for repo in forms() {
        let linked = pdd_hooks::git::Repository::open_at(&repo.at("../linked")).unwrap();
        linked.add_records(&lines(0..1)).unwrap();
        let main = open(&repo);
        main.add_records(&lines(1..2)).unwrap();
        assert_eq!(linked.records().unwrap(), main.records().unwrap());
        assert_eq!(main.records().unwrap().records.len(), 2);
    }
}

#[test]
fn the_records_between_two_tips_are_those_that_were_added() {
    for repo in forms() {
        let repository = open(&repo);
        let names = repository.add_records(&lines(0..40)).unwrap();
        let old = tip(&repository);
        let mut added: Vec<_> = repository
            .add_records(&lines(30..60))
            .unwrap()
            .into_iter()
            .zip(lines(30..60))
            .filter(|(name, _)| !names.contains(name))
            .collect();
        added.sort();
        assert_eq!(added.len(), 20);
        let new = tip(&repository);
        let since = repository.records_since(Some(old), new).unwrap();
        assert_eq!((since.records, since.faults), (added, vec![]));
        let same = repository.records_since(Some(new), new).unwrap();
        assert_eq!(same, Records::default());
        assert_eq!(repository.records_at(old).unwrap().records.len(), 40);
    }
}

#[test]
fn garbage_collection_keeps_the_records_and_more_can_be_added() {
    for repo in forms() {
        let repository = open(&repo);
        repository.add_records(&lines(0..5)).unwrap();
        let before = repository.records().unwrap();
        let _ = repo.git(&["gc", "-q", "--prune=now"]).ok();
        for repository in [repository, open(&repo)] {
            assert_eq!(repository.records().unwrap(), before);
        }
        open(&repo).add_records(&lines(5..6)).unwrap();
        assert_eq!(open(&repo).records().unwrap().records.len(), 6);
    }
}

#[test]
fn a_record_beyond_the_limit_is_refused_and_nothing_is_written() {
    let repo = Repo::new();
    let line = vec![b' '; pdd_hooks::evidence::envelope::LARGEST + 1];
    let error = open(&repo)
        .add_records(&[lines(0..1).remove(0), line])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not add a record of 16777217 bytes; 16777216 are read"
    );
    assert_eq!(repo.ask(&["count-objects"]), "0 objects, 0 kilobytes");
}

//! What pre-push brings to the remote, and when it does not.

use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::statement::Predicate;
use pdd_hooks::git::RECORDS;

use super::{TRACKING, add_remote, here, lines, open, scene, there};
use crate::enrolled::{HONEST, WORK};
use crate::support::Repo;

/// Says of each own record of how a commit was made its class, sorted.
fn receipts(repo: &Repo) -> Vec<String> {
    let records = open(repo.folder()).records().unwrap().records.into_iter();
    let said = records.filter_map(|(_, line)| {
        let statement = Envelope::parse(&line).unwrap().statement().unwrap();
        let commit = statement.commit()?.to_string();
        let subject = repo.ask(&["log", "-1", "--format=%s", &commit]);
        Some(match &statement.predicate {
            Predicate::CommitCheck(check) => {
                let message = repo.git(&["cat-file", "commit", &commit]).ok().stdout;
                let message = message.split_once("\n\n").unwrap().1;
                let digest = pdd_hooks::evidence::ledger::digest(message.as_bytes());
                assert_eq!(check.message, digest);
                assert!(check.log.is_some());
                format!("check {:?} {subject}", check.class)
            }
            Predicate::Gap(gap) => {
                format!("gap {} {subject}", gap.how.as_deref().unwrap())
            }
            _ => return None,
        })
    });
    let mut said: Vec<String> = said.collect();
    said.sort();
    said
}

#[test]
fn a_push_brings_the_records_and_receipts_of_its_commits() {
    let repo = scene();
    repo.step("a.txt");
    open(repo.folder()).add_records(&lines(0..1)).unwrap();
    let pushed = repo.git(&["push", "-q", "origin", WORK]).ok();
    assert_eq!(pushed.text(), "exit: 0\n--- stdout\n--- stderr\n");
    assert_eq!(there(&repo).len(), 3);
    assert_eq!(there(&repo), here(&repo));
    assert_eq!(
        receipts(&repo),
        [
            format!("check Enforced {HONEST}"),
            format!("check Enforced {HONEST}")
        ]
    );
    assert_eq!(
        repo.ask(&["rev-parse", RECORDS]),
        repo.ask(&["rev-parse", TRACKING])
    );
}

#[test]
fn a_gap_says_how_and_no_commit_is_told_of_twice() {
    let repo = scene();
    repo.stage("b.txt", "b\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", HONEST]).ok();
    let _ = repo.git(&["push", "-q", "origin", WORK]).ok();
    let told = [
        format!("check Enforced {HONEST}"),
        format!("gap no-verify {HONEST}"),
    ];
    assert_eq!(receipts(&repo), told);
    add_remote(&repo, "fork");
    let _ = repo.git(&["push", "-q", "fork", WORK]).ok();
    assert_eq!(receipts(&repo), told);
}

#[test]
fn a_refused_push_publishes_nothing() {
    let repo = scene();
    repo.stage("b.txt", "b\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", "no task"]).ok();
    let pushed = repo.git(&["push", "-q", "origin", WORK]);
    assert_eq!(pushed.code(), 1);
    assert_eq!((here(&repo).len(), there(&repo).len()), (0, 0));
}

#[test]
fn a_dry_run_publishes_nothing() {
    let repo = scene();
    for args in [&["push", "-n"][..], &["push", "-qn"], &["push", "--dry-r"]] {
        let _ = repo.git(&[args, &["origin", WORK]].concat()).ok();
    }
    assert_eq!((here(&repo).len(), there(&repo).len()), (0, 0));
}

#[test]
fn a_policy_may_turn_publishing_off() {
    let repo = Repo::new();
    repo.adopt();
    repo.write(
        ".pdd.toml",
        "policy = 2\nrules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\nevidence.publish = false\n",
    );
    repo.commit_all("chore(pdd): keep evidence here [MAINT-1]");
    let _ = repo.pdd(&["install"]).ok();
    repo.begin(WORK);
    add_remote(&repo, "origin");
    let _ = repo.git(&["push", "-q", "origin", WORK]).ok();
    assert_eq!((here(&repo).len(), there(&repo).len()), (0, 0));
}

#[test]
fn a_push_of_nothing_or_of_what_is_known_starts_no_other() {
    let repo = scene();
    let _ = repo.git(&["push", "-q", "origin", WORK]).ok();
    let _ = repo
        .git_in(&repo.at("../origin.git"), &["update-ref", "-d", RECORDS])
        .ok();
    let _ = repo.git(&["push", "-q", "origin", WORK]).ok();
    let _ = repo
        .git(&["push", "-q", "origin", "HEAD:refs/heads/other"])
        .ok();
    assert_eq!(there(&repo).len(), 0);
}

#[test]
fn a_push_that_lists_the_store_itself_is_left_to_it() {
    for args in [
        &["push", "-q", "--mirror", "origin"][..],
        &["push", "-q", "--atomic", "origin", WORK, RECORDS],
    ] {
        let repo = scene();
        open(repo.folder()).add_records(&lines(0..2)).unwrap();
        let pushed = repo.git(args).ok();
        assert_eq!(pushed.text(), "exit: 0\n--- stdout\n--- stderr\n");
        assert_eq!((here(&repo).len(), there(&repo).len()), (2, 2));
    }
}

#[test]
fn a_remote_that_refuses_the_records_gets_the_branch_and_one_warning() {
    let repo = scene();
    repo.write_program(
        "../origin.git/hooks/update",
        "#!/bin/sh\ncase \"$1\" in refs/pdd/*) exit 1;; esac\n",
    );
    let pushed = repo.git(&["push", "-q", "origin", WORK]).ok();
    assert_eq!(
        pushed.text(),
        "exit: 0\n--- stdout\n--- stderr\npdd-hooks: the evidence was not published (hook declined): pdd-hooks evidence push origin\n"
    );
    assert_eq!(there(&repo).len(), 0);
    let branch = repo
        .git_in(&repo.at("../origin.git"), &["rev-parse", WORK])
        .ok();
    assert_eq!(branch.stdout.trim(), repo.ask(&["rev-parse", WORK]));
}

#[test]
fn a_fork_and_an_address_get_what_they_lack() {
    let repo = scene();
    let _ = repo.git(&["push", "-q", "origin", WORK]).ok();
    let fork = add_remote(&repo, "fork");
    let _ = repo.git(&["push", "-q", "fork", WORK]).ok();
    assert_eq!(super::names(&repo, &fork, RECORDS), here(&repo));
    let tracked = repo.ask(&["for-each-ref", "--format=%(refname)", "refs/pdd/remotes"]);
    assert_eq!(
        tracked,
        "refs/pdd/remotes/fork/evidence\nrefs/pdd/remotes/origin/evidence"
    );
    let other = repo.at("../other.git");
    let _ = repo.git(&["init", "-q", "--bare", "../other.git"]).ok();
    let _ = repo.git(&["push", "-q", "../other.git", WORK]).ok();
    assert_eq!(super::names(&repo, &other, RECORDS), here(&repo));
}

#[test]
fn an_address_that_has_other_records_is_united_with_them() {
    let repo = scene();
    open(repo.at("../origin.git"))
        .add_records(&lines(0..2))
        .unwrap();
    let _ = repo.git(&["push", "-q", "../origin.git", WORK]).ok();
    assert_eq!((here(&repo).len(), there(&repo).len()), (3, 3));
    assert_eq!(repo.ask(&["for-each-ref", "refs/pdd/incoming"]), "");
}

#[test]
fn a_triangle_is_pushed_to_where_it_pushes() {
    let repo = scene();
    let _ = repo
        .git(&["init", "-q", "--bare", "-b", "main", "../mine.git"])
        .ok();
    open(repo.at("../mine.git"))
        .add_records(&lines(0..2))
        .unwrap();
    let _ = repo
        .git(&["config", "remote.origin.pushurl", "../mine.git"])
        .ok();
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "main"])
        .ok();
    let pushed = repo.git(&["push", "-q", "origin", WORK]).ok();
    assert_eq!(pushed.text(), "exit: 0\n--- stdout\n--- stderr\n");
    let mine = super::names(&repo, &repo.at("../mine.git"), RECORDS);
    assert_eq!((mine.len(), there(&repo).len()), (3, 0));
}

//! Many clones that publish at once, and one that is killed.

use pdd_hooks::git::RECORDS;

use super::{add_remote, lines, open, scene, there};
use crate::support::{Repo, pdd_hooks};

fn clones(repo: &Repo, count: usize) -> Vec<std::path::PathBuf> {
    let made = (0..count).map(|number| {
        let folder = repo.at(&format!("../clone-{number}"));
        let name = format!("clone-{number}");
        let _ = repo
            .git_in(repo.root(), &["clone", "-q", "origin.git", &name])
            .ok();
        let _ = repo.pdd_in(&folder, &["install"]).ok();
        folder
    });
    made.collect()
}

#[test]
fn ten_clones_that_push_at_once_all_bring_their_records() {
    let repo = scene();
    let folders = clones(&repo, 10);
    std::thread::scope(|scope| {
        for (number, folder) in folders.iter().enumerate() {
            let repo = &repo;
            scope.spawn(move || {
                let own = number * 3..number * 3 + 3;
                open(folder).add_records(&lines(own)).unwrap();
                let branch = format!("HEAD:refs/heads/feat/TASK-0{number:02}-x");
                let pushed = repo.git_in(folder, &["push", "-q", "origin", &branch]).ok();
                assert_eq!(pushed.stderr, "");
            });
        }
    });
    let origin = open(repo.at("../origin.git"));
    let found = origin.records().unwrap();
    assert_eq!((found.records.len(), found.faults), (30, vec![]));
    let tip = origin.find_commit_at(RECORDS).unwrap();
    assert_eq!(origin.store_faults(None, tip).unwrap(), []);
}

#[test]
fn a_push_that_is_killed_loses_nothing() {
    let repo = scene();
    open(repo.at("../origin.git"))
        .add_records(&lines(0..20))
        .unwrap();
    open(repo.folder()).add_records(&lines(10..40)).unwrap();
    for wait in [5, 10, 20, 40, 80, 160] {
        let mut command = repo.command(pdd_hooks(), repo.folder());
        let mut child = command.args(["evidence", "push"]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = child.kill();
        let _ = child.wait();
        let own = open(repo.folder()).list_records(None).unwrap().len();
        assert!(own >= 30, "{own}");
        assert!(there(&repo).len() >= 20);
    }
    let _ = repo.pdd(&["evidence", "push"]).ok();
    assert_eq!(there(&repo).len(), 40);
    let _ = repo.git(&["fsck", "--strict", "--no-dangling"]).ok();
}

#[test]
fn records_that_are_not_published_survive_every_fetch() {
    let repo = scene();
    let _ = repo.pdd(&["install"]).ok();
    let store = open(repo.folder());
    store.add_records(&lines(0..2)).unwrap();
    let origin = add_remote(&repo, "second");
    open(repo.at("../origin.git"))
        .add_records(&lines(5..6))
        .unwrap();
    open(&origin).add_records(&lines(6..7)).unwrap();
    let _ = repo.pdd(&["install"]).ok();
    for args in [
        &["fetch", "-q", "--all", "--prune"][..],
        &["fetch", "-q"],
        &["pull", "-q", "origin", "main"],
        &["pack-refs", "--all"],
        &["gc", "-q", "--prune=now"],
    ] {
        let _ = repo.git(args).ok();
    }
    assert_eq!(open(repo.folder()).list_records(None).unwrap().len(), 4);
    assert_eq!(super::here(&repo).len(), 2);
    let fetched = repo.pdd(&["evidence", "fetch"]).ok();
    assert_eq!(fetched.stdout, "fetched 1 record from origin\n");
    assert_eq!(super::here(&repo).len(), 3);
}

//! The union of two stores, in every form of repository that the git on PATH can make.

use std::collections::BTreeSet;

use pdd_hooks::git::{Oid, RECORDS, Repository};
use proptest::prelude::*;

use super::{lines, open};
use crate::support::Repo;

fn forms() -> Vec<Repo> {
    let forms: [&[&str]; 4] = [
        &[],
        &["--object-format=sha256"],
        &["--ref-format=reftable"],
        &["--ref-format=reftable", "--object-format=sha256"],
    ];
    let made = forms.iter().filter_map(|form| {
        let repo = Repo::bare_folder();
        let args = [&["init", "-q", "-b", "main"], *form].concat();
        // A git before 2.45 knows no reftables.
        (repo.git(&args).code() == 0).then_some(repo)
    });
    made.collect()
}

fn tip(repository: &Repository) -> Oid {
    repository.find_commit_at(RECORDS).unwrap().unwrap()
}

fn tree(repo: &Repo, reference: &str) -> String {
    repo.ask(&["rev-parse", &format!("{reference}^{{tree}}")])
}

/// Makes a store of its own history of these records under another name, and returns its tip.
fn other(repo: &Repo, name: &str, numbers: &BTreeSet<usize>) -> Oid {
    let _ = repo.git(&["update-ref", "-d", RECORDS]).ok();
    for &number in numbers {
        open(repo.folder())
            .add_records(&lines(number..number + 1))
            .unwrap();
    }
    let tip = tip(&open(repo.folder()));
    let _ = repo.git(&["update-ref", name, RECORDS]).ok();
    tip
}

/// Begins at the first and takes the others in, in turn.
fn united(repo: &Repo, order: &[Oid]) -> String {
    let _ = repo
        .git(&["update-ref", RECORDS, &order[0].to_string()])
        .ok();
    for &other in &order[1..] {
        open(repo.folder()).union_records(other).unwrap();
    }
    tree(repo, RECORDS)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn the_union_is_the_same_in_any_order_and_any_number_of_times(
        a in proptest::collection::btree_set(0usize..12, 1..5),
        b in proptest::collection::btree_set(0usize..12, 1..5),
        c in proptest::collection::btree_set(0usize..12, 1..5),
    ) {
        let repo = Repo::new();
        let [a_tip, b_tip, c_tip] = [("a", &a), ("b", &b), ("c", &c)]
            .map(|(name, numbers)| other(&repo, &format!("refs/pdd/x/{name}"), numbers));
        let all: BTreeSet<usize> = a.iter().chain(&b).chain(&c).copied().collect();
        other(&repo, "refs/pdd/x/all", &all);
        let expected = tree(&repo, "refs/pdd/x/all");
        for order in [
            vec![a_tip, b_tip, c_tip],
            vec![c_tip, a_tip, b_tip],
            vec![b_tip, a_tip, a_tip, c_tip, b_tip],
        ] {
            prop_assert_eq!(&united(&repo, &order), &expected);
        }
        // First two of them together, then the third.
        united(&repo, &[b_tip, c_tip]);
        let both = tip(&open(repo.folder()));
        prop_assert_eq!(&united(&repo, &[a_tip, both]), &expected);
    }
}

#[test]
fn two_stores_become_one_after_both() {
    for repo in forms() {
        let ours = other(&repo, "refs/pdd/x/a", &BTreeSet::from([1, 2]));
        let theirs = other(&repo, "refs/pdd/x/b", &BTreeSet::from([2, 3, 4]));
        let _ = repo.git(&["update-ref", RECORDS, &ours.to_string()]).ok();
        assert_eq!(open(repo.folder()).union_records(theirs).unwrap(), 2);
        let parents = repo.ask(&["log", "-1", "--format=%P", RECORDS]);
        assert_eq!(parents, format!("{ours} {theirs}"));
        assert_eq!(open(repo.folder()).records().unwrap().records.len(), 4);
        let united = tip(&open(repo.folder()));
        assert_eq!(open(repo.folder()).union_records(theirs).unwrap(), 0);
        assert_eq!(tip(&open(repo.folder())), united);
        // Who holds less goes forward to who holds all.
        let _ = repo.git(&["update-ref", RECORDS, &theirs.to_string()]).ok();
        assert_eq!(open(repo.folder()).union_records(united).unwrap(), 1);
        assert_eq!(tip(&open(repo.folder())), united);
        let _ = repo.git(&["fsck", "--strict", "--no-dangling"]).ok();
    }
}

#[test]
fn readers_see_what_was_fetched_beside_what_is_their_own() {
    for repo in forms() {
        other(
            &repo,
            "refs/pdd/remotes/origin/evidence",
            &BTreeSet::from([1, 2]),
        );
        other(
            &repo,
            "refs/pdd/remotes/a/b/evidence",
            &BTreeSet::from([2, 3]),
        );
        other(
            &repo,
            "refs/pdd/remotes/a/b/evidence-old",
            &BTreeSet::from([7]),
        );
        other(&repo, "refs/pdd/x/own", &BTreeSet::from([4]));
        let repository = open(repo.folder());
        let listed = repository.list_records(None).unwrap();
        let names: Vec<String> = listed.into_iter().map(|one| one.name).collect();
        let mut expected: Vec<String> = lines(1..5)
            .iter()
            .map(|line| pdd_hooks::evidence::envelope::name(line))
            .collect();
        expected.sort();
        assert_eq!(names, expected);
        for (name, line) in repository.records().unwrap().records {
            assert!(repository.lists_record(&name).unwrap());
            assert_eq!(repository.find_record(None, &name).unwrap(), Some(line));
        }
        let own = repository.list_records(Some(tip(&repository))).unwrap();
        assert_eq!(own.len(), 1);
    }
}

#[test]
fn a_store_that_lost_records_gets_them_back_and_one_that_is_none_is_not_taken() {
    let repo = Repo::new();
    let repository = open(repo.folder());
    repository.add_records(&lines(0..3)).unwrap();
    let whole = tree(&repo, RECORDS);
    // On top of ours, by hand: two of the three are gone.
    other(&repo, "refs/pdd/x/less", &BTreeSet::from([0]));
    let less = tree(&repo, "refs/pdd/x/less");
    let _ = repo.git(&["update-ref", "-d", RECORDS]).ok();
    repository.add_records(&lines(0..3)).unwrap();
    let own = tip(&repository);
    let lost = repo.ask(&["commit-tree", "-p", RECORDS, "-m", "lost", &less]);
    let error = repository.union_records(lost.parse().unwrap()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("could not unite `refs/pdd/evidence` with the other store, which loses `"),
        "{error}"
    );
    assert_eq!((tip(&repository), tree(&repo, RECORDS)), (own, whole));
}

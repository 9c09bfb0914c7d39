//! The policy rule on hand-built changes and landings.

use super::*;
use crate::change::{Approvals, ApprovedStep, Moment, SignersState};
use crate::id::BlobId;
use crate::rules::sample::{change, id, landing, said};

fn step(before: u64, after: PolicyNumber) -> PolicyMove {
    PolicyMove {
        files: vec![(FILE.into(), Class::Policy, Some(BlobId::new("b")))],
        before: vec![PolicyNumber::Number(before)],
        after,
        signers: None,
        is_adoption: false,
        beside: Vec::new(),
    }
}

fn judged(policy: Option<PolicyMove>) -> Vec<String> {
    said(&check_change(
        &Change { policy, ..change() },
        &Policy::default(),
    ))
}

fn approved(step: PolicyMove, named: &[(&str, &str)]) -> Landing {
    let named = named.iter();
    let named = named.map(|(path, blob)| ((*path).to_owned(), Some(BlobId::new(*blob))));
    let mut main = landing("refs/heads/main", Some('a'), Some('b'), Moment::Push);
    main.approval = ApprovalState::Known(Box::new(Approvals {
        signers: SignersState::Listed(vec!["ann@example.org".into()]),
        steps: vec![ApprovedStep {
            from: id('a'),
            to: id('b'),
            by: Vec::new(),
            is_replayed: false,
            is_bootstrap: false,
            is_squash: false,
            named: named.collect(),
            waivers: Vec::new(),
            policy: Some(step),
        }],
        open: None,
    }));
    main
}

fn landed(landing: &Landing) -> Vec<String> {
    said(&check_landing(landing, &Policy::default()))
}

#[test]
fn a_change_that_leaves_the_policy_alone_passes() {
    assert_eq!(judged(None), [""; 0]);
}

#[test]
fn the_number_rises() {
    assert_eq!(judged(Some(step(3, PolicyNumber::Number(4)))), [""; 0]);
    assert_eq!(
        judged(Some(step(3, PolicyNumber::Number(3)))),
        [
            "`.pdd.toml` changes, and `policy` stays at 3, as in the base (.pdd.toml); set `policy = 4` in `.pdd.toml`"
        ]
    );
    assert_eq!(
        judged(Some(step(3, PolicyNumber::Number(2)))),
        [
            "`policy` would go back from 3, as in the base, to 2 (.pdd.toml); set `policy = 4` in `.pdd.toml`"
        ]
    );
}

#[test]
fn of_several_parents_the_highest_number_counts() {
    let mut merge = step(3, PolicyNumber::Number(5));
    merge.before.push(PolicyNumber::Number(5));
    assert_eq!(
        judged(Some(merge)),
        [
            "`.pdd.toml` changes, and `policy` stays at 5, as in the base (.pdd.toml); set `policy = 6` in `.pdd.toml`"
        ]
    );
}

#[test]
fn the_policy_stays_and_stays_readable() {
    assert_eq!(
        judged(Some(step(3, PolicyNumber::Absent))),
        [
            "`.pdd.toml` would be gone (.pdd.toml); the policy stays: to ask for less, switch rules off in it and raise its number"
        ]
    );
    assert_eq!(
        judged(Some(step(3, PolicyNumber::Unreadable("line 1".into())))),
        [
            "`.pdd.toml` cannot be read: line 1 (.pdd.toml); mend it; `pdd-hooks schema` describes every key"
        ]
    );
}

#[test]
fn a_broken_policy_may_be_mended_and_harness_needs_no_number() {
    let mut mended = step(0, PolicyNumber::Number(3));
    mended.before = vec![PolicyNumber::Unreadable("line 1".into())];
    assert_eq!(judged(Some(mended)), [""; 0]);
    let mut harness = step(3, PolicyNumber::Number(3));
    harness.files = vec![("conftest.py".into(), Class::Harness, None)];
    assert_eq!(judged(Some(harness)), [""; 0]);
}

#[test]
fn those_who_must_approve_stay_listed() {
    let mut gone = step(3, PolicyNumber::Number(4));
    gone.signers = Some("the signers file `x` would be missing".into());
    assert_eq!(
        judged(Some(gone)),
        [
            "the signers file `x` would be missing; keep a line for each who may approve; `approval.signers` names the file, `approval.required` how many must"
        ]
    );
}

#[test]
fn an_adoption_brings_nothing_else() {
    let mut adoption = step(0, PolicyNumber::Number(1));
    (adoption.is_adoption, adoption.before) = (true, Vec::new());
    assert_eq!(judged(Some(adoption.clone())), [""; 0]);
    adoption.beside = vec!["src/a.rs".into(), "src/b.rs".into()];
    assert_eq!(
        judged(Some(adoption)),
        [
            "the adoption changes `src/a.rs`, which is neither policy, harness, record nor docs (src/a.rs); commit it apart from the adoption, before it or on a work branch after it"
        ]
    );
}

#[test]
fn an_approval_names_what_changes_with_what_it_holds() {
    let rising = || step(3, PolicyNumber::Number(4));
    assert_eq!(landed(&approved(rising(), &[(FILE, "b")])), [""; 0]);
    let want = [
        "`.pdd.toml`, which belongs to the policy, would change on `main`, and the approval does not name it (.pdd.toml); pdd-hooks approve <branch> --into main --policy",
    ];
    assert_eq!(landed(&approved(rising(), &[])), want);
    assert_eq!(landed(&approved(rising(), &[(FILE, "c")])), want);
    let mut harness = step(3, PolicyNumber::Number(3));
    harness.files = vec![("conftest.py".into(), Class::Harness, None)];
    assert_eq!(
        landed(&approved(harness, &[])),
        [
            "`conftest.py`, which decides how the checks run, would change on `main`, and the approval does not name it (conftest.py); pdd-hooks approve <branch> --into main --policy"
        ]
    );
}

#[test]
fn without_approval_the_number_is_asked_for_all_the_same() {
    let mut main = landing("refs/heads/main", Some('a'), Some('b'), Moment::Push);
    main.policy = Some(step(3, PolicyNumber::Number(2)));
    assert_eq!(
        landed(&main),
        [
            "`policy` would go back from 3, as in `main`, to 2 (.pdd.toml); set `policy = 4` in `.pdd.toml`"
        ]
    );
}

//! `validate` signs what was recorded here before there was a key, without running a check again.

use pdd_hooks::evidence::signers::Namespace;

use crate::support::Repo;

fn signed(repo: &Repo) -> Vec<Vec<String>> {
    let mut signed = repo.signers_of_validations(Namespace::Evidence);
    signed.sort();
    signed
}

#[test]
fn a_record_without_a_signature_is_given_one_as_soon_as_there_is_a_key() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    let runs = repo.runs();
    assert!(signed(&repo).iter().all(Vec::is_empty));
    let before = signed(&repo).len();
    let ann = repo.key("ann");
    repo.sign_with(&ann);
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    let now = signed(&repo);
    assert_eq!(now.len(), before + 1);
    assert_eq!(now.last().unwrap(), &[ann.fingerprint]);
    assert_eq!(repo.runs(), runs);
}

#[test]
fn what_the_key_has_signed_is_not_signed_again_and_another_key_signs_anew() {
    let mut repo = Repo::checked("");
    let (ann, bob) = (repo.key("ann"), repo.key("bob"));
    repo.watch_ssh_keygen();
    repo.sign_with(&ann);
    repo.validated_step("one");
    let (count, runs) = (signed(&repo).len(), repo.runs());
    let started = repo.ssh_keygens();
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    assert_eq!((signed(&repo).len(), repo.ssh_keygens()), (count, started));
    repo.sign_with(&bob);
    for _ in 0..2 {
        let _ = repo.pdd(&["validate", "HEAD"]).ok();
        assert_eq!(
            (signed(&repo).len(), repo.ssh_keygens()),
            (count + 1, started + 1)
        );
    }
    assert!(signed(&repo).contains(&vec![bob.fingerprint]));
    assert_eq!(repo.runs(), runs);
}

#[test]
fn a_whole_range_is_signed_by_one_ssh_keygen() {
    let mut repo = Repo::checked("");
    // PATH is part of what a cached pass holds for.
    repo.watch_ssh_keygen();
    for name in ["one", "two", "three"] {
        repo.validated_step(name);
    }
    let ann = repo.key("ann");
    repo.sign_with(&ann);
    let (runs, started) = (repo.runs(), repo.ssh_keygens());
    let _ = repo.pdd(&["validate", "main..HEAD"]).ok();
    let by_ann = signed(&repo).into_iter().filter(|by| !by.is_empty());
    assert_eq!(by_ann.collect::<Vec<_>>(), vec![vec![ann.fingerprint]; 3]);
    assert_eq!((repo.runs(), repo.ssh_keygens()), (runs, started + 1));
}

#[test]
fn what_others_recorded_is_theirs_to_sign() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    // As it is in a clone that fetched the record.
    std::fs::remove_file(repo.at(".git/pdd/made")).unwrap();
    repo.sign_with(&repo.key("ann"));
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    assert!(signed(&repo).iter().all(Vec::is_empty));
}

#[test]
fn a_machine_signs_as_one_where_its_configuration_says_so() {
    let repo = Repo::checked("");
    let ci = repo.key("ci");
    repo.sign_with(&ci);
    let _ = repo.git(&["config", "pdd.signer", "runner"]).ok();
    repo.validated_step("one");
    assert_eq!(
        repo.signers_of_validations(Namespace::Runner),
        [[ci.fingerprint]]
    );
    assert!(signed(&repo).iter().all(Vec::is_empty));
}

//! Red proofs that are made again from the objects.

use pdd_hooks::change::{Seen, TestVerdict};
use pdd_hooks::evidence::statement::Predicate;

use super::{findings, forge};
use crate::red::scene::{DO, SUB, SUB_PATH, TEST_SUB, package};

const RANGE: [&str; 2] = ["check", "main..HEAD"];

#[test]
fn a_record_of_a_red_proof_that_lies_changes_nothing_for_a_run() {
    let repo = package();
    repo.stage("app.py", SUB);
    repo.stage(
        SUB_PATH,
        "import app\n\n\ndef test_nothing():\n    assert app\n",
    );
    let _ = repo.git(&["commit", "-q", "-n", "-m", DO]).ok();
    let said = repo.pdd(&["validate", "main..HEAD"]);
    assert_eq!(said.code(), 1, "{}", said.text());
    let unproven = findings(&repo.pdd(&RANGE).stdout);
    assert_eq!(unproven.len(), 1, "{unproven:?}");
    assert!(unproven[0].starts_with("PDD009: "), "{unproven:?}");
    forge(repo.folder(), None, |mut statement| {
        let Predicate::RedGreen(proof) = &mut statement.predicate else {
            return None;
        };
        proof.time = "2199-01-01T00:00:00Z".into();
        for test in &mut proof.proof.tests {
            test.without = Seen::Failed;
            test.throwing = Some(Seen::Failed);
            test.verdict = TestVerdict::Proven;
        }
        Some(statement)
    });
    let believed = repo.pdd(&RANGE);
    assert_eq!(believed.code(), 0, "{}", believed.text());
    let said = repo.pdd(&[&RANGE[..], &["--recompute"]].concat());
    assert_eq!(said.code(), 1, "{}", said.text());
    assert_eq!(findings(&said.stdout), unproven, "{}", said.text());
}

#[test]
fn seals_are_made_again_and_source_turns_them_green() {
    let repo = package();
    repo.ask_for_sub();
    let _ = repo.put("app.py", SUB, DO).ok();
    let _ = repo.git(&["update-ref", "-d", "refs/pdd/evidence"]).ok();
    let args = [&RANGE[..], &["--recompute"]].concat();
    let said = repo.pdd(&args);
    assert_eq!(said.code(), 0, "{}", said.text());
    assert_eq!(repo.git(&["show-ref", "refs/pdd/evidence"]).code(), 1);
}

#[test]
fn a_seal_that_was_broken_is_found_without_its_record() {
    let repo = package();
    repo.ask_for_sub();
    repo.stage("app.py", SUB);
    repo.stage(SUB_PATH, &TEST_SUB.replace("== 2", "== 2 or True"));
    let _ = repo.git(&["commit", "-q", "-n", "-m", DO]).ok();
    let _ = repo.git(&["update-ref", "-d", "refs/pdd/evidence"]).ok();
    let args = [&RANGE[..], &["--recompute"]].concat();
    let said = repo.pdd(&args);
    let found = findings(&said.stdout);
    assert_eq!(said.code(), 1, "{}", said.text());
    assert!(
        found
            .iter()
            .any(|one| one.starts_with("PDD009: ") && one.contains(SUB_PATH)),
        "{found:?}"
    );
}

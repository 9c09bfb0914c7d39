//! What a change must keep: what QA sealed, and the tests that were there.

use super::*;

/// A test of the base with this fate, and what it said.
pub(super) fn old(fate: Fate, said: Option<&str>) -> OldTest {
    OldTest {
        check: "tests".into(),
        id: ID.into(),
        file: Some(FILE.into()),
        fate,
        said: said.map(str::to_owned),
    }
}

#[test]
fn a_broken_seal_refuses_source_of_any_type_and_says_what_was_sealed() {
    let blob = |digit: &str| Some(BlobId::new(digit.repeat(40)));
    let seal = |sealed, found, test: Option<&str>| BrokenSeal {
        path: FILE.into(),
        sealed,
        found,
        test: test.map(str::to_owned),
    };
    let anew = "have QA seal it anew, by `pdd-hooks red` or a commit of tests alone";
    let back = format!(
        "leave it as it was: git cat-file blob {} > {FILE}; or {anew}",
        "6".repeat(40)
    );
    for (seal, expected) in [
        (
            seal(blob("6"), blob("7"), None),
            format!("`{FILE}` is not as QA sealed it ({FILE}); {back}"),
        ),
        (
            seal(blob("6"), None, None),
            format!(
                "`{FILE}` is sealed, and is not in this change ({FILE}); leave it as it was: git cat-file blob {} > {FILE}; or have QA take it back: pdd-hooks red",
                "6".repeat(40)
            ),
        ),
        (
            seal(None, blob("7"), None),
            format!(
                "`{FILE}` was taken away by QA, and is back ({FILE}); take it away, or have QA seal it anew"
            ),
        ),
        (
            seal(None, None, Some(ID)),
            format!(
                "the sealed test `{ID}` does not say what it said ({FILE}); leave it as it was, or {anew}"
            ),
        ),
    ] {
        let broken = RedProof {
            broken: vec![seal],
            ..proven()
        };
        assert_eq!(judged(broken.clone(), FEAT), [expected.as_str()]);
        assert_eq!(judged(broken.clone(), REFACTOR), [expected.as_str()]);
        let tests_alone = RedProof {
            sources: Vec::new(),
            ..broken
        };
        assert_eq!(judged(tests_alone, "test: rank [TASK-007]"), [""; 0]);
    }
}

#[test]
fn a_sealed_test_that_is_not_green_refuses_source_of_any_type() {
    let sealed = |with: Seen, verdict| RedTest {
        is_sealed: true,
        with,
        ..red(verdict)
    };
    let words = |state: &str| {
        format!(
            "the sealed test `{ID}` must pass, and {state} ({FILE}:4); commit the source that turns it green; a sealed test that is wrong, QA seals anew"
        )
    };
    for (with, state) in [
        (Seen::Failed, "fails"),
        (Seen::Skipped, "is skipped"),
        (Seen::Absent, "is in no report"),
        (Seen::TimedOut, "hangs"),
        (Seen::DoesNotLoad(Vec::new()), "does not load"),
    ] {
        let tests = [red(TestVerdict::Proven), sealed(with, TestVerdict::NoProof)];
        let proof = proof(&tests, &[("rank", true)]);
        assert_eq!(judged(proof.clone(), REFACTOR), [words(state)]);
        assert_eq!(judged(proof, FEAT), [words(state)]);
    }
    // One that passes now and then says so once.
    let unstable = proof(
        &[sealed(Seen::Unstable, TestVerdict::Unstable)],
        &[("rank", true)],
    );
    let found = judged(unstable, FEAT);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("is unstable"), "{found:?}");
}

#[test]
fn a_test_that_is_lost_refuses_source_of_any_type() {
    let anew = "have its new text fail without this change";
    let keep = "keep what it asks for, or change what it expects so that the new text fails without this change";
    let said = Some("assert 1 == 2");
    for (fate, said, expected) in [
        (
            Fate::Deleted,
            None,
            "is deleted, and still passes on the new source (FILE); leave it; a test that is not wanted any more goes in a commit of tests alone",
        ),
        (
            Fate::DeletedFailing,
            said,
            &format!("is deleted, and fails on the new source: assert 1 == 2 (FILE); {keep}"),
        ),
        (
            Fate::Skipped,
            None,
            "is skipped now, and still passes on the new source (FILE); let it run",
        ),
        (
            Fate::SkippedFailing,
            said,
            &format!("is skipped now, and fails on the new source: assert 1 == 2 (FILE); {keep}"),
        ),
        (
            Fate::Emptied,
            None,
            "asserts nothing any more (FILE); leave its assertions, or change what they expect",
        ),
        (
            Fate::Focused,
            None,
            "keeps the other tests of its file from running (FILE); take `only` out of it",
        ),
        (
            Fate::Gone,
            None,
            "passed before, and no run reports it any more (FILE); look for what leaves it out: the runner's options, a name, a file that is not collected",
        ),
        (
            Fate::Adapted,
            said,
            &format!(
                "was changed; as it was it fails on the new source: assert 1 == 2, and its new text proves nothing (FILE); keep what it asked for, or {anew}"
            ),
        ),
    ] {
        let expected = format!("`{ID}` {}", expected.replace("FILE", FILE));
        let lost = RedProof {
            existing: vec![old(fate, said)],
            ..proven()
        };
        assert_eq!(judged(lost.clone(), FEAT), [expected.as_str()]);
        assert_eq!(judged(lost, REFACTOR), [expected.as_str()]);
    }
}

#[test]
fn a_sealed_test_whose_goal_is_moved_refuses_source_of_any_type() {
    let help = format!("leave `{FILE}` as it was, or have QA seal anew");
    for (said, without) in [
        (None, ""),
        (Some("assert -2 == 2"), "; without it: assert -2 == 2"),
    ] {
        let moved = RedProof {
            existing: vec![old(Fate::GoalMoved, said)],
            ..proven()
        };
        let expected = format!(
            "the sealed test `{ID}` passes only with what the change did to the tests around it{without} ({FILE}); {help}"
        );
        assert_eq!(judged(moved.clone(), FEAT), [expected.as_str()]);
        assert_eq!(judged(moved, REFACTOR), [expected.as_str()]);
    }
}

#[test]
fn a_changed_expectation_and_a_removed_name_refuse_nothing() {
    for fate in [Fate::ExpectationChanged, Fate::NameRemoved] {
        let lost = RedProof {
            existing: vec![old(fate, None)],
            ..proven()
        };
        assert_eq!(judged(lost, FEAT), [""; 0], "{fate:?}");
    }
}

#[test]
fn tests_alone_lose_nothing_but_what_no_run_reports() {
    let lost = |fate| RedProof {
        existing: vec![old(fate, None)],
        ..RedProof::default()
    };
    let test = "test: tidy [TASK-007]";
    for fate in [Fate::Deleted, Fate::Skipped, Fate::Emptied, Fate::Adapted] {
        assert_eq!(judged(lost(fate), test), [""; 0], "{fate:?}");
    }
    assert_eq!(judged(lost(Fate::Gone), test).len(), 1);
}

#[test]
fn what_breaks_a_seal_is_not_told_to_write_another_test() {
    let skipped = RedTest {
        is_sealed: true,
        without: Seen::Skipped,
        with: Seen::Skipped,
        ..red(TestVerdict::NoProof)
    };
    let proof = proof(&[skipped], &[("rank", false)]);
    let found = judged(proof.clone(), FEAT);
    assert_eq!(found.len(), 1, "{found:?}");
    let deleted = RedProof {
        broken: vec![BrokenSeal {
            path: FILE.into(),
            sealed: None,
            found: None,
            test: Some(ID.into()),
        }],
        ..proof
    };
    let found = judged(deleted, FEAT);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|one| one.contains("sealed")), "{found:?}");
}

#[test]
fn a_test_that_was_emptied_is_told_of_once() {
    let emptied = RedTest {
        without: Seen::Passed,
        ..red(TestVerdict::Unproven)
    };
    let proof = RedProof {
        existing: vec![old(Fate::Emptied, None)],
        ..proof(
            &[
                RedTest {
                    id: "other".into(),
                    ..red(TestVerdict::Proven)
                },
                emptied,
            ],
            &[("rank", true)],
        )
    };
    let found = judged(proof, FEAT);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("asserts nothing any more"), "{found:?}");
}

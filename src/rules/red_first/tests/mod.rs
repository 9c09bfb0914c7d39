//! PDD009 over hand-built proofs: which refuse, and in which words.

mod kept;

use super::*;
use crate::change::{
    BrokenSeal, ChangedFunction, ChangedSource, Fate, Landing, Moment, OldTest, Status, TaskWork,
};
use crate::id::{BlobId, TaskId};
use crate::rules::sample::{change, id, landing, merge, message, path, revert, said};

const FEAT: &str = "feat: rank [TASK-007]";
const REFACTOR: &str = "refactor: rank [TASK-007]";
const ID: &str = "tests/test_rank.py::test_ranks";
const FILE: &str = "tests/test_rank.py";

/// What the finding says to do where no test counts.
const WRITE: &str = "write the test that fails without it; a change that no test here can show (another system, a faster way) is no `feat` or `fix`: take the type that fits, as `perf`, `refactor` or `chore`";

fn policy(more: &str) -> Policy {
    Policy::parse(more, "x").unwrap()
}

/// A test that fails without the source and passes with it.
fn red(verdict: TestVerdict) -> RedTest {
    RedTest {
        check: "tests".into(),
        id: ID.into(),
        file: Some(FILE.into()),
        line: Some(4),
        is_sealed: false,
        without: Seen::Failed,
        throwing: None,
        empty: None,
        with: Seen::Passed,
        verdict,
        said: None,
    }
}

/// A proof by these tests of one source file, whose functions are proven or not.
fn proof(tests: &[RedTest], functions: &[(&str, bool)]) -> RedProof {
    let one = |(at, (name, is_proven)): (usize, &(&str, bool))| ChangedFunction {
        name: (*name).to_owned(),
        line: 10 * (at + 1),
        is_proven: *is_proven,
    };
    RedProof {
        tests: tests.to_vec(),
        sources: vec![ChangedSource {
            path: "src/search.py".into(),
            functions: functions.iter().enumerate().map(one).collect(),
            beyond_stubs: false,
            is_hidden: false,
        }],
        ..RedProof::default()
    }
}

fn proven() -> RedProof {
    proof(&[red(TestVerdict::Proven)], &[("rank", true)])
}

fn known(proof: RedProof) -> Change {
    Change {
        red: RedFirst::Known(Box::new(proof)),
        ..change()
    }
}

/// What is said of a proof under a message, with these settings.
fn judged_with(proof: RedProof, subject: &str, settings: &str) -> Vec<String> {
    said(&check_change(
        &known(proof),
        &message(subject),
        &policy(settings),
    ))
}

fn judged(proof: RedProof, subject: &str) -> Vec<String> {
    judged_with(proof, subject, "")
}

#[test]
fn a_proven_test_is_enough_and_a_weak_one_where_the_policy_takes_it() {
    assert_eq!(judged(proven(), FEAT), [""; 0]);
    let weak = || proof(&[red(TestVerdict::Weak)], &[("rank", false)]);
    assert_eq!(judged(weak(), FEAT), [""; 0]);
    assert_eq!(
        judged_with(weak(), FEAT, "red.weak = 'refuse'"),
        [format!(
            "the proof is weak, and `red.weak` is `refuse`: `{ID}` would pass with functions that do nothing, or no stub reaches the change; look at what the function returns or changes, not only that it is called"
        )]
    );
    assert_eq!(judged_with(proven(), FEAT, "red.weak = 'refuse'"), [""; 0]);
}

#[test]
fn a_function_that_fails_no_test_refuses_where_the_policy_says_so() {
    let proof = |functions: &[(&str, bool)]| proof(&[red(TestVerdict::Proven)], functions);
    let judged =
        |functions: &[(&str, bool)]| judged_with(proof(functions), FEAT, "red.partial = 'refuse'");
    let help = "write a test that fails without each of them";
    assert_eq!(judged(&[("rank", true)]), [""; 0]);
    assert_eq!(
        judged(&[("rank", true), ("sort", false)]),
        [format!(
            "the proof is partial, and `red.partial` is `refuse`: 1 of 2 changed functions fail a test, `sort` does not (src/search.py:20); {help}"
        )]
    );
    assert_eq!(
        judged(&[("rank", true), ("sort", false), ("cut", false)]),
        [format!(
            "the proof is partial, and `red.partial` is `refuse`: 1 of 3 changed functions fail a test, `sort` and 1 more do not (src/search.py:20); {help}"
        )]
    );
    assert_eq!(
        judged_with(proof(&[("rank", true), ("sort", false)]), FEAT, ""),
        [""; 0]
    );
}

#[test]
fn no_proof_at_all_names_what_became_of_each_test() {
    let rank = || [("rank", false)];
    assert_eq!(
        judged(proof(&[], &rank()), FEAT),
        [format!(
            "no test failed before this change: the change brings no test; {WRITE}"
        )]
    );
    let skipped = RedTest {
        without: Seen::Skipped,
        with: Seen::Skipped,
        ..red(TestVerdict::NoProof)
    };
    let missing = RedTest {
        id: "b".into(),
        without: Seen::EnvironmentError("No module named 'numpy'".into()),
        ..red(TestVerdict::EnvironmentError)
    };
    let absent = RedTest {
        id: "c".into(),
        without: Seen::Absent,
        ..red(TestVerdict::NoProof)
    };
    let fourth = RedTest {
        id: "d".into(),
        ..absent.clone()
    };
    assert_eq!(
        judged(proof(&[skipped, missing, absent, fourth], &rank()), FEAT),
        [format!(
            "no test failed before this change: `{ID}` is skipped before, is skipped after; `b` cannot be run (environment-error: No module named 'numpy') before, passes after; `c` is in no report before, passes after; and 1 more; {WRITE}; the output: pdd-hooks red --show '{ID}'"
        )]
    );
}

#[test]
fn a_test_that_proves_nothing_refuses_beside_one_that_does() {
    let beside = |test: RedTest| {
        let tests = [red(TestVerdict::Proven), test];
        judged(proof(&tests, &[("rank", true)]), FEAT)
    };
    let vacuous = RedTest {
        without: Seen::Passed,
        ..red(TestVerdict::Unproven)
    };
    let show = format!("its output: pdd-hooks red --show '{ID}'");
    assert_eq!(
        beside(vacuous),
        [format!(
            "`{ID}` passes without this change as well as with it ({FILE}:4); let it ask for what the change does, or commit it apart, as `test`; {show}"
        )]
    );
    let unmoved = RedTest {
        without: Seen::DoesNotLoad(vec!["rank".into()]),
        ..red(TestVerdict::Unproven)
    };
    assert_eq!(
        beside(unmoved),
        [format!(
            "`{ID}` passes although every changed function throws: does not load for want of `rank` before, passes after ({FILE}:4); have it call what the change adds, and look at what comes of it; {show}"
        )]
    );
    for (without, with, side) in [
        (Seen::Failed, Seen::Unstable, "on this very tree"),
        (Seen::Unstable, Seen::Passed, "without the change"),
    ] {
        let unstable = RedTest {
            without,
            with,
            ..red(TestVerdict::Unstable)
        };
        assert_eq!(
            beside(unstable),
            [format!(
                "`{ID}` is unstable: it passed and failed {side} ({FILE}:4); take out what differs from run to run: time, order, network, what another run left; {show}"
            )]
        );
    }
    assert_eq!(beside(red(TestVerdict::NoProof)), [""; 0]);
    assert_eq!(beside(red(TestVerdict::EnvironmentError)), [""; 0]);
}

#[test]
fn the_message_s_type_says_whether_a_proof_is_asked_for() {
    let nothing = || proof(&[], &[("rank", false)]);
    for (subject, settings, is_refused) in [
        (FEAT, "", true),
        ("fix(app)!: rank [TASK-007]", "", true),
        (REFACTOR, "", false),
        ("refactor(feat): rank [TASK-007]", "", false),
        ("fixup! feat: rank [TASK-007]", "", true),
        ("fixup! squash! refactor: rank [TASK-007]", "", false),
        // One of no known type may be anything.
        ("feature: rank [TASK-007]", "", true),
        ("rank [TASK-007]", "", true),
        (REFACTOR, "red.types = ['refactor']", true),
        (FEAT, "red.types = ['refactor']", false),
        (FEAT, "red.types = []", false),
    ] {
        let found = judged_with(nothing(), subject, settings);
        assert_eq!(found.len(), usize::from(is_refused), "{subject} {settings}");
    }
    // Nor is it asked for where no source changes.
    assert_eq!(judged(RedProof::default(), FEAT), [""; 0]);
}

#[test]
fn what_stands_elsewhere_is_judged_there() {
    let lost = RedProof {
        existing: vec![kept::old(Fate::Deleted, None)],
        ..proof(&[], &[("rank", false)])
    };
    let asked = |change: Change| {
        let red = RedFirst::Known(Box::new(lost.clone()));
        let change = Change { red, ..change };
        check_change(&change, &message(FEAT), &policy("")).len()
    };
    assert_eq!(asked(change()), 2);
    assert_eq!(asked(revert(FEAT)), 0);
    assert_eq!(asked(merge(&[])), 0);
    assert_eq!(asked(merge(&["src/search.py"])), 0);
    for kind in [Kind::Adoption, Kind::Replayed { of: id('4') }] {
        let change = Change { kind, ..change() };
        assert_eq!(asked(change), 0);
    }
}

#[test]
fn source_of_which_nothing_is_recorded_is_refused_with_the_command_that_proves_it() {
    let asked = |change: Change| said(&check_change(&change, &message(REFACTOR), &policy("")));
    let missing = || Change {
        red: RedFirst::Missing,
        ..change()
    };
    let words = "source changes, and nothing is recorded of what its tests say without it";
    assert_eq!(asked(missing()), [format!("{words}; pdd-hooks validate")]);
    let committed = Change {
        place: Place::Commit(id('5'), REFACTOR.into()),
        ..missing()
    };
    assert_eq!(
        asked(committed),
        [format!("{words}; pdd-hooks validate 555555555555")]
    );
    let tests_alone = Change {
        paths: vec![path(FILE, Class::Test, Status::Modified)],
        ..missing()
    };
    assert_eq!(
        asked(tests_alone),
        ["nothing is recorded of what became of the tests that were there; pdd-hooks validate"]
    );
    assert_eq!(asked(change()), [""; 0], "another moment decides");
}

#[test]
fn a_task_whose_source_was_never_red_does_not_land() {
    let work = |source: &str, is_proven, is_red_free| TaskWork {
        task: TaskId::new("TASK-007"),
        source: source.chars().map(id).collect(),
        is_proven,
        is_red_free,
    };
    let asked = |work: TaskWork| {
        let landing = Landing {
            tasks: vec![work],
            ..landing("refs/heads/main", Some('2'), Some('b'), Moment::Push)
        };
        said(&landing::check(&landing, &policy("")))
    };
    let help = "add the test that fails without it, as `feat` or `fix`; a task that needs none has another Type in the Tasklist before its source begins: `- **Type**: refactor` under TASK-007";
    assert_eq!(
        asked(work("b", false, false)),
        [format!(
            "`TASK-007` changes source in 1 commit (the first is bbbbbbbbbbbb), none of which has a red proof; {help}"
        )]
    );
    assert_eq!(
        asked(work("bc", false, false)),
        [format!(
            "`TASK-007` changes source in 2 commits (the first is bbbbbbbbbbbb), none of which has a red proof; {help}"
        )]
    );
    for work in [
        work("bc", true, false),
        work("b", false, true),
        work("", false, false),
    ] {
        assert_eq!(asked(work), [""; 0]);
    }
}

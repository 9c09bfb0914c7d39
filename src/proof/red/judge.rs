//! The table of PROOF.md, section 7: from what became of a test in each run to what it proves.

use crate::change::{Seen, TestVerdict};

/// What became of a test in each run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs<'s> {
    /// R.
    pub(super) without: &'s Seen,
    /// S0, where it says anything.
    pub(super) throwing: Option<&'s Seen>,
    /// S1, where it says anything.
    pub(super) empty: Option<&'s Seen>,
    /// T.
    pub(super) with: &'s Seen,
    /// Whether the test passes because something is thrown, whatever is thrown.
    pub(super) expects_throw: bool,
}

/// Says what a new, changed or sealed test proves.
pub(super) fn verdict(runs: Runs<'_>) -> TestVerdict {
    if matches!(runs.with, Seen::Unstable) || matches!(runs.without, Seen::Unstable) {
        return TestVerdict::Unstable;
    }
    if *runs.with != Seen::Passed {
        return TestVerdict::NoProof;
    }
    match runs.without {
        Seen::Passed => TestVerdict::Unproven,
        Seen::Skipped | Seen::Absent | Seen::Unstable => TestVerdict::NoProof,
        Seen::EnvironmentError(_) => TestVerdict::EnvironmentError,
        Seen::Failed | Seen::DoesNotLoad(_) | Seen::TimedOut => stubs(runs),
    }
}

/// What the stubs say of a test that is red without the source.
fn stubs(runs: Runs<'_>) -> TestVerdict {
    let is_red = |seen: Option<&Seen>| seen.is_some_and(Seen::is_red);
    let passes = |seen: Option<&Seen>| seen == Some(&Seen::Passed);
    if runs.throwing == Some(&Seen::Skipped) || runs.empty == Some(&Seen::Skipped) {
        return TestVerdict::NoProof;
    }
    if passes(runs.throwing) {
        // A test that something is thrown cannot tell the stub's throw from the one that it asks for; that an empty body
        // is not enough for it shows that it looks.
        return if runs.expects_throw && is_red(runs.empty) {
            TestVerdict::Weak
        } else {
            TestVerdict::Unproven
        };
    }
    match (is_red(runs.throwing), is_red(runs.empty)) {
        (true, true) => TestVerdict::Proven,
        // Where no empty body could be built, the throwing one decides.
        (true, false) if runs.empty.is_none() => TestVerdict::Proven,
        (false, true) => TestVerdict::Proven,
        _ => TestVerdict::Weak,
    }
}

/// Brings two runs on the same tree together. A test that ran in one of them alone is no more than it is in the other.
pub(super) fn both(first: Seen, second: &Seen) -> Seen {
    match (&first, second) {
        // What could not be asked says nothing of the test.
        (Seen::EnvironmentError(_), _) => first,
        (_, Seen::EnvironmentError(_)) => second.clone(),
        (Seen::Unstable, _) | (_, Seen::Unstable) => Seen::Unstable,
        (Seen::Absent | Seen::Skipped, _) => first,
        (_, Seen::Absent | Seen::Skipped) => second.clone(),
        _ if first.is_red() == second.is_red() => first,
        _ => Seen::Unstable,
    }
}

/// What a stub's run says; a module or runner that it keeps from loading, and a test that is not there, say nothing.
pub(super) fn heard(seen: Seen) -> Option<Seen> {
    match seen {
        Seen::Passed | Seen::Failed | Seen::TimedOut | Seen::Skipped => Some(seen),
        Seen::DoesNotLoad(_) | Seen::Absent | Seen::EnvironmentError(_) | Seen::Unstable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Seen = Seen::Failed;
    const GREEN: Seen = Seen::Passed;

    fn of(
        without: &Seen,
        throwing: Option<&Seen>,
        empty: Option<&Seen>,
        with: &Seen,
    ) -> TestVerdict {
        verdict(Runs {
            without,
            throwing,
            empty,
            with,
            expects_throw: false,
        })
    }

    #[test]
    fn a_test_is_proven_by_failing_without_the_source_and_with_either_stub() {
        assert_eq!(
            of(&RED, Some(&RED), Some(&RED), &GREEN),
            TestVerdict::Proven
        );
        let hangs = Seen::TimedOut;
        assert_eq!(
            of(&hangs, Some(&RED), Some(&hangs), &GREEN),
            TestVerdict::Proven
        );
        let missing = Seen::DoesNotLoad(vec!["new".into()]);
        assert_eq!(
            of(&missing, Some(&RED), Some(&RED), &GREEN),
            TestVerdict::Proven
        );
    }

    #[test]
    fn one_stub_decides_where_the_other_says_nothing() {
        assert_eq!(of(&RED, Some(&RED), None, &GREEN), TestVerdict::Proven);
        assert_eq!(of(&RED, None, Some(&RED), &GREEN), TestVerdict::Proven);
        assert_eq!(of(&RED, None, Some(&GREEN), &GREEN), TestVerdict::Weak);
        assert_eq!(of(&RED, None, None, &GREEN), TestVerdict::Weak);
    }

    #[test]
    fn a_test_that_shows_a_call_alone_is_weak() {
        assert_eq!(
            of(&RED, Some(&RED), Some(&GREEN), &GREEN),
            TestVerdict::Weak
        );
    }

    #[test]
    fn a_test_that_passes_without_the_source_or_its_bodies_is_unproven() {
        assert_eq!(of(&GREEN, None, None, &GREEN), TestVerdict::Unproven);
        assert_eq!(
            of(&GREEN, Some(&RED), Some(&RED), &GREEN),
            TestVerdict::Unproven
        );
        assert_eq!(
            of(&RED, Some(&GREEN), Some(&RED), &GREEN),
            TestVerdict::Unproven
        );
        assert_eq!(
            of(&RED, Some(&GREEN), Some(&GREEN), &GREEN),
            TestVerdict::Unproven
        );
    }

    #[test]
    fn a_test_that_something_is_thrown_is_weak_where_an_empty_body_is_not_enough() {
        let expects = |empty: &Seen| {
            verdict(Runs {
                without: &RED,
                throwing: Some(&GREEN),
                empty: Some(empty),
                with: &GREEN,
                expects_throw: true,
            })
        };
        assert_eq!(expects(&RED), TestVerdict::Weak);
        assert_eq!(expects(&GREEN), TestVerdict::Unproven);
    }

    #[test]
    fn what_did_not_run_proves_nothing() {
        for seen in [Seen::Skipped, Seen::Absent] {
            assert_eq!(
                of(&seen, Some(&RED), Some(&RED), &GREEN),
                TestVerdict::NoProof
            );
            assert_eq!(
                of(&RED, Some(&RED), Some(&RED), &seen),
                TestVerdict::NoProof
            );
        }
        let fault = Seen::EnvironmentError("no program".into());
        assert_eq!(
            of(&fault, Some(&RED), Some(&RED), &GREEN),
            TestVerdict::EnvironmentError
        );
        assert_eq!(
            of(&RED, Some(&Seen::Skipped), Some(&RED), &GREEN),
            TestVerdict::NoProof
        );
        assert_eq!(of(&RED, Some(&RED), Some(&RED), &RED), TestVerdict::NoProof);
    }

    #[test]
    fn runs_that_differ_are_unstable_whichever_came_first() {
        assert_eq!(both(GREEN, &RED), Seen::Unstable);
        assert_eq!(both(RED, &GREEN), Seen::Unstable);
        assert_eq!(both(RED, &Seen::TimedOut), RED);
        assert_eq!(both(GREEN, &GREEN), GREEN);
        assert_eq!(both(Seen::Unstable, &GREEN), Seen::Unstable);
        assert_eq!(
            of(&RED, Some(&RED), Some(&RED), &Seen::Unstable),
            TestVerdict::Unstable
        );
        assert_eq!(
            of(&Seen::Unstable, Some(&RED), Some(&RED), &GREEN),
            TestVerdict::Unstable
        );
    }

    #[test]
    fn a_test_that_did_not_run_again_is_not_there_and_not_unstable() {
        for seen in [Seen::Absent, Seen::Skipped] {
            assert_eq!(both(GREEN, &seen), seen);
            assert_eq!(both(seen.clone(), &GREEN), seen);
            assert_eq!(both(RED, &seen), seen);
        }
        let fault = Seen::EnvironmentError("no program".into());
        assert_eq!(both(Seen::Absent, &fault), fault);
    }
}

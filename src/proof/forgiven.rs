//! Which failures of a test check do not refuse: those that the base has too, and, in a change of tests alone, those of
//! the tests that it brings.

use super::report::{State, TestCase};
use super::scope::Scope;

/// What is known of the base's failures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Base {
    /// The tests that fail there.
    pub(super) failing: Vec<String>,
    /// Whether those that fail there were forgiven when it was validated.
    pub(super) is_stored: bool,
}

/// The failures of a run, told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Split<'t> {
    /// Those that do not refuse.
    pub(super) forgiven: Vec<&'t TestCase>,
    /// Those that do.
    pub(super) refused: Vec<&'t TestCase>,
}

/// `baseline`: what fails in the base too is forgiven.
pub(super) fn over_base<'t>(tests: &'t [TestCase], base: &Base) -> Split<'t> {
    split(tests, |test| base.failing.contains(&test.id))
}

/// A change of tests and support alone: a failing test is forgiven where it lies in a file of the change; where the
/// runner names no file, unless the base fails it as well, for then this change did not bring it. What was sealed
/// before stays so.
pub(super) fn sealed<'t>(tests: &'t [TestCase], scope: &Scope, base: &Base) -> Split<'t> {
    split(tests, |test| {
        let fails_in_base = base.failing.contains(&test.id);
        if fails_in_base {
            return base.is_stored || test.file.as_deref().is_some_and(|file| scope.touches(file));
        }
        test.file.as_deref().is_none_or(|file| scope.touches(file))
    })
}

/// Says whether the failures can be told apart without knowing the base.
pub(super) fn needs_base(tests: &[TestCase], scope: &Scope) -> bool {
    failing(tests).any(|test| test.file.as_deref().is_none_or(|file| !scope.touches(file)))
}

/// The tests that failed, in the report's order.
pub(super) fn failing(tests: &[TestCase]) -> impl Iterator<Item = &TestCase> {
    tests.iter().filter(|test| test.state == State::Failed)
}

fn split<'t>(tests: &'t [TestCase], is_forgiven: impl Fn(&TestCase) -> bool) -> Split<'t> {
    let (forgiven, refused) = failing(tests).partition(|test| is_forgiven(test));
    Split { forgiven, refused }
}

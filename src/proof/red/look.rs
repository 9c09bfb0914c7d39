//! Looking at some tests on a tree: the runs that it takes, and what became of each test.

use std::collections::BTreeSet;

use super::Bench;
use crate::change::Seen;
use crate::git::{Oid, Repository};
use crate::policy::CheckBlock;
use crate::proof::Error;
use crate::proof::cause::{self, Cause};
use crate::proof::outcome::{Fault, Outcome, Verdict};
use crate::proof::report::{FailureKind, State, TestCase};
use crate::proof::selection::{self, Selected};
use crate::proof::target::Target;
use crate::syntax::MARKER;

/// What became of one test on a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    /// Its state, the worst of its parameters.
    pub(super) seen: Seen,
    /// What it said, one line.
    pub(super) said: Option<String>,
    /// All that it said, as far as the report keeps it.
    pub(super) message: String,
    /// The functions whose stubs threw, as its words name them.
    pub(super) reached: Vec<String>,
    /// Whether it was not reached because something else kept the whole run from beginning.
    pub(super) is_hidden: bool,
}

impl Sight {
    /// Knows nothing but the state.
    pub(super) fn bare(seen: Seen) -> Self {
        Self {
            seen,
            said: None,
            message: String::new(),
            reached: Vec::new(),
            is_hidden: false,
        }
    }
}

/// The names by which a failure to load or compile counts as one of the change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'n>(pub(super) &'n BTreeSet<String>);

impl Expected<'_> {
    /// Says what kept something from being loaded.
    fn seen(self, said: &str, otherwise: impl FnOnce() -> String) -> Seen {
        match cause::read(said) {
            Cause::Names(names) if !names.is_empty() && self.hold(&names) => {
                Seen::DoesNotLoad(names)
            }
            _ => Seen::EnvironmentError(otherwise()),
        }
    }

    /// Says whether each of these is, or ends in, a name that is expected.
    pub(super) fn hold(self, names: &[String]) -> bool {
        names.iter().all(|name| {
            let mut steps = name
                .split(['.', '/', ':', '#'])
                .filter(|step| !step.is_empty());
            self.0.contains(name) || steps.any(|step| self.0.contains(step))
        })
    }
}

/// Looks at these tests of one check on a tree, in random order; the answers are in the order of `targets`. A test whose
/// file is not in the tree is absent, and left out: some runners run nothing at all where one is missing.
///
/// # Errors
/// The slot cannot be used.
pub(super) fn look(
    bench: &mut Bench<'_, '_, '_>,
    tree: Oid,
    check: &CheckBlock,
    targets: &[Target],
    expected: Expected<'_>,
) -> Result<Vec<Sight>, Error> {
    let mut sights = vec![Sight::bare(Seen::Absent); targets.len()];
    let there = in_tree(bench.validator.repository(), tree, targets)?;
    let order = shuffled(there.len());
    let mixed: Vec<Target> = order.iter().map(|&at| targets[there[at]].clone()).collect();
    // To plan for no test at all is to plan for the whole suite.
    let plan = match mixed.as_slice() {
        [] => Vec::new(),
        mixed => selection::plan(check, mixed),
    };
    for selected in plan {
        let outcome = bench.attempt(tree, check, &selected.more)?;
        let of_run = |at: &usize| {
            let file = selected.file.as_deref();
            file.is_none_or(|file| file == targets[*at].file)
        };
        let places: Vec<usize> = there.iter().copied().filter(of_run).collect();
        let is_alone = places.len() == 1;
        for at in places {
            let target = &targets[at];
            let one = sight(check, target, &outcome, &selected, expected);
            sights[at] = match (&one.seen, is_alone) {
                // Of several tests nobody knows which one hung.
                (Seen::TimedOut, false) if times_out(&outcome) => {
                    let alone = selection::plan(check, std::slice::from_ref(target));
                    let mut again = one;
                    if let [selected] = alone.as_slice() {
                        let outcome = bench.attempt(tree, check, &selected.more)?;
                        again = sight(check, target, &outcome, selected, expected);
                    }
                    again
                }
                _ => one,
            };
        }
    }
    Ok(sights)
}

/// The places of the tests whose file is in the tree; one whose file nobody knows may be.
fn in_tree(repository: &Repository, tree: Oid, targets: &[Target]) -> Result<Vec<usize>, Error> {
    let mut places = Vec::new();
    for (at, target) in targets.iter().enumerate() {
        let file = target.file.as_bytes();
        if file.is_empty() || repository.entry(tree, file)?.is_some() {
            places.push(at);
        }
    }
    Ok(places)
}

fn times_out(outcome: &Outcome) -> bool {
    matches!(
        outcome.verdict,
        Verdict::EnvironmentError(Fault::TimedOut { .. })
    )
}

/// What a run says of one test.
fn sight(
    check: &CheckBlock,
    target: &Target,
    outcome: &Outcome,
    selected: &Selected,
    expected: Expected<'_>,
) -> Sight {
    let ran = selected.file.as_deref();
    let cases = selection::find(check, target, &outcome.tests, ran);
    let is_believed = match &outcome.verdict {
        Verdict::Passed | Verdict::Failed => true,
        Verdict::EnvironmentError(fault) => match fault {
            // What is in a report that was ended midway has been seen.
            Fault::TimedOut { .. } if cases.is_empty() => {
                return Sight::bare(Seen::TimedOut);
            }
            Fault::TimedOut { .. } => true,
            // Nothing that was asked for is there, or all of it is skipped.
            Fault::NoTestRan => true,
            _ => false,
        },
    };
    if is_believed && !cases.is_empty() {
        return match cases.as_slice() {
            [one] if one.kind == Some(FailureKind::Load) => {
                of_load(&in_full(one, outcome, ran), expected)
            }
            cases => of_cases(cases, expected),
        };
    }
    let load = selection::loading(check, target, &outcome.tests, ran);
    if let Some(case) = load {
        return of_load(&in_full(case, outcome, ran), expected);
    }
    match &outcome.verdict {
        Verdict::EnvironmentError(fault) if !is_believed => {
            let said = std::fs::read(&outcome.log).unwrap_or_default();
            let said = String::from_utf8_lossy(&said);
            let seen = expected.seen(&said, || fault.to_string());
            Sight {
                said: Some(fault.to_string()),
                message: outcome.tail.clone(),
                is_hidden: true,
                ..Sight::bare(seen)
            }
        }
        _ => Sight {
            is_hidden: outcome
                .tests
                .iter()
                .any(|case| case.kind == Some(FailureKind::Load)),
            ..Sight::bare(Seen::Absent)
        },
    }
}

/// Node reports of a file that cannot be loaded no more than that: where it ran alone, its output says why.
fn in_full(case: &TestCase, outcome: &Outcome, ran: Option<&str>) -> TestCase {
    let says = cause::read(case.message.as_deref().unwrap_or_default());
    if ran.is_none() || says != Cause::Other {
        return case.clone();
    }
    let said = std::fs::read(&outcome.log).unwrap_or_default();
    TestCase {
        message: Some(String::from_utf8_lossy(&said).into_owned()),
        ..case.clone()
    }
}

fn of_load(case: &TestCase, expected: Expected<'_>) -> Sight {
    let message = case.message.clone().unwrap_or_default();
    let headline = case.headline();
    let seen = expected.seen(&message, || {
        headline
            .clone()
            .unwrap_or_else(|| format!("`{}` could not be loaded", case.id))
    });
    Sight {
        reached: reached(&message),
        said: headline,
        message,
        ..Sight::bare(seen)
    }
}

/// The worst of a test's parameters.
fn of_cases(cases: &[&TestCase], expected: Expected<'_>) -> Sight {
    let failed = cases.iter().filter(|case| case.state == State::Failed);
    let Some(first) = failed.clone().next() else {
        let has_run = cases.iter().any(|case| case.state == State::Passed);
        return Sight::bare(if has_run { Seen::Passed } else { Seen::Skipped });
    };
    if first.kind == Some(FailureKind::Load) {
        return of_load(first, expected);
    }
    let mut names = Vec::new();
    for case in failed {
        names.extend(reached(case.message.as_deref().unwrap_or_default()));
    }
    let seen = match first.kind {
        Some(FailureKind::Timeout) => Seen::TimedOut,
        _ => Seen::Failed,
    };
    Sight {
        said: first.headline(),
        message: first.message.clone().unwrap_or_default(),
        reached: names,
        ..Sight::bare(seen)
    }
}

/// The functions that a failure names as stubs.
fn reached(said: &str) -> Vec<String> {
    let mut parts = said.split(MARKER);
    parts.next();
    let names = parts.filter_map(|rest| rest.split_once(']'));
    let names: BTreeSet<&str> = names.map(|(name, _)| name).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// The places of a list in an order that nobody can count on.
fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let mut random = [0; 8];
        // Without random numbers the order is the text's: a worse control, and no wrong one.
        if getrandom::fill(&mut random).is_err() {
            break;
        }
        let random = usize::try_from(u64::from_le_bytes(random) % (last as u64 + 1));
        order.swap(last, random.unwrap_or(last));
    }
    order
}

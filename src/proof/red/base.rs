//! What became of each test on the base, as far as a run that was kept, or one now, can tell.

use std::collections::HashSet;

use super::Bench;
use super::parts::{Item, Parts};
use crate::policy::CheckBlock;
use crate::proof::report::TestCase;
use crate::proof::{Error, selection};

/// What became of each test on the base.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// The tests.
    pub(super) tests: Vec<TestCase>,
    /// Why they are not known.
    pub(super) unknown: Option<String>,
}

impl Before {
    /// Adds what a run told, less what a newer one did, and less the tests that went or were moved since.
    fn add(&mut self, tests: Vec<TestCase>, check: &CheckBlock, since: &Parts) {
        let known: HashSet<String> = self.tests.iter().map(|test| test.id.clone()).collect();
        let pairs = since.kept.iter().chain(&since.edited);
        let moved = pairs.filter(|(was, is)| {
            (&was.target.file, &was.target.path) != (&is.target.file, &is.target.path)
        });
        let mut left = since.deleted.iter().collect::<Vec<_>>();
        left.extend(moved.map(|(was, _)| was));
        let is_it = |item: &Item, test: &TestCase| {
            let one = std::slice::from_ref(test);
            !selection::find(check, &item.target, one, None).is_empty()
        };
        let is_there = |test: &TestCase| !left.iter().any(|item| is_it(item, test));
        let missing = tests.into_iter().filter(|test| !known.contains(&test.id));
        self.tests.extend(missing.filter(is_there));
    }
}

/// Learns what became of each test on the base: as it was stored when that was validated, else from a run on it now.
///
/// # Errors
/// The slot cannot be used.
pub(super) fn before(bench: &mut Bench<'_, '_, '_>, check: &CheckBlock) -> Result<Before, Error> {
    let Some(&parent) = bench.request.parents.first() else {
        return Ok(Before::default());
    };
    let found = bench.validator.results_at(parent, check, bench.watch)?;
    let repository = bench.validator.repository();
    let policy = &bench.validator.force().policy;
    let base = repository.tree_of(parent)?;
    let mut before = Before {
        tests: Vec::new(),
        unknown: found.unknown,
    };
    for (place, ran) in found.runs.into_iter().enumerate() {
        let since = match place {
            0 => Parts::default(),
            _ => Parts::of(repository, policy, Some(ran.tree), base)?,
        };
        before.add(ran.tests, check, &since);
    }
    Ok(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::proof::report::State;
    use crate::proof::target::Target;

    fn item(name: &str) -> Item {
        Item {
            target: Target {
                file: "tests/test_app.py".into(),
                path: vec![name.into()],
                is_exact: true,
                ids: Vec::new(),
            },
            test: None,
        }
    }

    #[test]
    fn an_older_run_tells_of_what_a_newer_one_hides_and_nobody_took_away_since() {
        let text = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['pytest']\nreport = 'junit'\n";
        let policy = Policy::parse(text, "x").unwrap();
        let case = |name, state| TestCase {
            file: Some("tests/test_app.py".into()),
            ..TestCase::new(format!("tests/test_app.py::{name}"), state)
        };
        let since = Parts {
            deleted: vec![item("goes")],
            kept: vec![
                (item("moves"), item("moved")),
                (item("stays"), item("stays")),
            ],
            ..Parts::default()
        };
        let mut before = Before::default();
        let newer = vec![case("fails", State::Failed)];
        before.add(newer, &policy.check[0], &Parts::default());
        let names = ["fails", "goes", "moves", "stays"];
        let older = names.map(|name| case(name, State::Passed)).to_vec();
        before.add(older, &policy.check[0], &since);
        assert_eq!(
            before.tests,
            [case("fails", State::Failed), case("stays", State::Passed)]
        );
    }
}

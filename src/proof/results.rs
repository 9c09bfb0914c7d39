//! What became of each test in a run that was kept: of the tree that was validated, and of the one that it builds on.

use super::Error;
use super::cache::Pass;
use super::fingerprint;
use super::outcome::{Fault, Outcome, Verdict};
use super::report::{FailureKind, State, TestCase};
use super::request::Request;
use super::scope::Scope;
use super::validation::{Validator, Watch};
use crate::evidence::envelope::Envelope;
use crate::evidence::statement::{Asked, Predicate};
use crate::git::{Commit, Oid};
use crate::policy::{CheckBlock, CheckKind};

/// How often a check is run to learn what became of the tests before a change: on the base, and on what that hides.
const MOST_RUNS: usize = 2;

/// What became of each test of a check.
#[derive(Clone, Debug, Default)]
pub(super) struct Results {
    /// The tests.
    pub(super) tests: Vec<TestCase>,
    /// How long all of them took, in milliseconds, where it is known.
    pub(super) ms: Option<u64>,
}

/// What became of each test of a check before a change.
#[derive(Debug, Default)]
pub(super) struct Below {
    /// The tests, in the newest run that is known; then, where that hides some, in each that lies below it.
    pub(super) runs: Vec<Ran>,
    /// Why some of them, or all, are not known.
    pub(super) unknown: Option<String>,
}

/// A run on one tree.
#[derive(Debug)]
pub(super) struct Ran {
    /// The tree.
    pub(super) tree: Oid,
    /// What became of each test on it.
    pub(super) tests: Vec<TestCase>,
}

/// Whether a run tells nothing of tests that something else kept from being built.
fn hides_others(tests: &[TestCase]) -> bool {
    tests.is_empty()
        || tests
            .iter()
            .any(|test| test.kind == Some(FailureKind::Load))
}

impl Validator<'_> {
    /// Returns what became of each test of a check on a tree that has passed it; none where it has not.
    pub(super) fn results(
        &self,
        request: &Request,
        check: &CheckBlock,
    ) -> Result<Option<Results>, Error> {
        let base = self.base_tree(request)?;
        match self.find_keyed(request.tree, base, check)? {
            Some((key, pass)) => self.of_pass(&key, &pass).map(Some),
            None => Ok(None),
        }
    }

    /// Returns what became of each test of a check on the newest commit at or below `start` from which on nothing that the
    /// check looks at has changed: as it was kept, else from a run on it now. Where sealed tests kept others from being
    /// built, those are as they were below.
    pub(super) fn results_at(
        &mut self,
        start: Oid,
        check: &CheckBlock,
        watch: &mut dyn Watch,
    ) -> Result<Below, Error> {
        let (repository, force) = (self.repository(), self.force());
        let place = force
            .policy
            .check
            .iter()
            .position(|one| one.name == check.name);
        let mut found = Below::default();
        let mut runs = 0;
        let mut at = repository.commit(start)?;
        loop {
            let below = match at.parents.first() {
                Some(&parent) if repository.has_object(parent) => Some(repository.commit(parent)?),
                _ => None,
            };
            let base = below.as_ref().map(|below| below.tree);
            let is_unchanged = match (&below, place) {
                (Some(below), Some(place)) => {
                    !Scope::of(repository, &force.policy, Some(below.tree), at.tree)?.holds(place)
                }
                _ => false,
            };
            let hides = if let Some((key, pass)) = self.find_keyed(at.tree, base, check)? {
                let Results { tests, ms } = self.of_pass(&key, &pass)?;
                // A record does not say what could not be built.
                let hides = !pass.sealed.is_empty() && (ms.is_none() || hides_others(&tests));
                found.runs.push(Ran {
                    tree: at.tree,
                    tests,
                });
                hides
            } else if let Some(tests) = self.cache.tests(&self.key(at.tree, check, None)?) {
                found.runs.push(Ran {
                    tree: at.tree,
                    tests,
                });
                false
            } else if is_unchanged {
                true
            } else {
                runs += 1;
                self.run_at(&at, check, watch, &mut found)? && runs < MOST_RUNS
            };
            match below {
                Some(below) if hides => at = below,
                _ => return Ok(found),
            }
        }
    }

    /// Runs a check on a commit, and says whether tests may be hidden there. What failed is not kept: nobody has looked
    /// whether it would again.
    fn run_at(
        &mut self,
        at: &Commit,
        check: &CheckBlock,
        watch: &mut dyn Watch,
        found: &mut Below,
    ) -> Result<bool, Error> {
        let outcome = self.attempt(at.tree, &at.parents, check, &[], watch)?;
        if let Verdict::EnvironmentError(fault) = &outcome.verdict {
            // Where none ran there was none to lose.
            if *fault == Fault::NoTestRan {
                return Ok(false);
            }
            found.unknown.get_or_insert_with(|| fault.to_string());
            return Ok(false);
        }
        if outcome.verdict == Verdict::Passed {
            let key = self.key(at.tree, check, None)?;
            self.keep_tests(&key, &outcome)?;
        }
        let hides = hides_others(&outcome.tests);
        found.runs.push(Ran {
            tree: at.tree,
            tests: outcome.tests,
        });
        Ok(hides)
    }

    /// Names the test checks in scope as a record does, each with the key of its pass on this tree.
    pub(super) fn keys(&self, request: &Request) -> Result<Vec<Asked>, Error> {
        let checks = request.scope.checks(&self.force().policy);
        checks
            .filter(|check| check.kind == CheckKind::Test)
            .map(|check| {
                Ok(Asked {
                    name: check.name.clone(),
                    definition: fingerprint::definition(check),
                    key: self.key(request.tree, check, None)?,
                })
            })
            .collect()
    }

    /// Keeps what became of each test under the key of its run, without what failed ones said.
    pub(super) fn keep_tests(&self, key: &str, outcome: &Outcome) -> Result<(), Error> {
        let tests: Vec<TestCase> = outcome
            .tests
            .iter()
            .map(|test| TestCase {
                message: None,
                ..test.clone()
            })
            .collect();
        self.cache.keep_tests(key, &tests)
    }

    /// What was kept beside a pass, else what its record says: that one does not name skipped tests and files.
    fn of_pass(&self, key: &str, pass: &Pass) -> Result<Results, Error> {
        if let Some(tests) = self.cache.tests(key) {
            let ms = tests.iter().map(|test| test.ms).sum();
            return Ok(Results {
                tests,
                ms: Some(ms),
            });
        }
        let mut results = Results::default();
        let listed = self.repository().list_records(None)?;
        let record = listed.iter().find(|one| one.name == pass.record);
        let line = record.and_then(|one| self.repository().read_record(one));
        let Some(statement) = line.and_then(|line| Envelope::parse(&line).ok()?.statement().ok())
        else {
            return Ok(results);
        };
        if let Predicate::TestResult(found) = &statement.predicate {
            let of_check =
                |id: &String| Some(id.strip_prefix(&pass.check)?.strip_prefix('/')?.to_owned());
            let passed = found.passed_tests.iter().filter_map(of_check);
            let failed = found.failed_tests.iter().filter_map(of_check);
            results
                .tests
                .extend(passed.map(|id| TestCase::new(id, State::Passed)));
            results
                .tests
                .extend(failed.map(|id| TestCase::new(id, State::Failed)));
        }
        Ok(results)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_built_may_hide_others() {
        let load = TestCase::failed("a", FailureKind::Load, "no such name");
        assert!(hides_others(&[TestCase::new("b", State::Passed), load]));
        assert!(hides_others(&[]));
        let other = TestCase::failed("a", FailureKind::Assert, "1 is not 2");
        assert!(!hides_others(&[other]));
    }
}

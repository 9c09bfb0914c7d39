//! What became of each test in a run that was kept: of the tree that was validated, and of the one that it builds on.

use super::Error;
use super::cache::Pass;
use super::fingerprint;
use super::outcome::{Outcome, Verdict};
use super::report::{State, TestCase};
use super::request::Request;
use super::scope::Scope;
use super::validation::{Validator, Watch};
use crate::evidence::envelope::Envelope;
use crate::evidence::statement::{Asked, Predicate};
use crate::git::Oid;
use crate::policy::{CheckBlock, CheckKind};

/// What became of each test of a check.
#[derive(Clone, Debug, Default)]
pub(super) struct Results {
    /// The tests.
    pub(super) tests: Vec<TestCase>,
    /// How long all of them took, in milliseconds, where it is known.
    pub(super) ms: Option<u64>,
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
    /// check looks at has changed: as it was kept, else from a run on it now. What cannot be run says why.
    pub(super) fn results_at(
        &mut self,
        start: Oid,
        check: &CheckBlock,
        watch: &mut dyn Watch,
    ) -> Result<Result<Vec<TestCase>, String>, Error> {
        let (repository, force) = (self.repository(), self.force());
        let place = force
            .policy
            .check
            .iter()
            .position(|one| one.name == check.name);
        let mut at = repository.commit(start)?;
        loop {
            let below = match at.parents.first() {
                Some(&parent) if repository.has_object(parent) => Some(repository.commit(parent)?),
                _ => None,
            };
            let base = below.as_ref().map(|below| below.tree);
            if let Some((key, pass)) = self.find_keyed(at.tree, base, check)? {
                return Ok(Ok(self.of_pass(&key, &pass)?.tests));
            }
            let key = self.key(at.tree, check, None)?;
            if let Some(tests) = self.cache.tests(&key) {
                return Ok(Ok(tests));
            }
            let Some(below) = below else { break };
            let scope = Scope::of(repository, &force.policy, Some(below.tree), at.tree)?;
            if place.is_none_or(|place| scope.holds(place)) {
                break;
            }
            at = below;
        }
        let outcome = self.attempt(at.tree, &at.parents, check, &[], watch)?;
        match &outcome.verdict {
            Verdict::EnvironmentError(fault) => Ok(Err(fault.to_string())),
            Verdict::Passed | Verdict::Failed => {
                let key = self.key(at.tree, check, None)?;
                self.keep_tests(&key, &outcome)?;
                Ok(Ok(outcome.tests))
            }
        }
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

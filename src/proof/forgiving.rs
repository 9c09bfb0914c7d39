//! What of a failed run does not refuse: failures of the base, and tests that a change of tests alone brings. What is not
//! known of the base is run on it.

use super::forgiven::{self, Base, Seals, Share, Split, needs_base};
use super::outcome::{Fault, Outcome, Verdict};
use super::red::Brought;
use super::report::TestCase;
use super::request::Request;
use super::validation::{Validator, Watch};
use super::{Error, seals};
use crate::change::Standing;
use crate::git::Oid;
use crate::policy::{CheckBlock, CheckKind};

impl Validator<'_> {
    /// The tests of a change of tests alone.
    fn brought(&self, request: &Request, base: Option<Oid>) -> Result<Brought, Error> {
        let policy = self.policy();
        Ok(Brought::of(self.repository(), policy, base, request.tree)?)
    }

    /// A run whose files say why they could not be loaded: a runner that tells no more than that they could not is asked
    /// about each alone.
    fn with_causes(
        &mut self,
        request: &Request,
        check: &CheckBlock,
        outcome: &Outcome,
        brought: &Brought,
        watch: &mut dyn Watch,
    ) -> Result<Outcome, Error> {
        let mut outcome = outcome.clone();
        for test in &mut outcome.tests {
            if let Some(more) = brought.asks_again(check, test) {
                let parents = &request.parents;
                let alone = self.attempt(request.tree, parents, check, &more, watch)?;
                let said = std::fs::read(&alone.log).unwrap_or_default();
                test.message = Some(String::from_utf8_lossy(&said).into_owned());
            }
        }
        Ok(outcome)
    }

    /// The tests that keep a test check from being built, where a change of tests alone brings them.
    pub(super) fn unbuilt(
        &self,
        request: &Request,
        base: Option<Oid>,
        check: &CheckBlock,
        outcome: &Outcome,
    ) -> Result<Vec<String>, Error> {
        let is_unbuilt = matches!(
            outcome.verdict,
            Verdict::EnvironmentError(Fault::ReportMissing { .. } | Fault::NothingFailed { .. })
        );
        if !is_unbuilt || check.kind != CheckKind::Test || !request.scope.is_tests_only {
            return Ok(Vec::new());
        }
        let said = std::fs::read(&outcome.log).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        Ok(self.brought(request, base)?.unbuilt(&said))
    }

    /// Tells the failures that refuse from those that do not.
    pub(super) fn forgive(
        &mut self,
        request: &Request,
        base: Option<Oid>,
        check: &CheckBlock,
        outcome: &Outcome,
        watch: &mut dyn Watch,
    ) -> Result<(Standing, Split), Error> {
        let brought = match (check.kind, request.scope.is_tests_only) {
            (CheckKind::Test, true) => Some(self.brought(request, base)?),
            _ => None,
        };
        let outcome = &match &brought {
            Some(brought) => self.with_causes(request, check, outcome, brought, watch)?,
            None => outcome.clone(),
        };
        let share = |test: &TestCase| match &brought {
            Some(brought) => brought.share(check, test),
            None => Share::Untouched,
        };
        let seals = match check.kind {
            CheckKind::Test if request.scope.is_tests_only => Seals::Brings(&share),
            CheckKind::Test if request.parents.len() > 1 => Seals::Keeps,
            CheckKind::Test | CheckKind::Quality => Seals::Ends,
        };
        let base = if needs_base(&outcome.tests, check.baseline, seals) {
            self.failures_of_base(request, base, check, watch)?
        } else {
            Base::default()
        };
        let split = Split::of(&outcome.tests, &base, check.baseline, seals);
        let Some(first) = split.refused.first() else {
            return Ok((Standing::Passed, split));
        };
        let first = outcome.tests.iter().find(|test| test.id == *first);
        let message = first.and_then(|test| {
            // A tool without a report sums up in its last line; a test begins with what went wrong.
            if test.id != check.name {
                return test.headline();
            }
            let mut lines = test.message.as_deref()?.lines();
            let last = lines.rfind(|line| line.contains(char::is_alphanumeric))?;
            Some(last.to_owned())
        });
        let standing = Standing::Failed {
            tests: split.refused,
            message,
        };
        Ok((standing, Split::default()))
    }

    /// What fails in the base: as it was stored when the base was validated, else from a run on it now.
    fn failures_of_base(
        &mut self,
        request: &Request,
        base: Option<Oid>,
        check: &CheckBlock,
        watch: &mut dyn Watch,
    ) -> Result<Base, Error> {
        let (Some(base), Some(&commit)) = (base, request.parents.first()) else {
            return Ok(Base::default());
        };
        let parents = self.repository().commit(commit)?.parents;
        let below = match parents.first() {
            Some(&parent) => Some(self.repository().commit(parent)?.tree),
            None => None,
        };
        if let Some(pass) = self.find(base, below, check)? {
            return Ok(Base {
                failing: pass.failing,
                sealed: pass.sealed,
            });
        }
        let outcome = self.attempt(base, &parents, check, &[], watch)?;
        // A base that cannot be run forgives nothing.
        let failing = match outcome.verdict {
            Verdict::Failed => forgiven::failing(&outcome.tests)
                .map(|test| test.id.clone())
                .collect(),
            Verdict::Passed | Verdict::EnvironmentError(_) => Vec::new(),
        };
        let sealed = seals::at(
            self.repository(),
            &self.known()?,
            self.force().tip,
            commit,
            check,
        )?;
        Ok(Base { failing, sealed })
    }
}

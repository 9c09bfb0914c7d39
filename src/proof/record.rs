//! The record of what passed on a tree: an in-toto statement in the reference of the evidence.

use jiff::Timestamp;

use super::Error;
use super::cache::Pass;
use super::checked::{Checked, Source};
use super::fingerprint;
use super::outcome::Outcome;
use super::report::State;
use super::request::Request;
use super::validation::Validator;
use crate::evidence::statement::{
    CheckRecord, CheckResult, Counts, LeftOut, Statement, Validation, Why,
};
use crate::git::Oid;
use crate::id::TreeId;
use crate::policy::CheckBlock;

/// A pass and the key that it is cached under.
pub(super) type Keyed = (String, Pass);

/// Finds the cache key of a check; the flag says whether it forgave something, and so counts over its base alone.
pub(super) type Key<'a> = dyn Fn(&CheckBlock, bool) -> Result<String, Error> + 'a;

/// Records the checks of `done` that passed now, each with its tests, and those that did not run.
///
/// # Errors
/// The record cannot be written; then nothing is.
pub(super) fn write(
    validator: &Validator<'_>,
    request: &Request,
    base: Option<Oid>,
    done: &[Checked],
    key: &Key<'_>,
) -> Result<Vec<Keyed>, Error> {
    let tree = TreeId::new(request.tree.to_string());
    let base = base.map(|base| TreeId::new(base.to_string()));
    let time = Timestamp::now().to_string();
    let force = validator.force();
    let policy = &force.policy;
    let mut checks = Vec::new();
    let mut left_out = Vec::new();
    let mut tests = Vec::new();
    for (place, check) in policy.check.iter().enumerate() {
        let checked = done.iter().find(|checked| checked.check == check.name);
        match checked {
            Some(checked) if checked.is_deferred => left_out.push(LeftOut {
                name: check.name.clone(),
                why: Why::Deferred,
            }),
            Some(checked) if checked.passed_now() => {
                if let Some(Source::Ran(outcome)) = &checked.source {
                    checks.push(one(check, checked, outcome, key)?);
                    tests.extend(passed(check, outcome));
                }
            }
            None if !request.scope.holds(place) => left_out.push(LeftOut {
                name: check.name.clone(),
                why: Why::OutOfScope,
            }),
            _ => {}
        }
    }
    let validation = Validation {
        tool: concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")).to_owned(),
        time: time.clone(),
        task: request.task.clone(),
        persona: request.persona.clone(),
        base: base.clone(),
        policy: policy.number,
        blob: force.blob.clone(),
        checks: checks.clone(),
        left_out,
    };
    let statement = Statement::validation(&tree, None, validation, &tests);
    let record = validator.record(statement)?;
    let keyed = checks.into_iter().map(|check| {
        let pass = Pass {
            check: check.name,
            tree: tree.clone(),
            base: base.clone().filter(|_| check.result != CheckResult::Passed),
            time: time.clone(),
            counts: check.counts,
            failing: check.failing,
            sealed: check.sealed,
            record: record.clone(),
        };
        (check.key, pass)
    });
    Ok(keyed.collect())
}

fn one(
    check: &CheckBlock,
    checked: &Checked,
    outcome: &Outcome,
    key: &Key<'_>,
) -> Result<CheckRecord, Error> {
    let forgives = !checked.forgiven.is_empty();
    Ok(CheckRecord {
        name: check.name.clone(),
        kind: check.kind,
        definition: fingerprint::definition(check),
        key: key(check, forgives)?,
        result: match (forgives, checked.sealed.is_empty()) {
            (false, _) => CheckResult::Passed,
            (true, false) => CheckResult::Sealed,
            (true, true) => CheckResult::PassedOverBase,
        },
        counts: counts(outcome),
        ms: u64::try_from(outcome.elapsed.as_millis()).unwrap_or(u64::MAX),
        failing: checked.forgiven.clone(),
        sealed: checked.sealed.clone(),
    })
}

fn counts(outcome: &Outcome) -> Counts {
    let count = |state| {
        outcome
            .tests
            .iter()
            .filter(|test| test.state == state)
            .count() as u64
    };
    Counts {
        passed: count(State::Passed),
        failed: count(State::Failed),
        skipped: count(State::Skipped),
    }
}

fn passed<'a>(
    check: &'a CheckBlock,
    outcome: &'a Outcome,
) -> impl Iterator<Item = (String, String)> + 'a {
    outcome
        .tests
        .iter()
        .filter(|test| test.state == State::Passed)
        .map(|test| (check.name.clone(), test.id.clone()))
}

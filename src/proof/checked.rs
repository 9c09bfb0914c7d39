//! What became of one check on a tree, and how it reads: a few words where it passed, its last lines where it did not.

use std::time::Duration;

use jiff::Timestamp;

use super::cache::Pass;
use super::outcome::Outcome;
use crate::change::{CheckState, Standing, Validation};
use crate::policy::{CheckBlock, CheckKind};

/// What became of one check.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its name.
    pub check: String,
    /// What it counts.
    pub kind: CheckKind,
    /// How it stands on the tree.
    pub standing: Standing,
    /// Where that is known from; none where it neither ran nor was found.
    pub source: Option<Source>,
    /// The tests that fail and do not refuse: failures of the base, or sealed ones.
    pub forgiven: Vec<String>,
    /// Those of them that are sealed: the next change of source must turn them green.
    pub sealed: Vec<String>,
    /// Whether it waits until sealed tests turn green, because it needs code that compiles.
    pub is_deferred: bool,
}

/// Where an outcome is known from.
#[derive(Clone, Debug)]
pub enum Source {
    /// An earlier run on exactly this tree.
    Cached(Pass),
    /// It ran now.
    Ran(Outcome),
}

impl Checked {
    /// Knows of a check nothing but how it stands.
    pub(super) fn bare(check: &CheckBlock, standing: Standing) -> Self {
        Self {
            check: check.name.clone(),
            kind: check.kind,
            standing,
            source: None,
            forgiven: Vec::new(),
            sealed: Vec::new(),
            is_deferred: false,
        }
    }

    /// Says whether it ran now and refuses nothing.
    pub fn passed_now(&self) -> bool {
        self.standing == Standing::Passed && matches!(self.source, Some(Source::Ran(_)))
    }

    /// Takes what was known before.
    pub(super) fn cached(check: &CheckBlock, pass: Pass) -> Self {
        Self {
            forgiven: pass.failing.clone(),
            sealed: pass.sealed.clone(),
            source: Some(Source::Cached(pass)),
            ..Self::bare(check, Standing::Passed)
        }
    }
}

/// Hands what became of the checks to the rules.
pub fn facts(checked: &[Checked]) -> Validation {
    let states = checked.iter().map(|one| CheckState {
        check: one.check.clone(),
        standing: one.standing.clone(),
    });
    Validation::Known(states.collect())
}

impl Checked {
    /// Writes what became of the check in a few words: `tests passed (42 tests, 3.1 s)`.
    pub fn summary(&self, now: Timestamp) -> String {
        format!("{} {}", self.check, self.state(now))
    }

    fn state(&self, now: Timestamp) -> String {
        match &self.standing {
            Standing::Passed if self.is_deferred => "waits for the sealed tests".to_owned(),
            Standing::Passed => self.passed(now),
            Standing::Failed { .. } => "failed".to_owned(),
            Standing::EnvironmentError { .. } => "proves nothing (environment-error)".to_owned(),
            Standing::Missing => "has not run".to_owned(),
            Standing::Sealed => "has sealed tests that fail".to_owned(),
            Standing::Unvouched(why) => format!("passed by a record that does not count: {why}"),
            Standing::Unfounded(base) => format!("has not passed on {}", base.short()),
        }
    }

    /// Writes the last lines of a check that ran and did not pass, and where the rest is; empty for any other.
    pub fn failure(&self) -> String {
        let Some(Source::Ran(outcome)) = &self.source else {
            return String::new();
        };
        if self.standing == Standing::Passed {
            return String::new();
        }
        let (name, tail) = (&self.check, outcome.tail.trim_end());
        if tail.is_empty() && matches!(self.standing, Standing::EnvironmentError { .. }) {
            // What was missing is said by the finding.
            return String::new();
        }
        let took = seconds(outcome.elapsed);
        if tail.is_empty() {
            return format!("--- {name} wrote nothing ({took})\n");
        }
        let log = outcome.log.display();
        format!("--- the last lines of {name} ({took}), all of them in {log}\n{tail}\n---\n")
    }

    fn passed(&self, now: Timestamp) -> String {
        let old = match self.forgiven.len() - self.sealed.len() {
            0 => String::new(),
            1 => ", 1 old failure".to_owned(),
            count => format!(", {count} old failures"),
        };
        let sealed = match self.sealed.as_slice() {
            [] => String::new(),
            [one] => format!("; {one} is sealed until source turns it green"),
            [first, rest @ ..] => {
                let more = rest.len();
                format!("; {first} and {more} more are sealed until source turns them green")
            }
        };
        let forgiven = old + &sealed;
        match &self.source {
            Some(Source::Ran(outcome)) => {
                // What a linter looked at is no test, though it counts as one for the verdict.
                let tests = match outcome.tests.len() {
                    _ if self.kind == CheckKind::Quality => String::new(),
                    0 => String::new(),
                    1 => "1 test, ".to_owned(),
                    count => format!("{count} tests, "),
                };
                let took = seconds(outcome.elapsed);
                format!("passed ({tests}{took}{forgiven})")
            }
            Some(Source::Cached(pass)) => {
                format!("passed (cached, {}{forgiven})", pass.age(now))
            }
            None => "passed".to_owned(),
        }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

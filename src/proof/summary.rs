//! How the outcome of a check reads: a few words where it passed, its last lines where it did not.

use std::time::Duration;

use jiff::Timestamp;

use super::validation::{Checked, Source};
use crate::change::Standing;

impl Checked {
    /// Writes what became of the check in a few words: `tests passed (42 tests, 3.1 s)`.
    pub fn summary(&self, now: Timestamp) -> String {
        format!("{} {}", self.check, self.state(now))
    }

    /// Writes the same without the name.
    pub fn state(&self, now: Timestamp) -> String {
        match &self.standing {
            Standing::Passed if self.is_deferred => "waits for the sealed tests".to_owned(),
            Standing::Passed => self.passed(now),
            Standing::Failed { .. } => "failed".to_owned(),
            Standing::EnvironmentError { .. } => "proves nothing (environment-error)".to_owned(),
            Standing::Missing => "has not run".to_owned(),
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
        let took = seconds(outcome.elapsed);
        if tail.is_empty() {
            return format!("--- {name} wrote nothing ({took})\n");
        }
        let log = outcome.log.display();
        format!("--- the last lines of {name} ({took}), all of them in {log}\n{tail}\n---\n")
    }

    fn passed(&self, now: Timestamp) -> String {
        let forgiven = match self.forgiven.len() {
            0 => String::new(),
            1 => ", 1 failure forgiven".to_owned(),
            count => format!(", {count} failures forgiven"),
        };
        match &self.source {
            Some(Source::Ran(outcome)) => {
                let tests = match outcome.tests.len() {
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

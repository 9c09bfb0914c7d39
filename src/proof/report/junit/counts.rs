//! The counts that a report gives of itself, held against the tests in it: a report that lost some is no evidence.
//! Each runner counts in its own way; what is compared here was read off reports that they really wrote.

use super::dialect::Dialect;
use super::{Case, Mark};
use crate::proof::report::{FailureKind, State, TestCase, Unreadable};

/// What a suite says of itself, and what is in it.
#[derive(Default)]
pub(super) struct Counts {
    tests: Option<u64>,
    failures: Option<u64>,
    errors: Option<u64>,
    seen: Seen,
}

/// What is in a suite and the suites below it.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Elements directly in it, tests and suites: what node:test counts.
    direct: u64,
    /// Those of them that failed, or say that something in them did.
    direct_failing: u64,
    cases: u64,
    failing_cases: u64,
    failures: u64,
    errors: u64,
    /// Tests that are in the report a second time, for what failed after them.
    again: u64,
    /// Tests without a mark: they passed, or are to do, which jest-junit writes and does not count.
    unmarked: u64,
}

impl Counts {
    /// Reads `tests`, `failures` and `errors`; an unknown runner may write there what it likes.
    pub(super) fn declared(
        attributes: &[(String, String)],
        dialect: Dialect,
    ) -> Result<Self, Unreadable> {
        let number = |name: &str| match attributes.iter().find(|(key, _)| key == name) {
            None => Ok(None),
            Some((_, value)) => match value.trim().parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) if dialect == Dialect::Other => Ok(None),
                Err(_) => Err(Unreadable::new(format!("its `{name}` is no number"))),
            },
        };
        Ok(Self {
            tests: number("tests")?,
            failures: number("failures")?,
            errors: number("errors")?,
            seen: Seen::default(),
        })
    }

    /// Counts a test that ended directly in this suite.
    pub(super) fn add_case(&mut self, case: &Case, dialect: Dialect) {
        let seen = &mut self.seen;
        // jest-junit counts a file that cannot be loaded as an error and as no test.
        if dialect == Dialect::Jest && dialect.is_load(case) {
            seen.errors += case.errors;
            seen.failing_cases += 1;
            return;
        }
        seen.direct += 1;
        seen.direct_failing += u64::from(case.failures > 0);
        seen.cases += 1;
        seen.failing_cases += u64::from(case.failures + case.errors > 0);
        seen.failures += case.failures;
        seen.errors += case.errors;
        seen.unmarked += u64::from(case.marks.is_empty());
        let after = |mark: &Mark| mark.message.starts_with("failed on teardown");
        seen.again += u64::from(case.marks.iter().any(after));
    }

    /// Counts a suite that ended directly in this one, with all that is in it.
    pub(super) fn add_suite(&mut self, inner: &Self) {
        let (seen, it) = (&mut self.seen, inner.seen);
        seen.direct += 1;
        seen.direct_failing += u64::from(inner.failures.is_some_and(|count| count > 0));
        seen.cases += it.cases;
        seen.failing_cases += it.failing_cases;
        seen.failures += it.failures;
        seen.errors += it.errors;
        seen.again += it.again;
        seen.unmarked += it.unmarked;
    }

    /// Returns how many tests are in the suite beside those that it counts.
    pub(super) fn uncounted(&self) -> u64 {
        let declared = self.tests.unwrap_or(self.seen.cases);
        self.seen.cases.saturating_sub(declared)
    }

    /// Refuses a suite whose counts and content disagree, where this runner's counts mean that.
    pub(super) fn agree(&self, suite: &str, dialect: Dialect) -> Result<(), Unreadable> {
        let seen = self.seen;
        let compared = [
            (
                "tests",
                self.tests,
                seen.cases,
                seen.tests_agree(self.tests, dialect),
            ),
            (
                "failures",
                self.failures,
                seen.failures,
                seen.failures_agree(self.failures, dialect),
            ),
            (
                "errors",
                self.errors,
                seen.errors,
                seen.errors_agree(self.errors, dialect),
            ),
        ];
        for (what, declared, found, agree) in compared {
            if let Some(declared) = declared.filter(|_| !agree) {
                let suite: String = suite.chars().take(120).collect();
                return Err(Unreadable::new(format!(
                    "`{suite}` counts {declared} {what} and has {found}"
                )));
            }
        }
        Ok(())
    }
}

impl Seen {
    fn tests_agree(&self, declared: Option<u64>, dialect: Dialect) -> bool {
        let Some(declared) = declared else {
            return true;
        };
        match dialect {
            // Passing subtests, and a test that passed before its fixture failed to tidy up, are counted and not
            // written; one that failed before that is written twice and counted once.
            Dialect::Pytest => declared.saturating_add(self.again) >= self.cases,
            Dialect::Node => declared == self.direct,
            Dialect::Jest => {
                let to_do = self.cases.checked_sub(declared);
                to_do.is_some_and(|count| count <= self.unmarked)
            }
            Dialect::Nextest | Dialect::Vitest => declared == self.cases,
            Dialect::Bare | Dialect::Other => true,
        }
    }

    fn failures_agree(&self, declared: Option<u64>, dialect: Dialect) -> bool {
        let Some(declared) = declared else {
            return true;
        };
        match dialect {
            Dialect::Pytest => declared == self.failures,
            Dialect::Node => declared == self.direct_failing,
            // A test that fails twice is one failure to some of their versions, two to others.
            Dialect::Jest | Dialect::Nextest | Dialect::Vitest => {
                declared == self.failures || declared == self.failing_cases
            }
            Dialect::Bare | Dialect::Other => declared == 0 || self.failing_cases > 0,
        }
    }

    fn errors_agree(&self, declared: Option<u64>, dialect: Dialect) -> bool {
        let Some(declared) = declared else {
            return true;
        };
        match dialect {
            Dialect::Pytest | Dialect::Jest | Dialect::Nextest | Dialect::Vitest => {
                declared == self.errors
            }
            Dialect::Node | Dialect::Bare | Dialect::Other => true,
        }
    }
}

/// What node:test counts in comments behind its tests: `<!-- fail 4 -->`.
#[derive(Default)]
pub(super) struct Summary {
    failed: Option<u64>,
}

impl Summary {
    /// Takes a comment that counts failures; all others say nothing here.
    pub(super) fn take(&mut self, comment: &str) {
        let mut words = comment.split_whitespace();
        if let (Some("fail" | "cancelled"), Some(count), None) =
            (words.next(), words.next(), words.next())
            && let Ok(count) = count.parse::<u64>()
        {
            self.failed = Some(self.failed.unwrap_or(0).saturating_add(count));
        }
    }

    /// Adds what node 20 counts and does not name: a test with subtests becomes a suite, and its own failure is lost.
    pub(super) fn complete(&self, cases: &mut Vec<TestCase>) -> Result<(), Unreadable> {
        let named = cases.iter().filter(|it| it.state == State::Failed).count();
        match self.failed {
            Some(0) if named > 0 => Err(Unreadable::new(format!(
                "it counts no failed test and names {named}"
            ))),
            Some(count) if count > 0 && named == 0 => {
                let message = format!("node counts {count} failed and its report names none");
                let id = "(a test with subtests)";
                cases.push(TestCase::failed(id, FailureKind::Error, &message));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

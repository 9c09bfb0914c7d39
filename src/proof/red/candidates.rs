//! Which tests of a change are to be proven.

use std::collections::{BTreeSet, HashMap};

use super::parts::Item;
use super::prove::{Proving, id};
use super::seal::{self, Open};
use super::trees;
use crate::change::{RedTest, Seen, TestVerdict};
use crate::evidence::statement::Red;
use crate::policy::{CheckBlock, Class};
use crate::proof::outcome::Verdict;
use crate::proof::report::{FailureKind, State, TestCase};
use crate::proof::target::Target;
use crate::proof::{Error, selection};
use crate::syntax::{Language, Source, Test};

/// A test to prove, with all that is known of it before the first run.
pub(super) struct Candidate {
    pub(super) target: Target,
    pub(super) line: Option<usize>,
    pub(super) is_sealed: bool,
    pub(super) expects_throw: bool,
    /// Whether it shares its file with source.
    pub(super) is_inline: bool,
    /// Whether its own text is old, and it counts only where it is red.
    pub(super) is_old: bool,
    /// Whether it only waited for what kept its file from being loaded: it must pass, and proves nothing.
    pub(super) is_pending: bool,
    /// What the run on the whole tree said.
    pub(super) with: Seen,
}

impl Proving<'_, '_, '_, '_> {
    /// The tests of one check that are to be proven: brought, edited in place, or sealed.
    pub(super) fn candidates(
        &self,
        check: &CheckBlock,
        now: &[TestCase],
        open: &Open,
    ) -> Result<Vec<Candidate>, Error> {
        let edited = self.parts.edited.iter().map(|(_, item)| item);
        let items = self.parts.brought.iter().chain(edited);
        let mut found: Vec<Candidate> = items
            .filter_map(|item| self.candidate(check, item, now))
            .collect();
        for sealed in open.tests.iter().filter(|test| test.check == check.name) {
            let target = seal::target(sealed);
            let same = |one: &&mut Candidate| {
                one.target.file == target.file
                    && one.target.path == target.path
                    && !target.path.is_empty()
            };
            if let Some(known) = found.iter_mut().find(same) {
                known.is_sealed = true;
                continue;
            }
            let cases = selection::find(check, &target, now, None);
            let text = self.text_of(&target)?;
            found.push(Candidate {
                line: text.as_ref().map(|test| test.line),
                is_sealed: true,
                expects_throw: text.is_some_and(|test| test.expects_throw),
                is_inline: sealed.digest.is_some(),
                is_old: false,
                is_pending: sealed.state == Red::Pending,
                with: seen_in(&cases),
                target: with_ids(target, &cases),
            });
        }
        Ok(found)
    }

    /// What the tree says of a test that the change left alone.
    fn text_of(&self, target: &Target) -> Result<Option<Test>, Error> {
        let tree = self.bench.request.tree;
        let Some(language) = Language::of(&target.file) else {
            return Ok(None);
        };
        let text = self.repository.text_at(tree, &target.file)?;
        let text = text.unwrap_or_default();
        let tests = Source::parse(language, &text).map(|source| source.tests());
        let mut tests = tests.into_iter().flatten();
        Ok(tests.find(|test| test.path == target.path))
    }

    /// The tests that say what they said, in files whose shared parts changed: a table of cases, a constant.
    pub(super) fn sharing(&self, check: &CheckBlock, now: &[TestCase]) -> Vec<Candidate> {
        let files: BTreeSet<&str> = self
            .parts
            .files
            .iter()
            .filter(|part| part.changes_what_tests_share())
            .map(|part| part.path.as_str())
            .collect();
        let items = self.parts.unchanged.iter();
        items
            .filter(|item| files.contains(item.target.file.as_str()))
            .filter_map(|item| self.candidate(check, item, now))
            .map(|one| Candidate {
                is_old: true,
                ..one
            })
            .collect()
    }

    /// The new test files whose tests no report tells apart, where the suite passes without the source.
    pub(super) fn all_green(&self, check: &CheckBlock, now: &[TestCase]) -> Vec<RedTest> {
        let is_untold = |item: &&Item| {
            item.test.is_none() && selection::find(check, &item.target, now, None).is_empty()
        };
        let items = self.parts.brought.iter().filter(is_untold);
        items
            .map(|item| RedTest {
                check: check.name.clone(),
                id: item.target.name(),
                file: Some(item.target.file.clone()),
                line: None,
                is_sealed: false,
                without: Seen::Passed,
                throwing: None,
                empty: None,
                with: Seen::Passed,
                verdict: TestVerdict::Unproven,
                said: None,
            })
            .collect()
    }

    pub(super) fn changes_support(&self) -> bool {
        let mut files = self.parts.files.iter();
        files.any(|part| matches!(part.class, Class::Support | Class::Test))
    }

    /// The tests that go red without the source where nothing but what they read changed: fixtures, snapshots. No test
    /// is new then, so the whole suite is asked.
    /// None where all pass without it too.
    pub(super) fn in_support(
        &mut self,
        check: &CheckBlock,
        now: &[TestCase],
    ) -> Result<Option<Vec<Candidate>>, Error> {
        let tree = trees::without_source(self.repository, self.base, &self.parts, &|_| true)?;
        self.trees.without = Some(id(tree));
        let outcome = self.bench.attempt(tree, check, &[])?;
        match outcome.verdict {
            Verdict::Passed => return Ok(None),
            Verdict::Failed => {}
            Verdict::EnvironmentError(_) => return Ok(Some(Vec::new())),
        }
        let passed: HashMap<&str, &TestCase> = now
            .iter()
            .filter(|case| case.state == State::Passed)
            .map(|case| (case.id.as_str(), case))
            .collect();
        let red = outcome
            .tests
            .iter()
            .filter(|case| case.state == State::Failed && case.kind != Some(FailureKind::Load));
        let found = red.filter_map(|case| passed.get(case.id.as_str()).map(|now| (case, now)));
        let found = found
            .map(|(case, now)| Candidate {
                target: Target {
                    file: case
                        .file
                        .clone()
                        .or_else(|| now.file.clone())
                        .unwrap_or_default(),
                    path: Vec::new(),
                    is_exact: true,
                    ids: vec![case.id.clone()],
                },
                line: None,
                is_sealed: false,
                expects_throw: false,
                is_inline: false,
                is_old: true,
                is_pending: false,
                with: Seen::Passed,
            })
            .collect();
        Ok(Some(found))
    }

    /// A test of the change, where this check runs it.
    fn candidate(&self, check: &CheckBlock, item: &Item, now: &[TestCase]) -> Option<Candidate> {
        let cases = selection::find(check, &item.target, now, None);
        if cases.is_empty() {
            return None;
        }
        let test = item.test.as_ref();
        let part = self
            .parts
            .files
            .iter()
            .find(|part| part.path == item.target.file);
        Some(Candidate {
            line: test.map(|test| test.line),
            is_sealed: false,
            expects_throw: test.is_some_and(|test| test.expects_throw),
            is_inline: part.is_some_and(|part| part.is_source()),
            is_old: false,
            is_pending: false,
            with: seen_in(&cases),
            target: with_ids(item.target.clone(), &cases),
        })
    }
}

/// What the whole run said of a test.
pub(super) fn seen_in(cases: &[&TestCase]) -> Seen {
    let has = |state| cases.iter().any(|case| case.state == state);
    if has(State::Failed) {
        Seen::Failed
    } else if has(State::Passed) {
        Seen::Passed
    } else if has(State::Skipped) {
        Seen::Skipped
    } else {
        Seen::Absent
    }
}

fn with_ids(target: Target, cases: &[&TestCase]) -> Target {
    let ids = cases.iter().map(|case| case.id.clone());
    Target {
        ids: target
            .ids
            .iter()
            .cloned()
            .chain(ids)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        ..target
    }
}

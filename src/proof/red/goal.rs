//! Sealed tests that stay as they are while their goal is moved: what they compare with, or what decides how they run,
//! changes together with the source that they are to judge.

use super::candidates::Candidate;
use super::existing::is_for_a_name;
use super::look::{Expected, Sight, look};
use super::parts::Part;
use super::prove::Proving;
use super::seal::Open;
use super::trees;
use crate::change::{Fate, OldTest, RedTest, Seen};
use crate::policy::{CheckBlock, Class};
use crate::proof::Error;
use crate::proof::target::Target;

impl Proving<'_, '_, '_, '_> {
    /// The sealed tests that pass, and do not where the other files of tests are as they were.
    pub(super) fn moved_goals(
        &mut self,
        check: &CheckBlock,
        candidates: &[Candidate],
        tests: &[RedTest],
        open: &Open,
    ) -> Result<Vec<OldTest>, Error> {
        let passes = |target: &Target| {
            let mut same = tests.iter().filter(|test| test.id == target.name());
            same.any(|test| test.is_sealed && test.with == Seen::Passed)
        };
        let targets = candidates.iter().map(|one| one.target.clone());
        let targets: Vec<Target> = targets.filter(passes).collect();
        let places: Vec<usize> = (0..self.parts.files.len())
            .filter(|&at| is_around(&self.parts.files[at], open))
            .collect();
        if targets.is_empty() || places.is_empty() {
            return Ok(Vec::new());
        }
        let sights = self.with_these_as_before(check, &targets, &places)?;
        let mut moved = Vec::new();
        for (target, sight) in targets.iter().zip(sights) {
            if !self.is_missed(&sight) {
                continue;
            }
            moved.push(OldTest {
                check: check.name.clone(),
                id: target.name(),
                file: Some(self.mover(check, target, &places)?),
                fate: Fate::GoalMoved,
                said: sight.said,
            });
        }
        Ok(moved)
    }

    /// The file whose change alone moves the goal; the first where it takes several.
    fn mover(
        &mut self,
        check: &CheckBlock,
        target: &Target,
        places: &[usize],
    ) -> Result<String, Error> {
        let mut found = places[0];
        if places.len() > 1 {
            for &at in places {
                let target = std::slice::from_ref(target);
                let sights = self.with_these_as_before(check, target, &[at])?;
                if sights.iter().any(|sight| self.is_missed(sight)) {
                    found = at;
                    break;
                }
            }
        }
        Ok(self.parts.files[found].path.clone())
    }

    /// Looks at tests on the tree under test with these of its files as the base has them.
    fn with_these_as_before(
        &mut self,
        check: &CheckBlock,
        targets: &[Target],
        places: &[usize],
    ) -> Result<Vec<Sight>, Error> {
        let parts: Vec<&Part> = places.iter().map(|&at| &self.parts.files[at]).collect();
        let tree = trees::as_before(self.repository, self.bench.request.tree, &parts)?;
        let expected = Expected(&self.parts.removed_names);
        look(&mut self.bench, tree, check, targets, expected)
    }

    /// Whether a test ran and did not pass; a name that the change removed, or another file that cannot be loaded for it,
    /// is no goal.
    fn is_missed(&self, sight: &Sight) -> bool {
        let has_not_passed = matches!(
            sight.seen,
            Seen::Failed | Seen::TimedOut | Seen::Skipped | Seen::Absent
        );
        has_not_passed && !sight.is_hidden && !is_for_a_name(sight, &self.parts)
    }
}

/// Whether a changed file is one of the tests, was there before, and is not sealed itself.
fn is_around(part: &Part, open: &Open) -> bool {
    let is_of_tests = matches!(part.class, Class::Test | Class::Support | Class::Harness);
    let mut tests = open.tests.iter();
    is_of_tests
        && part.delta.old.is_some()
        && !open.files.contains_key(&part.path)
        && !tests.any(|test| test.file.as_ref() == Some(&part.path))
}

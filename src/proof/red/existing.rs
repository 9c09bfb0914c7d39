//! The tests that were there before: those whose text changed or went are asked on the new source as they were, and none
//! of the others may be gone.

use super::base::Before;
use super::candidates::seen_in;
use super::look::{Expected, Sight, look};
use super::parts::{Item, Parts};
use super::{Bench, gone, trees};
use crate::change::{Fate, OldTest, RedTest, Seen, TestVerdict};
use crate::git::Oid;
use crate::policy::CheckBlock;
use crate::proof::Error;
use crate::proof::cause::{self, Cause};
use crate::proof::report::TestCase;
use crate::proof::selection;
use crate::proof::target::Target;

/// What is to be said of the tests that were there.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Those that something is to be said of.
    pub(super) tests: Vec<OldTest>,
    /// Q, where tests had to run on it.
    pub(super) tree: Option<Oid>,
}

/// Judges the tests of the base; `proven` are the new and changed ones.
///
/// # Errors
/// The slot cannot be used.
pub(super) fn look_at(
    bench: &mut Bench<'_, '_, '_>,
    parts: &Parts,
    check: &CheckBlock,
    now: &[TestCase],
    before: &Before,
    proven: &[RedTest],
) -> Result<Found, Error> {
    let mut asked: Vec<(Asked<'_>, Vec<String>)> = Vec::new();
    // One that is not reported at all is gone, and told of as that.
    let means_otherwise = |one: &Asked<'_>| {
        let is_reported = |new: &Item| !selection::find(check, &new.target, now, None).is_empty();
        let mut files = parts.files.iter();
        one.new.is_some_and(is_reported)
            && files.any(|part| part.path == one.old.target.file && part.changes_what_tests_mean())
    };
    for one in Asked::of(parts) {
        let cases = selection::find(check, &one.old.target, &before.tests, None);
        let is_known = !cases.is_empty();
        let is_asked = match seen_in(&cases) {
            Seen::Passed => !one.is_kept || means_otherwise(&one) || one.is_skipped(check, now),
            // Where nobody knows what it said, it is taken for one that passed.
            Seen::Absent if before.unknown.is_some() && parts.has_source() => {
                one.may_be_lost(bench, check, now)?
            }
            _ => false,
        };
        if is_asked {
            let ids = cases.iter().map(|case| case.id.clone()).collect();
            asked.push((Asked { is_known, ..one }, ids));
        }
    }
    let mut found = Found::default();
    if !asked.is_empty() {
        found = old_texts(bench, parts, check, now, &asked, proven)?;
    }
    found.tests.extend(focused(parts, check, now));
    if parts.has_source() || parts.files.iter().any(|part| !is_test_only(part)) {
        found
            .tests
            .extend(gone::look(bench, parts, check, now, before)?);
    }
    Ok(found)
}

fn is_test_only(part: &super::parts::Part) -> bool {
    use crate::policy::Class;
    matches!(
        part.class,
        Class::Test | Class::Support | Class::Record | Class::Docs
    )
}

/// A test as it was, and as it is where it is still there.
#[derive(Clone, Copy)]
struct Asked<'i> {
    old: &'i Item,
    new: Option<&'i Item>,
    /// Whether it says what it said.
    is_kept: bool,
    /// Whether a run on the base tells of it.
    is_known: bool,
}

impl<'i> Asked<'i> {
    /// Lists the tests that were in the changed files.
    fn of(parts: &'i Parts) -> impl Iterator<Item = Self> {
        let one = |old, new, is_kept| Self {
            old,
            new,
            is_kept,
            is_known: true,
        };
        let edited = parts.edited.iter();
        let edited = edited.map(move |(old, new)| one(old, Some(new), false));
        let deleted = parts.deleted.iter().map(move |old| one(old, None, false));
        let kept = parts.kept.iter();
        let kept = kept.map(move |(old, new)| one(old, Some(new), true));
        edited.chain(deleted).chain(kept)
    }

    /// Says whether it is there and does not run any more.
    fn is_skipped(self, check: &CheckBlock, now: &[TestCase]) -> bool {
        self.new.is_some_and(|new| is_skipped(check, new, now))
    }

    /// Says whether a test of which the base tells nothing has to be asked: one that says what it said only where no check
    /// runs it, and no other where another check does.
    fn may_be_lost(
        self,
        bench: &Bench<'_, '_, '_>,
        check: &CheckBlock,
        now: &[TestCase],
    ) -> Result<bool, Error> {
        let Some(new) = self.new else {
            return Ok(true);
        };
        let cases = selection::find(check, &new.target, now, None);
        Ok(match seen_in(&cases) {
            Seen::Absent => !gone::is_run(bench, new)?,
            Seen::Skipped => true,
            _ => !self.is_kept,
        })
    }
}

/// Runs the old texts on the new source.
fn old_texts(
    bench: &mut Bench<'_, '_, '_>,
    parts: &Parts,
    check: &CheckBlock,
    now: &[TestCase],
    asked: &[(Asked<'_>, Vec<String>)],
    proven: &[RedTest],
) -> Result<Found, Error> {
    let targets: Vec<Target> = asked
        .iter()
        .map(|(one, ids)| Target {
            ids: ids.clone(),
            ..one.old.target.clone()
        })
        .collect();
    let mut tree = None;
    let sights = if parts.has_source() {
        let old: Vec<&Item> = asked.iter().map(|(one, _)| one.old).collect();
        let oid = trees::with_old_tests(
            bench.validator.repository(),
            bench.request.tree,
            parts,
            &old,
        )?;
        tree = Some(oid);
        let mut sights = look(bench, oid, check, &targets, Expected(&parts.removed_names))?;
        for (target, sight) in targets.iter().zip(&mut sights) {
            let mut files = parts.files.iter();
            let part = files.find(|part| part.path == target.file);
            // A test within a module that the change took away has no place to be asked.
            if sight.seen == Seen::Absent
                && let Some(name) = part.and_then(|part| trees::wanting_now(part, &target.path))
            {
                sight.seen = Seen::DoesNotLoad(vec![name]);
            }
        }
        sights
    } else {
        // Nothing but tests changed: what passed on the base passes still.
        vec![Sight::bare(Seen::Passed); asked.len()]
    };
    let mut tests = Vec::new();
    for (((one, _), target), sight) in asked.iter().zip(&targets).zip(&sights) {
        if let Some(fate) = fate(*one, target, check, now, sight, parts, proven) {
            tests.push(OldTest {
                check: check.name.clone(),
                id: target.name(),
                file: Some(target.file.clone()),
                fate,
                said: sight.said.clone(),
            });
        }
    }
    Ok(Found { tests, tree })
}

/// Says what became of one test; nothing where its old text passes and its new text still asks for something.
fn fate(
    one: Asked<'_>,
    target: &Target,
    check: &CheckBlock,
    now: &[TestCase],
    sight: &Sight,
    parts: &Parts,
    proven: &[RedTest],
) -> Option<Fate> {
    if !one.is_known && matches!(sight.seen, Seen::Absent | Seen::Skipped) {
        // It is another check's, or did not run before either.
        return None;
    }
    let passes = sight.seen == Seen::Passed;
    let for_a_name = || is_for_a_name(sight, parts);
    let Some(new) = one.new else {
        return Some(match passes {
            true => Fate::Deleted,
            false if for_a_name() => Fate::NameRemoved,
            false => Fate::DeletedFailing,
        });
    };
    let cases = selection::find(check, &new.target, now, None);
    // What its text says of skipping may hold elsewhere alone: the report tells what it comes to here.
    if matches!(seen_in(&cases), Seen::Skipped | Seen::Absent) {
        return Some(match passes {
            true => Fate::Skipped,
            false if for_a_name() => Fate::NameRemoved,
            false => Fate::SkippedFailing,
        });
    }
    let counts = |item: &Item| item.test.as_ref().map_or(1, |test| test.assertions);
    let is_proven = proven.iter().any(|test| {
        test.file.as_deref() == Some(&target.file) && is_same(test, new) && counts_as_proof(test)
    });
    if counts(one.old) > 0 && counts(new) == 0 && !is_proven {
        return Some(Fate::Emptied);
    }
    match passes {
        true => None,
        false if is_proven => Some(Fate::ExpectationChanged),
        false if for_a_name() => Some(Fate::NameRemoved),
        false => Some(Fate::Adapted),
    }
}

fn is_same(test: &RedTest, item: &Item) -> bool {
    match item.test.as_ref() {
        Some(found) => test.line == Some(found.line),
        None => true,
    }
}

/// Whether a test's new text is proven, as far as its language lets anything be proven.
fn counts_as_proof(test: &RedTest) -> bool {
    let is_beyond_stubs = test.throwing.is_none() && test.empty.is_none();
    match test.verdict {
        TestVerdict::Proven => true,
        TestVerdict::Weak => is_beyond_stubs,
        _ => false,
    }
}

/// Whether a test fails for want of a name that the change removed, or calls what has other parameters now.
pub(super) fn is_for_a_name(sight: &Sight, parts: &Parts) -> bool {
    let expected = Expected(&parts.removed_names);
    match &sight.seen {
        Seen::DoesNotLoad(names) => expected.hold(names),
        _ => match cause::read(&sight.message) {
            Cause::Names(names) => !names.is_empty() && expected.hold(&names),
            Cause::Other => false,
        },
    }
}

/// Says whether a test is reported as skipped, or all of its parameters are.
pub(super) fn is_skipped(check: &CheckBlock, item: &Item, now: &[TestCase]) -> bool {
    seen_in(&selection::find(check, &item.target, now, None)) == Seen::Skipped
}

/// The tests that keep the others of their file from running now.
fn focused(parts: &Parts, check: &CheckBlock, now: &[TestCase]) -> Vec<OldTest> {
    let was_focused = |old: &Item| old.is_focused();
    // That of a group is none of the test's own text.
    let edited = parts
        .edited
        .iter()
        .chain(&parts.kept)
        .filter(|(old, _)| !was_focused(old))
        .map(|(_, new)| new);
    let items = parts.brought.iter().chain(edited);
    items
        .filter(|item| item.is_focused())
        .filter(|item| !selection::find(check, &item.target, now, None).is_empty())
        .map(|item| OldTest {
            check: check.name.clone(),
            id: item.target.name(),
            file: Some(item.target.file.clone()),
            fate: Fate::Focused,
            said: None,
        })
        .collect()
}

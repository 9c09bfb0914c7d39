//! Tests that passed on the base, that the change leaves alone, and that no run reports any more.

use std::collections::{HashMap, HashSet};

use super::Bench;
use super::base::Before;
use super::existing::is_skipped;
use super::parts::{Item, Parts};
use crate::change::{Fate, OldTest};
use crate::policy::CheckBlock;
use crate::proof::report::{State, TestCase};
use crate::proof::target::Target;
use crate::proof::{Error, selection};
use crate::syntax::{Language, Source};

/// The tests that passed on the base, that the change leaves alone, and that no run reports any more or only as skipped.
pub(super) fn look(
    bench: &Bench<'_, '_, '_>,
    parts: &Parts,
    check: &CheckBlock,
    now: &[TestCase],
    before: &Before,
) -> Result<Vec<OldTest>, Error> {
    let is_there = |case: &&TestCase| case.state != State::Skipped;
    let names: HashSet<&str> = now
        .iter()
        .filter(is_there)
        .map(|case| bare(&case.id))
        .collect();
    let edited = parts.edited.iter().map(|(old, _)| old);
    let skipped = parts
        .kept
        .iter()
        .filter(|(_, new)| is_skipped(check, new, now));
    let skipped = skipped.map(|(old, _)| old);
    let told: Vec<&Item> = edited.chain(&parts.deleted).chain(skipped).collect();
    let passed = |case: &&TestCase| case.state == State::Passed;
    let mut lost: Vec<&TestCase> = before
        .tests
        .iter()
        .filter(passed)
        .filter(|case| !names.contains(bare(&case.id)))
        .collect();
    let is_it = |item: &Item, case: &TestCase| {
        let one = std::slice::from_ref(case);
        !selection::find(check, &item.target, one, None).is_empty()
    };
    let exact = parts.kept.iter().filter(|(old, _)| old.target.is_exact);
    // A number that stands in the text does not change by itself.
    let is_written = |case: &TestCase| exact.clone().any(|(old, _)| is_it(old, case));
    let mut made = lost.clone();
    made.retain(|case| !is_written(case));
    forget_renumbered(&mut made, &before.tests, &names);
    lost.retain(|case| is_written(case) || made.contains(case));
    lost.retain(|case| !told.iter().any(|item| is_it(item, case)));
    let mut found = Vec::new();
    for case in lost {
        let mut kept = parts.kept.iter();
        if let Some((_, still)) = kept.find(|(old, _)| is_it(old, case))
            && is_run(bench, still)?
        {
            continue;
        }
        let file = case.file.clone().or_else(|| file_in(&case.id));
        if is_reported_otherwise(bench, check, file.as_deref(), case, now)? {
            continue;
        }
        found.push(OldTest {
            check: check.name.clone(),
            id: case.id.clone(),
            file,
            fate: Fate::Gone,
            said: None,
        });
    }
    Ok(found)
}

/// Whether any check reports a test where it stands now.
pub(super) fn is_run(bench: &Bench<'_, '_, '_>, item: &Item) -> Result<bool, Error> {
    let policy = &bench.validator.force().policy;
    for check in bench.request.scope.checks(policy) {
        let results = bench.validator.results(bench.request, check)?;
        let mut tests = results.unwrap_or_default().tests;
        tests.retain(|case| case.state != State::Skipped);
        if !selection::find(check, &item.target, &tests, None).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the file still has a test whose name a program makes, and which is reported under another name now.
fn is_reported_otherwise(
    bench: &Bench<'_, '_, '_>,
    check: &CheckBlock,
    file: Option<&str>,
    case: &TestCase,
    now: &[TestCase],
) -> Result<bool, Error> {
    let Some((file, language)) = file.and_then(|file| Some((file, Language::of(file)?))) else {
        return Ok(false);
    };
    let repository = bench.validator.repository();
    let Some(text) = repository.text_at(bench.request.tree, file)? else {
        return Ok(false);
    };
    let tests = Source::parse(language, &text).map(|source| source.tests());
    let one = std::slice::from_ref(case);
    let is_it = |path: Vec<String>| {
        let target = Target {
            file: file.to_owned(),
            path,
            is_exact: false,
            ids: Vec::new(),
        };
        !selection::find(check, &target, one, None).is_empty()
            && !selection::find(check, &target, now, None).is_empty()
    };
    let mut made = tests.into_iter().flatten().filter(|test| !test.is_exact);
    Ok(made.any(|test| is_it(test.path)))
}

/// The file that an id begins with.
fn file_in(id: &str) -> Option<String> {
    let (file, _) = id.split_once("::")?;
    Language::of(file).map(|_| file.to_owned())
}

/// Takes those out that are there under another number: a date in a name changes from day to day. Each needs a new name
/// of its own, else the test after `case 1` could go.
fn forget_renumbered(lost: &mut Vec<&TestCase>, before: &[TestCase], names: &HashSet<&str>) {
    let old: HashSet<&str> = before.iter().map(|case| bare(&case.id)).collect();
    let mut new: HashMap<String, usize> = HashMap::new();
    for name in names.iter().filter(|name| !old.contains(*name)) {
        *new.entry(numberless(name)).or_insert(0) += 1;
    }
    lost.retain(|case| match new.get_mut(&numberless(bare(&case.id))) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
}

/// An id without its parameters.
fn bare(id: &str) -> &str {
    match id.find('[') {
        Some(at) if id.ends_with(']') => &id[..at],
        _ => id,
    }
}

/// A name in which all numbers are the same.
fn numberless(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars() {
        let is_digit = letter.is_ascii_digit();
        if !(is_digit && plain.ends_with('0')) {
            plain.push(if is_digit { '0' } else { letter });
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that are lost between two lists of them.
    fn lost(before: &[&str], now: &[&str]) -> String {
        let cases: Vec<TestCase> = before
            .iter()
            .map(|id| TestCase::new(*id, State::Passed))
            .collect();
        let names: HashSet<&str> = now.iter().map(|id| bare(id)).collect();
        let mut lost: Vec<&TestCase> = cases
            .iter()
            .filter(|case| !names.contains(bare(&case.id)))
            .collect();
        forget_renumbered(&mut lost, &cases, &names);
        let ids: Vec<&str> = lost.iter().map(|case| case.id.as_str()).collect();
        ids.join(" ")
    }

    #[test]
    fn a_date_in_a_name_and_other_parameters_make_no_other_test() {
        assert_eq!(lost(&["a::at-2026-11-22"], &["a::at-2027-1-2"]), "");
        assert_eq!(lost(&["a::x[1-2]"], &["a::x[3]"]), "");
        assert_eq!(lost(&["a::adds"], &["a::adds two"]), "a::adds");
    }

    #[test]
    fn a_number_that_goes_is_not_made_up_for_by_one_that_was_there() {
        assert_eq!(lost(&["case 1", "case 2"], &["case 1"]), "case 2");
        assert_eq!(lost(&["case 1", "case 2"], &["case 1", "case 3"]), "");
        assert_eq!(lost(&["case 1", "case 2"], &["case 3"]), "case 2");
    }
}

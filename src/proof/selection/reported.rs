//! Which cases of a report are those of a test, in the ids that `proof/report` gives them.

use super::arguments::relative;
use super::cargo;
use super::title::{Title, without_number};
use super::which::Runner;
use crate::proof::report::TestCase;
use crate::proof::target::Target;

/// A case, by the name that it has within its file, package or program.
type Named<'c> = (&'c str, &'c TestCase);

/// Finds the cases of a test, in the order of the report; `ran` is the one file of the run.
pub(super) fn find<'c>(
    runner: Runner,
    target: &Target,
    cases: &'c [TestCase],
    ran: Option<&str>,
    folder: Option<&str>,
) -> Vec<&'c TestCase> {
    let by_id = || -> Vec<&TestCase> {
        let has_id = |case: &&TestCase| target.ids.contains(&case.id);
        cases.iter().filter(has_id).collect()
    };
    let by_name = || match runner {
        Runner::CargoTest | Runner::Nextest => rust(runner, target, cases),
        Runner::Go => go(target, cases, folder),
        _ => in_file(runner, target, cases, ran, folder),
    };
    if target.path.is_empty() {
        return or_else(by_id(), || all_of_file(target, cases, ran));
    }
    // A name without its file may be that of a test elsewhere: there, what an earlier report said of it decides.
    let is_its = |case: &TestCase| file_of(case, ran) == Some(&target.file);
    if cases.iter().any(is_its) {
        or_else(by_name(), by_id)
    } else {
        or_else(by_id(), by_name)
    }
}

fn or_else<'c>(
    found: Vec<&'c TestCase>,
    other: impl FnOnce() -> Vec<&'c TestCase>,
) -> Vec<&'c TestCase> {
    if found.is_empty() { other() } else { found }
}

/// Returns the file that holds a test, as far as its report or its run tells.
pub(super) fn file_of<'a>(case: &'a TestCase, ran: Option<&'a str>) -> Option<&'a str> {
    case.file.as_deref().or(ran)
}

fn all_of_file<'c>(target: &Target, cases: &'c [TestCase], ran: Option<&str>) -> Vec<&'c TestCase> {
    let is_its = |case: &&TestCase| file_of(case, ran) == Some(&target.file);
    cases.iter().filter(is_its).collect()
}

/// Finds a test whose report names files, or whose run was one of a single file.
fn in_file<'c>(
    runner: Runner,
    target: &Target,
    cases: &'c [TestCase],
    ran: Option<&str>,
    folder: Option<&str>,
) -> Vec<&'c TestCase> {
    let named: Vec<Named> = cases
        .iter()
        .filter_map(|case| Some((within(runner, target, case, ran, folder)?, case)))
        .collect();
    let separators = runner.separators().iter();
    let mut found = separators.map(|separator| {
        let title = Title::new(&target.path, target.is_exact, separator);
        let found = title.pick(&named);
        if found.is_empty() && matches!(runner, Runner::Node | Runner::Unknown) {
            // Node 20 reports a test that has subtests by those alone.
            return below(&target.path.join(separator), separator, &named);
        }
        found
    });
    let found = found.find(|found| !found.is_empty()).unwrap_or_default();
    if found.is_empty() && runner == Runner::Pytest {
        return inherited(target, &named);
    }
    found
}

/// Names a case within its file; none where that is another one.
fn within<'c>(
    runner: Runner,
    target: &Target,
    case: &'c TestCase,
    ran: Option<&str>,
    folder: Option<&str>,
) -> Option<&'c str> {
    let file = relative(&target.file, folder).unwrap_or(&target.file);
    let after = |place: &str| case.id.strip_prefix(place)?.strip_prefix("::");
    let named = after(&target.file).or_else(|| after(file));
    let name = match file_of(case, ran) {
        Some(other) if other != target.file => return None,
        Some(_) => named.unwrap_or(&case.id),
        // Pytest names a module whose name is not that of a test like its classes.
        None if runner == Runner::Pytest => {
            let module = file.strip_suffix(".py").unwrap_or(file);
            after(&module.replace('/', "::"))?
        }
        None => named.unwrap_or(&case.id),
    };
    Some(if runner == Runner::Pytest {
        without_parameters(name)
    } else {
        name
    })
}

/// Takes off what pytest adds for an instance: `TestX::test_y[1-2]`.
fn without_parameters(name: &str) -> &str {
    let plain = without_number(name);
    match plain.split_once('[') {
        Some((function, parameters)) if parameters.ends_with(']') => function,
        _ => name,
    }
}

/// Finds a test that a class inherits: it is reported as one of that class, in the same file.
fn inherited<'c>(target: &Target, named: &[Named<'c>]) -> Vec<&'c TestCase> {
    let Some((last, [_, ..])) = target.path.split_last() else {
        return Vec::new();
    };
    let is_its = |(name, _): &&Named| {
        let parts: Vec<&str> = without_number(name).split("::").collect();
        parts.len() == target.path.len() && parts.last() == Some(&last.as_str())
    };
    let found = named.iter().filter(is_its);
    found.map(|(_, case)| *case).collect()
}

/// Finds what is named below a test.
fn below<'c>(name: &str, separator: &str, named: &[Named<'c>]) -> Vec<&'c TestCase> {
    let prefix = format!("{name}{separator}");
    let found = named.iter().filter(|(name, _)| name.starts_with(&prefix));
    found.map(|(_, case)| *case).collect()
}

/// Finds a Rust test by the programs that may hold its file; where several packages have one of that name, by the one
/// that is called like the folder.
fn rust<'c>(runner: Runner, target: &Target, cases: &'c [TestCase]) -> Vec<&'c TestCase> {
    let places = cargo::places(&target.file);
    let found_in = |place: &cargo::Place| {
        let split = |case: &'c TestCase| match runner {
            Runner::Nextest => place.in_nextest(&case.id).map(|it| (it, case)),
            _ => place.in_libtest(&case.id).map(|it| (it, case)),
        };
        let here: Vec<((&str, &str), &TestCase)> = cases.iter().filter_map(split).collect();
        let is_own = |((package, _), _): &&((&str, &str), &TestCase)| place.is_of(package);
        let own: Vec<Named> = named(here.iter().filter(is_own));
        match rust_in(place, target, &own) {
            found if found.is_empty() => rust_in(place, target, &named(here.iter())),
            found => found,
        }
    };
    let mut found = places.iter().map(found_in);
    found.find(|found| !found.is_empty()).unwrap_or_default()
}

fn named<'a, 'c: 'a>(
    all: impl Iterator<Item = &'a ((&'c str, &'c str), &'c TestCase)>,
) -> Vec<Named<'c>> {
    all.map(|((_, name), case)| (*name, *case)).collect()
}

/// Finds the test, or the cases that a macro made of it: `adds::case_1`.
fn rust_in<'c>(place: &cargo::Place, target: &Target, named: &[Named<'c>]) -> Vec<&'c TestCase> {
    let name = place.name(&target.path);
    let is_it = |(other, _): &&Named| *other == name || without_number(other) == name;
    let own: Vec<&TestCase> = named.iter().filter(is_it).map(|(_, case)| *case).collect();
    if own.is_empty() {
        below(&name, "::", named)
    } else {
        own
    }
}

fn go<'c>(target: &Target, cases: &'c [TestCase], folder: Option<&str>) -> Vec<&'c TestCase> {
    let split = |case: &'c TestCase| case.id.split_once("::").map(|it| (it, case));
    let all: Vec<((&str, &str), &TestCase)> = cases.iter().filter_map(split).collect();
    let package = package(target, all.iter().map(|((package, _), _)| *package), folder);
    let is_here = |((other, _), _): &&((&str, &str), &TestCase)| Some(*other) == package;
    let here = named(all.iter().filter(is_here));
    let path: Vec<String> = target
        .path
        .iter()
        .map(|part| part.replace(char::is_whitespace, "_"))
        .collect();
    let name = path.join("/");
    // A second subtest of a name has a number: `adds#01`.
    let again = |other: &str| {
        let number = other
            .strip_prefix(&name)
            .and_then(|rest| rest.strip_prefix('#'));
        path.len() > 1
            && number.is_some_and(|it| it.len() == 2 && it.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut found = Title::new(&path, target.is_exact, "/").pick(&here);
    found.extend(
        here.iter()
            .filter(|(name, _)| again(name))
            .map(|(_, case)| *case),
    );
    found
}

/// Picks the package of a file: the shortest whose path ends with the file's folder, for the file names no module. At the
/// module's top that is the one which all others lie below.
pub(super) fn package<'c>(
    target: &Target,
    packages: impl Iterator<Item = &'c str> + Clone,
    folder: Option<&str>,
) -> Option<&'c str> {
    let told = target.ids.iter().find_map(|id| id.split_once("::"));
    if let Some((told, _)) = told {
        return packages.clone().find(|package| *package == told);
    }
    let file = relative(&target.file, folder)?;
    let lies_below = |package: &str, top: &str| {
        let rest = package.strip_prefix(top);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let Some((place, _)) = file.rsplit_once('/') else {
        let mut tops = packages.clone();
        return tops.find(|top| packages.clone().all(|package| lies_below(package, top)));
    };
    let ends = |package: &&str| {
        let rest = package.strip_suffix(place);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    packages.filter(ends).min_by_key(|package| package.len())
}

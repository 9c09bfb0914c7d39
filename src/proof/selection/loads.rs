//! Which case of a report says that a test could not be loaded, imported or compiled.

use super::arguments::relative;
use super::cargo;
use super::reported::{file_of, package};
use super::which::Runner;
use crate::proof::report::{FailureKind, TestCase};
use crate::proof::target::Target;

/// Finds what kept a test from being loaded. Nextest writes no report where a build fails.
pub(super) fn find<'c>(
    runner: Runner,
    target: &Target,
    cases: &'c [TestCase],
    ran: Option<&str>,
    folder: Option<&str>,
) -> Option<&'c TestCase> {
    let is_load = |case: &&TestCase| case.kind == Some(FailureKind::Load);
    let mut loads = cases.iter().filter(is_load);
    match runner {
        Runner::CargoTest | Runner::Nextest => rust(target, &loads.collect::<Vec<_>>()),
        Runner::Go => go(target, &loads.collect::<Vec<_>>(), folder),
        _ => {
            let file = relative(&target.file, folder).unwrap_or(&target.file);
            let is_its = |case: &&TestCase| match file_of(case, ran) {
                Some(other) => other == target.file,
                None => case.id == target.file || case.id == file,
            };
            loads.find(is_its)
        }
    }
}

/// Finds the program of a file, then what it is built with: ``could not compile `sample` (test "it")``. That of a package
/// called like the file's folder comes first.
fn rust<'c>(target: &Target, loads: &[&'c TestCase]) -> Option<&'c TestCase> {
    let places = cargo::places(&target.file);
    let first = places.first()?;
    let programs = places.iter().map(cargo::Place::target);
    // The library, and the program that builds it.
    let shared = ["lib)", "build script", "proc-macro"].map(str::to_owned);
    let mut starts = programs.chain(shared);
    starts.find_map(|start| {
        let split = |case: &&'c TestCase| {
            let (package, failed) = case.id.split_once(" (")?;
            failed.starts_with(&start).then_some((package, *case))
        };
        let found: Vec<(&str, &TestCase)> = loads.iter().filter_map(split).collect();
        let own = found.iter().find(|(package, _)| first.is_of(package));
        own.or(found.first()).map(|(_, case)| *case)
    })
}

/// Finds the package of a file: `example.org/app`, or `example.org/app [example.org/app.test]` where a build says it.
fn go<'c>(target: &Target, loads: &[&'c TestCase], folder: Option<&str>) -> Option<&'c TestCase> {
    let name = |case: &&'c TestCase| case.id.split(' ').next().unwrap_or_default();
    let packages: Vec<&str> = loads.iter().map(name).collect();
    let package = package(target, packages.iter().copied(), folder)?;
    loads.iter().find(|case| name(case) == package).copied()
}

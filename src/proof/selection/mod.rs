//! Which arguments run some tests alone, and which cases of a report are those of a test. Pure: it knows the runners'
//! names for tests and starts nothing.

mod arguments;
mod cargo;
mod loads;
mod reported;
mod title;
mod which;

use super::report::TestCase;
use super::runner;
use super::target::Target;
use crate::policy::CheckBlock;
use which::Runner;

/// One run of a check on some tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// What follows `run`: the check's `only`, with `{tests}` replaced.
    pub more: Vec<String>,
    /// The file whose tests alone run, where the run is one of a single file: its report may not name it.
    pub file: Option<String>,
}

impl Selected {
    fn whole_suite() -> Self {
        Self {
            more: Vec::new(),
            file: None,
        }
    }
}

/// Plans the runs that a check needs for these tests: one, or one a file where the reports of its runner name none. The
/// order of `targets` is kept where the runner takes one.
///
/// A run may hold more tests than these: [`find`] tells them apart. It is one of the whole suite, with nothing added,
/// where the check has no `only`, where there are no targets, where they are too many to name, or where the runner has no
/// sure name for one of them. Tests outside of the folder that the check runs in are left out, and where no other is there
/// no run is planned. The files have to be in the tree that is run: most runners run nothing where one is missing.
pub fn plan(check: &CheckBlock, targets: &[Target]) -> Vec<Selected> {
    let selects = |arg: &String| arg.contains(arguments::PLACEHOLDER);
    if targets.is_empty() || !check.only.iter().any(selects) {
        return vec![Selected::whole_suite()];
    }
    let folder = runner::folder(&check.run);
    let folder = folder.as_deref();
    let inside = |target: &&Target| arguments::relative(&target.file, folder).is_some();
    let targets: Vec<&Target> = targets.iter().filter(inside).collect();
    if targets.is_empty() {
        return Vec::new();
    }
    let runner = Runner::of(check);
    let runs = if runner.names_no_file(check) {
        by_file(&targets)
    } else {
        vec![(None, targets)]
    };
    let planned: Option<Vec<Selected>> = runs
        .into_iter()
        .map(|(file, targets)| {
            let more = arguments::only(runner, check, folder, &targets)?;
            Some(Selected { more, file })
        })
        .collect();
    planned.unwrap_or_else(|| vec![Selected::whole_suite()])
}

/// Groups tests by their files, in the order in which those come first.
fn by_file<'t>(targets: &[&'t Target]) -> Vec<(Option<String>, Vec<&'t Target>)> {
    let mut groups: Vec<(Option<String>, Vec<&Target>)> = Vec::new();
    for target in targets {
        let is_its = |(file, _): &&mut (Option<String>, _)| file.as_ref() == Some(&target.file);
        match groups.iter_mut().find(is_its) {
            Some((_, of_it)) => of_it.push(target),
            None => groups.push((Some(target.file.clone()), vec![target])),
        }
    }
    groups
}

/// Finds the cases of a report that are this test's, one a parameter; `ran` is the [`Selected::file`] of the run.
pub fn find<'c>(
    check: &CheckBlock,
    target: &Target,
    cases: &'c [TestCase],
    ran: Option<&str>,
) -> Vec<&'c TestCase> {
    if ran.is_some_and(|file| file != target.file) {
        return Vec::new();
    }
    let folder = runner::folder(&check.run);
    reported::find(Runner::of(check), target, cases, ran, folder.as_deref())
}

/// Finds the case that stands for what keeps this test from being loaded: its file, module, package or test program.
/// Another program that was not compiled is not it, though cargo then runs none.
pub fn loading<'c>(
    check: &CheckBlock,
    target: &Target,
    cases: &'c [TestCase],
    ran: Option<&str>,
) -> Option<&'c TestCase> {
    if ran.is_some_and(|file| file != target.file) {
        return None;
    }
    let folder = runner::folder(&check.run);
    loads::find(Runner::of(check), target, cases, ran, folder.as_deref())
}

#[cfg(test)]
mod tests;

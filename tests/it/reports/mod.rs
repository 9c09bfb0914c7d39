//! Reports of real runners become the same tests, whether kept as fixtures or written now.

mod expected;
mod fixtures;
pub(crate) mod real;

use std::fmt::Write as _;
use std::path::PathBuf;

use pdd_hooks::policy::ReportForm;
use pdd_hooks::proof::report::{TestCase, from_top, read};

/// Reads a report that must be one, and writes its tests as lines to compare.
#[track_caller]
fn tests_of(form: ReportForm, bytes: &[u8]) -> String {
    told(&read(form, bytes).unwrap_or_else(|error| panic!("{error}")))
}

/// Writes tests as lines, sorted, for runners end tests in any order: state, kind where there is one, id, and the file
/// where the report names it.
fn told(cases: &[TestCase]) -> String {
    let mut lines: Vec<String> = cases.iter().map(line).collect();
    lines.sort();
    lines.concat()
}

fn line(case: &TestCase) -> String {
    let mut line = format!("{:?}", case.state).to_lowercase();
    if let Some(kind) = case.kind {
        let kind = format!("{kind:?}").to_lowercase();
        write!(line, "({kind})").unwrap();
    }
    write!(line, " {}", case.id).unwrap();
    if let Some(file) = &case.file {
        write!(line, " in {file}").unwrap();
    }
    line + "\n"
}

/// Reads node's report as its version 22 writes it: 20 names a file that cannot be loaded by its whole path, and 24 names
/// the file of every test.
#[track_caller]
fn node_without_files(bytes: &[u8], top: &str) -> String {
    let mut cases = read(ReportForm::Junit, bytes).unwrap_or_else(|error| panic!("{error}"));
    from_top(&mut cases, top);
    for case in &mut cases {
        if let Some(file) = case.file.take()
            && let Some(id) = case.id.strip_prefix(&format!("{file}::"))
        {
            case.id = id.to_owned();
        }
    }
    told(&cases)
}

/// Returns a path below the folder of these tests.
fn here(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/reports")
        .join(path)
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let document = include_str!("../../../docs/reports.md");
    let (_, rest) = document.split_once("<!-- ndjson -->\n```json\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let expected = "failed(assert) tests/sum.lua::subtracts
passed tests/sum.lua::adds in tests/sum.lua
skipped tests/big.lua::later
";
    assert_eq!(tests_of(ReportForm::Ndjson, example.as_bytes()), expected);
}

//! The reports of test runners in one normal form. It is handed bytes and knows no file and no process.

mod go_json;
mod junit;
mod libtest;
mod ndjson;
mod tally;

use std::collections::HashSet;

use crate::policy::ReportForm;

pub use tally::Tally;

/// The most bytes that are kept of what a report says of one failure.
pub const MESSAGE_LIMIT: usize = 4096;

/// The most tests of one report: a report of empty elements must not fill the memory.
const TEST_LIMIT: usize = 1_000_000;

/// One test of a report.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TestCase {
    /// Names the test within its check, unique in the report: `tests/test_app.py::TestX::test_y` where the report says
    /// that much.
    pub id: String,
    /// What became of it.
    pub state: State,
    /// How it failed; none where it did not.
    pub kind: Option<FailureKind>,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// What the report says of the failure, bounded.
    pub message: Option<String>,
    /// The file that holds it, where the report says so, from the top of the repository.
    pub file: Option<String>,
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It ran and passed.
    Passed,
    /// It ran and failed, or could not be loaded.
    Failed,
    /// It did not run, or nothing was asked of it: skipped, todo, expected to fail.
    Skipped,
}

/// How a test failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// An assertion did not hold.
    Assert,
    /// Something else went wrong while it ran, or while it was set up.
    Error,
    /// It could not be loaded, imported or compiled.
    Load,
    /// The runner's own limit ended it.
    Timeout,
}

/// Says why bytes are no report of their form, as a clause that follows "the report cannot be read".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Unreadable {
    fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// Reads a report; under `exit-code` there is nothing to read, and no test is in it.
///
/// Under `libtest` the bytes are stdout and stderr of `cargo test` as one text, in the order in which they were
/// written: the test results are on stdout, the names of the test programs on stderr. Without the latter the tests are
/// read as well, and their ids lack the program.
///
/// # Errors
/// Returns what is wrong with the bytes, a report that contradicts itself included.
pub fn read(form: ReportForm, bytes: &[u8]) -> Result<Vec<TestCase>, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let mut cases = match form {
        ReportForm::Junit => junit::read(&text)?,
        ReportForm::GoJson => go_json::read(&text)?,
        ReportForm::Libtest => libtest::read(&text)?,
        ReportForm::Ndjson => ndjson::read(&text)?,
        ReportForm::ExitCode => Vec::new(),
    };
    if cases.len() > TEST_LIMIT {
        return Err(too_many());
    }
    tell_apart(&mut cases);
    Ok(cases)
}

/// Takes the top of the tree out of ids and files: node writes absolute paths, and the slot's place is nobody's evidence.
pub fn from_top(cases: &mut [TestCase], top: &str) {
    let top = format!("{}/", top.trim_end_matches('/'));
    for case in &mut *cases {
        for text in [Some(&mut case.id), case.file.as_mut()]
            .into_iter()
            .flatten()
        {
            if let Some(rest) = text.strip_prefix(&top) {
                *text = rest.to_owned();
            }
        }
    }
    tell_apart(cases);
}

/// Names files from the top of the tree. A runner in a `folder` names them from there, or from the top of its own choice;
/// a name that is neither says nothing.
pub fn files_from_top(
    cases: &mut [TestCase],
    folder: Option<&str>,
    is_there: impl Fn(&str) -> bool,
) {
    for case in cases {
        let named = case.file.take();
        let below = named
            .as_ref()
            .zip(folder)
            .map(|(file, folder)| format!("{folder}/{file}"));
        let mut places = [below, named].into_iter().flatten();
        let leads_out = |file: &str| file.split('/').any(|part| part == "..");
        case.file = places.find(|file| !leads_out(file) && is_there(file));
    }
}

fn too_many() -> Unreadable {
    Unreadable::new(format!("it has more than {TEST_LIMIT} tests"))
}

/// Gives a repeated id a number, in the order of the report: `a`, `a #2`, `a #3`.
fn tell_apart(cases: &mut [TestCase]) {
    let mut taken = HashSet::new();
    let mut next: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for case in cases {
        if taken.insert(case.id.clone()) {
            continue;
        }
        let number = next.entry(case.id.clone()).or_insert(2);
        // A test may really be called `a #2`.
        let free = loop {
            let id = format!("{} #{number}", case.id);
            *number += 1;
            if taken.insert(id.clone()) {
                break id;
            }
        };
        case.id = free;
    }
}

/// Cuts what is said of a failure to [`MESSAGE_LIMIT`] bytes, at a character; none where nothing is said.
pub(super) fn bounded(text: &str) -> Option<String> {
    let text = text.trim_end().trim_start_matches(['\n', '\r']);
    let mut end = text.len().min(MESSAGE_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (end > 0).then(|| text[..end].to_owned())
}

/// Adds to what is said of a failure, as long as more of it could be kept.
fn append(message: &mut String, text: &str) {
    // What is trimmed later may stand in front: twice the limit is still little.
    let mut room = (2 * MESSAGE_LIMIT)
        .saturating_sub(message.len())
        .min(text.len());
    while !text.is_char_boundary(room) {
        room -= 1;
    }
    message.push_str(&text[..room]);
}

/// Turns seconds as reports write them into milliseconds; what is no time counts as none.
fn milliseconds(seconds: &str) -> u64 {
    // jest writes thousands apart where a locale says so.
    let seconds: f64 = seconds.trim().replace(',', "").parse().unwrap_or(0.0);
    whole_milliseconds(seconds)
}

fn whole_milliseconds(seconds: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and makes 0 of what is no number"
    )]
    let whole = (seconds * 1000.0).round() as u64;
    whole
}

impl TestCase {
    /// Returns the line that says what went wrong: the first, with the next where it only leads to it (`panicked at …:`).
    pub fn headline(&self) -> Option<String> {
        let mut lines = self.message.as_deref()?.lines().map(str::trim);
        if self.kind == Some(FailureKind::Load) {
            // Pytest tells at length where it failed to import, and marks why; further in stands what it quotes.
            let mut marked = lines.clone().filter_map(|line| line.strip_prefix("E   "));
            let cause = marked.find(|line| !line.starts_with(' '));
            if let Some(cause) = cause {
                return Some(cause.trim().to_owned());
            }
        }
        let first = lines.next()?;
        let next = lines.next().filter(|_| first.ends_with(':'));
        Some(next.map_or_else(|| first.to_owned(), |next| format!("{first} {next}")))
    }

    /// Makes a test of which nothing but its state is known.
    pub(super) fn new(id: impl Into<String>, state: State) -> Self {
        Self {
            id: id.into(),
            state,
            kind: None,
            ms: 0,
            message: None,
            file: None,
        }
    }

    /// Makes a test that failed in this way.
    pub(super) fn failed(id: impl Into<String>, kind: FailureKind, message: &str) -> Self {
        Self {
            kind: Some(kind),
            message: bounded(message),
            ..Self::new(id, State::Failed)
        }
    }
}

#[cfg(test)]
mod tests;

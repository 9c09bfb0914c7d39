//! What each runner means by what it writes: ids, files, and how a test failed. All of it was read off real reports
//! (tests/it/reports/fixtures).

use super::{Case, Mark, Meaning};
use crate::proof::report::{FailureKind, State, TestCase, bounded, milliseconds};

/// The runner that wrote a report, as far as the report tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Pytest,
    Nextest,
    Vitest,
    Jest,
    Node,
    /// The root says nothing, which node:test and old versions of pytest have in common.
    Bare,
    Other,
}

/// What is said of a test that passed only when it was tried again.
const FLAKY: &str = "flaky: it failed, and passed when it was tried again";

impl Dialect {
    /// Tells the runner by its root, or by the first suite below a root that says nothing.
    pub(super) fn of_suite(name: &str, root: bool, attributes: &[(String, String)]) -> Self {
        match name {
            "pytest tests" | "pytest" => Self::Pytest,
            "nextest-run" if root => Self::Nextest,
            "vitest tests" if root => Self::Vitest,
            "jest tests" if root => Self::Jest,
            _ if root && attributes.is_empty() => Self::Bare,
            _ if !root && attributes.iter().any(|(key, _)| key == "disabled") => Self::Node,
            _ => Self::Other,
        }
    }

    /// Says whether a test stands for a file or module that could not be loaded.
    pub(super) fn is_load(self, case: &Case) -> bool {
        let fails = case.failures + case.errors > 0;
        let says = |words: &str| {
            case.marks
                .iter()
                .any(|mark| mark.message.starts_with(words))
        };
        fails
            && match self {
                Self::Pytest => says("collection failure"),
                Self::Vitest => case.name == case.class,
                Self::Jest => case.class == "Test suite failed to run",
                // A file whose process ended with another code than 0, and of which no test failed.
                Self::Node => case.class == "test" && is_script(&case.name) && says("test failed"),
                Self::Nextest | Self::Bare | Self::Other => false,
            }
    }

    /// Makes a test of what the document says of it; `suites` are the names of those that it stands in, root first.
    pub(super) fn test(self, case: &Case, suites: &[&str]) -> TestCase {
        let file = self.file(case);
        let id = self.id(case, suites, file.as_deref());
        let marked = |meaning| case.marks.iter().find(|mark| mark.meaning == meaning);
        let skipped = marked(Meaning::Skipped);
        // What is to do may fail: node:test writes both marks, and ends with 0.
        let to_do = skipped.is_some_and(|mark| mark.category == "todo");
        let failed = marked(Meaning::Failure).or_else(|| marked(Meaning::Error));
        let outcome = match (failed, skipped, marked(Meaning::Flaky)) {
            (Some(mark), _, _) if !to_do => {
                let kind = if self.is_load(case) {
                    FailureKind::Load
                } else {
                    kind(mark)
                };
                TestCase {
                    message: words(mark),
                    ..TestCase::failed(id, kind, "")
                }
            }
            (_, Some(mark), _) => TestCase {
                message: words(mark),
                ..TestCase::new(id, State::Skipped)
            },
            (_, None, Some(mark)) => {
                let said = words(mark).unwrap_or_default();
                TestCase::failed(id, kind(mark), &format!("{FLAKY}\n{said}"))
            }
            _ => TestCase::new(id, State::Passed),
        };
        TestCase {
            ms: milliseconds(&case.time),
            file,
            ..outcome
        }
    }

    fn file(self, case: &Case) -> Option<String> {
        if case.file.is_some() {
            return case.file.clone();
        }
        match self {
            Self::Pytest if case.class.is_empty() => python_file(&case.name).map(|(file, _)| file),
            Self::Pytest => python_file(&case.class).map(|(file, _)| file),
            Self::Vitest if !case.class.is_empty() => Some(case.class.clone()),
            Self::Jest if self.is_load(case) => Some(case.name.clone()),
            _ => None,
        }
    }

    fn id(self, case: &Case, suites: &[&str], file: Option<&str>) -> String {
        let name = case.name.trim();
        // A file that cannot be loaded has no test to name.
        if self.is_load(case) {
            return file.unwrap_or(name).to_owned();
        }
        let within = match self {
            // The root is a suite too, and has no name.
            Self::Node | Self::Bare => {
                let groups = suites.iter().copied().filter(|suite| !suite.is_empty());
                groups.chain([name]).collect::<Vec<_>>().join(" > ")
            }
            Self::Pytest => match class_within(&case.class, file) {
                "" => name.to_owned(),
                class => format!("{}::{name}", class.replace('.', "::")),
            },
            _ => name.to_owned(),
        };
        let class = case.class.trim();
        let place = match (self, file) {
            (_, Some(file)) => file,
            // It is always `test`, says what the name says, or is in the id already.
            (Self::Node | Self::Bare | Self::Jest | Self::Pytest, None) => "",
            (_, None) if class.is_empty() => suites.last().copied().unwrap_or_default(),
            (_, None) => class,
        };
        if place.is_empty() || within == place {
            within
        } else {
            format!("{place}::{within}")
        }
    }
}

/// Says whether a name is that of a file which node runs.
fn is_script(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|it| matches!(it, "js" | "mjs" | "cjs" | "ts" | "mts" | "cts"))
}

/// Splits pytest's class name into the file and the classes in it, where the file is named as pytest finds tests:
/// `tests.test_app.TestX` is `tests/test_app.py` and `TestX`.
fn python_file(class: &str) -> Option<(String, &str)> {
    let is_module = |part: &str| part.starts_with("test_") || part.ends_with("_test");
    let mut end = None;
    let mut at = 0;
    for part in class.split('.') {
        at += part.len();
        if is_module(part) {
            end = Some(at);
        }
        at += 1;
    }
    let end = end?;
    let file = format!("{}.py", class[..end].replace('.', "/"));
    Some((file, class[end..].trim_start_matches('.')))
}

/// Returns the classes in pytest's class name, without the module.
fn class_within<'a>(class: &'a str, file: Option<&str>) -> &'a str {
    let Some(file) = file else {
        return class;
    };
    let module = file.strip_suffix(".py").unwrap_or(file).replace('/', ".");
    match class.strip_prefix(&module) {
        Some("") => "",
        Some(rest) => rest.strip_prefix('.').unwrap_or(class),
        None => class,
    }
}

/// Returns what a mark says: its text, with the attribute before it where the text does not begin by saying the same.
fn words(mark: &Mark) -> Option<String> {
    let (message, text) = (mark.message.trim(), mark.text.trim());
    if text.is_empty() {
        return bounded(message);
    }
    let begin = text.lines().next().unwrap_or_default();
    let is_said = message
        .lines()
        .next()
        .is_none_or(|said| begin.contains(said));
    if is_said && text.contains(message) {
        return bounded(text);
    }
    bounded(&format!("{message}\n{text}"))
}

/// Tells how a test failed by its type and its words.
fn kind(mark: &Mark) -> FailureKind {
    let text = mark.text.trim_start();
    let first = match mark.message.trim() {
        "" => text.lines().next().unwrap_or_default(),
        message => message,
    };
    let limits = [
        "test timed out",
        "Test timed out in",
        "Error: thrown: \"Exceeded timeout of",
        "Failed: Timeout",
    ];
    if mark.category == "test timeout"
        || mark.category == "testTimeoutFailure"
        || limits.iter().any(|words| first.starts_with(words))
    {
        return FailureKind::Timeout;
    }
    if mark.meaning == Meaning::Error {
        return FailureKind::Error;
    }
    let asserts = mark.category.contains("Assert")
        || first.contains("AssertionError")
        || first.starts_with("assert ")
        || first.starts_with("Error: expect(")
        || text.contains("code: 'ERR_ASSERTION'")
        || text.contains("\nassertion ")
        || text.contains("did not panic as expected");
    if asserts {
        return FailureKind::Assert;
    }
    let ended_by_itself = is_exception(&mark.category)
        || is_exception(first.split(':').next().unwrap_or_default())
        || text.contains("failureType:")
        || text.contains(" panicked at ")
        || text
            .lines()
            .any(|line| line.trim_start().starts_with("panic: "));
    if ended_by_itself {
        FailureKind::Error
    } else {
        FailureKind::Assert
    }
}

/// Says whether a word names an exception: `ValueError`, `java.lang.IllegalStateException`.
fn is_exception(word: &str) -> bool {
    !word.contains(char::is_whitespace) && (word.ends_with("Error") || word.ends_with("Exception"))
}

#[cfg(test)]
mod tests {
    use super::{class_within, python_file};

    #[test]
    fn a_python_module_is_told_from_its_classes_where_its_name_is_a_test_s() {
        let found = |class| python_file(class).map(|(file, within)| (file, within.to_owned()));
        let file = |path: &str, within: &str| Some((path.to_owned(), within.to_owned()));
        assert_eq!(found("tests.test_app"), file("tests/test_app.py", ""));
        assert_eq!(
            found("tests.test_app.TestX.TestY"),
            file("tests/test_app.py", "TestX.TestY")
        );
        assert_eq!(
            found("test_unit.app_test.TestX"),
            file("test_unit/app_test.py", "TestX")
        );
        assert_eq!(found("checks.app.TestX"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn a_class_that_does_not_lie_in_the_file_is_kept_whole() {
        let within = |class, file| class_within(class, Some(file));
        assert_eq!(within("tests.test_a.TestX", "tests/test_a.py"), "TestX");
        assert_eq!(within("other.TestX", "tests/test_a.py"), "other.TestX");
        assert_eq!(within("tests.test_ab", "tests/test_a.py"), "tests.test_ab");
    }
}

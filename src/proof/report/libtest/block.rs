//! One block of results: from `running 3 tests` to `test result: …`.

use std::collections::HashMap;

use super::super::{FailureKind, State, TestCase, Unreadable, append, bounded};

/// The results of one program of tests.
pub(super) struct Block {
    program: String,
    announced: usize,
    results: Vec<Line>,
    /// A test that began and whose result stands on a later line: with one thread, what it writes comes between.
    begun: Option<String>,
    /// Whether `failures:` was read: from there on output is quoted.
    quotes: bool,
    /// The test whose output is being quoted.
    of: Option<String>,
    /// The names in the list that closes the quotations, as far as this may be it.
    list: Option<Vec<String>>,
    /// The last summary in the quotations that was not this block's.
    disputed: Option<String>,
    said: HashMap<String, String>,
}

struct Line {
    name: String,
    result: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Ok,
    Failed,
    Ignored,
    Measured,
}

impl Block {
    pub(super) fn new(program: String, announced: usize) -> Self {
        Self {
            program,
            announced,
            results: Vec::new(),
            begun: None,
            quotes: false,
            of: None,
            list: None,
            disputed: None,
            said: HashMap::new(),
        }
    }

    /// Says whether the block has come to where the output of failed tests is quoted.
    pub(super) fn quotes(&self) -> bool {
        self.quotes
    }

    /// Takes a line before the quotations.
    pub(super) fn take(&mut self, line: &str) {
        if matches!(line, "failures:" | "successes:") && self.results.len() >= self.announced {
            self.quotes = true;
            return;
        }
        if let Some((name, rest)) = begin(line) {
            match outcome(rest) {
                Some(result) => self.push(name, result),
                None => self.begun = Some(plain(name).to_owned()),
            }
        } else if let Some(result) = outcome(line)
            && let Some(name) = self.begun.take()
        {
            self.push(&name, result);
        }
    }

    fn push(&mut self, name: &str, result: Outcome) {
        self.begun = None;
        self.results.push(Line {
            name: plain(name).to_owned(),
            result,
        });
    }

    /// Takes a line of the quotations; true where it is the summary. It follows a list of the failed tests (or, with
    /// `--show-output`, of those that passed); any other is a quotation itself.
    pub(super) fn quoted(&mut self, line: &str) -> bool {
        if let Some(summary) = Summary::of(line) {
            if self.is_listed() && self.settle(&summary) {
                return true;
            }
            self.disputed = Some(line.to_owned());
        }
        let head = line
            .strip_prefix("---- ")
            .and_then(|rest| rest.strip_suffix(" stdout ----"));
        if let Some(name) = head {
            self.of = Some(plain(name).to_owned());
        } else if let Some(name) = &self.of {
            let said = self.said.entry(name.clone()).or_default();
            append(said, line);
            append(said, "\n");
        }
        self.list = match (self.list.take(), line.strip_prefix("    ")) {
            _ if matches!(line, "failures:" | "successes:") => Some(Vec::new()),
            (Some(mut list), Some(name)) => {
                list.push(plain(name).to_owned());
                Some(list)
            }
            (list, _) if line.is_empty() => list,
            _ => None,
        };
        false
    }

    /// Says whether the list just read is the one that closes the quotations.
    fn is_listed(&self) -> bool {
        let names = |result| {
            let lines = self
                .results
                .iter()
                .filter(move |line| line.result == result);
            let mut names: Vec<&str> = lines.map(|line| line.name.as_str()).collect();
            names.sort_unstable();
            names
        };
        let Some(list) = &self.list else {
            return false;
        };
        let mut list: Vec<&str> = list.iter().map(String::as_str).collect();
        list.sort_unstable();
        let failed = names(Outcome::Failed);
        list == failed || (failed.is_empty() && list == names(Outcome::Ok))
    }

    /// Says whether a line before the quotations is the block's summary.
    ///
    /// # Errors
    /// Refuses a summary that disagrees with the results before it.
    pub(super) fn is_summary(&mut self, line: &str) -> Result<bool, Unreadable> {
        let Some(summary) = Summary::of(line) else {
            return Ok(false);
        };
        if self.settle(&summary) {
            return Ok(true);
        }
        Err(self.disagreement(line))
    }

    fn disagreement(&self, summary: &str) -> Unreadable {
        let program = match self.program.as_str() {
            "" => String::new(),
            program => format!("`{program}` "),
        };
        Unreadable::new(format!(
            "{} results and the summary of {program}disagree: `{}`",
            self.results.len(),
            summary.chars().take(120).collect::<String>()
        ))
    }

    /// Keeps the results that agree with the summary; false where none do.
    fn settle(&mut self, summary: &Summary) -> bool {
        if self.agrees(summary, |_| true) {
            return true;
        }
        // trybuild writes results of its own past the capture, named after files: they are not the harness's.
        if self.agrees(summary, |line| is_test(&line.name)) {
            self.results.retain(|line| is_test(&line.name));
            return true;
        }
        false
    }

    fn agrees(&self, summary: &Summary, which: impl Fn(&Line) -> bool) -> bool {
        let count = |result| {
            let lines = self.results.iter().filter(|line| which(line));
            lines.filter(|line| line.result == result).count()
        };
        let found = Summary {
            ok: count(Outcome::Failed) == 0,
            passed: count(Outcome::Ok),
            failed: count(Outcome::Failed),
            ignored: count(Outcome::Ignored),
            measured: count(Outcome::Measured),
        };
        let total = found.passed + found.failed + found.ignored + found.measured;
        found == *summary && total == self.announced
    }

    /// Returns the tests of a block that agrees with its summary.
    pub(super) fn cases(mut self) -> Vec<TestCase> {
        let results = std::mem::take(&mut self.results);
        results.into_iter().map(|line| self.case(&line)).collect()
    }

    /// Returns the tests of a block without a summary, and a failed one for those that did not end.
    ///
    /// # Errors
    /// Refuses a block that has summaries of which none agrees with it.
    pub(super) fn unfinished(mut self) -> Result<Vec<TestCase>, Unreadable> {
        if let Some(summary) = &self.disputed {
            return Err(self.disagreement(summary));
        }
        let begun = self.begun.take();
        let ended = self.results.len();
        let (announced, program) = (self.announced, self.program.clone());
        let mut cases = self.cases();
        let message = format!(
            "the program ended without a summary: {ended} of {announced} tests have a result"
        );
        let name = begun.unwrap_or_else(|| "(no summary)".into());
        let id = id(&program, &name);
        cases.push(TestCase::failed(id, FailureKind::Error, &message));
        Ok(cases)
    }

    fn case(&mut self, line: &Line) -> TestCase {
        let id = id(&self.program, &line.name);
        match line.result {
            Outcome::Ok | Outcome::Measured => TestCase::new(id, State::Passed),
            Outcome::Ignored => TestCase::new(id, State::Skipped),
            Outcome::Failed => {
                let said = self.said.remove(&line.name).unwrap_or_default();
                // The list that closes the quotations follows what the last test wrote.
                let said = said
                    .rsplit_once("\nfailures:\n")
                    .map_or(&*said, |(said, _)| said);
                TestCase {
                    message: bounded(said),
                    ..TestCase::failed(id, kind(said), "")
                }
            }
        }
    }
}

fn id(program: &str, name: &str) -> String {
    match program {
        "" => name.to_owned(),
        program => format!("{program}::{name}"),
    }
}

/// The last line of a block.
#[derive(PartialEq, Eq)]
struct Summary {
    ok: bool,
    passed: usize,
    failed: usize,
    ignored: usize,
    measured: usize,
}

impl Summary {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`.
    fn of(line: &str) -> Option<Self> {
        let (word, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut counts = counts.split("; ");
        let mut next = |what: &str| -> Option<usize> {
            let count = counts.next()?.strip_suffix(what)?;
            count.strip_suffix(' ')?.parse().ok()
        };
        Some(Self {
            ok: match word {
                "ok" => true,
                "FAILED" => false,
                _ => return None,
            },
            passed: next("passed")?,
            failed: next("failed")?,
            ignored: next("ignored")?,
            measured: next("measured")?,
        })
    }
}

/// Says whether a line is the result of one test, wherever it stands.
pub(super) fn is_result(line: &str) -> bool {
    begin(line).is_some_and(|(name, rest)| is_test(plain(name)) && outcome(rest).is_some())
}

/// Splits `test a::b ... ok` into the name and what follows it.
fn begin(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("test ")?.split_once(" ... ")
}

fn outcome(text: &str) -> Option<Outcome> {
    let text = text.trim_end();
    // `ok <0.012s>` and `FAILED (time limit exceeded)` come with times, `ignored, the reason` with a reason.
    let (word, rest) = match text.find([' ', ',', ':']) {
        Some(end) => text.split_at(end),
        None => (text, ""),
    };
    match word {
        "ok" if rest.is_empty() || rest.starts_with(" <") => Some(Outcome::Ok),
        "FAILED" if rest.is_empty() || rest.starts_with([' ', ',']) => Some(Outcome::Failed),
        "ignored" if rest.is_empty() || rest.starts_with([' ', ',']) => Some(Outcome::Ignored),
        "bench" if rest.starts_with(": ") => Some(Outcome::Measured),
        _ => None,
    }
}

/// Returns a name without what the harness adds to it.
fn plain(name: &str) -> &str {
    [" - should panic", " - compile fail", " - compile"]
        .iter()
        .find_map(|addition| name.strip_suffix(addition))
        .unwrap_or(name)
}

/// Says whether the harness gives tests such a name: a path of Rust, or a place in the documentation.
fn is_test(name: &str) -> bool {
    let is_path = || {
        let mut characters = name.chars();
        characters.all(|it| it.is_alphanumeric() || matches!(it, '_' | ':' | '#'))
    };
    name.contains(" (line ") || is_path()
}

/// Tells an assertion from another panic by its words.
fn kind(said: &str) -> FailureKind {
    let asserts =
        |line: &str| line.starts_with("assertion ") || line.contains("did not panic as expected");
    if said.lines().any(asserts) {
        FailureKind::Assert
    } else {
        FailureKind::Error
    }
}

//! JUnit XML as real runners write it: pytest, nextest, vitest, jest-junit, node:test, gotestsum and others. This file
//! walks through the document; what a runner means by what it writes stands in `dialect.rs`.

mod counts;
mod dialect;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{State, TEST_LIMIT, TestCase, Unreadable, append, too_many};
use counts::{Counts, Summary};
use dialect::Dialect;

/// The deepest nesting: real reports have six levels and those of their test groups.
const DEPTH_LIMIT: usize = 100;

/// The most attributes of one element; jest and nextest write eight.
const ATTRIBUTE_LIMIT: usize = 64;

/// The most marks of one test that are looked at: a test that is tried again has one for each try.
const MARK_LIMIT: usize = 64;

/// A test as the document has it.
#[derive(Default)]
struct Case {
    name: String,
    class: String,
    file: Option<String>,
    time: String,
    marks: Vec<Mark>,
    failures: u64,
    errors: u64,
}

impl Case {
    fn add(&mut self, mark: Mark) {
        self.failures += u64::from(mark.meaning == Meaning::Failure);
        self.errors += u64::from(mark.meaning == Meaning::Error);
        if self.marks.len() < MARK_LIMIT {
            self.marks.push(mark);
        }
    }
}

/// What an element inside a test says of it.
struct Mark {
    meaning: Meaning,
    /// The attribute `type`.
    category: String,
    message: String,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// `<failure>`
    Failure,
    /// `<error>`
    Error,
    /// `<skipped>`
    Skipped,
    /// `<flakyFailure>`, `<flakyError>`: it failed and passed when it was tried again.
    Flaky,
}

/// A suite, or the root.
struct Suite {
    name: String,
    counts: Counts,
    /// Where its tests stand that have neither mark nor time: under jest they may be to do.
    instant: Vec<usize>,
}

/// An element that is not closed yet.
enum Open {
    Suite(Suite),
    Case(Case),
    Mark(Mark),
    Other,
}

#[derive(Default)]
struct Walk {
    open: Vec<Open>,
    dialect: Option<Dialect>,
    cases: Vec<TestCase>,
    /// What node:test counts in comments at the end.
    summary: Summary,
    closed: bool,
}

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Vec<TestCase>, Unreadable> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut walk = Walk::default();
    loop {
        let event = reader.read_event().map_err(|error| not_xml(&error))?;
        match event {
            Event::Start(element) => walk.start(&element)?,
            Event::Empty(element) => {
                walk.start(&element)?;
                walk.end()?;
            }
            Event::End(_) => walk.end()?,
            Event::Text(part) => walk.text(&part.xml10_content())?,
            Event::CData(part) => walk.text(&part.xml10_content())?,
            Event::GeneralRef(reference) => {
                let character = character(&reference)?;
                walk.text(character.encode_utf8(&mut [0; 4]))?;
            }
            Event::Comment(part) => walk.summary.take(&part.xml10_content()),
            Event::DocType(_) => return Err(Unreadable::new("it has a document type")),
            Event::Decl(declaration) => encoding(&declaration)?,
            Event::PI(_) => {}
            Event::Eof => return walk.finish(),
        }
    }
}

impl Walk {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        if self.closed {
            return Err(Unreadable::new("something follows its end"));
        }
        if self.open.len() == DEPTH_LIMIT {
            return Err(Unreadable::new(format!(
                "it is nested deeper than {DEPTH_LIMIT} elements"
            )));
        }
        let attributes = Attributes::of(element)?;
        let name = element.local_name();
        let open = self.opened(name.as_ref(), attributes)?;
        self.open.push(open);
        Ok(())
    }

    fn opened(&mut self, name: &str, attributes: Attributes) -> Result<Open, Unreadable> {
        let meaning = match (self.open.last(), name) {
            (None, "testsuites" | "testsuite") | (Some(Open::Suite(_)), "testsuite") => {
                return self.suite(attributes).map(Open::Suite);
            }
            (None, _) => {
                return Err(Unreadable::new(format!(
                    "its root is `{}`, not `testsuites`",
                    excerpt(name)
                )));
            }
            (Some(Open::Suite(_)), "testcase") => return self.case(attributes).map(Open::Case),
            (Some(Open::Suite(_) | Open::Case(_)), "failure") => Meaning::Failure,
            (Some(Open::Suite(_) | Open::Case(_)), "error") => Meaning::Error,
            (Some(Open::Case(_)), "skipped") => Meaning::Skipped,
            (Some(Open::Case(_)), "flakyFailure" | "flakyError") => Meaning::Flaky,
            // A test where none belongs would be passed over.
            (_, "testcase" | "testsuite" | "testsuites") => {
                return Err(Unreadable::new(format!(
                    "it has a `{name}` in the wrong place"
                )));
            }
            // `rerunFailure` stands beside the `failure` of the last try and says nothing new.
            _ => return Ok(Open::Other),
        };
        Ok(Open::Mark(Mark {
            meaning,
            category: attributes.value("type"),
            message: attributes.value("message"),
            text: String::new(),
        }))
    }

    fn suite(&mut self, attributes: Attributes) -> Result<Suite, Unreadable> {
        let name = attributes.value("name");
        let root = self.open.is_empty();
        let known = self.dialect.filter(|&it| it != Dialect::Bare);
        let dialect = known.unwrap_or_else(|| Dialect::of_suite(&name, root, &attributes.0));
        self.dialect = Some(dialect);
        let counts = Counts::declared(&attributes.0, dialect)?;
        Ok(Suite {
            name,
            counts,
            instant: Vec::new(),
        })
    }

    fn case(&mut self, attributes: Attributes) -> Result<Case, Unreadable> {
        if self.cases.len() >= TEST_LIMIT {
            return Err(too_many());
        }
        if attributes.find("name").is_none() {
            return Err(Unreadable::new("it has a test without a name"));
        }
        let class = attributes.value("classname");
        if self.dialect == Some(Dialect::Bare) && class == "test" {
            self.dialect = Some(Dialect::Node);
        }
        let file = attributes.find("file").filter(|file| !file.is_empty());
        Ok(Case {
            name: attributes.value("name"),
            class,
            file: file.map(|file| file.strip_prefix("./").unwrap_or(file).to_owned()),
            time: attributes.value("time"),
            ..Case::default()
        })
    }

    fn end(&mut self) -> Result<(), Unreadable> {
        // The reader itself refuses an end without a beginning.
        let Some(ended) = self.open.pop() else {
            return Ok(());
        };
        match ended {
            Open::Suite(suite) => self.end_suite(&suite)?,
            Open::Case(case) => self.end_case(&case),
            Open::Mark(mark) => match self.open.last_mut() {
                Some(Open::Case(case)) => case.add(mark),
                Some(Open::Suite(suite)) => {
                    // A suite that failed as a whole, in what runs before its tests.
                    let case = Case {
                        name: suite.name.clone(),
                        marks: vec![mark],
                        ..Case::default()
                    };
                    let dialect = self.dialect();
                    self.cases.push(dialect.test(&case, &[]));
                }
                _ => {}
            },
            Open::Other => {}
        }
        self.closed = self.open.is_empty();
        Ok(())
    }

    fn end_suite(&mut self, suite: &Suite) -> Result<(), Unreadable> {
        suite.counts.agree(&suite.name, self.dialect())?;
        // jest-junit writes what is to do like what passed. Where only so many tests took no time, these are they.
        let to_do = suite.counts.uncounted();
        if self.dialect() == Dialect::Jest && to_do == suite.instant.len() as u64 {
            for &at in &suite.instant {
                self.cases[at].state = State::Skipped;
            }
        }
        if let Some(Open::Suite(outer)) = self.open.last_mut() {
            outer.counts.add_suite(&suite.counts);
        }
        Ok(())
    }

    fn end_case(&mut self, case: &Case) {
        let dialect = self.dialect();
        let suites: Vec<&str> = self.open.iter().filter_map(Open::suite_name).collect();
        let test = dialect.test(case, &suites);
        if let Some(Open::Suite(suite)) = self.open.last_mut() {
            suite.counts.add_case(case, dialect);
            if case.marks.is_empty() && test.ms == 0 {
                suite.instant.push(self.cases.len());
            }
        }
        // jest-junit writes a file that cannot be loaded twice, once as an error and once as a failure.
        let twice = dialect.is_load(case) && self.cases.last().is_some_and(|it| it.id == test.id);
        if !twice {
            self.cases.push(test);
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        match self.open.last_mut() {
            Some(Open::Mark(mark)) => append(&mut mark.text, text),
            None if !text.trim().is_empty() => {
                return Err(Unreadable::new("text stands outside its elements"));
            }
            _ => {}
        }
        Ok(())
    }

    fn dialect(&self) -> Dialect {
        self.dialect.unwrap_or(Dialect::Other)
    }

    fn finish(mut self) -> Result<Vec<TestCase>, Unreadable> {
        if !self.closed {
            return Err(Unreadable::new(if self.open.is_empty() {
                "it has no element"
            } else {
                "it ends before its last element does"
            }));
        }
        if self.dialect() == Dialect::Node {
            self.summary.complete(&mut self.cases)?;
        }
        Ok(self.cases)
    }
}

impl Open {
    fn suite_name(&self) -> Option<&str> {
        match self {
            Self::Suite(suite) => Some(&suite.name),
            _ => None,
        }
    }
}

/// The attributes of one element, unescaped.
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn of(element: &BytesStart<'_>) -> Result<Self, Unreadable> {
        let mut list = Vec::new();
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|error| not_xml(&error))?;
            if list.len() == ATTRIBUTE_LIMIT {
                return Err(Unreadable::new(format!(
                    "an element has more than {ATTRIBUTE_LIMIT} attributes"
                )));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| not_xml(&error))?;
            list.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(Self(list))
    }

    fn find(&self, name: &str) -> Option<&str> {
        let mut list = self.0.iter();
        list.find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    fn value(&self, name: &str) -> String {
        self.find(name).unwrap_or_default().to_owned()
    }
}

/// Returns the character that a reference stands for; entities other than XML's own five could grow without bound.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, Unreadable> {
    let name = reference.xml10_content();
    if reference.is_char_ref() {
        let resolved = reference.resolve_char_ref().ok().flatten();
        return resolved
            .ok_or_else(|| Unreadable::new(format!("`&{};` is no character", excerpt(&name))));
    }
    match &*name {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        other => Err(Unreadable::new(format!(
            "it uses the entity `{}`",
            excerpt(other)
        ))),
    }
}

fn encoding(declaration: &quick_xml::events::BytesDecl<'_>) -> Result<(), Unreadable> {
    let Some(Ok(name)) = declaration.encoding() else {
        return Ok(());
    };
    let readable = ["utf-8", "utf8", "us-ascii", "ascii"];
    if readable.iter().any(|it| name.eq_ignore_ascii_case(it)) {
        return Ok(());
    }
    Err(Unreadable::new(format!(
        "its encoding is `{}`, not UTF-8",
        excerpt(&name)
    )))
}

fn not_xml(error: &dyn std::fmt::Display) -> Unreadable {
    Unreadable::new(format!("it is no XML: {}", excerpt(&error.to_string())))
}

/// Keeps a reason readable, whatever the document holds.
fn excerpt(text: &str) -> String {
    text.chars().take(120).collect()
}

#[cfg(test)]
mod tests;

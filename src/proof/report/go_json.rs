//! The events of `go test -json` (`go doc test2json`): one JSON object a line, tests of several packages interlaced.
//! It knows the build events of Go 1.24 and the text that older versions write in their place.

use std::collections::HashMap;

use serde::Deserialize;

use super::{FailureKind, State, TestCase, Unreadable, append, bounded, whole_milliseconds};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    action: String,
    #[serde(default)]
    package: String,
    #[serde(default)]
    test: String,
    #[serde(default)]
    output: String,
    #[serde(default)]
    elapsed: f64,
    #[serde(default)]
    import_path: String,
    #[serde(default)]
    failed_build: String,
}

/// A test whose end is not known yet, or that has ended.
struct Test {
    package: String,
    name: String,
    output: String,
    end: Option<(State, f64)>,
}

/// What was said of a package as a whole.
#[derive(Default)]
struct Package {
    output: String,
    ended: bool,
    failed: bool,
    failed_build: String,
}

/// All that the events told, in their order.
#[derive(Default)]
struct Run {
    tests: Vec<Test>,
    /// The newest test of each name: `-count` runs one several times.
    newest: HashMap<(String, String), usize>,
    order: Vec<String>,
    packages: HashMap<String, Package>,
    failed_builds: Vec<String>,
    builds: HashMap<String, String>,
}

/// Reads the events. Lines that are no JSON object are noise of the build and are passed over.
pub(super) fn read(text: &str) -> Result<Vec<TestCase>, Unreadable> {
    let mut run = Run::default();
    let (mut events, mut noise) = (0_usize, 0_usize);
    for (index, line) in text.lines().enumerate() {
        if !line.starts_with('{') {
            noise += usize::from(!line.trim().is_empty());
            continue;
        }
        let event: Event = serde_json::from_str(line).map_err(|_| {
            Unreadable::new(format!("line {} is no event of `go test -json`", index + 1))
        })?;
        events += 1;
        run.take(event);
    }
    if events == 0 {
        let reason = match noise {
            0 => "it is empty".to_owned(),
            1 => "its only line is no event of `go test -json`".to_owned(),
            _ => format!("none of its {noise} lines is an event of `go test -json`"),
        };
        return Err(Unreadable::new(reason));
    }
    run.cases()
}

impl Run {
    fn take(&mut self, event: Event) {
        match event.action.as_str() {
            "build-output" => {
                append(
                    self.builds.entry(event.import_path).or_default(),
                    &event.output,
                );
            }
            "build-fail" => self.failed_builds.push(event.import_path),
            _ if event.test.is_empty() => self.take_of_package(event),
            _ => self.take_of_test(event),
        }
    }

    fn take_of_package(&mut self, event: Event) {
        if !self.packages.contains_key(&event.package) {
            self.order.push(event.package.clone());
        }
        let package = self.packages.entry(event.package).or_default();
        match event.action.as_str() {
            "output" => append(&mut package.output, &event.output),
            "pass" | "skip" => package.ended = true,
            "fail" => {
                package.ended = true;
                package.failed = true;
                package.failed_build = event.failed_build;
            }
            _ => {}
        }
    }

    fn take_of_test(&mut self, event: Event) {
        let state = match event.action.as_str() {
            "run" | "output" => None,
            "pass" | "bench" => Some(State::Passed),
            "fail" => Some(State::Failed),
            "skip" => Some(State::Skipped),
            // `pause`, `cont`, `attr`: they tell nothing of the outcome.
            _ => return,
        };
        let key = (event.package, event.test);
        let newest = self.newest.get(&key).copied();
        // Output may follow the end of a test; only a new start, or a second end, is another run of it.
        let again =
            newest.is_some_and(|at| self.tests[at].end.is_some()) && event.action != "output";
        let at = match newest {
            Some(at) if !again => at,
            _ => {
                let at = self.tests.len();
                self.tests.push(Test {
                    package: key.0.clone(),
                    name: key.1.clone(),
                    output: String::new(),
                    end: None,
                });
                self.newest.insert(key, at);
                at
            }
        };
        let test = &mut self.tests[at];
        append(&mut test.output, &event.output);
        if let Some(state) = state {
            test.end = Some((state, event.elapsed));
        }
    }

    fn cases(&self) -> Result<Vec<TestCase>, Unreadable> {
        let mut cases: Vec<TestCase> = self.tests.iter().map(Test::case).collect();
        for name in &self.order {
            let package = &self.packages[name];
            let failing = || {
                let of_it = |test: &&Test| test.package == *name && test.failed();
                self.tests.iter().find(of_it)
            };
            if package.ended && !package.failed {
                if let Some(test) = failing() {
                    return Err(Unreadable::new(format!(
                        "`{name}` is said to have passed though its `{}` did not",
                        test.name
                    )));
                }
            } else if failing().is_none() {
                cases.push(self.failed_package(name, package));
            }
        }
        // The build of a package that no package's failure names: `go vet` in front of the tests.
        for build in &self.failed_builds {
            let told = self.packages.values().any(|it| it.failed_build == *build);
            if !told {
                cases.push(TestCase::failed(
                    build,
                    FailureKind::Load,
                    self.said_of(build),
                ));
            }
        }
        Ok(cases)
    }

    /// Returns the failure of a package of which no test failed: it was not built, or ended by itself.
    fn failed_package(&self, name: &str, package: &Package) -> TestCase {
        let output = package.output.as_str();
        if !package.failed_build.is_empty() {
            return TestCase::failed(name, FailureKind::Load, self.said_of(&package.failed_build));
        }
        // Go before 1.24 tells it in the text alone.
        let unbuilt = ["[build failed]", "[setup failed]"];
        if unbuilt.iter().any(|words| output.contains(words)) {
            return TestCase::failed(name, FailureKind::Load, output);
        }
        if !package.ended {
            return TestCase::failed(
                name,
                FailureKind::Error,
                "its tests have no end in the report",
            );
        }
        TestCase::failed(name, kind(output, FailureKind::Error), output)
    }

    fn said_of(&self, build: &str) -> &str {
        self.builds.get(build).map_or("", String::as_str)
    }
}

impl Test {
    fn failed(&self) -> bool {
        matches!(self.end, None | Some((State::Failed, _)))
    }

    fn case(&self) -> TestCase {
        let id = match self.package.as_str() {
            "" => self.name.clone(),
            package => format!("{package}::{}", self.name),
        };
        let Some((state, elapsed)) = self.end else {
            let message = format!("it began and has no end in the report\n{}", self.output);
            return TestCase::failed(id, kind(&self.output, FailureKind::Error), &message);
        };
        let failed = state == State::Failed;
        TestCase {
            kind: failed.then(|| kind(&self.output, FailureKind::Assert)),
            ms: whole_milliseconds(elapsed),
            message: failed.then(|| bounded(&self.output)).flatten(),
            ..TestCase::new(id, state)
        }
    }
}

/// Tells a limit and a panic from a failed test by the text; `other` where it has neither.
fn kind(output: &str, other: FailureKind) -> FailureKind {
    let begins = |words: &str| {
        output
            .lines()
            .any(|line| line.trim_start().starts_with(words))
    };
    if begins("panic: test timed out after") {
        FailureKind::Timeout
    } else if begins("panic: ") {
        FailureKind::Error
    } else {
        other
    }
}

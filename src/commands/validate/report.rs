//! What validating came to, for people as it happens, for programs at the end.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::Ran;
use crate::change::Standing;
use crate::commands::{Format, print, print_json};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::{Finding, Level, printable};
use crate::git::{Commit, Subject};
use crate::id::{CommitId, TreeId};
use crate::message::Message;
use crate::policy::CheckKind;
use crate::proof::checked::{Checked, Source};
use crate::proof::report::State;

/// The whole of it; as JSON `pdd-hooks/validation/1`.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    schema: &'static str,
    range: Option<String>,
    trees: Vec<Tree>,
    summary: Summary,
    #[serde(skip)]
    format: Format,
}

#[derive(Debug, Default, Serialize)]
struct Summary {
    trees: usize,
    validated: usize,
    failed: usize,
}

/// One tree.
#[derive(Debug, Serialize)]
pub(super) struct Tree {
    /// The commit that holds it; none for what is staged.
    commit: Option<CommitId>,
    tree: TreeId,
    subject: Option<String>,
    state: TreeState,
    checks: Vec<Check>,
    /// What was proven of its tests, in one line.
    red: Option<String>,
    findings: Vec<Finding>,
    #[serde(skip)]
    place: String,
    #[serde(skip)]
    lines: Vec<String>,
}

/// How a tree stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum TreeState {
    /// Every check in scope passed.
    Validated,
    /// Something failed, or proves nothing.
    Failed,
    /// Its original is validated, and the last commit of the range is.
    Replayed,
}

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    name: String,
    kind: CheckKind,
    state: &'static str,
    cached: bool,
    /// When it passed, where it is cached: RFC 3339.
    time: Option<String>,
    /// How long it ran, where it ran now.
    ms: Option<u128>,
    passed: u64,
    failed: u64,
    skipped: u64,
    /// The tests that fail, each with what it says.
    failures: Vec<Failure>,
    /// The tests that fail and do not refuse.
    forgiven: Vec<String>,
    log: Option<String>,
}

#[derive(Debug, Serialize)]
struct Failure {
    id: String,
    message: Option<String>,
}

impl Report {
    pub(super) fn new(range: Option<String>, format: Format) -> Self {
        Self {
            schema: "pdd-hooks/validation/1",
            range,
            trees: Vec::new(),
            summary: Summary::default(),
            format,
        }
    }

    /// Adds a tree; for people it is printed at once, before the next one runs.
    pub(super) fn add(&mut self, tree: Tree, out: &mut dyn Write) -> Result<(), Error> {
        if self.format == Format::Text {
            print(out, &tree.text())?;
            out.flush().map_err(Error::Print)?;
        }
        self.trees.push(tree);
        Ok(())
    }

    /// Says whether a commit is validated.
    pub(super) fn passed(&self, commit: &CommitId) -> bool {
        let mut trees = self.trees.iter();
        trees.any(|tree| tree.commit.as_ref() == Some(commit) && tree.state == TreeState::Validated)
    }

    /// Takes back that replays are covered: the last commit of the range failed.
    pub(super) fn uncover(
        &mut self,
        commits: &[CommitId],
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        for tree in &mut self.trees {
            if tree.commit.as_ref().is_some_and(|id| commits.contains(id)) {
                tree.state = TreeState::Failed;
            }
        }
        match (self.format, commits.len()) {
            (Format::Text, count @ 1..) => print(
                out,
                &format!("the last commit does not stand for the {count} replayed\n"),
            ),
            _ => Ok(()),
        }
    }

    /// Ends the report.
    pub(super) fn finish(mut self, out: &mut dyn Write) -> Result<Exit, Error> {
        let failed = self
            .trees
            .iter()
            .filter(|tree| tree.state == TreeState::Failed)
            .count();
        self.summary = Summary {
            trees: self.trees.len(),
            validated: self.trees.len() - failed,
            failed,
        };
        match self.format {
            Format::Json => print_json(out, &self)?,
            Format::Text if self.trees.len() != 1 => {
                let Summary {
                    trees, validated, ..
                } = self.summary;
                print(out, &format!("{validated} of {trees} commits validated\n"))?;
            }
            Format::Text => {}
        }
        Ok(if failed == 0 {
            Exit::Passed
        } else {
            Exit::Findings
        })
    }
}

impl Tree {
    /// What is staged.
    pub(super) fn staged(subject: &Subject, ran: Ran) -> Self {
        Self::new(subject, None, ran)
    }

    /// A commit that was validated now.
    pub(super) fn of(subject: &Subject, commit: &Commit, ran: Ran) -> Self {
        Self::new(subject, Some(commit), ran)
    }

    /// A commit that its original and the last of the range stand for.
    pub(super) fn replayed(subject: &Subject, commit: &Commit) -> Self {
        Self {
            state: TreeState::Replayed,
            ..Self::new(subject, Some(commit), Ran::default())
        }
    }

    fn new(subject: &Subject, commit: Option<&Commit>, ran: Ran) -> Self {
        let Ran {
            checked,
            red,
            findings,
        } = ran;
        let now = Timestamp::now();
        let is_refused = findings.iter().any(|finding| finding.level == Level::Error)
            || checked.iter().any(|one| one.standing != Standing::Passed);
        let lines = checked.iter().flat_map(|one| {
            let failure = one.failure();
            let line = format!("  {}\n", one.summary(now));
            [line, failure]
        });
        let proven = (!red.is_empty()).then(|| format!("  {red}\n"));
        Self {
            commit: commit.map(|commit| super::id(commit.id)),
            tree: TreeId::new(subject.tree.to_string()),
            subject: commit.map(|commit| Message::parse(&commit.message).subject),
            state: if is_refused {
                TreeState::Failed
            } else {
                TreeState::Validated
            },
            lines: lines.chain(proven).collect(),
            red: (!red.is_empty()).then_some(red),
            checks: checked.into_iter().map(Check::of).collect(),
            findings,
            place: subject.place.to_string(),
        }
    }

    /// Says that an earlier pass of these checks stands in the records.
    pub(super) fn contradicts(mut self, checks: &[String]) -> Self {
        for check in checks {
            self.lines.push(format!(
                "  note: {check} is recorded as passed on this tree, by a run in another environment or of tests that are not steady; push and audit believe that record\n"
            ));
        }
        self
    }

    fn text(&self) -> String {
        let state = match self.state {
            TreeState::Validated => "validated",
            TreeState::Failed => "not validated",
            TreeState::Replayed => {
                "replayed: its original is validated, and the last commit is to stand for it"
            }
        };
        let mut text = format!("{}: {state}\n", printable(&self.place));
        if self.checks.is_empty() && self.state == TreeState::Validated {
            text.push_str("  no check is in scope (`--all` runs every one)\n");
        }
        text.extend(self.lines.iter().map(String::as_str));
        for finding in &self.findings {
            text.push_str(&finding.render(&self.place));
        }
        text
    }
}

impl Check {
    fn of(checked: Checked) -> Self {
        let state = match &checked.standing {
            Standing::Passed if checked.is_deferred => "deferred",
            Standing::Passed => "passed",
            Standing::Failed { .. } => "failed",
            Standing::EnvironmentError { .. } => "environment-error",
            Standing::Missing
            | Standing::Sealed
            | Standing::Unvouched(_)
            | Standing::Unfounded(_) => "missing",
        };
        let mut check = Self {
            name: checked.check,
            kind: checked.kind,
            state,
            cached: false,
            time: None,
            ms: None,
            passed: 0,
            failed: 0,
            skipped: 0,
            failures: Vec::new(),
            forgiven: checked.forgiven,
            log: None,
        };
        match checked.source {
            Some(Source::Cached(pass)) => {
                check.cached = true;
                check.time = Some(pass.time);
                check.passed = pass.counts.passed;
                check.failed = pass.counts.failed;
                check.skipped = pass.counts.skipped;
            }
            Some(Source::Ran(outcome)) => {
                let count = |state| {
                    outcome
                        .tests
                        .iter()
                        .filter(|test| test.state == state)
                        .count() as u64
                };
                check.ms = Some(outcome.elapsed.as_millis());
                check.passed = count(State::Passed);
                check.failed = count(State::Failed);
                check.skipped = count(State::Skipped);
                check.log = Some(outcome.log.display().to_string());
                let failed = outcome.tests.into_iter();
                check.failures = failed
                    .filter(|test| test.state == State::Failed)
                    .map(|test| Failure {
                        id: test.id,
                        message: test.message,
                    })
                    .collect();
            }
            None => {}
        }
        check
    }
}

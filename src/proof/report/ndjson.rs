//! The project's own form: one JSON object a line, for a runner that writes no other (docs/reports.md).

use serde::Deserialize;

use super::{FailureKind, State, TestCase, Unreadable, bounded};

/// One line. Keys that are not named here are ignored, so that a runner may write more.
#[derive(Deserialize)]
struct Line {
    id: String,
    state: State,
    kind: Option<FailureKind>,
    #[serde(default)]
    ms: u64,
    message: Option<String>,
    file: Option<String>,
}

/// Reads the lines; empty ones are passed over.
pub(super) fn read(text: &str) -> Result<Vec<TestCase>, Unreadable> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            let at = |reason: &str| Unreadable::new(format!("line {}: {reason}", index + 1));
            let line: Line = serde_json::from_str(line).map_err(|error| at(&words(&error)))?;
            case(line).map_err(at)
        })
        .collect()
}

fn case(line: Line) -> Result<TestCase, &'static str> {
    if line.id.trim().is_empty() {
        return Err("the id is empty");
    }
    let failed = line.state == State::Failed;
    if line.kind.is_some() && !failed {
        return Err("a kind is told of a test that did not fail");
    }
    Ok(TestCase {
        id: line.id,
        state: line.state,
        kind: failed.then(|| line.kind.unwrap_or(FailureKind::Error)),
        ms: line.ms,
        message: line.message.as_deref().and_then(bounded),
        file: line.file,
    })
}

/// Returns what the parser says without its own line number, which is always 1.
fn words(error: &serde_json::Error) -> String {
    let said = error.to_string();
    match said.rsplit_once(" at line ") {
        Some((words, _)) => words.to_owned(),
        None => said,
    }
}

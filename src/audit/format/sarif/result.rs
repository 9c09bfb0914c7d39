//! One finding as SARIF has it (2.1.0, section 3.27), and what stands for a commit or a move that went round the hooks.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::words::{self, cut};
use super::rule;
use crate::audit::class::Class;
use crate::audit::report::{RefMove, Row};
use crate::finding::{Finding, Level};
use crate::id::CommitId;

/// Where a finding is shown that is about no file: code scanning wants a place for each.
const NOWHERE: &str = ".pdd.toml";

/// The longest message.
const MESSAGE: usize = 1_000;

/// Lists what is to be said of a commit: its class where it went round the hooks, then its findings.
pub(super) fn of(row: &Row) -> Vec<Value> {
    let mut results = Vec::new();
    match row.class {
        Some(Class::Bypassed) => results.push(class(row, rule::BYPASSED, "error")),
        Some(Class::Foreign) => results.push(class(row, rule::FOREIGN, "note")),
        _ => {}
    }
    for (place, finding) in row.findings.iter().enumerate() {
        let is_same = |other: &&Finding| (other.code, &other.path) == (finding.code, &finding.path);
        let before = row.findings[..place].iter().filter(is_same).count();
        results.push(found(row, finding, before));
    }
    results
}

/// Says that a reference was moved round the hooks.
pub(super) fn of_move(movement: &RefMove) -> Value {
    let id = |id: &Option<CommitId>| id.as_ref().map_or("", CommitId::as_str).to_owned();
    let (from, to) = (id(&movement.from), id(&movement.to));
    let mark = fingerprint(&[&movement.reference, &from, &to, rule::MOVED], 0);
    let mut result = begin(rule::MOVED, "error", &movement.to_string(), mark);
    result["locations"] = location(None, None);
    result["properties"] = json!(movement);
    result
}

fn class(row: &Row, id: &str, level: &str) -> Value {
    let text = format!("{}: {}", words::class(row), about(row));
    let commit = row.commit.as_ref().map_or("", CommitId::as_str);
    let mut result = begin(id, level, &text, fingerprint(&[commit, id, ""], 0));
    result["locations"] = location(None, None);
    result["properties"] = properties(row);
    result
}

fn found(row: &Row, finding: &Finding, before: usize) -> Value {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Waived => "note",
    };
    let help = finding
        .help
        .as_deref()
        .map(|help| format!("; help: {help}"));
    let text = format!(
        "{} ({}){}",
        finding.message,
        about(row),
        help.unwrap_or_default()
    );
    let commit = row.commit.as_ref().map_or("", CommitId::as_str);
    let path = finding.path.as_deref();
    let mark = fingerprint(&[commit, finding.code, path.unwrap_or_default()], before);
    let mut result = begin(finding.code, level, &text, mark);
    result["locations"] = location(path, finding.line);
    if let Some(waiver) = &finding.waiver {
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": plain(&format!("waived {}", waiver.words())),
        }]);
    }
    result["properties"] = properties(row);
    result
}

fn begin(id: &str, level: &str, text: &str, mark: String) -> Value {
    json!({
        "ruleId": id,
        "ruleIndex": rule::place(id),
        "level": level,
        "message": {"text": plain(text)},
        // GitHub knows an alert again by the first alone, and makes it of the line, where nothing is said of it.
        "partialFingerprints": {"primaryLocationLineHash": mark, "commitCodePath/v1": mark},
    })
}

/// Names a commit in a sentence: `commit 5f1e2d3c4b5a by Ann Example, 2026-11-22, "feat: greet"`.
fn about(row: &Row) -> String {
    let subject = row.subject.as_deref().unwrap_or_default();
    format!(
        "commit {} by {}, {}, \"{}\"",
        words::id(row),
        words::writers(row),
        words::day(row),
        cut(subject, words::SUBJECT)
    )
}

fn properties(row: &Row) -> Value {
    json!({
        "commit": row.commit,
        "class": row.class,
        "how": row.how,
        "time": row.time,
        "task": row.task,
        "of": row.of,
        "noticed": row.noticed,
        "evidence": row.evidence,
    })
}

fn location(path: Option<&str>, line: Option<u32>) -> Value {
    let path = path.filter(|path| !path.is_empty());
    let line = match path {
        Some(_) => line.unwrap_or(1).max(1),
        None => 1,
    };
    json!([{"physicalLocation": {
        "artifactLocation": {"uri": encoded(path.unwrap_or(NOWHERE))},
        "region": {"startLine": line},
    }}])
}

/// Writes a path as a relative reference (RFC 3986): all but unreserved characters and `/` in percent.
pub(super) fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Makes a text a plain message: on one line, bounded, without the links and places of SARIF (sections 3.11.5, 3.11.6).
pub(super) fn plain(text: &str) -> String {
    let text = cut(text, MESSAGE).replace("](", "] (");
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        plain.push(c);
        if c == '{' && rest.peek().is_some_and(char::is_ascii_digit) {
            plain.push(' ');
        }
    }
    plain
}

/// Makes a name that a later run gives the same finding; `before` tells those apart that have all parts in common.
fn fingerprint(parts: &[&str], before: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let hash = hash.finalize();
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}:{}", before + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_holds_neither_a_link_nor_a_place() {
        assert_eq!(
            plain("[look](https://example.org) {0} {x} [TASK-1]\n"),
            "[look] (https://example.org) { 0} {x} [TASK-1]\u{fffd}"
        );
    }

    #[test]
    fn a_path_becomes_a_relative_reference() {
        assert_eq!(
            encoded("src/a b%\n\"é:.rs"),
            "src/a%20b%25%0A%22%C3%A9%3A.rs"
        );
    }
}

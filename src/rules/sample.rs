//! Hand-built changes for the tests of the rules.

use crate::change::{Branch, Change, Kind, LogChange, PathChange, Place, Status};
use crate::finding::Finding;
use crate::id::{CommitId, TaskId, TreeId};
use crate::message::Message;
use crate::policy::Class;

/// Where the log of `TASK-007` stands.
pub(super) const LOG: &str = "context/personalog/TASK-007.md";

/// An ordinary staged change of one source file, on the branch of `TASK-007`, whose log declares DEV after QA and PM.
pub(super) fn change() -> Change {
    let log = "## [PERSONA: DEV] - [TASK-007] - Code\n\n## [PERSONA: QA] - [TASK-007] - Tests\n\n## [PERSONA: PM] - [TASK-007] - Plan\n";
    Change {
        place: Place::Staged(Some("feat/TASK-007-search".into())),
        kind: Kind::Ordinary,
        branch: Branch::Named("feat/TASK-007-search".into()),
        tree: TreeId::new("1".repeat(40)),
        parents: vec![CommitId::new("2".repeat(40))],
        paths: vec![path("src/search.rs", Class::Source, Status::Modified)],
        logs: vec![LogChange {
            path: LOG.into(),
            task: Some(TaskId::new("TASK-007")),
            bases: vec![log.into()],
            text: Some(log.into()),
        }],
    }
}

/// A merge of two commits that changes these paths by hand.
pub(super) fn merge(paths: &[&str]) -> Change {
    let path = |name: &&str| path(name, Class::Source, Status::Modified);
    Change {
        kind: Kind::Merge,
        parents: vec![CommitId::new("2".repeat(40)), CommitId::new("3".repeat(40))],
        paths: paths.iter().map(path).collect(),
        ..change()
    }
}

/// A change that takes back a commit with this subject.
pub(super) fn revert(subject: &str) -> Change {
    Change {
        kind: Kind::Revert {
            of: CommitId::new("4".repeat(40)),
            subject: subject.into(),
        },
        ..change()
    }
}

pub(super) fn path(path: &str, class: Class, status: Status) -> PathChange {
    PathChange {
        path: path.into(),
        class,
        status,
    }
}

pub(super) fn message(text: &str) -> Message {
    Message::parse(text.as_bytes())
}

/// Writes findings as `message (path:line); help`, one a line.
pub(super) fn said(findings: &[Finding]) -> Vec<String> {
    let one = |finding: &Finding| {
        let line = finding
            .line
            .map_or(String::new(), |line| format!(":{line}"));
        let path = finding.path.as_ref();
        let place = path.map_or(String::new(), |path| format!(" ({path}{line})"));
        let help = finding.help.as_deref().unwrap_or("no help");
        format!("{}{place}; {help}", finding.message)
    };
    findings.iter().map(one).collect()
}

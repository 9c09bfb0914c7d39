//! Hand-built changes for the tests of the rules.

use crate::change::{
    ApprovalState, Branch, ChainCommit, Change, Documents, Kind, Landing, LogChange, Mode, Moment,
    PathChange, Place, RedFirst, Status, Validation,
};
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
        parents: vec![id('2')],
        paths: vec![path("src/search.rs", Class::Source, Status::Modified)],
        logs: vec![LogChange {
            path: LOG.into(),
            task: Some(TaskId::new("TASK-007")),
            bases: vec![log.into()],
            text: Some(log.into()),
        }],
        documents: Documents::default(),
        chains: Vec::new(),
        validation: Validation::Undecided,
        red: RedFirst::Undecided,
        policy: None,
    }
}

/// A merge of two commits that changes these paths by hand.
pub(super) fn merge(paths: &[&str]) -> Change {
    let path = |name: &&str| path(name, Class::Source, Status::Modified);
    Change {
        kind: Kind::Merge,
        parents: vec![id('2'), id('3')],
        paths: paths.iter().map(path).collect(),
        ..change()
    }
}

/// A change that takes back a commit with this subject.
pub(super) fn revert(subject: &str) -> Change {
    Change {
        kind: Kind::Revert {
            of: id('4'),
            subject: subject.into(),
        },
        ..change()
    }
}

pub(super) fn id(digit: char) -> CommitId {
    CommitId::new(digit.to_string().repeat(40))
}

/// A fast-forward, creation or deletion that brings one ordinary commit, `b`.
pub(super) fn landing(
    reference: &str,
    from: Option<char>,
    to: Option<char>,
    moment: Moment,
) -> Landing {
    Landing {
        reference: reference.into(),
        from: from.map(id),
        to: to.map(id),
        fast_forward: true,
        moment,
        is_pull: false,
        last_recorded: None,
        on_protected_chain: false,
        chain: vec![ChainCommit {
            id: id('b'),
            subject: "feat: rank [TASK-007]".into(),
            is_merge: false,
            is_record_only: false,
        }],
        arriving: vec![(id('b'), "feat: rank [TASK-007]".into())],
        replaced_by: None,
        validation: Validation::Undecided,
        tasks: Vec::new(),
        vouched: Vec::new(),
        approval: ApprovalState::Undecided,
        policy: None,
    }
}

pub(super) fn path(path: &str, class: Class, status: Status) -> PathChange {
    PathChange {
        path: path.into(),
        class,
        status,
        is_test_within: false,
        is_conflicted: false,
        mode: Mode::Plain,
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

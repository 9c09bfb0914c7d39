//! Path classes: which of the eight a path belongs to (DESIGN.md, section 3).

use super::Policy;

/// What a path is to the workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The policy and the signers file.
    Policy,
    /// What decides how checks run.
    Harness,
    /// The workflow's own documents.
    Record,
    /// Tests.
    Test,
    /// Fixtures and snapshots.
    Support,
    /// Dependency manifests and lock files.
    Manifest,
    /// Documentation.
    Docs,
    /// Everything else.
    Source,
}

/// What a path holds, from its mode in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file without an executable bit (100644).
    Plain,
    /// An executable file, a symbolic link or a submodule.
    Special,
}

/// Endings of prose and pictures: the only files that record and docs may hold.
const PROSE: [&str; 10] = [
    "md", "rst", "txt", "adoc", "png", "jpg", "gif", "svg", "webp", "pdf",
];

pub(super) fn classify(policy: &Policy, path: &[u8], kind: FileKind) -> Class {
    let paths = &policy.paths;
    if path == policy.approval.signers.as_bytes() || paths.policy.matches(path) {
        return Class::Policy;
    }
    let class = [
        (Class::Harness, &paths.harness),
        (Class::Record, &paths.record),
        (Class::Test, &paths.test),
        (Class::Support, &paths.support),
        (Class::Manifest, &paths.manifest),
        (Class::Docs, &paths.docs),
    ]
    .into_iter()
    .find(|(_, globs)| globs.matches(path))
    .map_or(Class::Source, |(class, _)| class);
    match class {
        Class::Record | Class::Docs if kind == FileKind::Special || !is_prose(path) => {
            Class::Source
        }
        class => class,
    }
}

fn is_prose(path: &[u8]) -> bool {
    let name = path.rsplit(|&b| b == b'/').next().unwrap_or(path);
    if name.starts_with(b"LICENSE") && !name.contains(&b'.') {
        return true;
    }
    let Some(dot) = name.iter().rposition(|&b| b == b'.') else {
        return false;
    };
    PROSE
        .iter()
        .any(|ending| name[dot + 1..].eq_ignore_ascii_case(ending.as_bytes()))
}

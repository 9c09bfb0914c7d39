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

/// Policy whatever the policy says: it must not declare itself something that anybody may change.
pub(super) const POLICY_FILE: &[u8] = b".pdd.toml";

pub(super) fn classify(policy: &Policy, path: &[u8], kind: FileKind) -> Class {
    let paths = &policy.paths;
    let is_fixed = path == POLICY_FILE || path == policy.approval.signers.as_bytes();
    if is_fixed || paths.policy.matches(path) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(path: impl AsRef<[u8]>) -> Class {
        Policy::default().class(path.as_ref(), FileKind::Plain)
    }

    #[test]
    fn a_path_in_no_list_is_source() {
        for path in [
            "src/lib.rs",
            "main.py",
            "a/LICENSE",
            "Docs/x.png",
            "CONTEXT/x.txt",
        ] {
            assert_eq!(plain(path), Class::Source, "{path}");
        }
    }

    #[test]
    fn each_list_gives_its_class_at_the_top_and_below() {
        let expected = [
            (".pdd.toml", Class::Policy),
            (".pdd/allowed_signers", Class::Policy),
            (".pdd/deep/er", Class::Policy),
            ("conftest.py", Class::Harness),
            ("a/b/conftest.py", Class::Harness),
            (".github/workflows/ci.yml", Class::Harness),
            ("context/Tasklist.md", Class::Record),
            ("tests/it.rs", Class::Test),
            ("a/tests/b/it.rs", Class::Test),
            ("test_a.py", Class::Test),
            ("a/fixtures/x.py", Class::Support),
            ("go.mod", Class::Manifest),
            ("a/requirements-dev.txt", Class::Manifest),
            ("README.md", Class::Docs),
            (".hidden.md", Class::Docs),
            ("a/.hidden/README.md", Class::Docs),
            ("docs/a.svg", Class::Docs),
        ];
        for (path, class) in expected {
            assert_eq!(plain(path), class, "{path}");
        }
    }

    #[test]
    fn the_first_list_that_matches_wins() {
        assert_eq!(plain("tests/README.md"), Class::Test);
        assert_eq!(plain("tests/fixtures/a.json"), Class::Test);
        assert_eq!(plain("context/tests/a.md"), Class::Record);
        assert_eq!(plain("tests/conftest.py"), Class::Harness);
        assert_eq!(plain("tests/Cargo.toml"), Class::Test);
    }

    /// A list that matched first does not hand a script on to a later list either.
    #[test]
    fn code_among_documents_is_source() {
        for path in [
            "docs/tool.py",
            "context/x.sh",
            "context/tests/x.py",
            "docs/Makefile.old",
            "docs/md",
            "docs/.md.py",
            "LICENSE.py",
        ] {
            assert_eq!(plain(path), Class::Source, "{path}");
        }
    }

    #[test]
    fn only_a_regular_file_without_an_executable_bit_is_a_document() {
        let policy = Policy::default();
        for path in ["README.md", "context/Tasklist.md", "LICENSE", "docs/a.png"] {
            let class = policy.class(path.as_bytes(), FileKind::Special);
            assert_eq!(class, Class::Source, "{path}");
        }
        let test = policy.class(b"tests/run.md", FileKind::Special);
        assert_eq!(test, Class::Test);
    }

    #[test]
    fn licences_and_endings_in_capitals_are_prose() {
        for path in [
            "LICENSE",
            "LICENSE-MIT",
            "LICENSE-APACHE",
            "LICENSE.txt",
            "docs/a.PNG",
            "docs/b.Md",
        ] {
            assert_eq!(plain(path), Class::Docs, "{path}");
        }
        assert_eq!(plain("context/LICENSE"), Class::Record);
    }

    #[test]
    fn a_path_that_is_not_utf_8_has_its_class_too() {
        assert_eq!(plain(b"docs/\xff.md"), Class::Docs);
        assert_eq!(plain(b"\xff\xfe/tests/\x80.rs"), Class::Test);
        assert_eq!(plain(b"\xff.test.js"), Class::Test);
        assert_eq!(plain(b"context/\xff.sh"), Class::Source);
        assert_eq!(plain(b""), Class::Source);
    }

    #[test]
    fn the_signers_file_is_policy_wherever_it_lies() {
        let text = "[approval]\nsigners = 'docs/keys.md'\n[paths]\npolicy = []";
        let policy = Policy::parse(text, ".pdd.toml").unwrap();
        assert_eq!(
            policy.class(b"docs/keys.md", FileKind::Plain),
            Class::Policy
        );
        assert_eq!(
            policy.class(b"docs/keys.md", FileKind::Special),
            Class::Policy
        );
        assert_eq!(policy.class(b"docs/keys2.md", FileKind::Plain), Class::Docs);
    }

    #[test]
    fn the_policy_file_is_policy_whatever_the_policy_says() {
        let text = "[paths]\npolicy = []\ndocs = ['*']\nrecord = ['.pdd.toml']";
        let policy = Policy::parse(text, ".pdd.toml").unwrap();
        for kind in [FileKind::Plain, FileKind::Special] {
            assert_eq!(policy.class(b".pdd.toml", kind), Class::Policy);
        }
        let below = policy.class(b"a/.pdd.toml", FileKind::Plain);
        assert_eq!(below, Class::Source);
    }

    #[test]
    fn one_star_stays_in_its_folder_and_two_do_not() {
        let text = "[paths]\ntest = ['a/*.x', '**/y', '[Bb]/**/z']";
        let policy = Policy::parse(text, ".pdd.toml").unwrap();
        let is_test = |path: &str| policy.class(path.as_bytes(), FileKind::Plain) == Class::Test;
        for path in ["a/1.x", "a/.x", "y", "1/2/y", "B/z", "b/1/2/z"] {
            assert!(is_test(path), "{path}");
        }
        for path in ["a/b/1.x", "a/1.X", "ay", "y/1", "c/z"] {
            assert!(!is_test(path), "{path}");
        }
    }
}

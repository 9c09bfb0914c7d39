//! What every key of `.pdd.toml` holds where it is not given (DESIGN.md, section 3).

use super::Policy;
use super::levels;
use super::pattern::{Globs, Regexp};
use super::sections::{
    Acceptance, Approval, BranchNames, DeepAccess, EvidencePolicy, MessageForm, OnCommit, Paths,
    Persona, Red, Task, Validation, WaiverPolicy,
};

/// `task.id` where it is not given.
pub(super) const TASK_ID: &str = "[A-Z][A-Z0-9]*-[0-9]+(-[A-Z])?";

/// `branch.work` where it is not given.
pub(super) const WORK_BRANCH: &str =
    "(feat|fix|refactor|perf|test|docs|style|build|ci|chore|hotfix)/{task}(-[a-z0-9-]+)?";

/// Returns `red.types` where it is not given.
pub(super) fn red_types() -> Vec<String> {
    words(&["feat", "fix"])
}

/// Returns `task.standing` where it is not given.
pub(super) fn standing() -> Vec<String> {
    words(&["MAINT-1"])
}

/// Returns `branch.integration` where it is not given.
pub(super) fn integration() -> Vec<String> {
    words(&["dev"])
}

pub(super) fn ten_minutes() -> String {
    "10m".into()
}

pub(super) fn everything() -> Globs {
    Globs::new(["**"])
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.into()).collect()
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            number: 1,
            rules: levels::defaults(),
            task: Task::default(),
            message: MessageForm::default(),
            persona: Persona::default(),
            paths: Paths::default(),
            check: Vec::new(),
            validation: Validation::default(),
            red: Red::default(),
            branch: BranchNames::default(),
            approval: Approval::default(),
            evidence: EvidencePolicy::default(),
            deep_access: DeepAccess::default(),
            waiver: WaiverPolicy::default(),
        }
    }
}

impl Default for Task {
    fn default() -> Self {
        Self {
            id: Regexp::new(TASK_ID),
            tasklist: "context/Tasklist.md".into(),
            changelog: "context/Changelog.md".into(),
            devlog: "context/Devlog.md".into(),
            standing: standing(),
        }
    }
}

impl Default for MessageForm {
    fn default() -> Self {
        Self {
            types: words(&[
                "feat", "fix", "refactor", "perf", "test", "docs", "style", "build", "ci", "chore",
                "revert",
            ]),
            max_subject: 100,
        }
    }
}

impl Default for Persona {
    fn default() -> Self {
        Self {
            log: "context/personalog/{task}.md".into(),
            transitions: words(&[
                "PM -> PM",
                "PM -> QA",
                "QA -> QA",
                "QA -> DEV",
                "QA -> PM",
                "DEV -> DEV",
                "DEV -> QA",
                "* -> TROUBLESHOOT",
                "TROUBLESHOOT -> DEV",
                "TROUBLESHOOT -> PM",
            ]),
            start: words(&["PM", "TROUBLESHOOT"]),
        }
    }
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            policy: Globs::new([".pdd.toml", ".pdd/**"]),
            harness: Globs::new([
                "**/conftest.py",
                "**/pytest.ini",
                "**/tox.ini",
                "**/setup.cfg",
                ".cargo/**",
                ".config/nextest.toml",
                "**/build.rs",
                "**/Makefile",
                "**/jest.config.*",
                "**/vitest.config.*",
                ".github/**",
                ".gitlab-ci.yml",
                ".gitattributes",
            ]),
            record: Globs::new(["context/**"]),
            test: Globs::new([
                "**/tests/**",
                "**/test/**",
                "**/__tests__/**",
                "**/test_*.py",
                "**/*_test.py",
                "**/*_test.go",
                "**/*.test.*",
                "**/*.spec.*",
            ]),
            support: Globs::new([
                "**/fixtures/**",
                "**/testdata/**",
                "**/__snapshots__/**",
                "**/*.snap",
            ]),
            manifest: Globs::new([
                "**/Cargo.toml",
                "**/Cargo.lock",
                "**/pyproject.toml",
                "**/uv.lock",
                "**/poetry.lock",
                "**/requirements*.txt",
                "**/package.json",
                "**/package-lock.json",
                "**/pnpm-lock.yaml",
                "**/yarn.lock",
                "**/go.mod",
                "**/go.sum",
            ]),
            docs: Globs::new(["**/*.md", "docs/**", "LICENSE*"]),
        }
    }
}

impl Default for Validation {
    fn default() -> Self {
        Self {
            on_commit: OnCommit::Run,
            declared: true,
            carry: Vec::new(),
        }
    }
}

impl Default for Red {
    fn default() -> Self {
        Self {
            types: red_types(),
            weak: Acceptance::Accept,
            partial: Acceptance::Accept,
            samples: 1,
        }
    }
}

impl Default for BranchNames {
    fn default() -> Self {
        Self {
            protected: words(&["main"]),
            integration: integration(),
            work: Regexp::new(WORK_BRANCH),
            release_tags: Globs::new(["v*"]),
        }
    }
}

impl Default for Approval {
    fn default() -> Self {
        Self {
            repository: String::new(),
            signers: ".pdd/allowed_signers".into(),
            required: 1,
            authors_may_approve: true,
            require_hardware: false,
            survives_clean_merge: true,
        }
    }
}

impl Default for EvidencePolicy {
    fn default() -> Self {
        Self {
            accept: None,
            publish: true,
        }
    }
}

impl Default for DeepAccess {
    fn default() -> Self {
        Self {
            max: 3,
            allow: Vec::new(),
        }
    }
}

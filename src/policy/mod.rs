//! `.pdd.toml` as data: every key with its default (DESIGN.md, section 3), and the questions that rules ask of it.
//! It reads no file and knows no repository.

mod class;
mod error;
mod pattern;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use class::{Class, FileKind};
pub use error::Error;
pub use pattern::Globs;

use crate::change::Role;
use crate::finding::Level;
use crate::id::TaskId;

/// The whole of `.pdd.toml`; a key that is absent has its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Rises with every change of class policy (PDD011).
    #[serde(rename = "policy")]
    pub number: u64,
    /// What becomes of a rule's findings, by rule name; a rule that is not named is at its default.
    pub rules: BTreeMap<String, RuleLevel>,
    /// Tasks and their documents.
    pub task: Task,
    /// Commit messages.
    pub message: MessageForm,
    /// Persona declarations.
    pub persona: Persona,
    /// Globs of each path class.
    pub paths: Paths,
    /// The checks that validate a tree.
    pub check: Vec<CheckBlock>,
    /// How validation is asked for.
    pub validation: Validation,
    /// How red proofs are judged.
    pub red: Red,
    /// Branch names and release tags.
    pub branch: BranchNames,
    /// Who approves a landing.
    pub approval: Approval,
    /// Whose records count.
    pub evidence: EvidencePolicy,
    /// Attribute chains (PDD014).
    pub deep_access: DeepAccess,
    /// What a signed waiver may lift.
    pub waiver: WaiverPolicy,
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// They stop git.
    Error,
    /// They are printed.
    Warn,
    /// The rule does not run.
    Off,
}

/// `[task]`: tasks and their documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Task {
    /// What stands between the brackets: a regular expression.
    pub id: pattern::Regexp,
    /// The path of the document of active tasks.
    pub tasklist: String,
    /// The path of the document of completed tasks.
    pub changelog: String,
    /// The path of the document of decisions and root causes.
    pub devlog: String,
    /// Tasks that are always open, for docs, manifest and record changes only.
    pub standing: Vec<String>,
}

/// `[message]`: commit messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MessageForm {
    /// The words that a subject may begin with.
    pub types: Vec<String>,
    /// The longest subject, in characters.
    pub max_subject: usize,
}

/// `[persona]`: persona declarations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Persona {
    /// The path of a task's log; without `{task}` one log serves all tasks.
    pub log: String,
    /// The allowed steps, `PM -> QA`; `*` stands for any persona.
    pub transitions: Vec<String>,
    /// The personas that may begin a task.
    pub start: Vec<String>,
}

/// `[paths]`: globs of each class; the first class that matches wins, and what none matches is source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Paths {
    /// The policy itself.
    pub policy: Globs,
    /// What decides how checks run.
    pub harness: Globs,
    /// The workflow's own documents.
    pub record: Globs,
    /// Tests.
    pub test: Globs,
    /// Fixtures and snapshots.
    pub support: Globs,
    /// Dependency manifests and lock files.
    pub manifest: Globs,
    /// Documentation.
    pub docs: Globs,
}

/// One `[[check]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CheckBlock {
    /// Its name, unique in the policy.
    pub name: String,
    /// A test check counts tests; a quality check has an exit code.
    pub kind: CheckKind,
    /// The arguments, program first; no shell. `{report}` is a fresh path outside the tree.
    pub run: Vec<String>,
    /// Appended to `run` for a selection of tests; `{tests}` becomes their ids or files.
    #[serde(default)]
    pub only: Vec<String>,
    /// How the outcome is read.
    #[serde(default)]
    pub report: ReportForm,
    /// The longest run: `90s`, `10m`, `1h`.
    #[serde(default = "ten_minutes")]
    pub timeout: String,
    /// Runs only when the change touches these; `**` means source, test, support, harness and manifest paths.
    #[serde(default = "everything")]
    pub paths: Globs,
    /// Added to the scrubbed environment.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Needs code that compiles.
    #[serde(default)]
    pub compiles: bool,
    /// Only failures that the parent tree does not have refuse.
    #[serde(default)]
    pub baseline: bool,
}

/// What a check counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// Tests.
    Test,
    /// Anything else: types, lints, format.
    Quality,
}

/// How a check's outcome is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportForm {
    /// JUnit XML.
    Junit,
    /// `go test -json`.
    GoJson,
    /// The text of `cargo test`.
    Libtest,
    /// One JSON object a line.
    Ndjson,
    /// The exit code alone.
    #[default]
    ExitCode,
}

/// `[validation]`: how validation is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Validation {
    /// Whether the hook validates what has no evidence yet.
    pub on_commit: OnCommit,
    /// The log must show QA after the last DEV before source is committed.
    pub declared: bool,
    /// Untracked paths that the checks need.
    pub carry: Vec<String>,
}

/// What pre-commit does about a tree without evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnCommit {
    /// Validates it.
    Run,
    /// Refuses it.
    Require,
}

/// `[red]`: how red proofs are judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Red {
    /// Message types that need a red proof when source changes.
    pub types: Vec<String>,
    /// What a weak proof is worth.
    pub weak: Acceptance,
    /// What a partial proof is worth.
    pub partial: Acceptance,
    /// Runs of each changed test on each side.
    pub samples: u32,
}

/// Whether a lesser proof counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Acceptance {
    /// It counts, and is named.
    Accept,
    /// It does not count.
    Refuse,
}

/// `[branch]`: branch names and release tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct BranchNames {
    /// Branches that move only by approval.
    pub protected: Vec<String>,
    /// Branches that take merges and record-only commits.
    pub integration: Vec<String>,
    /// The form of a work branch's name: a regular expression in which `{task}` stands for the task.
    pub work: pattern::Regexp,
    /// Globs of tags that name first-parent commits of a protected branch and never move.
    pub release_tags: Globs,
}

/// `[approval]`: who approves a landing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Approval {
    /// Any text that names this repository in what is signed.
    pub repository: String,
    /// The path of the signers file, in OpenSSH's allowed_signers form.
    pub signers: String,
    /// Distinct principals that a landing needs.
    pub required: u32,
    /// Whether an author of the landing may approve it.
    pub authors_may_approve: bool,
    /// Whether only hardware keys with user presence count.
    pub require_hardware: bool,
    /// Whether an approval outlives a moved target when the replayed result is the same and validated.
    pub survives_clean_merge: bool,
}

/// `[evidence]`: whose records count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct EvidencePolicy {
    /// Whose signed records count at a landing.
    pub accept: Vec<Witness>,
    /// Whether pre-push publishes the evidence reference.
    pub publish: bool,
}

/// Who vouches for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Witness {
    /// The committer's own key.
    SelfSigned,
    /// A runner's key.
    Runner,
}

/// `[deep-access]`: attribute chains (PDD014).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeepAccess {
    /// The most members after one another: `a.b.c` has two dots and counts three.
    pub max: u32,
    /// Globs of paths, and prefixes such as `self.`, that are left alone.
    pub allow: Vec<String>,
}

/// `[waiver]`: what a signed waiver may lift.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct WaiverPolicy {
    /// Rule names; never approval, never policy.
    pub rules: Vec<String>,
}

fn ten_minutes() -> String {
    "10m".into()
}

fn everything() -> Globs {
    Globs::new(["**"])
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.into()).collect()
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            number: 1,
            rules: BTreeMap::new(),
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
            id: pattern::Regexp::new("[A-Z][A-Z0-9]*-[0-9]+(-[A-Z])?"),
            tasklist: "context/Tasklist.md".into(),
            changelog: "context/Changelog.md".into(),
            devlog: "context/Devlog.md".into(),
            standing: words(&["MAINT-1"]),
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
            types: words(&["feat", "fix"]),
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
            integration: words(&["dev"]),
            work: pattern::Regexp::new(
                "(feat|fix|refactor|perf|test|docs|style|build|ci|chore|hotfix)/{task}(-[a-z0-9-]+)?",
            ),
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
            accept: vec![Witness::SelfSigned, Witness::Runner],
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

impl Policy {
    /// Reads the text of a policy; `origin` names it in errors (`.pdd.toml`, or `main:.pdd.toml`).
    ///
    /// # Errors
    /// Unknown keys, wrong types, bad patterns and globs, with line and column.
    pub fn parse_bytes(bytes: &[u8], origin: &str) -> Result<Self, Error> {
        Self::parse(&String::from_utf8_lossy(bytes), origin)
    }
    /// x
    pub fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        let policy: Self =
            toml::from_str(text).map_err(|source| Error::read(origin, text, &source))?;
        Ok(policy)
    }

    /// Returns the level of a rule's findings; none where the rule is off.
    pub fn level(&self, rule: &str) -> Option<Level> {
        let default = if rule == "deep-access" {
            RuleLevel::Off
        } else {
            RuleLevel::Error
        };
        match self.rules.get(rule).copied().unwrap_or(default) {
            RuleLevel::Error => Some(Level::Error),
            RuleLevel::Warn => Some(Level::Warn),
            RuleLevel::Off => None,
        }
    }

    /// Finds the tasks that stand in brackets in `text`, in order, each as often as it stands there.
    pub fn tasks_in(&self, text: &str) -> Vec<TaskId> {
        self.task.id.bracketed(text)
    }

    /// Says whether `text` as a whole is a task id.
    pub fn is_task(&self, text: &str) -> bool {
        self.task.id.matches_whole(text)
    }

    /// Says whether the task is a standing one.
    pub fn is_standing(&self, task: &TaskId) -> bool {
        self.task.standing.iter().any(|name| name == task.as_str())
    }

    /// Returns the class of a path; `kind` says what the path holds.
    pub fn class(&self, path: &[u8], kind: FileKind) -> Class {
        class::classify(self, path, kind)
    }

    /// Returns the path of a task's persona log.
    pub fn log_of(&self, task: &TaskId) -> String {
        self.persona.log.replace("{task}", task.as_str())
    }

    /// Says whether `path` is a persona log, and of which task where each task has its own.
    pub fn log_at(&self, path: &str) -> Option<Option<TaskId>> {
        let Some((before, after)) = self.persona.log.split_once("{task}") else {
            return (path == self.persona.log).then_some(None);
        };
        let task = path.strip_prefix(before)?.strip_suffix(after)?;
        self.is_task(task).then(|| Some(TaskId::new(task)))
    }

    /// Says whether one persona may follow another.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        self.persona.transitions.iter().any(|step| {
            step.split_once("->").is_some_and(|(a, b)| {
                let (a, b) = (a.trim(), b.trim());
                (a == "*" || a == from) && (b == "*" || b == to)
            })
        })
    }

    /// Says whether a persona may begin a task.
    pub fn may_start(&self, persona: &str) -> bool {
        self.persona.start.iter().any(|name| name == persona)
    }

    /// Returns what a branch (its name without `refs/heads/`) is; `extra` are further protected names (`pdd.protected`).
    pub fn role(&self, branch: &str, extra: &[String]) -> Role {
        if self
            .branch
            .protected
            .iter()
            .chain(extra)
            .any(|name| name == branch)
        {
            return Role::Protected;
        }
        if self.branch.integration.iter().any(|name| name == branch) {
            return Role::Integration;
        }
        match self.branch.work.task_of_branch(branch, &self.task.id) {
            Some(task) => Role::Work(task),
            None => Role::Other,
        }
    }

    /// Says whether a tag (its name without `refs/tags/`) marks a release.
    pub fn is_release_tag(&self, tag: &str) -> bool {
        self.branch.release_tags.matches(tag.as_bytes())
    }
}

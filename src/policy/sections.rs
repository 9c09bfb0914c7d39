//! The tables of `.pdd.toml`: what each key is called, what it holds and what it means. Their defaults stand in
//! `defaults.rs`; what types cannot say is judged in `meaning.rs`.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::class::{Class, POLICY_FILE};
use super::defaults::{everything, ten_minutes};
use super::pattern::{Globs, Regexp};

/// `[task]`: tasks and their documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Task {
    /// What stands between the brackets: a regular expression.
    pub id: Regexp,
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
    #[schemars(range(min = 1))]
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
    /// Appended to `run` for a selection of tests; `{tests}` becomes their ids or files, within a longer argument as a
    /// pattern: `a|b`.
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
    #[schemars(range(min = 1))]
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
    pub work: Regexp,
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
    #[schemars(range(min = 1))]
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
    /// Whose signed records count at a landing; not given, it is both, or the runner alone where the signers list one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Witness>", extend("default" = ["self", "runner"]))]
    pub accept: Option<Vec<Witness>>,
    /// Whether pre-push publishes the evidence reference.
    pub publish: bool,
}

/// Who vouches for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Witness {
    /// The committer's own key.
    #[serde(rename = "self")]
    SelfSigned,
    /// A runner's key.
    Runner,
}

/// `[deep-access]`: attribute chains (PDD014).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeepAccess {
    /// The most members after one another: `a.b.c` has two dots and counts three.
    #[schemars(range(min = 1))]
    pub max: u32,
    /// Globs of paths that are left alone, and beginnings of chains that are not counted; these end in `.` or `::`.
    pub allow: Vec<String>,
}

/// `[waiver]`: what a signed waiver may lift.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct WaiverPolicy {
    /// Rule names; never approval, never policy.
    pub rules: Vec<String>,
}

impl CheckBlock {
    /// Says whether a change of this path brings the check into scope. The glob `**` alone stands for whatever can
    /// change the outcome of a run: source, tests, support, harness and manifests, and what lies beside the policy file
    /// under its class, which may be code.
    pub fn concerns(&self, path: &[u8], class: Class) -> bool {
        if self.paths.as_slice() == ["**"] {
            return match class {
                Class::Source | Class::Test | Class::Support | Class::Harness | Class::Manifest => {
                    true
                }
                Class::Policy => path != POLICY_FILE,
                Class::Record | Class::Docs => false,
            };
        }
        self.paths.matches(path)
    }

    /// Returns `timeout` as a duration; none where it is not a time, which [`super::Policy::parse`] refuses.
    pub fn time_limit(&self) -> Option<Duration> {
        let unit = self.timeout.chars().next_back()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return None,
        };
        let digits = self.timeout.strip_suffix(unit)?;
        // Rust's own parser would take a plus sign too.
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let count: u64 = digits.parse().ok()?;
        let limit = count.checked_mul(seconds).filter(|&limit| limit > 0)?;
        Some(Duration::from_secs(limit))
    }
}

impl EvidencePolicy {
    /// Returns whose records count; `runner_listed` says whether the signers file lists a runner.
    pub fn accepted(&self, runner_listed: bool) -> Vec<Witness> {
        match &self.accept {
            Some(accept) => accept.clone(),
            None if runner_listed => vec![Witness::Runner],
            None => vec![Witness::SelfSigned, Witness::Runner],
        }
    }
}

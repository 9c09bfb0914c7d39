//! `.pdd.toml` as data: every key with its default (DESIGN.md, section 3), and the questions that rules ask of it.
//! It reads no file and knows no repository.

mod class;
mod deep_access;
mod defaults;
mod document;
mod error;
mod levels;
mod literal;
mod meaning;
mod names;
mod number;
mod pattern;
mod schema;
mod sections;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use class::{Class, FileKind};
pub use error::Error;
pub use levels::{RULE_NAMES, RuleLevel};
pub use number::renumbered;
pub use pattern::{Globs, Regexp};
pub use schema::schema;
pub use sections::{
    Acceptance, Approval, BranchNames, CheckBlock, CheckKind, DeepAccess, EvidencePolicy,
    MessageForm, OnCommit, Paths, Persona, Red, ReportForm, Task, Validation, WaiverPolicy,
    Witness,
};

use document::Document;

use crate::change::Role;
use crate::finding::Level;
use crate::id::TaskId;

/// The whole of `.pdd.toml`; a key that is absent has its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = ".pdd.toml")]
pub struct Policy {
    /// Rises with every change of class policy (PDD011).
    #[serde(rename = "policy")]
    #[schemars(range(min = 1))]
    pub number: u64,
    /// What becomes of a rule's findings, by rule name; a rule that is not named is at its default.
    #[schemars(schema_with = "levels::schema")]
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

impl Policy {
    /// Reads a policy as it lies in a tree; `origin` names it in errors (`.pdd.toml`, or `main:.pdd.toml`).
    ///
    /// # Errors
    /// As [`Policy::parse`], and text that is not UTF-8.
    pub fn parse_bytes(bytes: &[u8], origin: &str) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let valid = error.valid_up_to();
            let text = String::from_utf8_lossy(bytes);
            let message = format!("byte {} is not UTF-8", valid + 1);
            let hint = "save the file as UTF-8".to_owned();
            Error::at(origin, &text, valid..valid, &message, Some(hint))
        })?;
        Self::parse(text, origin)
    }

    /// Reads the text of a policy, with or without a byte order mark; `origin` names it in errors.
    ///
    /// # Errors
    /// What is not TOML, unknown keys, wrong types and values without sense, each with line and column. Only the
    /// first fault is told.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let policy: Self =
            toml::from_str(text).map_err(|source| unreadable(origin, text, &source))?;
        meaning::judge(&policy).map_err(|fault| {
            let span = Document::parse(text)
                .map_or(0..0, |document| document.locate(&fault.path, fault.of_key));
            Error::at(origin, text, span, &fault.message, fault.hint)
        })?;
        Ok(policy)
    }

    /// Returns the level of a rule's findings; none where the rule is off.
    pub fn level(&self, rule: &str) -> Option<Level> {
        let given = self.rules.get(rule).copied();
        given.unwrap_or_else(|| levels::default_of(rule)).level()
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

    /// Says whether a document of the workflow stands at a path, whatever its mode: Tasklist, Changelog, Devlog or a persona
    /// log.
    pub fn is_document(&self, path: &str) -> bool {
        let task = &self.task;
        let documents = [&task.tasklist, &task.changelog, &task.devlog];
        documents.iter().any(|document| *document == path) || self.log_at(path).is_some()
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

    /// Lists the logs that several branches add to: not the Tasklist, whose lines change, and not a log of one task.
    pub fn shared_logs(&self) -> Vec<String> {
        let mut logs = vec![self.task.changelog.clone(), self.task.devlog.clone()];
        let persona = &self.persona.log;
        if !persona.contains("{task}") {
            logs.push(persona.clone());
        }
        logs
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

/// Words what serde refused. The text is read once more, slowly, to say it in the policy's own terms; what the schema
/// does not explain (broken TOML, a number out of range) keeps the words of the TOML crate.
fn unreadable(origin: &str, text: &str, source: &toml::de::Error) -> Error {
    match Document::parse(text).map(|document| document.first_misfit(&schema())) {
        Some(Some(misfit)) => Error::at(origin, text, misfit.span, &misfit.message, misfit.hint),
        found => {
            let message = match found {
                Some(_) => source.message().to_owned(),
                None => format!("not TOML: {}", source.message()),
            };
            Error::at(origin, text, source.span().unwrap_or(0..0), &message, None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_the_level_it_is_given_or_its_default() {
        let policy = Policy::parse("[rules]\nbranch = 'warn'\npersona = 'off'", "x").unwrap();
        let levels = ["branch", "persona", "task-id", "deep-access"].map(|rule| policy.level(rule));
        assert_eq!(levels, [Some(Level::Warn), None, Some(Level::Error), None]);
    }

    #[test]
    fn a_step_is_allowed_by_name_or_by_star() {
        let policy = Policy::default();
        for (from, to) in [
            ("PM", "QA"),
            ("QA", "DEV"),
            ("DEV", "TROUBLESHOOT"),
            ("X", "TROUBLESHOOT"),
        ] {
            assert!(policy.allows(from, to), "{from} -> {to}");
        }
        for (from, to) in [
            ("DEV", "PM"),
            ("PM", "DEV"),
            ("TROUBLESHOOT", "QA"),
            ("pm", "QA"),
            ("", ""),
        ] {
            assert!(!policy.allows(from, to), "{from} -> {to}");
        }
        assert!(policy.may_start("PM") && !policy.may_start("DEV"));
    }

    #[test]
    fn a_branch_is_what_its_name_says() {
        let policy = Policy::default();
        let extra = ["release".to_owned()];
        let task = |name: &str| Role::Work(TaskId::new(name));
        let expected = [
            ("main", Role::Protected),
            ("release", Role::Protected),
            ("dev", Role::Integration),
            ("feat/TASK-007", task("TASK-007")),
            ("fix/BUG-12-B-search-2", task("BUG-12-B")),
            ("feat/TASK-007_x", Role::Other),
            ("feat/TASK-007-x\n", Role::Other),
            ("x/feat/TASK-007", Role::Other),
            ("Main", Role::Other),
        ];
        for (branch, role) in expected {
            assert_eq!(policy.role(branch, &extra), role, "{branch:?}");
        }
        assert_eq!(policy.role("release", &[]), Role::Other);
    }

    #[test]
    fn a_log_is_found_by_its_path_with_its_task() {
        let policy = Policy::default();
        let task = TaskId::new("TASK-007");
        let path = policy.log_of(&task);
        assert_eq!(path, "context/personalog/TASK-007.md");
        assert_eq!(policy.log_at(&path), Some(Some(task.clone())));
        assert_eq!(policy.log_at("context/personalog/notes.md"), None);
        assert_eq!(policy.log_at("context/personalog/.md"), None);

        let shared = Policy::parse("persona.log = 'log.md'", "x").unwrap();
        assert_eq!(shared.log_of(&task), "log.md");
        assert_eq!(shared.log_at("log.md"), Some(None));
        assert_eq!(shared.log_at("a/log.md"), None);
    }

    #[test]
    fn tasks_stand_in_brackets_and_tags_of_releases_match_their_globs() {
        let policy = Policy::default();
        let tasks = policy.tasks_in("[TASK-1] TASK-2 [TASK-3-A][task-4] [TASK-1]");
        assert_eq!(tasks, ["TASK-1", "TASK-3-A", "TASK-1"].map(TaskId::new));
        assert!(policy.is_standing(&TaskId::new("MAINT-1")));
        assert!(!policy.is_standing(&tasks[0]));
        assert!(policy.is_release_tag("v1.0") && !policy.is_release_tag("a/v1"));
    }
}

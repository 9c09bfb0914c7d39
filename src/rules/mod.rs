//! The rules: one file each, their registry, and the loop that runs them. No input or output, clock, environment,
//! printing or git2 in this room.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod approval;
mod boundary;
mod branch;
mod contract;
mod deep_access;
mod documents;
mod message_format;
mod persona;
mod policy;
mod red_first;
#[cfg(test)]
mod sample;
mod task_id;
mod task_state;
mod transition;
mod validation;

pub use approval::{landing_words, why_not};
pub use boundary::{asks as asks_for_tests_within, writes_devlog};
pub use deep_access::asks as asks_for_chains;
pub use policy::another_beginning;
pub use red_first::{asks as asks_for_red, judge as judge_red};

use std::fmt::Write as _;

use crate::change::{Change, Kind, Landing};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::message::Message;
use crate::policy::{Class, Policy};
use crate::words::nearest;

/// One rule: its names, what it says of itself, and what it looks at.
#[derive(Debug)]
pub struct Rule {
    /// `PDD001`; never changes meaning.
    pub code: &'static str,
    /// `task-id`; also its key in `[rules]`.
    pub name: &'static str,
    /// One line for the table of rules: what it refuses.
    pub summary: &'static str,
    /// The page that `pdd-hooks explain` prints.
    pub explain: &'static str,
    /// What it looks at, and so from which moment on.
    pub checks: &'static [Check],
}

/// What a check is handed, and so from which moment on it runs.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// From the commit moment on.
    Tree(fn(&Change, &Policy) -> Vec<Finding>),
    /// From the message moment on.
    Message(fn(&Change, &Message, &Policy) -> Vec<Finding>),
    /// When a guarded reference moves: reference-transaction, push, receive, audit.
    Landing(fn(&Landing, &Policy) -> Vec<Finding>),
}

impl Rule {
    /// Begins a finding of this rule.
    fn finding(&self, message: impl Into<String>) -> Finding {
        Finding::new(self.code, self.name, message)
    }

    /// Returns the moment that it begins at, as the table of rules names it; a landing is a move of a reference.
    pub fn moment(&self) -> &'static str {
        let begins = |check: &Check| match check {
            Check::Tree(_) => (0, "commit"),
            Check::Message(_) => (1, "message"),
            Check::Landing(_) => (2, "landing"),
        };
        self.checks
            .iter()
            .map(begins)
            .min()
            .map_or("", |(_, name)| name)
    }
}

/// Every rule, in the order of the codes.
pub const RULES: &[&Rule] = &[
    &task_id::RULE,
    &message_format::RULE,
    &task_state::RULE,
    &persona::RULE,
    &transition::RULE,
    &boundary::RULE,
    &branch::RULE,
    &validation::RULE,
    &red_first::RULE,
    &approval::RULE,
    &policy::RULE,
    &documents::RULE,
    &contract::RULE,
    &deep_access::RULE,
];

/// Finds a rule by its code, in any case, or by its name.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}

/// Returns the code or name of a rule that was probably meant.
pub fn suggest(code_or_name: &str) -> Option<&'static str> {
    let codes = RULES.iter().map(|rule| rule.code);
    let names = RULES.iter().map(|rule| rule.name);
    nearest(code_or_name, names).or_else(|| nearest(code_or_name, codes))
}

/// Writes the table of rules in Markdown, one line a rule, for the README.
pub fn table() -> String {
    let mut text =
        String::from("| code | name | from moment | refuses |\n| --- | --- | --- | --- |\n");
    for rule in RULES {
        let (code, name, moment, summary) = (rule.code, rule.name, rule.moment(), rule.summary);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {code} | {name} | {moment} | {summary} |");
    }
    text
}

/// Lists the tasks that a message names, each as often as it stands there: in its subject; else, for a revert, in the
/// subject of the commit that is taken back; else, for a merge, in its `Task:` trailer.
pub fn tasks_of(change: &Change, message: &Message, policy: &Policy) -> Vec<TaskId> {
    let tasks = policy.tasks_in(&message.subject);
    if !tasks.is_empty() {
        return tasks;
    }
    match &change.kind {
        Kind::Revert { subject, .. } => policy.tasks_in(subject),
        Kind::Merge => message
            .trailer("Task")
            .filter(|value| policy.is_task(value))
            .map(|value| vec![TaskId::new(value)])
            .unwrap_or_default(),
        Kind::Ordinary | Kind::Adoption | Kind::Squash | Kind::Replayed { .. } => tasks,
    }
}

/// Returns the task of a message that names exactly one.
pub fn task_of(change: &Change, message: &Message, policy: &Policy) -> Option<TaskId> {
    let mut tasks = tasks_of(change, message, policy);
    (tasks.len() == 1).then(|| tasks.remove(0))
}

/// Says whether a change is one of a standing task: that is its one task, and it touches docs, manifests and records alone.
pub fn is_standing(change: &Change, message: &Message, policy: &Policy) -> bool {
    task_of(change, message, policy).is_some_and(|task| policy.is_standing(&task))
        && change.paths.iter().all(|path| may_stand(path.class))
}

/// Says whether a standing task may change paths of this class.
pub fn may_stand(class: Class) -> bool {
    matches!(class, Class::Docs | Class::Manifest | Class::Record)
}

/// Says whether a merge brings nothing that merging its parents does not give.
fn is_automatic(change: &Change) -> bool {
    change.kind == Kind::Merge && change.paths.is_empty()
}

/// Says whether any rule that is on looks at a tree before there is a message.
pub fn look_at_trees(policy: &Policy) -> bool {
    RULES.iter().any(|rule| {
        policy.level(rule.name).is_some()
            && rule
                .checks
                .iter()
                .any(|check| matches!(check, Check::Tree(_)))
    })
}

/// Runs the rules that look at a tree, and with a message those that look at messages; sorted by code, then path.
pub fn run(change: &Change, message: Option<&Message>, policy: &Policy) -> Vec<Finding> {
    collect(policy, |check| match (check, message) {
        (Check::Tree(check), _) => check(change, policy),
        (Check::Message(check), Some(message)) => check(change, message, policy),
        (Check::Message(_), None) | (Check::Landing(_), _) => Vec::new(),
    })
}

/// Runs the rules that look at a move of a guarded reference.
pub fn run_landing(landing: &Landing, policy: &Policy) -> Vec<Finding> {
    collect(policy, |check| match check {
        Check::Landing(check) => check(landing, policy),
        Check::Tree(_) | Check::Message(_) => Vec::new(),
    })
}

fn collect(policy: &Policy, look: impl Fn(Check) -> Vec<Finding>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES
        .iter()
        .filter_map(|rule| Some((rule, policy.level(rule.name)?)))
        .flat_map(|(rule, level)| {
            rule.checks
                .iter()
                .flat_map(|&check| look(check))
                .map(move |finding| Finding { level, ..finding })
        })
        .collect();
    findings.sort_by(|a, b| (a.code, &a.path, a.line).cmp(&(b.code, &b.path, b.line)));
    findings
}

#[cfg(test)]
mod tests {
    use super::sample::{change, message};
    use super::*;
    use crate::change::{Branch, Status};
    use crate::policy::RuleLevel;

    #[test]
    fn every_page_has_the_fixed_headings_in_order() {
        for rule in RULES {
            let headings: Vec<&str> = rule
                .explain
                .lines()
                .filter_map(|line| line.strip_prefix("## "))
                .collect();
            let fixed = [
                "Requires",
                "Why",
                "Passes",
                "Refused",
                "Settings",
                "How to fix",
            ];
            assert_eq!(headings, fixed, "{}", rule.name);
        }
    }

    #[test]
    fn a_summary_fits_in_a_cell_of_the_table() {
        for rule in RULES {
            assert!(!rule.summary.is_empty(), "{}", rule.name);
            assert!(!rule.summary.contains(['\n', '|']), "{}", rule.name);
        }
    }

    #[test]
    fn codes_rise_and_names_are_unique() {
        assert!(RULES.is_sorted_by(|a, b| a.code < b.code));
        for rule in RULES {
            assert_eq!(find(rule.name).map(|found| found.code), Some(rule.code));
        }
    }

    #[test]
    fn a_rule_is_found_by_code_or_name_and_a_slip_is_recognised() {
        assert_eq!(find("pdd005").map(|rule| rule.name), Some("transition"));
        assert!(find("transitions").is_none());
        assert_eq!(suggest("Transitions"), Some("transition"));
        assert_eq!(suggest("pdd05"), Some("PDD005"));
        assert_eq!(suggest("weather"), None);
    }

    #[test]
    fn the_policy_decides_what_becomes_of_a_finding() {
        let bad = message("feat: search");
        let mut policy = Policy::default();
        policy.rules.insert("validation".into(), RuleLevel::Off);
        let levels = |policy: &Policy| -> Vec<_> {
            run(&change(), Some(&bad), policy)
                .into_iter()
                .map(|finding| (finding.code, finding.level))
                .collect()
        };
        assert_eq!(levels(&policy), [("PDD001", crate::finding::Level::Error)]);
        policy.rules.insert("task-id".into(), RuleLevel::Warn);
        assert_eq!(levels(&policy), [("PDD001", crate::finding::Level::Warn)]);
        policy.rules.insert("task-id".into(), RuleLevel::Off);
        assert_eq!(levels(&policy), []);
        assert_eq!(run(&change(), None, &policy), []);
    }

    #[test]
    fn findings_stand_in_the_order_of_the_codes() {
        let mut change = change();
        change.branch = Branch::Named("main".into());
        let codes: Vec<_> = run(&change, Some(&message("search")), &Policy::default())
            .into_iter()
            .map(|finding| finding.code)
            .collect();
        assert_eq!(codes, ["PDD001", "PDD002", "PDD007", "PDD008"]);
    }

    #[test]
    fn a_standing_task_covers_docs_manifests_and_records_alone() {
        let message = message("docs: typo [MAINT-1]");
        let covers = |class| {
            let mut change = change();
            change.paths = vec![sample::path("a", class, Status::Modified)];
            is_standing(&change, &message, &Policy::default())
        };
        assert!(
            [Class::Docs, Class::Manifest, Class::Record]
                .into_iter()
                .all(covers)
        );
        assert!(
            ![Class::Source, Class::Test, Class::Policy, Class::Harness]
                .into_iter()
                .any(covers)
        );
    }
}

//! The rules: one file each, their registry, and the loop that runs them. No input or output, clock, environment,
//! printing or git2 in this room.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod branch;
mod message_format;
mod persona;
mod task_id;
mod transition;

use crate::change::{Change, Landing, Moment};
use crate::finding::Finding;
use crate::message::Message;
use crate::policy::Policy;

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
}

/// Every rule, in the order of the codes.
pub const RULES: &[&Rule] = &[
    &task_id::RULE,
    &message_format::RULE,
    &persona::RULE,
    &transition::RULE,
    &branch::RULE,
];

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

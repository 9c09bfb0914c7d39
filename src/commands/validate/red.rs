//! The red proof of a tree that has passed its checks: repeated from its objects, as the hooks would make it.

use super::Bench;
use crate::change::{Change, Kind, RedFirst};
use crate::error::Error;
use crate::finding::Finding;
use crate::message::Message;
use crate::progress::Progress;
use crate::proof::red;
use crate::proof::request::Request;
use crate::rules;

/// The rule of red proofs.
const RED_FIRST: &str = "PDD009";

/// What proving a tree came to.
#[derive(Default)]
pub(super) struct Proven {
    /// For the rules.
    pub(super) red: RedFirst,
    /// In one line; empty where nothing is to be said.
    pub(super) line: String,
    /// What it lacks, by the type of its message; where there is none yet, whatever the type.
    pub(super) findings: Vec<Finding>,
}

impl Bench<'_> {
    /// Proves a change that has passed, and seals what it leaves red.
    pub(super) fn prove(
        &mut self,
        change: &Change,
        request: Request,
        message: Option<&Message>,
        prefix: String,
    ) -> Result<Proven, Error> {
        let policy = &self.force.policy;
        let Some(level) = policy.level("red-first") else {
            return Ok(Proven::default());
        };
        if change.kind != Kind::Ordinary || request.scope.is_empty() {
            return Ok(Proven::default());
        }
        let task = message.and_then(|message| rules::task_of(change, message, policy));
        let request = match task {
            Some(task) => request.of_task(self.repository, policy, task)?,
            None => request,
        };
        let red = red::prove(&mut self.validator, &request, &mut Progress::at(prefix))?;
        if request.scope.is_tests_only {
            red::seal(&self.validator, &request)?;
        }
        let RedFirst::Known(proof) = &red else {
            return Ok(Proven {
                red,
                ..Proven::default()
            });
        };
        let asks = message.is_none_or(|message| rules::asks_for_red(message, policy));
        let kind = message.map_or("", Message::kind);
        let line = red::summary(proof, kind, asks);
        let findings = match message {
            Some(_) => Vec::new(),
            // What every type is asked for.
            None => rules::judge_red(proof, false, policy)
                .into_iter()
                .map(|finding| Finding { level, ..finding })
                .collect(),
        };
        Ok(Proven {
            red,
            line,
            findings,
        })
    }

    /// What the rule says of a commit whose message is known.
    pub(super) fn red_findings(&self, change: &Change, message: &Message) -> Vec<Finding> {
        let findings = rules::run(change, Some(message), &self.force.policy);
        let is_red = |finding: &Finding| finding.code == RED_FIRST;
        findings.into_iter().filter(is_red).collect()
    }
}

//! The red proof of what is about to be committed: made or looked up as the policy says, told in one line; and the seal
//! of tests that are committed before their source.

use super::print;
use super::session::Session;
use crate::change::{Change, Kind, RedFirst, Validation};
use crate::error::Error;
use crate::git::Subject;
use crate::message::Message;
use crate::policy::OnCommit;
use crate::progress::Progress;
use crate::proof::known::Known;
use crate::proof::red;
use crate::proof::request::Request;
use crate::proof::standing::all_passed;
use crate::proof::validation::Validator;
use crate::rules;

/// What proving came to.
#[derive(Default)]
pub(super) struct Told {
    /// For the rules.
    pub(super) red: RedFirst,
    line: String,
    seals: Option<Request>,
}

/// Proves a change that has passed its checks. A merge, a revert and a replay bring nothing that is not proven elsewhere.
pub(super) fn prove(
    session: &Session,
    subject: &Subject,
    change: &Change,
    message: &Message,
) -> Result<Told, Error> {
    let (repository, force) = (&session.repository, &session.force);
    let policy = &force.policy;
    let is_judged = change.kind == Kind::Ordinary && policy.level("red-first").is_some();
    let has_passed = match &change.validation {
        Validation::Known(states) => all_passed(states),
        // The hook before has seen to it.
        Validation::Undecided => true,
    };
    if !is_judged || !has_passed {
        return Ok(Told::default());
    }
    let mut request = Request::of(repository, policy, subject.tree, &subject.parents)?;
    if request.scope.is_empty() {
        return Ok(Told::default());
    }
    request = request.spoken_for(repository, policy, &subject.branch)?;
    if let Some(task) = rules::task_of(change, message, policy) {
        request = request.of_task(repository, policy, task)?;
    }
    let red = if policy.validation.on_commit == OnCommit::Run {
        let mut validator = Validator::quick(repository, force);
        red::prove(&mut validator, &request, &mut Progress::new())?
    } else {
        let known = Known::read(repository, None)?;
        red::known(repository, policy, Some(force.tip), &known, &request)?
    };
    let line = match &red {
        RedFirst::Known(proof) => {
            red::summary(proof, message.kind(), rules::asks_for_red(message, policy))
        }
        RedFirst::Missing | RedFirst::Undecided => String::new(),
    };
    let seals = request.scope.is_tests_only.then_some(request);
    Ok(Told { red, line, seals })
}

impl Told {
    /// Tells what was proven, and seals the tests that wait for their source.
    pub(super) fn finish(&self, session: &Session) -> Result<(), Error> {
        if !self.line.is_empty() {
            print(&format!("pdd-hooks: {}\n", self.line));
        }
        if let Some(request) = &self.seals {
            let validator = Validator::quick(&session.repository, &session.force);
            let sealing = red::seal(&validator, request)?;
            if let (Some(persona), Some(task)) = (red::other_than_qa(request), &request.task) {
                for path in &sealing.standing {
                    print(&format!(
                        "pdd-hooks: `{path}` stays as QA sealed it: {persona} speaks for {task}, and QA seals tests\n"
                    ));
                }
            }
        }
        Ok(())
    }
}

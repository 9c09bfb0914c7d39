//! The validation of what is about to be committed: run or looked up as the policy says, and told in one line.

use jiff::Timestamp;

use super::print;
use super::session::Session;
use crate::change::{Standing, Validation};
use crate::error::Error;
use crate::git::{Oid, Subject};
use crate::policy::OnCommit;
use crate::progress::Progress;
use crate::proof::checked::{Checked, facts};
use crate::proof::request::Request;
use crate::proof::validation::Validator;

/// Validates a change that is about to be committed. What ran and failed is shown with its last lines; what passed, in
/// one line, by [`Told::print`].
pub(super) fn validate(session: &Session, subject: &Subject) -> Result<Told, Error> {
    let (repository, policy) = (&session.repository, &session.force.policy);
    if policy.level("validation").is_none() {
        return Ok(Told::default());
    }
    let request = Request::of(repository, policy, subject.tree, &parents(session, subject))?;
    if request.scope.is_empty() {
        return Ok(Told {
            validation: Validation::Known(Vec::new()),
            line: None,
        });
    }
    let mut validator = Validator::quick(repository, &session.force);
    let mut checked = validator.look_up(&request)?;
    let is_missing = |one: &Checked| one.standing == Standing::Missing;
    if policy.validation.on_commit == OnCommit::Run && checked.iter().any(is_missing) {
        // Who it is for is written into the record alone; to find it out takes longer than all of the above.
        let request = request.spoken_for(repository, policy, &subject.branch)?;
        checked = validator.run(&request, &mut Progress::new())?;
    }
    for one in &checked {
        print(&one.failure());
    }
    Ok(Told {
        validation: facts(&checked),
        line: Some(line(&checked)),
    })
}

/// What validating came to.
#[derive(Default)]
pub(super) struct Told {
    /// For the rules.
    pub(super) validation: Validation,
    line: Option<String>,
}

impl Told {
    /// Tells what passed.
    pub(super) fn print(&self) {
        if let Some(line) = &self.line {
            print(line);
        }
    }
}

/// The parents that the commit will have. To pre-merge-commit git names those that it merges in its environment alone,
/// `GITHEAD_<id>=<name>`: `MERGE_HEAD` comes later (tried on git 2.39 and 2.47).
fn parents(session: &Session, subject: &Subject) -> Vec<Oid> {
    let mut parents = subject.parents.clone();
    let args = session.caller.args.as_ref();
    let may_merge = args.is_none_or(|args| matches!(args.command.as_str(), "merge" | "pull"));
    if parents.len() == 1 && may_merge {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let ids = names.filter_map(|name| name.strip_prefix("GITHEAD_").map(str::to_owned));
        parents.extend(ids.filter_map(|id| session.repository.oid(&id).ok()));
    }
    parents
}

fn line(checked: &[Checked]) -> String {
    let now = Timestamp::now();
    let all: Vec<String> = checked.iter().map(|one| one.summary(now)).collect();
    format!("pdd-hooks: {}\n", all.join(", "))
}

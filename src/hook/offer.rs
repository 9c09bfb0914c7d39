//! What prepare-commit-msg offers in an editor: the task of the branch and its newest persona.

use super::judge_staged;
use super::session::Session;
use crate::change::{Branch, Role};
use crate::error::Error;
use crate::workflow::personalog;

/// Returns the lines to offer; none on a branch that names no task.
pub(super) fn hint(session: &Session) -> Result<Option<String>, Error> {
    let policy = &session.force.policy;
    let Branch::Named(branch) = judge_staged::branch(session)? else {
        return Ok(None);
    };
    let Role::Work(task) = policy.role(&branch, &[]) else {
        return Ok(None);
    };
    let tree = session.repository.index_tree()?;
    let log = session
        .repository
        .text_at(tree, &policy.log_of(&task))?
        .unwrap_or_default();
    let persona = personalog::newest(&log, &task).unwrap_or_else(|| "none declared yet".to_owned());
    Ok(Some(format!(
        "task: {task}, persona: {persona}\nsubject: type(scope): description [{task}]\n"
    )))
}

//! What a command suggests as the next step: the commit of what it staged, and how another persona comes to speak.

use crate::change::Role;
use crate::id::TaskId;
use crate::policy::{Class, Policy};

/// Writes the command that commits the documents that were staged for a task: `docs(tasks): start Search [TASK-007]`. It is
/// named after the task of the branch; elsewhere after a standing one, for which nobody has to be declared.
pub(super) fn commit_on(
    policy: &Policy,
    branch: Option<&str>,
    words: &str,
    task: &TaskId,
) -> String {
    commit(policy, words, &named(policy, branch, task))
}

/// The task that a commit of documents on this branch is named after.
pub(super) fn named(policy: &Policy, branch: Option<&str>, task: &TaskId) -> TaskId {
    let of_branch = branch.map(|name| policy.role(name, &[]));
    match (of_branch, policy.task.standing.first()) {
        (Some(Role::Work(own)), _) => own,
        (_, Some(standing)) => TaskId::new(standing),
        (_, None) => task.clone(),
    }
}

/// Writes the command that commits what was staged, under a task.
pub(super) fn commit(policy: &Policy, words: &str, task: &TaskId) -> String {
    let types = &policy.message.types;
    let fitting = ["docs", "chore"].into_iter();
    let kind = fitting
        .filter(|kind| types.iter().any(|known| known == kind))
        .chain(types.iter().map(String::as_str))
        .next()
        .unwrap_or("docs");
    // What a shell reads within double quotes, and brackets, which could name another task.
    let is_plain = |letter: &char| !"\"$`\\![]".contains(*letter);
    let said: String = words.chars().filter(is_plain).collect();
    let room = policy.message.max_subject;
    let around = format!("{kind}(tasks):  [{task}]").chars().count();
    let said: String = said.chars().take(room.saturating_sub(around)).collect();
    format!(
        "git commit -m \"{kind}(tasks): {} [{task}]\"",
        said.trim_end()
    )
}

/// Writes the command that commits what was staged, of these classes, for somebody to describe; `kind` is the type of the
/// task.
pub(super) fn described(
    policy: &Policy,
    classes: impl IntoIterator<Item = Class> + Clone,
    kind: &str,
    task: &str,
) -> String {
    let are = |of: &[Class]| classes.clone().into_iter().all(|class| of.contains(&class));
    let fitting = if are(&[Class::Record, Class::Docs]) {
        "docs"
    } else if are(&[Class::Record, Class::Docs, Class::Test, Class::Support]) {
        "test"
    } else if are(&[Class::Record, Class::Docs, Class::Manifest]) {
        "chore"
    } else {
        kind
    };
    let is_known = policy.message.types.iter().any(|known| known == fitting);
    let kind = if is_known { fitting } else { kind };
    format!("git commit -m \"{kind}(scope): description [{task}]\"")
}

/// Returns the type of a task's commits: its own where the policy knows it, else the policy's first.
pub(super) fn kind<'k>(policy: &'k Policy, of_task: Option<&'k str>) -> &'k str {
    let types = &policy.message.types;
    let known = of_task.filter(|kind| types.iter().any(|known| known == kind));
    known
        .or(types.first().map(String::as_str))
        .unwrap_or("chore")
}

/// Writes the commands by which a persona hands over to another, through a third where the policy forbids the step itself;
/// none where no way of two steps leads there. `task` is named where the branch does not.
pub(super) fn handoff(
    policy: &Policy,
    from: &str,
    to: &str,
    task: Option<&TaskId>,
) -> Option<String> {
    let of = task.map_or_else(String::new, |task| format!(" --task {task}"));
    let step = |role: &str| format!("pdd-hooks handoff {role}{of}");
    if policy.allows(from, to) {
        return Some(step(to));
    }
    let between = ["QA", "DEV", "PM", "TROUBLESHOOT"].into_iter();
    let mut between = between.filter(|it| policy.allows(from, it) && policy.allows(it, to));
    let between = between.next()?;
    Some(format!("{} && {}", step(between), step(to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_persona_goes_through_another_where_it_must() {
        let way = |from: &str, to: &str| handoff(&Policy::default(), from, to, None);
        assert_eq!(way("QA", "PM").as_deref(), Some("pdd-hooks handoff PM"));
        assert_eq!(
            way("DEV", "PM").as_deref(),
            Some("pdd-hooks handoff QA && pdd-hooks handoff PM")
        );
        assert_eq!(
            way("ROBOT", "PM").as_deref(),
            Some("pdd-hooks handoff TROUBLESHOOT && pdd-hooks handoff PM")
        );
        assert_eq!(way("PM", "ROBOT"), None);
        let task = TaskId::new("TASK-7");
        assert_eq!(
            handoff(&Policy::default(), "QA", "PM", Some(&task)).as_deref(),
            Some("pdd-hooks handoff PM --task TASK-7")
        );
    }
}

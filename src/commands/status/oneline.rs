//! The line for a shell prompt, from two files of the work tree: it must cost nothing.

use crate::change::Role;
use crate::error::Error;
use crate::git::Repository;
use crate::id::TaskId;
use crate::policy::Policy;
use crate::workflow::personalog;
use crate::workflow::tasklist::tasks;

/// Says `TASK-007 DEV IN_PROGRESS 2/5`; nothing where no policy is in force, or the branch is named after no task.
pub(super) fn oneline(repository: &Repository) -> Result<String, Error> {
    let head = repository.head()?;
    let branch = match head.branch {
        Some(branch) => Some(branch),
        None => repository.rebase_branch()?,
    };
    let (Some(branch), Some(force)) = (branch, repository.policy_in_force()?) else {
        return Ok(String::new());
    };
    let Role::Work(task) = force.policy.role(&branch, &[]) else {
        return Ok(String::new());
    };
    let read = |path: &str| {
        let top = repository.work_tree()?;
        std::fs::read_to_string(top.join(path)).ok()
    };
    let log = read(&force.policy.log_of(&task)).unwrap_or_default();
    let list = read(&force.policy.task.tasklist).unwrap_or_default();
    Ok(line(&task, &log, &list, &force.policy))
}

fn line(task: &TaskId, log: &str, list: &str, policy: &Policy) -> String {
    let mut words = vec![task.to_string()];
    words.extend(personalog::newest(log, task));
    let tasks = tasks(list, &|id| policy.is_task(id));
    if let Some(found) = tasks.iter().find(|it| it.id == *task) {
        words.extend(found.standing(list).map(|status| status.to_string()));
        let boxes = found.criteria.iter().filter_map(|point| point.check);
        let (ticked, of) = boxes.fold((0, 0), |(ticked, of), check| {
            (ticked + usize::from(check.is_ticked), of + 1)
        });
        words.extend((of > 0).then(|| format!("{ticked}/{of}")));
    }
    words.join(" ") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_is_known() {
        let task = TaskId::new("TASK-007");
        let policy = Policy::default();
        assert_eq!(line(&task, "", "", &policy), "TASK-007\n");
        let log = "## [PERSONA: DEV] - [TASK-007] - Code\n";
        let list = "### TASK-007: Search\n- **Status**: IN_PROGRESS\n- **Acceptance Criteria**:\n  - [x] a\n  - [ ] b\n";
        assert_eq!(
            line(&task, log, list, &policy),
            "TASK-007 DEV IN_PROGRESS 1/2\n"
        );
    }
}

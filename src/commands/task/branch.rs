//! A task's work branch: what it is called, where it begins, and how it is cut.

use super::Desk;
use crate::change::Role;
use crate::error::{Error, TaskError};
use crate::finding::printable;
use crate::git::Oid;
use crate::id::TaskId;
use crate::policy::Policy;

/// How long the words of the title may be in a branch's name.
const LONGEST: usize = 40;

/// Where a work branch begins.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// As git names it: `dev`, `origin/dev`.
    pub(super) name: String,
    /// The branch, wherever it was found: `dev`.
    pub(super) branch: String,
    pub(super) commit: Oid,
}

/// Finds the integration branch, here or at a remote; where there is none, the protected one.
///
/// # Errors
/// There is neither.
pub(super) fn base(desk: &Desk) -> Result<Base, Error> {
    let names = &desk.policy.branch;
    for name in names.integration.iter().chain(&names.protected) {
        if let Some((reference, commit)) = desk.repository.branch_tips(name)?.into_iter().next() {
            let mut short = ["refs/heads/", "refs/remotes/"]
                .iter()
                .filter_map(|before| reference.strip_prefix(before));
            return Ok(Base {
                name: short.next().unwrap_or(&reference).to_owned(),
                branch: name.clone(),
                commit,
            });
        }
    }
    let names = names.integration.iter().chain(&names.protected).cloned();
    Err(TaskError::FindBase {
        names: names.collect(),
    }
    .into())
}

/// Makes up a name by the policy's pattern, which need not be the default: `feat/TASK-007-search-by-word`.
pub(super) fn name(policy: &Policy, task: &TaskId, kind: &str, title: &str) -> Option<String> {
    let pattern = policy.branch.work.as_str();
    let before = pattern.split("{task}").next().unwrap_or_default();
    let is_literal = |letter: char| letter.is_ascii_alphanumeric() || "/-_".contains(letter);
    let literal = Some(before).filter(|before| before.chars().all(is_literal));
    let kinds = [format!("{kind}/"), "feat/".to_owned(), "task/".to_owned()];
    let before = literal.map(str::to_owned).into_iter().chain(kinds);
    let slug = slug(title);
    let names = before.flat_map(|before| {
        let long = Some(format!("{before}{task}-{slug}")).filter(|_| !slug.is_empty());
        long.into_iter().chain([format!("{before}{task}")])
    });
    let is_work = |name: &String| policy.role(name, &[]) == Role::Work(task.clone());
    names.into_iter().find(is_work)
}

/// Makes words that any branch name may hold; those that do not fit whole are left out.
fn slug(title: &str) -> String {
    let title = title.to_lowercase();
    let words =
        title.split(|letter: char| !letter.is_ascii_lowercase() && !letter.is_ascii_digit());
    let mut slug = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if slug.len() + word.len() + 1 > LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug
}

/// Cuts a branch and switches to it; git carries what was changed, or refuses and changes nothing.
///
/// # Errors
/// It refuses.
pub(super) fn cut(desk: &Desk, name: &str, base: &Base) -> Result<(), Error> {
    let commit = base.commit.to_string();
    let args = ["switch", "--quiet", "--no-track", "-c", name, &commit];
    let (code, _, stderr) = desk.git.run(&args, &[])?;
    if code == Some(0) {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&stderr);
    // What it hints at is of how it was called.
    let words = words.lines().filter(|line| !line.starts_with("hint:"));
    let words = words
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ");
    Err(TaskError::CutBranch {
        branch: name.to_owned(),
        base: base.name.clone(),
        words: printable(&words),
    }
    .into())
}

/// Goes back to where everything began; where that fails too, the first failure says more.
pub(super) fn back(desk: &Desk, name: &str) {
    let git = &desk.git;
    let switched = match &desk.branch {
        Some(branch) => git.read(&["switch", "--quiet", branch]),
        None => git.read(&["switch", "--quiet", "--detach", "@{-1}"]),
    };
    if switched.is_ok() {
        drop(git.read(&["branch", "--quiet", "-D", name]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_named_after_task_type_and_title_as_the_policy_wants_it() {
        let named = |policy: &str, kind: &str, title: &str| {
            let policy = Policy::parse(policy, "test").unwrap();
            name(&policy, &TaskId::new("TASK-007"), kind, title)
        };
        for (policy, kind, title, expected) in [
            (
                "",
                "feat",
                "Search: by `word`!",
                Some("feat/TASK-007-search-by-word"),
            ),
            ("", "fix", "搜索", Some("fix/TASK-007")),
            ("", "revert", "Back", Some("feat/TASK-007-back")),
            (
                "",
                "docs",
                "one two three four five six seven eight nine ten",
                Some("docs/TASK-007-one-two-three-four-five-six-seven-eight"),
            ),
            (
                "branch.work = 'work/{task}'",
                "feat",
                "Search",
                Some("work/TASK-007"),
            ),
            (
                "branch.work = '{task}-[a-z]+'",
                "feat",
                "Search",
                Some("TASK-007-search"),
            ),
            ("branch.work = '(a|b)/{task}'", "feat", "Search", None),
        ] {
            assert_eq!(
                named(policy, kind, title).as_deref(),
                expected,
                "{policy} {title}"
            );
        }
    }
}

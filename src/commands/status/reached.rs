//! How far the work has come: the integration branch that is there, and whether it and the protected branch hold it.

use crate::error::Error;
use crate::git::command::Git;
use crate::git::{InForce, Oid, Repository};

/// How far the work has come.
#[derive(Default)]
pub(super) struct Reached<'p> {
    /// The integration branch that is there, locally or at a remote.
    pub(super) integration: Option<&'p str>,
    /// Whether it holds what stands at HEAD.
    pub(super) is_merged: bool,
    /// Whether the protected branch does.
    pub(super) is_landed: bool,
}

impl<'p> Reached<'p> {
    /// Looks where a commit has come to.
    pub(super) fn by(
        repository: &Repository,
        force: &'p InForce,
        head: Option<Oid>,
    ) -> Result<Self, Error> {
        let mut reached = Self::default();
        let holds = |tip: Oid| match head {
            Some(head) => repository.is_ancestor(head, tip),
            None => Ok(false),
        };
        reached.is_landed = holds(force.tip)?;
        for name in &force.policy.branch.integration {
            for (_, tip) in repository.branch_tips(name)? {
                reached.integration = reached.integration.or(Some(name));
                reached.is_merged |= holds(tip)?;
            }
        }
        Ok(reached)
    }
}

/// Says whether a file of the work tree has changes that are not staged, as git sees it.
pub(super) fn is_unstaged(repository: &Repository, path: &str) -> Result<bool, Error> {
    let Some(top) = repository.work_tree() else {
        return Ok(false);
    };
    let args = ["--literal-pathspecs", "diff", "--quiet", "--", path];
    let (code, ..) = Git::new(top).run(&args, &[])?;
    Ok(code == Some(1))
}

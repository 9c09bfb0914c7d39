//! What git and the evidence know of the work of one task: its commits, whether they are validated, and whether a test was
//! seen to fail first. Nothing is run to learn it.

use super::lack::Lack;
use super::{Desk, branch};
use crate::audit::judge::Judge;
use crate::audit::reds;
use crate::change::{Role, Standing};
use crate::error::Error;
use crate::evidence::ledger;
use crate::git::{Commit, InForce, Oid};
use crate::id::{CommitId, TaskId};
use crate::message::Message;
use crate::policy::{Class, FileKind};
use crate::proof::known::Known;
use crate::proof::standing::Ground;

/// How many paths are named before the rest is counted.
const NAMED: usize = 3;

/// The commits that stand above the branch that they go into.
pub(super) struct Work<'a> {
    desk: &'a Desk,
    task: &'a TaskId,
    force: Option<InForce>,
    head: Option<Oid>,
    /// What the work began at, as far as the policy's branches tell.
    base: Option<Oid>,
    /// With their subjects, parents before children.
    brought: Vec<(CommitId, String)>,
}

impl<'a> Work<'a> {
    /// Looks at what `HEAD` has above the integration branch; on that one itself, above the protected branch.
    ///
    /// # Errors
    /// History cannot be walked.
    pub(super) fn of(desk: &'a Desk, task: &'a TaskId) -> Result<Self, Error> {
        let repository = &desk.repository;
        let force = repository.policy_in_force()?;
        let head = repository.head()?.commit;
        let role = desk
            .branch
            .as_deref()
            .map(|name| desk.policy.role(name, &[]));
        let mut without: Vec<Oid> = force.iter().map(|force| force.tip).collect();
        if !matches!(role, Some(Role::Integration | Role::Protected)) {
            without.insert(0, branch::base(desk)?.commit);
        }
        let found = repository.commits_between(head.as_slice(), &without)?;
        let mut brought = Vec::new();
        for oid in found {
            brought.push((CommitId::new(oid.to_string()), subject(desk, oid)?));
        }
        let base = match (head, without.first()) {
            (Some(head), Some(&base)) => repository.merge_bases(base, head)?.first().copied(),
            _ => None,
        };
        Ok(Self {
            desk,
            task,
            force,
            head,
            base,
            brought,
        })
    }

    /// Lists the commits that name the task, oldest first, shortened; where none is left above the branches, all that
    /// `HEAD` has since the workflow was adopted.
    ///
    /// # Errors
    /// History cannot be walked.
    pub(super) fn commits(&self) -> Result<Vec<String>, Error> {
        let above = self
            .brought
            .iter()
            .filter(|(_, subject)| self.names(subject));
        let above: Vec<String> = above.map(|(id, _)| id.short().to_owned()).collect();
        if !above.is_empty() {
            return Ok(above);
        }
        let repository = &self.desk.repository;
        let adoption = match &self.force {
            Some(force) => repository.adoption(force.tip)?,
            None => None,
        };
        let mut found = Vec::new();
        for oid in repository.commits_between(self.head.as_slice(), adoption.as_slice())? {
            if self.names(&subject(self.desk, oid)?) {
                found.push(CommitId::new(oid.to_string()).short().to_owned());
            }
        }
        Ok(found)
    }

    fn names(&self, subject: &str) -> bool {
        self.desk.policy.tasks_in(subject).contains(self.task)
    }

    /// Says what of the work tree is in no commit, documents aside.
    ///
    /// # Errors
    /// git cannot be asked.
    pub(super) fn uncommitted(&self) -> Result<Option<Lack>, Error> {
        let args = [
            "status",
            "--porcelain=v1",
            "-z",
            "--no-renames",
            "--untracked-files=all",
        ];
        let listed = self.desk.git.read(&args)?;
        let paths = listed
            .split(|&byte| byte == 0)
            .filter_map(|row| row.get(3..));
        let is_work = |path: &&[u8]| {
            let class = self.desk.policy.class(path, FileKind::Plain);
            !matches!(class, Class::Record | Class::Docs)
        };
        let paths: Vec<&[u8]> = paths.filter(is_work).collect();
        let named = paths.iter().take(NAMED);
        let named = named.map(|path| format!("`{}`", String::from_utf8_lossy(path)));
        let mut named = named.collect::<Vec<_>>().join(", ");
        if let Some(more) = paths.len().checked_sub(NAMED + 1) {
            named.push_str(&format!(" and {} more", more + 1));
        }
        Ok((!paths.is_empty()).then(|| {
            let what = format!("not committed: {named}");
            Lack::new(
                what,
                "commit it, or take it away: git stash --include-untracked",
            )
        }))
    }

    /// Says which checks have not passed on what the work came to: the newest commit that changes more than documents.
    ///
    /// # Errors
    /// An object is missing, or the evidence cannot be read.
    pub(super) fn unvalidated(&self) -> Result<Vec<Lack>, Error> {
        let (Some(force), Some(head)) = (&self.force, self.head) else {
            return Ok(Vec::new());
        };
        let (repository, policy) = (&self.desk.repository, &force.policy);
        let Some(newest) = self
            .newest()?
            .filter(|_| policy.level("validation").is_some())
        else {
            return Ok(Vec::new());
        };
        let known = Known::read_for(repository, policy, None)?;
        let ground = Ground::new(repository, &known, policy, Some(force.tip), &[head])?;
        let states = ground.landing(self.base, newest.id)?;
        let id = CommitId::new(newest.id.to_string());
        let validate = format!("pdd-hooks validate {}", id.short());
        let lacks = states.into_iter().filter_map(|state| {
            let check = state.check;
            let (why, mend) = match state.standing {
                Standing::Passed => return None,
                Standing::Sealed => (
                    "waits for tests that are sealed and still fail".to_owned(),
                    "turn them green, and commit that".to_owned(),
                ),
                Standing::Unfounded(below) => (
                    format!("is not known to have passed on {}", below.short()),
                    validate.clone(),
                ),
                Standing::Unvouched(why) => (
                    format!("passed by no word that counts: {why}"),
                    validate.clone(),
                ),
                _ => (
                    format!("is not known to have passed on {}", id.short()),
                    validate.clone(),
                ),
            };
            Some(Lack::new(format!("the check `{check}` {why}"), mend))
        });
        Ok(lacks.collect())
    }

    /// The newest commit of the work, by first parents, that changes more than documents.
    fn newest(&self) -> Result<Option<Commit>, Error> {
        let repository = &self.desk.repository;
        let Some(head) = self.head else {
            return Ok(None);
        };
        for commit in repository.first_parents(head) {
            let commit = commit?;
            let id = commit.id.to_string();
            if !self.brought.iter().any(|(known, _)| known.as_str() == id) {
                break;
            }
            let below = commit
                .parents
                .first()
                .map(|&parent| repository.tree_of(parent));
            let deltas = repository.diff(below.transpose()?, Some(commit.tree))?;
            let mut classes = deltas.iter().map(|delta| delta.class(&self.desk.policy));
            if classes.any(|class| !matches!(class, Class::Record | Class::Docs)) {
                return Ok(Some(commit));
            }
        }
        Ok(None)
    }

    /// Says that the task's source came without a test that failed before, where its Type asks for one.
    ///
    /// # Errors
    /// An object is missing, or the evidence cannot be read.
    pub(super) fn unproven(&self) -> Result<Option<Lack>, Error> {
        let Some(force) = &self.force else {
            return Ok(None);
        };
        let (repository, policy) = (&self.desk.repository, &force.policy);
        let ledger = ledger::read(&repository.pdd_folder())?;
        let adoption = repository.adoption(force.tip)?;
        let ids = self
            .brought
            .iter()
            .map(|(id, _)| repository.oid(id.as_str()));
        let ids = ids.collect::<Result<Vec<Oid>, _>>()?;
        let judge = Judge::new(repository, &ledger, adoption, &ids)?;
        let known = Known::read_for(repository, policy, None)?;
        let floor = Some(force.tip);
        let works = reds::tasks(repository, &judge, &known, policy, floor, &self.brought)?;
        let is_missing = |work: &&crate::change::TaskWork| {
            work.task == *self.task
                && !work.is_proven
                && !work.is_red_free
                && !work.source.is_empty()
        };
        Ok(works.iter().find(is_missing).map(|work| {
            let first = work.source.first().map_or("", |id| id.short());
            let what = format!("no test was seen to fail before the source of it (first {first})");
            Lack::new(
                what,
                "add one that fails without it, as `feat` or `fix`; pdd-hooks explain PDD009",
            )
        }))
    }
}

fn subject(desk: &Desk, oid: Oid) -> Result<String, Error> {
    let commit = desk.repository.commit(oid)?;
    Ok(Message::parse(&commit.message).subject)
}

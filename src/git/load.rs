//! From objects to a [`Change`]: kind, paths with their classes, persona logs.

use std::collections::BTreeMap;

use git2::Oid;

use super::documents::Asked;
use super::tree::{EXECUTABLE, PLAIN};
use super::{Delta, Entry, Error, Plan, Repository};
use crate::change::{
    Branch, Change, Kind, LogChange, Mode, PathChange, Place, RedFirst, Status, Validation,
};
use crate::id::{CommitId, TaskId, TreeId};
use crate::message::Message;
use crate::policy::{Class, FileKind, Policy};
use crate::rules;

/// What is to be judged: a tree on its parents, made or about to be made.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its tree.
    pub tree: Oid,
    /// Its parents.
    pub parents: Vec<Oid>,
    /// Where it stands.
    pub place: Place,
    /// The branch it is made on.
    pub branch: Branch,
    /// Whether it is the commit that brought the policy.
    pub is_adoption: bool,
    /// Whether it is a landing in one commit that was approved as it stands.
    pub is_squash: bool,
    /// The commit that the ledger says it replays; believed only as far as the trees agree.
    pub replays: Option<Oid>,
}

impl Repository {
    /// Loads what the rules see.
    ///
    /// # Errors
    /// An object is missing.
    pub fn load(
        &self,
        subject: &Subject,
        message: Option<&Message>,
        policy: &Policy,
    ) -> Result<Change, Error> {
        let trees = subject
            .parents
            .iter()
            .map(|&parent| self.tree_of(parent))
            .collect::<Result<Vec<_>, Error>>()?;
        let (kind, deltas) = self.kind(subject, &trees, message, policy)?;
        let paths: Vec<PathChange> = deltas
            .iter()
            .map(|delta| path_change(delta, policy))
            .collect();
        let tasks = named(message, policy);
        let merged = match kind {
            Kind::Merge => self.merged_documents(&subject.parents, &deltas, policy)?,
            _ => BTreeMap::new(),
        };
        let asked = Asked {
            tree: subject.tree,
            bases: &trees,
            paths: &paths,
            tasks: &tasks,
            merged: &merged,
        };
        let documents = self.documents(&asked, policy)?;
        let step = match kind {
            Kind::Adoption => {
                Some(self.adoption_move(trees.first().copied(), subject.tree, &deltas)?)
            }
            _ => self.policy_move(&trees, subject.tree, &deltas, policy)?,
        };
        let logs = self.logs(subject.tree, &trees, &deltas, &tasks, policy)?;
        let mut change = Change {
            place: subject.place.clone(),
            kind,
            branch: subject.branch.clone(),
            tree: TreeId::new(subject.tree.to_string()),
            parents: subject
                .parents
                .iter()
                .map(|oid| CommitId::new(oid.to_string()))
                .collect(),
            paths,
            logs,
            documents,
            chains: Vec::new(),
            validation: Validation::Undecided,
            red: RedFirst::Undecided,
            policy: step,
        };
        if let Some(message) = message
            && rules::asks_for_tests_within(&change, message, policy)
        {
            for (path, delta) in change.paths.iter_mut().zip(&deltas) {
                path.is_test_within =
                    path.class == Class::Source && self.changes_tests_alone(delta)?;
            }
        }
        if rules::asks_for_chains(&change, policy) {
            change.chains = self.added_chains(&trees, &deltas, &change.paths, policy)?;
        }
        Ok(change)
    }

    fn kind(
        &self,
        subject: &Subject,
        trees: &[Oid],
        message: Option<&Message>,
        policy: &Policy,
    ) -> Result<(Kind, Vec<Delta>), Error> {
        if subject.is_adoption {
            return Ok((
                Kind::Adoption,
                self.diff(trees.first().copied(), Some(subject.tree))?,
            ));
        }
        if subject.is_squash {
            let deltas = self.diff(trees.first().copied(), Some(subject.tree))?;
            return Ok((Kind::Squash, deltas));
        }
        if subject.parents.len() > 1 {
            let plan = Plan::Parents(subject.parents.clone());
            return Ok((Kind::Merge, self.beyond_merge(&plan, subject.tree)?));
        }
        if let Some(of) = subject.replays {
            let plan = self.replay_of(of, subject.parents.first().copied())?;
            let beyond = self.beyond_merge(&plan, subject.tree)?;
            if beyond.is_empty() {
                return Ok((
                    Kind::Replayed {
                        of: CommitId::new(of.to_string()),
                    },
                    beyond,
                ));
            }
            return Ok((Kind::Ordinary, beyond));
        }
        let deltas = self.diff(trees.first().copied(), Some(subject.tree))?;
        if let Some(of) = message.and_then(Message::reverted)
            && let Some(kind) = self.revert_of(of.as_str(), subject, &deltas, policy)?
        {
            return Ok((kind, deltas));
        }
        Ok((Kind::Ordinary, deltas))
    }

    /// Says what a replay of the commit `of` on `onto` would merge.
    ///
    /// # Errors
    /// The commit is missing.
    pub fn replay_of(&self, of: Oid, onto: Option<Oid>) -> Result<Plan, Error> {
        let base = self.commit(of)?.parents.first().copied();
        Ok(Plan::Replay {
            base,
            onto,
            picked: Some(of),
        })
    }

    /// Says what a revert of the commit `of` on `onto` would merge; the first parent is the main line.
    ///
    /// # Errors
    /// The commit is missing.
    pub fn revert_plan(&self, of: Oid, onto: Option<Oid>) -> Result<Plan, Error> {
        let picked = self.commit(of)?.parents.first().copied();
        Ok(Plan::Replay {
            base: Some(of),
            onto,
            picked,
        })
    }

    /// A revert is one by its trees, not by its words: it takes back a commit that it descends from, everything but the
    /// workflow's documents is what taking that commit back gives, and none of those documents is put back.
    fn revert_of(
        &self,
        of: &str,
        subject: &Subject,
        deltas: &[Delta],
        policy: &Policy,
    ) -> Result<Option<Kind>, Error> {
        let Ok(of) = self.oid(of) else {
            return Ok(None);
        };
        let Ok(reverted) = self.commit(of) else {
            return Ok(None);
        };
        let onto = subject.parents.first().copied();
        // The inverse of a commit made up for the purpose could be anything.
        if !onto.map_or(Ok(false), |onto| self.is_ancestor(of, onto))? {
            return Ok(None);
        }
        let beyond = self.beyond_merge(&self.revert_plan(of, onto)?, subject.tree)?;
        let before = reverted
            .parents
            .first()
            .map(|&parent| self.tree_of(parent))
            .transpose()?;
        let is_record = |path: &[u8]| policy.class(path, FileKind::Plain) == Class::Record;
        if beyond.iter().any(|delta| !is_record(&delta.path)) {
            return Ok(None);
        }
        for delta in deltas.iter().filter(|delta| is_record(&delta.path)) {
            let earlier = match before {
                Some(before) => self.entry(before, &delta.path)?,
                None => None,
            };
            if earlier == delta.new {
                return Ok(None);
            }
        }
        let subject = Message::parse(&reverted.message).subject;
        Ok(Some(Kind::Revert {
            of: CommitId::new(of.to_string()),
            subject,
        }))
    }

    fn logs(
        &self,
        tree: Oid,
        trees: &[Oid],
        deltas: &[Delta],
        named: &[TaskId],
        policy: &Policy,
    ) -> Result<Vec<LogChange>, Error> {
        let mut wanted: Vec<(String, Option<TaskId>)> = Vec::new();
        for delta in deltas {
            let path = String::from_utf8_lossy(&delta.path).into_owned();
            if let Some(task) = policy.log_at(&path) {
                wanted.push((path, task));
            }
        }
        for task in named {
            let path = policy.log_of(task);
            let owner = policy.log_at(&path).unwrap_or(None);
            wanted.push((path, owner));
        }
        wanted.sort();
        wanted.dedup();
        wanted
            .into_iter()
            .map(|(path, task)| {
                let bases = trees
                    .iter()
                    .map(|&base| Ok(self.text_at(base, &path)?.unwrap_or_default()))
                    .collect::<Result<_, Error>>()?;
                let text = self.text_at(tree, &path)?;
                Ok(LogChange {
                    path,
                    task,
                    bases,
                    text,
                })
            })
            .collect()
    }
}

/// Lists the tasks that a message names, in its subject and by its trailer.
fn named(message: Option<&Message>, policy: &Policy) -> Vec<TaskId> {
    let Some(message) = message else {
        return Vec::new();
    };
    let mut named = policy.tasks_in(&message.subject);
    let trailer = message.trailer("Task");
    named.extend(trailer.filter(|task| policy.is_task(task)).map(TaskId::new));
    named.sort();
    named.dedup();
    named
}

fn path_change(delta: &Delta, policy: &Policy) -> PathChange {
    PathChange {
        path: String::from_utf8_lossy(&delta.path).into_owned(),
        class: delta.class(policy),
        status: match (delta.old, delta.new) {
            (None, _) => Status::Added,
            (_, None) => Status::Deleted,
            _ => Status::Modified,
        },
        is_test_within: false,
        is_conflicted: delta.is_conflicted,
        mode: match delta.new.map(|entry| entry.mode) {
            None | Some(PLAIN) => Mode::Plain,
            Some(EXECUTABLE) => Mode::Executable,
            Some(_) => Mode::Other,
        },
    }
}

impl Delta {
    /// Returns the class of the path under a policy; what is no plain file on either side is no document, but for a document
    /// of the workflow that may be run no more.
    pub fn class(&self, policy: &Policy) -> Class {
        let path = String::from_utf8_lossy(&self.path);
        let modes = [self.old, self.new].map(|entry| entry.map(|entry| entry.mode));
        if modes == [Some(EXECUTABLE), Some(PLAIN)] && policy.is_document(&path) {
            return policy.class(&self.path, FileKind::Plain);
        }
        let special = [self.old, self.new]
            .into_iter()
            .flatten()
            .any(|entry: Entry| entry.mode != PLAIN);
        let kind = if special {
            FileKind::Special
        } else {
            FileKind::Plain
        };
        policy.class(&self.path, kind)
    }
}

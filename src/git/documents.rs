//! The workflow's documents before and after a change, read where a rule asks for them.

use std::collections::BTreeMap;

use git2::Oid;

use super::{Delta, Error, Repository};
use crate::change::{Contract, DocumentChange, Documents, PathChange};
use crate::id::TaskId;
use crate::policy::{Class, Policy};
use crate::workflow::tasklist;

/// The rules that ask for documents of a change that touches none.
const ASKING: [&str; 2] = ["task-state", "contract"];

/// A change as far as it says which documents are asked for.
pub(super) struct Asked<'a> {
    /// Its tree.
    pub(super) tree: Oid,
    /// The trees of its parents.
    pub(super) bases: &'a [Oid],
    /// What it touches.
    pub(super) paths: &'a [PathChange],
    /// The tasks that its message names.
    pub(super) tasks: &'a [TaskId],
    /// What a merge makes by itself of the documents that are otherwise in it, by path.
    pub(super) merged: &'a BTreeMap<String, String>,
}

impl Repository {
    /// Loads the documents that a change touches, and those that its source and tests are judged by.
    pub(super) fn documents(&self, asked: &Asked<'_>, policy: &Policy) -> Result<Documents, Error> {
        let is_touched = |path: &str| asked.paths.iter().any(|it| it.path == path);
        let holds = |class: Class| asked.paths.iter().any(|it| it.class == class);
        let is_asking = ASKING.iter().any(|rule| policy.level(rule).is_some());
        let is_work = is_asking && (holds(Class::Source) || holds(Class::Test));
        let task = &policy.task;
        let is_tasks = is_touched(&task.tasklist) || is_touched(&task.changelog) || is_work;
        let load = |path: &str, is_wanted: bool| {
            is_wanted
                .then(|| self.document(path, is_touched(path), asked))
                .transpose()
        };
        let tasklist = load(&task.tasklist, is_tasks)?;
        let contracts = match &tasklist {
            Some(list) if holds(Class::Source) && policy.level("contract").is_some() => {
                self.contracts(list, asked, policy)?
            }
            _ => Vec::new(),
        };
        Ok(Documents {
            tasklist,
            changelog: load(&task.changelog, is_tasks)?,
            devlog: load(&task.devlog, is_touched(&task.devlog))?,
            contracts,
        })
    }

    /// Reads what a merge makes by itself of the documents that are otherwise in it and that nobody had to settle: what was
    /// done to them by hand is judged by that, since each parent lacks what the others bring.
    pub(super) fn merged_documents(
        &self,
        parents: &[Oid],
        deltas: &[Delta],
        policy: &Policy,
    ) -> Result<BTreeMap<String, String>, Error> {
        let named = deltas.iter().map(|delta| {
            let path = String::from_utf8_lossy(&delta.path).into_owned();
            (path, delta)
        });
        let by_hand = |(path, delta): &(String, &Delta)| {
            !delta.is_conflicted && policy.is_document(path) && policy.log_at(path).is_none()
        };
        let by_hand: Vec<(String, &Delta)> = named.filter(by_hand).collect();
        // The merge is made once more for them alone: next to no merge has any.
        if by_hand.is_empty() {
            return Ok(BTreeMap::new());
        }
        if let [ours, theirs] = *parents {
            let paths = by_hand.into_iter().map(|(path, _)| path);
            return self.merged_texts(ours, theirs, paths);
        }
        // What an octopus makes of a path, its delta has.
        let text = |(path, delta): (String, &Delta)| {
            let blob = delta.old.map(|entry| self.blob(entry.oid)).transpose()?;
            let text = String::from_utf8_lossy(&blob.unwrap_or_default()).into_owned();
            Ok((path, text))
        };
        by_hand.into_iter().map(text).collect()
    }

    fn document(
        &self,
        path: &str,
        is_touched: bool,
        asked: &Asked<'_>,
    ) -> Result<DocumentChange, Error> {
        let bases = match asked.merged.get(path) {
            Some(text) => vec![text.clone()],
            None => {
                let bases = asked.bases.iter();
                let texts = bases.map(|&base| Ok(self.text_at(base, path)?.unwrap_or_default()));
                texts.collect::<Result<_, Error>>()?
            }
        };
        Ok(DocumentChange {
            path: path.to_owned(),
            is_touched,
            bases,
            text: self.text_at(asked.tree, path)?,
        })
    }

    /// Whoever takes the field out where its source changes has not answered it.
    fn contracts(
        &self,
        list: &DocumentChange,
        asked: &Asked<'_>,
        policy: &Policy,
    ) -> Result<Vec<Contract>, Error> {
        let is_id = |id: &str| policy.is_task(id);
        let mut found: Vec<Contract> = Vec::new();
        let bases = list.bases.iter().map(|base| (base.as_str(), false));
        for (text, is_after) in std::iter::once((list.after(), true)).chain(bases) {
            for task in asked.tasks {
                for (path, line) in tasklist::contracts(text, task, &is_id) {
                    if found.iter().any(|it| it.path == path && it.task == *task) {
                        continue;
                    }
                    found.push(Contract {
                        text: self.text_at(asked.tree, &path)?,
                        path,
                        task: task.clone(),
                        line: is_after.then_some(line),
                    });
                }
            }
        }
        Ok(found)
    }
}

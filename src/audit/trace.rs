//! What is left here of how commits were made: the ledger's lines, the reflogs' entries, and what both have lost.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::made::Made;
use super::origins::{Origin, Origins};
use crate::error::Error;
use crate::evidence::ledger::{Event, Ledger, Line};
use crate::git::graph::Graph;
use crate::git::{Log, Oid, Repository};
use crate::id::CommitId;
use crate::proof::known::Known;

/// All traces of one repository.
#[derive(Debug)]
pub struct Traces<'a> {
    /// The reflogs.
    pub logs: Vec<Log>,
    /// What they say made commits here.
    pub made: Made,
    lines: HashMap<&'a CommitId, &'a Line>,
    rewritten: HashSet<u64>,
    /// The commits that were made while the ledger wrote what it has lost.
    lost: HashSet<Oid>,
    origins: Origins,
    is_stranger: bool,
    /// The first line about a commit whose run is recorded.
    first_run: Option<u64>,
}

/// What is left of the making of one commit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trace<'a> {
    /// The ledger's last line about it.
    pub line: Option<&'a Line>,
    /// Whether that line is not the one that was written.
    pub is_rewritten: bool,
    /// What made it here, as a reflog names it.
    pub action: Option<&'a str>,
    /// Whether the ledger lost what it wrote when the commit was made.
    pub is_lost: bool,
    /// Whether the store has runs of commits that the ledger saw before this one.
    pub is_after_runs: bool,
    /// Whether no reflogs are kept here.
    pub is_unlogged: bool,
    /// Whether no hooks were ever installed here.
    pub is_stranger: bool,
    /// Whom to ask where it came from.
    pub(super) whence: Option<(&'a Origins, Oid)>,
}

impl<'a> Traces<'a> {
    /// Reads the reflogs; the ledger has been read.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn read(repository: &Repository, ledger: &'a Ledger) -> Result<Self, Error> {
        let logs = repository.reflogs()?;
        let made = Made::of(repository, &logs);
        let commits = ledger.lines.iter();
        let commits = commits.filter(|line| line.entry.event == Event::Commit);
        let lines: HashMap<_, _> = commits
            .filter_map(|line| Some((line.entry.commit.as_ref()?, line)))
            .collect();
        Ok(Self {
            lost: lost((&logs, &made), &lines, ledger),
            origins: Origins::new(repository, &logs, &made, ledger),
            rewritten: ledger.rewritten.iter().copied().collect(),
            logs,
            made,
            lines,
            is_stranger: false,
            first_run: None,
        })
    }

    /// Learns whether no hooks were ever installed here.
    #[must_use]
    pub fn of_stranger(mut self, is_stranger: bool) -> Self {
        self.is_stranger = is_stranger;
        self
    }

    /// Learns from which line on the store has runs.
    #[must_use]
    pub fn with_runs(mut self, known: &Known) -> Self {
        let lines = self.lines.values();
        self.first_run = lines
            .filter(|line| {
                line.entry
                    .tree
                    .as_ref()
                    .is_some_and(|tree| known.has_run(tree))
            })
            .map(|line| line.seq)
            .min();
        self
    }

    /// Lists the commits that history in memory must reach for [`Self::place`].
    pub fn wanted(&self, repository: &Repository) -> Vec<Oid> {
        self.origins.wanted(repository)
    }

    /// Works out from history in memory where commits came from.
    pub fn place(&self, graph: &Arc<Graph>) {
        self.origins.place(graph);
    }

    /// Returns what is left of one commit's making.
    pub fn of(&self, id: &CommitId) -> Trace<'_> {
        let oid = self.made.oid(id);
        let line = self.lines.get(id).copied();
        let is_after = |line: &Line| self.first_run.is_some_and(|first| first < line.seq);
        Trace {
            line,
            is_rewritten: line.is_some_and(|line| self.rewritten.contains(&line.seq)),
            action: self.made.action(id),
            is_lost: oid.is_some_and(|oid| self.lost.contains(&oid)),
            is_after_runs: line.is_some_and(is_after),
            is_unlogged: self.logs.is_empty(),
            is_stranger: self.is_stranger,
            whence: oid.map(|oid| (&self.origins, oid)),
        }
    }

    /// Says whether the ledger has a line about the making of a commit.
    pub fn has_line(&self, id: &CommitId) -> bool {
        self.lines.contains_key(id)
    }
}

impl Trace<'_> {
    /// Says where the commit came from, where nothing made it here.
    pub fn origin(&self) -> Origin {
        self.whence
            .map_or(Origin::Unknown, |(origins, oid)| origins.of(oid))
    }
}

/// The commits without a line that were made between two whose lines are there, while lines between those are lost. The
/// order is that of each `HEAD`'s own log.
fn lost(
    (logs, made): (&[Log], &Made),
    lines: &HashMap<&CommitId, &Line>,
    ledger: &Ledger,
) -> HashSet<Oid> {
    let mut lost = HashSet::new();
    if ledger.lost.is_empty() {
        return lost;
    }
    for log in logs.iter().filter(|log| log.is_head()) {
        let mut before = 0;
        let mut open = Vec::new();
        let made_one = log.entries.iter().filter(|entry| made.by(entry));
        for to in made_one.filter_map(|entry| entry.to) {
            match lines.get(&CommitId::new(to.to_string())) {
                Some(line) => {
                    if ledger.has_lost_between(before, line.seq) {
                        lost.extend(open.drain(..));
                    }
                    open.clear();
                    before = line.seq;
                }
                None => open.push(to),
            }
        }
        if ledger.has_lost_between(before, u64::MAX) {
            lost.extend(open);
        }
    }
    lost
}

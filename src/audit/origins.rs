//! Where commits came from that nothing made here: from another clone, or put on a branch by plumbing. It is worked out
//! from the reflogs and the references, once: from history in memory or, only where such a commit is met, by git.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::made::{Made, makes_commit, merges, read_id};
use crate::evidence::ledger::Ledger;
use crate::git::command::Git;
use crate::git::graph::{Graph, Places};
use crate::git::{Log, Oid, Repository};

/// Where a commit without a trace of its making came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A fetch, a pull, a clone or a bundle brought it.
    Clone,
    /// A branch here was put on it, or on one above it, and no command of git's made it.
    Plumbing,
    /// What is left here does not tell.
    Unknown,
}

/// What is left of where commits came from.
#[derive(Debug)]
pub(super) struct Origins {
    git: Git,
    own: Vec<PathBuf>,
    /// What came from elsewhere.
    came: Vec<Oid>,
    /// What branches and `HEAD`s here were put on, and nothing made.
    seeds: HashSet<Oid>,
    /// Where reflogs that are no longer whole begin: below, nothing tells who made a commit.
    cuts: HashSet<Oid>,
    /// The references that have a log.
    logged: HashSet<String>,
    put: OnceLock<Put>,
}

#[derive(Debug)]
struct Put {
    by_plumbing: Reached,
    unknown: Reached,
    has_come: bool,
}

/// A part of history.
#[derive(Debug)]
enum Reached {
    Listed(HashSet<Oid>),
    Marked(Arc<Graph>, Places),
}

impl Reached {
    fn holds(&self, oid: Oid) -> bool {
        match self {
            Self::Listed(ids) => ids.contains(&oid),
            Self::Marked(graph, places) => graph.find(oid).is_some_and(|place| places.holds(place)),
        }
    }
}

/// Where history begins to be told, by what stands there.
#[derive(Debug, Default)]
struct Ends {
    seeds: Vec<Oid>,
    cuts: Vec<Oid>,
    without: Vec<Oid>,
}

impl Origins {
    /// Gathers what is asked about later.
    pub(super) fn new(repository: &Repository, logs: &[Log], made: &Made, ledger: &Ledger) -> Self {
        let common = repository.common_folder();
        let own = [Some(common), repository.work_tree()].into_iter().flatten();
        let mut origins = Self {
            git: repository.git().clone(),
            own: own.filter_map(|path| path.canonicalize().ok()).collect(),
            came: Vec::new(),
            seeds: HashSet::new(),
            cuts: HashSet::new(),
            logged: logs.iter().map(|log| log.name.clone()).collect(),
            put: OnceLock::new(),
        };
        for log in logs {
            match log.is_local() {
                true => origins.local(repository, log, made),
                false => origins.tracking(log, ledger),
            }
        }
        origins
    }

    fn local(&mut self, repository: &Repository, log: &Log, made: &Made) {
        for entry in &log.entries {
            let (Some(to), action) = (entry.to, entry.action.as_str()) else {
                continue;
            };
            // Whatever word stands before its subject.
            let brings = self.brings(action) && (merges(action) || !made.by(entry));
            match brings {
                // What it merged came, and not what it was merged into.
                true if merges(action) => {
                    let merge = repository.commit(to).ok();
                    self.came
                        .extend(merge.and_then(|merge| merge.parents.get(1).copied()));
                }
                true => self.came.push(to),
                false if made.holds(&to) => {}
                false => {
                    self.seeds.insert(to);
                }
            }
        }
        self.cuts
            .extend(log.entries.first().and_then(|entry| entry.from));
    }

    /// What a push put there came from here; what anything else put there, by a transfer, did not.
    fn tracking(&mut self, log: &Log, ledger: &Ledger) {
        if !log.name.starts_with("refs/remotes/") {
            return;
        }
        let first = log.entries.first().and_then(|entry| entry.from);
        self.came.extend(first);
        for entry in &log.entries {
            let Some(to) = entry.to.filter(|_| self.brings(&entry.action)) else {
                continue;
            };
            if !ledger.moved_by_hand(&log.name, &to.to_string()) {
                self.came.push(to);
            }
        }
    }

    /// Whether a reflog's action brings commits of another repository.
    fn brings(&self, action: &str) -> bool {
        if action.contains("FETCH_HEAD") || merges_by_id(action) {
            return true;
        }
        let brings = ["clone", "fetch", "pull", "initial pull", "remote"];
        let makes = makes_commit(action) && !merges(action);
        let (command, _) = action.split_once(": ").unwrap_or((action, ""));
        let steps = ["(finish)", "(abort)", "(reset)"];
        brings.iter().any(|word| action.starts_with(word))
            && !makes
            && !steps.iter().any(|step| action.contains(step))
            // From the repository itself nothing comes that was not here before.
            && !command.split(' ').skip(1).any(|word| self.is_own(word))
    }

    fn is_own(&self, place: &str) -> bool {
        if place == "." {
            return true;
        }
        let path = Path::new(place);
        path.is_absolute()
            && path
                .canonicalize()
                .is_ok_and(|path| self.own.contains(&path))
    }

    /// Says where a commit came from that nothing made here.
    pub(super) fn of(&self, oid: Oid) -> Origin {
        let put = self.put.get_or_init(|| self.find());
        if put.by_plumbing.holds(oid) {
            Origin::Plumbing
        } else if put.has_come && !put.unknown.holds(oid) {
            Origin::Clone
        } else {
            Origin::Unknown
        }
    }

    /// Lists the commits that history in memory must reach for [`Self::place`], as far as they are here.
    pub(super) fn wanted(&self, repository: &Repository) -> Vec<Oid> {
        let Ends {
            seeds,
            cuts,
            without,
        } = self.ends();
        let mut wanted = [seeds, cuts, without].concat();
        wanted.retain(|&oid| repository.has_object(oid));
        wanted
    }

    /// Works it out for good from history in memory.
    pub(super) fn place(&self, graph: &Arc<Graph>) {
        let ends = self.ends();
        let reach = |oids: &[Oid]| graph.reach(oids.iter().filter_map(|&oid| graph.find(oid)));
        let without = reach(&ends.without);
        let less = |mut places: Places, other: &Places| {
            places.remove_all(other);
            places
        };
        let unknown = less(reach(&ends.cuts), &without);
        let by_plumbing = less(less(reach(&ends.seeds), &without), &unknown);
        let marked = |places| Reached::Marked(Arc::clone(graph), places);
        // Whoever came first has worked out the same.
        let _ = self.put.set(Put {
            by_plumbing: marked(by_plumbing),
            unknown: marked(unknown),
            has_come: !ends.without.is_empty(),
        });
    }

    fn find(&self) -> Put {
        let ends = self.ends();
        let unknown = self.reach(&ends.cuts, &ends.without);
        let mut by_plumbing = self.reach(&ends.seeds, &ends.without);
        by_plumbing.retain(|id| !unknown.contains(id));
        Put {
            by_plumbing: Reached::Listed(by_plumbing),
            unknown: Reached::Listed(unknown),
            has_come: !ends.without.is_empty(),
        }
    }

    fn ends(&self) -> Ends {
        let mut ends = Ends {
            seeds: self.seeds.iter().copied().collect(),
            cuts: self.cuts.iter().copied().collect(),
            without: self.came.clone(),
        };
        for (name, tip) in self.tips() {
            match (
                name.starts_with("refs/remotes/"),
                self.logged.contains(&name),
            ) {
                // A clone writes no log of what it brought.
                (true, false) => ends.without.push(tip),
                // Written past git: the log does not know it.
                (false, true) => ends.seeds.push(tip),
                _ => {}
            }
        }
        ends.without.sort();
        ends.without.dedup();
        ends
    }

    /// The branches and remote-tracking branches with what they name.
    fn tips(&self) -> Vec<(String, Oid)> {
        let format = "--format=%(objectname) %(refname)";
        let args = ["for-each-ref", format, "refs/heads", "refs/remotes"];
        // What git cannot tell is not known; the report does without.
        let text = self.git.line(&args).unwrap_or_default();
        text.lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(tip, name)| Some((name.to_owned(), read_id(tip)?)))
            .collect()
    }

    /// What these reach and those do not; what has been collected as garbage since reaches nothing.
    fn reach(&self, tips: &[Oid], without: &[Oid]) -> HashSet<Oid> {
        if tips.is_empty() {
            return HashSet::new();
        }
        let tips = tips.iter().map(|tip| format!("{tip}\n"));
        let without = without.iter().map(|oid| format!("^{oid}\n"));
        let input: String = tips.chain(without).collect();
        let args = ["rev-list", "--ignore-missing", "--stdin"];
        match self.git.run(&args, input.as_bytes()) {
            Ok((Some(0), stdout, _)) => String::from_utf8_lossy(&stdout)
                .lines()
                .filter_map(read_id)
                .collect(),
            _ => HashSet::new(),
        }
    }
}

/// `git merge FETCH_HEAD` is written down with the id that was fetched; hardly anybody else merges an id.
fn merges_by_id(action: &str) -> bool {
    let rest = action.strip_prefix("merge ").unwrap_or_default();
    let name = rest.split(':').next().unwrap_or_default();
    name.len() >= 40 && name.bytes().all(|b| b.is_ascii_hexdigit())
}

//! Where commits came from that nothing made here: from another clone, or put on a branch by plumbing. It is worked out
//! from the reflogs and the references, once, and only where such a commit is met.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::made::{Made, makes_commit, merges};
use crate::evidence::ledger::Ledger;
use crate::git::command::Git;
use crate::git::{Log, Oid, Repository};

/// Where a commit without a trace of its making came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// What came from elsewhere, as revisions that git is to leave out.
    came: Vec<String>,
    /// What branches and `HEAD`s here were put on, and nothing made.
    seeds: HashSet<Oid>,
    /// Where reflogs that are no longer whole begin: below, nothing tells who made a commit.
    cuts: HashSet<Oid>,
    /// The references that have a log.
    logged: HashSet<String>,
    put: OnceLock<Put>,
}

#[derive(Debug, Default)]
struct Put {
    by_plumbing: HashSet<String>,
    unknown: HashSet<String>,
    has_come: bool,
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
                true => origins.local(log, made),
                false => origins.tracking(log, ledger),
            }
        }
        origins
    }

    fn local(&mut self, log: &Log, made: &Made) {
        for entry in &log.entries {
            let (Some(to), action) = (entry.to, entry.action.as_str()) else {
                continue;
            };
            match self.brings(action) {
                // What it merged came, and not what it was merged into.
                true if merges(action) => self.came.push(format!("{to}^2")),
                true => self.came.push(to.to_string()),
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
        self.came.extend(first.map(|from| from.to_string()));
        for entry in &log.entries {
            let Some(to) = entry.to.filter(|_| self.brings(&entry.action)) else {
                continue;
            };
            let to = to.to_string();
            if !ledger.moved_by_hand(&log.name, &to) {
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
        let id = oid.to_string();
        let put = self.put.get_or_init(|| self.find());
        if put.by_plumbing.contains(&id) {
            Origin::Plumbing
        } else if put.has_come && !put.unknown.contains(&id) {
            Origin::Clone
        } else {
            Origin::Unknown
        }
    }

    fn find(&self) -> Put {
        let tips = self.tips();
        let mut without = self.came.clone();
        let mut seeds: Vec<String> = self.seeds.iter().map(Oid::to_string).collect();
        for (name, tip) in tips {
            match (
                name.starts_with("refs/remotes/"),
                self.logged.contains(&name),
            ) {
                // A clone writes no log of what it brought.
                (true, false) => without.push(tip),
                // Written past git: the log does not know it.
                (false, true) => seeds.push(tip),
                _ => {}
            }
        }
        without.sort();
        without.dedup();
        let cuts: Vec<String> = self.cuts.iter().map(Oid::to_string).collect();
        let unknown = self.reach(&cuts, &without);
        let mut by_plumbing = self.reach(&seeds, &without);
        by_plumbing.retain(|id| !unknown.contains(id));
        Put {
            by_plumbing,
            unknown,
            has_come: !without.is_empty(),
        }
    }

    /// The branches and remote-tracking branches with what they name.
    fn tips(&self) -> Vec<(String, String)> {
        let format = "--format=%(objectname) %(refname)";
        let args = ["for-each-ref", format, "refs/heads", "refs/remotes"];
        // What git cannot tell is not known; the report does without.
        let text = self.git.line(&args).unwrap_or_default();
        text.lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(tip, name)| (name.to_owned(), tip.to_owned()))
            .collect()
    }

    /// What these reach and those do not; what has been collected as garbage since reaches nothing.
    fn reach(&self, tips: &[String], without: &[String]) -> HashSet<String> {
        if tips.is_empty() {
            return HashSet::new();
        }
        let mut input = tips.join("\n");
        for revision in without {
            input.push_str("\n^");
            input.push_str(revision);
        }
        input.push('\n');
        let args = ["rev-list", "--ignore-missing", "--stdin"];
        match self.git.run(&args, input.as_bytes()) {
            Ok((Some(0), stdout, _)) => String::from_utf8_lossy(&stdout)
                .lines()
                .map(str::to_owned)
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

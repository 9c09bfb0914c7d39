//! What it costs to bring a slot to a tree: the update after one changed file, and filling an empty slot. The check is an
//! empty program whose own time is taken off.

use std::cell::Cell;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use pdd_hooks::git::{self, Oid};
use pdd_hooks::policy::{CheckBlock, Policy};
use pdd_hooks::proof::{Content, Environment, Slot};

use super::row::Row;
use super::support::{Programs, Repository, in_turns, large, run_timed, size};

pub(crate) fn measure(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let files = size("PDD_BENCH_SLOT", 10_000)?;
    let repository = Repository::adopted(folder, "repository", files, large)?;
    let program = folder.join("empty");
    programs.copy_empty(&program)?;
    let bench = Bench {
        opened: git::Repository::open_at(repository.folder()).map_err(io::Error::other)?,
        check: check(&program)?,
        repository,
        folder,
        files,
    };
    let mut rows = bench.update()?;
    rows.push(bench.cold()?);
    Ok(rows)
}

struct Bench<'a> {
    repository: Repository,
    opened: git::Repository,
    check: CheckBlock,
    folder: &'a Path,
    files: usize,
}

impl Bench<'_> {
    /// The slot and, as the floor, git itself in a repository that has the same files, each from the one tree to the
    /// other and back.
    fn update(&self) -> io::Result<Vec<Row>> {
        let runs = size("PDD_BENCH_RUNS", 100)?;
        let floor = Repository::adopted(self.folder, "floor", self.files, large)?;
        let mut trees = Vec::new();
        for number in 0..2 {
            for repository in [&self.repository, &floor] {
                repository.stage_change(number)?;
                trees.push(repository.git(&["write-tree"])?);
            }
        }
        let [first, _, second, _] = trees.as_slice() else {
            return Err(io::Error::other("two trees of two repositories are four"));
        };
        let trees = [first, second];
        let slots = self.folder.join("slots");
        let turns: [Cell<usize>; 3] = Default::default();
        let [floor, program, ours] = in_turns(runs, |variant, _| {
            let tree = trees[turns[variant].replace(turns[variant].get() + 1) % 2];
            match variant {
                0 => run_timed(
                    floor
                        .command("git")
                        .args(["read-tree", "--reset", "-u", tree]),
                ),
                1 => run_timed(&mut floor.command(&self.check.run[0])),
                _ => self.timed(&slots, tree),
            }
        })?;
        let ours = ours.over(&program);
        let what = format!("slot update, {} files, 1 changed", self.files);
        let ratio = format!("{what}: ours to `git read-tree --reset -u`");
        Ok(vec![
            Row::seconds(what, Some(0.15), runs, &ours),
            Row::plain(ratio, None, runs, [floor, ours]),
        ])
    }

    /// A slot that is not there yet and, as the floor, a new linked worktree.
    fn cold(&self) -> io::Result<Row> {
        let runs = size("PDD_BENCH_RUNS", 100)?.div_ceil(10);
        let tree = self.repository.git(&["rev-parse", "HEAD^{tree}"])?;
        let (slots, linked) = (self.folder.join("cold"), self.folder.join("linked"));
        let linked = linked
            .to_str()
            .ok_or_else(|| io::Error::other("the folder is no text"))?;
        let [floor, program, ours] = in_turns(runs, |variant, _| match variant {
            0 => {
                let add = ["worktree", "add", "-q", "--detach", linked, "HEAD"];
                let time = run_timed(self.repository.command("git").args(add))?;
                self.repository
                    .git(&["worktree", "remove", "--force", linked])?;
                Ok(time)
            }
            1 => run_timed(&mut self.repository.command(&self.check.run[0])),
            _ => {
                let time = self.timed(&slots, &tree)?;
                std::fs::remove_dir_all(&slots)?;
                Ok(time)
            }
        })?;
        let ours = ours.over(&program);
        let what = format!(
            "slot from nothing, {} files: ours to `git worktree add`",
            self.files
        );
        Ok(Row::plain(what, Some(1.2), runs, [floor, ours]))
    }

    fn timed(&self, slots: &Path, tree: &str) -> io::Result<Duration> {
        let content = Content {
            tree: Oid::from_str(tree).map_err(io::Error::other)?,
            parents: &[],
            carry: &[],
        };
        let start = Instant::now();
        let attempted = Slot::take_in(slots, Environment::base(), &self.opened, &mut || {})
            .and_then(|mut slot| slot.run(&self.opened, &content, &self.check, &[], &mut |_| {}))
            .map_err(io::Error::other)?;
        let time = start.elapsed();
        match attempted.fault {
            None => Ok(time),
            Some(fault) => Err(io::Error::other(fault.to_string())),
        }
    }
}

/// A check that runs this program and nothing else.
fn check(program: &Path) -> io::Result<CheckBlock> {
    let text = format!(
        "policy = 1\n[[check]]\nname = \"empty\"\nkind = \"quality\"\nrun = [{:?}]\n",
        program.display().to_string()
    );
    let policy = Policy::parse(&text, ".pdd.toml").map_err(io::Error::other)?;
    let mut checks = policy.check.into_iter();
    checks
        .next()
        .ok_or_else(|| io::Error::other("the policy has no check"))
}

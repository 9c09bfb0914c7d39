//! What the hooks cost: all of them at a commit whose validation is cached, `reference-transaction` where nothing
//! protected moves, `pre-commit` on a large index.

use std::io;
use std::path::{Path, PathBuf};

use pdd_hooks::hook::guard::{Guard, write_if_changed};

use super::row::Row;
use super::support::{CLIENT_HOOKS, Programs, Repository, in_turns, run, run_timed, size, small};

pub(crate) const REFERENCE_TRANSACTION: &str = "reference-transaction";

/// What all hooks add to `git commit`, against empty programs under the same names.
pub(crate) fn commit(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let (runs, files) = (
        size("PDD_BENCH_RUNS", 100)?,
        size("PDD_BENCH_FILES", 1_000)?,
    );
    let none = Repository::adopted(folder, "none", files, small)?;
    let floor = Repository::adopted(folder, "floor", files, small)?;
    let hooks = floor.folder().join(".git/hooks");
    std::fs::create_dir_all(&hooks)?;
    for hook in CLIENT_HOOKS {
        programs.copy_empty(&hooks.join(hook))?;
    }
    let ours = Repository::adopted(folder, "ours", files, small)?;
    installed_hook(programs, &ours, "pre-commit")?;
    let repositories = [none, floor, ours];
    let samples = in_turns(runs, |variant, number| {
        let repository = &repositories[variant];
        repository.stage_change(number)?;
        // Every variant waits for it, so that what it leaves in the caches of the machine hits all alike.
        run(repository.command(programs.pdd_hooks()).arg("validate"))?;
        let subject = format!("refactor(measure): change {number} [TASK-001]");
        run_timed(
            repository
                .command("git")
                .args(["commit", "-q", "-m", &subject]),
        )
    })?;
    let what = format!(
        "all hooks, added to `git commit`, proof cached, {files} files: ours to empty static C"
    );
    Ok(vec![Row::added(what, Some(2.0), runs, samples)])
}

/// Installs our hooks and returns where git looks for one of them.
fn installed_hook(programs: &Programs, repository: &Repository, hook: &str) -> io::Result<PathBuf> {
    run(repository.command(programs.pdd_hooks()).arg("install"))?;
    let path = repository.git(&["rev-parse", "--git-path", &format!("hooks/{hook}")])?;
    let path = repository.folder().join(path);
    if path.exists() {
        return Ok(path);
    }
    // Without this check a series without any hook would look like a very good result.
    Err(io::Error::other(format!(
        "`pdd-hooks install` left no {}",
        path.display()
    )))
}

/// `reference-transaction` where nothing protected moves: the program alone, and as `git update-ref` runs it.
pub(crate) fn reference_transaction(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let repository = Repository::adopted(folder, "repository", 10, small)?;
    let pdd = repository.folder().join(".git/pdd");
    std::fs::create_dir(&pdd)?;
    let guard = Guard {
        chain: None,
        refs: vec!["refs/heads/main".into(), "refs/heads/dev".into()],
        prefixes: vec!["refs/tags/v".into()],
    };
    write_if_changed(&pdd, &guard)?;
    for variant in ["none", "floor", "ours"] {
        std::fs::create_dir(folder.join(variant))?;
    }
    let floor = folder.join("floor").join(REFERENCE_TRANSACTION);
    let ours = folder.join("ours").join(REFERENCE_TRANSACTION);
    programs.copy_empty(&floor)?;
    programs.copy_ours(REFERENCE_TRANSACTION, &ours)?;
    Ok(vec![
        started_alone(&repository, [floor, ours])?,
        run_by_git(&repository, folder)?,
    ])
}

fn started_alone(repository: &Repository, programs: [PathBuf; 2]) -> io::Result<Row> {
    let runs = size("PDD_BENCH_SPAWNS", 2_000)?;
    let (zero, old, new) = ("0".repeat(40), "1".repeat(40), "2".repeat(40));
    let branch = Repository::branch();
    // What git writes for a commit on a work branch.
    let updates = format!("{zero} {new} HEAD\n{old} {new} {branch}\n");
    let stdin = repository.folder().join("../updates");
    std::fs::write(&stdin, updates)?;
    let samples = in_turns(runs, |variant, _| {
        let stdin = std::fs::File::open(&stdin)?;
        run_timed(
            repository
                .command(&programs[variant])
                .arg("prepared")
                .stdin(stdin),
        )
    })?;
    let what = "`reference-transaction` started alone: ours to empty static C".into();
    Ok(Row::plain(what, Some(1.15), runs, samples))
}

fn run_by_git(repository: &Repository, folder: &Path) -> io::Result<Row> {
    let runs = size("PDD_BENCH_RUNS", 100)? * 5;
    let branch = Repository::branch();
    let ids = ["first", "second"].map(|message| {
        repository.git(&["commit-tree", "-p", "main", "-m", message, "main^{tree}"])
    });
    let [first, second] = ids;
    let ids = [first?, second?];
    let hooks = ["none", "floor", "ours"]
        .map(|variant| format!("core.hooksPath={}", folder.join(variant).display()));
    let samples = in_turns(runs, |variant, number| {
        // Three variants take turns: the parity changes with every run, so that the branch really moves.
        let id = &ids[number % 2];
        run_timed(repository.command("git").args([
            "-c",
            &hooks[variant],
            "update-ref",
            &branch,
            id,
        ]))
    })?;
    let what = "`reference-transaction`, added to `git update-ref`: ours to empty static C".into();
    Ok(Row::added(what, Some(1.15), runs, samples))
}

/// `pre-commit` on a large index with one change, against `git write-tree` on the same index.
pub(crate) fn pre_commit(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let (runs, files) = (
        size("PDD_BENCH_RUNS", 100)?,
        size("PDD_BENCH_TREE", 100_000)?,
    );
    let repository = Repository::adopted(folder, "repository", files, small)?;
    installed_hook(programs, &repository, "pre-commit")?;
    let index = repository.folder().join(".git/index");
    let samples = in_turns(runs, |variant, number| {
        // A change of its own for each run: neither finds its trees written by the other. Validation would write them
        // too, so it is a change that no check looks at.
        repository.stage_document(number)?;
        // Started by a git: the hook looks above itself to learn that nothing is amended, and would otherwise judge what
        // all files together are, too.
        let args: &[&str] = match variant {
            0 => &["write-tree"],
            _ => &["hook", "run", "pre-commit"],
        };
        let mut command = repository.command("git");
        command.args(args);
        run_timed(command.env("GIT_INDEX_FILE", &index))
    })?;
    let what = format!("`pre-commit`, {files} files, 1 document changed: ours to `git write-tree`");
    Ok(vec![Row::plain(what, Some(2.0), runs, samples)])
}

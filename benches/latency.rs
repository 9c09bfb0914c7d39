//! What the hooks cost (DESIGN.md, section 11, first three rows), as ratios to floors that are measured beside them.
//!
//! `cargo bench --bench latency` runs all rows, `-- commit` one. `PDD_BENCH_RUNS` sets the runs of the rows that start
//! git, `PDD_BENCH_SPAWNS` those that start the program alone, `PDD_BENCH_FILES` and `PDD_BENCH_TREE` the sizes.

mod support;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pdd_hooks::hook::guard::{Guard, write_if_changed};
use support::{CLIENT_HOOKS, Programs, Repository, Samples, in_turns, run, run_timed, size};

const REFERENCE_TRANSACTION: &str = "reference-transaction";

/// One line of the table.
struct Row {
    what: String,
    goal: f64,
    runs: usize,
    median: f64,
    p10: f64,
}

impl Row {
    /// Compares two variants as they are.
    fn plain(what: String, goal: f64, runs: usize, [floor, ours]: [Samples; 2]) -> Self {
        let ratio = |share| ours.quantile(share) / floor.quantile(share);
        Self {
            what,
            goal,
            runs,
            median: ratio(0.5),
            p10: ratio(0.1),
        }
    }

    /// Compares what two variants add to the first, which has no hooks.
    fn added(what: String, goal: f64, runs: usize, [none, floor, ours]: [Samples; 3]) -> Self {
        let base = none.quantile(0.1);
        Self {
            what,
            goal,
            runs,
            median: ours.median_over(&none) / floor.median_over(&none),
            p10: (ours.quantile(0.1) - base) / (floor.quantile(0.1) - base),
        }
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` starts this program too, without that word.
    if !words.iter().any(|word| word == "--bench") {
        return ExitCode::SUCCESS;
    }
    let chosen: Vec<String> = words
        .into_iter()
        .filter(|word| !word.starts_with('-'))
        .collect();
    match measure(&chosen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where nobody listens the exit code still speaks.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Measures a row: the programs, an empty folder of its own, and the lines it gives.
type Measure = fn(&Programs, &Path) -> io::Result<Vec<Row>>;

const ROWS: [(&str, Measure); 3] = [
    ("commit", commit),
    (REFERENCE_TRANSACTION, reference_transaction),
    ("pre-commit", pre_commit),
];

fn measure(chosen: &[String]) -> io::Result<()> {
    let temp = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let programs = Programs::build(temp.path())?;
    let mut out = io::stdout();
    writeln!(out, "{}\n", machine(&programs)?)?;
    writeln!(
        out,
        "| what | goal | median | p10 | runs |\n| --- | --- | --- | --- | --- |"
    )?;
    for (name, row) in ROWS {
        if !chosen.is_empty() && !chosen.iter().any(|word| word == name) {
            continue;
        }
        let folder = temp.path().join(name);
        std::fs::create_dir(&folder)?;
        for row in row(&programs, &folder)? {
            let Row {
                what,
                goal,
                runs,
                median,
                p10,
            } = row;
            writeln!(
                out,
                "| {what} | {goal:.2} | {median:.2} | {p10:.2} | {runs} |"
            )?;
        }
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

fn machine(programs: &Programs) -> io::Result<String> {
    let git = run(std::process::Command::new("git").arg("--version"))?;
    let cores = std::thread::available_parallelism()?;
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    Ok(format!(
        "{git}; {}; {system} {processor}, {cores} cores",
        programs.compiler
    ))
}

/// What all hooks add to `git commit`, against empty programs under the same names.
fn commit(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let (runs, files) = (
        size("PDD_BENCH_RUNS", 100)?,
        size("PDD_BENCH_FILES", 1_000)?,
    );
    let none = Repository::adopted(folder, "none", files)?;
    let floor = Repository::adopted(folder, "floor", files)?;
    let hooks = floor.folder().join(".git/hooks");
    std::fs::create_dir_all(&hooks)?;
    for hook in CLIENT_HOOKS {
        programs.copy_empty(&hooks.join(hook))?;
    }
    let ours = Repository::adopted(folder, "ours", files)?;
    installed_hook(programs, &ours, "pre-commit")?;
    let repositories = [none, floor, ours];
    let samples = in_turns(runs, |variant, number| {
        let repository = &repositories[variant];
        repository.stage_change(number)?;
        let subject = format!("feat(measure): change {number} [TASK-001]");
        run_timed(
            repository
                .command("git")
                .args(["commit", "-q", "-m", &subject]),
        )
    })?;
    let what = format!("all hooks, added to `git commit`, {files} files: ours to empty static C");
    Ok(vec![Row::added(what, 2.0, runs, samples)])
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
fn reference_transaction(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let repository = Repository::adopted(folder, "repository", 10)?;
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
    Ok(Row::plain(what, 1.15, runs, samples))
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
    Ok(Row::added(what, 1.15, runs, samples))
}

/// `pre-commit` on a large index with one change, against `git write-tree` on the same index.
fn pre_commit(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let (runs, files) = (
        size("PDD_BENCH_RUNS", 100)?,
        size("PDD_BENCH_TREE", 100_000)?,
    );
    let repository = Repository::adopted(folder, "repository", files)?;
    let hook = installed_hook(programs, &repository, "pre-commit")?;
    let index = repository.folder().join(".git/index");
    let samples = in_turns(runs, |variant, number| {
        // A change of its own for each run: neither finds its trees written by the other.
        repository.stage_change(number)?;
        let mut command = match variant {
            0 => repository.command("git"),
            _ => repository.command(&hook),
        };
        if variant == 0 {
            command.arg("write-tree");
        }
        run_timed(command.env("GIT_INDEX_FILE", &index))
    })?;
    let what = format!("`pre-commit`, {files} files, 1 changed: ours to `git write-tree`");
    Ok(vec![Row::plain(what, 2.0, runs, samples)])
}

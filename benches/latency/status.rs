//! What `pdd-hooks status --oneline` costs a shell's prompt, beside the line that git's own prompts ask for.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::row::Row;
use super::support::{Programs, Repository, in_turns, run, run_timed, size, small};

/// The tasks of the Tasklist, beside the one that is worked on.
const TASKS: usize = 50;

pub(crate) fn measure(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let (runs, files) = (
        size("PDD_BENCH_RUNS", 100)? * 5,
        size("PDD_BENCH_FILES", 1_000)?,
    );
    let repository = Repository::adopted(folder, "repository", files, small)?;
    run(repository.command(programs.pdd_hooks()).arg("install"))?;
    let list = repository.folder().join("context/Tasklist.md");
    let mut text = std::fs::read_to_string(&list)?;
    for number in 0..TASKS {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n### TASK-1{number:02}: Step {number}\n\n- **Status**: PENDING\n- **Priority**: P2\n- **Dependencies**: None\n\
             - **Acceptance Criteria**:\n  - [ ] it is quick\n"
        );
    }
    std::fs::write(&list, text)?;
    repository.stage_change(0)?;
    let said = run(repository
        .command(programs.pdd_hooks())
        .args(["status", "--oneline"]))?;
    // A program that says nothing would look like a very good result.
    if !said.contains("TASK-001") {
        return Err(io::Error::other(format!(
            "`status --oneline` says `{said}`"
        )));
    }
    let [floor, ours] = in_turns(runs, |variant, _| {
        let mut command = match variant {
            0 => repository.command("git"),
            _ => repository.command(programs.pdd_hooks()),
        };
        run_timed(match variant {
            0 => command.args(["branch", "--show-current"]),
            _ => command.args(["status", "--oneline"]),
        })
    })?;
    let what = format!("`status --oneline`, {files} files, {} tasks", TASKS + 1);
    let seconds = Row::seconds(what.clone(), Some(0.01), runs, &ours);
    let what = format!("{what}: ours to `git branch --show-current`");
    Ok(vec![seconds, Row::plain(what, None, runs, [floor, ours])])
}

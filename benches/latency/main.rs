//! What the hooks, the slot, the records, their signatures, an audit and a prompt cost (DESIGN.md, section 11), as ratios to floors
//! that are measured beside them, and in seconds, times a second, or memory, where the goal is.
//!
//! `cargo bench --bench latency` runs all rows, `-- commit` one. benches/README.md lists rows and sizes.

mod audit;
mod hooks;
mod receive;
mod records;
mod row;
mod signatures;
mod slot;
mod status;
mod support;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use row::Row;
use support::{Programs, run};

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

const ROWS: [(&str, Measure); 9] = [
    ("commit", hooks::commit),
    (hooks::REFERENCE_TRANSACTION, hooks::reference_transaction),
    ("pre-commit", hooks::pre_commit),
    ("slot", slot::measure),
    ("records", records::measure),
    ("signatures", signatures::measure),
    ("receive", receive::measure),
    ("audit", audit::measure),
    ("status", status::measure),
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
            writeln!(out, "{row}")?;
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

//! What every bench needs: the programs as they are shipped, the empty static C program that they are held against, a
//! repository in a cleared environment, and samples taken in turns.

mod programs;
mod repository;
mod samples;

pub(crate) use programs::{CLIENT_HOOKS, Programs};
pub(crate) use repository::{Repository, large, path_of, small};
pub(crate) use samples::{Samples, in_turns, run_timed};

use std::io;
use std::process::{Command, Stdio};

/// Runs a program that must succeed, and returns its stdout without the last line feed.
pub(crate) fn run(command: &mut Command) -> io::Result<String> {
    let output = command.stderr(Stdio::piped()).output()?;
    if output.status.success() {
        let text = String::from_utf8_lossy(&output.stdout);
        return Ok(text.trim_end_matches('\n').to_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!(
        "{command:?}: {}\n{stderr}",
        output.status
    )))
}

/// Reads a size from the environment: `PDD_BENCH_RUNS=10` makes a quick run.
pub(crate) fn size(variable: &str, default: usize) -> io::Result<usize> {
    let Some(text) = std::env::var_os(variable) else {
        return Ok(default);
    };
    text.to_str()
        .and_then(|text| text.parse().ok())
        .filter(|&size| size > 0)
        .ok_or_else(|| io::Error::other(format!("{variable} must be a number above 0")))
}

//! The `pdd-hooks` command: parse, dispatch, exit code.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use pdd_hooks::commands::Cli;
use pdd_hooks::error::Error;
use pdd_hooks::exit::Exit;

/// An audit makes and drops millions of small texts on all processors at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    cli.color.write_global();
    let mut out = anstream::stdout();
    let outcome = cli.run(&mut out).and_then(|exit| match out.flush() {
        // The verdict stands, though nobody reads on.
        Err(source) if source.kind() == io::ErrorKind::BrokenPipe => Ok(exit),
        flushed => flushed.map(|()| exit).map_err(Error::Print),
    });
    match outcome {
        Ok(exit) => exit.into(),
        // A reader that has seen enough (`pdd-hooks rules | head -1`) is no failure.
        Err(Error::Print(source)) if source.kind() == io::ErrorKind::BrokenPipe => {
            Exit::Passed.into()
        }
        Err(error) => {
            // Where stderr is closed there is nobody left to tell.
            let _ = write!(anstream::stderr(), "{}", error.render());
            error.exit().into()
        }
    }
}

/// Prints what clap has to say: help and version on stdout with exit code 0, bad usage on stderr with 2.
fn usage(error: &clap::Error) -> ExitCode {
    // As above: a closed pipe does not change the outcome.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Undecided.into()
    } else {
        Exit::Passed.into()
    }
}

//! `pdd-hooks completions`: a completion script from the command line's own definition.

use std::io::Write;

use clap::CommandFactory as _;

use super::Cli;
use crate::error::Error;
use crate::exit::Exit;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Prints the script.
///
/// # Errors
/// `out` cannot be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    // clap_complete panics where its output fails, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pdd-hooks", &mut script);
    out.write_all(&script).map_err(Error::Print)?;
    Ok(Exit::Passed)
}

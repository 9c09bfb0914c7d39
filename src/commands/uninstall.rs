//! `pdd-hooks uninstall`: puts everything back as it was.

use std::io::Write;

use crate::error::Error;
use crate::exit::Exit;
use crate::install;

/// Take the hooks out of this repository and put back what was there; the ledger is kept
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// As [`install::uninstall()`].
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let Args {} = args;
    let text = install::uninstall(std::path::Path::new("."))?;
    super::print(out, &text)?;
    Ok(Exit::Passed)
}

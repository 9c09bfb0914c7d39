//! `pdd-hooks man`: the manual page from the command line's own definition, every subcommand after one another.

use std::io::{self, Write};

use clap::CommandFactory as _;

use super::Cli;
use crate::error::Error;
use crate::exit::Exit;

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the page as roff: `pdd-hooks man | man -l -`.
///
/// # Errors
/// `out` cannot be written.
pub fn run(_: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    out.write_all(&page().map_err(Error::Print)?)
        .map_err(Error::Print)?;
    Ok(Exit::Passed)
}

fn page() -> io::Result<Vec<u8>> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command
        .get_subcommands()
        .filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
    {
        let man = clap_mangen::Man::new(sub.clone());
        writeln!(page, ".SH \"PDD-HOOKS {}\"", sub.get_name().to_uppercase())?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    Ok(page)
}

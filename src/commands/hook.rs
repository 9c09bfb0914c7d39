//! `pdd-hooks hook reference-transaction`: the part of that hook which its small program hands over.

use std::ffi::OsString;
use std::io::{Read as _, Write};

use crate::error::{CommandError, Error};
use crate::exit::Exit;
use crate::hook::{State, reference_transaction};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The hook, by git's name
    #[arg(value_parser = ["reference-transaction"])]
    name: String,
    /// What git passed to it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

/// Runs the hook; the one that stood there before has been run by the program that hands over.
///
/// # Errors
/// Git cannot be asked, or local state not kept.
pub fn run(args: &Args, _out: &mut dyn Write) -> Result<Exit, Error> {
    let mut input = Vec::new();
    std::io::stdin()
        .read_to_end(&mut input)
        .map_err(|source| CommandError::ReadFile {
            path: "-".into(),
            source,
        })?;
    reference_transaction(State::find()?, &args.rest, &input)
}

//! `pdd-hooks hook`: one hook's full part in this program, for the small programs that hand the rare work over.

use std::ffi::OsString;
use std::io::{Read as _, Write};

use crate::error::Error;
use crate::exit::Exit;
use crate::hook::{ChainedExit, Hook};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The hook, by git's name
    #[arg(value_parser = hook_named)]
    name: Hook,
    /// What git passed to it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

fn hook_named(name: &str) -> Result<Hook, String> {
    Hook::ALL
        .into_iter()
        .find(|hook| hook.name() == name)
        .ok_or_else(|| format!("there is no hook `{name}`"))
}

/// Runs the hook; the one that stood there before has been run by the program that hands over.
///
/// # Errors
/// None: a hook prints its own.
pub fn run(args: &Args, _out: &mut dyn Write) -> Result<Exit, Error> {
    let mut input = Vec::new();
    std::io::stdin()
        .read_to_end(&mut input)
        .map_err(|source| Error::ReadMessage {
            path: "-".into(),
            source,
        })?;
    match crate::hook::run(args.name, &args.rest, &input, false) {
        ChainedExit::Ours(exit) => Ok(exit),
        ChainedExit::Theirs(_) => Ok(Exit::Findings),
    }
}

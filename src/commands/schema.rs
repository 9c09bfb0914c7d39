//! `pdd-hooks schema`: the JSON Schema of `.pdd.toml`, for editors and for a reader who looks for a key.

use std::io::Write;

use super::print_json;
use crate::error::Error;
use crate::exit::Exit;
use crate::policy::Policy;

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the schema.
///
/// # Errors
/// `out` cannot be written.
pub fn run(_: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    print_json(out, &schemars::schema_for!(Policy))?;
    Ok(Exit::Passed)
}

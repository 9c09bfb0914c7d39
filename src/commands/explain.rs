//! `pdd-hooks explain`: the page of one rule.

use std::io::Write;

use super::print;
use crate::error::{CommandError, Error};
use crate::exit::Exit;
use crate::rules;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A rule's code or name: `PDD001`, `task-id`
    #[arg(value_name = "CODE|NAME")]
    rule: String,
}

/// Prints what a rule requires, why, what passes and what does not, and how to mend it.
///
/// # Errors
/// There is no such rule, or `out` cannot be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let word = &args.rule;
    let rule = rules::find(&word.to_lowercase()).ok_or_else(|| CommandError::FindRule {
        word: word.clone(),
        nearest: rules::suggest(word),
    })?;
    let page = rule.explain.trim();
    print(out, &format!("{} {}\n\n{page}\n", rule.code, rule.name))?;
    Ok(Exit::Passed)
}

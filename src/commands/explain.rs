//! `pdd-hooks explain`: the page of one rule.

use std::io::Write;

use super::{nearest, print};
use crate::error::Error;
use crate::exit::Exit;
use crate::rules::{RULES, Rule};

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
    let rule = find(&args.rule)?;
    let page = rule.explain.trim();
    print(out, &format!("{} {}\n\n{page}\n", rule.code, rule.name))?;
    Ok(Exit::Passed)
}

fn find(word: &str) -> Result<&'static Rule, super::Error> {
    RULES
        .iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(word) || rule.name.eq_ignore_ascii_case(word))
        .copied()
        .ok_or_else(|| super::Error::FindRule {
            word: word.into(),
            nearest: nearest(word, RULES.iter().flat_map(|rule| [rule.name, rule.code])),
        })
}

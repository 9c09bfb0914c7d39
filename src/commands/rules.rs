//! `pdd-hooks rules`: the registry, for people and for programs.

use std::io::Write;

use super::{Format, print, print_json};
use crate::error::Error;
use crate::exit::Exit;
use crate::rules::RULES;

/// Arguments of `rules`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(serde::Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    summary: &'static str,
}

/// Lists every rule that this version enforces.
///
/// # Errors
/// `out` cannot be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let rows: Vec<Row> = RULES
        .iter()
        .map(|rule| Row {
            code: rule.code,
            name: rule.name,
            summary: rule.summary,
        })
        .collect();
    match args.format {
        Format::Json => print_json(out, &rows)?,
        Format::Text => print(out, &table(&rows))?,
    }
    Ok(Exit::Passed)
}

fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    rows.iter()
        .map(|row| format!("{}  {:width$}  {}\n", row.code, row.name, row.summary))
        .collect()
}

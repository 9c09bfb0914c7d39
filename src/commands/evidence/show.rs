//! `evidence show`: what one record says.

use std::io::Write;

use serde_json::{Value, json};

use super::super::{Format, print, print_json};
use super::record::{Record, find};
use crate::error::{CommandError, Error};
use crate::exit::Exit;
use crate::finding::printable;
use crate::git::Repository;

/// Which record.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The record's name, or its beginning
    name: String,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// Prints one record.
pub(super) fn run(
    repository: &Repository,
    args: &Args,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let listed = find(&repository.list_records(None)?, &args.name)?;
    let record = Record::read(repository, &listed);
    let Some(envelope) = &record.envelope else {
        return Err(CommandError::ReadRecord { name: record.name }.into());
    };
    // The payload as it stands: what is not known here is shown too.
    let payload = serde_json::from_slice::<Value>(&envelope.payload);
    let payload = payload
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&envelope.payload).into_owned()));
    match args.format {
        Format::Json => {
            let whole = json!({
                "name": record.name,
                "kind": record.kind(),
                "payloadType": envelope.payload_type,
                "statement": payload,
                "signatures": record.keys(),
            });
            print_json(out, &whole)?;
        }
        Format::Text => {
            let head = format!("record {}  {}", record.name, record.kind());
            print(out, &(printable(&head) + "\n"))?;
            print_json(out, &payload)?;
            match record.keys().as_slice() {
                [] => print(out, "unsigned\n")?,
                keys => {
                    for key in keys {
                        let line = printable(&format!("signed by {key}"));
                        print(out, &(line + "\n"))?;
                    }
                }
            }
        }
    }
    Ok(Exit::Passed)
}
